package pg

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"

	"yizhan/internal/lang"
	"yizhan/sql"
)

// scramRounds and scramSalt are PostgreSQL's own for SCRAM-SHA-256 (RFC 7677).
const (
	scramRounds = 4096
	scramSalt   = 16
)

// Passwords is the part of a set-up that gives the two login roles passwords.
func (n SetupNames) Passwords(owner, reader string) (string, error) {
	given := map[string]string{"owner": Quote(n.Owner), "reader": Quote(n.Reader)}
	for marker, password := range map[string]string{"owner_verifier": owner, "reader_verifier": reader} {
		verifier, err := scramVerifier(password)
		if err != nil {
			return "", err
		}
		given[marker] = "'" + verifier + "'" // base64 and $ only
	}
	return sql.Fill("setup/passwords.sql", given)
}

// scramVerifier is what PostgreSQL keeps of an ASCII password (RFC 5803).
func scramVerifier(password string) (string, error) {
	salt := make([]byte, scramSalt)
	if _, err := rand.Read(salt); err != nil {
		return "", lang.Errorf("generate a password verifier: %w", err)
	}
	salted, err := pbkdf2.Key(sha256.New, password, salt, scramRounds, sha256.Size)
	if err != nil {
		return "", lang.Errorf("generate a password verifier: %w", err)
	}
	stored := sha256.Sum256(keyed(salted, "Client Key"))
	encode := base64.StdEncoding.EncodeToString
	return fmt.Sprintf("SCRAM-SHA-256$%d:%s$%s:%s", scramRounds, encode(salt), encode(stored[:]),
		encode(keyed(salted, "Server Key"))), nil
}

func keyed(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

package cluster

import (
	"fmt"
	"net/url"
	"strings"

	"yizhan/internal/lang"
)

// What the private PostgreSQL calls its things.
const (
	port     = 5432 // no TCP port: the end of the socket's name
	database = "yizhan"
)

// Roles that may log in to the private PostgreSQL as the account that runs it, or as
// root. Only Admin is a superuser; who uses it is not our business here.
const (
	Admin  = "yizhan_admin"
	Owner  = "yizhan"
	Reader = "yizhan_reader"
	Helper = "yizhan_helper" // only while a cluster of an earlier release is taken over
)

// Address is how clients reach the database, in the forms that they take.
type Address struct {
	Host     string // folder of the unix socket
	Port     int
	Database string
	User     string
	URL      string // for psql and yizhan
	Keywords string // for GDAL, after "PG:"
}

func addressOf(socket, database, user string) Address {
	at := Address{Host: socket, Port: port, Database: database, User: user}
	at.URL = fmt.Sprintf("postgres:///%s?host=%s&port=%d&user=%s", url.PathEscape(database), parameter(socket), port, parameter(user))
	at.Keywords = fmt.Sprintf("host=%s port=%d dbname=%s user=%s", keyword(socket), port, keyword(database), keyword(user))
	return at
}

// parameter escapes a value of a URL's query as libpq wants it, which knows no "+".
func parameter(value string) string {
	return strings.NewReplacer("+", "%20", "%2F", "/").Replace(url.QueryEscape(value))
}

// keyword quotes a value of a libpq connection string where it must be.
func keyword(value string) string {
	if value != "" && !strings.ContainsAny(value, ` '\`) {
		return value
	}
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(value) + "'"
}

// Find is the address of the server that runs in a folder ("": DefaultDir), for one
// of its roles. It is ErrNotRunning when none does.
func Find(dir, role string) (Address, error) {
	folder, err := Options{Dir: dir}.folder()
	if err != nil {
		return Address{}, err
	}
	running, ok := readPostmaster(dataFolder(folder))
	if !ok || !running.alive() {
		return Address{}, lang.Errorf("the private PostgreSQL in %s is not running; start it with \"yizhan up\": %w", folder, ErrNotRunning)
	}
	return addressOf(running.socket, database, role), nil
}

package pg

import (
	"net/url"
	"reflect"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// Roles of the ledger.
const (
	// ReaderRole serves: the copy in memory and questions. It is granted PublicRole,
	// owns nothing and is a member of nothing else.
	ReaderRole = "yizhan_reader"
	// PublicRole holds the grants of everybody: public layers, public questions.
	PublicRole = "yizhan_public"
)

// Logins are the addresses of one ledger (URLs or key=value pairs) for each of its
// login roles.
type Logins struct {
	Owner  string // migrations, imports, undo
	Reader string // "" is the owner's address with the user ReaderRole and no password of its own
}

// owner is how connections of the owner are made.
func (l Logins) owner() (*pgx.ConnConfig, error) {
	config, err := parseAddress(l.Owner)
	if err != nil {
		return nil, err
	}
	config.RuntimeParams["application_name"] = "yizhan"
	return config, nil
}

// reader is how connections of the reader are made: read only, for whatever purpose.
func (l Logins) reader(purpose string) (*pgx.ConnConfig, error) {
	address := l.Reader
	if address == "" {
		address = withUser(l.Owner, ReaderRole)
	}
	config, err := parseAddress(address)
	if err != nil {
		return nil, err
	}
	params := config.RuntimeParams
	params["application_name"] = purpose
	params["default_transaction_read_only"] = "on"
	params["idle_in_transaction_session_timeout"] = "60s"
	if asksReadWrite(config) {
		// a session that is read only by its own choice looks like a standby; the
		// server that is wanted is the one that takes writes of others
		config.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsPrimary
	}
	return config, nil
}

// asksReadWrite reports whether the address has target_session_attrs=read-write. Only
// the function that pgx chose for it is left to tell.
func asksReadWrite(config *pgx.ConnConfig) bool {
	return config.ValidateConnect != nil &&
		reflect.ValueOf(config.ValidateConnect).Pointer() == reflect.ValueOf(
			pgconn.ValidateConnectTargetSessionAttrsReadWrite).Pointer()
}

func parseAddress(address string) (*pgx.ConnConfig, error) {
	pooled, err := pgxpool.ParseConfig(address) // which knows pool_max_conns and its like
	if err != nil {
		return nil, lang.Errorf("invalid database address; see \"yizhan serve --help\" for examples: %w",
			geo.ErrInvalid)
	}
	config := pooled.ConnConfig
	config.ConnectTimeout, config.DialFunc = 5*time.Second, dial
	config.RuntimeParams["timezone"] = geo.CityZone
	return config, nil
}

// withUser is an address with another user. The password of the former goes: the
// other's comes from the password file, or none is needed.
func withUser(address, user string) string {
	if !strings.HasPrefix(address, "postgres://") && !strings.HasPrefix(address, "postgresql://") {
		return address + " user=" + user + " password=''"
	}
	at, err := url.Parse(address)
	if err != nil {
		return address // parsing it again says what is wrong with it
	}
	query := at.Query()
	query.Del("generate a password verifier")
	if query.Has("user") {
		query.Set("user", user)
		at.User = nil
	} else {
		at.User = url.User(user)
	}
	at.RawQuery = query.Encode()
	return at.String()
}

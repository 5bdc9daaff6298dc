package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// address is how the ledger's owner reaches it.
func (s *siege) address(ctx context.Context) (string, error) {
	return s.addressOf(ctx, "owner")
}

// addressOf is how one of the roles of the private PostgreSQL reaches it.
func (s *siege) addressOf(ctx context.Context, role string) (string, error) {
	said, err := s.run(ctx, "dsn", "--data", s.data, "--url", "--role", role)
	lines := strings.Fields(said)
	if err != nil || len(lines) == 0 {
		return "", fmt.Errorf("yizhan dsn: %s: %w", strings.TrimSpace(said), err)
	}
	return lines[len(lines)-1], nil
}

// owner connects as the ledger's owner.
func (s *siege) owner(ctx context.Context) (*pgx.Conn, error) {
	at, err := s.address(ctx)
	if err != nil {
		return nil, err
	}
	conn, err := pgx.Connect(ctx, at)
	if err != nil {
		return nil, err
	}
	var owns bool
	err = conn.QueryRow(ctx, "select pg_has_role(current_user, nspowner, 'usage') from pg_namespace where nspname = 'ask'").Scan(&owns)
	if err == nil && !owns {
		err = errors.New("yizhan dsn leads to a role that does not own the ledger")
	}
	if err != nil {
		return nil, errors.Join(err, conn.Close(ctx))
	}
	return conn, nil
}

// asOwner does something on a connection of the owner's.
func (s *siege) asOwner(ctx context.Context, do func(*pgx.Conn) error) error {
	conn, err := s.owner(ctx)
	if err != nil {
		return err
	}
	return errors.Join(do(conn), conn.Close(context.WithoutCancel(ctx)))
}

// execute runs statements as the owner.
func (s *siege) execute(ctx context.Context, statements string) error {
	return s.asOwner(ctx, func(conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, statements)
		return err
	})
}

// logins are the roles that this run makes: one that may look at public layers, as a
// viewer with QGIS does, and one that may add questions, as an analyst does.
const (
	viewerLogin  = "attack_viewer"
	analystLogin = "attack_analyst"
)

// loginPassword is theirs.
const loginPassword = "attack"

var makeLogins = []string{
	`do $$ begin
		create role attack_viewer login password 'attack';
		create role attack_analyst login password 'attack';
	exception when duplicate_object then null;
	end $$`,
	"grant yizhan_public to attack_viewer, attack_analyst",
	"grant usage, create on schema ask to attack_analyst",
}

// login connects as one of them.
func (s *siege) login(ctx context.Context, role string) (*pgx.Conn, error) {
	at, err := s.addressOf(ctx, "admin")
	if err != nil {
		return nil, err
	}
	admin, err := pgx.Connect(ctx, at)
	if err != nil {
		return nil, err
	}
	for _, statement := range makeLogins {
		if _, err := admin.Exec(ctx, statement); err != nil {
			return nil, errors.Join(fmt.Errorf("make the logins: %w", err), admin.Close(ctx))
		}
	}
	config := admin.Config().Copy()
	config.User, config.Password = role, loginPassword
	conn, err := pgx.ConnectConfig(ctx, config)
	return conn, errors.Join(err, admin.Close(ctx))
}

// refusedWith is the code of PostgreSQL's error, or "".
func refusedWith(err error) string {
	var raised *pgconn.PgError
	if errors.As(err, &raised) {
		return raised.Code
	}
	return ""
}

var memberCode = regexp.MustCompile(`M-[0-9]{4}`)

// namesMember reports whether a text names a member of the sample city.
func namesMember(text []byte) bool { return memberCode.Match(text) }

// place is where a station stands.
func (s *siege) place(ctx context.Context, station string) (lon, lat float64, err error) {
	err = s.asOwner(ctx, func(conn *pgx.Conn) error {
		return conn.QueryRow(ctx, "select st_x(geom), st_y(geom) from city.station where code = $1", station).Scan(&lon, &lat)
	})
	return lon, lat, err
}

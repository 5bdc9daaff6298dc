package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// personsAttack is tried on a siege.
type personsAttack struct{ *siege }

// republishPersons publishes the layer of members once more without saying that it is
// personal, as somebody does who changes its title. That made it a public layer.
func (s personsAttack) republishPersons(ctx context.Context) error {
	_, err := s.published(ctx, "select catalog.publish('personal.member', layer => 'member', key_column => 'code', title_en => 'Members')")
	said := "done"
	if err != nil {
		said = "refused: " + err.Error()
	}
	a, askErr := s.settledLayer(ctx, "/layers/member")
	var readable bool
	rightErr := s.asOwner(ctx, func(conn *pgx.Conn) error {
		return conn.QueryRow(ctx, "select has_schema_privilege('yizhan_public', 'personal', 'usage') and has_table_privilege('yizhan_public', 'personal.member', 'select')").Scan(&readable)
	})
	if err := errors.Join(askErr, rightErr); err != nil {
		return err
	}
	s.report("catalog.publish of personal.member without its privacy", "refused, or personal as before",
		fmt.Sprintf("%s; GET /layers/member: %d; yizhan_public may read it: %t", said, a.status, readable), a.status == http.StatusNotFound && !readable)
	_, err = s.published(ctx, "select catalog.publish('personal.member', layer => 'member', key_column => 'code', privacy => 'personal', draw_order => 95)")
	if err != nil {
		return err
	}
	var schema, table bool
	err = s.asOwner(ctx, func(conn *pgx.Conn) error {
		return conn.QueryRow(ctx, "select has_schema_privilege('yizhan_public', 'personal', 'usage'), has_table_privilege('yizhan_public', 'personal.member', 'select')").Scan(&schema, &table)
	})
	s.report("publishing it again as personal", "no right is left on schema and table", fmt.Sprintf("schema: %t, table: %t", schema, table), !schema && !table)
	return errors.Join(err, s.execute(ctx, "revoke all on schema personal from yizhan_public"))
}

// published runs a statement of one text and waits for the service to see it.
func (s personsAttack) published(ctx context.Context, statement string) (text string, err error) {
	err = s.asOwner(ctx, func(conn *pgx.Conn) error { return conn.QueryRow(ctx, statement).Scan(&text) })
	sleep(ctx, time.Second)
	return text, err
}

// settledLayer asks until the answer is the same twice, because layers come and go a
// moment after the statement.
func (s *siege) settledLayer(ctx context.Context, path string) (answer, error) {
	last, err := s.ask(ctx, path)
	for range 5 {
		sleep(ctx, time.Second)
		next, nextErr := s.ask(ctx, path)
		if err = nextErr; err != nil || next.status == last.status {
			return next, err
		}
		last = next
	}
	return last, err
}

// secrets are made-up values that look like a person's. They are put together here so
// that none of them stands anywhere.
func secrets() (name, chat, mobile string) {
	return "王试验", "wx_attack_trial", "13" + "800" + "138" + "000"
}

// shopsFile is a survey as street offices send them, with people in it.
func shopsFile(column string) []byte {
	name, chat, mobile := secrets()
	var b strings.Builder
	b.WriteString(strings.Join([]string{"编号", "名称", "联系人", "微信", "备注", "lon", "lat"}, ",") + "\n")
	for i := range 20 {
		fmt.Fprintf(&b, "%s-%02d,试验商铺%d,%s,%s%d,请联系%s,%.5f,33.00010\n", column, i, i, name, chat, i, mobile, 112.5300+float64(i)*0.00005)
	}
	return []byte(b.String())
}

// shows reports which of the secrets a text shows.
func shows(text []byte) (shown []string) {
	name, chat, mobile := secrets()
	for what, secret := range map[string]string{"a name": name, "a WeChat name": chat, "a mobile number": mobile} {
		if strings.Contains(string(text), secret) {
			shown = append(shown, what)
		}
	}
	return shown
}

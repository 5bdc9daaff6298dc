package cluster

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// An unlogged table that is being made when the server is killed keeps the next
// start from succeeding; the one after it succeeds.
func TestAnUnfinishedUnloggedTableDoesNotKeepTheServerDown(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	c := open(t, dir)
	ask(t, c, "checkpoint")
	making := exec.Command(filepath.Join(c.install.bin, "psql"), "-XAtq", c.DSN("yizhan", Admin))
	making.Stdin = strings.NewReader(`begin;
create unlogged table made (a text);
insert into made select i from generate_series(1, 1000) i;
select pg_sleep(60);
`)
	if err := making.Start(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(30 * time.Second); ask(t, c, "select count(*) from pg_stat_activity where wait_event = 'PgSleep'") != "1"; time.Sleep(pause) {
		if time.Now().After(end) {
			t.Fatal("the table is not being made")
		}
	}
	ask(t, c, "create table another (a int)") // its commit writes the log so far
	kill(t, dir)
	_ = making.Wait() // the server went away
	if err := c.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := ask(t, c, "select to_regclass('made') is null"); got != "t" {
		t.Errorf("what was not committed is there: %s", got)
	}
}

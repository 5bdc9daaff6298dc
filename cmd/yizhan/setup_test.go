package main

import (
	"fmt"
	"net/url"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"yizhan/internal/cluster"
)

// stock is a database on which nothing has been done yet, and psql as its superuser.
func stock(t *testing.T, b *bureau, name string) (psql func(args ...string) string) {
	t.Helper()
	at, err := cluster.Find(b.data, cluster.Admin)
	if err != nil {
		t.Fatal(err)
	}
	psql = func(args ...string) string {
		said, err := exec.Command("psql", append([]string{"-X", "-h", at.Host, "-U", at.User, "-v", "ON_ERROR_STOP=1"}, args...)...).CombinedOutput()
		if err != nil {
			t.Fatalf("psql: %v: %s", err, said)
		}
		return string(said)
	}
	psql("-d", "postgres", "-c", "create database "+name)
	return psql
}

// TestWhatSetupPrintsMakesALedgerPossible does word for word what the operator's guide
// says, with roles and a database of other names.
func TestWhatSetupPrintsMakesALedgerPossible(t *testing.T) {
	t.Parallel()
	b := openBureau(t)
	psql := stock(t, b, "bureau")
	address := func(user, password string) string {
		at, err := cluster.Find(b.data, cluster.Admin)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("postgres://%s:%s@/bureau?host=%s", user, password, url.QueryEscape(at.Host))
	}
	if code, said := b.run(t, "imports", "--dsn", address("ledger", "x"), "--reader-dsn", address("map", "x")); code == 0 {
		t.Fatalf("without a set-up: %d %s", code, said)
	}
	binary, err := program()
	if err != nil {
		t.Fatal(err)
	}
	printed, err := exec.Command(binary, "setup", "--print-sql", "--database", "bureau", "--owner", "ledger", "--reader", "map").Output()
	if err != nil {
		t.Fatal(err)
	}
	script := string(printed)
	file := filepath.Join(b.work, b.file(t, "setup.sql", script))
	for range 2 { // again does no harm
		psql("-d", "bureau", "-f", file)
	}
	password := func(role string) string {
		found := regexp.MustCompile(`--   \*:\*:bureau:` + role + `:(\S+)`).FindStringSubmatch(script)
		if found == nil {
			t.Fatalf("no password of %s in\n%s", role, script)
		}
		return found[1]
	}
	code, said := b.run(t, "imports", "--dsn", address("ledger", password("ledger")), "--reader-dsn", address("map", password("map")))
	if code != 0 {
		t.Errorf("%d %s", code, said)
	}
	if said := psql("-d", "bureau", "-Atc", "select string_agg(rolname || rolsuper || rolcreaterole, ' ' order by rolname) from pg_roles where rolname in ('ledger', 'map')"); strings.TrimSpace(said) != "ledgerfalsefalse mapfalsefalse" {
		t.Errorf("the roles have more rights than they need: %s", said)
	}
}

func TestBothWordsForAServerThatTakesWritesFindIt(t *testing.T) {
	t.Parallel()
	b := openBureau(t)
	owner, err := cluster.Find(b.data, cluster.Owner)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"primary", "read-write"} {
		archive := filepath.Join(b.work, word+".pmtiles") // an export loads the map's copy as the reader
		code, said := b.run(t, "export", "--tiles", archive, "--layers", "station", "--zoom", "0-1", "--bbox", "112,32,113,33",
			"--dsn", owner.URL+"&target_session_attrs="+word)
		if code != 0 {
			t.Errorf("%s: %d %s", word, code, said)
		}
	}
}

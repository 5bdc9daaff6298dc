package server_test

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

// pasts asks for a tile of the stations as they were, and of what became of them.
func (r *running) pasts(t *testing.T, then time.Time, token string) string {
	t.Helper()
	at := url.QueryEscape(then.Format(time.RFC3339Nano))
	all := ""
	for _, query := range []string{"as_of=" + at, "from=" + at, ""} {
		if token != "" {
			query = "at=" + token + "&" + query
		}
		got := r.get(t, "GET", tileOfStations(15, "", query))
		if got.status != 200 && got.status != 204 {
			t.Errorf("%s: %d %.200s", query, got.status, got.body)
		}
		all += got.body
	}
	return all
}

// What a server keeps of the past, and the tiles of it, must not outlive what may be seen.
func TestNoPastShowsWhatWasPurgedKeptPrivateOrUndone(t *testing.T) {
	t.Parallel()
	for name, statement := range map[string]string{
		"purged by key": "select journal.purge('station', key_value => 'ST-002')",
		"column purged": "select journal.purge('station', column_name => 'name')",
		"everything":    "select journal.purge('station')",
		"kept private":  "select catalog.keep_private('station', '{name}')",
		"dropped":       "alter table city.station drop column name",
		"the import undone": `with u as (insert into journal.batch (layer, source, sha256, mode, started_at, rows_read, inserted, updated, unchanged, rejected, undoes)
			select 'station', 'batch ' || id, '', 'undo', now(), 0, 0, 0, 0, 0, id from journal.batch) select catalog.show('station', '{name}', 6)`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := start(t, `insert into journal.batch (layer, source, sha256, started_at, rows_read, inserted, updated, unchanged, rejected)
				values ('station', 'x', '', now(), 2, 2, 0, 0, 0)`, "set yizhan.batch = 1", twoStations, "reset yizhan.batch")
			// an instant stands for its whole second
			r.exec(t, "update journal.entry set at = at - interval '10 seconds'")
			var then time.Time
			if err := r.conn.QueryRow(t.Context(), "select clock_timestamp()").Scan(&then); err != nil {
				t.Fatal(err)
			}
			token := r.commit(t, "update city.station set name = '新' where code = 'ST-002'")
			if held := r.pasts(t, then, token); !strings.Contains(held, "建设路驿站") {
				t.Fatal("the past does not show the former name")
			}
			token = r.commit(t, statement)
			if name == "dropped" { // no journal entry tells of it: the catalogue is looked at unasked
				token = r.commit(t, "select catalog.publish('city.station')")
			}
			if held := r.pasts(t, then, token); strings.Contains(held, "建设路驿站") {
				t.Error("a past shows it still")
			}
		})
	}
}

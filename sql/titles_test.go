package sql_test

import (
	"context"
	"fmt"
	"io/fs"
	"testing"

	"github.com/jackc/pgx/v5"

	"yizhan/internal/pgtest"
	"yizhan/sql"
)

// text is the one value that a query answers.
func text(t *testing.T, conn *pgx.Conn, query string) (value string) {
	t.Helper()
	if err := conn.QueryRow(context.Background(), query).Scan(&value); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return value
}

func exec(t *testing.T, conn *pgx.Conn, statement string) {
	t.Helper()
	if _, err := conn.Exec(context.Background(), statement); err != nil {
		t.Fatal(err)
	}
}

func TestNewTitlesReplaceShippedOnesAndNoOthers(t *testing.T) {
	t.Parallel()
	conn, err := pgx.Connect(context.Background(), pgtest.Ledger(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	exec(t, conn, `update catalog.layer set title_zh = '投诉事项', title_en = 'Complaints' where name = 'complaint';
		update catalog.field set title_zh = '主管单位', aliases = '{上级}' where layer = 'manhole' and name = 'super_org';
		update catalog.field set title_zh = '主管科室' where layer = 'road' and name = 'super_org';
		update catalog.field set title_en = 'Carrying out', title_zh = '进度' where layer = 'wall_site' and name = 'status';
		update catalog.field set categories = '[{"value": "planned", "zh": "规划", "en": "Planned", "color": "#b8b8b8"},
			{"value": "open", "zh": "营业", "en": "Open"}, {"value": "mobile", "zh": "流动", "en": "Mobile"}]'
		where layer = 'station' and name = 'status';
		comment on column city.manhole.super_org is '主管单位 | Supervised by';
		comment on column city.road.super_org is '主管科室 | Section'`)
	migrations, err := sql.Migrations()
	if err != nil {
		t.Fatal(err)
	}
	names, err := fs.Glob(migrations, "*_titles.sql")
	if err != nil || len(names) != 1 {
		t.Fatalf("migrations of titles: %v, %v", names, err)
	}
	migration, err := fs.ReadFile(migrations, names[0])
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // a second run changes nothing
		exec(t, conn, string(migration))
	}
	field := func(column, layer, name string) string {
		return fmt.Sprintf("select (%s)::text from catalog.field where layer = '%s' and name = '%s'", column, layer, name)
	}
	comment := func(table string) string {
		return fmt.Sprintf(`select col_description(attrelid, attnum) from pg_attribute
			where attname = 'super_org' and attrelid = '%s'::regclass`, table)
	}
	for _, c := range []struct{ query, want string }{
		{"select concat_ws('/', title_zh, title_en) from catalog.layer where name = 'complaint'", "案件/Cases"},
		{field("concat_ws('/', title_zh, aliases)", "manhole", "super_org"), "主管部门/{上级,主管单位}"},
		{field("title_zh", "road", "super_org"), "主管科室"},
		{field("concat_ws('/', title_zh, title_en)", "wall_site", "status"), "治理进度/Carrying out"},
		{field("jsonb_path_query_array(categories, '$[*].zh')", "station", "status"), `["规划中", "营业", "流动"]`},
		{field("categories -> 0", "station", "status"),
			`{"en": "Planned", "zh": "规划中", "color": "#b8b8b8", "value": "planned", "aliases": ["规划"]}`},
		{field("categories -> 0 -> 'zh'", "wall_site", "batch"), `"第一批"`},
		{comment("city.manhole"), "主管部门 | Supervised by"},
		{comment("city.road"), "主管科室 | Section"},
	} {
		if got := text(t, conn, c.query); got != c.want {
			t.Errorf("%s: got %q, want %q", c.query, got, c.want)
		}
	}
}

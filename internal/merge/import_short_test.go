package merge_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/importer/settings"
	"yizhan/internal/merge"
	"yizhan/internal/pgtest"
)

// wide is a layer of points with a column of most types.
const wide = `gid bigint generated always as identity primary key, code text not null, name text, n integer check (n >= 0), big bigint, f float8, single real,
	b boolean not null default true, d date, ts timestamp, tz timestamptz, kind text not null default 'street', h float8 default 8`

// twins are two layers of the same columns.
func twins(t *testing.T, columns string) (*bureau, *pgx.Conn) {
	t.Helper()
	s, conn := open(t)
	for _, name := range []string{"short", "long"} {
		pgtest.Exec(t, conn, "create table city."+name+" ("+columns+", geom geometry(Point, 4326) not null)",
			"select catalog.publish('city."+name+"', key_column => 'code')")
	}
	return s, conn
}

// wideRow is a feature with values that are easily changed on their way.
func wideRow(random *rand.Rand, i int, more string) string {
	pick := func(list ...string) string { return list[random.IntN(len(list))] }
	return fmt.Sprintf(
		`{"type":"Feature","properties":{"code":"W%06d","name":%s,"n":%s,"big":%s,"f":%s,"single":%s,"b":%s,"d":%s,"ts":%s,"tz":%s,"kind":%s%s},"geometry":{"type":"Point","coordinates":[%s,%s]}}`, i,
		pick(`"站"`, `""`, "null", `" 两端 "`, `"引\"号\\"`, `"\u0041\ud83d\ude00"`),
		pick("0", "2147483647", "null", `"12"`, `"１２"`, `"1,234"`),
		pick("9223372036854775807", "-1", "null"), pick("0.1", "1e-300", "-0.0", "1e15", "null", "123456789.123456789"),
		pick("1.1", "3.4e38", "16777217", "null"),
		pick("true", `"否"`, "null"), pick(`"2021-06-30"`, `"0001-01-01"`, `"9999-12-31"`, `"2021年6月3日"`, "null"),
		pick(`"2021-06-30T08:00:00.123456+08:00"`, `"1969-12-31 23:59:59.999999"`, "null"),
		pick(`"2021-06-30T08:00:00.000001Z"`, `"2021-06-30 08:00:00"`, "null"),
		pick(`"street"`, `"park"`,
			"null"), more, fmt.Sprint(112.2+random.Float64()*0.5), fmt.Sprint(32.8+random.Float64()*0.4))
}

func wideFile(random *rand.Rand, n int) []string {
	features := make([]string, n)
	for i := range features {
		features[i] = wideRow(random, i, "")
	}
	return features
}

// content is all rows of a layer, but for their ids.
func content(t *testing.T, conn *pgx.Conn, layer string) string {
	t.Helper()
	return pgtest.Value(t, conn,
		"select count(*) || ' ' || md5(string_agg((to_jsonb(l) - 'gid' - 'geom')::text || st_asewkb(geom)::text, "+
			"e'\\n' order by code collate \"C\")) from city."+layer+" as l")
}

// differing are some rows of which the two layers have different ones.
func differing(t *testing.T, conn *pgx.Conn) string {
	t.Helper()
	return pgtest.Value(t, conn, `select string_agg(concat_ws(' | ', a.row, b.row), e'\n') from
		(select code, (to_jsonb(l) - 'gid')::text as row from city.short l) as a full join (select code, (to_jsonb(l) - 'gid')::text as row from city.long l) as b using (code)
		where a.row is distinct from b.row and code in (select code from city.short union select code from city.long limit 100000) and random() < 0.01`)
}

// longWay imports a file by the long way: as a preview, which is never filled in
// straight, and never compared in memory where it replaces.
func longWay(t *testing.T, s *bureau, layer geo.LayerName, file string, mode merge.Mode) *importer.Report {
	t.Helper()
	opened, err := onDisk(t, file)
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	id, err := s.BeginPreview(context.Background(), layer, opened.Name, "surveyor")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Preview(context.Background(), id, layer, opened,
		merge.Options{Settings: settings.Settings{Mode: said(string(mode))}, Actor: "surveyor"}); err != nil {
		t.Fatal(err)
	}
	report, err := s.Apply(context.Background(), id, "surveyor")
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// same checks that both layers and both reports are alike.
func same(t *testing.T, conn *pgx.Conn, short, long *importer.Report) {
	t.Helper()
	if figures(short) != figures(long) || strings.ReplaceAll(fmt.Sprint(short.Listed), "short_",
		"long_") != fmt.Sprint(long.Listed) || fmt.Sprint(short.Unknown) != fmt.Sprint(long.Unknown) {
		t.Errorf("the short way says\n%s %v, the long one\n%s %v", figures(short), short.Listed, figures(long),
			long.Listed)
	}
	if one, other := content(t, conn, "short"), content(t, conn, "long"); one != other {
		t.Errorf("the short way leaves %s, the long one %s; such as\n%s", one, other, differing(t, conn))
	}
}

// followed checks that the journal has every row of the layer and goes on following it.
func followed(t *testing.T, conn *pgx.Conn, layer string) {
	t.Helper()
	if got := pgtest.Value(t, conn,
		`select count(*) from city.`+layer+` where gid not in (select unnest(ids) from journal.entry where layer = '`+layer+`' and op in ('insert', 'update'))`); got != "0" {
		t.Errorf("%s rows of %s are not in the journal", got, layer)
	}
	if got := pgtest.Value(t, conn,
		`select string_agg(distinct tgenabled::text, ',') from pg_trigger where tgrelid = 'city.`+layer+`'::regclass and not tgisinternal`); got != "O" {
		t.Errorf("the triggers of %s are %s", layer, got)
	}
	if got := pgtest.Value(t, conn,
		`select count(*) from pg_index where indrelid = 'city.`+layer+`'::regclass and indisvalid`); got == "0" {
		t.Errorf("%s has no index", layer)
	}
}

func TestFillingLeavesWhatTheLongWayLeaves(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		columns string
		spoil   func(random *rand.Rand, features []string) []string
	}{
		{"good rows", wide, func(_ *rand.Rand, f []string) []string { return f }},
		{"values that are rejected", wide, func(random *rand.Rand, f []string) []string {
			for range 50 {
				i := random.IntN(len(f))
				f[i] = strings.Replace(wideRow(random, i, ""), `"n":`, `"n":"many","N":`, 1)
			}
			return f
		}},
		{"repeated keys", wide, func(random *rand.Rand, f []string) []string {
			for range 20 {
				f[random.IntN(len(f))] = wideRow(random, random.IntN(len(f)), "")
			}
			return f
		}},
		{"a key repeated by the last alone", wide, func(random *rand.Rand,
			f []string) []string {
			return append(f, wideRow(random, 0, ""))
		}},
		{"a column that only the last has", wide, func(random *rand.Rand, f []string) []string {
			return append(f, wideRow(random, len(f), `,"h":2.5`))
		}},
		{"a column that only a rejected one of the first has", wide, func(random *rand.Rand, f []string) []string {
			f[5] = strings.Replace(wideRow(random, 5, `,"h":2.5`), `"code":"W000005",`, "", 1)
			return f
		}},
		{"a column with a default that some of the first have", wide, func(random *rand.Rand, f []string) []string {
			f[5] = wideRow(random, 5, `,"h":2.5`)
			return f
		}},
		{"one that breaks a rule of the table", wide, func(random *rand.Rand, f []string) []string {
			return append(f, strings.Replace(wideRow(random, len(f), ""), `"n":`, `"n":-1,"N":`, 1))
		}},
		{"types that the ledger reads itself", wide + ", j jsonb, u uuid, q numeric",
			func(random *rand.Rand, f []string) []string {
				for i := range f {
					f[i] = wideRow(random, i,
						fmt.Sprintf(`,"j":{"b":[1,2.50],"a":null},"u":"A0EEBC99-9C0B-4EF8-BB6D-%012d","q":%d.50`, i, i))
				}
				return f
			}},
		{"another unique column", wide + ", v integer unique", func(random *rand.Rand, f []string) []string {
			for i := range f {
				f[i] = wideRow(random, i, fmt.Sprintf(`,"v":%d`, i))
			}
			return f
		}},
		{"a computed column", wide + ", twice integer generated always as (n % 1000 * 2) stored",
			func(_ *rand.Rand, f []string) []string { return f }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			random := seed(t)
			s, conn := twins(t, c.columns)
			file := collected(c.spoil(random, wideFile(random, 9000))...)
			if len(file) < 2<<20 {
				t.Fatalf("the file has %d bytes, too few to be filled in", len(file))
			}
			short, err := bring(t, s, "short", file)
			if err != nil {
				t.Fatal(err)
			}
			same(t, conn, short, longWay(t, s, "long", file, merge.Merge))
			followed(t, conn, "short")
			pgtest.Exec(t, conn, "update city.short set name = '改' where code = 'W000001'")
			if got := pgtest.Value(t, conn,
				"select op || actor from journal.entry where layer = 'short' order by seq desc limit "+
					"1"); !strings.HasPrefix(got, "update") {
				t.Errorf("an edit afterwards is in the journal as %s", got)
			}
		})
	}
}

func TestAFillThatFailsLeavesTheLayerAsItWas(t *testing.T) {
	t.Parallel()
	random := seed(t)
	s, conn := twins(t, wide)
	state := `select concat_ws(' ', (select string_agg(tgname || tgenabled::text, ',' order by tgname) from pg_trigger where tgrelid = 'city.short'::regclass),
		(select string_agg(indexdef, ',' order by indexdef) from pg_indexes where tablename = 'short'), (select count(*) from journal.entry))`
	before := fixed(t, conn, "city.short") + pgtest.Value(t, conn, batches) + pgtest.Value(t, conn, state)
	whole := collected(wideFile(random, 9000)...)
	for _, c := range []struct {
		name string
		file string
		o    merge.Options
	}{
		{"a file that breaks off", whole[:len(whole)-30], merge.Options{}},
		{"a row too many for --strict", strings.Replace(whole, `"n":`, `"n":"x","N":`, 1),
			merge.Options{Settings: settings.Settings{Strict: new(true)}}},
	} {
		_, err := bringSo(context.Background(), t, s, "short", c.file, c.o)
		if !errors.Is(err, geo.ErrInvalid) {
			t.Errorf("%s: got %v", c.name, err)
		}
		if after := fixed(t, conn, "city.short") + pgtest.Value(t, conn, batches) + pgtest.Value(t, conn, state); after != before {
			t.Errorf("%s left something: %s, then %s", c.name, before, after)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	_, err := bringSo(ctx, t, s, "short", whole,
		merge.Options{Options: importer.Options{Progress: func(p importer.Progress) {
			if p.Features > 4000 {
				cancel()
			}
		}}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if after := fixed(t, conn, "city.short") + pgtest.Value(t, conn, batches) + pgtest.Value(t, conn, state); after != before {
		t.Errorf("being cancelled left something: %s, then %s", before, after)
	}
	if _, err := bring(t, s, "short", whole); err != nil {
		t.Fatal(err)
	}
	followed(t, conn, "short")
}

func TestALayerThatSomebodyReadsIsNotFilledOverTheirHead(t *testing.T) {
	t.Parallel()
	random := seed(t)
	s, conn := twins(t, wide)
	file := collected(wideFile(random, 9000)...)
	pgtest.Exec(t, conn, "begin", "select count(*) from city.short")
	report, err := bring(t, s, "short", file)
	pgtest.Exec(t, conn, "commit")
	if err != nil {
		t.Fatal(err)
	}
	same(t, conn, report, longWay(t, s, "long", file, merge.Merge))
	followed(t, conn, "short")
}

func TestComparingInMemoryLeavesWhatTheLongWayLeaves(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		columns string
		change  func(random *rand.Rand, features []string) []string
	}{
		{"nothing changed", wide, func(_ *rand.Rand, f []string) []string { return f }},
		{"one in a hundred changed", wide, func(random *rand.Rand, f []string) []string {
			for range len(f) / 100 {
				i := random.IntN(len(f))
				f[i] = wideRow(random, i, "")
			}
			return f
		}},
		{"in another order, with new ones", wide, func(random *rand.Rand, f []string) []string {
			for range 100 {
				f = append(f, wideRow(random, len(f), ""))
			}
			random.Shuffle(len(f), func(i, j int) { f[i], f[j] = f[j], f[i] })
			return f
		}},
		{"repeated keys", wide, func(random *rand.Rand,
			f []string) []string {
			return append(f, wideRow(random, 7, ""), f[9])
		}},
		{"repeated keys that are new", wide, func(random *rand.Rand, f []string) []string {
			return append(f, wideRow(random, 999_999, ""), wideRow(random, 999_999, ""))
		}},
		{"a column that only the last has", wide, func(random *rand.Rand, f []string) []string {
			return append(f, wideRow(random, len(f), `,"h":2.5`))
		}},
		{"a column that a rejected one has", wide, func(random *rand.Rand, f []string) []string {
			f[5] = strings.Replace(f[5], `"n":`, `"h":3,"n":"many","N":`, 1)
			return f
		}},
		{"spelled otherwise", wide, func(random *rand.Rand, f []string) []string {
			for i := range f {
				f[i] = strings.NewReplacer(`"2021年6月3日"`, `"2021-06-03"`, `"1,234"`, `1234.0`, `:0.1,`, `:1e-1,`,
					`"b":"否"`, `"b":false`).Replace(f[i])
			}
			return f
		}},
		{"types that the ledger reads itself", wide + ", j jsonb, q numeric",
			func(random *rand.Rand, f []string) []string {
				for i := range f {
					f[i] = strings.Replace(f[i], `"properties":{`,
						fmt.Sprintf(`"properties":{"j":{"b":[1,2.50],"a":null},"q":%d.50,`, i%7), 1)
				}
				return f
			}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			random := seed(t)
			s, conn := twins(t, c.columns)
			features := wideFile(random, 6000)
			first := collected(features...)
			for _, layer := range []geo.LayerName{"short", "long"} {
				longWay(t, s, layer, first, merge.Merge)
			}
			second := collected(c.change(random, features)...)
			short, err := bring(t, s, "short", second)
			if err != nil {
				t.Fatal(err)
			}
			same(t, conn, short, longWay(t, s, "long", second, merge.Replace))
			followed(t, conn, "short")
			rows := fixed(t, conn, "city.short")
			again, err := bring(t, s, "short", second)
			if err != nil {
				t.Fatal(err)
			}
			if after := fixed(t, conn, "city.short"); after != rows || again.Inserted+again.Updated != 0 {
				t.Errorf("the same again wrote something: %s, then %s; %s", rows, after, figures(again))
			}
		})
	}
}

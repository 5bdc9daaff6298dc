package merge_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/importer/settings"
	"yizhan/internal/merge"
	"yizhan/internal/pgtest"
)

// post is a row of the layer of posts, or a feature of a file for it.
type post struct {
	code   string // "" for none
	name   string // "" for null
	height string // JSON; what is not a number makes the feature bad
	at     int    // of a hundred thousandths of a degree
}

func (p post) feature() string {
	name := "null"
	if p.name != "" {
		name = `"` + p.name + `"`
	}
	code := ""
	if p.code != "" {
		code = `"code":"` + p.code + `",`
	}
	return fmt.Sprintf(
		`{"type":"Feature","properties":{%s"name":%s,"height":%s},"geometry":{"type":"Point","coordinates":[%.5f,33]}}`,
		code, name, p.height, 112.3+float64(p.at)*1e-5)
}

func (p post) bad() bool { return strings.HasPrefix(p.height, `"`) }

// row is how the database writes the post.
func (p post) row() string {
	name, height := p.name, p.height
	if name == "" {
		name = "-"
	}
	if height == "null" {
		height = "-"
	}
	code := p.code
	if code == "" {
		code = "-"
	}
	return fmt.Sprintf("%s/%s/%s/%d", code, name, height, p.at)
}

const postRows = `select coalesce(string_agg(concat_ws('/', coalesce(code, '-'), coalesce(name, '-'), coalesce(height::text, '-'), round((st_x(geom) - 112.3) * 1e5)), ' ' order by
	concat_ws('/', coalesce(code, '-'), coalesce(name, '-'), coalesce(height::text, '-'), round((st_x(geom) - 112.3) * 1e5)) collate "C"), '') from city.post`

// postLayer makes the layer, with a key or without.
func postLayer(t *testing.T, keyed bool) (*bureau, *pgx.Conn) {
	t.Helper()
	s, conn := open(t)
	key, required := "", ""
	if keyed {
		key, required = ", key_column => 'code'", " not null"
	}
	pgtest.Exec(t, conn,
		"create table city.post (gid bigint generated always as identity primary key, code text"+required+", name "+
			"text, height integer, geom geometry(Point, 4326) not null)",
		"select catalog.publish('city.post'"+key+")")
	return s, conn
}

func putPosts(t *testing.T, conn *pgx.Conn, posts []post) {
	t.Helper()
	for _, p := range posts {
		if _, err := conn.Exec(context.Background(),
			"insert into city.post (code, name, height, geom) values (nullif($1, ''), nullif($2, ''), nullif($3, "+
				"'null')::int, st_setsrid(st_point($4::float8, 33), 4326))",
			p.code, p.name, p.height, fmt.Sprintf("%.5f", 112.3+float64(p.at)*1e-5)); err != nil {
			t.Fatal(err)
		}
	}
}

func fileOf(posts []post) string {
	var features []string
	for _, p := range posts {
		features = append(features, p.feature())
	}
	return collected(features...)
}

// somePosts are n posts with keys and values that often meet.
func somePosts(random *rand.Rand, n, keys int, spoil bool) []post {
	var posts []post
	for range n {
		p := post{code: fmt.Sprintf("P%02d", random.IntN(keys)), name: []string{"", "甲", "乙"}[random.IntN(3)],
			height: []string{"null", "1", "2"}[random.IntN(3)], at: random.IntN(3)}
		if spoil && random.IntN(8) == 0 {
			p.height = `"高"`
		}
		posts = append(posts, p)
	}
	return posts
}

// outcome is what an import must do to a layer.
type outcome struct {
	rows                                            []string
	inserted, updated, unchanged, deleted, rejected int64
}

// byKey is the outcome for a layer with a key.
func byKey(layer, file []post, mode merge.Mode) outcome {
	had, refused, good := map[string]post{}, map[string]bool{}, map[string]post{}
	for _, p := range layer {
		had[p.code] = p
	}
	var o outcome
	for _, p := range file {
		_, repeated := good[p.code]
		if p.bad() || repeated {
			refused[p.code] = true
			o.rejected++
			continue
		}
		good[p.code] = p
	}
	now := maps.Clone(had)
	for code, p := range good {
		old, there := had[code]
		switch {
		case there && mode == merge.Append:
			o.rejected++
		case !there:
			o.inserted++
			now[code] = p
		case old == p:
			o.unchanged++
		default:
			o.updated++
			now[code] = p
		}
	}
	if mode == merge.Replace {
		for code := range had {
			if _, there := good[code]; !there && !refused[code] {
				delete(now, code)
				o.deleted++
			}
		}
	}
	for _, p := range now {
		o.rows = append(o.rows, p.row())
	}
	return o
}

// byRow is the outcome for a layer without a key.
func byRow(layer, file []post, mode merge.Mode) outcome {
	var o outcome
	given := map[post]bool{}
	had := map[post]bool{}
	for _, p := range layer {
		had[p] = true
	}
	for _, p := range file {
		switch {
		case p.bad():
			o.rejected++
			continue
		case mode == merge.Append:
			o.inserted++
			o.rows = append(o.rows, p.row())
		case had[p] || given[p]:
			o.unchanged++
		default:
			o.inserted++
			o.rows = append(o.rows, p.row())
		}
		given[p] = true
	}
	for _, p := range layer {
		if mode == merge.Replace && !given[p] {
			o.deleted++
			continue
		}
		o.rows = append(o.rows, p.row())
	}
	return o
}

// figures are what a report counts.
func figures(r *importer.Report) string {
	reasons, err := json.Marshal(r.Reasons)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("read %d, inserted %d, updated %d, unchanged %d, deleted %d, rejected %d, repaired %d, %s",
		r.Read, r.Inserted, r.Updated, r.Unchanged, r.Deleted, r.Rejected, r.Repaired, reasons)
}

// left is all that an import without effect on the posts must leave as it was.
func left(t *testing.T, conn *pgx.Conn) string {
	t.Helper()
	return fixed(t, conn, "city.post") + " " + pgtest.Value(t, conn, batches) + " " +
		pgtest.Value(t, conn, "select count(*) from pg_class")
}

// seed is a seed that a failing test prints.
func seed(t *testing.T) *rand.Rand {
	t.Helper()
	n := uint64(time.Now().UnixNano())
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the seed was %d", n)
		}
	})
	return rand.New(rand.NewPCG(n, 1))
}

func TestRandomFilesDoWhatTheModeSaysAndWhatTheDryRunSaid(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		keyed bool
		model func(layer, file []post, mode merge.Mode) outcome
	}{{"by key", true, byKey}, {"by whole row", false, byRow}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			random := seed(t)
			s, conn := postLayer(t, c.keyed)
			for round := range 30 {
				mode := []merge.Mode{merge.Merge, merge.Replace, merge.Append}[round%3]
				layer, file := somePosts(random, random.IntN(20), 30, false), somePosts(random, 1+random.IntN(25), 30,
					true)
				if c.keyed {
					layer = slices.CompactFunc(slices.SortedFunc(slices.Values(layer),
						func(a, b post) int { return strings.Compare(a.code, b.code) }),
						func(a, b post) bool { return a.code == b.code })
				}
				pgtest.Exec(t, conn, "truncate city.post")
				putPosts(t, conn, layer)
				want := c.model(layer, file, mode)
				before := left(t, conn)
				dry, dryErr := bringSo(context.Background(), t, s, "post", fileOf(file),
					merge.Options{Settings: settings.Settings{Mode: said(string(mode))}, DryRun: true})
				if after := left(t, conn); after != before {
					t.Fatalf("the dry run left something: %s, then %s", before, after)
				}
				report, err := bringSo(context.Background(), t, s, "post", fileOf(file),
					merge.Options{Settings: settings.Settings{Mode: said(string(mode))}})
				if want.rejected == int64(len(file)) && mode == merge.Replace {
					if !errors.Is(err, geo.ErrInvalid) || left(t, conn) != before {
						t.Fatalf("a file without a good row: %v", err)
					}
					continue
				}
				if err != nil || dryErr != nil {
					t.Fatalf("%s of %v into %v: %v, %v", mode, file, layer, dryErr, err)
				}
				slices.Sort(want.rows)
				if got := pgtest.Value(t, conn, postRows); got != strings.Join(want.rows, " ") {
					t.Fatalf("%s of\n%v into\n%v\nleft\n%s, want\n%s", mode, file, layer, got,
						strings.Join(want.rows, " "))
				}
				got := outcome{nil, report.Inserted, report.Updated, report.Unchanged, report.Deleted, report.Rejected}
				want.rows = nil
				if fmt.Sprint(got) != fmt.Sprint(want) {
					t.Fatalf("%s of\n%v into\n%v\ncounts %v, want %v", mode, file, layer, got, want)
				}
				if figures(dry) != figures(report) || fmt.Sprint(dry.Listed) != fmt.Sprint(report.Listed) {
					t.Fatalf("%s of\n%v into\n%v: the dry run said\n%s %v, the import\n%s %v", mode, file, layer,
						figures(dry), dry.Listed, figures(report), report.Listed)
				}
				if dry.Batch != 0 || dry.Changes == nil {
					t.Fatalf("the dry run has batch %d and changes %v", dry.Batch, dry.Changes)
				}
				moved, edited := dry.Changes.Moved.Rows, dry.Changes.Edited.Rows
				if dry.Updated > moved+edited || dry.Updated < max(moved, edited) {
					t.Fatalf("%d would be updated, %d moved, %d edited", dry.Updated, moved, edited)
				}
				if shown := len(dry.Changes.Deleted.Sample); dry.Deleted > 0 && c.keyed && shown == 0 {
					t.Fatal("nothing is shown of what would be deleted")
				}
			}
		})
	}
}

func TestReplacingWithAFileWithoutAGoodRowChangesNothing(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{
		"no features":  collected(),
		"only bad":     fileOf([]post{{"P1", "甲", `"高"`, 1}}),
		"only no keys": fileOf([]post{{"", "甲", "1", 1}}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, conn := postLayer(t, true)
			putPosts(t, conn, []post{{"P1", "甲", "1", 1}, {"P2", "乙", "1", 2}})
			before := left(t, conn)
			if _, err := bringSo(context.Background(), t, s, "post", file,
				merge.Options{Settings: settings.Settings{Mode: said(string(merge.Replace))}}); !errors.Is(err,
				geo.ErrInvalid) || !strings.Contains(err.Error(), "nothing was changed") {
				t.Errorf("got %v", err)
			}
			if after := left(t, conn); after != before {
				t.Errorf("something was left: %s, then %s", before, after)
			}
		})
	}
}

func TestStrictTakesAllRowsOrNone(t *testing.T) {
	t.Parallel()
	s, conn := postLayer(t, true)
	putPosts(t, conn, []post{{"P1", "甲", "1", 1}})
	before := left(t, conn)
	report, err := bringSo(context.Background(), t, s, "post",
		fileOf([]post{{"P1", "乙", "1", 1}, {"P2", "乙", `"高"`, 1}}),
		merge.Options{Settings: settings.Settings{Strict: new(true)}})
	if !errors.Is(err, geo.ErrInvalid) || !strings.Contains(err.Error(), "1 of 2") || report == nil ||
		report.Rejected != 1 {
		t.Errorf("got %v and %v", err, report)
	}
	if after := left(t, conn); after != before {
		t.Errorf("something was left: %s, then %s", before, after)
	}
	if _, err := bringSo(context.Background(), t, s, "post", fileOf([]post{{"P1", "乙", "1", 1}, {"P2", "乙", "2", 1}}),
		merge.Options{Settings: settings.Settings{Strict: new(true)}}); err != nil {
		t.Error(err)
	}
}

func TestMappingsAreFollowedOrRefused(t *testing.T) {
	t.Parallel()
	file := collected(
		`{"type":"Feature","properties":{"点号":"P1","叫":"甲","name":"乙","高":3},"geometry":{"type":"Point","coordinates":[112.3,33]}}`)
	for _, c := range []struct {
		name    string
		mapping []string
		want    string // rows, or words of the error
		fails   bool
	}{
		{"what the planner says goes before a field's own name", []string{"点号=code", "叫=name", "高=height"}, "P1/甲/3/0",
			false},
		{"a field is left out", []string{"点号=code", "name=", "高=height"}, "P1/-/3/0", false},
		{"a column that is not there, nearly named", []string{"点号=code", "高=heigth"}, "height", true},
		{"the column of the geometry", []string{"点号=code", "高=geom"}, `"post"`, true},
		{"the id", []string{"点号=gid"}, `"post"`, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, conn := postLayer(t, true)
			_, err := bringSo(context.Background(), t, s, "post", file,
				merge.Options{Settings: settings.Settings{Map: c.mapping}})
			if c.fails {
				if !errors.Is(err, geo.ErrInvalid) || !strings.Contains(err.Error(), c.want) ||
					pgtest.Value(t, conn, "select count(*) from city.post") != "0" {
					t.Errorf("got %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := pgtest.Value(t, conn, postRows); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// covers is a layer of points of which two of one kind within half a metre are one.
func covers(t *testing.T) (*bureau, *pgx.Conn) {
	t.Helper()
	s, conn := open(t)
	pgtest.Exec(t, conn,
		"create table city.cover (gid bigint generated always as identity primary key, code text not null, kind "+
			"text, geom geometry(Point, 4326) not null)",
		"select catalog.publish('city.cover', key_column => 'code', facet => 'kind')",
		"update catalog.layer set spacing_m = 0.5 where name = 'cover'")
	return s, conn
}

// cover lies so many metres east of 112.5, 33.
func cover(code, kind string, metres float64) string {
	return fmt.Sprintf(
		`{"type":"Feature","properties":{"code":"%s","kind":%s},"geometry":{"type":"Point","coordinates":[%.9f,33]}}`,
		code, kind, 112.5+metres/93_453)
}

func TestTheSameThingSurveyedTwiceIsRejected(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name          string
		first, second []string
		want          string // of the second
	}{
		{"of one kind within half a metre", nil, []string{cover("A", `"雨水"`, 0), cover("B", `"雨水"`, 0.4)},
			"read 2, inserted 1, updated 0, unchanged 0; 2 B near_duplicate"},
		{"of one kind farther apart", nil, []string{cover("A", `"雨水"`, 0), cover("B", `"雨水"`, 0.6)},
			"read 2, inserted 2, updated 0, unchanged 0"},
		{"of two kinds", nil, []string{cover("A", `"雨水"`, 0), cover("B", `"污水"`, 0)},
			"read 2, inserted 2, updated 0, unchanged 0"},
		{"of no kind", nil, []string{cover("A", "null", 0), cover("B", "null", 0.1)},
			"read 2, inserted 1, updated 0, unchanged 0; 2 B near_duplicate"},
		{"one beside another of the layer", []string{cover("A", `"雨水"`, 0)}, []string{cover("B", `"雨水"`, -0.4)},
			"read 1, inserted 0, updated 0, unchanged 0; 1 B near_duplicate"},
		{"one of another kind beside one of the layer", []string{cover("A", `"雨水"`, 0)},
			[]string{cover("B", `"污水"`, -0.4)}, "read 1, inserted 1, updated 0, unchanged 0"},
		{"one of the layer that moved a little", []string{cover("A", `"雨水"`, 0)}, []string{cover("A", `"雨水"`, 0.3)},
			"read 1, inserted 0, updated 1, unchanged 0"},
		{"the same file again", []string{cover("A", `"雨水"`, 0), cover("B", `"雨水"`, 0.6)},
			[]string{cover("A", `"雨水"`, 0), cover("B", `"雨水"`, 0.6)}, "read 2, inserted 0, updated 0, unchanged 2"},
		{"three in a row keep the ends", nil, []string{cover("A", `"雨水"`, 0), cover("B", `"雨水"`, 0.4),
			cover("C", `"雨水"`, 0.8)}, "read 3, inserted 2, updated 0, unchanged 0; 2 B near_duplicate"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, _ := covers(t)
			if c.first != nil {
				if _, err := bring(t, s, "cover", collected(c.first...)); err != nil {
					t.Fatal(err)
				}
			}
			report := imported(t, s, "cover", collected(c.second...), c.want)
			if report.Rejected > 0 && (!strings.Contains(report.Listed[0].Detail.EN, " m from ") ||
				!strings.Contains(report.Listed[0].Detail.ZH, "米")) {
				t.Errorf("the report does not say how near: %+v", report.Listed[0])
			}
		})
	}
}

func TestPolygonsAreRepairedWhereThatKeepsWhatTheyShow(t *testing.T) {
	t.Parallel()
	const (
		spike   = "[[112,33],[113,33],[113,33.5],[113.2,33.5],[113,33.5],[112,33.5],[112,33]]"
		knotted = "[[112,33],[113,33],[113,33.5],[112.001,33.5],[112,33.499],[112,33.5],[112.001,33.499],[112,33.499],[112,33]]"
		twice   = "[[112,33],[113,33],[113,33],[113,33.5],[112,33.5],[112,33]]" // a vertex twice is not a fault
	)
	for _, c := range []struct{ name, ring, want string }{
		{"a spike", spike, "read 1, inserted 1, updated 0, unchanged 0 repaired 1"},
		{"a knot at a corner", knotted, "read 1, inserted 1, updated 0, unchanged 0 repaired 1"},
		{"a repeated vertex", twice, "read 1, inserted 1, updated 0, unchanged 0 repaired 0"},
		{"a bow tie", bowTie, "read 1, inserted 0, updated 0, unchanged 0; 1 A invalid_geometry repaired 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, conn := open(t)
			plots(t, conn)
			report, err := bring(t, s, "plot", collected(plot("A", c.ring, "")))
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprintf("%s repaired %d", tally(report), report.Repaired); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if report.Repaired == 1 {
				if !strings.Contains(report.Text("en"), "repaired") || !strings.Contains(report.Text("zh"), "修复") ||
					len(report.Repairs) != 1 || report.Repairs[0].Key != "A" {
					t.Errorf("the report does not say so:\n%s", report.Text("en"))
				}
				if got := pgtest.Value(t, conn, "select repaired from journal.batch"); got != "1" {
					t.Errorf("the ledger of imports has %s", got)
				}
			}
			if got := pgtest.Value(t, conn, "select count(*) from city.plot where not st_isvalid(geom)"); got != "0" {
				t.Error("an invalid polygon is in the layer")
			}
			again, err := bring(t, s, "plot", collected(plot("A", c.ring, "")))
			if err != nil || again.Inserted+again.Updated != 0 {
				t.Errorf("again: %v, %v", err, again)
			}
		})
	}
}

func TestFeaturesOutsideTheCityAreRejectedUnlessMeant(t *testing.T) {
	t.Parallel()
	at := func(code string, lon, lat float64) string {
		return fmt.Sprintf(
			`{"type":"Feature","properties":{"code":"%s"},"geometry":{"type":"Point","coordinates":[%g,%g]}}`, code,
			lon, lat)
	}
	file := collected(at("A", 112.5, 33), at("B", 112.6, 33), at("C", 112.7, 33), at("D", 112.8, 33.1),
		at("E", 116.4, 39.9), at("F", 0, 0), at("G", 112.8, 33.2), at("H", 112.8, 33.3))
	s, _ := postLayer(t, true)
	report, err := bring(t, s, "post", file)
	if err != nil {
		t.Fatal(err)
	}
	if got := tally(report); got != "read 8, inserted 6, updated 0, unchanged 0; 5 E outside_city; 6 F outside_city" {
		t.Errorf("got %s", got)
	}
	says(t, report, "--anywhere")
	report, err = bringSo(context.Background(), t, s, "post", file,
		merge.Options{Settings: settings.Settings{Anywhere: new(true)}})
	if err != nil {
		t.Fatal(err)
	}
	if got := tally(report); got != "read 8, inserted 2, updated 0, unchanged 6" {
		t.Errorf("got %s", got)
	}
}

package merge_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/importer/settings"
	"yizhan/internal/merge"
	"yizhan/internal/pgtest"
)

// someEdit is a statement of somebody else: rows of few keys, places and values, so
// that some meet those of a file.
func someEdit(random *rand.Rand, keyed bool) string {
	p := somePosts(random, 1, 25, false)[0]
	q := somePosts(random, 1, 25, false)[0]
	point := fmt.Sprintf("st_setsrid(st_point(%.5f, 33), 4326)", 112.3+float64(p.at+random.IntN(40))*1e-5)
	insert := fmt.Sprintf("insert into city.post (code, name, height, geom) values ('%s', nullif('%s', ''), %s, %s)",
		p.code, p.name, p.height, point)
	if keyed {
		insert += " on conflict (code) do nothing"
	}
	one := fmt.Sprintf("gid = (select gid from city.post order by gid offset %d limit 1)", random.IntN(8))
	switch random.IntN(7) {
	case 0, 1:
		return insert
	case 2:
		return "delete from city.post where " + one
	case 3:
		return fmt.Sprintf("update city.post set name = nullif('%s', ''), height = %s where %s", q.name, q.height, one)
	case 4:
		return fmt.Sprintf("update city.post set geom = %s where %s", point, one)
	case 5: // it comes and goes
		return strings.Replace(insert, p.code, "X1", 1) + "; delete from city.post where code = 'X1'"
	}
	if keyed {
		return fmt.Sprintf(
			"update city.post set code = '%s' where %s and not exists (select from city.post where code = '%[1]s')",
			q.code, one)
	}
	return fmt.Sprintf("update city.post set code = '%s' where %s", q.code, one)
}

// verdict is what a preview says, without where in time it was said.
func verdict(p *merge.Preview) string {
	r := p.Report
	var said []string
	for _, one := range r.Listed {
		said = append(said, fmt.Sprint(one.Position, one.Key, one.Reason, one.Detail))
	}
	return figures(r) + " " + strings.Join(said, "; ")
}

// After edits by others, a preview is applied exactly when previewing the file again
// would have said the same of every row of the file; and it leaves then what that
// would have left. A conflict must have a reason: rows that it names were changed.
func TestApplyingAfterEditsDoesWhatPreviewingAgainWouldHaveSaid(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		keyed   bool
		spacing bool
		model   func(layer, file []post, mode merge.Mode) outcome // nil: previewing again is the model
	}{{"by key", true, false, byKey}, {"by key, with a distance to keep", true, true, nil}, {"by whole row", false,
		false, byRow}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			random := seed(t)
			s, conn := postLayer(t, c.keyed)
			if c.keyed {
				pgtest.Exec(t, conn, "create unique index on city.post (code)")
			}
			if c.spacing {
				pgtest.Exec(t, conn, "update catalog.layer set spacing_m = 2 where name = 'post'")
			}
			through, refused := 0, 0
			for round := 0; round < 20 || round < 200 && (through == 0 || refused == 0); round++ {
				mode := []merge.Mode{merge.Merge, merge.Replace, merge.Append, merge.Merge}[round%4]
				pgtest.Exec(t, conn, "truncate city.post")
				putPosts(t, conn, distinct(spread(random, somePosts(random, random.IntN(20), 25, false)), c.keyed))
				posts := append(spread(random, somePosts(random, 1+random.IntN(6), 25, true)), post{"Q", "甲", "1", 77})
				file := fileOf(posts)
				p := previewed(t, s, "post", file, merge.Options{Settings: settings.Settings{Mode: said(string(mode))}})
				for range random.IntN(5) {
					pgtest.Exec(t, conn, someEdit(random, c.keyed))
				}
				again := previewed(t, s, "post", file,
					merge.Options{Settings: settings.Settings{Mode: said(string(mode))}})
				edited := posted(t, conn)
				report, err := s.Apply(context.Background(), p.ID, "chief")
				switch {
				case err == nil:
					through++
					if verdict(p) != verdict(again) {
						t.Fatalf("%s: applied what said\n%s, previewing again says\n%s", mode, verdict(p),
							verdict(again))
					}
					if figures(report) != figures(again.Report) {
						t.Fatalf("%s: applying did\n%s, previewing again said\n%s", mode, figures(report),
							figures(again.Report))
					}
					if c.model != nil {
						want := c.model(edited, posts, mode).rows
						slices.Sort(want)
						if got := pgtest.Value(t, conn, postRows); got != strings.Join(want, " ") {
							t.Fatalf("%s left\n%s, want\n%s", mode, got, strings.Join(want, " "))
						}
					}
				case errors.Is(err, geo.ErrConflict):
					refused++
					if overtaken := (*merge.Overtaken)(nil); !errors.As(err, &overtaken) || overtaken.Total < 1 ||
						int64(len(overtaken.Rows)) != overtaken.Total {
						t.Fatalf("%s: the conflict names nothing: %v", mode, err)
					}
					if got := counts(applied(t, s, again.ID)); got != counts(again.Report) {
						t.Fatalf("%s: the second preview said %s and did %s", mode, counts(again.Report), got)
					}
				default:
					t.Fatal(err)
				}
				discardAll(t, s, conn)
			}
			if through == 0 || refused == 0 {
				t.Errorf("%d went through and %d were refused: the edits try one side only", through, refused)
			}
			t.Logf("%d went through, %d were refused", through, refused)
		})
	}
}

// posted are the posts of the layer.
func posted(t *testing.T, conn *pgx.Conn) []post {
	t.Helper()
	rows, err := conn.Query(context.Background(), `select coalesce(code, ''), coalesce(name, ''), coalesce(height::text, 'null'),
		round((st_x(geom) - 112.3) * 1e5)::int from city.post order by gid`)
	if err != nil {
		t.Fatal(err)
	}
	posts, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p post, err error) {
		return p, row.Scan(&p.code, &p.name, &p.height, &p.at)
	})
	if err != nil {
		t.Fatal(err)
	}
	return posts
}

// spread puts posts on places of their own, some within a metre of each other.
func spread(random *rand.Rand, posts []post) []post {
	for n := range posts {
		posts[n].at = random.IntN(40)
	}
	return posts
}

// distinct leaves one post a key, where keys are unique.
func distinct(posts []post, keyed bool) []post {
	if !keyed {
		return posts
	}
	slices.SortFunc(posts, func(a, b post) int { return strings.Compare(a.code, b.code) })
	return slices.CompactFunc(posts, func(a, b post) bool { return a.code == b.code })
}

// discardAll discards the previews that are left.
func discardAll(t *testing.T, s *bureau, conn *pgx.Conn) {
	t.Helper()
	list, err := s.Previews(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range list {
		if p.State == merge.Previewed {
			if err := s.Discard(context.Background(), p.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := pgtest.Value(t, conn, staged); got != "0" {
		t.Fatalf("%s staging tables are left", got)
	}
}

package cql

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"yizhan/geo"
	"yizhan/geo/index"
)

// survey is a layer with a field of every type, and rows as a table would have them.
func survey() *geo.Layer {
	fields := []geo.Field{
		{Name: "condition", Type: geo.Text}, {Name: "diameter_mm", Type: geo.Integer},
		{Name: "depth", Type: geo.Number},
		{Name: "locked", Type: geo.Boolean}, {Name: "laid", Type: geo.Date}, {Name: "seen", Type: geo.Time},
		{Name: "井盖 类型", Type: geo.Text},
	}
	return &geo.Layer{Name: "manhole", Kind: geo.Point, Fields: fields}
}

// rowOf interns a row.
func rowOf(d *index.Dictionary, values ...any) []index.Ref {
	var row []index.Ref
	for _, v := range values {
		switch v := v.(type) {
		case nil:
			row = append(row, 0)
		case string:
			row = append(row, d.Text([]byte(v)))
		case int:
			row = append(row, d.Int(int64(v)))
		case float64:
			row = append(row, d.Float(v))
		case bool:
			row = append(row, d.Bool(v))
		}
	}
	return row
}

// sampled is a row and the filter bound to what it holds.
func sampled(t testing.TB, filter string, values ...any) (*Filter, []index.Ref) {
	t.Helper()
	e, err := Parse(filter)
	if err != nil {
		t.Fatalf("%s: %v", filter, err)
	}
	b := index.NewBuilder(survey(), 0)
	row := rowOf(b.Dictionary(), values...)
	held := b.Dictionary().Values()
	f, err := e.Bind(survey(), &held)
	if err != nil {
		t.Fatalf("%s: %v", filter, err)
	}
	return f, row
}

func TestFiltersHoldAsTheStandardSays(t *testing.T) {
	row := []any{"damaged", 700, 1.5, true, "2023-05-01", "2024-05-01T08:30:00+08:00", "雨水"}
	bare := []any{nil, nil, nil, nil, nil, nil, nil}
	for _, c := range []struct {
		filter     string
		full, null bool
	}{
		{"condition = 'damaged'", true, false},
		{"condition <> 'damaged'", false, false},
		{"'damaged' = condition", true, false},
		{"600 < diameter_mm", true, false},
		{"diameter_mm >= 700 and diameter_mm <= 700.0", true, false},
		{"diameter_mm > 700.5", false, false},
		{"depth = 1.5", true, false},
		{"depth BETWEEN 1 AND 2", true, false},
		{"depth NOT BETWEEN 1 AND 2", false, false},
		{"condition IN ('missing', 'damaged')", true, false},
		{"condition NOT IN ('missing')", true, false},
		{"NOT condition IN ('missing')", true, false},
		{"condition LIKE 'dam%'", true, false},
		{"condition LIKE '_amaged'", true, false},
		{"condition LIKE '%m%g%d'", true, false},
		{"condition LIKE 'DAM%'", false, false},
		{`condition LIKE 'dam\%'`, false, false},
		{"condition NOT LIKE '%ok%'", true, false},
		{"condition IS NULL", false, true},
		{"condition IS NOT NULL", true, false},
		{"condition IS NULL OR diameter_mm = 1", false, true},
		{"locked = TRUE", true, false},
		{"locked <> true", false, false},
		{"laid < DATE('2024-01-01')", true, false},
		{"laid = DATE('2023-05-01')", true, false},
		{"seen = DATE('2024-05-01')", true, false},
		{"seen >= TIMESTAMP('2024-05-01T00:30:00Z')", true, false},
		{"seen > TIMESTAMP('2024-05-01T08:30:00')", false, false},
		{`"井盖 类型" = '雨水' AND (condition = 'x' OR depth > 1)`, true, false},
		{"NOT (condition = 'damaged' AND depth > 9)", true, false},
	} {
		for _, side := range []struct {
			values []any
			want   bool
		}{{row, c.full}, {bare, c.null}} {
			f, r := sampled(t, c.filter, side.values...)
			for range 2 { // found, then remembered
				if f.Holds(r) != side.want {
					t.Errorf("%s of %v: want %v", c.filter, side.values, side.want)
				}
			}
		}
	}
}

func TestWrongFiltersAreToldWhereAndWhy(t *testing.T) {
	for _, c := range []struct {
		filter string
		at     int
		say    string
	}{
		{"", 0, "found the end; expected a field name"},
		{"condition", 9, "found the end after the field condition"},
		{"condition = ", 12, "expected a value"},
		{"condition = NULL", 12, "IS NULL"},
		{"condition = 'x", 12, "unclosed"},
		{"condition = 'x' extra", 16, "expected AND, OR or the end"},
		{"(condition = 'x'", 16, "expected ) to close the one at character 1"},
		{"colour = 'x'", 0, "layer manhole has no field colour; fields: condition"},
		{"depth = 'x'", 8, "compared with a number, not with 'x'"},
		{"laid > '2024-01-01'", 7, "DATE('2024-05-01')"},
		{"condition > 7", 12, "compared with a 'text', not with 7"},
		{"locked > TRUE", 0, "TRUE or FALSE; use ="},
		{"depth LIKE 'x'", 11, "compared with a number"},
		{"depth LIKE 7", 11, "expected a pattern"},
		{"laid = DATE('2024-13-01')", 12, "is not a valid date"},
		{"seen > TIMESTAMP('yesterday')", 17, "is not a valid time"},
		{"upper(condition) = 'X'", 0, "functions are not supported"},
		{"S_INTERSECTS(geom, POINT(1 2))", 0, "functions are not supported"},
		{"condition NOT = 'x'", 14, "expected IN, BETWEEN or LIKE"},
		{"condition IN 'x'", 13, "expected ( after IN"},
		{"condition == 'x'", 10, `found "=="`},
		{"井 = 'x' AND ; drop", 12, `found ";"`},
		{"depth = 1e999", 8, "is not a number"},
		{strings.Repeat("(", 20) + "depth = 1" + strings.Repeat(")", 20), 16, "more than 16 deep"},
		{"depth = 1" + strings.Repeat(" OR depth = 1", 250), 12 + 13*199 + 1, "more than 200 parts"},
		{"depth IN (1" + strings.Repeat(",1", 100) + ")", 10 + 200, "more than 100 values"},
		{"depth = 1" + strings.Repeat(" ", 5000), 0, "at most 4096"},
	} {
		e, err := Parse(c.filter)
		if err == nil {
			v := index.Values{}
			_, err = e.Bind(survey(), &v)
		}
		var fault *Error
		if !errors.As(err, &fault) || !errors.Is(err, geo.ErrInvalid) {
			t.Errorf("%.60q: %v", c.filter, err)
			continue
		}
		if !strings.Contains(err.Error(), c.say) || fault.Offset != c.at {
			t.Errorf("%.60q: %q at %d; want %q at %d", c.filter, err, fault.Offset, c.say, c.at)
		}
	}
}

func TestFiltersThatSayTheSameHaveOneForm(t *testing.T) {
	for _, c := range []struct{ a, b string }{
		{"a=1 and b=2", "b = 2.0   AND (a = 1)"},
		{"a in (3,1,2,1)", "a IN (1, 2, 3)"},
		{"not (not a = 1)", "a = 1"},
		{"1 < a", "a > 1"},
		{"a = 1 OR (b = 2 OR c = 3)", "c=3 or b=2 or a=1 or a=1"},
		{"t > TIMESTAMP('2024-05-01T00:00:00Z')", "t > timestamp('2024-05-01T08:00:00')"},
		{`"a" IS NOT NULL`, "NOT a IS NULL"},
	} {
		a, errA := Parse(c.a)
		b, errB := Parse(c.b)
		if errA != nil || errB != nil || a.String() != b.String() {
			t.Errorf("%s is %v (%v), and %s is %v (%v)", c.a, a, errA, c.b, b, errB)
		}
	}
}

// Any filter reads its own form back as itself, and both hold of the same rows as
// a reading of SQL's three values that knows no shortcuts.
func TestTheCanonicalFormHoldsTheSame(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 1))
	for range 3000 {
		filter := randomFilter(r, 3)
		e, err := Parse(filter)
		if err != nil {
			t.Fatalf("seed %d: %s: %v", seed, filter, err)
		}
		again, err := Parse(e.String())
		if err != nil || again.String() != e.String() {
			t.Fatalf("seed %d: %s became %s, then %v %v", seed, filter, e, again, err)
		}
		row := []any{pick(r, nil, "x", "y%", "井"), pick(r, nil, 1, 2, 3), pick(r, nil, 1.0, 2.5),
			pick(r, nil, true, false), nil, nil, nil}
		f, held := sampled(t, filter, row...)
		g, _ := sampled(t, e.String(), row...)
		if want := naive(e.top, row) == sure; f.Holds(held) != want || g.Holds(held) != want {
			t.Fatalf("seed %d: %s of %v is %v, its form %s is %v, want %v", seed, filter, row, f.Holds(held), e,
				g.Holds(held), want)
		}
	}
}

func pick(r *rand.Rand, of ...any) any { return of[r.IntN(len(of))] }

func randomFilter(r *rand.Rand, depth int) string {
	if depth > 0 && r.IntN(3) > 0 {
		a, b := randomFilter(r, depth-1), randomFilter(r, depth-1)
		return fmt.Sprintf(pick(r, "(%s) AND (%s)", "(%s OR %s)", "NOT (%s) OR %s", "NOT (%s AND %s)").(string), a, b)
	}
	return pick(r, "condition = 'x'", "condition <> 'y%'", "condition LIKE '_'", "condition IS NULL",
		"condition NOT IN ('x', '井')",
		"diameter_mm > 1", "2 >= diameter_mm", "diameter_mm NOT BETWEEN 2 AND 3", "depth = 1", "locked = FALSE",
		"depth IS NOT NULL").(string)
}

// naive decides with Go's own comparisons.
func naive(n *node, row []any) truth {
	switch n.op {
	case and, or:
		all := map[truth]bool{}
		for _, p := range n.parts {
			all[naive(p, row)] = true
		}
		order := []truth{untrue, unknown, sure}
		if n.op == or {
			order = []truth{sure, unknown, untrue}
		}
		for _, v := range order {
			if all[v] {
				return v
			}
		}
	case not:
		return map[truth]truth{sure: untrue, untrue: sure, unknown: unknown}[naive(n.parts[0], row)]
	}
	i, _, _ := find(survey(), n.field)
	v := row[i]
	if n.op == isNull {
		return truthOf(v == nil)
	}
	if v == nil {
		return unknown
	}
	less := func(l literal) int {
		switch v := v.(type) {
		case int:
			return int(float64(v)*10 - l.num*10)
		case float64:
			return int(v*10 - l.num*10)
		case bool:
			return map[bool]int{true: 0, false: 1}[v == l.yes]
		}
		return strings.Compare(v.(string), l.text)
	}
	first := less(n.values[0])
	switch n.op {
	case equal:
		return truthOf(first == 0)
	case unequal:
		return truthOf(first != 0)
	case more:
		return truthOf(first > 0)
	case atMost:
		return truthOf(first <= 0)
	case between:
		return truthOf(first >= 0 && less(n.values[1]) <= 0)
	case like: // of '_'
		return truthOf(len([]rune(v.(string))) == 1)
	}
	for _, l := range n.values {
		if less(l) == 0 {
			return sure
		}
	}
	return untrue
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"a = 1", "a IN ('x', 'y')", `"a b" NOT LIKE '%_\%'`,
		"NOT (a BETWEEN 1 AND 2 OR b IS NOT NULL)", "t > TIMESTAMP('2024-05-01T00:00:00Z')", "1e5 <= a", "a = -0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := Parse(s)
		if err != nil {
			var fault *Error
			if !errors.As(err, &fault) || fault.Offset < 0 || fault.Offset > len(s) {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		if len(e.String()) > maxBytes {
			return // quoting and zones may lengthen it
		}
		again, err := Parse(e.String())
		if err != nil || again.String() != e.String() {
			t.Fatalf("%q became %q, then %v: %v", s, e, again, err)
		}
	})
}

func TestHoldsAllocatesNothing(t *testing.T) {
	f, row := sampled(t, "condition IN ('damaged', 'missing') AND diameter_mm > 500 AND NOT locked = FALSE", "damaged",
		700, 1.5, true, nil, nil, nil)
	f.Holds(row)
	if n := testing.AllocsPerRun(100, func() { f.Holds(row) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkHolds(b *testing.B) {
	f, row := sampled(b, "condition IN ('damaged', 'missing') AND diameter_mm > 500", "damaged", 700, 1.5, true, nil,
		nil, nil)
	for b.Loop() {
		f.Holds(row)
	}
}

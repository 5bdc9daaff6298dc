package importer

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb/encoding/ewkb"
	"github.com/paulmach/orb/encoding/wkt"

	"yizhan/geo"
	"yizhan/importer/format"
	"yizhan/internal/lang"
)

// layer is a target with a column of each type; its key is code.
func layer(kind geo.Kind, multi bool) *Target {
	text := func(name string) Column { return Column{Field: geo.Field{Name: name, Type: geo.Text}} }
	typed := func(name string, t geo.FieldType) Column { return Column{Field: geo.Field{Name: name, Type: t}} }
	status := text("status")
	status.Categories = []geo.Category{{Value: "open"},
		{Value: "closed", Label: lang.Label{ZH: "关闭", EN: "Closed"}, Aliases: []string{"停业"}}}
	short, small, name := text("short"), typed("seats", geo.Integer), text("name")
	short.MaxLength = 4
	small.Least, small.Most = -32768, 32767
	small.Title, small.Aliases = lang.Label{ZH: "座位", EN: "Seats"}, []string{"ZWS"}
	name.Required = true
	return &Target{Layer: geo.Layer{Name: "stations", Kind: kind, KeyColumn: "code"}, Multi: multi,
		Columns: []Column{text("code"), name, status, short, small, typed("number", geo.Integer),
			typed("area", geo.Number),
			typed("lit", geo.Boolean), typed("opened", geo.Date), typed("seen", geo.Time)}}
}

// gathered is a sink that keeps each row as a readable line.
type gathered struct {
	target *Target
	rows   bytes.Buffer
}

func (g *gathered) Encode(dst []byte, row *Row) []byte {
	shape, id, err := ewkb.Unmarshal(row.Geometry)
	if err != nil || id != 4326 {
		return fmt.Appendf(dst, "broken EWKB: %v, SRID %d\n", err, id)
	}
	dst = fmt.Appendf(dst, "%08d %s", row.Position, wkt.MarshalString(shape))
	for i, c := range g.target.Columns {
		if row.Null(i) {
			continue
		}
		dst = fmt.Appendf(dst, " %s=", c.Name)
		switch c.Type {
		case geo.Integer:
			dst = fmt.Append(dst, row.Integer(i))
		case geo.Number:
			dst = fmt.Append(dst, row.Number(i))
		case geo.Boolean:
			dst = fmt.Append(dst, row.Boolean(i))
		case geo.Date:
			dst = time.Unix(row.Day(i)*86400, 0).UTC().AppendFormat(dst, time.DateOnly)
		case geo.Time:
			micros, ahead := row.Moment(i)
			dst = time.UnixMicro(micros).In(time.FixedZone("", int(ahead))).AppendFormat(dst, time.RFC3339Nano)
		default:
			dst = append(dst, row.Text(i)...)
		}
	}
	return append(dst, '\n')
}

func (g *gathered) Write(rows []byte) error {
	g.rows.Write(rows)
	return nil
}

// opened is a file of that text, of that name.
func opened(t testing.TB, name, text string, limits format.Limits) *format.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := format.Open(context.Background(), path, format.Options{Limits: limits})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

// read runs an import and returns the rows as lines without positions.
func read(t testing.TB, target *Target, file string, o Options) (*Report, []string, error) {
	t.Helper()
	return readFile(target, opened(t, "file.geojson", file, format.Limits{}), o)
}

func readFile(target *Target, f *format.File, o Options) (*Report, []string, error) {
	sink := &gathered{target: target}
	report, err := Run(context.Background(), f, target, WGS84(), sink, o)
	lines := strings.FieldsFunc(sink.rows.String(), func(r rune) bool { return r == '\n' })
	for i := range lines {
		_, lines[i], _ = strings.Cut(lines[i], " ")
	}
	return report, lines, err
}

// outcome is a report in one line: the rows taken, then «position:field:reason» of those that were not.
func outcome(report *Report, rows []string) string {
	parts := slices.Clone(rows)
	for _, one := range report.Listed {
		parts = append(parts, fmt.Sprintf("%d:%s:%s", one.Position, one.Field, one.Reason))
	}
	return strings.Join(parts, "; ")
}

// feature is a point with a name and the further properties.
func feature(code, more string) string {
	return `{"type":"Feature","properties":{"code":"` + code + `","name":"站"` + more + `},"geometry":{"type":"Point","coordinates":[112.5,33]}}`
}

func collection(features ...string) string {
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
}

// taken is how a feature of that code comes out.
func taken(codes ...string) string {
	parts := make([]string, len(codes))
	for i, code := range codes {
		parts[i] = "POINT(112.5 33) code=" + code + " name=站"
	}
	return strings.Join(parts, "; ")
}

func check(t *testing.T, target *Target, file, want string) *Report {
	t.Helper()
	report, rows, err := read(t, target, file, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := outcome(report, rows); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if report.Read != int64(len(rows))+report.Rejected {
		t.Errorf("read %d, but taken %d and rejected %d", report.Read, len(rows), report.Rejected)
	}
	return report
}

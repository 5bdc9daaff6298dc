package importer

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"yizhan/geo"
	"yizhan/importer/format"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// RejectsSuffix is that of a file's rejected rows: tables stay tables, everything
// else becomes GeoJSON.
func RejectsSuffix(f *format.File) string {
	if f.Tabular {
		return ".csv"
	}
	return ".geojson"
}

// WriteRejects writes the rejected rows of a file so that they can be corrected and
// imported again: each as it was, with its row number, the reason and how to fix it.
// An import ignores those three. It returns how many were written, which is fewer than
// were rejected when the report does not keep them all.
func WriteRejects(ctx context.Context, w io.Writer, f *format.File, r *Report) (int64, error) {
	if r.personal {
		r = &Report{Causes: r.Causes, Refused: r.Refused, FieldTitles: r.FieldTitles}
	}
	out := bufio.NewWriter(w)
	var to rejects = &rejectedFeatures{w: out, file: f}
	if table, ok := f.Decoder().(format.Table); ok {
		to = &rejectedRows{w: csv.NewWriter(out), table: table, bom: out}
	}
	cut, err := f.Cutter(ctx, &format.Pace{})
	if err != nil {
		return 0, err
	}
	defer cut.Close()
	why := slices.Clone(r.Causes)
	for i, c := range why {
		if c.Field != "" {
			why[i].What = lang.Bothf("field %s: %s", r.field(c.Field), c.What)
		}
	}
	causes := make(map[int64]int32, len(r.Refused))
	for _, one := range r.Refused {
		causes[one.Position] = one.Cause
	}
	var n int64
	for b := (format.Batch{}); ; {
		err := cut.Next(&b)
		if errors.Is(err, io.EOF) {
			break
		}
		if err = errors.Join(err, ctx.Err()); err != nil {
			return n, err
		}
		for _, at := range b.Spans {
			cause, rejected := causes[at.Position]
			if !rejected {
				continue
			}
			if err := to.write(b.Data[at.Start:at.End], at, why[cause]); err != nil {
				return n, err
			}
			n++
		}
	}
	return n, errors.Join(to.end(), out.Flush())
}

// rejects writes rejected rows in one form.
type rejects interface {
	write(data []byte, at format.Span, why Cause) error
	end() error
}

// reasons are what stands beside a rejected row, in both languages.
func (c Cause) reasons(at format.Span) (row, why, remedy string) {
	return strconv.FormatInt(at.Position, 10), fmt.Sprintf("%s [%s]", c.What, c.Reason), c.Remedy.String()
}

// rejectedRows writes a table in UTF-8 with a byte-order mark, by which Excel knows it.
type rejectedRows struct {
	w     *csv.Writer
	table format.Table
	bom   io.Writer
	begun bool
}

func (t *rejectedRows) write(data []byte, at format.Span, why Cause) error {
	names, cells := t.table.Cells(data)
	if !t.begun {
		t.begun = true
		if _, err := io.WriteString(t.bom, "\ufeff"); err != nil {
			return err
		}
		if err := t.w.Write(append(names, rowField, reasonField, remedyField)); err != nil {
			return err
		}
	}
	for i, cell := range cells {
		cells[i] = Harmless(cell)
	}
	row, reason, remedy := why.reasons(at)
	return t.w.Write(append(cells, row, reason, remedy))
}

// Harmless puts an apostrophe before a text that a spreadsheet would run as a formula
// (OWASP, CSV injection); the importer removes it. Signed numbers stay as they are.
func Harmless(cell string) string {
	if cell == "" || !strings.ContainsAny(cell[:1], "=+-@\t\r") {
		return cell
	}
	if _, number := decimal([]byte(cell)); number {
		return cell
	}
	return "'" + cell
}

func (t *rejectedRows) end() error {
	t.w.Flush()
	return t.w.Error()
}

// rejectedFeatures writes a FeatureCollection in the file's own coordinates.
type rejectedFeatures struct {
	w     io.Writer
	file  *format.File
	begun bool
}

func (t *rejectedFeatures) write(data []byte, at format.Span, why Cause) error {
	row, reason, remedy := why.reasons(at)
	notes, err := json.Marshal(map[string]string{rowField: row, reasonField: reason, remedyField: remedy})
	if err != nil {
		return err
	}
	if err := t.begin(); err != nil {
		return err
	}
	readable := why.Reason != record.BadJSON && why.Reason != record.NotFeature
	if t.file.Format == "GeoJSON" && readable && len(data) > 2 && data[0] == '{' {
		_, err = fmt.Fprintf(t.w, "{\"rejected\":%s,%s", notes, bytes.TrimLeft(data[1:], " \t\r\n"))
		return err
	}
	return t.decoded(data, notes)
}

func (t *rejectedFeatures) begin() error {
	separator := ",\n"
	if !t.begun {
		t.begun = true
		separator = `{"type":"FeatureCollection",`
		if said := t.file.Said; said.Where != "" && said.Where != "RFC 7946" && !strings.Contains(said.Text, "[") {
			name, err := json.Marshal(said.Text)
			if err != nil {
				return err
			}
			separator += `"crs":{"type":"name","properties":{"name":` + string(name) + `}},`
		}
		separator += "\"features\":[\n"
	}
	_, err := io.WriteString(t.w, separator)
	return err
}

// decoded writes a record of another format as a feature.
func (t *rejectedFeatures) decoded(data, notes []byte) error {
	var record format.Record
	t.file.Decoder().Decode(data, &record)
	properties := map[string]any{}
	for _, v := range record.Values {
		switch v.Kind {
		case format.Null:
			properties[string(v.Name)] = nil
		case format.Number, format.Boolean, format.Nested:
			if json.Valid(v.Text) {
				properties[string(v.Name)] = json.RawMessage(v.Text)
				continue
			}
			properties[string(v.Name)] = string(v.Text)
		default:
			properties[string(v.Name)] = strings.ToValidUTF8(string(v.Text), "�")
		}
	}
	return json.NewEncoder(t.w).Encode(map[string]any{"type": "Feature", "rejected": json.RawMessage(notes),
		"properties": properties, "geometry": geometryOf(&record.Shape)})
}

func (t *rejectedFeatures) end() error {
	if !t.begun {
		if err := t.begin(); err != nil {
			return err
		}
	}
	_, err := io.WriteString(t.w, "\n]}\n")
	return err
}

// geometryOf is a shape as GeoJSON, nil for none.
func geometryOf(s *format.Shape) any {
	if s.Vertices() == 0 {
		return nil
	}
	points := make([][2]float64, s.Vertices())
	for i := range points {
		points[i] = [2]float64{s.Coordinates[2*i], s.Coordinates[2*i+1]}
	}
	var lines [][][2]float64
	start := 0
	for _, end := range s.Ends {
		lines, start = append(lines, points[start:end]), end
	}
	var polygons [][][][2]float64
	start = 0
	for _, end := range s.Parts {
		polygons, start = append(polygons, lines[start:end]), end
	}
	geometry := func(kind string, coordinates any) any {
		return map[string]any{"type": kind, "coordinates": coordinates}
	}
	switch {
	case s.Kind == geo.Point:
		return geometry("MultiPoint", points)
	case s.Kind == geo.Line && len(lines) > 0:
		return geometry("MultiLineString", lines)
	case s.Kind == geo.Polygon && len(polygons) > 0:
		return geometry("MultiPolygon", polygons)
	}
	return nil
}

package shapefile

import (
	"bytes"
	"encoding/binary"
	"math"
	"strconv"
	"time"

	"yizhan/importer/charset"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// dbfDecoder reads rows of a table. One goroutine uses it.
type dbfDecoder struct {
	*dbfTable
	charset charset.Decoder
	arena   []byte // of decoded texts, room for those of one row
	used    int
}

func (t *dbfTable) decoder() *dbfDecoder {
	d := &dbfDecoder{dbfTable: t, charset: t.charset}
	if t.charset.From != nil {
		if own, err := charset.Named(t.charset.Name); err == nil { // decoders have state
			d.charset = own
		}
	}
	room := 0
	for _, f := range t.fields {
		room += 3*(f.end-f.at) + 32
	}
	d.arena = make([]byte, room)
	return d
}

// decode appends the values of a row to the record.
func (d *dbfDecoder) decode(row []byte, rec *record.Record) {
	d.used = 0
	for i := range d.fields {
		f := &d.fields[i]
		if f.end > len(row) {
			return
		}
		v := record.Value{Name: f.name}
		d.value(f, row[f.at:f.end], &v, rec)
		rec.Values = append(rec.Values, v)
	}
}

func (d *dbfDecoder) value(f *dbfField, cell []byte, v *record.Value, rec *record.Record) {
	switch f.kind {
	case 'C':
		d.text(f, cell, v, rec)
	case 'N', 'F':
		numberCell(cell, v)
	case 'D':
		if v.Text = trimBlank(cell); len(v.Text) > 0 && len(bytes.Trim(v.Text, "0")) > 0 {
			v.Kind = record.Text
		}
	case 'L':
		d.logical(cell, v)
	case 'I':
		v.Kind, v.Text = record.Number, d.keep(strconv.AppendInt(d.free(),
			int64(int32(binary.LittleEndian.Uint32(cell))), 10))
	case 'B', 'O':
		d.double(math.Float64frombits(binary.LittleEndian.Uint64(cell)), v)
	case '@', 'T':
		d.moment(f, cell, v, rec)
	}
	switch {
	case v.Kind == record.Null:
		v.Text = nil
	case v.Kind == record.Text && f.kind != 'C' && !charset.ASCII(v.Text):
		d.text(f, v.Text, v, rec)
	}
}

// free is room for a decoded text; keep says that it was used.
func (d *dbfDecoder) free() []byte { return d.arena[d.used:d.used] }

func (d *dbfDecoder) keep(text []byte) []byte {
	d.used = min(d.used+len(text), len(d.arena))
	return text[:len(text):len(text)]
}

func (d *dbfDecoder) text(f *dbfField, cell []byte, v *record.Value, rec *record.Record) {
	text, full := trimText(cell)
	if len(text) == 0 {
		return
	}
	v.Kind, v.Text = record.Text, text
	if charset.ASCII(text) {
		return
	}
	decoded, ok := decodeCut(d.charset, d.free(), text, full)
	if !ok {
		name := d.charset.Name
		rec.Fail(&record.Fault{Reason: record.BadText, Field: string(f.name),
			Detail: lang.Bothf("the text is not valid %s", name)})
	}
	v.Text = decoded
	if d.charset.From != nil {
		v.Text = d.keep(decoded)
	}
	if len(v.Text) == 0 {
		v.Kind = record.Null
	}
}

// trimBlank cuts blanks on both sides, and all from a NUL on.
func trimBlank(cell []byte) []byte {
	text, _, _ := bytes.Cut(cell, []byte{0})
	return bytes.Trim(text, " \t")
}

// numberCell keeps the digits as written. Stars say that the number did not fit.
func numberCell(cell []byte, v *record.Value) {
	v.Text = trimBlank(cell)
	switch {
	case len(bytes.Trim(v.Text, "*")) == 0:
	case plainNumberText(v.Text):
		v.Kind = record.Number
	default:
		v.Kind = record.Text
	}
}

// plainNumberText says whether a text is a decimal number: sign, digits with at most one
// point, exponent.
func plainNumberText(b []byte) bool {
	i, digits := 0, 0
	run := func() (n int) {
		for ; i < len(b) && b[i] >= '0' && b[i] <= '9'; i++ {
			n++
		}
		return n
	}
	sign := func() {
		if i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
	}
	sign()
	digits = run()
	if i < len(b) && b[i] == '.' {
		i++
		digits += run()
	}
	if digits == 0 {
		return false
	}
	if i < len(b) && (b[i] == 'e' || b[i] == 'E') {
		i++
		sign()
		if run() == 0 {
			return false
		}
	}
	return i == len(b)
}

// logical reads a logical value: T, t, Y, y are true, F, f, N, n false, ? and blank nothing.
func (d *dbfDecoder) logical(cell []byte, v *record.Value) {
	v.Text = trimBlank(cell)
	switch string(v.Text) {
	case "", "?":
	case "T", "t", "Y", "y":
		v.Kind, v.Text = record.Boolean, d.keep(append(d.free(), "true"...))
	case "F", "f", "N", "n":
		v.Kind, v.Text = record.Boolean, d.keep(append(d.free(), "false"...))
	default:
		v.Kind = record.Text
	}
}

// double writes a number as digits; NaN counts as empty.
func (d *dbfDecoder) double(n float64, v *record.Value) {
	if math.IsNaN(n) {
		return
	}
	v.Kind = record.Number
	if math.IsInf(n, 0) {
		v.Kind = record.Text
	}
	v.Text = d.keep(strconv.AppendFloat(d.free(), n, 'g', -1, 64))
}

// moment reads a time: the Julian day number and the milliseconds of the day, 4
// bytes each. Zero counts as empty; a day beyond the years 1 to 9999 is a fault.
func (d *dbfDecoder) moment(f *dbfField, cell []byte, v *record.Value, rec *record.Record) {
	day, millis := int64(binary.LittleEndian.Uint32(cell)), int64(binary.LittleEndian.Uint32(cell[4:]))
	const epoch, first, last = 2440588, 1721426, 5373484 // 1970-01-01, 0001-01-01, 9999-12-31
	switch {
	case len(bytes.Trim(cell, " \x00")) == 0:
		return
	case day < first || day > last || millis >= 24*60*60*1000:
		rec.Fail(&record.Fault{Reason: record.BadRecord, Field: string(f.name), Detail: lang.Bothf("not a valid time")})
		return
	}
	at := time.UnixMilli((day-epoch)*24*60*60*1000 + millis).UTC()
	v.Kind, v.Text = record.Text, d.keep(at.AppendFormat(d.free(), "2006-01-02T15:04:05.999"))
}

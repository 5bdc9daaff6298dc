package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
)

// survey is a layer as files bring it: rows as GeoJSON, and the same rows with one
// in a hundred changed, half of them moved by a metre and half in an attribute.
type survey struct {
	table
	what          string
	spacing       float64 // metres that the layer keeps between points; 0 for none
	file, changed string
	size          int64
}

const oneInHundred = 37 // the rows of which the number ends so are changed

func surveys() []survey {
	points := table{"import_point", "Point", "code text not null, kind text not null, diameter_mm integer check (diameter_mm > 0), name text, surveyed_at date, remark text",
		cityPoints, coverRow}
	return []survey{
		{table: points, what: "1,000,000 points", spacing: 0.5},
		{table: table{"import_polygon", "Polygon", "code text not null, kind text not null, floors integer, name text, surveyed_at date", cityPolygons, surveyedRow(polygonRow)}, what: "300,000 polygons"},
		{table: table{"import_line", "LineString", "code text not null, kind text not null, lanes integer, name text, surveyed_at date", cityLines, surveyedRow(longLineRow)}, what: "60,000 lines"},
	}
}

// coverRow is a point of a jittered grid, so that no two lie within half a metre.
func coverRow(r *rand.Rand, i int) ([]any, []byte) {
	lon := round7(112.4 + float64(i%1000)*0.0002 + 0.00015*r.Float64())
	lat := round7(32.9 + float64(i/1000)*0.0002 + 0.00015*r.Float64())
	wkb := binary.LittleEndian.AppendUint32([]byte{1}, 1|0x20000000)
	wkb = binary.LittleEndian.AppendUint32(wkb, 4326)
	return []any{fmt.Sprintf("P%07d", i), pick(r, pointKinds), int32(500 + 100*r.IntN(5)), fmt.Sprintf("人民路窨井%d", i),
		fmt.Sprintf("2021-06-%02d", 1+r.IntN(28)), fmt.Sprintf("第%d次普查，井盖完好", i%7)}, appendPoint(wkb, lon, lat)
}

// surveyedRow adds a name and a day to a row of the made-up city.
func surveyedRow(row func(*rand.Rand, int) ([]any, []byte)) func(*rand.Rand, int) ([]any, []byte) {
	return func(r *rand.Rand, i int) ([]any, []byte) {
		values, geometry := row(r, i)
		return []any{values[0], values[1], int32(1 + r.IntN(30)), fmt.Sprintf("街道%04d", r.IntN(4000)), fmt.Sprintf("2021-06-%02d", 1+r.IntN(28))}, geometry
	}
}

// longLineRow is a street of 10 to 60 vertices.
func longLineRow(r *rand.Rand, i int) ([]any, []byte) {
	lon, lat := alongStreet(r)
	n, heading := 10+r.IntN(51), 2*math.Pi*r.Float64()
	wkb := binary.LittleEndian.AppendUint32([]byte{1}, 2|0x20000000)
	wkb = binary.LittleEndian.AppendUint32(wkb, 4326)
	wkb = binary.LittleEndian.AppendUint32(wkb, uint32(n))
	for range n {
		wkb = appendPoint(wkb, round7(lon), round7(lat))
		heading += 0.15 * r.NormFloat64()
		lon += 0.0002 * math.Cos(heading)
		lat += 0.0002 * math.Sin(heading)
	}
	return []any{fmt.Sprintf("L%06d", i), pick(r, lineKinds)}, wkb
}

// write writes both files of the survey into a folder.
func (s *survey) write(dir string) (err error) {
	s.file, s.changed = dir+"/"+s.name+".geojson", dir+"/"+s.name+"_changed.geojson"
	if s.size, err = writeSurvey(s.file, s.table, s.rows, false); err != nil {
		return err
	}
	_, err = writeSurvey(s.changed, s.table, s.rows, true)
	return err
}

// writeSurvey writes the first rows of a table as a FeatureCollection, and returns
// its size in bytes.
func writeSurvey(file string, t table, rows int, changed bool) (int64, error) {
	f, err := os.Create(file)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	r := rand.New(rand.NewPCG(citySeed, uint64(t.rows)))
	names := columnNames(t)
	fmt.Fprint(w, `{"type":"FeatureCollection","features":[`)
	for i := range rows {
		values, geometry := t.row(r, i)
		if changed && i%100 == oneInHundred {
			change(i, values, geometry)
		}
		if i > 0 {
			w.WriteByte(',')
		}
		fmt.Fprint(w, "\n", `{"type":"Feature","properties":{`)
		for j, name := range names {
			if j > 0 {
				w.WriteByte(',')
			}
			value, err := json.Marshal(values[j])
			if err != nil {
				return 0, err
			}
			fmt.Fprintf(w, "%q:%s", name, value)
		}
		fmt.Fprintf(w, `},"geometry":{"type":"%s","coordinates":`, t.kind)
		writeCoordinates(w, t.kind, geometry)
		w.WriteString("}}")
	}
	fmt.Fprint(w, "\n]}\n")
	if err := w.Flush(); err != nil {
		return 0, err
	}
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// change moves a feature a metre to the east, or counts its third column up.
func change(i int, values []any, geometry []byte) {
	if i/100%2 == 0 {
		values[2] = values[2].(int32) + 1
		return
	}
	for at := firstVertex(geometry); at < len(geometry); at += 16 {
		binary.LittleEndian.PutUint64(geometry[at:], math.Float64bits(round7(float(geometry[at:])+0.00001)))
	}
}

// firstVertex is where the vertices of an EWKB of one part and one ring begin.
func firstVertex(geometry []byte) int {
	return map[byte]int{1: 9, 2: 13, 3: 17}[geometry[1]]
}

func writeCoordinates(w *bufio.Writer, kind string, geometry []byte) {
	open, shut := map[string]string{"LineString": "[", "Polygon": "[["}[kind], map[string]string{"LineString": "]", "Polygon": "]]"}[kind]
	w.WriteString(open)
	first := firstVertex(geometry)
	for at := first; at < len(geometry); at += 16 {
		if at > first {
			w.WriteByte(',')
		}
		fmt.Fprintf(w, "[%v,%v]", float(geometry[at:]), float(geometry[at+8:]))
	}
	w.WriteString(shut)
}

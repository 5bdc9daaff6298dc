package gdal

import (
	"errors"
	"strings"
	"testing"

	"yizhan/geo"
	"yizhan/importer/record"
	"yizhan/importer/record/recordtest"
)

// drawing is a DXF with one text, in the encoding of the release and code page.
func drawing(version, codePage, text string) string {
	header := "0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\n" + version + "\n"
	if codePage != "" {
		header += "9\n$DWGCODEPAGE\n3\n" + codePage + "\n"
	}
	return header + "0\nENDSEC\n0\nSECTION\n2\nENTITIES\n0\nTEXT\n8\n" + text +
		"\n10\n642295.8912\n20\n3652962.1461\n40\n2.5\n1\n" + text + "\n0\nENDSEC\n0\nEOF\n"
}

func TestTheTextsOfADrawing(t *testing.T) {
	const text = "窨井盖"
	want := "point [642295.891200000 3652962.146100000] layer=窨井盖 text=窨井盖"
	for _, c := range []struct {
		what, data string
		stated     string
	}{
		{"code page 936", recordtest.GBK(t, drawing("AC1015", "ANSI_936", text)), ""},
		{"GBK without a code page", recordtest.GBK(t, drawing("AC1009", "", text)), ""},
		{"GBK that claims to be English", recordtest.GBK(t, drawing("AC1015", "ANSI_1252", text)), ""},
		{"release 2007, UTF-8 with code page 936", drawing("AC1021", "ANSI_936", text), ""},
		{"release 2018, UTF-8 without a code page", drawing("AC1032", "", text), ""},
		{"UTF-8 in an old release without a code page", drawing("AC1009", "", text), ""},
		{"GBK as the planner specified", recordtest.GBK(t, drawing("AC1009", "ANSI_950", text)), "GBK"},
	} {
		t.Run(c.what, func(t *testing.T) {
			file, err := throughGDAL(t, recordtest.Stored(t, "图.dxf", []byte(c.data)),
				record.Options{Encoding: c.stated})
			if err != nil {
				t.Fatal(err)
			}
			defer closed(t, file)
			if got, _, err := features(t.Context(), file); err != nil || len(got) != 1 || got[0] != want {
				t.Errorf("%q, %v", got, err)
			}
			if file.Said != (record.Said{}) || !strings.HasPrefix(file.Format, "DXF (ogr2ogr 3.") ||
				!strings.Contains(file.ByWhat.EN, "from") {
				t.Errorf("%+v", file)
			}
		})
	}
}

func TestADrawingAtFault(t *testing.T) {
	whole := drawing("AC1015", "ANSI_936", "x")
	for what, data := range map[string]string{
		"breaks off between entities": whole[:strings.LastIndex(whole, "0\nENDSEC")],
		"has no end":                  strings.TrimSuffix(whole, "0\nEOF\n"),
		"has texts in no encoding":    drawing("AC1009", "", "a\xff\xff") + "",
	} {
		if _, err := throughGDAL(t, recordtest.Stored(t, "a.dxf", []byte(data)), record.Options{}); !errors.Is(err,
			geo.ErrInvalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for _, end := range []string{"", "\r\n", "\x1a", "\n\n  \n"} {
		at := recordtest.Stored(t, "a.dxf", []byte(strings.TrimSuffix(whole, "\n")+end))
		if err := dxfComplete(record.Input{Name: "a.dxf", Path: at}); err != nil {
			t.Errorf("end %q: %v", end, err)
		}
	}
}

func FuzzDXFHeader(f *testing.F) {
	f.Add(drawing("AC1015", "ANSI_936", "x"))
	f.Add(recordtest.GBK(f, drawing("AC1009", "", "窨井")))
	f.Add("9\n$DWGCODEPAGE\n9\n$ACADVER\n")
	f.Fuzz(func(t *testing.T, data string) {
		h, err := readDXFHeader(strings.NewReader(data))
		if err != nil || len(h.codePage) > 100 || len(h.version) > 100 || len(h.texts) > dxfTexts {
			t.Errorf("%+v, %v", h, err)
		}
		_, _, _ = h.encoding("a.dxf") // ends
	})
}

package xlsx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path"
	"strings"

	"yizhan/geo"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// workbook is an open XLSX file (ECMA-376-1, 5th edition, part 1, 18; packed as
// part 2 says). Its texts are held whole, its sheets are read as streams.
type workbook struct {
	in       record.Input
	file     *os.File
	size     int64                // bytes
	parts    map[string]*zip.File // by path in lower case
	sheets   []sheet
	shared   [][]byte
	dates    []dateForm // by the style of a cell
	from1904 bool
}

// sheet is a sheet of cells.
type sheet struct {
	name   string
	part   string
	hidden bool
}

// Limits of a workbook beside those of the options: unpacked bytes of all its
// parts, of its texts, and of a part that is read at once.
const (
	workbookUnpacked = 1 << 30
	workbookTexts    = 256 << 20
	workbookPart     = 16 << 20
)

// openWorkbook opens the package and reads what all sheets share.
func openWorkbook(in record.Input) (*workbook, error) {
	file, err := os.Open(in.Path)
	if err != nil {
		return nil, in.Unreadable(err)
	}
	b := &workbook{in: in, file: file, parts: make(map[string]*zip.File)}
	for _, step := range []func() error{b.unpack, b.readSheets, b.readStyles, b.readShared} {
		if err := step(); err != nil {
			return nil, errors.Join(err, file.Close())
		}
	}
	return b, nil
}

// unpack lists the parts, and refuses files that are not XLSX or are too large.
func (b *workbook) unpack() error {
	stat, err := b.file.Stat()
	if err != nil {
		return b.in.Unreadable(err)
	}
	b.size = stat.Size()
	if most := b.in.Options.WorkbookBytes; b.size > most {
		return lang.Errorf("%s has %d bytes; workbooks are read up to %d bytes; save its sheet as CSV: %w", b.in.Name,
			b.size, most, geo.ErrInvalid)
	}
	magic := make([]byte, 8)
	n, err := b.file.ReadAt(magic, 0)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return b.in.Unreadable(err)
	case bytes.HasPrefix(magic[:n], []byte{0xd0, 0xcf, 0x11, 0xe0}): // MS-CFB, 2.2
		return lang.Errorf(
			"%s is an old .xls workbook or is password-protected; open it, remove the password and save it as .xlsx: "+
				"%w", b.in.Name, geo.ErrInvalid)
	}
	packed, err := zip.NewReader(b.file, b.size)
	if err != nil {
		return lang.Errorf("%s is not an .xlsx workbook, or is truncated (%v); save it as .xlsx again: %w", b.in.Name,
			err, geo.ErrInvalid)
	}
	if most := b.in.Options.Entries; len(packed.File) > most {
		return lang.Errorf("%s contains %d parts; workbooks are read up to %d parts; save its sheet as CSV: %w",
			b.in.Name, len(packed.File), most, geo.ErrInvalid)
	}
	most := uint64(min(b.in.Options.UnpackedBytes, workbookUnpacked))
	var unpacked uint64
	for _, part := range packed.File {
		if unpacked += min(part.UncompressedSize64, most+1); unpacked > most {
			return lang.Errorf("%s unpacks to more than %d bytes; save its sheet as CSV: %w", b.in.Name, most,
				geo.ErrInvalid)
		}
		b.parts[partName(part.Name)] = part
	}
	return nil
}

// partName is the path of a part as it is compared (ECMA-376-2, 6.2.2.2).
func partName(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, `\`, "/")), "/"))
}

// decode reads a small part; one that is not there leaves the value as it is.
func (b *workbook) decode(name string, to any) error {
	part := b.parts[partName(name)]
	if part == nil {
		return nil
	}
	if part.UncompressedSize64 > workbookPart {
		return b.in.Damaged(lang.Errorf("%s has %d bytes", part.Name, part.UncompressedSize64))
	}
	r, err := part.Open()
	if err != nil {
		return b.in.Damaged(err)
	}
	defer r.Close()
	if err := xml.NewDecoder(io.LimitReader(r, workbookPart)).Decode(to); err != nil {
		return b.in.Damaged(lang.Errorf("%s: %w", part.Name, err))
	}
	return nil
}

// relationships of a part (ECMA-376-2, 6.5).
type relationships struct {
	List []struct {
		ID     string `xml:"Id,attr"`
		Type   string `xml:"Type,attr"`
		Target string `xml:"Target,attr"`
	} `xml:"Relationship"`
}

// related reads the relationships of a part: by id, the path of each target and its type.
func (b *workbook) related(part string) (targets, types map[string]string, err error) {
	folder, name := path.Split(part)
	var r relationships
	if err := b.decode(folder+"_rels/"+name+".rels", &r); err != nil {
		return nil, nil, err
	}
	targets, types = make(map[string]string), make(map[string]string)
	for _, one := range r.List {
		target := one.Target
		if !strings.HasPrefix(target, "/") {
			target = folder + target
		}
		targets[one.ID], types[one.ID] = partName(target), path.Base(one.Type)
	}
	return targets, types, nil
}

// readSheets lists the sheets of cells (ECMA-376-1, 18.2.27).
func (b *workbook) readSheets() error {
	main := "xl/workbook.xml"
	targets, types, err := b.related("")
	if err != nil {
		return err
	}
	for id, what := range types {
		if what == "officeDocument" {
			main = targets[id]
		}
	}
	if b.parts[partName(main)] == nil {
		return lang.Errorf("%s is not an .xlsx workbook: %s is missing; save it as .xlsx again: %w", b.in.Name, main,
			geo.ErrInvalid)
	}
	var book struct {
		Properties struct {
			From1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name  string `xml:"name,attr"`
			State string `xml:"state,attr"`
			ID    string `xml:"id,attr"`
		} `xml:"sheets>sheet"`
	}
	if err := b.decode(main, &book); err != nil {
		return err
	}
	b.from1904 = book.Properties.From1904 == "1" || book.Properties.From1904 == "true"
	if targets, types, err = b.related(main); err != nil {
		return err
	}
	for _, s := range book.Sheets {
		if types[s.ID] == "worksheet" && b.parts[targets[s.ID]] != nil {
			b.sheets = append(b.sheets, sheet{name: s.Name, part: targets[s.ID], hidden: s.State != "" &&
				s.State != "visible"})
		}
	}
	b.parts["styles"], b.parts["sharedstrings"] = nil, nil
	for id, what := range types {
		if what == "styles" || what == "sharedStrings" {
			b.parts[strings.ToLower(what)] = b.parts[targets[id]]
		}
	}
	return nil
}

// readStyles finds which styles show numbers as dates (ECMA-376-1, 18.8.10 and 18.8.31).
func (b *workbook) readStyles() error {
	var styles struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Cells []struct {
			Format int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if err := b.decode("styles", &styles); err != nil {
		return err
	}
	codes := make(map[int]string, len(styles.Formats))
	for _, f := range styles.Formats {
		codes[f.ID] = f.Code
	}
	b.dates = make([]dateForm, len(styles.Cells))
	for i, c := range styles.Cells {
		if code, ok := codes[c.Format]; ok {
			b.dates[i] = dateFormOf(code)
		} else {
			b.dates[i] = builtInDate(c.Format)
		}
	}
	return nil
}

// readShared reads the texts that cells refer to by number (ECMA-376-1, 18.4.9).
func (b *workbook) readShared() error {
	part := b.parts["sharedstrings"]
	if part == nil {
		return nil
	}
	if part.UncompressedSize64 > workbookTexts {
		return lang.Errorf("%s has more than %d bytes of text; save its sheet as CSV: %w", b.in.Name, workbookTexts,
			geo.ErrInvalid)
	}
	x, err := b.stream(part)
	if err != nil {
		return err
	}
	defer x.Close()
	for {
		token, err := x.token()
		if errors.Is(err, io.EOF) {
			return b.in.Damaged(errors.New("its texts break off"))
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if t.Name.Local == "si" {
				text, err := x.item(nil, "si")
				if err != nil {
					return err
				}
				b.shared = append(b.shared, text)
			}
		case xml.EndElement:
			if t.Name.Local == "sst" {
				return nil
			}
		}
	}
}

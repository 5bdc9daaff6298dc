package shapefile

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"

	"yizhan/geo"
	"yizhan/importer/charset"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// fileSet is the files of a set; a path is empty where there is none.
type fileSet struct {
	in                           record.Input
	shp, dbf, shx, prj, qpj, cpg string
}

// findSet finds the files of a set beside the one that was named, whatever
// their capitals. A name with the same capitals is preferred.
func findSet(in record.Input) (fileSet, error) {
	s := fileSet{in: in}
	dir, base := filepath.Split(in.Path)
	if dir == "" {
		dir = "."
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return s, in.Unreadable(err)
	}
	own := strings.TrimSuffix(base, filepath.Ext(base))
	to := map[string]*string{".shp": &s.shp, ".dbf": &s.dbf, ".shx": &s.shx, ".prj": &s.prj, ".qpj": &s.qpj,
		".cpg": &s.cpg}
	for _, entry := range entries {
		name := entry.Name()
		ext := filepath.Ext(name)
		path, known := to[strings.ToLower(ext)]
		stem := strings.TrimSuffix(name, ext)
		if !known || !strings.EqualFold(stem, own) || *path != "" && stem != own {
			continue
		}
		at := filepath.Join(dir, name)
		if info, err := os.Stat(at); err == nil && info.Mode().IsRegular() {
			*path = at
		}
	}
	if strings.EqualFold(filepath.Ext(base), ".shp") {
		s.shp = in.Path // two sets may differ in their capitals alone
	}
	if s.shp == "" {
		return s, lang.Errorf("%s: %s.shp, which has the shapes, is missing; put it in the same folder: %w", in.Name,
			own, geo.ErrNotFound)
	}
	return s, nil
}

// list names the files that are read, and how large they are.
func (s fileSet) list(f *record.File) {
	for _, path := range []string{s.shp, s.dbf, s.prj, s.qpj, s.cpg} {
		if path == "" {
			continue
		}
		if info, err := os.Stat(path); err == nil {
			f.Paths, f.Size = append(f.Paths, path), f.Size+info.Size()
		}
	}
}

const (
	prjBytes = 64 << 10
	cpgBytes = 1 << 10
)

// readProjection takes the text of the .qpj, which says more, or of the .prj.
func (s fileSet) readProjection(f *record.File) {
	for _, path := range []string{s.qpj, s.prj} {
		if path == "" {
			continue
		}
		ext := strings.ToLower(filepath.Ext(path))
		text, err := readSmall(path, prjBytes)
		if err != nil {
			f.Notes = append(f.Notes, lang.Bothf("the %s was not read: %s", ext, err))
			continue
		}
		if plain := plainText(text); plain != "" {
			f.Said = record.Said{Where: ext, Text: plain}
			return
		}
	}
}

// plainText is the text of a small file without byte order mark, NULs and space around it.
func plainText(text []byte) string {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	if c, _, ok := charset.Guess([][]byte{text}); ok {
		text, _ = c.Decode(nil, text)
	}
	return strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(string(text), "�"), "\x00", ""))
}

// cpgText is what the .cpg says, "" when there is none.
func (s fileSet) cpgText() string {
	if s.cpg == "" {
		return ""
	}
	text, err := readSmall(s.cpg, cpgBytes)
	if err != nil {
		return "?"
	}
	return plainText(text)
}

// readSmall reads a file of at most so many bytes.
func readSmall(path string, most int64) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, most+1))
	if err == nil && int64(len(text)) > most {
		err = lang.Errorf("more than %d bytes", most)
	}
	return text, err
}

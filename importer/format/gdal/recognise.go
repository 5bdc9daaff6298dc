package gdal

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"yizhan/geo"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// sampleBytes is how much of a file is read to recognise it.
const sampleBytes = 64 << 10

// kindOf decides the format of a file by content and extension, and refuses what GDAL
// must not see: names of its virtual file systems, VRT (which can point anywhere), DWG,
// and files whose content does not match their name.
func kindOf(in record.Input) (kind, error) {
	at, err := filepath.Abs(in.Path)
	if err != nil {
		return kind{}, in.Unreadable(err)
	}
	if strings.HasPrefix(in.Path, "/vsi") || strings.HasPrefix(filepath.ToSlash(at), "/vsi") {
		return kind{}, lang.Errorf("%s is in one of GDAL's virtual file systems (/vsi…), which are disabled; "+
			"name a file on disk: %w", in.Name, geo.ErrInvalid)
	}
	info, err := os.Stat(at)
	if err != nil {
		return kind{}, in.Unreadable(err)
	}
	ext := strings.ToLower(filepath.Ext(at))
	if info.IsDir() {
		return folderKind(in, ext)
	}
	if !info.Mode().IsRegular() {
		return kind{}, in.Unreadable(lang.Errorf("not a regular file"))
	}
	head, err := headOf(at, sampleBytes)
	if err != nil {
		return kind{}, in.Unreadable(err)
	}
	if err := refused(in, ext, head); err != nil {
		return kind{}, err
	}
	return fileKind(in, ext, head)
}

// folderKind is the format of a folder by its extension.
func folderKind(in record.Input, ext string) (kind, error) {
	for _, k := range kinds() {
		if k.title == folderTitle && k.has(ext) {
			return k, nil
		}
	}
	return kind{}, lang.Errorf("%s is a folder, and only .gdb folders are data sets; name a file in it: %w",
		in.Name, geo.ErrInvalid)
}

// fileKind is the format of a file: by its extension, which the content must match, or,
// if the extension is unknown (.xml), by content alone.
func fileKind(in record.Input, ext string, head []byte) (kind, error) {
	for _, k := range kinds() {
		switch {
		case k.title == folderTitle || !k.has(ext):
		case k.looks(head):
			return k, nil
		default:
			return kind{}, lang.Errorf("%s has the extension %s, but its content is not %s; "+
				"get a fresh copy or correct its name: %w", in.Name, ext, k.title, geo.ErrInvalid)
		}
	}
	for _, k := range kinds() {
		if !k.named && k.looks(head) {
			return k, nil
		}
	}
	return kind{},
		lang.Errorf("%s: unsupported format; convert it to GeoJSON, GeoPackage, Shapefile, CSV, XLSX or DXF: %w",
			in.Name, geo.ErrInvalid)
}

// refused is the error of a file that is recognised only to say what to do with it.
func refused(in record.Input, ext string, head []byte) error {
	plain := bytes.ToLower(bytes.ReplaceAll(head, []byte{0}, nil)) // UTF-16 too
	pointers := [][]byte{[]byte("<ogrvrt"), []byte("<vrtdataset")}
	points := func(word []byte) bool { return bytes.Contains(plain, word) }
	switch {
	case ext == ".vrt" || slices.ContainsFunc(pointers, points):
		return lang.Errorf("%s is a GDAL VRT, which only points at other data and is not followed; import the "+
			"data itself: %w",
			in.Name, geo.ErrInvalid)
	case ext == ".dwg" || bytes.HasPrefix(head, []byte("AC10")):
		return lang.Errorf("%s is a DWG drawing, which only CAD programs read; save it as DXF (ASCII): %w",
			in.Name, geo.ErrInvalid)
	case bytes.HasPrefix(head, []byte("AutoCAD Binary DXF")):
		return lang.Errorf("%s is a binary DXF, which is not supported; save it as DXF (ASCII): %w", in.Name,
			geo.ErrInvalid)
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return lang.Errorf("%s is compressed with gzip, which ogr2ogr does not read; unpack it first: %w", in.Name,
			geo.ErrInvalid)
	}
	return nil
}

// headOf reads the first bytes of a file, at most n.
func headOf(at string, n int64) ([]byte, error) {
	f, err := os.Open(at)
	if err != nil {
		return nil, err
	}
	head, err := io.ReadAll(io.LimitReader(f, n))
	return head, errors.Join(err, f.Close())
}

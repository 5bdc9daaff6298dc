package archive_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"testing"

	"yizhan/tiles/archive"
)

func TestATilePackedForAnArchiveIsWhole(t *testing.T) {
	t.Parallel()
	body := bytes.Repeat([]byte("南阳"), 1000)
	packed, err := archive.Pack(body)
	if err != nil {
		t.Fatal(err)
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := io.ReadAll(r); err != nil || !bytes.Equal(plain, body) {
		t.Errorf("%d bytes of %d, %v", len(plain), len(body), err)
	}
}

package archive

import (
	"bytes"
	"errors"

	"github.com/klauspost/compress/gzip"
)

// finalLevel is the gzip level of tiles that are packed once and kept: 9 takes twelve times
// as long for tiles that are a fiftieth smaller.
const finalLevel = 6

// Pack packs a tile with gzip as archives want it.
func Pack(body []byte) ([]byte, error) {
	var out bytes.Buffer
	zip, err := gzip.NewWriterLevel(&out, finalLevel)
	if err != nil {
		return nil, err
	}
	_, err = zip.Write(body)
	if err = errors.Join(err, zip.Close()); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

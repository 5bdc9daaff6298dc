package merge

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"

	"yizhan/internal/pg"
	"yizhan/sql"
)

// keptTables are those of a preview. Beside the staging table there is one of the features
// that are not staged because of what the layer has: an edit of such a row changes what
// would happen to them.
func keptTables(id int64) tables {
	return tables{
		staging: pg.Quote("staging", fmt.Sprintf("import_%d", id)),
		aside:   pg.Quote("staging", fmt.Sprintf("import_%d_aside", id)),
	}
}

// setAside keeps the keys of rows of a preview that are rejected for what the layer has.
func (w *work) setAside(ctx context.Context, file string, positions []int64) error {
	byPlace := file == importNear
	if !w.kept() || !byPlace && file != importTaken {
		return nil
	}
	_, err := w.tx.Exec(ctx, w.statement("queries/preview_aside.sql"), positions, byPlace)
	return err
}

// Statements that reject rows for what the layer has.
const (
	importTaken = "queries/import_taken.sql"
	importNear  = "queries/import_near.sql"
)

// copyAside keeps the keys of rows of a preview that the layer has as they are. Each
// is a length and bytes, as it would be staged.
func (w *work) copyAside(ctx context.Context, keys []byte) error {
	if !w.kept() || len(keys) == 0 {
		return nil
	}
	reader, writer := io.Pipe()
	go func() { writer.CloseWithError(writeKeys(bufio.NewWriter(writer), keys)) }()
	_, err := w.tx.Conn().PgConn().CopyFrom(ctx, reader, sql.Statement("queries/preview_aside_copy.sql",
		sql.Words{"aside": w.aside}))
	reader.CloseWithError(errCopyOver)
	return err
}

// writeKeys writes keys as tuples of one field each.
func writeKeys(w *bufio.Writer, keys []byte) error {
	w.WriteString(copyHeader)
	for len(keys) > 0 {
		n := 4 + int(binary.BigEndian.Uint32(keys))
		w.Write([]byte{0, 1})
		w.Write(keys[:n])
		keys = keys[n:]
	}
	w.WriteString(copyTrailer)
	return w.Flush() // a bufio.Writer keeps its first error
}

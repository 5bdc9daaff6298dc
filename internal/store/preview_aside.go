package store

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"

	"yizhan/sql"
)

// keptStaging is the staging table of a preview.
func keptStaging(id int64) string { return quote("staging", fmt.Sprintf("import_%d", id)) }

// keptAside is the table of the features of a preview that are not staged because of
// what the layer has: an edit of such a row changes what would happen to them.
func keptAside(id int64) string { return quote("staging", fmt.Sprintf("import_%d_aside", id)) }

// asideStatement is that of a file about the features set aside.
func (i *importing) asideStatement(file string) string {
	return sql.Statement(file, nil, sql.Words{"aside": i.aside}, i.target.words(i.staging, i.present()))
}

// setAside keeps the keys of rows of a preview that are rejected for what the layer has.
func (i *importing) setAside(ctx context.Context, file string, positions []int64) error {
	byPlace := file == importNear
	if i.aside == "" || !byPlace && file != importTaken {
		return nil
	}
	_, err := i.tx.Exec(ctx, i.asideStatement("queries/preview_aside.sql"), positions, byPlace)
	return err
}

// Statements that reject rows for what the layer has.
const (
	importTaken = "queries/import_taken.sql"
	importNear  = "queries/import_near.sql"
)

// copyAside keeps the keys of rows of a preview that the layer has as they are. Each
// is a length and bytes, as it would be staged.
func (i *importing) copyAside(ctx context.Context, keys []byte) error {
	if i.aside == "" || len(keys) == 0 {
		return nil
	}
	reader, writer := io.Pipe()
	go func() { writer.CloseWithError(writeKeys(bufio.NewWriter(writer), keys)) }()
	_, err := i.tx.Conn().PgConn().CopyFrom(ctx, reader, sql.Statement("queries/preview_aside_copy.sql", sql.Words{"aside": i.aside}))
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

package main

import (
	"strings"
	"testing"
	"time"

	"github.com/mattn/go-runewidth"

	"yizhan/internal/lang"
	"yizhan/internal/ledger"
	"yizhan/internal/merge"
)

func TestImportsAreAlignedWhateverTheirNames(t *testing.T) {
	list := []ledger.Batch{
		{ID: 12, Layer: "station", Source: "batch 11: 驿站调查.geojson", Mode: ledger.ModeUndo, Actor: "王", Finished: time.Unix(0, 0), Deleted: 3},
		{ID: 11, Layer: "station", Source: "驿站调查\x1b[2J.geojson", Mode: "merge", Actor: "surveyor", SHA256: strings.Repeat("0123456789abcdef", 4), UndoneBy: 12, Inserted: 3},
	}
	for language, mode := range map[lang.Tag]string{lang.Chinese: "撤销", lang.English: "undo"} {
		var b strings.Builder
		if err := writeBatches(&b, list, language); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(b.String()), "\n")
		if len(lines) != 3 || !strings.HasSuffix(lines[2], "  0123456789ab") || !strings.Contains(lines[1], mode) || strings.Contains(b.String(), "\x1b") {
			t.Fatalf("got\n%s", b.String())
		}
		head, _, _ := strings.Cut(lines[0], "sha256")
		row, _, _ := strings.Cut(lines[2], "0123456789ab")
		if runewidth.StringWidth(head) != runewidth.StringWidth(row) {
			t.Errorf("the columns are not aligned:\n%s", b.String())
		}
	}
}

func TestAnUndoSaysWhatItPutBackAndHowToRedoIt(t *testing.T) {
	u := &merge.Undone{Batch: 12, Undoes: 11, Layer: "station", Deleted: 1, Restored: 2, Reinserted: 3, Version: "745"}
	for language, says := range map[lang.Tag]string{
		lang.Chinese: "删除 1，恢复原值 2，找回 3", lang.English: "deleted 1, restored 2, re-inserted 3",
	} {
		if text := undoneText(u, language); !strings.Contains(text, says) || !strings.Contains(text, "yizhan undo 12\n") || !strings.Contains(text, "?at=745") {
			t.Errorf("got\n%s", text)
		}
	}
}

package merge_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"yizhan/geo"
	"yizhan/internal/ledger"
)

func TestBatchesAreListedNewestFirst(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	ctx := context.Background()
	a := surveyed(t, s, "station", seat("S1", "站", ""), seat("S1", "站", ""))
	b := surveyed(t, s, "complaint")
	c := surveyed(t, s, "station", seat("S1", "站", ""))
	for _, one := range []struct {
		name   string
		filter ledger.BatchFilter
		want   []int64
	}{
		{"all", ledger.BatchFilter{}, []int64{c, b, a}},
		{"of a layer", ledger.BatchFilter{Layer: "station"}, []int64{c, a}},
		{"of a layer that is not there", ledger.BatchFilter{Layer: "none"}, nil},
		{"the newest", ledger.BatchFilter{Limit: 1}, []int64{c}},
		{"the next page", ledger.BatchFilter{Limit: 1, Before: c}, []int64{b}},
		{"before a large number", ledger.BatchFilter{Before: 1 << 60}, []int64{c, b, a}},
	} {
		t.Run(one.name, func(t *testing.T) {
			list, err := s.Batches(ctx, one.filter)
			if err != nil {
				t.Fatal(err)
			}
			if list == nil || len(list) != len(one.want) {
				t.Fatalf("got %+v, want %v", list, one.want)
			}
			for i := range list {
				if list[i].ID != one.want[i] {
					t.Errorf("got batch %d at %d, want %d", list[i].ID, i, one.want[i])
				}
			}
		})
	}
	if _, err := s.Batches(ctx, ledger.BatchFilter{Limit: -1}); !errors.Is(err, geo.ErrInvalid) {
		t.Errorf("a negative limit: got %v", err)
	}
	if _, err := s.Batch(ctx, c+1); !errors.Is(err, geo.ErrNotFound) {
		t.Errorf("a batch that is not there: got %v", err)
	}
	got, err := s.Batch(ctx, a)
	if err != nil || got.Layer != "station" || got.Read != 2 || got.Inserted != 1 || got.Rejected != 1 ||
		got.Actor != "surveyor" ||
		len(got.SHA256) != 64 || got.Finished.Before(got.Started) {
		t.Errorf("got %+v, %v", got, err)
	}
	text, err := json.Marshal(got)
	if err != nil || !strings.Contains(string(text), `"rejected":1`) || strings.Contains(string(text), "undone_by") {
		t.Errorf("as JSON: %s, %v", text, err)
	}
}

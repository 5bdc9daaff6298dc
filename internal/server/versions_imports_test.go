package server_test

import (
	"context"
	"fmt"
	"testing"

	"yizhan/importer"
	"yizhan/internal/merge"
	"yizhan/internal/server"
)

// An import and its undo say which version has them, so that whoever did it sees it
// on any server at once.
func TestAnImportAndItsUndoSayWhichVersionHasThem(t *testing.T) {
	t.Parallel()
	r := receive(t, server.Options{}, twoStations)
	ctx, stop := context.WithCancel(context.Background())
	followed := make(chan struct{})
	go func() { defer close(followed); _ = r.app.Follow(ctx) }()
	defer func() { stop(); <-followed }()
	<-r.app.Loaded()
	for i := range 20 {
		p := read[merge.Preview](t, r.post(t, stationForm(stations("ST-NEW 112.5305 33.0002 open"))).body)
		applied := r.must(t, 200, "POST", fmt.Sprintf("/imports/%d/apply", p.ID))
		report := read[importer.Report](t, applied.body)
		if report.Version == "" || applied.header.Get("Yizhan-Version") != report.Version {
			t.Fatalf("the import has version %q, and %q in its header", report.Version,
				applied.header.Get("Yizhan-Version"))
		}
		if _, there := shown(t, r.must(t, 200, "GET", tileOfStations(15, "", "at="+report.Version)).body)["ST-NEW"]; !there {
			t.Fatalf("round %d: the tile at version %s lacks what was imported", i, report.Version)
		}
		taken := r.must(t, 200, "POST", fmt.Sprintf("/batches/%d/undo", report.Batch))
		undone := read[merge.Undone](t, taken.body)
		if undone.Version == "" || taken.header.Get("Yizhan-Version") != undone.Version {
			t.Fatalf("the undo has version %q, and %q in its header", undone.Version,
				taken.header.Get("Yizhan-Version"))
		}
		if _, there := shown(t, r.must(t, 200, "GET", tileOfStations(15, "", "at="+undone.Version)).body)["ST-NEW"]; there {
			t.Fatalf("round %d: the tile at version %s still has what was undone", i, undone.Version)
		}
	}
}

package export

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/tiles/archive"
)

// Plan says what an archive holds; it is kept in its metadata.
type Plan struct {
	Format  int       `json:"format"` // of the drawing: another one draws the same rows otherwise
	Layers  string    `json:"layers"`
	Zoom    [2]uint8  `json:"zoom"`
	BBox    []float64 `json:"bbox,omitempty"`
	Version string    `json:"version"` // of the data (pg_snapshot)
}

// drawing is the format that this program draws.
const drawing = 2

// planKey is where the metadata has the plan.
const planKey = "yizhan"

// ReadPlan is the plan of a finished archive; false where no export of ours wrote it.
func ReadPlan(ctx context.Context, path string) (p Plan, ours bool, err error) {
	r, err := archive.Open(ctx, path)
	if err != nil {
		return p, false, err
	}
	p, ours = planOf(r)
	return p, ours, r.Close()
}

func planOf(r archive.Source) (p Plan, ok bool) {
	text, err := json.Marshal(r.Metadata()[planKey])
	return p, err == nil && json.Unmarshal(text, &p) == nil && p.Version != ""
}

// like reports whether two plans differ in nothing but the version.
func (p Plan) like(o Plan) bool {
	p.Version, o.Version = "", ""
	a, errA := json.Marshal(p)
	b, errB := json.Marshal(o)
	return errA == nil && errB == nil && bytes.Equal(a, b)
}

// takeOverPlan takes over the version of an interrupted export when the layers have not
// changed since, so that it can be resumed.
func (e *export) takeOverPlan(ctx context.Context, l Ledger) error {
	var was Plan
	text := archive.Unfinished(ctx, e.Path)
	if text == "" || e.Fresh {
		return nil
	}
	if json.Unmarshal([]byte(text), &was) != nil || !was.like(e.plan) {
		e.notice(lang.Bothf("%s: a different export was interrupted here; starting over", e.Name))
		return nil
	}
	ground, whole, err := l.ChangedGround(ctx, was.Version, e.Layers)
	if err != nil {
		return err
	}
	if whole || len(ground) > 0 {
		e.notice(lang.Bothf("%s: layers changed since the export was interrupted; starting over", e.Name))
		return nil
	}
	e.plan.Version = was.Version
	return nil
}

// openFormer opens the archive to be updated.
func (e *export) openFormer(ctx context.Context, l Ledger) error {
	former, err := archive.Open(ctx, e.Path)
	if errors.Is(err, os.ErrNotExist) {
		e.notice(lang.Bothf("%s: file not found; writing the whole archive", e.Name))
		return nil
	}
	if err != nil {
		return err
	}
	was, ours := planOf(former)
	if !ours || !was.like(e.plan) {
		e.notice(lang.Bothf("%s: contains other layers, zooms or bounds; writing the whole archive", e.Name))
		return former.Close()
	}
	e.former = former
	ground, whole, err := l.ChangedGround(ctx, was.Version, e.Layers)
	if err != nil {
		return err
	}
	if whole {
		e.notice(lang.Bothf("%s: too much has changed; redrawing every tile", e.Name))
		return nil
	}
	e.touched = geo.NewExtentSet(ground)
	return nil
}

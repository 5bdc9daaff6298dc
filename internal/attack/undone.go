package main

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// undoneAttack is tried on a siege.
type undoneAttack struct{ *siege }

// undoneValues imports persons by mistake into a public layer, takes the import back,
// and looks for them in the past. They were there as long as the journal: with as_of,
// and as what differs since.
func (s undoneAttack) undoneValues(ctx context.Context) error {
	name, chat, mobile := secrets()
	var b strings.Builder
	b.WriteString("code,utility,condition,name,remark,lon,lat\n")
	for i := range 20 {
		fmt.Fprintf(&b, "AT-U-%02d,rain,intact,%s,%s %s,%.5f,33.00010\n", i, name, chat, mobile, 112.5300+float64(i)*0.00005)
	}
	before := time.Now()
	sleep(ctx, 1500*time.Millisecond)
	batch, err := s.imported(ctx, "manhole", "mistake.csv", []byte(b.String()))
	if err != nil {
		s.report("an import of persons into a public layer, and its undo", "not to be had by as_of, from and to", "not imported: "+err.Error(), true)
		return nil
	}
	sleep(ctx, 2*time.Second)
	between := time.Now()
	sleep(ctx, 1500*time.Millisecond)
	if err := s.undo(ctx, batch); err != nil {
		return err
	}
	sleep(ctx, 2*time.Second)
	for what, query := range map[string]string{
		"as_of while they were there":  "?columns=name,remark&as_of=" + moment(between),
		"from while they were there":   "?columns=name,remark&from=" + moment(between),
		"from before, to that moment":  "?columns=name,remark&from=" + moment(before) + "&to=" + moment(between),
		"the layer as it is since":     "?columns=name,remark",
		"from before, to the present ": "?columns=name,remark&from=" + moment(before),
	} {
		shown, err := s.shownInTiles(ctx, "manhole", query)
		if err != nil {
			return err
		}
		seen := "nobody"
		if len(shown) > 0 {
			seen = strings.Join(shown, ", ")
		}
		s.report("an import of persons into a public layer is undone; tiles with "+what, "show nobody", seen, len(shown) == 0)
	}
	return nil
}

func moment(at time.Time) string { return url.QueryEscape(at.Format(time.RFC3339Nano)) }

package main

import (
	"context"

	"yizhan/internal/sample"
)

type sampleCommand struct {
	Out  string `help:"Folder to write to; created if missing." required:"" type:"path" placeholder:"DIR"`
	Seed uint64 `help:"Seed of the city; another seed gives another city." default:"${default_seed}"`
}

// Run writes one GeoJSON file a layer.
func (c *sampleCommand) Run(ctx context.Context) error {
	return sample.Write(ctx, c.Out, c.Seed, say)
}

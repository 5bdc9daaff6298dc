package main

import (
	"context"

	"yizhan/internal/sample"
)

type sampleCommand struct {
	Out  string `help:"Folder to write to; made when missing." required:"" type:"path" placeholder:"DIR"`
	Seed uint64 `help:"Another seed makes another city." default:"${default_seed}"`
}

// Run writes one GeoJSON file a layer.
func (c *sampleCommand) Run(ctx context.Context) error {
	return sample.Write(ctx, c.Out, c.Seed, func(file string) { say("%s", file) })
}

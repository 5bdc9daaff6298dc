package main

import (
	"fmt"
	"runtime"

	"github.com/paulmach/orb/encoding/mvt"
)

// sameFeatures refuses to compare speeds of tiles that do not hold the same
// features with the same attributes: a few in a thousand may differ where a
// shape that rounding makes empty is dropped by one side only.
func sameFeatures(ours, theirs string, paths []string) error {
	for _, path := range paths {
		a, err := features(ours, path)
		if err != nil {
			return fmt.Errorf("ours %s: %w", path, err)
		}
		b, err := features(theirs, path)
		if err != nil {
			return fmt.Errorf("theirs %s: %w", path, err)
		}
		differ := 0
		for key, attributes := range b {
			if a[key] != attributes {
				differ++
			}
		}
		for key := range a {
			if _, present := b[key]; !present {
				differ++
			}
		}
		if differ*500 > len(b)+500 {
			return fmt.Errorf("%s: %d of %d features differ", path, differ, len(b))
		}
	}
	return nil
}

// features decodes a tile into «layer/id → attributes».
func features(address, path string) (map[string]string, error) {
	c, err := dial(address)
	if err != nil {
		return nil, err
	}
	defer c.conn.Close()
	_, body, err := c.get(path, "")
	if err != nil {
		return nil, err
	}
	layers, err := mvt.Unmarshal(body)
	if err != nil {
		return nil, err
	}
	found := map[string]string{}
	for _, l := range layers {
		for _, f := range l.Features {
			found[fmt.Sprint(l.Name, "/", f.ID)] = fmt.Sprint(f.Properties)
		}
	}
	return found, nil
}

// heap is the live heap after a collection.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

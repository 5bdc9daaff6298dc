package tileserve

import (
	"sync"

	"yizhan/tiles"
)

// maxSpellings bounds how many spellings are remembered.
const maxSpellings = 1000

// spellings remembers the usual view of a list of layers, when a client lists them in
// another order than the catalogue or more than once.
type spellings struct {
	mu    sync.RWMutex
	views map[string]tiles.View
}

// view is the list's view, or that of the list itself.
func (s *spellings) view(list string) tiles.View {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if v, known := s.views[list]; known {
		return v
	}
	return tiles.View{Layers: list}
}

// remember notes a spelling; when there are too many all are forgotten.
func (s *spellings) remember(list string, v tiles.View) {
	if list == v.Layers {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.views == nil || len(s.views) >= maxSpellings {
		s.views = map[string]tiles.View{}
	}
	s.views[list] = v
}

// forget is called when the catalogue has changed.
func (s *spellings) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.views = nil
}

package replica

import (
	"slices"

	"yizhan/geo"
)

// Forget drops the cached pasts of a layer, because they may contain what may no longer be
// shown.
func (h *History) Forget(layer geo.LayerName) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.kept = slices.DeleteFunc(h.kept, func(p *past) bool { return p.key.layer.Name == layer })
	for key, p := range h.making {
		if key.layer.Name == layer {
			p.outdated = true // who waits for it asked before; nobody asks for it afterwards
			delete(h.making, key)
		}
	}
}

package replica

import (
	"slices"

	"yizhan/geo"
)

// Forget lets go of what is kept of a layer's past, because it may hold what is no
// longer to be seen.
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

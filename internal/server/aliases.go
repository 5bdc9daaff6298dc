package server

import "sync"

// maxAliases bounds how many spellings are remembered.
const maxAliases = 1000

// aliases remembers under which name the layers of a request are cached, when a
// client lists them in another order than the catalogue or more than once.
type aliases struct {
	mu    sync.RWMutex
	names map[string]string
}

// canonical is the list's cached name, or the list itself.
func (a *aliases) canonical(list string) string {
	a.mu.RLock()
	defer a.mu.RUnlock()
	if name, known := a.names[list]; known {
		return name
	}
	return list
}

// remember notes a spelling; when there are too many all are forgotten.
func (a *aliases) remember(list, name string) {
	if list == name {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.names == nil || len(a.names) >= maxAliases {
		a.names = map[string]string{}
	}
	a.names[list] = name
}

// forget is for when the catalogue has changed.
func (a *aliases) forget() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.names = nil
}

package sample

import "github.com/paulmach/orb"

// kerb is a place along a street of a town.
type kerb struct {
	street *street
	at     orb.Point // on the middle of the street
	way    orb.Point // direction of the street
}

// beside is a point of the kerb's town, metres to the left of the street.
func (k kerb) beside(metres float64) orb.Point { return add(k.at, scale(left(k.way), metres)) }

// kerbs are the places every step metres along the streets of a town, off the bridges.
func (c *city) kerbs(t *town, step float64) []kerb {
	var out []kerb
	for _, s := range c.streets {
		if s.town != t || s.rural {
			continue
		}
		length := lineLength(s.line)
		for at := step / 2; at < length; at += step {
			p, way := along(s.line, at)
			if !t.wet(p) {
				out = append(out, kerb{s, p, way})
			}
		}
	}
	return out
}

// kerbsNear are the kerbs within a distance of a point.
func kerbsNear(all []kerb, p orb.Point, radius float64) []kerb {
	var out []kerb
	for _, k := range all {
		if distance(k.at, p) < radius {
			out = append(out, k)
		}
	}
	return out
}

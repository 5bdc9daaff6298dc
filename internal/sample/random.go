package sample

import (
	"hash/fnv"
	"math/rand/v2"
)

// dice is the random stream of one subject.
type dice struct{ *rand.Rand }

// newDice starts the stream of a subject: PCG seeded by the city's seed and the
// subject's name.
func newDice(seed uint64, subject string) dice {
	h := fnv.New64a()
	h.Write([]byte(subject))
	return dice{rand.New(rand.NewPCG(seed, h.Sum64()))}
}

// between draws evenly from [low, high).
func (d dice) between(low, high float64) float64 { return low + (high-low)*d.Float64() }

// count draws evenly from low to high, both included.
func (d dice) count(low, high int) int { return low + d.IntN(high-low+1) }

// chance is true with probability p.
func (d dice) chance(p float64) bool { return d.Float64() < p }

// one draws one of the choices evenly.
func one[T any](d dice, choices ...T) T { return choices[d.IntN(len(choices))] }

// share is a choice and its weight.
type share[T any] struct {
	value  T
	weight float64
}

// weighted draws one of the choices by weight.
func weighted[T any](d dice, choices []share[T]) T {
	total := 0.0
	for _, c := range choices {
		total += c.weight
	}
	at := d.Float64() * total
	for _, c := range choices {
		if at -= c.weight; at < 0 {
			return c.value
		}
	}
	return choices[len(choices)-1].value
}

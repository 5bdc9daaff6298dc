// Package queue has dear work wait its turn: so much at a time, so much waiting, and of
// one client no more than its share, so that nobody keeps the others from theirs. It
// knows nothing of what the work is, nor how a client is recognised.
package queue

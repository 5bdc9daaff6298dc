package server

import (
	"errors"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// How many follow the changes at once, by /events or by a /changes that waits, and
// how many of them are one client.
const (
	maxFollowers    = 2000
	followersOfEach = 200
)

// errTooMany is of a client that has its share.
var errTooMany = errors.New("too many requests")

// follow gives a client one of the places of those who follow the changes.
func (s *Server) follow(client string) (leave func(), err error) {
	leave, err = s.followers.take(client)
	switch {
	case errors.Is(err, errHasEnough):
		return nil, lang.Errorf("your address follows the changes %d times already; close some and try again: %w", s.followers.each, errTooMany)
	case err != nil:
		return nil, lang.Errorf("%d clients follow the changes already; try again later: %w", s.followers.most, geo.ErrUnavailable)
	}
	return leave, nil
}

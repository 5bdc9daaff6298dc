package server

import (
	"errors"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// How many clients may follow the changes at once, by /events or by a /changes that
// waits, and how many of these connections one client may have.
const (
	maxFollowers    = 2000
	followersOfEach = 200
)

// errTooMany is of a client that has its share.
const errTooMany = lang.Kind("too many requests")

// follow gives a client one of the places of those who follow the changes.
func (c *changeRoutes) follow(client string) (leave func(), err error) {
	leave, err = c.followers.take(client)
	switch {
	case errors.Is(err, errHasEnough):
		return nil,
			lang.Errorf("your address already follows the changes %d times; close some connections and try again: %w",
				c.followers.each, errTooMany)
	case err != nil:
		return nil, lang.Errorf("%d clients already follow the changes; try again later: %w", c.followers.most,
			geo.ErrUnavailable)
	}
	return leave, nil
}

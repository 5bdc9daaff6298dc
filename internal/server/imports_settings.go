package server

import (
	"context"

	"yizhan/geo"
	"yizhan/importer/settings"
	"yizhan/internal/lang"
	"yizhan/internal/merge"
)

// options reads a form; what a saved profile says counts where the form is silent.
func (s *Server) options(ctx context.Context, u *upload) (o merge.Options, err error) {
	said, err := settings.FromForm(u.fields, u.maps)
	if err != nil {
		return o, err
	}
	if name := u.fields["profile"]; name != "" {
		saved, err := s.ledger.Profile(ctx, name)
		if err != nil {
			return o, err
		}
		said = said.Over(saved.Settings)
	}
	if said.Layer == nil {
		return o, lang.Errorf("the form does not say into which layer; add the field \"layer\": %w", geo.ErrInvalid)
	}
	return merge.Options{Settings: said, Actor: s.imports.options.actor, Control: []byte(u.fields["control"])}, nil
}

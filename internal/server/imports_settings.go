package server

import (
	"context"

	"yizhan/geo"
	"yizhan/importer/settings"
	"yizhan/internal/jobs"
	"yizhan/internal/lang"
	"yizhan/internal/merge"
)

// options reads a form; what a saved profile says counts where the form is silent.
func (s *Server) options(ctx context.Context, u *jobs.Upload) (o merge.Options, err error) {
	said, err := settings.FromForm(u.Fields, u.Maps)
	if err != nil {
		return o, err
	}
	if name := u.Fields["profile"]; name != "" {
		saved, err := s.ledger.Profile(ctx, name)
		if err != nil {
			return o, err
		}
		said = said.Over(saved.Settings)
	}
	if said.Layer == nil {
		return o, lang.Errorf("the form does not say into which layer; add the field \"layer\": %w", geo.ErrInvalid)
	}
	return merge.Options{Settings: said, Actor: s.imports.actor, Control: []byte(u.Fields["control"])}, nil
}

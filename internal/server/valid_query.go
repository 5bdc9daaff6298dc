package server

import (
	"net/http"
	"net/url"

	"yizhan/geo"
	"yizhan/internal/jobs"
	"yizhan/internal/lang"
)

// maxHost is the length limit of the Host header: a DNS name and a port. Links in answers
// repeat it.
const maxHost = 253 + len(":65535")

// validQuery refuses query strings with broken percent-encoding, of which [url.URL.Query]
// would silently drop a part, and texts that neither PostgreSQL nor a filter can hold.
func (a *answering) validQuery(next http.Handler) http.Handler {
	return a.answer(func(w http.ResponseWriter, r *http.Request) error {
		if len(r.Host) > maxHost {
			return lang.Errorf("the Host header has more than %d bytes: %w", maxHost, geo.ErrInvalid)
		}
		if err := jobs.CheckText(lang.Bothf("the address"), r.URL.Path); err != nil {
			return err
		}
		if r.URL.RawQuery != "" {
			values, err := url.ParseQuery(r.URL.RawQuery)
			if err != nil {
				return lang.Errorf("the query string is not valid (%.80v); write %% as %%25 and ; as %%3B: %w", err,
					geo.ErrInvalid)
			}
			if err := checkTexts(values); err != nil {
				return err
			}
		}
		next.ServeHTTP(w, r)
		return nil
	})
}

// checkTexts checks the parameters of a query, names too.
func checkTexts(values url.Values) error {
	for name, list := range values {
		if err := jobs.CheckText(lang.Bothf("the name of a parameter"), name); err != nil {
			return err
		}
		for _, value := range list {
			if err := jobs.CheckText(lang.Bothf("parameter %.60q", name), value); err != nil {
				return err
			}
		}
	}
	return nil
}

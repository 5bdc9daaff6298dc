package server_test

import (
	"encoding/json"
	"testing"
	"unicode"

	"yizhan/internal/lang"
	"yizhan/internal/pgtest"
)

// TestErrorsAreSaidInTheLanguageOfWhoAsks asks in every resource for what is refused.
func TestErrorsAreSaidInTheLanguageOfWhoAsks(t *testing.T) {
	t.Parallel()
	r := serve(t, pgtest.Ledger(t), twoStations)
	for _, path := range []string{
		"/nowhere", "/layers/manholes", "/tiles/station/99/0/0.mvt", "/tiles/station/14/1/1.mvt?filter=nonsense+%3D+1",
		"/tiles/station/14/1/1.mvt?at=x", "/tiles/station.json?as_of=never", "/styles/nothing.json", "/ogc/tiles/Other",
		"/ask/nothing", "/ask/members_within", "/ask/members_within?station=S-1&format=xls", "/changes?since=1&wait=x",
		"/layers?a=1", "/imports/0", "/batches?limit=0", "/layers?%zz",
	} {
		english, chinese := r.refused(t, path, "en-GB,en;q=0.8"), r.refused(t, path, "zh-CN,zh;q=0.9")
		if english.Label != chinese.Label || english.Message != english.Label.EN ||
			chinese.Message != english.Label.ZH {
			t.Errorf("%s: %+v, and to a Chinese reader %+v", path, english, chinese)
		}
		if contains(english.Message, unicode.Han) || !contains(chinese.Message, unicode.Han) {
			t.Errorf("%s: %q and %q", path, english.Message, chinese.Message)
		}
	}
}

// refusalBody is the body of an error.
type refusalBody struct {
	Message string     `json:"message"`
	Label   lang.Label `json:"label"`
}

func (r *running) refused(t *testing.T, path, language string) refusalBody {
	t.Helper()
	got := r.get(t, "GET", path, "Accept-Language: "+language)
	var body struct {
		Error refusalBody `json:"error"`
	}
	if err := json.Unmarshal([]byte(got.body), &body); err != nil || got.status < 400 {
		t.Fatalf("%s: %d %s %v", path, got.status, got.body, err)
	}
	if vary := got.header.Values("Vary"); len(vary) == 0 {
		t.Errorf("%s: the answer has no Vary", path)
	}
	return body.Error
}

func contains(text string, script *unicode.RangeTable) bool {
	for _, r := range text {
		if unicode.Is(script, r) {
			return true
		}
	}
	return false
}

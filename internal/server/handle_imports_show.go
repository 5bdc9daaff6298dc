package server

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/internal/merge"
)

// listImports lists the latest imports, newest first, without their reports.
func (i *importRoutes) listImports(w http.ResponseWriter, r *http.Request) error {
	if err := onlyParameters(r); err != nil {
		return err
	}
	list, err := i.merge.Previews(r.Context())
	if err != nil {
		return err
	}
	views := []importView{}
	for n := range list {
		v, err := i.view(r, &list[n])
		if err != nil {
			return err
		}
		views = append(views, v)
	}
	writeJSON(w, http.StatusOK, map[string]any{"imports": views})
	return nil
}

// showImport shows one import, as JSON or as the text that a planner reads.
func (i *importRoutes) showImport(w http.ResponseWriter, r *http.Request) error {
	if err := onlyParameters(r, "lang"); err != nil {
		return err
	}
	id, err := number(r)
	if err != nil {
		return err
	}
	return i.sendImport(w, r, http.StatusOK, id)
}

func (i *importRoutes) sendImport(w http.ResponseWriter, r *http.Request, status int, id int64) error {
	p, err := i.merge.ReadPreview(r.Context(), id)
	if err != nil {
		return err
	}
	v, err := i.view(r, p)
	if err != nil {
		return err
	}
	language, err := languageOf(r)
	if err != nil {
		return err
	}
	if r.Method != http.MethodPost && strings.HasPrefix(r.Header.Get("Accept"), "text/plain") {
		writeText(w, v.text(language))
		return nil
	}
	writeJSON(w, status, v)
	return nil
}

// text is an import as a planner reads it.
func (v importView) text(language lang.Tag) string {
	if v.Report != nil {
		return v.Report.Text(language)
	}
	if v.Error != nil {
		if both, ok := v.Error["label"].(lang.Label); ok {
			return both.In(language) + "\n"
		}
	}
	return stateText(v.ID, v.State).In(language) + "\n"
}

// stateText is an import without a report.
func stateText(id int64, state merge.State) lang.Label {
	switch state {
	case merge.Reading:
		return lang.Bothf("import %d: being read", id)
	case merge.Discarded:
		return lang.Bothf("import %d: discarded", id)
	case merge.Failed:
		return lang.Bothf("import %d: failed", id)
	}
	return lang.Bothf("import %d", id)
}

func writeText(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	w.Write([]byte(text))
}

// languageOf is what the parameter lang says, else what the browser prefers.
func languageOf(r *http.Request) (lang.Tag, error) {
	switch language := lang.Tag(r.URL.Query().Get("lang")); language {
	case lang.Chinese, lang.English:
		return language, nil
	case "":
		return preferred(r), nil
	default:
		return "", lang.Errorf("lang=%.20q: give zh or en: %w", string(language), geo.ErrInvalid)
	}
}

// number is the id in the address.
func number(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(chi.URLParam(r, "id"), 10, 64)
	if err != nil || id <= 0 {
		return 0,
			lang.Errorf("%.20q is not a number of an import or batch; GET /imports and GET /batches list them: %w",
				chi.URLParam(r, "id"), geo.ErrInvalid)
	}
	return id, nil
}

// otherMethod names the methods that an address takes.
func otherMethod(w http.ResponseWriter, r *http.Request) error {
	var takes []string
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodDelete} {
		asked := method
		if asked == http.MethodHead {
			asked = http.MethodGet
		}
		if chi.RouteContext(r.Context()).Routes.Match(chi.NewRouteContext(), asked, r.URL.Path) {
			takes = append(takes, method)
		}
	}
	w.Header().Set("Allow", strings.Join(takes, ", "))
	return lang.Errorf("this address accepts %s only: %w", lang.List(takes), errMethod)
}

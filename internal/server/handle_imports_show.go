package server

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/internal/merge"
)

// listImports lists the latest imports, newest first, without their reports.
func (s *Server) listImports(w http.ResponseWriter, r *http.Request) error {
	if err := onlyParameters(r); err != nil {
		return err
	}
	list, err := s.merge.Previews(r.Context())
	if err != nil {
		return err
	}
	views := []importView{}
	for i := range list {
		v, err := s.view(r.Context(), &list[i])
		if err != nil {
			return err
		}
		views = append(views, v)
	}
	writeJSON(w, http.StatusOK, map[string]any{"imports": views})
	return nil
}

// showImport shows one import, as JSON or as the text that a planner reads.
func (s *Server) showImport(w http.ResponseWriter, r *http.Request) error {
	if err := onlyParameters(r, "lang"); err != nil {
		return err
	}
	id, err := number(r)
	if err != nil {
		return err
	}
	return s.sendImport(w, r, http.StatusOK, id)
}

func (s *Server) sendImport(w http.ResponseWriter, r *http.Request, status int, id int64) error {
	p, err := s.merge.ReadPreview(r.Context(), id)
	if err != nil {
		return err
	}
	v, err := s.view(r.Context(), p)
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
func (v importView) text(language string) string {
	if v.Report != nil {
		return v.Report.Text(lang.Tag(language))
	}
	if v.Error != nil {
		if both, ok := v.Error["label"].(lang.Label); ok && language == "zh" {
			return both.ZH + "\n"
		}
		return fmt.Sprint(v.Error["message"], "\n")
	}
	if language == "zh" {
		return fmt.Sprintf("导入 %d：%s\n", v.ID, map[merge.State]string{merge.Reading: "正在读取", merge.Discarded: "已放弃", merge.Failed: "失败"}[v.State])
	}
	return fmt.Sprintf("import %d: %s\n", v.ID, v.State)
}

func writeText(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	w.Write([]byte(text))
}

// languageOf is zh or en: what the parameter says, else what the browser prefers.
func languageOf(r *http.Request) (string, error) {
	switch language := r.URL.Query().Get("lang"); language {
	case "zh", "en":
		return language, nil
	case "":
	default:
		return "", lang.Errorf("lang %.20q: write zh or en: %w", language, geo.ErrInvalid)
	}
	if strings.HasPrefix(strings.ToLower(r.Header.Get("Accept-Language")), "zh") {
		return "zh", nil
	}
	return "en", nil
}

// number is the id in the address.
func number(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(chi.URLParam(r, "id"), 10, 64)
	if err != nil || id <= 0 {
		return 0, lang.Errorf("%.20q is not the number of one; GET lists those that there are: %w", chi.URLParam(r, "id"), geo.ErrInvalid)
	}
	return id, nil
}

// otherMethod names the methods that an address takes.
func (s *Server) otherMethod(w http.ResponseWriter, r *http.Request) error {
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
	return lang.Errorf("this address takes %s: %w", strings.Join(takes, " and "), errMethod)
}

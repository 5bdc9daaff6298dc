package jobs

import (
	"errors"
	"path/filepath"
	"strings"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/importer/crs"
	"yizhan/internal/lang"
	"yizhan/internal/merge"
)

// Outcome is what became of an import.
type Outcome string

// Outcomes of reading and of decisions.
const (
	Previewed Outcome = "previewed"
	Asked     Outcome = "question" // about the coordinate system
	Failed    Outcome = "failed"
	Applied   Outcome = "applied"
	Discarded Outcome = "discarded"
	Undone    Outcome = "undone"
)

// errDiscarded: somebody discarded an import that was being read.
var errDiscarded = lang.Errorf("the import was discarded while it was being read: %w", geo.ErrConflict)

func outcomeOf(err error) Outcome {
	var question *crs.Question
	switch {
	case errors.As(err, &question):
		return Asked
	case errors.Is(err, ErrClientGone), errors.Is(err, errDiscarded):
		return Discarded
	}
	return Failed
}

// StrictRefusal refuses a file with rejected rows because all or none were to be imported.
type StrictRefusal struct{ Report *importer.Report }

func (s *StrictRefusal) Error() string { return s.In(lang.English) }

// In is the refusal in a language.
func (s *StrictRefusal) In(t lang.Tag) string {
	return t.Sayf(
		"%s of %s rows were rejected, so no row is imported; upload the file without \"strict\" to get the rejected "+
			"rows as a file",
		lang.Thousands(s.Report.Rejected), lang.Thousands(s.Report.Read))
}

func (s *StrictRefusal) Unwrap() error { return merge.ErrStrict }

// placeless is an error whose text names files without the server's folder in which they
// are.
type placeless struct {
	error
	dir string
}

func (p placeless) Error() string { return p.without(p.error.Error()) }

// In is the error in a language.
func (p placeless) In(t lang.Tag) string { return p.without(t.Error(p.error)) }

func (p placeless) without(text string) string {
	return strings.ReplaceAll(text, filepath.Dir(p.dir)+string(filepath.Separator), "")
}

func (p placeless) Unwrap() error { return p.error }

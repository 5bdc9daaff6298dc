package pg

import (
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"yizhan/geo"
	"yizhan/internal/lang"
)

func TestWhatTheDatabaseSaysIsNotShown(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]struct {
		kind   error
		en, zh string
	}{
		"53100": {geo.ErrUnavailable, "disk of the ledger is full", "磁盘已满"},
		"57014": {geo.ErrUnavailable, "took too long", "超时"},
		"57P03": {geo.ErrUnavailable, "not ready", "尚未就绪"},
		"40P01": {geo.ErrConflict, "another session", "他人正在修改"},
	} {
		err := lang.Errorf("import: %w", Describe(&pgconn.PgError{Code: code, Message: "SECRET"}))
		told := lang.BothOf(err)
		if !errors.Is(err, want.kind) || !strings.Contains(told.EN, want.en) || !strings.Contains(told.ZH, want.zh) {
			t.Errorf("%s: %q", code, told)
		}
		if strings.Contains(told.String()+err.Error(), "SECRET") {
			t.Errorf("%s shows what the database said: %q, %v", code, told, err)
		}
		var answer *pgconn.PgError
		if !errors.As(err, &answer) {
			t.Errorf("%s: the log cannot have the cause", code)
		}
	}
}

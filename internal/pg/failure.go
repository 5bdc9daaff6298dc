package pg

import (
	"context"
	"errors"
	"io"
	"net"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// Describe gives an error of the driver one of the kinds of package geo, keeping
// the cause for the log. Errors that already have a kind pass unchanged.
func Describe(err error) error {
	if err == nil {
		return nil
	}
	for _, kind := range []error{geo.ErrNotFound, geo.ErrInvalid, geo.ErrForbidden, geo.ErrConflict,
		geo.ErrUnavailable} {
		if errors.Is(err, kind) {
			return err
		}
	}
	if errors.Is(err, context.Canceled) {
		return err
	}
	var answer *pgconn.PgError
	if errors.As(err, &answer) {
		return describeAnswer(answer, err)
	}
	var refused *pgconn.ConnectError
	var network net.Error
	if errors.As(err, &refused) || errors.As(err, &network) || errors.Is(err, context.DeadlineExceeded) ||
		pgconn.SafeToRetry(err) {
		return Unavailable(lang.Bothf("the ledger does not answer; try again shortly"), err)
	}
	for _, cut := range []error{io.EOF, io.ErrUnexpectedEOF, syscall.EPIPE, syscall.ECONNRESET, net.ErrClosed} {
		if errors.Is(err, cut) {
			return Unavailable(lang.Bothf("the connection to the ledger was lost (its disk may be full) and nothing "+
				"was written; try again shortly"), err)
		}
	}
	return err
}

// describeAnswer maps SQLSTATE classes (PostgreSQL documentation, appendix A).
func describeAnswer(answer *pgconn.PgError, err error) error {
	switch class := answer.Code[:2]; {
	case answer.Code == "57014":
		return Unavailable(lang.Bothf("the ledger took too long; try again shortly"), err)
	case answer.Code == "53100":
		return Unavailable(lang.Bothf("the disk of the ledger is full and nothing was written; free space on it and "+
			"try again"), err)
	case class == "08" || class == "53" || class == "57" || class == "58":
		return Unavailable(lang.Bothf("the ledger is not ready; try again shortly"), err)
	case answer.Code == "40001" || answer.Code == "40P01" || answer.Code == "55P03":
		return &failure{lang.Bothf("another session is changing the same rows; try again"), geo.ErrConflict, err}
	}
	return err
}

// Unavailable keeps the driver's error for errors.As and the log, and says only
// the text to the reader.
func Unavailable(text lang.Label, cause error) error {
	return &failure{text: text, kind: geo.ErrUnavailable, cause: cause}
}

// failure is an error of a kind whose text hides its cause.
type failure struct {
	text  lang.Label
	kind  error
	cause error
}

func (f *failure) Error() string        { return f.text.EN }
func (f *failure) In(t lang.Tag) string { return f.text.In(t) }
func (f *failure) Unwrap() []error      { return []error{f.kind, f.cause} }

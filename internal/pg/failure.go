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
		return Unavailable("the ledger does not answer", err)
	}
	for _, cut := range []error{io.EOF, io.ErrUnexpectedEOF, syscall.EPIPE, syscall.ECONNRESET, net.ErrClosed} {
		if errors.Is(err, cut) {
			return Unavailable("the connection to the ledger was lost (its disk may be full) and nothing was written",
				err)
		}
	}
	return err
}

// describeAnswer maps SQLSTATE classes (PostgreSQL documentation, appendix A).
func describeAnswer(answer *pgconn.PgError, err error) error {
	switch class := answer.Code[:2]; {
	case answer.Code == "57014":
		return Unavailable("the ledger took too long", err)
	case answer.Code == "53100":
		return &failure{"the disk of the ledger is full and nothing was written; free space on it and try again", err}
	case class == "08" || class == "53" || class == "57" || class == "58":
		return Unavailable("the ledger is not ready", err)
	case answer.Code == "40001" || answer.Code == "40P01" || answer.Code == "55P03":
		return lang.Errorf("another session is changing the same rows; try again: %w",
			errors.Join(geo.ErrConflict, err))
	}
	return err
}

// Unavailable keeps the driver's error for errors.As and the log, and says only
// the sentence to the reader.
func Unavailable(sentence string, cause error) error {
	return &failure{sentence: sentence + "; try again shortly", cause: cause}
}

// failure is an ErrUnavailable whose text hides its cause.
type failure struct {
	sentence string
	cause    error
}

func (f *failure) Error() string   { return f.sentence }
func (f *failure) Unwrap() []error { return []error{geo.ErrUnavailable, f.cause} }

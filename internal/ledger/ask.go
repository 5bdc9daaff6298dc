package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/internal/pg"
	"yizhan/sql"
)

// Question is a function of schema ask, published as it is: its parameters,
// types, defaults and comment are its API.
type Question struct {
	Name       string      `json:"name"`
	Title      lang.Label  `json:"title"`
	Parameters []Parameter `json:"parameters"`
	Columns    []Column    `json:"columns"`

	audited bool // leaves an audit row, so that its transaction must be able to write
}

// Parameter is an argument of a question; Type is PostgreSQL's name of its type
// and Default the SQL expression that stands in for it.
type Parameter struct {
	Name     string     `json:"name"`
	Type     string     `json:"type"`
	Required bool       `json:"required"`
	Default  *string    `json:"default,omitempty"`
	Title    lang.Label `json:"title"`
}

// Column is a column of the answer.
type Column struct {
	Name  string     `json:"name"`
	Type  string     `json:"type"`
	Title lang.Label `json:"title"`
}

// Answer holds the rows of an answer, each a JSON object with its keys in the order of the columns.
type Answer struct {
	Question   *Question
	Parameters map[string]string // as given
	Rows       []json.RawMessage
}

// Questions lists what can be asked, by name.
func (l *Ledger) Questions(ctx context.Context) ([]Question, error) {
	return l.questions(ctx, nil)
}

// Question returns one question, or ErrNotFound.
func (l *Ledger) Question(ctx context.Context, name string) (*Question, error) {
	found, err := l.questions(ctx, &name)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, lang.Errorf("question %.60q not found; /ask lists all questions: %w", name, geo.ErrNotFound)
	}
	return &found[0], nil
}

func (l *Ledger) questions(ctx context.Context, name *string) ([]Question, error) {
	rows, err := l.db.Questions.Query(ctx, sql.Text("queries/questions.sql"), name)
	if err != nil {
		return nil, pg.Describe(lang.Errorf("list questions: %w", err))
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Question, error) {
		var q Question
		var comment string
		err := row.Scan(&q.Name, &comment, &q.Parameters, &q.Columns, &q.audited)
		q.explain(comment)
		return q, err
	})
	return found, pg.Describe(err)
}

// explain takes titles from the function's comment: «中文 | English» on the first
// line, then a line «name: 中文 | English» for a parameter or a column each.
func (q *Question) explain(comment string) {
	lines := strings.Split(comment, "\n")
	q.Title = label(lines[0], q.Name)
	named := map[string]string{}
	for _, line := range lines[1:] {
		if name, text, found := strings.Cut(line, ":"); found {
			named[strings.TrimSpace(name)] = text
		}
	}
	for i, p := range q.Parameters {
		q.Parameters[i].Title = label(named[p.Name], p.Name)
	}
	for i, c := range q.Columns {
		q.Columns[i].Title = label(named[c.Name], c.Name)
	}
}

func label(text, fallback string) lang.Label {
	zh, en, found := strings.Cut(text, " | ")
	if !found {
		en = zh
	}
	zh, en = strings.TrimSpace(zh), strings.TrimSpace(en)
	if zh == "" {
		zh = fallback
	}
	if en == "" {
		en = zh
	}
	return lang.Label{ZH: zh, EN: en}
}

// ErrBudget: the asker has asked about as many grounds as one may in a day.
var ErrBudget error = lang.Kind("budget used up")

// Asking is a question put by somebody.
type Asking struct {
	Question string
	Given    map[string]string // parameters as text
	Asker    string            // who asks, as the audit row has it
}

// Ask answers a question with the parameters given as text. Unknown, missing and
// ill-typed parameters are ErrInvalid and named; what the function itself raises
// as no_data_found is ErrNotFound, and as a data exception ErrInvalid.
func (l *Ledger) Ask(ctx context.Context, a Asking) (*Answer, error) {
	name, given := a.Question, a.Given
	q, err := l.Question(ctx, name)
	if err != nil {
		return nil, err
	}
	if err := q.check(given); err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var answers []json.RawMessage
	err = pgx.BeginTxFunc(ctx, l.db.Questions, pgx.TxOptions{AccessMode: q.access()}, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sql.Text("queries/ask_as.sql"), a.Asker); err != nil {
			return err
		}
		statement, args := q.statement(given)
		rows, err := tx.Query(ctx, statement, args...)
		if err != nil {
			return err
		}
		answers, err = q.collect(rows, given, stop)
		return err
	})
	if err != nil {
		return nil, l.explainRefusal(ctx, q, given, err)
	}
	return &Answer{Question: q, Parameters: given, Rows: answers}, nil
}

// access is how a question's transaction is begun. The role that asks may write nothing
// itself; a question of the ledger's own that speaks of persons writes its audit row.
func (q *Question) access() pgx.TxAccessMode {
	if q.audited {
		return pgx.ReadWrite
	}
	return pgx.ReadOnly
}

// check compares the parameters given with those the question takes.
func (q *Question) check(given map[string]string) error {
	known := make([]string, 0, len(q.Parameters))
	for _, p := range q.Parameters {
		known = append(known, p.Name)
		if _, present := given[p.Name]; p.Required && !present {
			return lang.Errorf("%s: parameter %q is missing (%s, %s): %w", q.Name, p.Name, p.Type, p.Title,
				geo.ErrInvalid)
		}
	}
	for name, value := range given {
		if nearest := geo.Nearest(name, known); nearest != name {
			return lang.Errorf("%s: unknown parameter %.60q%s: %w", q.Name, name, geo.Suggest(nearest), geo.ErrInvalid)
		}
		if strings.ContainsRune(value, 0) {
			return lang.Errorf("%s: parameter %q must not contain a NUL character: %w", q.Name, name, geo.ErrInvalid)
		}
	}
	return nil
}

// statement calls the function with named arguments; values are parameters of
// the statement, and both it and its types come from the database's own catalogue.
func (q *Question) statement(given map[string]string) (string, []any) {
	var named []string
	var args []any
	for _, p := range q.Parameters {
		if value, present := given[p.Name]; present {
			args = append(args, value)
			named = append(named, fmt.Sprintf("%s => $%d::%s", pg.Quote(p.Name), len(args), p.Type))
		}
	}
	call := pg.Quote("ask", q.Name) + "(" + strings.Join(named, ", ") + ")"
	return sql.Statement("queries/ask.sql", sql.Words{"call": call}), args
}

// explainRefusal turns what the database raised into what the asker can correct.
func (l *Ledger) explainRefusal(ctx context.Context, q *Question, given map[string]string, err error) error {
	var raised *pgconn.PgError
	if !errors.As(err, &raised) {
		return pg.Describe(lang.Errorf("ask %s: %w", q.Name, err))
	}
	switch {
	case raised.Code == "P0002":
		return lang.Errorf("%s: %w", raised.Message, geo.ErrNotFound)
	case raised.Code == "22023" || raised.Code == "P0001":
		return lang.Errorf("%s: %w", raised.Message, geo.ErrInvalid)
	case raised.Code == "55000":
		return lang.Errorf("%s: %w", raised.Message, geo.ErrConflict)
	case raised.Code == "53400":
		return lang.Errorf("%s: %w", raised.Message, ErrBudget)
	case raised.Code == "25006" || raised.Code == "42501":
		return lang.Errorf("%s: the question tried to do something that questions are not allowed to do: %w", q.Name,
			geo.ErrForbidden)
	case raised.Code[:2] == "22":
		return l.blame(ctx, q, given)
	}
	return pg.Describe(lang.Errorf("ask %s: %w", q.Name, err))
}

// blame finds the parameter whose text is not of its type by casting one at a time.
func (l *Ledger) blame(ctx context.Context, q *Question, given map[string]string) error {
	for _, p := range q.Parameters {
		value, present := given[p.Name]
		if !present {
			continue
		}
		probe := sql.Statement("queries/ask_cast.sql", sql.Words{"type": p.Type})
		if _, err := l.db.Questions.Exec(ctx, probe, value); err != nil {
			return lang.Errorf("%s: parameter %q must be %s (%s), not %.60q: %w",
				q.Name, p.Name, expected(p.Type), p.Title, value, geo.ErrInvalid)
		}
	}
	return lang.Errorf("%s: value out of range: %w", q.Name, geo.ErrInvalid)
}

// expected says what a type of PostgreSQL takes.
func expected(typ string) lang.Label {
	switch typ {
	case "double precision", "real", "numeric":
		return lang.Bothf("a number")
	case "integer", "bigint", "smallint":
		return lang.Bothf("a whole number")
	case "boolean":
		return lang.Bothf("true or false")
	case "date":
		return lang.Bothf("a date such as 2026-05-01")
	default:
		return lang.Bothf("of type %s", typ)
	}
}

package ledger

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/internal/pg"
)

// collect reads the rows of an answer one by one, and no further than an answer may go:
// then stop, which ends the statement, is called first, so that the rest is not sent.
func (q *Question) collect(rows pgx.Rows, given map[string]string, stop context.CancelFunc) ([]json.RawMessage, error) {
	defer rows.Close()
	var answers []json.RawMessage
	held := 0
	for rows.Next() {
		raw := rows.RawValues()[0]
		if held += len(raw); held > pg.AnswerBytes {
			stop()
			return nil, q.tooLarge(given)
		}
		answers = append(answers, slices.Clone(raw))
	}
	if err := rows.Err(); pg.BeyondBound(err) {
		return nil, q.tooLarge(given)
	} else if err != nil {
		return nil, err
	}
	return answers, nil
}

// tooLarge names the parameters that narrow a question, those first that were not given.
func (q *Question) tooLarge(given map[string]string) error {
	var free, used []string
	for _, p := range q.Parameters {
		if _, present := given[p.Name]; present {
			used = append(used, p.Name)
		} else {
			free = append(free, p.Name)
		}
	}
	cure := "it has no parameter that would narrow it"
	if names := append(free, used...); len(names) > 0 {
		cure = "narrow it with " + strings.Join(names, ", ")
	}
	return lang.Errorf("%s: the answer is larger than %d MiB; %s: %w", q.Name, pg.AnswerBytes>>20, cure, geo.ErrInvalid)
}

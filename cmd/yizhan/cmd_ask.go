package main

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"strings"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/internal/ledger"
	"yizhan/internal/visible"
)

type askCommand struct {
	ledgerFlags
	Question   string   `arg:"" optional:"" help:"Name of the question; without it, all questions are listed."`
	Parameters []string `arg:"" optional:"" help:"Parameters of the question, as name=value."`
	Format     string   `help:"Format of the answer: table, json or csv." enum:"table,json,csv" default:"table"`
}

func (c *askCommand) Help() string {
	return `Every question is a function in the ledger's schema ask. A function that you add there is a question at once.

Example:
  yizhan ask members_within station=ST-001 radius_m=500`
}

// Run answers one question, or lists them.
func (c *askCommand) Run(ctx context.Context, log *slog.Logger, t terminal) error {
	given, err := parameters(c.Parameters)
	if err != nil {
		return err
	}
	opened, err := c.open(ctx, log)
	if err != nil {
		return err
	}
	defer opened.close(ctx, log)
	if c.Question == "" {
		return listQuestions(ctx, opened.Ledger, t)
	}
	answer, err := opened.Ask(ctx, ledger.Asking{Question: c.Question, Given: given, Asker: actor(ctx)})
	if err != nil {
		return err
	}
	switch c.Format {
	case "csv":
		return answer.CSV(exactOut())
	case "json":
		return json.NewEncoder(jsonOut()).Encode(answer.Rows)
	}
	return writeTable(people(os.Stdout), answer)
}

func parameters(pairs []string) (map[string]string, error) {
	given := map[string]string{}
	for _, pair := range pairs {
		name, value, found := strings.Cut(pair, "=")
		if !found {
			return nil, lang.Errorf("parameter %s: write it as name=value: %w", lang.Quoted(pair), geo.ErrInvalid)
		}
		given[name] = value
	}
	return given, nil
}

// listQuestions prints each question's name, both titles and its parameters.
func listQuestions(ctx context.Context, s *ledger.Ledger, t terminal) error {
	questions, err := s.Questions(ctx)
	if err != nil {
		return err
	}
	for _, q := range questions {
		say(q.Name)
		say("  " + q.Title.ZH)
		say("  " + q.Title.EN)
		for _, p := range q.Parameters {
			need := lang.Bothf("required")
			if p.Default != nil {
				need = lang.Bothf("default %s", *p.Default)
			}
			t.sayf("    %s  %s, %s: %s", p.Name, p.Type, need, p.Title)
		}
	}
	return nil
}

// writeTable aligns the answer by the width that terminals give Chinese characters.
func writeTable(w io.Writer, answer *ledger.Answer) error {
	columns := answer.Question.Columns
	table := [][]string{make([]string, len(columns))}
	for i, c := range columns {
		table[0][i] = c.Name
	}
	for _, row := range answer.Rows {
		cells, err := ledger.Cells(answer.Question, row)
		if err != nil {
			return err
		}
		table = append(table, cells)
	}
	return visible.Table(w, table)
}

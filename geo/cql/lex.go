package cql

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"yizhan/internal/lang"
)

// kind is what a token is.
type kind uint8

const (
	end kind = iota
	word
	quoted // an identifier in double quotes
	text
	number
	symbol
)

// token is a piece of a filter; at is how many characters come before it.
type token struct {
	kind kind
	text string
	at   int
}

// is reports whether the token is the keyword, in any case, or the symbol.
func (t token) is(s string) bool {
	return (t.kind == word || t.kind == symbol) && strings.EqualFold(t.text, s)
}

// shown is the token as an error message has it.
func (t token) shown() lang.Label {
	switch t.kind {
	case end:
		return lang.Bothf("the end")
	case text:
		return lang.Label{EN: "'" + lang.Clip(t.text, longestShown) + "'"}
	default:
		return lang.Quoted(lang.Clip(t.text, longestShown))
	}
}

// longestShown is how many characters of the filter an error quotes.
const longestShown = 40

// lex cuts a filter into tokens, the last of which is the end.
func lex(s string) ([]token, error) {
	if !utf8.ValidString(s) {
		return nil, wrong(0, lang.Errorf("not valid UTF-8"))
	}
	r := []rune(s)
	var tokens []token
	for i := 0; i < len(r); {
		t := token{at: i}
		switch c := r[i]; {
		case unicode.IsSpace(c):
			i++
			continue
		case c == '\'' || c == '"':
			body, next, closed := delimited(r, i)
			if !closed {
				return nil, wrong(i, lang.Errorf("unclosed %c", c))
			}
			t.kind, t.text, i = text, body, next
			if c == '"' {
				t.kind = quoted
			}
		case isDigit(c), c == '.', (c == '-' || c == '+') && i+1 < len(r) && (isDigit(r[i+1]) || r[i+1] == '.'):
			next := numberEnd(r, i)
			t.kind, t.text, i = number, string(r[i:next]), next
		case unicode.IsLetter(c), c == '_':
			next := i + 1
			for next < len(r) && (unicode.IsLetter(r[next]) || unicode.IsDigit(r[next]) || unicode.IsMark(r[next]) ||
				r[next] == '_') {
				next++
			}
			t.kind, t.text, i = word, string(r[i:next]), next
		default:
			t.kind, t.text = symbol, string(c)
			if i+1 < len(r) {
				if two := string(r[i : i+2]); two == "<>" || two == "<=" || two == ">=" || two == "!=" || two == "==" {
					t.text = two
				}
			}
			i += len([]rune(t.text))
		}
		tokens = append(tokens, t)
	}
	return append(tokens, token{kind: end, at: len(r)}), nil
}

// delimited reads what stands between quotes, of which a doubled one stands for itself.
func delimited(r []rune, i int) (body string, next int, closed bool) {
	var b strings.Builder
	quote := r[i]
	for i++; i < len(r); i++ {
		if r[i] == quote {
			if i+1 == len(r) || r[i+1] != quote {
				return b.String(), i + 1, true
			}
			i++
		}
		b.WriteRune(r[i])
	}
	return "", i, false
}

func isDigit(c rune) bool { return c >= '0' && c <= '9' }

// numberEnd is where a number ends: a sign, digits, a point, an exponent.
func numberEnd(r []rune, i int) int {
	for i++; i < len(r); i++ {
		exponent := (r[i] == '-' || r[i] == '+') && (r[i-1] == 'e' || r[i-1] == 'E')
		if !isDigit(r[i]) && r[i] != '.' && r[i] != 'e' && r[i] != 'E' && !exponent {
			break
		}
	}
	return i
}

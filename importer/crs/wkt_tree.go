package crs

import (
	"strings"
	"unicode"

	"yizhan/internal/lang"
)

// Bounds of what is read of a definition: the longest that PROJ writes is about
// 20 kB and 12 deep.
const (
	longestWKT = 256 << 10
	deepestWKT = 32
)

// node is KEYWORD[…] of well-known text: its texts and numbers in order, as
// written, and its nodes.
type node struct {
	keyword string   // in capitals
	values  []string // texts without quotes, numbers and bare tokens
	nodes   []*node
}

// wktReader parses well-known text into nodes: version 1 (OGC 01-009), ESRI's
// dialect of it, and version 2 (ISO 19162, 6.2 and 7.1).
type wktReader struct {
	text string
	at   int
}

// parseWKT reads all nodes of a text, of which there may be several (ESRI puts
// VERTCS behind PROJCS).
func parseWKT(text string) ([]*node, error) {
	if len(text) > longestWKT {
		return nil, lang.Errorf("longer than %d bytes", longestWKT)
	}
	text = strings.TrimRight(strings.TrimPrefix(text, "\ufeff"), "\x00 \t\r\n")
	r := &wktReader{text: text}
	var roots []*node
	for {
		if r.blanks(); r.at == len(r.text) {
			break
		}
		n, err := r.node(0)
		if err != nil {
			return nil, lang.Errorf("%w at byte %d", err, r.at+1)
		}
		roots = append(roots, n)
		r.skip(',', ';')
	}
	if len(roots) == 0 {
		return nil, lang.Errorf("empty definition")
	}
	return roots, nil
}

// node reads KEYWORD[value, …].
func (r *wktReader) node(depth int) (*node, error) {
	n := &node{keyword: strings.ToUpper(r.token())}
	if n.keyword == "" {
		return nil, lang.Errorf("keyword missing")
	}
	if !r.skip('[', '(') {
		return nil, lang.Errorf("bracket missing after %.40q", n.keyword)
	}
	return n, r.inside(n, depth+1)
}

// inside reads up to the closing bracket.
func (r *wktReader) inside(n *node, depth int) error {
	if depth > deepestWKT {
		return lang.Errorf("brackets nested too deep")
	}
	for {
		r.blanks()
		switch {
		case r.skip(']', ')'):
			return nil
		case r.at == len(r.text):
			return lang.Errorf("brackets not closed")
		case r.text[r.at] == '"':
			value, err := r.quoted()
			if err != nil {
				return err
			}
			n.values = append(n.values, value)
		default:
			token := r.token()
			if token == "" {
				return lang.Errorf("unexpected %q", r.text[r.at:r.at+1])
			}
			if !r.skip('[', '(') {
				n.values = append(n.values, token)
				break
			}
			child := &node{keyword: strings.ToUpper(token)}
			n.nodes = append(n.nodes, child)
			if err := r.inside(child, depth+1); err != nil {
				return err
			}
		}
		if !r.skip(',', ';') {
			if r.blanks(); r.at < len(r.text) && r.text[r.at] != ']' && r.text[r.at] != ')' {
				return lang.Errorf("comma missing")
			}
		}
	}
}

// quoted reads a text in double quotes; two of them stand for one.
func (r *wktReader) quoted() (string, error) {
	var b strings.Builder
	for {
		end := strings.IndexByte(r.text[r.at+1:], '"')
		if end < 0 {
			return "", lang.Errorf("quotation mark missing")
		}
		b.WriteString(r.text[r.at+1 : r.at+1+end])
		if r.at += end + 2; r.at == len(r.text) || r.text[r.at] != '"' {
			return b.String(), nil
		}
		b.WriteByte('"')
	}
}

// token reads letters, digits and the characters of numbers.
func (r *wktReader) token() string {
	r.blanks()
	start := r.at
	for r.at < len(r.text) && (r.text[r.at] >= 0x80 || strings.IndexByte("_+-.:", r.text[r.at]) >= 0 ||
		unicode.IsLetter(rune(r.text[r.at])) || unicode.IsDigit(rune(r.text[r.at]))) {
		r.at++
	}
	return r.text[start:r.at]
}

// skip passes one of the signs, and the blanks before it.
func (r *wktReader) skip(signs ...byte) bool {
	r.blanks()
	for _, sign := range signs {
		if r.at < len(r.text) && r.text[r.at] == sign {
			r.at++
			return true
		}
	}
	return false
}

func (r *wktReader) blanks() {
	for r.at < len(r.text) && strings.IndexByte(" \t\r\n\f\v", r.text[r.at]) >= 0 {
		r.at++
	}
}

// name is the first text of a node, "" for none or no node.
func (n *node) name() string {
	if n == nil || len(n.values) == 0 {
		return ""
	}
	return n.values[0]
}

// child is the first node within with one of the keywords, nil for none.
func (n *node) child(keywords ...string) *node {
	if n == nil {
		return nil
	}
	for _, keyword := range keywords {
		for _, c := range n.nodes {
			if c.keyword == keyword {
				return c
			}
		}
	}
	return nil
}

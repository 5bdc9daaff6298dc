package importer

import (
	"strings"

	"yizhan/internal/lang"
	"yizhan/internal/visible"
)

// printer writes the lines of a report in one language.
type printer struct {
	lang.Tag
	text strings.Builder
}

// line writes a line, indented by so many steps.
func (p *printer) line(indent int, text string) {
	p.text.WriteString(strings.Repeat("  ", indent) + visible.Line(text) + "\n")
}

// list joins the parts of a line: "a, b", and in Chinese “a，b”.
func (p *printer) list(parts []string) string {
	return strings.Join(parts, p.Sayf(", "))
}

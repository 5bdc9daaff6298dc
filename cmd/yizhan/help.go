package main

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/mattn/go-runewidth"
	"github.com/rivo/uniseg"

	"yizhan/importer/format"
	"yizhan/internal/lang"
)

// Columns of help on a terminal.
const (
	mostColumns  = 100
	helpIndent   = "  "
	namesColumns = 30 // of the names of flags, arguments and commands
)

// translate puts the help texts of all commands into the terminal's language. It works on
// the patterns of the struct tags, before kong fills in their variables; those of longer
// texts are filled in here, because kong does not.
func (t terminal) translate(k *kong.Kong) error {
	k.Model.HelpFlag.Help = "Show this help."
	formats := strings.NewReplacer("${own_formats}", t.Sayf("%s", lang.List(format.Titles(format.Own()))),
		"${other_formats}", t.Sayf("%s", lang.List(format.Titles(format.Others()))))
	return kong.Visit(k.Model.Node, func(v kong.Visitable, next kong.Next) error {
		switch v := v.(type) {
		case *kong.Node:
			v.Help, v.Detail = t.Say(v.Help), formats.Replace(t.Say(v.Detail))
		case *kong.Flag:
			v.Help = t.Say(v.Help)
		case *kong.Value:
			v.Help = t.Say(v.Help)
		}
		return next(nil)
	})
}

// help prints the usage of the selected command, or of the program. Unlike kong's own
// printer it measures Chinese characters as terminals draw them.
func (t terminal) help(_ kong.HelpOptions, ctx *kong.Context) error {
	node := ctx.Selected()
	if node == nil {
		node = ctx.Model.Node
	}
	p := page{out: ctx.Stdout, columns: min(columns(), mostColumns)}
	summary := strings.NewReplacer("[flags]", t.Say("[flags]"), "<command>", t.Say("<command>")).Replace(node.Summary())
	p.line("", t.Sayf("Usage: %s", ctx.Model.Name+" "+strings.TrimSpace(summary)))
	for _, text := range []string{node.Help, node.Detail} {
		if text != "" {
			p.line("", "")
			p.text(text)
		}
	}
	var arguments, flags, commands [][2]string
	for _, argument := range node.Positional {
		arguments = append(arguments, [2]string{argument.Summary(), t.described(argument)})
	}
	for _, group := range slices.Backward(node.AllFlags(true)) {
		for _, flag := range group { // the command's own first
			flags = append(flags, [2]string{flagNames(flag), t.described(flag.Value)})
		}
	}
	for _, command := range node.Leaves(true) {
		commands = append(commands, [2]string{command.Path(), command.Help})
	}
	p.table(t.Say("Arguments:"), arguments)
	p.table(t.Say("Flags:"), flags)
	p.table(t.Say("Commands:"), commands)
	if len(commands) > 0 {
		p.line("", "")
		p.line("", t.Sayf(`Run "%s <command> --help" for the flags and examples of a command.`, node.FullPath()))
	}
	return p.err
}

// described is the help of a flag or an argument with the variable that also sets it.
func (t terminal) described(v *kong.Value) string {
	if len(v.Tag.Envs) == 0 {
		return v.Help
	}
	return t.Sayf("%s [$%s]", v.Help, strings.Join(v.Tag.Envs, ", $"))
}

// flagNames is a flag as it is written, such as -h, --help or --zoom=A-B.
func flagNames(f *kong.Flag) string {
	if f.IsBool() && f.Tag.Negatable != "" {
		return "    --[no-]" + f.Name
	}
	if f.Short == 0 {
		return "    " + f.String()
	}
	return f.String()
}

// page writes lines no wider than its columns. Its first error stays.
type page struct {
	out     io.Writer
	columns int
	err     error
}

func (p *page) line(indent, text string) {
	if p.err == nil {
		_, p.err = fmt.Fprintln(p.out, strings.TrimRight(indent+text, " "))
	}
}

// text writes paragraphs. Lines that begin with a space are examples and stay as they are.
func (p *page) text(text string) {
	for _, line := range strings.Split(joined.ReplaceAllString(text, "$1 $2"), "\n") {
		if strings.HasPrefix(line, " ") {
			p.line("", line)
			continue
		}
		for _, part := range wrapped(line, p.columns) {
			p.line("", part)
		}
	}
}

// joined is where a paragraph was broken in the source: between two lines of Latin text.
var joined = regexp.MustCompile(`([!-~])\n([!-~])`)

// table writes names with their explanations beside them, or below names that are too long.
func (p *page) table(title string, rows [][2]string) {
	if len(rows) == 0 {
		return
	}
	p.line("", "")
	p.line("", title)
	beside := helpIndent + strings.Repeat(" ", namesColumns)
	for _, row := range rows {
		name := row[0]
		for _, part := range wrapped(row[1], p.columns-len(beside)) {
			if runewidth.StringWidth(name) >= namesColumns {
				p.line(helpIndent, name)
				name = ""
			}
			p.line(helpIndent, runewidth.FillRight(name, namesColumns)+part)
			name = ""
		}
	}
}

// wrapped breaks a text into lines of at most so many columns, where Unicode's line
// breaking algorithm (UAX 14) allows it; an empty text is one empty line.
func wrapped(text string, columns int) (lines []string) {
	line, state := "", -1
	for text != "" {
		var segment string
		segment, text, _, state = uniseg.FirstLineSegmentInString(text, state)
		if line != "" && runewidth.StringWidth(line+strings.TrimRight(segment, " ")) > columns {
			lines = append(lines, strings.TrimRight(line, " "))
			line = ""
		}
		line += segment
	}
	return append(lines, strings.TrimRight(line, " "))
}

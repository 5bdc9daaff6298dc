package main

import (
	"fmt"
	"os/exec"
	"runtime"
	"strings"

	"yizhan/internal/lang"
)

// verdict of one line.
type verdict string

const (
	held    verdict = "held"
	broken  verdict = "BROKEN"
	unknown verdict = "NOT TRIED"
	notHere verdict = "not here"
)

// finding is one row of the printed table.
type finding struct {
	attack, tried, wanted, seen string
	verdict                     verdict
}

// report adds a line about the attack at hand.
func (s *siege) report(tried, wanted, seen string, holds bool) {
	f := finding{tried: tried, wanted: wanted, seen: seen, verdict: broken}
	if holds {
		f.verdict = held
	}
	s.add(f)
}

func (s *siege) add(f finding) {
	f.attack = s.attack
	s.findings = append(s.findings, f)
	note("%s: %s: wanted %s; saw %s: %s", f.attack, f.tried, f.wanted, f.seen, f.verdict)
}

// print writes the table in Markdown and returns the exit code.
func (s *siege) print() int {
	count := map[verdict]int{}
	version, err := exec.Command(s.binary, "--version").Output()
	if err != nil {
		version = []byte("a version that it does not tell")
	}
	fmt.Printf("yizhan of %s; %d cores, %s; the attacker runs on the same machine\n\n", strings.TrimSpace(string(version)), runtime.NumCPU(), runtime.Version())
	fmt.Println("| attack | tried | wanted | seen | |\n|---|---|---|---|---|")
	for _, f := range s.findings {
		count[f.verdict]++
		fmt.Printf("| %s | %s | %s | %s | %s |\n", f.attack, cell(f.tried), cell(f.wanted), cell(f.seen), f.verdict)
	}
	fmt.Printf("\n%d held, %d broken, %d not tried, %d that do not apply here\n", count[held], count[broken], count[unknown], count[notHere])
	if count[broken]+count[unknown] > 0 {
		return 1
	}
	return 0
}

// cell makes a text fit for a table: one line, no bars, not endless.
func cell(text string) string {
	text = strings.NewReplacer("\n", " ", "|", "/").Replace(text)
	return lang.Clip(text, 300)
}

// Command attack starts the real binary with a private PostgreSQL, tries on it what
// attackers and storms once did to the service, and prints what held and what broke.
//
// It is not a test: what it does takes minutes, and some of it is judged by ratios of
// times that were measured in the same run. Every attack is bounded in requests and
// in time, and reaches nothing but the service that it started on this machine.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

// options of a run.
type options struct {
	binary string
	listen string
	only   string
	skip   string
	short  bool
}

// stretch is how long a flood lasts, and its victim is measured before it.
func (o options) stretch() (alone, flooded time.Duration) {
	if o.short {
		return 2 * time.Second, 4 * time.Second
	}
	return 4 * time.Second, 8 * time.Second
}

func main() {
	var o options
	flag.StringVar(&o.binary, "yizhan", "bin/yizhan", "the binary that is attacked")
	flag.StringVar(&o.listen, "listen", "127.0.0.1:0", "where it is to serve, on this machine")
	flag.StringVar(&o.only, "only", "", "try some attacks, by commas: "+strings.Join(names(), ", "))
	flag.StringVar(&o.skip, "skip", "", "leave some out, by commas")
	flag.BoolVar(&o.short, "short", false, "shorter floods and fewer rounds")
	flag.Parse()
	os.Exit(run(o))
}

// run returns the exit code: 1 when anything broke or could not be tried.
func run(o options) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	s, err := lay(ctx, o)
	if err != nil {
		fmt.Fprintln(os.Stderr, "attack:", err)
		return 1
	}
	defer s.lift()
	for _, a := range attacks() {
		if o.only != "" && !slices.Contains(strings.Split(o.only, ","), a.name) || slices.Contains(strings.Split(o.skip, ","), a.name) {
			continue
		}
		note("— %s", a.name)
		s.attempt(ctx, a)
		if ctx.Err() != nil {
			break
		}
	}
	return s.print()
}

// attack is one thing that is tried; try reports what it saw, or why it could not.
type attack struct {
	name string
	try  func(*siege, context.Context) error
}

// attacks are in the order in which they are tried: those that change the layers, or
// leave the service dead, come last.
func attacks() []attack {
	return []attack{
		{"root", by(rootAttack.servesAsRoot)},
		{"owner", by(ownerAttack.ownerIsSuperuser)},
		{"types", by(temporaryAttack.temporaryTypes)},
		{"session", by(sessionAttack.sessionLeaks)},
		{"analyst", by(analystAttack.analystFunctions)},
		{"proxy", by(proxyAttack.plainProxy)},
		{"ring", by(ringAttack.nestedCounts)},
		{"oracle", by(oracleAttack.stationsAsOracle)},
		{"echo", by(echoAttack.echoes)},
		{"log", by(logsAttack.logFlood)},
		{"uploads", by(uploadsAttack.halfOpenUploads)},
		{"pasts", by(floodsAttack.floodOfPasts)},
		{"changes", by(floodsAttack.floodOfChanges)},
		{"resumes", by(floodsAttack.floodOfResumes)},
		{"explains", by(floodsAttack.floodOfExplains)},
		{"asks", by(floodsAttack.floodOfAsks)},
		{"events", by(crowdsAttack.placesOfEvents)},
		{"health", by(crowdsAttack.healthUnderLoad)},
		{"persons", by(personsAttack.republishPersons)},
		{"created", by(createdAttack.createdWithPersons)},
		{"undone", by(undoneAttack.undoneValues)},
		{"kill", by(killedAttack.killedPreview)},
	}
}

// by is an attack that a type of its own makes.
func by[T ~struct{ *siege }](try func(T, context.Context) error) func(*siege, context.Context) error {
	return func(s *siege, ctx context.Context) error { return try(T(struct{ *siege }{s}), ctx) }
}

func names() (all []string) {
	for _, a := range attacks() {
		all = append(all, a.name)
	}
	return all
}

// attempt tries one attack within its time. What it could not try is a line too.
func (s *siege) attempt(ctx context.Context, a attack) {
	ctx, cancel := context.WithTimeout(ctx, attemptLimit)
	defer cancel()
	s.attack = a.name
	if err := s.revive(ctx); err != nil {
		s.untried("start the service", err)
		return
	}
	if err := a.try(s, ctx); err != nil {
		s.untried("as written in internal/attack", err)
	}
}

// attemptLimit bounds one attack with all its parts.
const attemptLimit = 3 * time.Minute

// untried is a line for an attack of which nothing is known.
func (s *siege) untried(what string, err error) {
	verdict := unknown
	if errors.Is(err, errNotHere) {
		verdict = notHere
	}
	s.add(finding{tried: what, wanted: "to be tried", seen: err.Error(), verdict: verdict})
}

// errNotHere says that this machine has no use for an attack.
var errNotHere = errors.New("does not apply here")

func note(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

// Command simulate tries the verdict on made-up and on recorded calls, through
// the same code as the server, and prints what came of it as a table. It exits
// with 1 when a figure breaks its bound.
//
//	go run ./simulate [-quick] [-seed N] [-only WORD] [-data DIR] [-markdown FILE]
//
// The same seed gives the same figures on any number of cores.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"time"
)

// options are what the command line says.
type options struct {
	quick bool
	seed  uint64
	only  string
	data  string
}

func main() {
	var o options
	flag.BoolVar(&o.quick, "quick", false, "a hundredth of the runs: to see that it works, not to prove anything")
	flag.Uint64Var(&o.seed, "seed", 20260504, "of all random numbers")
	flag.StringVar(&o.only, "only", "", "only settings whose name contains this")
	flag.StringVar(&o.data, "data", "../shared/data", "folder with the recorded calls and experiments; where it is absent, what needs it is passed over and the run fails")
	markdown := flag.String("markdown", "", "also write the table into this file, between its markers; not with -quick or -only")
	flag.Parse()
	if err := run(o, *markdown); err != nil {
		fmt.Fprintln(os.Stderr, "simulate:", err)
		os.Exit(1)
	}
}

// run simulates, prints the table, and fails where a bound is broken.
func run(o options, markdown string) error {
	// A page keeps whole tables only: a part of one would pass for all of it.
	if markdown != "" && (o.quick || o.only != "") {
		return errors.New("-markdown goes with neither -quick nor -only: the page keeps the whole table")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	rows, err := simulate(ctx, o, all(o), os.Stderr)
	if err != nil {
		return err
	}
	text := table(rows)
	fmt.Print(text)
	// What was not tried did not hold.
	if missing := passedOver(rows); len(missing) > 0 {
		return fmt.Errorf("passed over: %s", strings.Join(missing, "; "))
	}
	if len(rows) == 0 {
		return fmt.Errorf("no setting has %q in its name", o.only)
	}
	if markdown != "" {
		if err := writeBetween(markdown, text); err != nil {
			return err
		}
	}
	if broken := broken(rows); len(broken) > 0 {
		return fmt.Errorf("broken: %s", strings.Join(broken, "; "))
	}
	return nil
}

// setting is one line of the table.
type setting struct {
	part, name string
	// run simulates it. A reason other than "" says why it could not.
	run func(r *runner) (figure, string, error)
}

// row is what came of a setting.
type row struct {
	setting
	figure
	passedOver string
	took       time.Duration
}

// simulate runs the settings one after the other, each on all cores.
func simulate(ctx context.Context, o options, settings []setting, progress *os.File) ([]row, error) {
	var rows []row
	for i, s := range settings {
		if o.only != "" && !strings.Contains(s.part+" "+s.name, o.only) {
			continue
		}
		began := time.Now()
		fmt.Fprintf(progress, "[%2d/%d] %s: %s ", i+1, len(settings), s.part, s.name)
		f, why, err := s.run(&runner{ctx: ctx, options: o, name: s.name})
		if err != nil {
			fmt.Fprintln(progress)
			return nil, fmt.Errorf("%s: %w", s.name, err)
		}
		took := time.Since(began)
		fmt.Fprintf(progress, "%.1f s\n", took.Seconds())
		rows = append(rows, row{s, f, why, took})
	}
	return rows, nil
}

func all(o options) []setting {
	var out []setting
	for _, part := range [][]setting{equalVersions(), unevenPlans(), averages(), callersAlike(), guardrails(), checks(), whole(), power(), intervals(), recorded(o), experiments(o)} {
		out = append(out, part...)
	}
	return out
}

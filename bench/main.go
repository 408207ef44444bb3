// Command bench measures Tandem beside a peer or a limit in the same run, and
// prints what it found as Markdown tables. Every figure stands beside what it
// is a ratio of; no test depends on any.
//
//	go run ./bench [-full] [-only assign,ingest,results]
//
// The gateway's benchmark beside Kamailio is ./bench/sip.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"tandem/bench/child"
)

// options are what the command line says.
type options struct {
	full bool
}

// section is one group of figures.
type section struct {
	name, title string
	run         func(context.Context, options, *table) error
}

var sections = []section{
	{"assign", "Assignment (limit: under 200 ns, no allocation; peer: the SHA-256 it must compute)", assignment},
	{"ingest", "Ingest over HTTP, 64 clients, one event a request (limit: 10,000/s on SQLite, p99 25 ms; peer: bare inserts committed alike)", ingestion},
	{"results", "Results read, 2 arms x 10 metrics (limit: under 1 ms, flat)", reading},
	{"idle", "Server at rest (limit: 60 MB resident)", idle},
}

func main() {
	child.ServeIfAsked()
	full := flag.Bool("full", false, "longer runs and ten million calls")
	only := flag.String("only", "", "sections to run, separated by commas")
	flag.Parse()
	if !run(options{full: *full}, strings.FieldsFunc(*only, func(r rune) bool { return r == ',' })) {
		os.Exit(1)
	}
}

// run runs the sections named, or all, and reports whether all went well.
func run(o options, only []string) bool {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	ok := true
	for _, s := range sections {
		if len(only) > 0 && !slices.Contains(only, s.name) {
			continue
		}
		fmt.Printf("\n## %s\n\n", s.title)
		t := newTable()
		if err := s.run(ctx, o, t); err != nil {
			fmt.Fprintf(os.Stderr, "bench %s: %v\n", s.name, err)
			ok = false
		}
		t.flush()
	}
	return ok
}

// table prints rows of figures, aligned.
type table struct{ w *tabwriter.Writer }

func newTable() *table { return &table{tabwriter.NewWriter(os.Stdout, 2, 4, 2, ' ', 0)} }

func (t *table) row(cells ...any) {
	for i, c := range cells {
		switch v := c.(type) {
		case time.Duration:
			cells[i] = v.Round(roundTo(v)).String()
		case float64:
			cells[i] = fmt.Sprintf("%.4g", v)
		}
		fmt.Fprintf(t.w, "| %v\t", cells[i])
	}
	fmt.Fprintln(t.w, "|")
}

func (t *table) flush() { _ = t.w.Flush() }

// roundTo keeps three significant digits of a duration.
func roundTo(d time.Duration) time.Duration {
	unit := time.Duration(1)
	for d/unit >= 1000 {
		unit *= 10
	}
	return unit
}

func quantile(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

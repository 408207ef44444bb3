// Command console measures the web console and what it asks of the server, on a
// database in which one test has a million calls, beside one with ten thousand, and
// prints Markdown tables in which every figure stands beside its limit.
//
//	go run ./bench/console [-full] [-only server,bundle,pages,interactions,scroll] [-data DIR]
//
// The databases are filled first, through ingest, the same for the same seed; with
// -data they are kept and used again. What a browser shows is measured by
// web/e2e/measure.mjs in Debian's Chromium; without Node or Chromium that is left out.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"tandem/bench/child"
)

// options are what the command line says.
type options struct {
	calls int
	few   int
	seed  uint64
	data  string
	only  []string
}

func (o options) wants(section string) bool {
	return len(o.only) == 0 || slices.Contains(o.only, section)
}

// errSlow says that figures are past their limits.
var errSlow = errors.New("past its limit")

func main() {
	child.ServeIfAsked()
	full := flag.Bool("full", false, "a million calls instead of a hundred thousand")
	only := flag.String("only", "", "server, bundle, pages, interactions, scroll; separated by commas")
	calls := flag.Int("calls", 0, "how many calls (default 100000, with -full 1000000)")
	seed := flag.Uint64("seed", 1, "of the calls")
	data := flag.String("data", "", "folder for the databases, to use them again; default: a new one that is thrown away")
	flag.Parse()
	o := options{calls: 100_000, few: 10_000, seed: *seed, data: *data, only: strings.FieldsFunc(*only, func(r rune) bool { return r == ',' })}
	if *full {
		o.calls = 1_000_000
	}
	if *calls > 0 {
		o.calls = *calls
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, o)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench console:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) (err error) {
	if o.data == "" {
		if o.data, err = os.MkdirTemp("", "tandem-bench-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(o.data)) }()
	}
	few, err := open(ctx, filepath.Join(o.data, "few"), o.few, o.seed)
	if err != nil {
		return err
	}
	many, err := open(ctx, filepath.Join(o.data, "many"), o.calls, o.seed)
	if err != nil {
		return err
	}
	fmt.Printf("\n## The console: one test of %d arms, filled with %d calls in %v\n", arms, many.Calls, many.Took.Round(time.Second))
	var slow error
	if o.wants("server") {
		slow = measureServer(ctx, few, many)
	}
	if len(o.browserSections()) > 0 {
		slow = errors.Join(slow, measureBrowser(ctx, o, many))
	}
	return slow
}

// table prints rows of figures, aligned.
type table struct{ w *tabwriter.Writer }

func newTable(title string, head ...any) *table {
	fmt.Printf("\n### %s\n\n", title)
	t := &table{tabwriter.NewWriter(os.Stdout, 2, 4, 2, ' ', 0)}
	t.row(head...)
	rule := make([]any, len(head))
	for i := range rule {
		rule[i] = "---"
	}
	t.row(rule...)
	return t
}

func (t *table) row(cells ...any) {
	for _, c := range cells {
		switch c := c.(type) {
		case time.Duration:
			fmt.Fprintf(t.w, "| %.1f ms\t", float64(c)/1e6)
		case float64:
			fmt.Fprintf(t.w, "| %.2f\t", c)
		default:
			fmt.Fprintf(t.w, "| %v\t", c)
		}
	}
	fmt.Fprintln(t.w, "|")
}

func (t *table) flush() { _ = t.w.Flush() }

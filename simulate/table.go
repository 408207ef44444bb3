package main

import (
	"fmt"
	"math"
	"os"
	"strings"

	"tandem/internal/stats"
)

// rate is how often something happened.
type rate struct{ yes, n int64 }

func (r rate) value() float64 { return float64(r.yes) / float64(r.n) }

// bounds are the 99 % Wilson limits of what the rate would be in ever more runs.
func (r rate) bounds() stats.Interval {
	in, err := stats.Wilson(stats.Proportion{Successes: r.yes, N: r.n}, 0.99)
	if err != nil {
		return stats.Interval{Low: 0, High: 1} // no runs
	}
	return in
}

func (r rate) String() string {
	in := r.bounds()
	return fmt.Sprintf("%.1f %% (%.1f to %.1f)", 100*r.value(), 100*in.Low, 100*in.High)
}

// figure is what was found beside what it has to be.
type figure struct {
	how   string // runs and calls
	found string
	must  string // "" for a contrast, which has no bound
	held  bool
}

// enoughRuns is how many runs a rate has to rest on to be taken by its word.
const enoughRuns = 1_000

// atMost is for errors that a method promises to make at most so often. The
// bound is broken when the rate found is over it. Where there are few runs, as in
// a quick one, it is when chance cannot explain the excess.
func atMost(r rate, limit float64, how string) figure {
	held := r.value() <= limit
	if r.n < enoughRuns {
		held = r.bounds().Low <= limit
	}
	return figure{how: how, found: r.String(), must: fmt.Sprintf("at most %.0f %%", 100*limit), held: held}
}

// about is for power, within five points of a reference.
func about(r rate, reference float64, how, more string) figure {
	const points = 0.05
	return figure{
		how: how, found: r.String() + more, must: fmt.Sprintf("%.0f %% within 5 points", 100*reference),
		held: math.Abs(r.value()-reference) <= points || r.bounds().Low <= reference && reference <= r.bounds().High,
	}
}

// contrast is shown beside, with what to expect, and bound to nothing.
func contrast(r rate, how string) figure {
	return figure{how: how, found: r.String(), held: true}
}

func broken(rows []row) []string {
	var out []string
	for _, r := range rows {
		if r.passedOver == "" && !r.held {
			out = append(out, r.name+": "+r.found+", must be "+r.must)
		}
	}
	return out
}

// passedOver lists what could not be run.
func passedOver(rows []row) []string {
	var out []string
	for _, r := range rows {
		if r.passedOver != "" {
			out = append(out, r.name+": "+r.passedOver)
		}
	}
	return out
}

// table writes the rows as Markdown.
func table(rows []row) string {
	var b strings.Builder
	part := ""
	for _, r := range rows {
		if r.part != part {
			part = r.part
			fmt.Fprintf(&b, "\n**%s**\n\n| setting | runs | found | must be | |\n|---|---|---|---|---|\n", part)
		}
		if r.passedOver != "" {
			fmt.Fprintf(&b, "| %s | | passed over: %s | | |\n", r.name, r.passedOver)
			continue
		}
		mark := "holds"
		switch {
		case r.must == "":
			mark = ""
		case !r.held:
			mark = "**BROKEN**"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", r.name, r.how, r.found, r.must, mark)
	}
	return strings.TrimLeft(b.String(), "\n")
}

const (
	beginMark = "<!-- simulate:begin -->"
	endMark   = "<!-- simulate:end -->"
)

// writeBetween puts text between the markers of a file.
func writeBetween(path, text string) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	head, rest, ok := strings.Cut(string(raw), beginMark)
	_, tail, ok2 := strings.Cut(rest, endMark)
	if !ok || !ok2 {
		return fmt.Errorf("%s has no %s and %s", path, beginMark, endMark)
	}
	return os.WriteFile(path, []byte(head+beginMark+"\n\n"+text+"\n"+endMark+tail), 0o644) //nolint:gosec // documentation is for everybody to read
}

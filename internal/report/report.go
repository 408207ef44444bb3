package report

import (
	"fmt"
	"io"

	"tandem"
	"tandem/internal/judge"
	"tandem/internal/results"
)

// Markdown writes r as GitHub-flavoured Markdown: every table, no charts. d is
// the decision that ended the test, nil while there is none; with it, r must be
// what d kept, so that the report shows what was known then. judged is what readers
// say, of each arm that any of them compared with the first; it may be younger than d.
//
// Errors: those of w.
func Markdown(w io.Writer, r results.Results, d *tandem.Decision, judged ...judge.Judgements) error {
	if _, err := io.WriteString(w, markdown(compose(r, d, judged))); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

// HTML writes r as one HTML page that holds its own style and charts, fit for
// a screen of any width, light or dark, and for paper. r, d and judged are as
// for [Markdown].
//
// Errors: those of w.
func HTML(w io.Writer, r results.Results, d *tandem.Decision, judged ...judge.Judgements) error {
	if err := writeHTML(w, compose(r, d, judged)); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

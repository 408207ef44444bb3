package cli

import (
	"context"
	"errors"
	"strings"

	"tandem"
)

// errDiffers says that a verification found differences, which are told
// already.
var errDiffers = errors.New("results differ from the calls")

// explain gives what to tell of an error: a line for each part of it, and what
// may help.
func explain(err error) []string {
	if errors.Is(err, context.Canceled) {
		return []string{"stopped"}
	}
	var lines []string
	for _, e := range leaves(err) {
		lines = append(lines, e.Error())
	}
	switch tandem.CodeOf(err) {
	case tandem.Unavailable:
		if strings.Contains(lines[0], "no answer from http") {
			lines = append(lines, "is the server running (`tandem serve`), and is its address right (--url or TANDEM_URL)?")
		}
	case tandem.Unauthenticated:
		lines = append(lines, "set TANDEM_KEY to an API key; on the server, `tandem key create NAME --scope read` makes one")
	case tandem.Forbidden:
		lines = append(lines, "the API key lacks the scope for this; `tandem key create NAME --scope ...` makes one that has it")
	case tandem.Stale:
		lines = append(lines, "somebody changed it meanwhile: look at it again and repeat the command")
	}
	return lines
}

// leaves takes a joined error apart; context that was wrapped around a single
// error stays with it.
func leaves(err error) []error {
	for e := err; e != nil; e = errors.Unwrap(e) {
		if j, ok := e.(interface{ Unwrap() []error }); ok {
			var out []error
			for _, sub := range j.Unwrap() {
				out = append(out, leaves(sub)...)
			}
			return out
		}
	}
	return []error{err}
}

// commandWords drops the placeholders from kong's name of a command.
func commandWords(path string) string {
	var words []string
	for w := range strings.FieldsSeq(path) {
		if !strings.HasPrefix(w, "<") && !strings.HasPrefix(w, "[") {
			words = append(words, w)
		}
	}
	return strings.Join(words, " ")
}

package cli

import (
	"fmt"
	"strings"

	"tandem"
	"tandem/internal/cli/client"
)

// qualityLines tell what the table does not count, and how much is known of
// what it counts.
func qualityLines(r client.Results) []string {
	var out []string
	if text := apart(r); text != "" {
		out = append(out, text)
	}
	if text := knownOutcomes(r); text != "" {
		out = append(out, text)
	}
	if r.Unit == tandem.PerCaller && r.Evidence.Callers > 0 {
		text := count(r.Evidence.Callers) + " callers"
		if n := r.Evidence.Withheld; n > 0 {
			text += " and " + calls(n) + " without a known caller, each taken for a caller of its own"
		}
		out = append(out, text)
	}
	return out
}

// apart tells of calls that the table does not count; "" when there are none.
func apart(r client.Results) string {
	var lost, not int64
	for _, q := range r.Quality {
		lost += q.Lost
		for _, n := range q.NotRandomised {
			not += n
		}
	}
	var parts []string
	if lost > 0 {
		parts = append(parts, count(lost)+" lost")
	}
	if not > 0 {
		parts = append(parts, count(not)+" not randomised and counted apart")
	}
	return strings.Join(parts, ", ")
}

// knownOutcomes says of how many ended calls the primary metric is known, arm
// by arm: an arm may win by what is missing. "" while no call has ended.
func knownOutcomes(r client.Results) string {
	var parts []string
	for _, q := range r.Quality {
		if q.OutcomeShare != nil {
			parts = append(parts, fmt.Sprintf("%s %.1f %%", q.Arm, 100**q.OutcomeShare))
		}
	}
	m := primary(r.Metrics)
	if len(parts) == 0 || m == nil {
		return ""
	}
	return label(*m) + " is known of ended calls: " + strings.Join(parts, ", ")
}

// calls writes a number of calls.
func calls(n int64) string {
	if n == 1 {
		return "1 call"
	}
	return count(n) + " calls"
}

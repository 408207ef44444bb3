package cli

import (
	"errors"
	"strconv"
	"strings"

	"tandem"
)

// ruleFlags say how a test is decided, guarded and widened.
type ruleFlags struct {
	Better    string   `help:"Which way the metric is better: higher or lower; default by metric." enum:",higher,lower" default:"" placeholder:"WAY"`
	Margin    float64  `help:"Differences up to this size do not matter, in the metric's unit: 0.02 is 2 points of a share." placeholder:"SIZE"`
	Planned   int64    `help:"Number of calls at which you mean to decide; default: watch without end." placeholder:"CALLS"`
	Guardrail []string `help:"A metric that must not get worse than A by more than a margin, such as transfer=0.05 or duration=+20:rollback (+: higher is worse, -: lower); may be given several times." placeholder:"METRIC=MARGIN"`
	Ramp      string   `help:"Splits to go through, with what each waits for: 90/10:200c:60m,50/50 stays at 90/10 for at least 200 calls and 60 minutes." placeholder:"STEPS"`
}

func (f ruleFlags) rules() (tandem.Rules, error) {
	r := tandem.Rules{Better: tandem.Direction(f.Better), EquivalenceMargin: f.Margin, PlannedCalls: f.Planned}
	var errs []error
	for _, text := range f.Guardrail {
		g, err := parseGuardrail(text)
		r.Guardrails, errs = append(r.Guardrails, g), append(errs, err)
	}
	var err error
	r.Ramp, err = parseRamp(f.Ramp)
	return r, errors.Join(append(errs, err)...)
}

// parseGuardrail reads METRIC=MARGIN, the margin with + or - for the direction
// that is worse, and :rollback behind it.
func parseGuardrail(text string) (tandem.Guardrail, error) {
	metric, rest, found := strings.Cut(text, "=")
	size, action, acts := strings.Cut(rest, ":")
	g := tandem.Guardrail{Metric: metric}
	switch {
	case strings.HasPrefix(size, "+"):
		g.Worse = tandem.Higher
	case strings.HasPrefix(size, "-"):
		g.Worse = tandem.Lower
	}
	if g.Worse != "" {
		size = size[1:]
	}
	margin, err := parseNumber(size)
	if !found || metric == "" || err != nil || margin < 0 || acts && action != string(tandem.Rollback) && action != string(tandem.Announce) {
		return g, tandem.Errorf(tandem.Invalid, "--guardrail", "is %q; expected a metric and a margin, such as transfer=0.05, duration=+20 or completion=-0.05:rollback", text)
	}
	g.Margin, g.Action = margin, tandem.Action(action)
	return g, nil
}

// maxMinimum keeps what a step waits for within what is worth waiting for, and
// hours in minutes within an int64.
const maxMinimum = 1_000_000_000

// parseRamp reads 90/10:200c:60m,50/50.
func parseRamp(text string) ([]tandem.RampStep, error) {
	if text == "" {
		return nil, nil
	}
	var steps []tandem.RampStep
	for part := range strings.SplitSeq(text, ",") {
		fields := strings.Split(strings.TrimSpace(part), ":")
		weights, err := parseSplit(fields[0])
		if err != nil {
			return nil, rampError(text)
		}
		step := tandem.RampStep{Weights: weights}
		for _, f := range fields[1:] {
			if len(f) < 2 {
				return nil, rampError(text)
			}
			n, err := strconv.ParseInt(f[:len(f)-1], 10, 64)
			switch unit := f[len(f)-1]; {
			case err != nil || n < 0 || n > maxMinimum:
				return nil, rampError(text)
			case unit == 'c':
				step.MinCalls = n
			case unit == 'm':
				step.MinMinutes = n
			case unit == 'h':
				step.MinMinutes = 60 * n
			default:
				return nil, rampError(text)
			}
		}
		steps = append(steps, step)
	}
	return steps, nil
}

func rampError(text string) error {
	return tandem.Errorf(tandem.Invalid, "--ramp", "is %q; expected splits with calls (c), minutes (m) or hours (h) to wait for, such as 90/10:200c:60m,50/50", text)
}

// exact writes a number as somebody would have typed it.
func exact(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// rulesInWords lists a test's rules, each with its name.
func rulesInWords(t tandem.Test) [][2]string {
	var out [][2]string
	add := func(name, text string) { out = append(out, [2]string{name, text}) }
	if t.Better == tandem.Lower {
		add("better", "lower")
	}
	if t.EquivalenceMargin > 0 {
		add("does not matter", "differences up to "+exact(t.EquivalenceMargin))
	}
	if t.PlannedCalls > 0 {
		add("planned", count(t.PlannedCalls)+" calls")
	}
	for _, g := range t.Guardrails {
		add("guardrail", g.Metric+" not "+string(g.Worse)+" by more than "+exact(g.Margin)+", else "+string(g.Action))
	}
	for i, step := range t.Ramp {
		text := slashed(step.Weights)
		if step.MinCalls > 0 {
			text += ", at least " + count(step.MinCalls) + " calls"
		}
		if step.MinMinutes > 0 {
			text += ", at least " + count(step.MinMinutes) + " minutes"
		}
		if t.RampStep == i+1 {
			text += " (in force)"
		}
		add("ramp step "+strconv.Itoa(i+1), text)
	}
	for _, b := range t.RolledBackFor {
		add("rolled back", moment(b.At)+" for "+b.Metric+" in "+b.Arm)
	}
	for _, a := range t.Acknowledged {
		add("acknowledged", string(a.Check)+" by "+a.By+" "+moment(a.At)+" "+a.Note)
	}
	return out
}

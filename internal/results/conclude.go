package results

import (
	"cmp"
	"math"
	"slices"
	"time"

	"tandem"
	"tandem/internal/stats"
)

// compared is one arm's primary metric against A, as the verdict sees it.
type compared struct {
	*Pair
	finding
	// seen is false while nothing can be said, and then only Arm counts.
	seen bool
	// adjusted is the p-value after Holm's correction for several arms.
	adjusted float64
	// decided says that equality is refuted; better, that the arm is then the
	// better one, and worse that A is.
	decided, better, worse bool
}

// conclude says what may be said of the test. What is wrong with the data goes
// before harm, and harm before any conclusion.
func (a *account) conclude() tandem.Verdict {
	v := tandem.Verdict{
		Metric: a.test.PrimaryMetric, Level: Level, Calls: a.standing.Calls, CoveredTo: a.coveredTo(),
		Alarms: a.alarms(), Guardrails: a.guardrails(),
	}
	if open := v.OpenAlarms(); len(open) > 0 {
		a.suspend(&v, open)
		return v
	}
	if breached := v.Breached(); len(breached) > 0 {
		a.breach(&v, breached)
		return v
	}
	if a.held(a.test.PrimaryMetric) {
		a.suspendForGoal(&v)
		return v
	}
	a.decide(&v)
	return v
}

func (a *account) coveredTo() *time.Time {
	if a.standing.Calls == 0 {
		return nil
	}
	at := a.standing.CoveredTo
	return &at
}

// suspendedBy gives the status for a check that failed.
var suspendedBy = map[tandem.Check]tandem.VerdictStatus{
	tandem.CheckSampleRatio:   tandem.SplitBroken,
	tandem.CheckCoverage:      tandem.OutcomesMissing,
	tandem.CheckNotRandomised: tandem.TooFewRandomised,
	tandem.CheckMetricHealth:  tandem.MetricBroken,
}

func (a *account) suspend(v *tandem.Verdict, open []tandem.Alarm) {
	v.Status = suspendedBy[open[0].Check]
	v.Text = open[0].Text + " No verdict on the " + lower(a.primary().label) + " " + a.covered() + " until somebody has looked into it."
	if c := leading(a.comparisons()); c.Pair != nil && c.Known && !a.held(a.test.PrimaryMetric) {
		// The figures are shown, so that somebody can look into it; they conclude
		// nothing.
		v.Text += " As it stands, if the alarm meant nothing: " + a.comparison(c, "") + "."
		a.show(v, c)
	}
	v.Change = "Find the cause. If the arms can be compared all the same, acknowledge the alarm; else end the test and start another."
}

func (a *account) breach(v *tandem.Verdict, breached []tandem.GuardrailState) {
	b := breached[0]
	for _, g := range breached[1:] { // one that rolls back is told first
		if g.Action == tandem.Rollback && b.Action != tandem.Rollback {
			b = g
		}
	}
	e, _ := a.entry(b.Metric)
	rests := telling(a.bounds(a.pair(e.name, b.Arm), e, b.Arm, b.Worse.Sign()), b.Margin)
	v.Status, v.Arm, v.Metric = tandem.GuardrailBreached, b.Arm, b.Metric
	v.Compared, v.Against, v.Value = b.Arm, a.test.Arms[0].Key, number(rests.pair.Value)
	v.Interval, v.P, v.Method = rests.interval, number(math.Exp(rests.logP)), rests.method
	v.Text = "Guardrail breached in " + b.Arm + ": " + lower(b.Text)
	switch {
	case a.test.Status != tandem.Running:
		v.Change = "Only corrected outcomes."
	case a.test.RolledBack():
		v.Change = "All calls go to " + a.test.Arms[0].Key + " now. End the test, or split it again."
	default:
		v.Change = "Give the calls back to " + a.test.Arms[0].Key + ", or end the test."
	}
}

// decide concludes from the primary metric.
func (a *account) decide(v *tandem.Verdict) {
	all := a.comparisons()
	winner, rests := a.winner(all)
	switch {
	case winner != "":
		v.Status, v.Arm = tandem.Better, winner
		v.Since = a.since(winner, all, rests)
		v.Text, v.Change = a.betterText(v, winner, rests), a.betterChange()
	case a.equivalent(all):
		rests = widest(all)
		v.Status = tandem.NoDifference
		v.Text, v.Change = a.noDifferenceText(rests), a.noDifferenceChange()
	default:
		v.Status = tandem.Collecting
		rests = a.collect(v, all)
	}
	v.Text += inSpiteOf(v.Alarms) + a.goalNote()
	a.show(v, rests)
}

// show puts the comparison that the verdict rests on into numbers.
func (a *account) show(v *tandem.Verdict, c compared) {
	if c.Pair == nil {
		return
	}
	v.Compared, v.Against = c.Arm, c.Against
	if c.Known {
		v.Value = number(c.Value)
	}
	if !c.seen {
		return
	}
	v.Interval, v.P, v.Method = span(c.interval), number(c.adjusted), c.method
}

// comparisons sets each other arm's primary metric against A.
func (a *account) comparisons() []compared {
	metric := a.primary().name
	out := make([]compared, 0, len(a.others()))
	p := make([]float64, 0, len(a.others()))
	for _, arm := range a.others() {
		c := compared{Pair: a.pair(metric, arm.Key), adjusted: 1}
		c.finding, c.seen = a.finding(c.Pair)
		if c.seen {
			c.adjusted = math.Exp(c.logP)
		}
		out, p = append(out, c), append(p, c.adjusted)
	}
	if len(out) > 1 {
		if adjusted, err := stats.Holm(p); err == nil {
			for i := range out {
				out[i].adjusted = adjusted[i]
			}
		}
	}
	sign := a.better().Sign()
	for i := range out {
		c := &out[i]
		// On the logarithmic scale the test agrees with the interval to the last
		// digit. With several arms Holm's method can only add to that.
		c.decided = c.seen && (c.logP <= math.Log(c.Alpha) || len(out) > 1 && c.adjusted <= Alpha)
		if !c.decided || !c.Known {
			continue
		}
		// The estimate has to say the same as the interval.
		side := sign * c.Value
		if s := c.excludesZero(); s != 0 && float64(s)*c.Value < 0 {
			side = 0
		}
		c.better, c.worse = side > 0, side < 0
	}
	return out
}

// better is the direction of the primary metric; tests that were started before
// it could be given have the usual one.
func (a *account) better() tandem.Direction {
	if a.test.Better != "" {
		return a.test.Better
	}
	return tandem.BetterDirection(a.primary().name)
}

// winner gives the better arm, if any, and the comparison that this rests on:
// the best of those better than A; A itself only when it beats every other, and
// then the comparison that is the least clear.
func (a *account) winner(all []compared) (key string, rests compared) {
	sign := a.better().Sign()
	for _, c := range all {
		if c.better && (key == "" || sign*c.Value > sign*rests.Value) {
			key, rests = c.Arm, c
		}
	}
	if key != "" {
		return key, rests
	}
	for _, c := range all {
		if !c.worse {
			return "", compared{}
		}
	}
	return a.test.Arms[0].Key, slices.MaxFunc(all, func(x, y compared) int {
		return cmp.Compare(x.logP, y.logP)
	})
}

// since gives when the verdict came to stand: with the comparison that it rests on,
// or for A with the last of all. It is nil where Holm's method decided, which has no
// moment of its own.
func (a *account) since(winner string, all []compared, rests compared) *tandem.Since {
	if winner != a.test.Arms[0].Key {
		return rests.since
	}
	var last *tandem.Since
	for _, c := range all {
		if c.since == nil {
			return nil
		}
		if last == nil || c.since.Calls > last.Calls {
			last = c.since
		}
	}
	return last
}

// equivalent says that every interval is inside the margin.
func (a *account) equivalent(all []compared) bool {
	margin := a.test.EquivalenceMargin
	if !(margin > 0) {
		return false
	}
	return !slices.ContainsFunc(all, func(c compared) bool {
		return !c.seen || !c.Known || c.interval.Low <= -margin || c.interval.High >= margin
	})
}

// widest gives the comparison whose interval reaches furthest.
func widest(all []compared) compared {
	reach := func(c compared) float64 { return max(math.Abs(c.interval.Low), math.Abs(c.interval.High)) }
	return slices.MaxFunc(all, func(x, y compared) int { return cmp.Compare(reach(x), reach(y)) })
}

// leading gives the comparison nearest to a decision that is still to come; the
// first where nothing is seen of any.
func leading(all []compared) compared {
	rank := func(c compared) int {
		switch {
		case c.worse:
			return 2
		case !c.seen:
			return 1
		}
		return 0
	}
	return slices.MinFunc(all, func(x, y compared) int {
		return cmp.Or(cmp.Compare(rank(x), rank(y)), cmp.Compare(x.logP, y.logP))
	})
}

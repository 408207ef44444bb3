package results

import (
	"fmt"
	"math"
	"strings"

	"tandem"
)

// over says whether the test is over, so that its verdict speaks of the past.
func (a *account) over() bool { return a.test.Status != tandem.Running }

// sides writes the two sides of a pair and their difference: "78.2 % in B
// against 70.1 % in A, +8.1 points".
func (a *account) sides(p *Pair, m measure) string {
	places := m.decimals(max(math.Abs(p.Value), p.SE))
	difference := m.difference(p.Value, places)
	if !p.hasMeans() {
		return fmt.Sprintf("%s in %s against %s", difference, p.Arm, p.Against)
	}
	return fmt.Sprintf("%s in %s against %s in %s, %s", m.value(p.MeanB, places), p.Arm, m.value(p.MeanA, places), p.Against, difference)
}

// hasMeans says whether both sides' averages are known: they then differ by the
// pair's value.
func (p *Pair) hasMeans() bool {
	if p.MeanA == 0 && p.MeanB == 0 && p.SE > 0 {
		return false
	}
	size := max(math.Abs(p.MeanA), math.Abs(p.MeanB))
	return p.Known && math.Abs(p.MeanB-p.MeanA-p.Value) <= 1e-9*size
}

// comparison writes the primary metric of a comparison with its interval:
// "completion rate 78.2 % in B against 70.1 % in A, +8.1 points (95 % interval
// +1.2 to +14.9, valid at every look)".
func (a *account) comparison(c compared, remark string) string {
	e := a.primary()
	m := measureOf(e.kind, e.unit)
	text := lower(e.label) + " " + a.sides(c.Pair, m)
	if c.seen && c.method == tandem.Betting && c.Bet.NoneFits {
		return text + fmt.Sprintf(" (%s, %s; the arms differ, but no one difference fits all calls: it seems to have changed over time, so there is no interval)", pText(c.logP), a.validity(c.method))
	}
	if c.seen && span(c.interval) != nil {
		places := m.decimals(max(math.Abs(c.Value), c.SE))
		if c.method == tandem.Betting && c.Cut > 0 {
			remark = "; what lasts longer than " + m.value(c.Cut, m.decimals(c.Cut)) + " counts as that" + remark
		}
		text += fmt.Sprintf(" (%s interval %s, %s%s)", share100(Level), m.ends(c.interval.Low, c.interval.High, places), a.validity(c.method), remark)
	}
	return text
}

// validity says what the interval of a method holds for.
func (a *account) validity(by tandem.Evidence) string {
	text := "valid at every look"
	switch others := len(a.others()); {
	case others == 2:
		text += " and for both comparisons"
	case others > 2:
		text += fmt.Sprintf(" and for all %d comparisons", others)
	}
	if by != tandem.Betting {
		text += approximately
	}
	return text
}

// approximately marks what rests on a normal approximation.
const approximately = ", approximately"

// covered says which calls the evidence is from: "over 812 calls up to 22 Nov
// 14:03 UTC".
func (a *account) covered() string {
	s := a.standing
	if s.Calls == 0 {
		return "over no calls yet"
	}
	calls := plural(s.Calls, "call")
	if planned := a.test.PlannedCalls; planned > 0 && s.Calls <= planned {
		calls = fmt.Sprintf("%s of %s", grouped(s.Calls), plural(planned, "planned call"))
	} else if planned > 0 {
		calls += fmt.Sprintf(" (%s were planned)", grouped(planned))
	}
	if a.test.Unit == tandem.PerCaller && s.Callers > 0 {
		calls += " by " + plural(s.Callers, "caller")
	}
	text := fmt.Sprintf("over %s up to %s", calls, dateTime(s.CoveredTo, a.over()))
	if a.test.Status == tandem.Recorded && !a.test.Intended {
		text += ", with chances taken from the arms' counts"
	}
	return text
}

// betterText names the better arm.
func (a *account) betterText(v *tandem.Verdict, winner string, c compared) string {
	verb := "is"
	if a.over() {
		verb = "was"
	}
	than, which := "", ""
	if len(a.others()) > 1 {
		switch winner {
		case a.test.Arms[0].Key:
			than, which = " than every other arm", "nearest is "+c.Arm+", "
		default:
			than = " than " + c.Against
		}
	}
	text := fmt.Sprintf("%s %s better%s: %s%s, %s", winner, verb, than, which, a.comparison(c, a.remark(c))+sinceText(v.Since, a.over()), a.covered())
	if margin := a.test.EquivalenceMargin; margin > 0 && c.interval.Low > -margin && c.interval.High < margin {
		e := a.primary()
		text += fmt.Sprintf("; all of the interval is within the %s that do not matter", measureOf(e.kind, e.unit).amount(margin))
	}
	return text + "."
}

// sinceText says since when a verdict has stood: ", since call 512 (22 Nov 14:03
// UTC)".
func sinceText(since *tandem.Since, withYear bool) string {
	if since == nil {
		return ""
	}
	return fmt.Sprintf(", since call %s (%s)", grouped(since.Calls), dateTime(since.At, withYear))
}

// inSpiteOf names the checks that failed and that somebody stood by: whoever
// reads the verdict has to know.
func inSpiteOf(alarms []tandem.Alarm) string {
	if len(alarms) == 0 {
		return ""
	}
	names := make([]string, len(alarms))
	for i, al := range alarms {
		names[i] = strings.ReplaceAll(string(al.Check), "_", " ")
	}
	return " Failed checks that were acknowledged: " + strings.Join(names, ", ") + "."
}

// remark explains an interval that holds 0 although equality is refuted.
func (a *account) remark(c compared) string {
	if c.excludesZero() != 0 {
		return ""
	}
	if c.logP <= math.Log(c.Alpha) {
		return fmt.Sprintf("; it left 0 out at an earlier look, %s", pText(c.logP))
	}
	return fmt.Sprintf("; by Holm's method for all of them %s", pText(math.Log(c.adjusted)))
}

func (a *account) betterChange() string {
	if a.over() {
		return "Only corrected outcomes."
	}
	return "Corrected outcomes, a breached guardrail or a check that fails; more calls only make it more exact."
}

func (a *account) noDifferenceText(c compared) string {
	verb := "No practical difference"
	if a.over() {
		verb = "There was no practical difference"
	}
	e := a.primary()
	margin := measureOf(e.kind, e.unit).amount(a.test.EquivalenceMargin)
	if len(a.others()) > 1 {
		verb += " in any arm; the widest"
	}
	return fmt.Sprintf("%s: %s, %s.", verb, a.comparison(c, ", inside the margin of "+margin), a.covered())
}

func (a *account) noDifferenceChange() string {
	if a.over() {
		return "Only corrected outcomes."
	}
	return "Corrected outcomes, a breached guardrail or a check that fails; more calls could still show which side of 0 the small difference is on."
}

// collect says how far a test has come that nothing can be concluded from yet,
// and gives the comparison nearest to a decision.
func (a *account) collect(v *tandem.Verdict, all []compared) compared {
	c := leading(all)
	worse := ""
	for _, other := range all {
		if other.worse {
			worse += other.Arm + " is worse than " + other.Against + "; "
		}
	}
	head := "Collecting: "
	v.Change = "More calls."
	if a.over() {
		head, v.Change = "No verdict: ", "Only corrected outcomes."
	}
	text, early := a.tooEarly(c)
	if !early {
		text = a.comparison(c, "") + ", " + a.covered()
		switch {
		case c.decided:
			text = "the evidence says that the arms differ, but the estimate has changed sides: " + text
		case !c.seen:
			text += "; too little spread to judge it by"
		case !a.over():
			text += a.outlook(v, c)
		}
	}
	v.Text = head + worse + text + "."
	if a.standing.Rebuilding {
		v.Text += " The evidence is being computed and does not cover all calls yet."
	}
	return c
}

// tooEarly says why there is nothing to compare yet; false when there is.
func (a *account) tooEarly(c compared) (string, bool) {
	e := a.primary()
	var calls, outcomes int64
	for _, arm := range a.test.Arms {
		calls += a.cells.n(tandem.MetricCalls, arm.Key)
		outcomes += a.cells.n(e.name, arm.Key)
	}
	soFar := " so far"
	if a.over() {
		soFar = ""
	}
	switch {
	case calls == 0 && a.standing.Calls == 0:
		return "no calls" + soFar, true
	case a.standing.Calls == 0:
		text := fmt.Sprintf("%s%s, %s with a known %s", plural(calls, "call"), soFar, grouped(outcomes), lower(e.label))
		return text + "; none is covered by evidence yet, which waits for the oldest call without outcome", true
	case c.Pair == nil || c.NA+c.NB == 0:
		return fmt.Sprintf("no known %s in both arms yet, %s", lower(e.label), a.covered()), true
	case !c.Known || !c.seen && c.SE > 0:
		return fmt.Sprintf("too few calls with a known %s (%s in %s, %s in %s) to compare yet, %s",
			lower(e.label), grouped(c.NA), c.Against, grouped(c.NB), c.Arm, a.covered()), true
	}
	return "", false
}

// outlook says what is still to come, in words and in v.
func (a *account) outlook(v *tandem.Verdict, c compared) string {
	e := a.primary()
	margin := measureOf(e.kind, e.unit).amount(a.test.EquivalenceMargin)
	if math.Abs(c.Value) < c.SE || c.SE == 0 {
		text := "; no difference to speak of so far"
		v.Change = "A larger difference. If one this small does not matter, end the test."
		f, ok := a.untilEquivalent(c.Pair, c.finding)
		if !ok {
			return text
		}
		f.show(v)
		v.Change = upper(f.words()) + " if the difference stays this small, or fewer if one shows."
		return fmt.Sprintf("%s; %s to know that it is within %s", text, a.wait(f), margin)
	}
	f, ok := a.untilDecided(c.Pair, c.finding)
	if !ok {
		if c.method == tandem.Betting {
			v.Change = "A larger difference. A test that plans its number of calls finds smaller ones; watching without a plan does not."
			return "; watching cannot find a difference this small: plan a number of calls for it"
		}
		v.Change = "A larger difference, or very many more calls."
		return "; too small a difference to decide in any number of calls that comes to mind"
	}
	f.show(v)
	v.Change = upper(f.words()) + " if the difference stays as it is."
	return "; " + a.wait(f) + " if the difference stays"
}

// show puts a forecast into numbers.
func (f forecast) show(v *tandem.Verdict) {
	v.MoreCalls = &f.calls
	if f.days > 0 {
		v.MoreDays = number(f.days)
	}
}

// words writes a forecast: "about 900 more calls, about 4 days".
func (f forecast) words() string {
	text := "about " + plural(f.calls, "more call")
	if f.days > 0 {
		text += ", about " + days(f.days)
	}
	return text
}

// wait is words that say plainly when it takes too long.
func (a *account) wait(f forecast) string {
	if f.days <= tooLong {
		return f.words()
	}
	return fmt.Sprintf("not enough calls: %s at %s a day", f.words(), short(a.standing.PerDay))
}

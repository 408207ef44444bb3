package results

import "tandem"

// hangupTimings says for each arm with answered calls when callers leave.
func hangupTimings(c cells, arms []tandem.Arm) []HangupTiming {
	out := []HangupTiming{}
	shapes := make([]shape, len(arms))
	for i, a := range arms {
		shapes[i] = c.of(tandem.MetricDuration, a.Key).shape()
	}
	sc := newScale(shapes)
	for i, a := range arms {
		if shapes[i].total > 0 {
			left := c.of(tandem.MetricCallerHangup, a.Key).shape()
			out = append(out, hangupTiming(a.Key, sc, shapes[i], left))
		}
	}
	return out
}

// hangupTiming walks the buckets of both histograms, which are the same, so
// that no call is mistaken for one still at risk; then it adds them up into the
// bins of the scale.
func hangupTiming(arm string, sc scale, all, left shape) HangupTiming {
	out := HangupTiming{Arm: arm, Hangups: left.total, Calls: all.total}
	atRisk, staying := all.total, 1.0
	step := HangupStep{}
	at := -1
	flush := func() {
		if at >= 0 {
			step.Staying = staying
			out.Steps = append(out.Steps, step)
		}
	}
	j := 0
	for i, x := range all.values {
		if bin := sc.index(x); bin != at {
			flush()
			at = bin
			step = HangupStep{AtRisk: atRisk}
			step.From, step.To = sc.span(bin)
		}
		var hangups int64
		if j < len(left.values) && left.values[j] == x {
			hangups = left.counts[j]
			j++
		}
		step.Hangups += hangups
		step.Others += all.counts[i] - hangups
		// Calls that end otherwise in the same bucket were still on when the
		// callers in it left.
		staying *= 1 - float64(hangups)/float64(atRisk)
		atRisk -= all.counts[i]
	}
	flush()
	return out
}

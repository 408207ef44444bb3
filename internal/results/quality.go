package results

import "tandem"

// quality says how complete each arm's data are.
func quality(c cells, t tandem.Test) []Quality {
	out := make([]Quality, len(t.Arms))
	for i, a := range t.Arms {
		apart := c.of(tandem.MetricNotRandomised, a.Key).total
		q := Quality{
			Arm:           a.Key,
			Assigned:      c.n(tandem.MetricCalls, a.Key) + apart.N,
			Randomised:    c.n(tandem.MetricCalls, a.Key),
			InProgress:    countOf(MetricInProgress, c, a.Key),
			Ended:         c.n(tandem.MetricEnded, a.Key),
			Lost:          c.n(tandem.MetricLost, a.Key),
			Analyzed:      c.n(tandem.MetricAnalyzed, a.Key),
			Outcomes:      c.n(primaryTally(c, t.PrimaryMetric), a.Key),
			NotRandomised: make(map[tandem.Reason]int64, len(apart.Names)),
		}
		for reason, n := range apart.Names {
			q.NotRandomised[tandem.Reason(reason)] = n
		}
		q.OutcomeShare = share(q.Outcomes, q.Ended)
		q.AnalyzedShare = share(q.Analyzed, q.Ended)
		q.LostShare = share(q.Lost, q.Ended+q.Lost)
		out[i] = q
	}
	return out
}

// primaryTally gives the name under which the primary metric is tallied.
func primaryTally(c cells, metric string) string {
	for _, name := range c.metrics {
		if name == metric {
			return metric
		}
	}
	return metric + NumberSuffix
}

func share(n, of int64) *float64 {
	if of == 0 {
		return nil
	}
	return number(float64(n) / float64(of))
}

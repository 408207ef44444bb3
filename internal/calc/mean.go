package calc

import (
	"math"

	"tandem/internal/stats"
)

// means compares two averages.
func (p *pair) means() {
	if why := p.perCallersOnly(); why != "" {
		for _, method := range []string{welch, relativeDelta, quantile, cuped, betting} {
			p.add(not(method, why))
		}
		p.byCaller()
		return
	}
	pairs := strata(p.m, p.arm, func(d armData) stats.Moments { return d.moments }, func(m stats.Moments) int64 { return m.N })
	est, err := stats.StratifiedMeans(pairs, p.level())
	p.take(welch, err, func(l Line) Line {
		l = l.of(est.Test).p(p.Sides, p.oneSided(est.Test))
		if p.Effect == Relative {
			return l
		}
		return l.value(Absolute, est.Value).within(1-p.Alpha, p.Sides, p.cut(est.Interval, unbounded))
	})
	if p.Effect != Absolute {
		p.relative(stats.StratifiedRelativeMeans(pairs, p.level()))
	}
	p.quantiles()
	p.cuped()
	p.margins(est, err)
	p.byCaller()
	p.watched()
}

// quantiles compares quantiles of the raw values.
func (p *pair) quantiles() {
	shared, _ := p.m.shared(p.arm)
	switch {
	case p.m.raw == nil:
		p.add(not(quantile, "needs raw rows"))
		return
	case shared > 1:
		p.add(not(quantile, phases))
		return
	}
	a, err := stats.CountValues(p.m.raw.of(0))
	var b []stats.Counted
	if err == nil {
		b, err = stats.CountValues(p.m.raw.of(p.arm))
	}
	for _, q := range p.Quantiles {
		var est stats.Estimate
		if err == nil {
			est, err = stats.QuantileDifference(a, b, q, p.level())
		}
		title := "quantile " + short(q)
		if q == 0.5 {
			title = "median"
		}
		before := len(p.lines)
		p.take(quantile, err, func(l Line) Line {
			return l.value(Absolute, est.Value).within(1-p.Alpha, p.Sides, p.cut(est.Interval, unbounded)).
				of(est.Test).p(p.Sides, p.oneSided(est.Test))
		})
		for i := range p.lines[before:] {
			l := &p.lines[before+i]
			l.Title = title
			*l = l.figure("q", q)
		}
		err = nil
	}
}

// cuped takes out of the values what the covariate explains: one theta over all
// arms, whose adjusted moments are compared by Welch's t. A row without the
// covariate gets its mean, as if nothing were known of it.
func (p *pair) cuped() {
	shared, _ := p.m.shared(p.arm)
	switch {
	case p.m.raw == nil || p.m.raw.before == nil:
		p.add(not(cuped, "needs raw rows with a covariate, the column before"))
		return
	case shared > 1:
		p.add(not(cuped, phases))
		return
	}
	theta, adjusted, missing, err := p.m.raw.adjusted(len(p.m.arms))
	var est stats.Estimate
	if err == nil {
		est, err = stats.Welch(adjusted[0], adjusted[p.arm], p.level())
	}
	p.take(cuped, err, func(l Line) Line {
		l = l.value(Absolute, est.Value).within(1-p.Alpha, p.Sides, p.cut(est.Interval, unbounded)).
			of(est.Test).p(p.Sides, p.oneSided(est.Test)).figure("theta", theta)
		if missing > 0 {
			l.Note = itoa(missing) + " rows without a covariate have its mean"
		}
		return l
	})
}

func (s *samples) adjusted(arms int) (theta float64, adjusted []stats.Moments, missing int, err error) {
	var mean running
	for i := range s.len() {
		if s.known(i) && !math.IsNaN(s.before[i]) {
			mean.add(s.before[i])
		}
	}
	pairs := make([][]stats.Pair, arms)
	for i := range s.len() {
		if !s.known(i) {
			continue
		}
		x := s.before[i]
		if math.IsNaN(x) {
			x = mean.mean
			missing++
		}
		a := s.arm(i)
		pairs[a] = append(pairs[a], stats.Pair{Y: s.value[i], X: x})
	}
	theta, adjusted, err = stats.Cuped(pairs)
	return theta, adjusted, missing, err
}

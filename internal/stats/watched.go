package stats

import "math"

// MeansFrom is the number of values on a side (callers, where those are
// randomised) from which averages of numbers may be watched: unlike shares,
// numbers can have tails that few values do not show.
const MeansFrom = 50

// Spread is how far a watched difference may be off. The sequences rest on a
// normal approximation at every look, the first ones included, and a small arm
// errs on the bold side there: its own variance is too small just when its mean
// is far out. So Variance is never less than what equal arms would have.
type Spread struct {
	// Variance is that of the difference, to judge by.
	Variance float64
	// Own is what the two arms say themselves.
	Own float64
	// Third is the difference's third central moment; 0 for shares.
	Third float64
}

// skewDoubled is how often the observed skewness is taken: few values show less
// of it than there is.
const skewDoubled = 2

// Skew is the skewness that [Watched] corrects for.
func (s Spread) Skew() float64 {
	if !(s.Own > 0) {
		return 0
	}
	return skewDoubled * s.Third / float64(s.Own*math.Sqrt(s.Own))
}

// SpreadOfShares is that of the difference of two shares: the larger of the sum
// of both [ShareVariance] and of the variance pooled under the null hypothesis,
// with one more success and one more failure in both arms together. At uneven
// splits ten of ten in the small arm is not rare at a share of 0.7, and the arm's
// own variance is then a third of the true one. All 0 while an arm is empty.
func SpreadOfShares(a, b Proportion) Spread {
	if a.N <= 0 || b.N <= 0 {
		return Spread{}
	}
	na, nb := float64(a.N), float64(b.N)
	n := na + nb + 2
	yes := float64(a.Successes) + float64(b.Successes) + 1
	pooled := yes / n * ((n - yes) / n) * (1/na + 1/nb)
	own := ShareVariance(a) + ShareVariance(b)
	return Spread{Variance: max(own, pooled), Own: own}
}

// SpreadOfMeans is that of the difference of two averages: the largest of the
// arms' own variances, of the variance pooled over both, and of the arms' own as
// if each had had twice more the smallest and the largest of all values seen,
// which do for numbers what a success and a failure more do for shares. extremes
// are those values. All 0 with fewer than two values in an arm.
func SpreadOfMeans(a, b Numbers, extremes Interval) Spread {
	if a.N < 2 || b.N < 2 {
		return Spread{}
	}
	na, nb := float64(a.N), float64(b.N)
	own := a.M2/(na-1)/na + b.M2/(nb-1)/nb
	pooled := (a.M2 + b.M2) / (na + nb - 2) * (1/na + 1/nb)
	s := Spread{
		Variance: max(own, pooled),
		Own:      own,
		Third:    b.M3/cube(nb) - a.M3/cube(na),
	}
	if extremes.Low <= extremes.High {
		s.Variance = max(s.Variance, a.stretched(extremes)+b.stretched(extremes))
	}
	return s
}

// Unseen stands for extremes that are not known, as those of values given by their
// mean and variance only.
var Unseen = Interval{Low: math.Inf(1), High: math.Inf(-1)}

func cube(n float64) float64 { return float64(n*n) * n }

// extraExtremes is how many more of the smallest and of the largest value an arm
// is taken to have.
const extraExtremes = 2

// Numbers are running moments: how many, their mean, and the sums of the second
// and third powers of their distances from it.
type Numbers struct {
	N            int64
	Mean, M2, M3 float64
}

// Add adds one number: Terriberry (2007), after Chan, Golub & LeVeque (1983),
// American Statistician 37, 242-247. Products are rounded before they are added,
// so that every machine has the same.
func (m *Numbers) Add(x float64) {
	m.N++
	n := float64(m.N)
	d := x - m.Mean
	part := d / n
	second := float64(float64(d*part) * (n - 1))
	m.Mean += part
	m.M3 += float64(float64(second*part)*(n-2)) - float64(3*float64(part*m.M2))
	m.M2 += second
}

// stretched is the variance of the mean with more of the extremes.
func (m Numbers) stretched(extremes Interval) float64 {
	const extra = 2 * extraExtremes
	n := float64(m.N)
	all := n + extra
	half, off := (extremes.High-extremes.Low)/2, (extremes.Low+extremes.High)/2-m.Mean
	m2 := m.M2 + float64(extra*float64(half*half)) + float64(float64(off*off)*(n*extra/all))
	return m2 / (all - 1) / all
}

// Watched is a difference at one look, with what its sequences need: the standard
// error and the skewness of [Spread], and the clock of [EvenCalls].
//
// The skewness matters where one arm is skewed and the other less so, or smaller:
// mean and spread of a skewed arm err together, so that too low a mean seems
// too certain. Hall (1992), JRSS B 54, 221-228, turns the t statistic into one
// that is normal to the second order,
//
//	g(t) = t + skew t^2/3 + skew^2 t^3/27 + skew/6,
//
// and Watched takes whichever of t and g(t) is nearer to 0, so it is never bolder
// than the plain sequence.
type Watched struct {
	Value, SE float64
	Skew      float64
	Clock     int64
}

// Z is the value in standard errors, corrected for skewness; 0 where SE is 0.
func (w Watched) Z() float64 {
	if !(w.SE > 0) {
		return 0
	}
	t := w.Value / w.SE
	g := t + float64(w.Skew*float64(t*t))/3 + float64(float64(w.Skew*w.Skew)*float64(float64(t*t)*t))/27 + w.Skew/6
	switch {
	case float64(g*t) <= 0:
		return 0
	case math.Abs(g) < math.Abs(t):
		return g
	}
	return t
}

// reach is how many standard errors above 0 (sign 1) or below (-1) the value must
// lie for Z to be at a bound.
func (w Watched) reach(bound, sign float64) float64 {
	skew := sign * w.Skew
	if skew == 0 || math.IsInf(bound, 1) {
		return bound
	}
	t := 3 / skew * (math.Cbrt(1+skew*(bound-skew/6)) - 1)
	return max(bound, t)
}

// Sequence is [Sequence] of the difference. Errors: those of it.
func (w Watched) Sequence(alpha, tuning float64) (Band, error) {
	return w.band(func(z float64) (Band, error) { return Sequence(z, 1, w.Clock, alpha, tuning) }, alpha)
}

// Planned is [Planned] of the difference. Errors: those of it.
func (w Watched) Planned(planned int64, alpha float64) (Band, error) {
	return w.band(func(z float64) (Band, error) { return Planned(z, 1, w.Clock, planned, alpha) }, alpha)
}

func (w Watched) band(of func(z float64) (Band, error), alpha float64) (Band, error) {
	if err := checkSequence(w.Value, w.SE, w.Clock, alpha, Tuning); err != nil {
		return Band{}, err
	}
	band, err := of(w.Z())
	if err != nil {
		return Band{}, err
	}
	bound := (band.Interval.High - band.Interval.Low) / 2
	in := Interval{w.Value - float64(w.SE*w.reach(bound, 1)), w.Value + float64(w.SE*w.reach(bound, -1))}
	return Band{Interval: in, LogP: agreeing(band.LogP, alpha, in.Low > 0 || in.High < 0)}, nil
}

// Above is [SequenceAbove] of the difference. Errors: those of it.
func (w Watched) Above(alpha, tuning float64) (low, logP float64, err error) {
	if err := checkSequence(w.Value, w.SE, w.Clock, alpha, tuning); err != nil {
		return 0, 0, err
	}
	z := w.Z()
	bound, logP, err := SequenceAbove(z, 1, w.Clock, alpha, tuning)
	if err != nil {
		return 0, 0, err
	}
	low = w.Value - float64(w.SE*w.reach(z-bound, 1))
	return low, agreeing(logP, alpha, low > 0), nil
}

// PlannedAbove is [PlannedAbove] of the difference. Errors: those of it.
func (w Watched) PlannedAbove(planned int64, alpha float64) (low, logP float64, err error) {
	if err := checkSequence(w.Value, w.SE, w.Clock, alpha, Tuning); err != nil {
		return 0, 0, err
	}
	z := w.Z()
	bound, logP, err := PlannedAbove(z, 1, w.Clock, planned, alpha)
	if err != nil {
		return 0, 0, err
	}
	low = w.Value - float64(w.SE*w.reach(z-bound, 1))
	return low, agreeing(logP, alpha, low > 0), nil
}

// Turned is the difference seen from the other side.
func (w Watched) Turned() Watched {
	w.Value, w.Skew = -w.Value, -w.Skew
	return w
}

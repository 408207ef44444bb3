package stats

import "math"

// RatioRun follows [SampleRatio] unit by unit and remembers the largest Bayes
// factor so far: an alarm that was right when it was raised does not clear itself
// because later units came in evenly. The factor grows by what a unit's arm is worth,
// (100 q + n)/(100 + N)/q with n the units of that arm and N all before it (in its
// phase), so that it is made of products and quotients only and is the same on every
// machine. The zero value has seen nothing.
type RatioRun struct {
	Now, Most Power
	// Impossible: an arm without a share drew a unit.
	Impossible bool
}

// Power is Mantissa 2^Exponent, with a mantissa of 1/2 to 1; the zero value is 1.
type Power struct {
	Mantissa float64
	Exponent int64
}

// Log is the natural logarithm.
func (p Power) Log() float64 {
	if p.Mantissa == 0 {
		return 0
	}
	return math.Log(p.Mantissa) + float64(p.Exponent)*math.Ln2
}

func (p Power) times(x float64) Power {
	if p.Mantissa == 0 {
		p = Power{0.5, 1}
	}
	m, e := math.Frexp(float64(p.Mantissa * x))
	return Power{m, p.Exponent + int64(e)}
}

func (p Power) above(o Power) bool {
	if o.Mantissa == 0 {
		o = Power{0.5, 1}
	}
	return p.Exponent > o.Exponent || p.Exponent == o.Exponent && p.Mantissa > o.Mantissa
}

// Add takes a unit of an arm whose share is q (of all arms' 1), when n units of the
// arm and all of every arm were drawn in the phase before it.
func (r *RatioRun) Add(q float64, n, all int64) {
	if !(q > 0) {
		r.Impossible = true
		return
	}
	r.Now = r.Now.times((float64(sampleRatioMass*q) + float64(n)) / (sampleRatioMass + float64(all)) / q)
	if r.Now.above(r.Most) {
		r.Most = r.Now
	}
}

// LogMost is ln of the largest Bayes factor so far, +Inf where an arm without a share
// drew a unit.
func (r *RatioRun) LogMost() float64 {
	if r.Impossible {
		return math.Inf(1)
	}
	return max(0, r.Most.Log())
}

package stats

import (
	"fmt"
	"math"
)

// Tuning is N*, the number of calls at which the asymptotic sequences of
// [Sequence] and [SequenceAbove] are tightest: about as many as a test of
// voice agents has when it is decided.
const Tuning = 1000.0

// SequenceFrom is the number of calls in each arm from which the asymptotic
// sequences may be used. They rest on a central limit theorem.
const SequenceFrom = 10

// Band is what a sequence says at one look.
type Band struct {
	// Interval holds the truth at every look together, with 1 - alpha.
	Interval Interval
	// LogP is the natural logarithm of the p-value of a difference of 0 at this
	// look: the smallest alpha whose interval excludes 0 (with the tuning kept).
	// Its minimum over the looks so far is an always-valid p-value too.
	LogP float64
}

// Sequence is the asymptotic confidence sequence around an estimate with its
// standard error at n calls: both arms together, from SequenceFrom in each. It
// needs nothing but sufficient statistics, so the order of the calls does not
// matter. Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2103.06476), Theorem
// 2.2; its tuning parameter rho^2 is r, chosen by their approximation to
// the tightest at N*:
//
//	half = se sqrt(2 (nr+1)/(nr) ln(sqrt(nr+1)/alpha))
//	r = (-2 ln alpha + ln(1 - 2 ln alpha))/tuning
//
// The p-value is its inverse, the normal mixture of Johari et al. (1512.04922).
//
// Errors: ErrInput for NaN, infinities, a negative se, alpha outside 0 to 1 or a
// tuning outside 1e-100 to 1e100; ErrTooFew without calls or spread.
func Sequence(value, se float64, n int64, alpha, tuning float64) (Band, error) {
	if err := checkSequence(value, se, n, alpha, tuning); err != nil {
		return Band{}, err
	}
	v := float64(n) * sequenceRate(alpha, tuning)
	half := se * sequenceBound(v, alpha)
	z := value / se
	logP := min(0, 0.5*math.Log1p(v)-z*(z*(v/(2*(v+1)))))
	return Band{
		Interval: Interval{value - half, value + half},
		LogP:     agreeing(logP, alpha, math.Abs(value) > half),
	}, nil
}

// sequenceRate is r, in 1/calls. Its alpha is below 1.
func sequenceRate(alpha, tuning float64) float64 {
	l := -2 * math.Log(alpha)
	return (l + math.Log1p(l)) / tuning
}

// sequenceBound is the |z| that excludes 0 after v = n r.
func sequenceBound(v, alpha float64) float64 {
	return math.Sqrt(2 * (v + 1) / v * (0.5*math.Log1p(v) - math.Log(alpha)))
}

// SequenceAbove is the one-sided sequence: a lower bound of the estimated value
// that holds at every look together with 1 - alpha, and the p-value of "at most
// 0". Guardrails use it. Waudby-Smith et al. (2103.06476), the appendix
// on one-sided sequences:
//
//	half = se sqrt(2 (nr+1)/(nr) ln(1 + sqrt(nr+1)/(2 alpha)))
//
// with r that of [Sequence] at 2 alpha. For an upper bound, turn the sign of the
// value and of the answer.
//
// Errors: those of Sequence; alpha must be below 1/2.
func SequenceAbove(value, se float64, n int64, alpha, tuning float64) (low, logP float64, err error) {
	if !(alpha < 0.5) {
		return 0, 0, fmt.Errorf("%w: alpha %v; expected below 0.5", ErrInput, alpha)
	}
	if err := checkSequence(value, se, n, alpha, tuning); err != nil {
		return 0, 0, err
	}
	v := float64(n) * sequenceRate(2*alpha, tuning)
	low = value - se*sequenceBoundAbove(v, alpha)
	if z := value / se; z > 0 {
		// 1/alpha = 2 (e^h - 1)/sqrt(nr+1), and ln(e^h - 1) = h + ln(1 - e^-h).
		h := z * (z * (v / (2 * (v + 1))))
		logP = min(0, 0.5*math.Log1p(v)-math.Ln2-h-math.Log(-math.Expm1(-h)))
	}
	return low, agreeing(logP, alpha, low > 0), nil
}

func sequenceBoundAbove(v, alpha float64) float64 {
	return math.Sqrt(2 * (v + 1) / v * math.Log1p(math.Sqrt(v+1)/(2*alpha)))
}

// usableTuning keeps n r finite and above 0.
func usableTuning(tuning float64) bool { return tuning >= 1e-100 && tuning <= 1e100 }

func checkSequence(value, se float64, n int64, alpha, tuning float64) error {
	switch {
	case !finite(value, se) || se < 0 || !usableTuning(tuning) || n < 0:
		return fmt.Errorf("%w: value %v, standard error %v, %d calls, tuning %v", ErrInput, value, se, n, tuning)
	case !(alpha > 0 && alpha < 1):
		return fmt.Errorf("%w: alpha %v; expected between 0 and 1", ErrInput, alpha)
	case n == 0 || se == 0:
		return fmt.Errorf("%w: standard error %v at %d calls", ErrTooFew, se, n)
	}
	return nil
}

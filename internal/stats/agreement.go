package stats

import (
	"fmt"
	"math"
)

// Kappa is how far two raters agree beyond chance.
type Kappa struct {
	// Value is 1 for perfect agreement, 0 for that of chance, and at least -1.
	Value float64
	// SE is the asymptotic standard error, right for many items; 0 where the
	// raters never differ.
	SE float64
	// Interval holds for one look, within -1 and 1.
	Interval Interval
	// Observed is the share of items the raters agree on, and Expected the share
	// if each kept to their own frequencies and knew nothing of the items. Where
	// disagreements are weighted, each takes its weight from 1.
	Observed, Expected float64
	// N is the number of items.
	N int64
}

// Distance says how much a disagreement weighs in [WeightedKappa], with the k
// categories in their order.
type Distance int

// The distances between the categories i and j.
const (
	// Linear: |i-j|/(k-1). Cicchetti & Allison (1971), American Journal of EEG
	// Technology 11, 101-109.
	Linear Distance = iota + 1
	// Quadratic: (i-j)^2/(k-1)^2. Fleiss & Cohen (1973), Educational and
	// Psychological Measurement 33, 613-619.
	Quadratic
)

// CohenKappa measures the agreement of two raters over categories without an
// order. counts[i][j] is how many items the first put in category i and the
// second in j. Cohen, J. (1960), Educational and Psychological Measurement 20,
// 37-46; the standard error is that of Fleiss, Cohen & Everitt (1969),
// Psychological Bulletin 72, 323-327, for kappa other than 0, and the interval
// at a confidence level such as 0.95 is Value -+ z SE.
//
// Where the raters never differ, SE is 0 and would claim to be certain. The
// interval's low end is then that of [Wilson]'s interval of the agreement, seen
// against the expected agreement as it is.
//
// Errors: ErrInput, also for a table that is not square; ErrTooFew without items,
// or where both raters put every item in one and the same category, so that
// chance too agrees always.
func CohenKappa(counts [][]int64, level float64) (Kappa, error) {
	return kappa(counts, level, func(i, j int) float64 {
		if i == j {
			return 0
		}
		return 1
	})
}

// WeightedKappa is [CohenKappa] over categories in their order, of which a near
// miss is a lesser disagreement. Cohen, J. (1968), Psychological Bulletin 70,
// 213-220. A category that nobody used changes Observed and Expected, which are
// told in terms of the widest distance, but not kappa.
//
// Errors: those of CohenKappa; ErrInput for another distance.
func WeightedKappa(counts [][]int64, distance Distance, level float64) (Kappa, error) {
	if distance != Linear && distance != Quadratic {
		return Kappa{}, fmt.Errorf("%w: distance %d; expected Linear or Quadratic", ErrInput, distance)
	}
	widest := float64(max(1, len(counts)-1))
	return kappa(counts, level, func(i, j int) float64 {
		d := math.Abs(float64(i-j)) / widest
		if distance == Quadratic {
			d *= d
		}
		return d
	})
}

// kappa computes with disagreements v = 1 - w, of which perfect agreement has
// exactly 0: with qo and qe those observed and expected, kappa is 1 - qo/qe, and
// equation 10 of Fleiss, Cohen & Everitt becomes the mean of d^2 over n qe^4,
// with
//
//	d = (v(i,.) + v(.,j) - qe) qo - v(i,j) qe
//
// where v(i,.) is the mean of v(i,j) over the second rater's frequencies and
// v(.,j) over the first's.
func kappa(counts [][]int64, level float64, v func(i, j int) float64) (Kappa, error) {
	a, err := alpha(level)
	if err != nil {
		return Kappa{}, err
	}
	r, err := newRatings(counts)
	if err != nil {
		return Kappa{}, err
	}
	k := len(counts)
	first, second := make([]float64, k), make([]float64, k)
	var qo, qe float64
	for i := range k {
		for j := range k {
			d := v(i, j)
			first[i] += d * r.columns[j]
			second[j] += d * r.rows[i]
			qo += d * r.share(i, j)
		}
		qe += first[i] * r.rows[i]
	}
	if qe == 0 {
		return Kappa{}, fmt.Errorf("%w: kappa needs a category more than the one that holds all items", ErrTooFew)
	}
	var spread float64
	for i := range k {
		for j := range k {
			d := (first[i]+second[j]-qe)*qo - v(i, j)*qe
			spread += r.share(i, j) * d * d
		}
	}
	out := Kappa{Value: 1 - qo/qe, SE: math.Sqrt(spread/float64(r.n)) / (qe * qe), Observed: 1 - qo, Expected: 1 - qe, N: r.n}
	z := normalQuantile(a / 2)
	out.Interval = Interval{max(-1, out.Value-z*out.SE), min(1, out.Value+z*out.SE)}
	if qo == 0 {
		agreed := wilson(Proportion{r.n, r.n}, z)
		out.Interval = Interval{max(-1, 1-(1-agreed.Low)/qe), 1}
	}
	return out, nil
}

// ratings are a table of two raters, with each one's frequencies as shares.
type ratings struct {
	counts        [][]int64
	rows, columns []float64
	n             int64
}

func newRatings(counts [][]int64) (ratings, error) {
	r := ratings{counts: counts, rows: make([]float64, len(counts)), columns: make([]float64, len(counts))}
	for i, row := range counts {
		if len(row) != len(counts) {
			return ratings{}, fmt.Errorf("%w: row %d has %d columns; expected %d, as many as rows", ErrInput, i, len(row), len(counts))
		}
		for j, c := range row {
			if c < 0 || c > math.MaxInt64-r.n {
				return ratings{}, fmt.Errorf("%w: count %d in row %d", ErrInput, c, i)
			}
			r.n += c
			r.rows[i] += float64(c)
			r.columns[j] += float64(c)
		}
	}
	if r.n == 0 {
		return ratings{}, fmt.Errorf("%w: kappa needs an item", ErrTooFew)
	}
	for i := range counts {
		r.rows[i] /= float64(r.n)
		r.columns[i] /= float64(r.n)
	}
	return r, nil
}

func (r ratings) share(i, j int) float64 { return float64(r.counts[i][j]) / float64(r.n) }

// Preference is what a judge who was shown pairs prefers.
type Preference struct {
	// B is how often B won, of the pairs that were decided; Tied how many were
	// not, of all pairs.
	B, Tied Proportion
	// Interval is that of B's share among the decided pairs; all of 0 to 1
	// without one.
	Interval Interval
	// Test is of the hypothesis that A and B win alike.
	Test Test
}

// PairedPreference compares two sides by pairs that were judged independently:
// Wilson's interval of the share preferring B (see [Wilson]), and the exact
// two-sided sign test, the chance of a split at least as uneven if each pair were
// decided by a fair coin. Arbuthnott (1710); Dixon & Mood (1946), JASA 41,
// 557-566, who leave out ties. They say nothing about which side is better, but
// many of them say that it matters little. Without a decided pair p is 1.
//
// The interval is closer to its level than the test, which errs on the careful
// side: it may leave out 1/2 where p is a little above 1 - level. The test decides.
//
// Errors: ErrInput.
func PairedPreference(winsA, winsB, ties int64, level float64) (Preference, error) {
	if min(winsA, winsB, ties) < 0 || winsB > math.MaxInt64-winsA || ties > math.MaxInt64-winsA-winsB {
		return Preference{}, fmt.Errorf("%w: %d wins of a, %d of b and %d ties", ErrInput, winsA, winsB, ties)
	}
	decided := winsA + winsB
	b := Proportion{winsB, decided}
	in, err := Wilson(b, level)
	if err != nil {
		return Preference{}, err
	}
	return Preference{B: b, Tied: Proportion{ties, decided + ties}, Interval: in, Test: fromLog(0, 0, logSign(winsA, winsB))}, nil
}

// logSign gives ln p of the two-sided sign test: twice the upper tail of a fair
// coin from the larger number k of n on. That tail is I_(1/2)(k, n-k+1), DLMF
// 8.17.5: half P(k) times a continued fraction; P(k) itself is Loader's (see
// [hypergeometric]).
func logSign(a, b int64) float64 {
	if a > b {
		a, b = b, a
	}
	if b-a <= 1 {
		return 0
	}
	few, many, n := float64(a), float64(b), float64(a+b)
	half, above := n/2, float64(b-a)/2
	logP := factorialRest(n) - cellLog(many, half, above) - cellLog(few, half, -above)
	return logP + math.Log(betaFraction(many, few+1, 0.5))
}

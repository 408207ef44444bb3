package stats

import (
	"fmt"
	"math"
)

// MarginTest is the outcome of a claim about a margin.
type MarginTest struct {
	// Holds says that the claim is shown at the level asked for.
	Holds bool
	// Interval of the difference b - a must lie within the margin for the claim
	// to hold. For non-inferiority it is one-sided, its other end the end of what
	// is possible; for equivalence it is the two-sided one at 2 level - 1.
	Interval Interval
	// Test refutes the opposite of the claim. Its p-values are one-sided.
	Test Test
}

// NonInferior tests the claim that b is not worse than a by margin or more, in
// the unit of e and margin >= 0; a margin of 0 asks for superiority. Lower values
// are worse when higherBetter, else higher ones. The level, 0.5 or more, is that
// of a one-sided statement: 0.975 is usual where 0.95 is for two sides. e is any
// estimate with a standard error ([Welch], [StratifiedMeans], [RatioDifference],
// [QuantileDifference], [RelativeMeans]); its own interval does not matter. For
// plain proportions [NonInferiorProportions] is more exact.
//
// Errors: ErrInput; ErrTooFew when e has no standard error.
func NonInferior(e Estimate, margin float64, higherBetter bool, level float64) (MarginTest, error) {
	al, err := oneSided(level)
	if err == nil {
		err = checkMargin(margin, math.MaxFloat64)
	}
	if err == nil {
		err = e.checkSE()
	}
	if err != nil {
		return MarginTest{}, err
	}
	low, high := e.Value-e.reach(al), e.Value+e.reach(al)
	if higherBetter {
		return claim(Interval{low, math.Inf(1)}, e.beyond((e.Value+margin)/e.SE), al), nil
	}
	return claim(Interval{math.Inf(-1), high}, e.beyond((margin-e.Value)/e.SE), al), nil
}

// Equivalent tests the claim that b - a lies between -margin and margin, margin >=
// 0 (at 0 nothing is between, and the claim never holds), by two one-sided tests: Schuirmann (1987), Journal of Pharmacokinetics and
// Biopharmaceutics 15, 657-680. The p-value is the larger of the two. At a level
// of 0.95 the claim holds just when the 90 % interval lies within the margin. e is
// as for [NonInferior].
//
// Errors: ErrInput; ErrTooFew when e has no standard error.
func Equivalent(e Estimate, margin, level float64) (MarginTest, error) {
	al, err := oneSided(level)
	if err == nil {
		err = checkMargin(margin, math.MaxFloat64)
	}
	if err == nil {
		err = e.checkSE()
	}
	if err != nil {
		return MarginTest{}, err
	}
	// The test of the nearer end has the larger p-value.
	t := e.beyond((margin - math.Abs(e.Value)) / e.SE)
	return claim(Interval{e.Value - e.reach(al), e.Value + e.reach(al)}, t, al), nil
}

// NonInferiorProportions is [NonInferior] for two proportions, margin from 0 to
// below 1, by the score test and interval of Miettinen & Nurminen ([ScoreTest]);
// without their factor N/(N-1) it is Farrington and Manning's test.
//
// Errors: ErrInput; ErrTooFew with an empty arm.
func NonInferiorProportions(a, b Proportion, margin float64, higherBetter bool, level float64) (MarginTest, error) {
	in, al, err := marginInterval(a, b, margin, level)
	if err != nil {
		return MarginTest{}, err
	}
	if higherBetter {
		return claim(Interval{in.Low, 1}, normalBeyond(scoreZ(a, b, -margin)), al), nil
	}
	return claim(Interval{-1, in.High}, normalBeyond(-scoreZ(a, b, margin)), al), nil
}

// EquivalentProportions is [Equivalent] for two proportions, margin from 0 to
// below 1, by the score test and interval of Miettinen & Nurminen.
//
// Errors: ErrInput; ErrTooFew with an empty arm.
func EquivalentProportions(a, b Proportion, margin, level float64) (MarginTest, error) {
	in, al, err := marginInterval(a, b, margin, level)
	if err != nil {
		return MarginTest{}, err
	}
	return claim(in, normalBeyond(min(scoreZ(a, b, -margin), -scoreZ(a, b, margin))), al), nil
}

func marginInterval(a, b Proportion, margin, level float64) (in Interval, al float64, err error) {
	if al, err = oneSided(level); err != nil {
		return Interval{}, 0, err
	}
	if err := checkMargin(margin, 1); err != nil {
		return Interval{}, 0, err
	}
	if in, err = scoreInterval(a, b, normalQuantile(al)); err != nil {
		return Interval{}, 0, err
	}
	if a.N == 0 || b.N == 0 {
		return Interval{}, 0, fmt.Errorf("%w: a margin needs data on both sides", ErrTooFew)
	}
	return in, al, nil
}

func claim(in Interval, t Test, al float64) MarginTest {
	return MarginTest{Holds: t.LogP <= math.Log(al), Interval: in, Test: t}
}

// oneSided checks a one-sided level and gives 1 - level.
func oneSided(level float64) (float64, error) {
	if !(level >= 0.5 && level < 1) {
		return 0, fmt.Errorf("%w: one-sided confidence level %v; expected 0.5 to below 1", ErrInput, level)
	}
	return 1 - level, nil
}

func checkMargin(margin, below float64) error {
	if !(margin >= 0 && margin < below) {
		return fmt.Errorf("%w: margin %v; expected 0 to below %v", ErrInput, margin, below)
	}
	return nil
}

func (e Estimate) checkSE() error {
	if !finite(e.Value, e.SE, e.Test.DF) || e.SE < 0 || e.Test.DF < 0 {
		return fmt.Errorf("%w: estimate %v with standard error %v", ErrInput, e.Value, e.SE)
	}
	if e.SE == 0 {
		return fmt.Errorf("%w: the estimate has no standard error", ErrTooFew)
	}
	return nil
}

// reach gives how far a one-sided interval goes from the value.
func (e Estimate) reach(al float64) float64 {
	if e.Test.DF > 0 {
		return studentQuantile(al, e.Test.DF) * e.SE
	}
	return normalQuantile(al) * e.SE
}

// beyond gives the one-sided test with this statistic, large ones being unlikely.
func (e Estimate) beyond(t float64) Test {
	if e.Test.DF > 0 {
		return fromLog(t, e.Test.DF, upperTail(t, logStudentTwoSided(t, e.Test.DF)))
	}
	return normalBeyond(t)
}

func normalBeyond(z float64) Test { return fromLog(z, 0, upperTail(z, logNormalTwoSided(z))) }

// upperTail gives ln P(T > t) of a symmetric T from ln P(|T| > |t|).
func upperTail(t, logTwoSided float64) float64 {
	if t > 0 {
		return logTwoSided - math.Ln2
	}
	return math.Log1p(-math.Exp(logTwoSided) / 2)
}

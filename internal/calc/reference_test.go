package calc_test

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"tandem/internal/calc"
)

const examples = "../../docs/calc"

func compute(t *testing.T, file string, flags calc.Settings) calc.Report {
	t.Helper()
	src, err := os.ReadFile(filepath.Join(examples, file))
	if err != nil {
		t.Fatal(err)
	}
	return computeText(t, string(src), file, flags)
}

func computeText(t *testing.T, src, name string, flags calc.Settings) calc.Report {
	t.Helper()
	in, err := calc.Read([]byte(src), name, "", flags)
	if err != nil {
		t.Fatal(err)
	}
	r, err := calc.Compute(in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// line finds what a method says of the arm at this place behind the reference.
func line(t *testing.T, r calc.Report, metric, comparison int, method string) calc.Line {
	t.Helper()
	for _, l := range r.Metrics[metric].Comparisons[comparison].Lines {
		if l.Method == method {
			return l
		}
	}
	t.Fatalf("no line of %s", method)
	return calc.Line{}
}

func near(t *testing.T, what string, got *float64, want, tolerance float64) {
	t.Helper()
	if got == nil {
		t.Errorf("%s is not given; expected %v", what, want)
		return
	}
	if math.Abs(*got-want) > tolerance*math.Max(1, math.Abs(want)) {
		t.Errorf("%s is %.15g; expected %.15g", what, *got, want)
	}
}

func ptr[T any](x T) *T { return &x }

// The figures are R 4.2.2's, of the commands named, unless another source is.
func TestSharesAreThoseOfOtherSoftware(t *testing.T) {
	r := compute(t, "shares.json", calc.Settings{})
	a := r.Metrics[0].Arms[0]
	// prop.test(289, 412, correct=FALSE)$conf.int
	near(t, "Wilson low", a.Interval.Low, 0.655572578850261, 1e-12)
	near(t, "Wilson high", a.Interval.High, 0.743618017659206, 1e-12)
	// prop.test(c(311,289), c(398,412), correct=FALSE)$p.value
	near(t, "pooled z", line(t, r, 0, 0, "pooled_z").P, 0.00943733486485591, 1e-12)
	near(t, "chi-squared", line(t, r, 0, 0, "chi_squared").P, 0.00943733486485591, 1e-12)
	// fisher.test(matrix(c(311,87,289,123), 2, byrow=TRUE))$p.value
	near(t, "Fisher", line(t, r, 0, 0, "fisher_exact").P, 0.0102823660877575, 1e-10)
	// Newcombe's method 10 by hand from prop.test's two Wilson intervals
	n := line(t, r, 0, 0, "newcombe")
	near(t, "Newcombe low", n.Interval.Low, 0.0195946206034312, 1e-12)
	near(t, "Newcombe high", n.Interval.High, 0.1394047381741643, 1e-12)
	// score_test_proportions_2indep(311, 398, 289, 412, value=0), statsmodels 0.13.5
	m := line(t, r, 0, 0, "miettinen_nurminen")
	near(t, "Miettinen-Nurminen p", m.P, 0.009481447761266302, 1e-12)
	// optimize() of dbinom(311,398,p+d,log=TRUE)+dbinom(289,412,p,log=TRUE) over p,
	// the statistic with its variance times N/(N-1), uniroot() of that at qnorm(.975).
	// (The shares that statsmodels 0.13.5 takes away from 0 are not the likeliest,
	// so that its interval ends at 0.1405.)
	near(t, "Miettinen-Nurminen low", m.Interval.Low, 0.0196440186069, 1e-8)
	near(t, "Miettinen-Nurminen high", m.Interval.High, 0.139797825648, 1e-8)
	// pnorm() of the same statistic at d = -0.05
	near(t, "non-inferiority p", line(t, r, 0, 0, "non_inferior").P, 1.34476320761e-05, 1e-8)
	// integrate(function(q) dbeta(q,312,88)*pbeta(q,290,124), 0, 1)
	near(t, "P(B > A)", &line(t, r, 0, 0, "beta_binomial").Figures[0].Value, 0.995265603411097, 1e-10)
	// the formula of arXiv 2103.06476 at 809 even calls, with the larger of the pooled variance (601 of 812) and
	// Agresti and Caffo's; Python 3.11
	s := line(t, r, 0, 0, "asymptotic")
	near(t, "sequence low", s.Interval.Low, -0.013748422825244633, 1e-12)
	near(t, "sequence high", s.Interval.High, 0.17364987181778008, 1e-12)
}

func TestAveragesOfRawRowsAreThoseOfOtherSoftware(t *testing.T) {
	r := compute(t, "calls.csv", calc.Settings{})
	const duration = 1
	// t.test(A)$conf.int
	near(t, "Student low", r.Metrics[duration].Arms[0].Interval.Low, 152.716022863617, 1e-12)
	// t.test(B, A)
	w := line(t, r, duration, 0, "welch_t")
	near(t, "Welch p", w.P, 0.0716168818471719, 1e-11)
	near(t, "Welch df", w.DF, 396.136173447714, 1e-11)
	near(t, "Welch low", w.Interval.Low, -28.78783288877673, 1e-11)
	// lm(value ~ arm + before): the arm's coefficient and the covariate's
	c := line(t, r, duration, 0, "cuped")
	near(t, "CUPED", c.Estimate, -8.982945188180411, 1e-11)
	near(t, "theta", &c.Figures[0].Value, 0.843282490041618, 1e-11)
}

func TestOneSideIsThatOfOtherSoftware(t *testing.T) {
	r := compute(t, "calls.csv", calc.Settings{Sides: ptr(calc.Less), Alpha: ptr(0.1)})
	// t.test(B, A, alternative="less", conf.level=0.9)
	w := line(t, r, 1, 0, "welch_t")
	near(t, "Welch p", w.P, 0.035808440923586, 1e-11)
	near(t, "Welch high", w.Interval.High, -3.98880982596106, 1e-11)
	if w.Interval.Low != nil || w.Level != 0.9 {
		t.Errorf("the interval is %v at %v; expected no lower end at 0.9", w.Interval.Low, w.Level)
	}
	// prop.test(c(311,289), c(398,412), correct=FALSE, alternative="greater")$p.value
	r = compute(t, "shares.json", calc.Settings{Sides: ptr(calc.Greater)})
	z := line(t, r, 0, 0, "pooled_z")
	near(t, "pooled z", z.P, 0.00471866743242796, 1e-12)
	r = compute(t, "shares.json", calc.Settings{Sides: ptr(calc.Less)})
	near(t, "the other side", line(t, r, 0, 0, "pooled_z").P, 1-0.00471866743242796, 1e-12)
	// fisher.test(matrix(c(311,87,289,123), 2), alternative="less")$p.value
	near(t, "Fisher, less", line(t, r, 0, 0, "fisher_exact").P, 0.996331529199055, 1e-11)
	r = compute(t, "shares.json", calc.Settings{Sides: ptr(calc.Greater)})
	near(t, "Fisher, greater", line(t, r, 0, 0, "fisher_exact").P, 0.0058699160914529, 1e-11)
}

func TestCategoriesCallersAndFamiliesAreThoseOfOtherSoftware(t *testing.T) {
	// chisq.test(matrix(c(163,201,48,189,178,31), 3))$p.value
	r := compute(t, "reasons.csv", calc.Settings{})
	near(t, "chi-squared", line(t, r, 0, 0, "chi_squared").P, 0.0344843859218845, 1e-12)
	// The delta method by hand: R = sum(total)/sum(calls), residuals total - R
	// calls, their variance over n mean(calls)^2
	r = compute(t, "callers.csv", calc.Settings{Unit: ptr(calc.PerCaller)})
	near(t, "ratio", line(t, r, 0, 0, "ratio_clustered").Estimate, 0.1056113138686131, 1e-12)
	// of the arms' own, the pooled and that with two more callers at either extreme, the last is the largest;
	// Python 3.11
	near(t, "its standard error", &line(t, r, 0, 0, "asymptotic_clustered").Figures[0].Value, 0.06692617123970902, 1e-12)
	// chisq.test(rbind(c(702,731,760), c(508,457,444)))$p.value
	k := compute(t, "arms.csv", calc.Settings{})
	if l := k.Metrics[0].Overall[0]; l.Method != "chi_squared" {
		t.Errorf("the first line about all arms is %s; expected chi_squared", l.Method)
	} else {
		near(t, "three shares", l.P, 0.0314107808891894, 1e-12)
	}
	// prop.test(163, 412, correct=FALSE, conf.level=1-0.05/3)$conf.int
	s := compute(t, "reasons.csv", calc.Settings{}).Metrics[0].Arms[0]
	if len(s.Shares) != 3 || s.Shares[0].Category != "agent" || s.Method != "goodman" {
		t.Fatalf("the shares of A are %+v by %s; expected three, agent first, by goodman", s.Shares, s.Method)
	}
	near(t, "agent", s.Shares[0].Value, 163.0/412, 1e-15)
	near(t, "agent, low", s.Shares[0].Interval.Low, 0.339769655971300, 1e-12)
	near(t, "agent, high", s.Shares[0].Interval.High, 0.454356297512010, 1e-12)
	// p.adjust(c(p1, p2), "holm") of the two prop.test p-values
	r = compute(t, "arms.csv", calc.Settings{})
	var adjusted []float64
	for _, l := range r.Metrics[0].Overall {
		if l.Method == "holm" && l.Of == "pooled_z" {
			adjusted = append(adjusted, *l.P)
		}
	}
	if len(adjusted) != 2 {
		t.Fatalf("Holm adjusts %d p-values; expected 2", len(adjusted))
	}
	near(t, "Holm, B", &adjusted[0], 0.0792292517978165, 1e-12)
	near(t, "Holm, C", &adjusted[1], 0.0205266978583660, 1e-12)
}

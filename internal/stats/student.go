package stats

import "math"

// hillFrom is the number of degrees of freedom from which Hill's expansion is
// more exact than the continued fraction, whose length grows with them.
const hillFrom = 1e5

// logStudentTwoSided gives ln P(|T| > |t|) of Student's t with df degrees of
// freedom, df > 0. It is ln I_x(df/2, 1/2) at x = df/(df+t^2), DLMF 8.17 and
// Abramowitz & Stegun 26.7.1.
func logStudentTwoSided(t, df float64) float64 {
	t = math.Abs(t)
	if t == 0 {
		return 0
	}
	if df >= hillFrom {
		return logNormalTwoSided(hill(t, df))
	}
	// With s = t^2/df: x = 1/(1+s), 1-x = 1/(1+1/s), both without cancelling.
	s := t / df * t
	a := df / 2
	logX, log1X := -math.Log1p(s), -math.Log1p(1/s)
	if math.IsInf(s, 1) {
		logX = math.Log(df) - 2*math.Log(t)
	}
	x := 1 / (1 + s)
	front := a*logX + 0.5*log1X - logBetaHalf(a)
	if x < (a+1)/(a+2.5) {
		return front - math.Log(a) + math.Log(betaFraction(a, 0.5, x))
	}
	// I_x(a,b) = 1 - I_{1-x}(b,a); here t is small and the result is not.
	rest := math.Exp(front) / 0.5 * betaFraction(0.5, a, s/(1+s))
	return math.Log1p(-min(rest, 1))
}

// hill turns t with df degrees of freedom into the normal deviate of the same
// tail. Hill, G. W. (1970), Algorithm 395: Student's t-distribution, CACM
// 13(10), 617-619.
func hill(t, df float64) float64 {
	a := df - 0.5
	b := 48 * a * a
	y := math.Sqrt(a * math.Log1p(t/df*t))
	y3 := y * y * y
	return y + (y3+3*y)/b - (4*y3*y3*y+33*y3*y*y+240*y3+855*y)/(10*b*(b+0.8*y3*y+100))
}

// logBetaHalf gives ln B(a, 1/2). The difference of two log-gammas cancels for
// large a, where its asymptotic series (DLMF 5.11.13) is exact to 1e-15.
func logBetaHalf(a float64) float64 {
	if a < 200 {
		la, _ := math.Lgamma(a)
		lb, _ := math.Lgamma(a + 0.5)
		return 0.5*math.Log(math.Pi) + la - lb
	}
	a2 := a * a
	return 0.5*math.Log(math.Pi/a) + 1/(8*a) - 1/(192*a*a2) + 1/(640*a*a2*a2)
}

// betaFraction evaluates the continued fraction of the incomplete beta
// function, DLMF 8.17.22, by the modified Lentz algorithm.
func betaFraction(a, b, x float64) float64 {
	f := newLentz(1, 1-(a+b)*x/(a+1))
	for m := 1.0; m < 1e6; m++ {
		even := m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		odd := -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		f.step(even, 1)
		if f.step(odd, 1) {
			break
		}
	}
	return f.value
}

// lentz evaluates a continued fraction term by term. Lentz (1976), modified by
// Thompson and Barnett (1986).
type lentz struct{ value, c, d float64 }

const tiny = 1e-300 // keeps a denominator that happens to be 0 from dividing

func newLentz(c, d float64) lentz {
	d = 1 / nonZero(d)
	return lentz{value: d, c: c, d: d}
}

// step takes the next partial numerator and denominator and says whether the
// value has settled.
func (f *lentz) step(numerator, denominator float64) bool {
	f.d = 1 / nonZero(denominator+numerator*f.d)
	f.c = nonZero(denominator + numerator/f.c)
	delta := f.c * f.d
	f.value *= delta
	return math.Abs(delta-1) < 1e-16
}

func nonZero(x float64) float64 {
	if math.Abs(x) < tiny {
		return tiny
	}
	return x
}

// studentQuantile gives the t with P(T > t) = p, for p in (0, 0.5] and df > 0:
// Newton's method on the logarithm of the tail, kept inside a bracket.
func studentQuantile(p, df float64) float64 {
	if p == 0.5 {
		return 0
	}
	target := math.Log(2 * p)
	z := normalQuantile(p)
	low, high := 0.0, max(2, 2*z)
	for logStudentTwoSided(high, df) > target {
		low, high = high, high*2
		if math.IsInf(high, 1) {
			return high
		}
	}
	// The first terms of the Cornish-Fisher expansion, Abramowitz & Stegun
	// 26.7.5, are close unless degrees of freedom are few.
	t := z + z*(z*z+1)/(4*df) + z*((5*z*z+16)*z*z+3)/(96*df*df)
	if !(t > low && t < high) {
		t = (low + high) / 2
	}
	for range 200 {
		gap := logStudentTwoSided(t, df) - target
		if gap > 0 {
			low = t
		} else {
			high = t
		}
		logDensity := math.Log(2) - (df+1)/2*math.Log1p(t/df*t) - logBetaHalf(df/2) - 0.5*math.Log(df)
		next := t + gap*math.Exp(target+gap-logDensity)
		if !(next > low && next < high) {
			next = (low + high) / 2
		}
		if math.Abs(next-t) <= 1e-14*t {
			return next
		}
		t = next
	}
	return t
}

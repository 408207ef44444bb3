package stats

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Reference: R 4.2.2. 10 of 10 against 70 of 100:
//
//	p <- (81/112); p*(1-p)*(1/10+1/100)        pooled, with one more of each
//	f <- function(k,n) (k+1)/(n+2)*(1-(k+1)/(n+2))/(n+2); f(10,10)+f(70,100)
func TestAFullSmallArmIsNotTakenForCertain(t *testing.T) {
	s := SpreadOfShares(Proportion{70, 100}, Proportion{10, 10})
	near(t, 0.022019292091836735, s.Variance, 1e-14, "variance")
	near(t, 0.0084397921990787897, s.Own, 1e-14, "what the arms say")
	if s.Skew() != 0 {
		t.Errorf("skewness %v", s.Skew())
	}
}

func TestNumbersRunToTheMomentsOfAllAtOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(-1e3, 1e3), 2, 50).Draw(t, "values")
		var m Numbers
		var mean, m2, m3 float64
		for _, x := range values {
			m.Add(x)
			mean += x / float64(len(values))
		}
		for _, x := range values {
			d := x - mean
			m2, m3 = m2+d*d, m3+d*d*d
		}
		if math.Abs(m.Mean-mean) > 1e-9 || math.Abs(m.M2-m2) > 1e-8*(1+m2) || math.Abs(m.M3-m3) > 1e-7*(1e9+math.Abs(m3)) {
			t.Fatalf("%+v; want %v %v %v", m, mean, m2, m3)
		}
	})
}

func TestExtremesAreCountedTwiceMore(t *testing.T) {
	a, b := []float64{1, 2, 2, 5}, []float64{2, 3, 9}
	var arms, stretched [2]Numbers
	for i, values := range [][]float64{a, b} {
		for _, x := range values {
			arms[i].Add(x)
			stretched[i].Add(x)
		}
		for _, x := range []float64{1, 9, 1, 9} {
			stretched[i].Add(x)
		}
	}
	s := SpreadOfMeans(arms[0], arms[1], Interval{1, 9})
	var want float64
	for _, m := range stretched {
		want += m.M2 / float64(m.N-1) / float64(m.N)
	}
	near(t, max(want, s.Own), s.Variance, 1e-12, "variance")
}

func TestClustersOfOneNumberAreNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var clusters [2]SkewedClusters
		var plain [2]Numbers
		var extremes Interval
		for i := range clusters {
			for _, x := range rapid.SliceOfN(rapid.Float64Range(0, 100), 3, 30).Draw(t, "values") {
				plain[i].Add(x)
				if err := clusters[i].Add(x, 1); err != nil {
					t.Fatal(err)
				}
			}
		}
		c, p := SpreadOfClusteredMeans(clusters[0], clusters[1], extremes), SpreadOfMeans(plain[0], plain[1], extremes)
		if math.Abs(c.Own-p.Own) > 1e-9*(1e-9+p.Own) || math.Abs(c.Third-p.Third) > 1e-6*(1+math.Abs(p.Third)) {
			t.Fatalf("%+v and %+v", c, p)
		}
	})
}

func TestAClusterThatGrowsIsTheClusterThatItBecomes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var grown, whole SkewedClusters
		for range rapid.IntRange(2, 20).Draw(t, "clusters") {
			var sum, n float64
			for range rapid.IntRange(1, 5).Draw(t, "calls") {
				x := rapid.Float64Range(0, 100).Draw(t, "value")
				if err := grown.Replace(sum, n, sum+x, n+1); err != nil {
					t.Fatal(err)
				}
				sum, n = sum+x, n+1
			}
			if err := whole.Add(sum, n); err != nil {
				t.Fatal(err)
			}
		}
		// Their origins differ, the moments about the mean do not.
		if a, b := grown.third(), whole.third(); math.Abs(a-b) > 1e-6*(1+math.Abs(b)) {
			t.Fatalf("third moments %v and %v", a, b)
		}
	})
}

func TestWatchedIsNeverBolderThanThePlainSequenceAndAgreesWithItsTest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := Watched{
			Value: rapid.Float64Range(-10, 10).Draw(t, "value"), SE: rapid.Float64Range(1e-3, 10).Draw(t, "se"),
			Skew: rapid.Float64Range(-20, 20).Draw(t, "skew"), Clock: rapid.Int64Range(1, 1e6).Draw(t, "clock"),
		}
		alpha := rapid.Float64Range(1e-6, 0.4).Draw(t, "alpha")
		plan := rapid.Int64Range(1, 1e6).Draw(t, "plan")
		for name, of := range map[string]func(Watched) (Band, error){
			"sequence": func(w Watched) (Band, error) { return w.Sequence(alpha, Tuning) },
			"planned":  func(w Watched) (Band, error) { return w.Planned(plan, alpha) },
		} {
			got, err := of(w)
			bold, err2 := of(Watched{Value: w.Value, SE: w.SE, Clock: w.Clock})
			turned, err3 := of(w.Turned())
			if err != nil || err2 != nil || err3 != nil {
				t.Fatal(err, err2, err3)
			}
			if got.LogP < bold.LogP-1e-9 || got.Interval.Low > bold.Interval.Low+1e-9*w.SE || got.Interval.High < bold.Interval.High-1e-9*w.SE {
				t.Fatalf("%s: %+v is bolder than %+v", name, got, bold)
			}
			if out := got.Interval.Low > 0 || got.Interval.High < 0; out != (got.LogP <= math.Log(alpha)) {
				t.Fatalf("%s: %+v at alpha %v", name, got, alpha)
			}
			if turned.LogP != got.LogP || turned.Interval.Low != -got.Interval.High {
				t.Fatalf("%s: %+v turned is %+v", name, got, turned)
			}
		}
		low, logP, err := w.Above(alpha, Tuning)
		if err != nil || (low > 0) != (logP <= math.Log(alpha)) {
			t.Fatalf("above: low %v, ln p %v, %v", low, logP, err)
		}
	})
}

func TestZRisesWithTheValue(t *testing.T) {
	for _, skew := range []float64{-30, -2, -0.3, 0, 0.3, 2, 30} {
		last := math.Inf(-1)
		for v := -12.0; v <= 12; v += 0.05 {
			z := Watched{Value: v, SE: 1, Skew: skew}.Z()
			if z < last || math.Abs(z) > math.Abs(v)+1e-12 || z*v < 0 {
				t.Fatalf("skew %v: z %v at %v, after %v", skew, z, v, last)
			}
			last = z
		}
	}
}

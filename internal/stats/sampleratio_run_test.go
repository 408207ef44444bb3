package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestARunFollowsTheSampleRatioAndKeepsItsLargest(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	shares := []float64{0.5, 0.3, 0.2}
	counts := make([]int64, 3)
	var run RatioRun
	var all int64
	most := 0.0
	for i := range 5_000 {
		arm := rng.IntN(3) // an even split, where 50/30/20 is meant
		if i > 300 {
			for u := rng.Float64(); ; arm = (arm + 1) % 3 {
				if u -= shares[arm]; u < 0 {
					break
				}
			}
		}
		run.Add(shares[arm], counts[arm], all)
		counts[arm]++
		all++
		want, err := SampleRatio(counts, shares)
		if err != nil {
			t.Fatal(err)
		}
		most = max(most, want)
		if math.Abs(run.Now.Log()-want) > 1e-6 || math.Abs(run.LogMost()-most) > 1e-6 {
			t.Fatalf("after %v: ln %v, most %v; want %v and %v", counts, run.Now.Log(), run.LogMost(), want, most)
		}
	}
	if most < SampleRatioAlarm || run.Now.Log() >= most {
		t.Errorf("most %v, now %v; the setting shows nothing", most, run.Now.Log())
	}
	run.Add(0, 0, all)
	if !math.IsInf(run.LogMost(), 1) {
		t.Errorf("an arm without a share: %v", run.LogMost())
	}
}

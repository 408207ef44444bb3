package results

import (
	"math"
	"testing"

	"tandem"
	"tandem/internal/stats"
)

func TestGuardrailsInWords(t *testing.T) {
	for _, c := range []struct {
		name     string
		given    func(s *situation)
		breached bool
		text     string
	}{
		{
			"a metric that no call has reported", func(s *situation) { s.guard("field.nps", 1) },
			false, "No call has reported the nps yet.",
		},
		{
			"no call covered yet", func(s *situation) { s.guard(tandem.MetricTransfer, 0.02) },
			false, "Transfer rate in B: no call is covered yet.",
		},
		{
			"too few to compare", func(s *situation) {
				s.guard(tandem.MetricTransfer, 0.02)
				s.Pairs = []Pair{{Metric: tandem.MetricTransfer, Arm: "B", NA: 3}}
			},
			false, "Transfer rate in B: too few calls to compare yet.",
		},
		{
			"too few to judge", func(s *situation) {
				s.guard(tandem.MetricDuration, 5)
				s.pair(Pair{Metric: tandem.MetricDuration, Arm: "B", Kind: tandem.Mean, NA: 49, NB: 60, MeanA: 30, MeanB: 60, SE: 5})
			},
			false, "Duration 60.0 s in B against 30.0 s in A, +30.0 s: too few calls to judge yet.",
		},
		{
			"no spread", func(s *situation) {
				s.guard(tandem.MetricDuration, 10)
				s.pair(Pair{Metric: tandem.MetricDuration, Arm: "B", Kind: tandem.Mean, NA: 20, NB: 20, MeanA: 30, MeanB: 60})
			},
			false, "Duration 60.0 s in B against 30.0 s in A, +30.0 s: too few calls to judge yet.",
		},
		{
			"harm that is not sure", func(s *situation) {
				s.guard(tandem.MetricTransfer, 0.02)
				s.share(tandem.MetricTransfer, "B", 0.10, 0.14, 200)
			},
			false, "Transfer rate 14.0 % in B against 10.0 % in A, +4.0 points: no proof of harm past the margin of 2 points.",
		},
		{
			"better", func(s *situation) {
				s.guard(tandem.MetricTransfer, 0)
				s.share(tandem.MetricTransfer, "B", 0.24, 0.08, 400)
			},
			false, "Transfer rate 8.0 % in B against 24.0 % in A, -16.0 points: no proof of harm.",
		},
		{
			"worse", func(s *situation) {
				s.guard(tandem.MetricTransfer, 0.02)
				s.share(tandem.MetricTransfer, "B", 0.08, 0.24, 400)
			},
			true, "Transfer rate 24.0 % in B against 8.0 % in A, +16.0 points: worse by at least 8.31 points (valid at every look), past the margin of 2 points, over 812 calls up to 22 Nov 14:03 UTC.",
		},
		{
			"worse where lower is worse", func(s *situation) {
				s.guard(tandem.MetricCompletion, 0.02)
				s.share(tandem.MetricCompletion, "B", 0.8, 0.6, 400)
			},
			true, "Completion rate 60.0 % in B against 80.0 % in A, -20.0 points: worse by at least 10.4 points (valid at every look), past the margin of 2 points, over 812 calls up to 22 Nov 14:03 UTC.",
		},
		{
			"worse by a number that no version defines", func(s *situation) {
				s.guard("field.nps", 1)
				s.test.Guardrails[0].Worse = tandem.Lower
				s.tally(1, "A", "field.nps"+NumberSuffix, tandem.Tally{Kind: tandem.Mean, N: 60})
				s.pair(Pair{Metric: "field.nps" + NumberSuffix, Arm: "B", Kind: tandem.Mean, NA: 60, NB: 60, MeanA: 8, MeanB: 4, SE: 0.4})
			},
			true, "Nps 4.00 in B against 8.00 in A, -4.00: worse by at least 2.6 (valid at every look, approximately), past the margin of 1, over 812 calls up to 22 Nov 14:03 UTC.",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSituation(2)
			c.given(s)
			all := s.verdict().Guardrails
			if len(all) != 1 || all[0].Arm != "B" || all[0].Breached != c.breached || all[0].Text != c.text {
				t.Errorf("%+v; want breached %t, %q", all, c.breached, c.text)
			}
		})
	}
}

func TestAGuardrailIsBreachedExactlyPastItsMargin(t *testing.T) {
	s := newSituation(2)
	p := s.share(tandem.MetricTransfer, "B", 0.08, 0.24, 400)
	low := p.Bet.Interval.Low
	for margin, want := range map[float64]bool{low - 1e-9: true, low + 1e-9: false} {
		s.test.Guardrails = nil
		s.guard(tandem.MetricTransfer, margin)
		g := s.verdict().Guardrails[0]
		if g.Breached != want || math.Abs(*g.AtLeast-low) > 1e-12 || math.Abs(*g.Harm-0.16) > 1e-12 {
			t.Errorf("margin %v: %+v; want breached %t and at least %v", margin, g, want, low)
		}
	}
}

func TestArmsShareTheErrorOfAGuardrail(t *testing.T) {
	s := newSituation(3)
	s.guard(tandem.MetricDuration, 1)
	s.pair(Pair{Metric: tandem.MetricDuration, Arm: "B", Kind: tandem.Mean, NA: 400, NB: 400, MeanA: 60, MeanB: 60, SE: 2})
	p := s.pair(Pair{Metric: tandem.MetricDuration, Arm: "C", Kind: tandem.Mean, NA: 600, NB: 200, MeanA: 60, MeanB: 72, SE: 2})
	all := s.verdict().Guardrails
	// 600 and 200 calls tell as much as 600 in all at an even split.
	low, _, err := stats.SequenceAbove(p.Value, p.SE, 600, Alpha/2, stats.Tuning)
	if err != nil || len(all) != 2 || all[0].Arm != "B" || all[1].Arm != "C" || all[0].Breached {
		t.Fatalf("%+v, %v", all, err)
	}
	about(t, low, *all[1].AtLeast, 1e-12, "lower bound")
}

func TestAnArmThatFailsInEveryCallIsSeen(t *testing.T) {
	// Both shares are without spread; the bets see it all the same.
	s := newSituation(2)
	s.guard(tandem.MetricTransfer, 0.05)
	p := s.share(tandem.MetricTransfer, "B", 0, 1, 20)
	bet := mustBet(stats.Bounds{Low: 0, High: 1}, true, stats.Grid(stats.Bounds{Low: 0, High: 1}, true), Alpha)
	for i := range 40 {
		if err := bet.Fold(i%2 == 1, 0.5, float64(i%2)); err != nil {
			t.Fatal(err)
		}
	}
	p.Bet = betOf(bet)
	if v := s.verdict(); v.Status != tandem.GuardrailBreached || v.Arm != "B" || *v.Value != 1 {
		t.Errorf("%+v; want a breach", v)
	}
	// Two arms that never transfer are no breach.
	s.Pairs = nil
	s.share(tandem.MetricTransfer, "B", 0, 0, 12)
	if v := s.verdict(); v.Status == tandem.GuardrailBreached {
		t.Errorf("%+v; want none", v)
	}
}

func TestABreachThatRollsBackIsToldFirst(t *testing.T) {
	s := newSituation(2)
	s.guard(tandem.MetricTransfer, 0.02)
	s.guard(tandem.MetricCompletion, 0.02)
	s.test.Guardrails[1].Action = tandem.Rollback
	s.share(tandem.MetricTransfer, "B", 0.08, 0.24, 400)
	s.share(tandem.MetricCompletion, "B", 0.8, 0.6, 400)
	if v := s.verdict(); v.Metric != tandem.MetricCompletion || len(v.Breached()) != 2 {
		t.Errorf("%+v; want completion", v)
	}
}

package results

import (
	"math"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"tandem"
	"tandem/internal/stats"
)

// situation is a test with what is known of it.
type situation struct {
	test tandem.Test
	rows []tandem.TallyRow
	Standing
}

// after is the moment up to which evidence reaches.
var after = time.Date(2026, 11, 22, 14, 3, 7, 0, time.UTC)

// newSituation is a running test of so many arms, evenly split, with 406 calls
// in each, all of them covered.
func newSituation(arms int) *situation {
	s := &situation{test: tandem.Test{
		ID: tandem.NewID(epoch), Status: tandem.Running, Unit: tandem.PerCall, PrimaryMetric: tandem.MetricCompletion, StartedAt: epoch,
	}}
	weights := make([]float64, arms)
	for i := range arms {
		weights[i] = 100 / float64(arms)
		s.test.Arms = append(s.test.Arms, tandem.Arm{Key: tandem.ArmKey(i), Weight: weights[i]})
		s.tally(1, tandem.ArmKey(i), tandem.MetricCalls, tandem.Tally{Kind: tandem.Count, N: 406})
		s.tally(1, tandem.ArmKey(i), tandem.MetricCompletion, tandem.Tally{Kind: tandem.Proportion, N: 406, Successes: 300})
	}
	s.test.Phases = []tandem.Phase{{Number: 1, StartedAt: epoch, Weights: weights}}
	s.Calls, s.CoveredTo, s.PerDay = int64(arms)*406, after, 160
	return s
}

func (s *situation) tally(phase int, arm, metric string, t tandem.Tally) {
	s.rows = append(s.rows, tandem.TallyRow{
		TallyKey: tandem.TallyKey{TestID: s.test.ID, Phase: phase, Arm: arm, Metric: metric}, Tally: t,
	})
}

// share adds the evidence about a share: A's and the arm's, each of n calls.
func (s *situation) share(metric, arm string, a, b float64, n int64) *Pair {
	se := math.Sqrt((a*(1-a) + b*(1-b)) / float64(n))
	return s.pair(Pair{Metric: metric, Arm: arm, Kind: tandem.Proportion, NA: n, NB: n, MeanA: a, MeanB: b, SE: se})
}

// pair adds evidence: bets that say what the asymptotic sequence says.
func (s *situation) pair(p Pair) *Pair {
	p.Against, p.Known, p.Value = "A", true, p.MeanB-p.MeanA
	p.Clock = stats.EvenCalls(p.NA, p.NB)
	p.Alpha = Alpha / float64(len(s.test.Arms)-1)
	if band, err := stats.Sequence(p.Value, p.SE, p.Clock, p.Alpha, stats.Tuning); err == nil {
		p.Asymptotic = &Sequence{LogP: band.LogP, Interval: band.Interval}
		p.Bet = &Bet{LogE: -band.LogP, LogP: band.LogP, Interval: band.Interval}
	}
	s.Pairs = append(s.Pairs, p)
	return &s.Pairs[len(s.Pairs)-1]
}

// gap adds a gap between two shares, of 406 calls each.
func (s *situation) gap(kind string, a, b float64) {
	pairs := s.Pairs
	s.Pairs = nil
	s.share(kind, "B", a, b, 406)
	s.Coverage, s.Pairs = append(s.Coverage, s.Pairs...), pairs
}

// guard adds a guardrail.
func (s *situation) guard(metric string, margin float64) {
	s.test.Guardrails = append(s.test.Guardrails, tandem.Guardrail{
		Metric: metric, Worse: tandem.BetterDirection(metric).Opposite(), Margin: margin, Action: tandem.Announce,
	})
}

func (s *situation) verdict() tandem.Verdict {
	return newAccount(s.test, defaultArms(), s.rows, s.Standing, tandem.Recount{}).conclude()
}

func (s *situation) end(status tandem.TestStatus) {
	s.test.Status, s.test.EndedAt = status, &after
}

func TestVerdictsInWords(t *testing.T) {
	for _, c := range []struct {
		name   string
		given  func(s *situation)
		arms   int // default 2
		status tandem.VerdictStatus
		arm    string
		text   string
		change string
	}{
		{
			name:   "no calls yet",
			given:  func(s *situation) { *s = situation{test: s.test} },
			status: tandem.Collecting, text: "Collecting: no calls so far.", change: "More calls.",
		},
		{
			name:   "a test that ended without a call",
			given:  func(s *situation) { *s = situation{test: s.test}; s.end(tandem.Ended) },
			status: tandem.Collecting, text: "No verdict: no calls.", change: "Only corrected outcomes.",
		},
		{
			name: "B is better",
			given: func(s *situation) {
				s.share(tandem.MetricCompletion, "B", 0.681, 0.812, 406)
			},
			status: tandem.Better, arm: "B",
			text:   "B is better: completion rate 81.2 % in B against 68.1 % in A, +13.1 points (95 % interval +3.9 to +22.3, valid at every look), over 812 calls up to 22 Nov 14:03 UTC.",
			change: "Corrected outcomes, a breached guardrail or a check that fails; more calls only make it more exact.",
		},
		{
			name: "A is better",
			given: func(s *situation) {
				s.share(tandem.MetricCompletion, "B", 0.812, 0.681, 406)
			},
			status: tandem.Better, arm: "A",
			text:   "A is better: completion rate 68.1 % in B against 81.2 % in A, -13.1 points (95 % interval -22.3 to -3.9, valid at every look), over 812 calls up to 22 Nov 14:03 UTC.",
			change: "Corrected outcomes, a breached guardrail or a check that fails; more calls only make it more exact.",
		},
		{
			name: "where lower is better, the lower arm is",
			given: func(s *situation) {
				s.test.PrimaryMetric = tandem.MetricTransfer
				s.share(tandem.MetricTransfer, "B", 0.31, 0.12, 406)
			},
			status: tandem.Better, arm: "B",
			text:   "B is better: transfer rate 12.0 % in B against 31.0 % in A, -19.0 points (95 % interval -27.5 to -10.5, valid at every look), over 812 calls up to 22 Nov 14:03 UTC.",
			change: "Corrected outcomes, a breached guardrail or a check that fails; more calls only make it more exact.",
		},
		{
			name: "the direction that the test gives goes before the usual one",
			given: func(s *situation) {
				s.test.PrimaryMetric, s.test.Better = tandem.MetricTransfer, tandem.Higher
				s.share(tandem.MetricTransfer, "B", 0.12, 0.31, 406)
			},
			status: tandem.Better, arm: "B",
			text:   "B is better: transfer rate 31.0 % in B against 12.0 % in A, +19.0 points (95 % interval +10.5 to +27.5, valid at every look), over 812 calls up to 22 Nov 14:03 UTC.",
			change: "Corrected outcomes, a breached guardrail or a check that fails; more calls only make it more exact.",
		},
		{
			name: "durations are in seconds and shorter is better",
			given: func(s *situation) {
				s.test.PrimaryMetric = tandem.MetricDuration
				s.pair(Pair{Metric: tandem.MetricDuration, Arm: "B", Kind: tandem.Mean, NA: 400, NB: 404, MeanA: 201.44, MeanB: 161.2, SE: 6.1})
			},
			status: tandem.Better, arm: "B",
			text:   "B is better: duration 161.2 s in B against 201.4 s in A, -40.2 s (95 % interval -58.8 to -21.7, valid at every look), over 812 calls up to 22 Nov 14:03 UTC.",
			change: "Corrected outcomes, a breached guardrail or a check that fails; more calls only make it more exact.",
		},
		{
			name: "sentiment has no unit",
			given: func(s *situation) {
				s.test.PrimaryMetric = tandem.MetricSentiment
				s.pair(Pair{Metric: tandem.MetricSentiment, Arm: "B", Kind: tandem.Mean, NA: 400, NB: 404, MeanA: -0.104, MeanB: 0.231, SE: 0.031})
			},
			status: tandem.Better, arm: "B",
			text:   "B is better: sentiment 0.231 in B against -0.104 in A, +0.335 (95 % interval +0.241 to +0.429, valid at every look), over 812 calls up to 22 Nov 14:03 UTC.",
			change: "Corrected outcomes, a breached guardrail or a check that fails; more calls only make it more exact.",
		},
		{
			name: "without the averages of the two sides there is the difference",
			given: func(s *situation) {
				p := s.share(tandem.MetricCompletion, "B", 0.681, 0.812, 406)
				p.MeanA, p.MeanB = 0, 0
			},
			status: tandem.Better, arm: "B",
			text:   "B is better: completion rate +13.1 points in B against A (95 % interval +3.9 to +22.3, valid at every look), over 812 calls up to 22 Nov 14:03 UTC.",
			change: "Corrected outcomes, a breached guardrail or a check that fails; more calls only make it more exact.",
		},
		{
			name: "a billion calls tell a hundredth of a point",
			given: func(s *situation) {
				s.Calls = 1_000_000_000
				s.share(tandem.MetricCompletion, "B", 0.70002, 0.70034, 500_000_000)
			},
			status: tandem.Better, arm: "B",
			text:   "B is better: completion rate 70.034 % in B against 70.002 % in A, +0.032 points (95 % interval +0.018 to +0.046, valid at every look), over 1,000,000,000 calls up to 22 Nov 14:03 UTC.",
			change: "Corrected outcomes, a breached guardrail or a check that fails; more calls only make it more exact.",
		},
		{
			name: "an ended test keeps speaking",
			given: func(s *situation) {
				s.end(tandem.Ended)
				s.share(tandem.MetricCompletion, "B", 0.681, 0.812, 406)
			},
			status: tandem.Better, arm: "B",
			text:   "B was better: completion rate 81.2 % in B against 68.1 % in A, +13.1 points (95 % interval +3.9 to +22.3, valid at every look), over 812 calls up to 22 Nov 2026 14:03 UTC.",
			change: "Only corrected outcomes.",
		},
		{
			name: "a recorded test says where its chances are from",
			given: func(s *situation) {
				s.end(tandem.Recorded)
				s.share(tandem.MetricCompletion, "B", 0.681, 0.812, 406)
			},
			status: tandem.Better, arm: "B",
			text:   "B was better: completion rate 81.2 % in B against 68.1 % in A, +13.1 points (95 % interval +3.9 to +22.3, valid at every look), over 812 calls up to 22 Nov 2026 14:03 UTC, with chances taken from the arms' counts.",
			change: "Only corrected outcomes.",
		},
		{
			name: "a sticky test counts callers and has no bets",
			given: func(s *situation) {
				s.test.Unit, s.Callers = tandem.PerCaller, 640
				s.share(tandem.MetricCompletion, "B", 0.681, 0.812, 406).Bet = nil
			},
			status: tandem.Better, arm: "B",
			text:   "B is better: completion rate 81.2 % in B against 68.1 % in A, +13.1 points (95 % interval +3.9 to +22.3, valid at every look, approximately), over 812 calls by 640 callers up to 22 Nov 14:03 UTC.",
			change: "Corrected outcomes, a breached guardrail or a check that fails; more calls only make it more exact.",
		},
		{
			name: "a planned test goes by its plan",
			given: func(s *situation) {
				s.test.PlannedCalls = 1000
				s.share(tandem.MetricCompletion, "B", 0.702, 0.781, 406).Planned = &Sequence{LogP: math.Log(0.012), Interval: stats.Interval{Low: 0.011, High: 0.147}}
			},
			status: tandem.Better, arm: "B",
			text:   "B is better: completion rate 78.1 % in B against 70.2 % in A, +7.9 points (95 % interval +1.1 to +14.7, valid at every look, approximately), over 812 of 1,000 planned calls up to 22 Nov 14:03 UTC.",
			change: "Corrected outcomes, a breached guardrail or a check that fails; more calls only make it more exact.",
		},
		{
			name: "past its plan, a planned test that was decided stays so",
			given: func(s *situation) {
				s.test.PlannedCalls = 800
				s.share(tandem.MetricCompletion, "B", 0.702, 0.763, 406).Planned = &Sequence{LogP: math.Log(0.031), Interval: stats.Interval{Low: -0.02, High: 0.142}}
			},
			status: tandem.Better, arm: "B",
			text:   "B is better: completion rate 76.3 % in B against 70.2 % in A, +6.1 points (95 % interval -2.0 to +14.2, valid at every look, approximately; it left 0 out at an earlier look, p 0.031), over 812 calls (800 were planned) up to 22 Nov 14:03 UTC.",
			change: "Corrected outcomes, a breached guardrail or a check that fails; more calls only make it more exact.",
		},
		{
			name: "a planned test is never decided by bets",
			given: func(s *situation) {
				s.test.PlannedCalls = 1000
				s.share(tandem.MetricCompletion, "B", 0.681, 0.812, 406)
			},
			status: tandem.Collecting,
			text:   "Collecting: too few calls with a known completion rate (406 in A, 406 in B) to compare yet, over 812 of 1,000 planned calls up to 22 Nov 14:03 UTC.",
			change: "More calls.",
		},
		{
			name: "with several arms the best of those better than A",
			arms: 3,
			given: func(s *situation) {
				s.share(tandem.MetricCompletion, "B", 0.60, 0.80, 406)
				s.share(tandem.MetricCompletion, "C", 0.60, 0.83, 406)
			},
			status: tandem.Better, arm: "C",
			text:   "C is better than A: completion rate 83.0 % in C against 60.0 % in A, +23.0 points (95 % interval +12.9 to +33.1, valid at every look and for both comparisons), over 1,218 calls up to 22 Nov 14:03 UTC.",
			change: "Corrected outcomes, a breached guardrail or a check that fails; more calls only make it more exact.",
		},
		{
			name: "A is better only when it beats every other arm",
			arms: 3,
			given: func(s *situation) {
				s.share(tandem.MetricCompletion, "B", 0.80, 0.65, 406)
				s.share(tandem.MetricCompletion, "C", 0.80, 0.62, 406)
			},
			status: tandem.Better, arm: "A",
			text:   "A is better than every other arm: nearest is B, completion rate 65.0 % in B against 80.0 % in A, -15.0 points (95 % interval -25.1 to -4.9, valid at every look and for both comparisons), over 1,218 calls up to 22 Nov 14:03 UTC.",
			change: "Corrected outcomes, a breached guardrail or a check that fails; more calls only make it more exact.",
		},
		{
			name: "A that beats one of two is no winner",
			arms: 3,
			given: func(s *situation) {
				s.share(tandem.MetricCompletion, "B", 0.80, 0.60, 406)
				s.share(tandem.MetricCompletion, "C", 0.80, 0.79, 406)
			},
			status: tandem.Collecting,
			text:   "Collecting: B is worse than A; completion rate 79.0 % in C against 80.0 % in A, -1.0 points (95 % interval -10.3 to +8.3, valid at every look and for both comparisons), over 1,218 calls up to 22 Nov 14:03 UTC; no difference to speak of so far.",
			change: "A larger difference. If one this small does not matter, end the test.",
		},
		{
			name: "a better arm beats another that is worse",
			arms: 3,
			given: func(s *situation) {
				s.share(tandem.MetricCompletion, "B", 0.60, 0.78, 406)
				s.share(tandem.MetricCompletion, "C", 0.60, 0.42, 406)
			},
			status: tandem.Better, arm: "B",
			text:   "B is better than A: completion rate 78.0 % in B against 60.0 % in A, +18.0 points (95 % interval +7.5 to +28.5, valid at every look and for both comparisons), over 1,218 calls up to 22 Nov 14:03 UTC.",
			change: "Corrected outcomes, a breached guardrail or a check that fails; more calls only make it more exact.",
		},
		{
			name: "Holm's second arm may hold 0 in its shared interval",
			arms: 3,
			given: func(s *situation) {
				s.share(tandem.MetricCompletion, "B", 0.80, 0.60, 406)
				p := s.share(tandem.MetricCompletion, "C", 0.80, 0.69, 406)
				p.Bet.LogP, p.Bet.Interval = math.Log(0.03), stats.Interval{Low: -0.221, High: 0.002}
			},
			status: tandem.Better, arm: "A",
			text:   "A is better than every other arm: nearest is C, completion rate 69.0 % in C against 80.0 % in A, -11.0 points (95 % interval -22.1 to +0.2, valid at every look and for both comparisons; by Holm's method for all of them p 0.03), over 1,218 calls up to 22 Nov 14:03 UTC.",
			change: "Corrected outcomes, a breached guardrail or a check that fails; more calls only make it more exact.",
		},
		{
			name: "three arms without a difference that matters",
			arms: 3,
			given: func(s *situation) {
				s.test.EquivalenceMargin = 0.05
				s.share(tandem.MetricCompletion, "B", 0.70, 0.702, 20000)
				s.share(tandem.MetricCompletion, "C", 0.70, 0.691, 20000)
			},
			status: tandem.NoDifference,
			text:   "No practical difference in any arm; the widest: completion rate 69.10 % in C against 70.00 % in A, -0.90 points (95 % interval -2.58 to +0.78, valid at every look and for both comparisons, inside the margin of 5 points), over 1,218 calls up to 22 Nov 14:03 UTC.",
			change: "Corrected outcomes, a breached guardrail or a check that fails; more calls could still show which side of 0 the small difference is on.",
		},
		{
			name: "a difference inside the margin",
			given: func(s *situation) {
				s.test.EquivalenceMargin = 0.02
				s.Calls = 40_000
				s.share(tandem.MetricCompletion, "B", 0.701, 0.704, 20000)
			},
			status: tandem.NoDifference,
			text:   "No practical difference: completion rate 70.40 % in B against 70.10 % in A, +0.30 points (95 % interval -1.27 to +1.87, valid at every look, inside the margin of 2 points), over 40,000 calls up to 22 Nov 14:03 UTC.",
			change: "Corrected outcomes, a breached guardrail or a check that fails; more calls could still show which side of 0 the small difference is on.",
		},
		{
			name: "a difference inside the margin in a test that is over",
			given: func(s *situation) {
				s.end(tandem.Ended)
				s.test.EquivalenceMargin = 0.02
				s.Calls = 40_000
				s.share(tandem.MetricCompletion, "B", 0.701, 0.704, 20000)
			},
			status: tandem.NoDifference,
			text:   "There was no practical difference: completion rate 70.40 % in B against 70.10 % in A, +0.30 points (95 % interval -1.27 to +1.87, valid at every look, inside the margin of 2 points), over 40,000 calls up to 22 Nov 2026 14:03 UTC.",
			change: "Only corrected outcomes.",
		},
		{
			name: "better by less than matters",
			given: func(s *situation) {
				s.test.EquivalenceMargin = 0.05
				s.Calls = 40_000
				s.share(tandem.MetricCompletion, "B", 0.70, 0.725, 20000)
			},
			status: tandem.Better, arm: "B",
			text:   "B is better: completion rate 72.5 % in B against 70.0 % in A, +2.5 points (95 % interval +0.9 to +4.1, valid at every look), over 40,000 calls up to 22 Nov 14:03 UTC; all of the interval is within the 5 points that do not matter.",
			change: "Corrected outcomes, a breached guardrail or a check that fails; more calls only make it more exact.",
		},
		{
			name: "a difference on its way",
			given: func(s *situation) {
				s.share(tandem.MetricCompletion, "B", 0.712, 0.753, 406)
			},
			status: tandem.Collecting,
			text:   "Collecting: completion rate 75.3 % in B against 71.2 % in A, +4.1 points (95 % interval -5.3 to +13.5, valid at every look), over 812 calls up to 22 Nov 14:03 UTC; about 4,800 more calls, about 30 days if the difference stays.",
			change: "About 4,800 more calls, about 30 days if the difference stays as it is.",
		},
		{
			name: "a difference on its way where calls are few",
			given: func(s *situation) {
				s.PerDay = 12
				s.share(tandem.MetricCompletion, "B", 0.712, 0.753, 406)
			},
			status: tandem.Collecting,
			text:   "Collecting: completion rate 75.3 % in B against 71.2 % in A, +4.1 points (95 % interval -5.3 to +13.5, valid at every look), over 812 calls up to 22 Nov 14:03 UTC; not enough calls: about 4,800 more calls, about 400 days at 12 a day if the difference stays.",
			change: "About 4,800 more calls, about 400 days if the difference stays as it is.",
		},
		{
			name: "a difference on its way where the volume is not known",
			given: func(s *situation) {
				s.PerDay = 0
				s.share(tandem.MetricCompletion, "B", 0.712, 0.753, 406)
			},
			status: tandem.Collecting,
			text:   "Collecting: completion rate 75.3 % in B against 71.2 % in A, +4.1 points (95 % interval -5.3 to +13.5, valid at every look), over 812 calls up to 22 Nov 14:03 UTC; about 4,800 more calls if the difference stays.",
			change: "About 4,800 more calls if the difference stays as it is.",
		},
		{
			name: "no difference to speak of",
			given: func(s *situation) {
				s.share(tandem.MetricCompletion, "B", 0.712, 0.718, 406)
			},
			status: tandem.Collecting,
			text:   "Collecting: completion rate 71.8 % in B against 71.2 % in A, +0.6 points (95 % interval -9.0 to +10.2, valid at every look), over 812 calls up to 22 Nov 14:03 UTC; no difference to speak of so far.",
			change: "A larger difference. If one this small does not matter, end the test.",
		},
		{
			name: "no difference to speak of, with a margin",
			given: func(s *situation) {
				s.test.EquivalenceMargin = 0.05
				s.share(tandem.MetricCompletion, "B", 0.712, 0.718, 406)
			},
			status: tandem.Collecting,
			text:   "Collecting: completion rate 71.8 % in B against 71.2 % in A, +0.6 points (95 % interval -9.0 to +10.2, valid at every look), over 812 calls up to 22 Nov 14:03 UTC; no difference to speak of so far; about 3,500 more calls, about 22 days to know that it is within 5 points.",
			change: "About 3,500 more calls, about 22 days if the difference stays this small, or fewer if one shows.",
		},
		{
			name: "bets that lag behind say how far they are",
			given: func(s *situation) {
				p := s.share(tandem.MetricCompletion, "B", 0.681, 0.812, 406)
				p.Bet = &Bet{LogE: 2, LogP: -2, Interval: stats.Interval{Low: -0.01, High: 0.27}}
			},
			status: tandem.Collecting,
			text:   "Collecting: completion rate 81.2 % in B against 68.1 % in A, +13.1 points (95 % interval -1.0 to +27.0, valid at every look), over 812 calls up to 22 Nov 14:03 UTC; about 100 more calls, about under a day if the difference stays.",
			change: "About 100 more calls, about under a day if the difference stays as it is.",
		},
		{
			name: "an ended test that decided nothing",
			given: func(s *situation) {
				s.end(tandem.Ended)
				s.share(tandem.MetricCompletion, "B", 0.712, 0.753, 406)
			},
			status: tandem.Collecting,
			text:   "No verdict: completion rate 75.3 % in B against 71.2 % in A, +4.1 points (95 % interval -5.3 to +13.5, valid at every look), over 812 calls up to 22 Nov 2026 14:03 UTC.",
			change: "Only corrected outcomes.",
		},
		{
			name: "calls of which none is covered",
			given: func(s *situation) {
				s.Standing = Standing{}
			},
			status: tandem.Collecting,
			text:   "Collecting: 812 calls so far, 812 with a known completion rate; none is covered by evidence yet, which waits for the oldest call without outcome.",
			change: "More calls.",
		},
		{
			name: "evidence that is being computed",
			given: func(s *situation) {
				s.Standing = Standing{Rebuilding: true, Calls: 100, CoveredTo: after}
				s.share(tandem.MetricCompletion, "B", 0.70, 0.76, 50)
			},
			status: tandem.Collecting,
			text:   "Collecting: completion rate 76.0 % in B against 70.0 % in A, +6.0 points (95 % interval -28.2 to +40.2, valid at every look), over 100 calls up to 22 Nov 14:03 UTC; no difference to speak of so far. The evidence is being computed and does not cover all calls yet.",
			change: "A larger difference. If one this small does not matter, end the test.",
		},
		{
			name: "one arm without a call",
			given: func(s *situation) {
				s.Pairs = []Pair{{Metric: tandem.MetricCompletion, Arm: "B", Against: "A", Kind: tandem.Proportion, NA: 7, Alpha: Alpha}}
			},
			status: tandem.Collecting,
			text:   "Collecting: too few calls with a known completion rate (7 in A, 0 in B) to compare yet, over 812 calls up to 22 Nov 14:03 UTC.",
			change: "More calls.",
		},
		{
			name:   "covered calls without an outcome",
			given:  func(*situation) {},
			status: tandem.Collecting,
			text:   "Collecting: no known completion rate in both arms yet, over 812 calls up to 22 Nov 14:03 UTC.",
			change: "More calls.",
		},
		{
			name: "a planned test without any spread",
			given: func(s *situation) {
				s.test.PlannedCalls = 1000
				s.share(tandem.MetricCompletion, "B", 1, 1, 406)
			},
			status: tandem.Collecting,
			text:   "Collecting: completion rate 100.0 % in B against 100.0 % in A, 0.0 points, over 812 of 1,000 planned calls up to 22 Nov 14:03 UTC; too little spread to judge it by.",
			change: "More calls.",
		},
		{
			name: "evidence that contradicts the estimate",
			given: func(s *situation) {
				s.share(tandem.MetricCompletion, "B", 0.72, 0.71, 406).Bet = &Bet{LogE: 1, LogP: math.Log(0.01), Interval: stats.Interval{Low: 0.01, High: 0.02}}
			},
			status: tandem.Collecting,
			text:   "Collecting: the evidence says that the arms differ, but the estimate has changed sides: completion rate 71.0 % in B against 72.0 % in A, -1.0 points (95 % interval +1.0 to +2.0, valid at every look), over 812 calls up to 22 Nov 14:03 UTC.",
			change: "More calls.",
		},
		{
			name: "a metric named without the suffix of its tally",
			given: func(s *situation) {
				s.test.PrimaryMetric = "field.score"
				s.tally(1, "A", "field.score"+NumberSuffix, tandem.Tally{Kind: tandem.Mean, N: 400})
				s.pair(Pair{Metric: "field.score" + NumberSuffix, Arm: "B", Kind: tandem.Mean, NA: 400, NB: 404, MeanA: 3.1, MeanB: 4.2, SE: 0.11})
			},
			status: tandem.Better, arm: "B",
			text:   "B is better: score 4.20 in B against 3.10 in A, +1.10 (95 % interval +0.77 to +1.43, valid at every look), over 812 calls up to 22 Nov 14:03 UTC.",
			change: "Corrected outcomes, a breached guardrail or a check that fails; more calls only make it more exact.",
		},
		{
			name: "the split is broken",
			given: func(s *situation) {
				s.share(tandem.MetricCompletion, "B", 0.681, 0.812, 406)
				s.tally(1, "A", tandem.MetricNotRandomised, tandem.Tally{Kind: tandem.Category, N: 190, Names: map[string]int64{"limit_reached": 190}})
			},
			status: tandem.SplitBroken,
			text:   "The split is broken: arm A has 596 calls where its share is about 501; chance does that in fewer than 1 of 1,000,000 tests. No verdict on the completion rate over 812 calls up to 22 Nov 14:03 UTC until somebody has looked into it. As it stands, if the alarm meant nothing: completion rate 81.2 % in B against 68.1 % in A, +13.1 points (95 % interval +3.9 to +22.3, valid at every look).",
			change: "Find the cause. If the arms can be compared all the same, acknowledge the alarm; else end the test and start another.",
		},
		{
			name: "an arm without a share has calls",
			arms: 3,
			given: func(s *situation) {
				s.test.Phases[0].Weights = []float64{50, 50, 0}
			},
			status: tandem.SplitBroken,
			text:   "The split is broken: arm C has 406 calls where its share is about 0; that cannot be. No verdict on the completion rate over 1,218 calls up to 22 Nov 14:03 UTC until somebody has looked into it.",
			change: "Find the cause. If the arms can be compared all the same, acknowledge the alarm; else end the test and start another.",
		},
		{
			name: "outcomes are missing",
			given: func(s *situation) {
				s.share(tandem.MetricCompletion, "B", 0.681, 0.812, 406)
				s.gap(CoverageOutcome, 0.93, 0.81)
				s.gap(CoverageLost, 0.02, 0.15)
			},
			status: tandem.OutcomesMissing,
			text:   "Outcomes are missing unevenly: calls with a known completion rate 81.0 % in B against 93.0 % in A, -12.0 points (p 3e-05); lost calls 15.0 % in B against 2.0 % in A, +13.0 points (p 5e-09). No verdict on the completion rate over 812 calls up to 22 Nov 14:03 UTC until somebody has looked into it. As it stands, if the alarm meant nothing: completion rate 81.2 % in B against 68.1 % in A, +13.1 points (95 % interval +3.9 to +22.3, valid at every look).",
			change: "Find the cause. If the arms can be compared all the same, acknowledge the alarm; else end the test and start another.",
		},
		{
			name: "too few are left to chance",
			given: func(s *situation) {
				s.tally(1, "A", tandem.MetricNotRandomised, tandem.Tally{Kind: tandem.Category, N: 60, Names: map[string]int64{"limit_reached": 20, "target_down": 40}})
				s.tally(1, "B", tandem.MetricNotRandomised, tandem.Tally{Kind: tandem.Category, N: 50, Names: map[string]int64{"target_down": 50}})
			},
			status: tandem.TooFewRandomised,
			text:   "Too few calls are left to chance: 110 of 922 calls had no fair draw, or went elsewhere than it said (target_down 90, limit_reached 20). No verdict on the completion rate over 812 calls up to 22 Nov 14:03 UTC until somebody has looked into it.",
			change: "Find the cause. If the arms can be compared all the same, acknowledge the alarm; else end the test and start another.",
		},
		{
			name: "a metric that never moves",
			given: func(s *situation) {
				s.Health = []Ailment{{Metric: tandem.MetricCompletion, Kind: "constant", Run: 812, Value: 1}}
			},
			status: tandem.MetricBroken,
			text:   "Something is odd about the completion rate: it has been 100 % in all of 812 calls, so that it tells nothing apart. No verdict on the completion rate over 812 calls up to 22 Nov 14:03 UTC until somebody has looked into it.",
			change: "Find the cause. If the arms can be compared all the same, acknowledge the alarm; else end the test and start another.",
		},
		{
			name: "a metric that changed its meaning",
			given: func(s *situation) {
				s.Health = []Ailment{{Metric: tandem.MetricCompletion, Arm: "B", Kind: "jumped", Run: 45, Value: 0}}
			},
			status: tandem.MetricBroken,
			text:   "Something is odd about the completion rate: it was 0 % in each of the last 45 calls of arm B, which its share before makes all but impossible. No verdict on the completion rate over 812 calls up to 22 Nov 14:03 UTC until somebody has looked into it.",
			change: "Find the cause. If the arms can be compared all the same, acknowledge the alarm; else end the test and start another.",
		},
		{
			name: "the gravest of two alarms is told",
			given: func(s *situation) {
				s.Health = []Ailment{{Metric: tandem.MetricCompletion, Arm: "B", Kind: "jumped", Run: 45, Value: 0}}
				s.tally(1, "A", tandem.MetricNotRandomised, tandem.Tally{Kind: tandem.Category, N: 190, Names: map[string]int64{"limit_reached": 190}})
			},
			status: tandem.SplitBroken,
			text:   "The split is broken: arm A has 596 calls where its share is about 501; chance does that in fewer than 1 of 1,000,000 tests. No verdict on the completion rate over 812 calls up to 22 Nov 14:03 UTC until somebody has looked into it.",
			change: "Find the cause. If the arms can be compared all the same, acknowledge the alarm; else end the test and start another.",
		},
		{
			name: "a difference that changed over time is said to have",
			given: func(s *situation) {
				s.share(tandem.MetricCompletion, "B", 0.681, 0.812, 406).Bet.NoneFits = true
			},
			status: tandem.Better, arm: "B",
			text:   "B is better: completion rate 81.2 % in B against 68.1 % in A, +13.1 points (p 8e-04, valid at every look; the arms differ, but no one difference fits all calls: it seems to have changed over time, so there is no interval), over 812 calls up to 22 Nov 14:03 UTC.",
			change: "Corrected outcomes, a breached guardrail or a check that fails; more calls only make it more exact.",
		},
		{
			name: "an acknowledged alarm suspends nothing",
			given: func(s *situation) {
				s.share(tandem.MetricCompletion, "B", 0.681, 0.812, 406)
				s.Health = []Ailment{{Metric: tandem.MetricCompletion, Arm: "B", Kind: "jumped", Run: 45, Value: 0}}
				s.test.Acknowledged = []tandem.Acknowledgement{{Check: tandem.CheckMetricHealth, Concerns: []tandem.Concern{{Kind: "jumped", Arm: "B", Strength: 45}}}}
			},
			status: tandem.Better, arm: "B",
			text:   "B is better: completion rate 81.2 % in B against 68.1 % in A, +13.1 points (95 % interval +3.9 to +22.3, valid at every look), over 812 calls up to 22 Nov 14:03 UTC. Failed checks that were acknowledged: metric health.",
			change: "Corrected outcomes, a breached guardrail or a check that fails; more calls only make it more exact.",
		},
		{
			name: "a breached guardrail goes before a better arm",
			given: func(s *situation) {
				s.guard(tandem.MetricTransfer, 0.02)
				s.share(tandem.MetricCompletion, "B", 0.681, 0.812, 406)
				s.share(tandem.MetricTransfer, "B", 0.08, 0.24, 406)
			},
			status: tandem.GuardrailBreached, arm: "B",
			text:   "Guardrail breached in B: transfer rate 24.0 % in B against 8.0 % in A, +16.0 points: worse by at least 8.37 points (valid at every look), past the margin of 2 points, over 812 calls up to 22 Nov 14:03 UTC.",
			change: "Give the calls back to A, or end the test.",
		},
		{
			name: "a breached guardrail of a metric that is better high",
			given: func(s *situation) {
				s.guard(tandem.MetricSentiment, 0)
				s.pair(Pair{Metric: tandem.MetricSentiment, Arm: "B", Kind: tandem.Mean, NA: 400, NB: 404, MeanA: 0.231, MeanB: -0.104, SE: 0.031})
			},
			status: tandem.GuardrailBreached, arm: "B",
			text:   "Guardrail breached in B: sentiment -0.104 in B against 0.231 in A, -0.335: worse by at least 0.241 (valid at every look), over 812 calls up to 22 Nov 14:03 UTC.",
			change: "Give the calls back to A, or end the test.",
		},
		{
			name: "a breached guardrail after a rollback",
			given: func(s *situation) {
				s.guard(tandem.MetricTransfer, 0.02)
				s.test.Arms[0].Weight = 100
				s.share(tandem.MetricTransfer, "B", 0.08, 0.24, 406)
			},
			status: tandem.GuardrailBreached, arm: "B",
			text:   "Guardrail breached in B: transfer rate 24.0 % in B against 8.0 % in A, +16.0 points: worse by at least 8.37 points (valid at every look), past the margin of 2 points, over 812 calls up to 22 Nov 14:03 UTC.",
			change: "All calls go to A now. End the test, or split it again.",
		},
		{
			name: "a guardrail within its margin says nothing",
			given: func(s *situation) {
				s.guard(tandem.MetricTransfer, 0.10)
				s.share(tandem.MetricCompletion, "B", 0.681, 0.812, 406)
				s.share(tandem.MetricTransfer, "B", 0.08, 0.14, 406)
			},
			status: tandem.Better, arm: "B",
			text:   "B is better: completion rate 81.2 % in B against 68.1 % in A, +13.1 points (95 % interval +3.9 to +22.3, valid at every look), over 812 calls up to 22 Nov 14:03 UTC.",
			change: "Corrected outcomes, a breached guardrail or a check that fails; more calls only make it more exact.",
		},
		{
			name: "an alarm goes before a breached guardrail",
			given: func(s *situation) {
				s.guard(tandem.MetricTransfer, 0.02)
				s.share(tandem.MetricTransfer, "B", 0.08, 0.24, 406)
				s.Health = []Ailment{{Metric: tandem.MetricCompletion, Kind: "constant", Run: 812, Value: 1}}
			},
			status: tandem.MetricBroken,
			text:   "Something is odd about the completion rate: it has been 100 % in all of 812 calls, so that it tells nothing apart. No verdict on the completion rate over 812 calls up to 22 Nov 14:03 UTC until somebody has looked into it.",
			change: "Find the cause. If the arms can be compared all the same, acknowledge the alarm; else end the test and start another.",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSituation(max(2, c.arms))
			c.given(s)
			v := s.verdict()
			if v.Status != c.status || v.Arm != c.arm {
				t.Errorf("status %s, arm %q; want %s, %q", v.Status, v.Arm, c.status, c.arm)
			}
			if diff := gocmp.Diff([]string{c.text, c.change}, []string{v.Text, v.Change}); diff != "" {
				t.Errorf("words (-want +got):\n%s", diff)
			}
		})
	}
}

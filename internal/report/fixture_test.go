package report

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sort"
	"time"

	"tandem"
	"tandem/internal/results"
)

var began = time.Date(2026, 11, 18, 8, 15, 0, 0, time.UTC)

func ptr[T any](x T) *T { return &x }

// call is one made-up call.
type call struct {
	arm      int
	at       time.Time
	done     bool
	transfer bool
	seconds  float64
	hungUp   bool
	mood     float64
	reason   string
}

var callReasons = []string{"book_appointment", "opening_hours", "prescription", "billing", "other"}

// madeUp draws calls over five days; quality is each arm's completion rate.
func madeUp(n int, quality ...float64) []call {
	draw := rand.New(rand.NewPCG(7, 11))
	out := make([]call, n)
	for i := range out {
		c := call{arm: draw.IntN(len(quality)), at: began.Add(time.Duration(i) * 5 * 24 * time.Hour / time.Duration(n))}
		c.done = draw.Float64() < quality[c.arm]
		c.transfer = draw.Float64() < 0.18-0.02*float64(c.arm)
		c.seconds = math.Round(10*math.Exp(4.3-0.12*float64(c.arm)+0.55*draw.NormFloat64())) / 10
		c.hungUp = draw.Float64() < 0.62
		c.mood = math.Tanh(0.2 + 0.1*float64(c.arm) + 0.5*draw.NormFloat64())
		c.reason = callReasons[min(int(draw.ExpFloat64()*1.3), len(callReasons)-1)]
		out[i] = c
	}
	return out
}

// sums are the moments of one arm.
type sums struct{ n, mean, m2 float64 }

func (s *sums) add(x float64) {
	s.n++
	d := x - s.mean
	s.mean += d / s.n
	s.m2 += d * (x - s.mean)
}

func (s *sums) variance() float64 { return s.m2 / max(1, s.n-1) }

// band is the half width of the asymptotic sequence with N* = 1000.
func band(a, b *sums) float64 {
	n, alpha := a.n+b.n, 0.05
	r := (-2*math.Log(alpha) + math.Log(1-2*math.Log(alpha))) / 1000
	return math.Sqrt(a.variance()/a.n+b.variance()/b.n) * math.Sqrt(2*(n*r+1)/(n*r)*math.Log(math.Sqrt(n*r+1)/alpha))
}

// numberMetric describes a number of each call in every arm and compares it.
func numberMetric(m results.Metric, all []call, arms int, of func(call) float64) results.Metric {
	byArm := make([]sums, arms)
	values := make([][]float64, arms)
	tracks := make([][]results.BandPoint, arms)
	for i, c := range all {
		x := of(c)
		byArm[c.arm].add(x)
		values[c.arm] = append(values[c.arm], x)
		for b := 1; b < arms && i%(len(all)/60+1) == 0; b++ {
			if byArm[0].n >= 10 && byArm[b].n >= 10 {
				tracks[b] = append(tracks[b], point95(c.at, &byArm[0], &byArm[b]))
			}
		}
	}
	for a := range byArm {
		m.Arms = append(m.Arms, summaryOf(m.Kind, arm(a), &byArm[a], values[a]))
	}
	for b := 1; b < arms; b++ {
		tracks[b] = append(tracks[b], point95(all[len(all)-1].at, &byArm[0], &byArm[b]))
		m.Against = append(m.Against, comparisonOf(m, arm(b), &byArm[0], &byArm[b], tracks[b], arms))
	}
	return m
}

func arm(i int) string { return tandem.ArmKey(i) }

func point95(at time.Time, a, b *sums) results.BandPoint {
	d, half := b.mean-a.mean, band(a, b)
	return results.BandPoint{At: at, N: int64(a.n + b.n), Value: d, Low: d - half, High: d + half}
}

func summaryOf(kind tandem.MetricKind, key string, s *sums, values []float64) results.Summary {
	half := 1.96 * math.Sqrt(s.variance()/s.n)
	out := results.Summary{
		Arm: key, N: int64(s.n), Unknown: int64(s.n) / 40, Value: ptr(s.mean),
		Interval: &results.Interval{Low: s.mean - half, High: s.mean + half, Method: "student_t"},
	}
	if kind == tandem.Proportion {
		out.Interval.Method = "wilson"
		out.Successes = ptr(int64(math.Round(s.mean * s.n)))
		return out
	}
	sort.Float64s(values)
	out.SD = ptr(math.Sqrt(s.variance()))
	out.Median, out.P90 = ptr(values[len(values)/2]), ptr(values[len(values)*9/10])
	return out
}

func comparisonOf(m results.Metric, key string, a, b *sums, track []results.BandPoint, arms int) results.Comparison {
	d, half := b.mean-a.mean, band(a, b)
	se := math.Sqrt(a.variance()/a.n + b.variance()/b.n)
	p := math.Erfc(math.Abs(d/se) / math.Sqrt2)
	always := min(1, p*14)
	c := results.Comparison{
		Arm: key, Against: "A", Value: ptr(d), Phases: 1, Label: results.FixedHorizon,
		Interval:     &results.Interval{Low: d - 1.96*se, High: d + 1.96*se, Method: "welch_t"},
		Significance: results.Significance{P: ptr(p), Log10P: ptr(math.Log10(p)), Test: "welch_t"},
		Relative:     &results.Relative{Value: d / a.mean, Interval: &results.Interval{Low: (d - 2*se) / a.mean, High: (d + 2*se) / a.mean, Method: "delta"}},
		Evidence: &results.PairEvidence{
			Arm: key, Against: "A", N: int64(a.n + b.n), Value: ptr(d), P: ptr(always), Log10P: ptr(math.Log10(always)),
			Interval: &tandem.Span{Low: d - 1.04*half, High: d + 1.04*half}, Band: &tandem.Span{Low: d - half, High: d + half},
			Method: tandem.Betting, Exploratory: !m.Primary, Track: track,
		},
	}
	if arms > 2 || !m.Primary {
		c.Evidence.Adjusted = ptr(min(1, always*2))
	}
	if m.Kind == tandem.Proportion {
		c.Interval.Method, c.Test = "newcombe", "pooled_z"
		c.Belief = &results.Belief{Better: 1 - p/2, LossIfKept: 0.0004, LossIfNot: max(0, d)}
	}
	return c
}

// withShape adds a histogram of the values, in bins of a width.
func withShape(m results.Metric, all []call, from, width float64, bins int, of func(call) float64) results.Metric {
	for a := range m.Arms {
		shape := make([]results.Bin, bins)
		for i := range shape {
			shape[i] = results.Bin{From: from + width*float64(i), To: from + width*float64(i+1)}
		}
		for _, c := range all {
			if c.arm == a {
				i := min(max(int(math.Floor((of(c)-from)/width)), 0), bins-1)
				shape[i].N++
				shape[i].To = max(shape[i].To, math.Ceil(of(c)/width)*width)
			}
		}
		m.Arms[a].Histogram = shape
	}
	return m
}

func categoryMetric(m results.Metric, all []call, arms int, of func(call) string) results.Metric {
	for a := range arms {
		counts := map[string]int64{}
		s := results.Summary{Arm: arm(a)}
		for _, c := range all {
			if c.arm == a {
				counts[of(c)]++
				s.N++
			}
		}
		for name, n := range counts {
			s.Shares = append(s.Shares, results.NamedShare{Name: name, N: n, Share: float64(n) / float64(s.N)})
		}
		sort.Slice(s.Shares, func(i, j int) bool {
			x, y := s.Shares[i], s.Shares[j]
			return x.N > y.N || x.N == y.N && x.Name < y.Name
		})
		m.Arms = append(m.Arms, s)
		if a > 0 {
			m.Against = append(m.Against, results.Comparison{
				Arm: arm(a), Against: "A", Phases: 1, Label: results.FixedHorizon,
				Significance: results.Significance{P: ptr(0.31), Log10P: ptr(-0.509), Test: "chi_squared"},
			})
		}
	}
	m.AnyDifference = ptr(0.62)
	return m
}

func hangups(all []call, arms int) []results.HangupTiming {
	const width = 10
	var out []results.HangupTiming
	for a := range arms {
		h := results.HangupTiming{Arm: arm(a)}
		steps := make([]results.HangupStep, 30)
		for _, c := range all {
			if c.arm == a {
				s := &steps[min(int(c.seconds/width), len(steps)-1)]
				h.Calls++
				if c.hungUp {
					s.Hangups++
					h.Hangups++
				} else {
					s.Others++
				}
			}
		}
		risk, share := h.Calls, 1.0
		for i, s := range steps {
			if risk == 0 {
				break
			}
			s.From, s.To, s.AtRisk = float64(i*width), float64(i*width+width), risk
			share *= 1 - float64(s.Hangups)/float64(risk)
			s.Staying = share
			risk -= s.Hangups + s.Others
			h.Steps = append(h.Steps, s)
		}
		out = append(out, h)
	}
	return out
}

func share(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// example is a test in full swing with as many arms as rates.
func example(n int, rates ...float64) results.Results {
	all, arms := madeUp(n, rates...), len(rates)
	last := all[len(all)-1].at
	r := results.Results{
		TestID: "019a0000-0000-7000-8000-000000000001", RouteID: "019a0000-0000-7000-8000-000000000002",
		Route: "+14155550100", Name: "Shorter greeting", Status: tandem.Running, Unit: tandem.PerCall,
		Goal: "fields.appointment_booked == true", PrimaryMetric: tandem.MetricCompletion, StartedAt: began,
		Method: results.Method{
			Comparison: results.FixedHorizon, Level: results.Level, Unit: "call",
			Notes: []string{"Intervals and p-values of the comparison hold only if you look once."},
		},
		Hangups:  hangups(all, arms),
		Evidence: evidenceOf(all, arms, last),
	}
	duration := func(c call) float64 { return c.seconds }
	mood := func(c call) float64 { return c.mood }
	r.Metrics = []results.Metric{
		{Name: "calls", Label: "Calls", Kind: tandem.Count, Base: "calls"},
		withShape(numberMetric(results.Metric{Name: "duration", Label: "Duration", Kind: tandem.Mean, Unit: "s", Base: "answered calls whose duration is known"}, all, arms, duration), all, 0, 10, 26, duration),
		numberMetric(results.Metric{Name: "completion", Label: "Completion rate", Kind: tandem.Proportion, Base: "ended calls whose goal is known", Primary: true}, all, arms, func(c call) float64 { return share(c.done) }),
		numberMetric(results.Metric{Name: "transfer", Label: "Transfer rate", Kind: tandem.Proportion, Base: "ended calls"}, all, arms, func(c call) float64 { return share(c.transfer) }),
		withShape(numberMetric(results.Metric{Name: "sentiment", Label: "Sentiment", Kind: tandem.Mean, Base: "ended calls whose sentiment is known"}, all, arms, mood), all, -1, 0.1, 20, mood),
		categoryMetric(results.Metric{Name: "field.reason", Label: "Reason", Kind: tandem.Category, Base: "ended calls of which it is known"}, all, arms, func(c call) string { return c.reason }),
	}
	r.Metrics[1].Against[0].Evidence.AnyChange = ptr(0.0241)
	r.Metrics[1].Against[0].Median = &results.Estimate{Value: -7.8, Interval: &results.Interval{Low: -13.1, High: -2.4, Method: "order_statistics"}}
	var weights []float64
	for a := range arms {
		weights = append(weights, 100/float64(arms))
		r.Arms = append(r.Arms, results.ArmHeader{Key: arm(a), VersionID: tandem.ID(fmt.Sprintf("v%d", a+1)), Version: fmt.Sprintf("front-desk@%d", a+3), Weight: 100 / float64(arms)})
		r.Quality = append(r.Quality, qualityOf(all, a))
	}
	r.Arms[0].Note, r.Arms[1].Note = "As it was", "Greets in one sentence, asks for the date first"
	r.Phases = []results.PhaseHeader{{Number: 1, StartedAt: began, Weights: weights, Calls: int64(n)}}
	e := r.Metric("completion").Against[0].Evidence
	r.Verdict = tandem.Verdict{
		Status: tandem.Better, Metric: "completion", Arm: "B", Compared: "B", Against: "A", Value: e.Value, Interval: e.Interval, P: e.P,
		Level: results.Level, Method: tandem.Betting, Calls: int64(n), CoveredTo: &last,
		Text:   fmt.Sprintf("B is better: completion rate %s against %s, over %s.", percent(*r.Metric("completion").Arms[1].Value), percent(*r.Metric("completion").Arms[0].Value), calls(int64(n))),
		Change: "Nothing but a correction of outcomes that are already covered.",
		Guardrails: []tandem.GuardrailState{
			{Guardrail: tandem.Guardrail{Metric: "transfer", Worse: tandem.Higher, Margin: 0.02, Action: tandem.Rollback}, Arm: "B", Harm: ptr(-0.019), AtLeast: ptr(-0.071), Known: true, Text: "The transfer rate of B is not worse than A's by more than 2 points."},
			{Guardrail: tandem.Guardrail{Metric: "duration", Worse: tandem.Higher, Margin: 15, Action: tandem.Announce}, Arm: "B", Harm: ptr(-9.6), AtLeast: ptr(-21.2), Known: true},
		},
	}
	return r
}

func evidenceOf(all []call, arms int, last time.Time) results.EvidenceHeader {
	e := results.EvidenceHeader{
		Calls: int64(len(all)), Waiting: 7, CoveredTo: &last, Callers: int64(len(all)) * 9 / 10, Withheld: 31,
		SampleRatio: results.SampleRatio{LogBayesFactor: ptr(-2.9)},
	}
	for a := 1; a < arms; a++ {
		e.FirstCalls = append(e.FirstCalls, results.PairEvidence{
			Arm: arm(a), Against: "A", N: e.Callers, Value: ptr(0.0812), Interval: &tandem.Span{Low: 0.0093, High: 0.1517},
			P: ptr(0.021), Log10P: ptr(-1.678), Method: tandem.Betting,
		})
		for _, kind := range []string{results.CoverageOutcome, results.CoverageAnalysis, results.CoverageLost, results.CoverageFailover} {
			e.Coverage = append(e.Coverage, results.Gap{Kind: kind, Arm: arm(a), Value: ptr(0.0041), P: ptr(0.74)})
		}
	}
	return e
}

func qualityOf(all []call, a int) results.Quality {
	var n int64
	for _, c := range all {
		if c.arm == a {
			n++
		}
	}
	q := results.Quality{
		Arm: arm(a), Assigned: n + 4, Randomised: n, InProgress: 3, Ended: n - 5, Lost: 2, Analyzed: n - 9, Outcomes: n - 12,
		NotRandomised: map[tandem.Reason]int64{tandem.ReasonTargetDown: 4},
	}
	q.OutcomeShare, q.AnalyzedShare, q.LostShare = part(q.Outcomes, q.Ended), part(q.Analyzed, q.Ended), part(q.Lost, q.Ended+q.Lost)
	return q
}

// decisionOn ends r's test for an arm.
func decisionOn(r *results.Results, winner string) *tandem.Decision {
	at := r.Verdict.CoveredTo.Add(26 * time.Minute)
	return &tandem.Decision{
		TestID: r.TestID, At: at, By: "dana", Winner: winner,
		Note: "Seven points more bookings, and calls are shorter.\n\nRoll out to the other practices next week.",
	}
}

// nothingYet is a test that has just started.
func nothingYet() results.Results {
	r := example(200, 0.7, 0.78)
	for i := range r.Metrics {
		m := &r.Metrics[i]
		m.AnyDifference = nil
		m.Arms = []results.Summary{{Arm: "A"}, {Arm: "B"}}
		if m.Kind != tandem.Count {
			m.Against = []results.Comparison{{Arm: "B", Against: "A", Label: results.FixedHorizon, Note: "not enough data in both arms yet"}}
		}
	}
	r.Hangups = []results.HangupTiming{}
	r.Quality = []results.Quality{{Arm: "A"}, {Arm: "B"}}
	r.Phases[0].Calls = 0
	r.Evidence = results.EvidenceHeader{}
	r.Verdict = tandem.Verdict{
		Status: tandem.Collecting, Metric: "completion", Level: results.Level, Text: "Collecting: no calls so far.",
		Change: "About 600 calls, if the difference is about 10 points.",
	}
	return r
}

// threeArms is a test that has not been decided.
func threeArms() results.Results {
	r := example(1500, 0.70, 0.76, 0.72)
	r.Verdict.Status, r.Verdict.Arm, r.Verdict.Guardrails = tandem.Collecting, "", nil
	r.Verdict.Text = "Collecting: 1,500 calls so far; about 2,300 more calls, about 8 days, if the difference of B stays."
	r.Verdict.Change = "About 2,300 more calls, if the difference of B stays."
	r.Verdict.MoreCalls, r.Verdict.MoreDays = ptr[int64](2300), ptr(7.7)
	return r
}

// inTrouble is a sticky test with two phases in which all went wrong.
func inTrouble() results.Results {
	r := example(900, 0.7, 0.6)
	r.Unit = tandem.PerCaller
	r.Arms[0].Weight, r.Arms[1].Weight = 90, 10
	r.Phases = []results.PhaseHeader{
		{Number: 1, StartedAt: began, Weights: []float64{50, 50}, Calls: 880},
		{Number: 2, StartedAt: began.Add(100 * time.Hour), Weights: []float64{90, 10}, Calls: 20},
	}
	r.Evidence.SampleRatio = results.SampleRatio{LogBayesFactor: ptr(31.4), Broken: true}
	r.Evidence.Coverage[0] = results.Gap{Kind: results.CoverageOutcome, Arm: "B", Value: ptr(-0.061), P: ptr(0.0004), Alarm: true}
	r.Evidence.Rebuilding = true
	r.Method.Stratified = true
	v := &r.Verdict
	v.Status, v.Arm, v.Method = tandem.OutcomesMissing, "", tandem.Clustered
	v.Text, v.Change = "Outcomes are missing more often in B than in A, so nothing can be concluded.", "Find out why, or acknowledge the alarm."
	v.Alarms = []tandem.Alarm{
		{Check: tandem.CheckSampleRatio, Text: "The arms' sizes contradict the split.", Acknowledged: &tandem.Acknowledgement{
			Check: tandem.CheckSampleRatio, At: began.Add(90 * time.Hour), By: "sam", Note: "The trunk lost calls on Thursday; both arms alike.",
		}},
		{Check: tandem.CheckCoverage, Text: "The outcome is known of 6.1 points fewer calls in B."},
	}
	v.Guardrails[0].Harm, v.Guardrails[0].AtLeast, v.Guardrails[0].Breached = ptr(0.09), ptr(0.031), true
	v.Guardrails[0].Text = "Transfer rate of B is at least 3.1 points worse than A's; 2 points were allowed."
	v.Guardrails[1].Harm, v.Guardrails[1].AtLeast = nil, nil
	return r
}

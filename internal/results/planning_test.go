package results

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"tandem"
	"tandem/internal/stats"
)

func TestPlansInWords(t *testing.T) {
	for _, c := range []struct {
		name  string
		req   PlanRequest
		text  string
		notes []string
	}{
		{
			name: "two shares",
			req:  PlanRequest{Baseline: ptr(0.7), Effect: 0.1, PerDay: 160},
			text: "70 % against 80 %: about 680 calls in all on average, 1,000 to be 80 % sure; 6 days at 160 calls a day. With the end planned: 720 calls, 4 days.",
		},
		{
			name: "a share that is to fall, relative to the baseline",
			req:  PlanRequest{Baseline: ptr(0.7), Relative: -0.1},
			text: "70 % against 63 %: about 1,600 calls in all on average, 2,500 to be 80 % sure. With the end planned: 1,700 calls.",
		},
		{
			name: "a volume that cannot get there",
			req:  PlanRequest{Baseline: ptr(0.7), Effect: 0.05, PerDay: 4.5},
			text: "70 % against 75 %: about 2,900 calls in all on average, 4,400 to be 80 % sure; not enough calls: about 970 days at 4.5 a day. With the end planned: 3,000 calls, 680 days.",
		},
		{
			name: "a mean with bounds",
			req:  PlanRequest{Kind: tandem.Mean, Unit: "s", Baseline: ptr(180.0), SD: 120, Effect: -20, PerDay: 160, Low: ptr(0.0), High: ptr(3600.0)},
			text: "180 s against 160 s: about 1,800 calls in all on average, 2,300 to be 80 % sure; 14 days at 160 calls a day. With the end planned: 1,400 calls, 9 days.",
		},
		{
			name:  "a mean without bounds",
			req:   PlanRequest{Kind: tandem.Mean, Unit: "EUR", Baseline: ptr(10.0), SD: 4, Effect: 1},
			text:  "10 EUR against 11 EUR: about 580 calls in all on average, 830 to be 80 % sure. With the end planned: 620 calls.",
			notes: []string{"Without bounds of the value, the evidence is asymptotic: it holds from a few dozen calls on."},
		},
		{
			name:  "three arms",
			req:   PlanRequest{Baseline: ptr(0.7), Effect: 0.1, Arms: 3},
			text:  "70 % against 80 %: about 1,200 calls in all on average, 1,800 to be 80 % sure. With the end planned: 1,300 calls.",
			notes: []string{"Calls are those of all 3 arms. Each is compared with A at an alpha of 0.025, as the first of them has to be."},
		},
		{
			name:  "a guardrail on a share",
			req:   PlanRequest{Baseline: ptr(0.05), Effect: 0.03, OneSided: true},
			text:  "5 % against 8 %: about 2,800 calls in all on average, 3,800 to be 80 % sure.",
			notes: []string{"One-sided, as a guardrail sees it: the effect is the harm beyond its margin. A guardrail has no plan."},
		},
		{
			name:  "callers",
			req:   PlanRequest{Baseline: ptr(0.7), Effect: 0.1, CallsPerCaller: 3, CallerCorrelation: 0.3},
			text:  "70 % against 80 %: about 1,200 calls in all on average, 1,600 to be 80 % sure. With the end planned: 1,200 calls.",
			notes: []string{"By caller: 3 calls each, of which one tells less than a call of its own; it takes 1.6 times as many calls.", "The plan of a sticky test counts callers: --planned is the calls above divided by 3."},
		},
		{
			name:  "a covariate",
			req:   PlanRequest{Kind: tandem.Mean, Unit: "s", Baseline: ptr(90.0), SD: 40, Effect: 10, Covariate: 0.6, PerDay: 100},
			text:  "90 s against 100 s: 320 calls in all to be 80 % sure with one look at the end; 3 days at 100 calls a day.",
			notes: []string{"Adjusted for what was known of callers before (CUPED): `tandem calc` compares so, with one look; no verdict rests on it."},
		},
		{
			name:  "a quantile",
			req:   PlanRequest{Kind: tandem.Mean, Unit: "s", Baseline: ptr(90.0), SD: 60, Effect: 8, Quantile: 0.5},
			text:  "8 s of difference in the 50 % quantile: 1,600 calls in all to be 80 % sure with one look at the end.",
			notes: []string{"Quantiles are compared with one look; no verdict rests on them. The spread is that of a quantile, by the values' density there."},
		},
		{
			name:  "categories",
			req:   PlanRequest{Categories: [][]float64{{0.6, 0.25, 0.15}, {0.5, 0.3, 0.2}}, PerDay: 100},
			text:  "Categories: 930 calls in all to be 80 % sure with one look at the end; 9 days at 100 calls a day.",
			notes: []string{"By chi-squared, with one look; watched at every call it takes more."},
		},
		{
			name: "a split that is not what it should be",
			req:  PlanRequest{ShareB: 0.5, RealShareB: 0.45, PerDay: 100},
			text: "A split that gives B 45 % of the calls instead of 50 % is found broken by about 2,000 calls, 20 days.",
		},
		{
			name: "what a number of calls finds",
			req:  PlanRequest{Baseline: ptr(0.7), Calls: 1000},
			text: "By 1,000 calls a difference of 10.1 points from 70 % is found with a chance of 80 %; one of 8.56 points if that is the planned end.",
		},
		{
			name: "what two weeks find",
			req:  PlanRequest{Baseline: ptr(0.7), Days: 14, PerDay: 160},
			text: "By 2,240 calls (14 days) a difference of 6.9 points from 70 % is found with a chance of 80 %; one of 5.8 points if that is the planned end.",
		},
		{
			name: "too few calls to find anything",
			req:  PlanRequest{Baseline: ptr(0.7), Calls: 5},
			text: "By 5 calls no difference is found, however large.",
			notes: []string{
				"Sequential: not even the largest difference is found by 5 calls.",
				"Planned: not even the largest difference is found by 5 calls.",
				"Fixed: not even the largest difference is found by 5 calls.",
			},
		},
		{
			name:  "too small a difference to watch for",
			req:   PlanRequest{Baseline: ptr(0.7), Effect: 0.001},
			text:  "70 % against 70.1 %: too small a difference to be found by watching. With the end planned: 7,900,000 calls.",
			notes: []string{"Sequential: no number of calls finds a difference this small."},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := MakePlan(c.req, 0)
			if err != nil {
				t.Fatal(err)
			}
			if p.Text != c.text {
				t.Errorf("text\n%s\nwant\n%s", p.Text, c.text)
			}
			if diff := gocmp.Diff(c.notes, p.Notes); diff != "" {
				t.Errorf("notes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAPlanIsTheDesignsOwn(t *testing.T) {
	req := PlanRequest{Baseline: ptr(0.7), Effect: 0.1, ShareB: 0.2, Power: 0.9, Alpha: 0.01, Calls: 2000}
	p, err := MakePlan(req, 50)
	if err != nil {
		t.Fatal(err)
	}
	d := stats.Design{Binary: true, Baseline: 0.7, Effect: 0.1, ShareB: 0.2, Power: 0.9, Alpha: 0.01}
	for mode, size := range map[Mode]func() (stats.Size, error){ModeSequential: d.Sequential, ModePlanned: d.Planned, ModeFixed: d.Fixed} {
		want, err := size()
		i := slices.IndexFunc(p.Modes, func(m PlanMode) bool { return m.Mode == mode })
		if err != nil || i < 0 || p.Modes[i].Calls != want.Calls || p.Modes[i].Expected != want.Expected {
			t.Fatalf("%s: %+v, %v; want %+v", mode, p.Modes, err, want)
		}
		about(t, float64(want.Calls)/50, *p.Modes[i].Days, 1e-9, "days")
		effect, err := d.MinimumEffect(2000, string(mode))
		j := slices.IndexFunc(p.Smallest, func(s Smallest) bool { return s.Mode == mode })
		if err != nil || p.Smallest[j].Effect != effect || p.Smallest[j].Calls != 2000 {
			t.Errorf("%s: smallest %+v, %v; want %v", mode, p.Smallest, err, effect)
		}
	}
	if p.Request.PerDay != 50 {
		t.Errorf("volume %v; want the route's", p.Request.PerDay)
	}
	// The smallest effect by the calls that an effect needs is that effect.
	back, err := MakePlan(PlanRequest{Baseline: ptr(0.7), Calls: p.Modes[0].Calls, ShareB: 0.2, Power: 0.9, Alpha: 0.01}, 0)
	if err != nil || math.Abs(back.Smallest[0].Effect-0.1) > 0.0005 {
		t.Errorf("%+v, %v; want an effect of 0.1", back.Smallest, err)
	}
}

// fieldsOf lists the fields at fault.
func fieldsOf(err error) []string {
	var all []error
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		all = joined.Unwrap()
	} else if err != nil {
		all = []error{err}
	}
	var out []string
	for _, err := range all {
		var e *tandem.Error
		if !errors.As(err, &e) || e.Code != tandem.Invalid {
			out = append(out, fmt.Sprint(err))
			continue
		}
		out = append(out, e.Field)
	}
	return out
}

func TestAPlanNamesWhatIsWrongWithIt(t *testing.T) {
	good := PlanRequest{Baseline: ptr(0.7), Effect: 0.1}
	mean := PlanRequest{Kind: tandem.Mean, Baseline: ptr(180.0), SD: 120, Effect: 10}
	with := func(r PlanRequest, change func(*PlanRequest)) PlanRequest { change(&r); return r }
	for name, c := range map[string]struct {
		req  PlanRequest
		want []string
	}{
		"nothing given":             {PlanRequest{}, []string{"effect", "baseline"}},
		"no effect":                 {PlanRequest{Baseline: ptr(0.7)}, []string{"effect"}},
		"a share past 1":            {with(good, func(r *PlanRequest) { r.Baseline = ptr(1.2) }), []string{"baseline"}},
		"an effect past 1":          {with(good, func(r *PlanRequest) { r.Effect = 0.4 }), []string{"effect"}},
		"an effect below 0":         {with(good, func(r *PlanRequest) { r.Effect = -0.8 }), []string{"effect"}},
		"not a number":              {with(good, func(r *PlanRequest) { r.Baseline = ptr(math.NaN()) }), []string{"baseline"}},
		"an infinite effect":        {with(mean, func(r *PlanRequest) { r.Effect = math.Inf(1) }), []string{"effect"}},
		"days without a volume":     {PlanRequest{Baseline: ptr(0.7), Days: 14}, []string{"per_day"}},
		"a share with a spread":     {with(good, func(r *PlanRequest) { r.SD = 3 }), []string{"sd"}},
		"eleven arms":               {with(good, func(r *PlanRequest) { r.Arms = 11 }), []string{"arms"}},
		"callers alike in one call": {with(good, func(r *PlanRequest) { r.CallerCorrelation = 0.3 }), []string{"calls_per_caller"}},
		"half a call by caller":     {with(good, func(r *PlanRequest) { r.CallsPerCaller = 0.5 }), []string{"calls_per_caller"}},
		"a quantile of a share":     {with(good, func(r *PlanRequest) { r.Quantile = 0.5 }), []string{"quantile"}},
		"a covariate of 1":          {with(mean, func(r *PlanRequest) { r.Covariate = 1 }), []string{"covariate_correlation"}},
		"categories short of 1":     {PlanRequest{Categories: [][]float64{{0.5, 0.4}, {0.5, 0.5}}}, []string{"categories[0]"}},
		"categories of one arm":     {PlanRequest{Categories: [][]float64{{0.5, 0.5}}}, []string{"categories"}},
		"a split as intended":       {PlanRequest{ShareB: 0.5, RealShareB: 0.5}, []string{"real_share_b"}},
		"a mean without a spread":   {with(mean, func(r *PlanRequest) { r.SD = 0 }), []string{"sd"}},
		"half of the bounds":        {with(mean, func(r *PlanRequest) { r.Low = ptr(0.0) }), []string{"low"}},
		"bounds upside down":        {with(mean, func(r *PlanRequest) { r.Low, r.High = ptr(9.0), ptr(0.0) }), []string{"low"}},
		"a mean out of bounds":      {with(mean, func(r *PlanRequest) { r.Low, r.High = ptr(0.0), ptr(100.0) }), []string{"baseline"}},
		"an effect out of bounds":   {with(mean, func(r *PlanRequest) { r.Low, r.High = ptr(0.0), ptr(185.0) }), []string{"effect"}},
		"a category":                {with(good, func(r *PlanRequest) { r.Kind = tandem.Category }), []string{"kind"}},
		"several at once":           {with(good, func(r *PlanRequest) { r.ShareB, r.Power, r.Alpha, r.Calls = 2, -1, 0.6, -5 }), []string{"share_b", "power", "alpha", "calls"}},
	} {
		_, err := MakePlan(c.req, 0)
		if diff := gocmp.Diff(c.want, fieldsOf(err)); diff != "" {
			t.Errorf("%s: fields at fault (-want +got):\n%s", name, diff)
		}
	}
}

func TestAPlanForARouteStartsFromWhatTheRouteHas(t *testing.T) {
	now := epoch.Add(24 * time.Hour)
	plan := func(t *testing.T, w *world, req PlanRequest) Plan {
		t.Helper()
		p, err := NewReader(w, nil).PlanFor(context.Background(), w.route.Name, req, now)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	played := func(t *testing.T) *world {
		w := newWorld(t, "fields.booked == true")
		w.route.MaxCallSeconds = 600
		w.routes[w.route.Name], w.routes[string(w.route.ID)] = w.route, w.route
		w.play(t, 1, "A", 100, 70, func(i int) float64 { return 100 + float64(i%21) })
		w.play(t, 1, "B", 50, 40, func(i int) float64 { return 90 + float64(i%21) })
		w.volume = tandem.Volume{Calls: 1400, From: now.Add(-14 * 24 * time.Hour), To: now}
		return w
	}
	t.Run("arm A while the test runs", func(t *testing.T) {
		p := plan(t, played(t), PlanRequest{Metric: tandem.MetricCompletion, Effect: 0.1})
		if *p.Request.Baseline != 0.7 || p.Request.PerDay != 100 || !strings.HasPrefix(p.Text, "Completion rate 70 % against 80 %: ") {
			t.Errorf("%+v", p)
		}
		want := []string{
			"The baseline is arm A of the route's latest test: 70 % over 100 calls.",
			"The route had about 100 calls a day of late; all of them are taken to be in the test.",
		}
		if diff := gocmp.Diff(want, p.Notes); diff != "" {
			t.Errorf("notes (-want +got):\n%s", diff)
		}
	})
	t.Run("the arm that was kept", func(t *testing.T) {
		w := played(t)
		w.tests[0].Status, w.tests[0].Winner, w.tests[0].Name = tandem.Ended, "B", "greeting"
		p := plan(t, w, PlanRequest{Metric: tandem.MetricCompletion, Effect: 0.1})
		if *p.Request.Baseline != 0.8 || !strings.Contains(p.Notes[0], `arm B of the test "greeting"`) {
			t.Errorf("%+v", p)
		}
	})
	t.Run("spread and bounds of a mean", func(t *testing.T) {
		p := plan(t, played(t), PlanRequest{Metric: tandem.MetricDuration, Effect: -5})
		if r := p.Request; r.Kind != tandem.Mean || r.Unit != "s" || math.Abs(*r.Baseline-109.6) > 1 || math.Abs(r.SD-6) > 0.5 || *r.Low != 0 || *r.High != 600 {
			t.Errorf("%+v", r)
		}
	})
	t.Run("bounds of a field", func(t *testing.T) {
		w := played(t)
		for i := range 4 {
			id := callID(5000 + i)
			w.report(t, w.assigned(id, 1, "A"))
			w.report(t, ended(id, tandem.ByAgent, 100))
			w.report(t, analysis(id, map[string]any{"amount": float64(100 * i)}))
		}
		p := plan(t, w, PlanRequest{Metric: "field.amount", Effect: 10})
		if r := p.Request; r.Unit != "EUR" || *r.Low != 0 || *r.High != 1000 || *r.Baseline != 150 {
			t.Errorf("%+v", r)
		}
	})
	t.Run("what the request gives goes before", func(t *testing.T) {
		p := plan(t, played(t), PlanRequest{Metric: tandem.MetricCompletion, Baseline: ptr(0.5), Effect: 0.1, PerDay: 7})
		if *p.Request.Baseline != 0.5 || p.Request.PerDay != 7 || len(p.Notes) != 0 {
			t.Errorf("%+v", p)
		}
	})
	t.Run("an hour of calls is no day's volume", func(t *testing.T) {
		w := played(t)
		w.volume = tandem.Volume{Calls: 30, From: now.Add(-time.Hour), To: now}
		if p := plan(t, w, PlanRequest{Baseline: ptr(0.5), Effect: 0.1}); p.Request.PerDay != 30 {
			t.Errorf("volume %v; want 30 a day", p.Request.PerDay)
		}
	})
	t.Run("a quiet route", func(t *testing.T) {
		w := played(t)
		w.volume = tandem.Volume{}
		p := plan(t, w, PlanRequest{Baseline: ptr(0.5), Effect: 0.1})
		if p.Modes[0].Days != nil || !strings.Contains(p.Notes[0], "no calls of late") {
			t.Errorf("%+v", p)
		}
	})
	t.Run("errors", func(t *testing.T) {
		w := played(t)
		for name, c := range map[string]struct {
			route string
			req   PlanRequest
			code  tandem.Code
			field string
		}{
			"no such route":      {"nowhere", PlanRequest{}, tandem.NotFound, "route"},
			"a category":         {w.route.Name, PlanRequest{Metric: tandem.MetricEndedBy, Effect: 1}, tandem.Invalid, "metric"},
			"no such metric":     {w.route.Name, PlanRequest{Metric: "field.nothing", Effect: 1}, tandem.Invalid, "metric"},
			"another kind":       {w.route.Name, PlanRequest{Metric: tandem.MetricDuration, Kind: tandem.Proportion, Effect: 1}, tandem.Invalid, "kind"},
			"nothing seen of it": {w.route.Name, PlanRequest{Metric: tandem.MetricSentiment, SD: 1, Effect: 0.1}, tandem.Invalid, "baseline"},
		} {
			_, err := NewReader(w, nil).PlanFor(context.Background(), c.route, c.req, now)
			e, _ := errors.AsType[*tandem.Error](err)
			if e == nil || e.Code != c.code || e.Field != c.field {
				t.Errorf("%s: %v; want %s of %s", name, err, c.code, c.field)
			}
		}
		w.tests = nil
		if _, err := NewReader(w, nil).PlanFor(context.Background(), w.route.Name, PlanRequest{Metric: tandem.MetricCompletion, Effect: 0.1}, now); !slices.Equal(fieldsOf(err), []string{"baseline"}) {
			t.Errorf("a route without a test: %v; want the baseline missing", err)
		}
	})
}

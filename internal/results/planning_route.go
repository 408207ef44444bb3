package results

import (
	"context"
	"fmt"
	"time"

	"tandem"
)

const (
	// volumeOver is how far back a route's volume is taken from: two weeks hold
	// each day of the week twice.
	volumeOver = 14 * 24 * time.Hour
	// dayFrom is the number of calls from which less than a day tells the volume
	// of a day. Fewer are taken for all that a day brings.
	dayFrom = 1000
)

// PlanFor is [MakePlan] with what a route knows: its volume of the two weeks
// before now and, for a metric, the baseline, spread and bounds of its running
// test, else of its latest. The arm that was kept serves, else A. What the
// request gives goes before, and the plan's notes say where the rest comes from.
//
// Errors: NotFound when there is no such route; those of MakePlan; the store's.
func (r *Reader) PlanFor(ctx context.Context, idOrNumberOrName string, req PlanRequest, now time.Time) (Plan, error) {
	route, err := r.store.Route(ctx, idOrNumberOrName)
	if err != nil {
		return Plan{}, fmt.Errorf("route: %w", err)
	}
	known := baseline{req: req, route: route}
	if req.Metric != "" {
		t, found, err := r.latest(ctx, route)
		if err != nil {
			return Plan{}, err
		}
		if found {
			if err := r.fillBaseline(ctx, &known, t); err != nil {
				return Plan{}, err
			}
		}
	}
	known.bound()
	var perDay float64
	if req.PerDay == 0 {
		if perDay, err = r.perDay(ctx, route.ID, now); err != nil {
			return Plan{}, err
		}
		if perDay > 0 {
			known.note("The route had about %s calls a day of late; all of them are taken to be in the test.", short(perDay))
		} else {
			known.note("The route had no calls of late, so there is no telling how many days it takes.")
		}
	}
	plan, err := makePlan(known.req, perDay, known.label)
	plan.Notes = append(known.notes, plan.Notes...)
	return plan, err
}

func (r *Reader) perDay(ctx context.Context, route tandem.ID, now time.Time) (float64, error) {
	v, err := r.store.Volume(ctx, route, now.Add(-volumeOver))
	if err != nil {
		return 0, fmt.Errorf("volume: %w", err)
	}
	if day := v.To.Add(-24 * time.Hour); v.Calls < dayFrom && v.From.After(day) {
		v.From = day
	}
	return v.PerDay(), nil
}

// baseline gathers what a test says about the metric of a plan.
type baseline struct {
	req   PlanRequest
	route tandem.Route
	label string
	notes []string
	cut   float64 // where the test's bets cut the metric, 0 where they do not
}

func (b *baseline) note(format string, args ...any) {
	b.notes = append(b.notes, fmt.Sprintf(format, args...))
}

// fillBaseline takes from a test what the request leaves out.
func (r *Reader) fillBaseline(ctx context.Context, b *baseline, t tandem.Test) error {
	results, err := r.of(ctx, t)
	if err != nil {
		return err
	}
	m := results.Metric(b.req.Metric)
	if m == nil || m.Kind != tandem.Proportion && m.Kind != tandem.Mean {
		return tandem.Errorf(tandem.Invalid, "metric", "is %.80q; the route's latest test has no share or average of that name", b.req.Metric)
	}
	if b.req.Kind != "" && b.req.Kind != m.Kind {
		return tandem.Errorf(tandem.Invalid, "kind", "is %.40q; %s is a %s", b.req.Kind, m.Name, m.Kind)
	}
	b.req.Kind, b.label = m.Kind, m.Label
	if b.req.Unit == "" {
		b.req.Unit = m.Unit
	}
	for _, d := range m.Against {
		if d.Evidence != nil && d.Evidence.CutAt != nil {
			b.cut = *d.Evidence.CutAt
		}
	}
	b.units(t, results)
	arm := max(0, t.Arm(t.Winner))
	if s := m.Arms[arm]; s.N > 0 {
		b.take(t, *m, s)
	}
	for _, a := range t.Arms {
		v, err := r.version(ctx, a.VersionID)
		if err != nil {
			return fmt.Errorf("version of arm %s: %w", a.Key, err)
		}
		b.boundByField(v.fields)
	}
	return nil
}

// units takes over how many arms the test has, and its callers where it randomised
// those.
func (b *baseline) units(t tandem.Test, r Results) {
	if b.req.Arms == 0 && len(t.Arms) > 2 {
		b.req.Arms = len(t.Arms)
	}
	if t.Unit != tandem.PerCaller {
		return
	}
	if b.req.CallsPerCaller == 0 && b.req.CallerCorrelation > 0 && r.Evidence.Callers > 0 {
		b.req.CallsPerCaller = max(1, float64(r.Evidence.Calls)/float64(r.Evidence.Callers))
		return
	}
	if b.req.CallsPerCaller == 0 {
		b.note("That test randomised callers. Calls of one caller resemble each other, so a test like it takes more calls than this; say by how much (caller_correlation) to have it in the figures.")
	}
}

// take uses one arm's values.
func (b *baseline) take(t tandem.Test, m Metric, s Summary) {
	name := "the route's latest test"
	if t.Name != "" {
		name = fmt.Sprintf("the test %q", t.Name)
	}
	form := measureOf(m.Kind, m.Unit)
	if b.req.Baseline == nil {
		b.req.Baseline = s.Value
		b.note("The baseline is arm %s of %s: %s over %s.", s.Arm, name, form.level(*s.Value), plural(s.N, "call"))
	}
	if m.Kind == tandem.Mean && b.req.SD == 0 && s.SD != nil && *s.SD > 0 {
		b.req.SD = *s.SD
		b.note("The standard deviation is that of the same arm: %s.", form.level(*s.SD))
	}
}

// boundByField uses the range that a field's definition gives.
func (b *baseline) boundByField(fields []tandem.Field) {
	for _, f := range fields {
		if tandem.MetricFieldPrefix+f.Name == b.req.Metric && f.Min != nil && f.Max != nil && *f.Min < *f.Max {
			b.boundTo(*f.Min, *f.Max)
		}
	}
}

// bound uses the range of a built-in metric, the same as evidence is folded
// with.
func (b *baseline) bound() {
	switch b.req.Metric {
	case tandem.MetricSentiment:
		b.boundTo(-1, 1)
	case tandem.MetricDuration, tandem.MetricCallerHangup:
		high := float64(b.route.MaxCallSeconds)
		if b.cut > 0 {
			high = b.cut
		}
		b.boundTo(0, high)
	}
}

func (b *baseline) boundTo(low, high float64) {
	if b.req.Low == nil && b.req.High == nil && b.req.Kind == tandem.Mean && low < high {
		b.req.Low, b.req.High = &low, &high
	}
}

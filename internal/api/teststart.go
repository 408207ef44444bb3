package api

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tandem"
	"tandem/internal/live"
	"tandem/internal/results"
)

// armRequest is one arm of a test to be.
type armRequest struct {
	Version string   `json:"version,omitempty" doc:"A published version: id, or agent@number; for the first arm the default is the route's live version" example:"front-desk@2"`
	Weight  *float64 `json:"weight,omitempty" minimum:"0" doc:"Percent of calls; given for every arm or for none"`
}

// testRequest is what a started and an imported test have in common.
type testRequest struct {
	Name          string       `json:"name,omitempty"`
	Arms          []armRequest `json:"arms" minItems:"1" maxItems:"10" doc:"In order: A, B, C..."`
	Unit          tandem.Unit  `json:"unit,omitempty" enum:"call,caller" default:"call" doc:"What is randomised: each call, or each caller"`
	Goal          string       `json:"goal,omitempty" maxLength:"2000" doc:"CEL expression over call and fields: when is a call a completion" example:"fields.appointment_booked == true"`
	PrimaryMetric string       `json:"primary_metric,omitempty" default:"completion" doc:"What the test is decided by"`
	tandem.Rules
}

type startTest struct {
	RoutePath
	Body testRequest
}

func (a *api) startTest(ctx context.Context, in *startTest) (*made[tandem.Test], error) {
	route, err := a.route(ctx, in.Route)
	if err != nil {
		return nil, err
	}
	spec, err := a.spec(ctx, route, in.Body, asGiven)
	if err != nil {
		return nil, err
	}
	t, err := tandem.NewTest(route, spec, a.Now())
	if err != nil && len(in.Body.Arms) == 1 { // arm A was filled in: what the rules call arm B is the only one given
		err = refield(err, func(f string) string { return strings.Replace(f, "arms[1]", "arms[0]", 1) })
	}
	if err != nil {
		return nil, err
	}
	return a.addTest(ctx, t)
}

type recordTest struct {
	Body struct {
		Route             string           `json:"route" doc:"Id, phone number or name of the route"`
		Name              string           `json:"name,omitempty"`
		Arms              []armRequest     `json:"arms" minItems:"2" maxItems:"10" doc:"In order: A, B, C... Weights may be shares or numbers of calls: they are scaled to 100"`
		Intended          bool             `json:"intended,omitempty" doc:"The weights are the shares that were intended, which the split is then checked against. Otherwise they are taken for the arms' own counts, and it is not checked"`
		Unit              tandem.Unit      `json:"unit,omitempty" enum:"call,caller" default:"call"`
		Goal              string           `json:"goal,omitempty" maxLength:"2000" example:"fields.success == true"`
		PrimaryMetric     string           `json:"primary_metric,omitempty" default:"completion"`
		Better            tandem.Direction `json:"better,omitempty" enum:"higher,lower" doc:"Which way the primary metric is better; default by metric"`
		EquivalenceMargin float64          `json:"equivalence_margin,omitempty" minimum:"0" doc:"Differences of the primary metric up to this size do not matter, in its unit"`
		StartedAt         time.Time        `json:"started_at,omitzero" doc:"When the experiment began; default: now"`
		EndedAt           time.Time        `json:"ended_at,omitzero" doc:"When it ended; default: now"`
	}
}

func (a *api) recordTest(ctx context.Context, in *recordTest) (*made[tandem.Test], error) {
	b, now := in.Body, a.Now()
	route, err := a.namedRoute(ctx, b.Route)
	if err != nil {
		return nil, err
	}
	spec, err := a.spec(ctx, route, testRequest{
		Name: b.Name, Arms: b.Arms, Unit: b.Unit, Goal: b.Goal, PrimaryMetric: b.PrimaryMetric,
		Rules: tandem.Rules{Better: b.Better, EquivalenceMargin: b.EquivalenceMargin},
	}, toHundred)
	if err != nil {
		return nil, err
	}
	if b.Intended && !slices.ContainsFunc(b.Arms, func(a armRequest) bool { return a.Weight != nil }) {
		return nil, tandem.Errorf(tandem.Invalid, "intended", "is true without weights; expected the share that was intended for each arm")
	}
	started, ended := orNow(b.StartedAt, now), orNow(b.EndedAt, now)
	if ended.Before(started) {
		return nil, tandem.Errorf(tandem.Invalid, "ended_at", "is before started_at")
	}
	t, err := tandem.NewTest(route, spec, started)
	if err != nil {
		return nil, err
	}
	t.Status, t.EndedAt, t.Intended = tandem.Recorded, &ended, b.Intended
	return a.addTest(ctx, t)
}

func orNow(t, now time.Time) time.Time {
	if t.IsZero() {
		return now
	}
	return t.UTC().Truncate(time.Microsecond)
}

func (a *api) addTest(ctx context.Context, t tandem.Test) (*made[tandem.Test], error) {
	if err := a.Store.StartTest(ctx, actor(ctx), t); err != nil {
		return nil, err
	}
	a.inForce(ctx)
	t, err := a.Store.Test(ctx, t.ID)
	if err != nil {
		return nil, err
	}
	a.tell(live.Test, t.ID)
	a.tell(live.Route, t.RouteID)
	return &made[tandem.Test]{Location: "/v1/tests/" + string(t.ID), ETag: etag(t.Revision), Body: t}, nil
}

// spec turns a request into what the domain wants: ids for versions, a weight
// for each arm (through scale), a goal that compiles.
func (a *api) spec(ctx context.Context, route tandem.Route, in testRequest, scale func([]float64) []float64) (tandem.TestSpec, error) {
	spec := tandem.TestSpec{Name: in.Name, Unit: in.Unit, Goal: in.Goal, PrimaryMetric: in.PrimaryMetric, Rules: in.Rules}
	arms := in.Arms
	var errs []error
	at := func(i int) string { return fmt.Sprintf("arms[%d]", max(0, i-(len(arms)-len(in.Arms)))) }
	if len(arms) == 1 {
		arms = slices.Insert(slices.Clone(arms), 0, armRequest{Weight: rest(arms[0].Weight)})
	}
	var fields []tandem.Field
	var defined []results.Definitions
	for i, arm := range arms {
		if arm.Version == "" && i == 0 {
			arm.Version = string(route.LiveVersionID)
		}
		v, err := a.published(ctx, at(i)+".version", arm.Version)
		errs = append(errs, err)
		fields = union(fields, v.Content.Fields)
		defined = append(defined, results.Definitions{Arm: tandem.ArmKey(i), Fields: v.Content.Fields})
		spec.Arms = append(spec.Arms, tandem.ArmSpec{VersionID: v.ID})
	}
	errs = append(errs, weigh(spec.Arms, firstStep(arms, in.Ramp), scale), checkMetric("primary_metric", in.PrimaryMetric, defined))
	for i, g := range in.Guardrails {
		errs = append(errs, checkMetric(fmt.Sprintf("guardrails[%d].metric", i), g.Metric, defined))
	}
	if in.Goal != "" {
		errs = append(errs, results.CheckGoal(in.Goal, fields))
	}
	return spec, errors.Join(errs...)
}

// firstStep gives arms without weights those that a ramp starts with.
func firstStep(arms []armRequest, ramp []tandem.RampStep) []armRequest {
	given := func(a armRequest) bool { return a.Weight != nil }
	if len(ramp) == 0 || len(ramp[0].Weights) != len(arms) || slices.ContainsFunc(arms, given) {
		return arms
	}
	out := slices.Clone(arms)
	for i := range out {
		out[i].Weight = &ramp[0].Weights[i]
	}
	return out
}

// rest is what the other of two arms leaves of 100.
func rest(weight *float64) *float64 {
	if weight == nil {
		return nil
	}
	r := 100 - *weight
	return &r
}

// weigh gives each arm its weight: those asked for, or an equal share where
// none is.
func weigh(out []tandem.ArmSpec, arms []armRequest, scale func([]float64) []float64) error {
	given := 0
	asked := make([]float64, len(arms))
	for i, arm := range arms {
		if arm.Weight != nil {
			given++
			asked[i] = *arm.Weight
		}
	}
	switch given {
	case 0:
		for i := range asked {
			asked[i] = 1
		}
		asked = toHundred(asked)
	case len(arms):
		asked = scale(asked)
	default:
		return tandem.Errorf(tandem.Invalid, "arms", "has a weight for %d of %d arms; give one for each, or none", given, len(arms))
	}
	for i := range out {
		out[i].Weight = asked[i]
	}
	return nil
}

// asGiven keeps weights as they were asked for: those of a test that will run
// have to add up by themselves.
func asGiven(weights []float64) []float64 { return weights }

// union adds the fields that all does not have yet. Where two versions declare
// the same name with different types, both are kept: the goal must be right
// for each.
func union(all, more []tandem.Field) []tandem.Field {
	for _, f := range more {
		same := func(g tandem.Field) bool { return g.Name == f.Name && g.Type == f.Type }
		if !slices.ContainsFunc(all, same) {
			all = append(all, f)
		}
	}
	return all
}

// checkMetric refuses a metric that no conclusion can rest on.
func checkMetric(field, metric string, arms []results.Definitions) error {
	for _, m := range results.Mismatches(arms) {
		if metric == tandem.MetricFieldPrefix+m.Field {
			return tandem.Errorf(tandem.Invalid, field, "is %.80q, which cannot be compared: %s", metric, m.Reason)
		}
	}
	fields := results.CommonFields(arms)
	if metric == "" || results.IsDecidable(metric, fields) {
		return nil
	}
	return tandem.Errorf(tandem.Invalid, field, "is %.80q; expected one of %s", metric, strings.Join(results.Decidable(fields), ", "))
}

package results

import (
	"context"
	"fmt"
	"sync"

	"tandem"
)

// TestSource gives what counting a test's calls needs to know of the test.
type TestSource interface {
	Test(ctx context.Context, id tandem.ID) (tandem.Test, error)
	Version(ctx context.Context, idOrRef string) (tandem.Version, error)
}

// plan is all of a test that counting its calls depends on. Only the goal may
// change once the test runs, which makes another edition.
type plan struct {
	edition int // of the goal
	goal    *goal
	// goalError says why the stored goal cannot be used.
	goalError error
	// arms holds, for each arm by key, what its calls' analysis values are.
	arms map[string]map[string]fieldPlan
	// others serves calls whose arm the test does not have.
	others map[string]fieldPlan
	// fields is the union of the versions' definitions.
	fields []tandem.Field
}

// fieldPlan is an analysis field with the names of its metric and of the count of
// calls that report it as unknown.
type fieldPlan struct {
	tandem.Field
	metric, unknown string
}

func planField(f tandem.Field, metric string) fieldPlan {
	return fieldPlan{Field: f, metric: metric, unknown: tandem.MetricUnknownPrefix + f.Name}
}

// standard holds the standard fields, which every call may report.
var standard = func() map[string]fieldPlan {
	out := map[string]fieldPlan{}
	for _, f := range tandem.StandardFields() {
		out[f.Name] = planField(f, f.Name)
	}
	return out
}()

// plans makes and keeps plans.
type plans struct {
	source TestSource
	byTest sync.Map // tandem.ID -> *plan
}

// of gives the plan of a test. Errors: NotFound.
func (p *plans) of(ctx context.Context, id tandem.ID) (*plan, error) {
	if have, ok := p.byTest.Load(id); ok {
		return have.(*plan), nil
	}
	made, err := p.make(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("test %s: %w", id, err)
	}
	kept, _ := p.byTest.LoadOrStore(id, made) // two at once make the same
	return kept.(*plan), nil
}

// forget has every test asked about again: a goal was changed.
func (p *plans) forget() { p.byTest.Clear() }

func (p *plans) make(ctx context.Context, id tandem.ID) (*plan, error) {
	t, err := p.source.Test(ctx, id)
	if err != nil {
		return nil, err
	}
	out := &plan{edition: t.GoalEdition(), arms: make(map[string]map[string]fieldPlan, len(t.Arms)), others: map[string]fieldPlan{}}
	for _, a := range t.Arms {
		v, err := p.source.Version(ctx, string(a.VersionID))
		if err != nil {
			return nil, fmt.Errorf("version of arm %s: %w", a.Key, err)
		}
		own := map[string]fieldPlan{}
		for _, f := range v.Content.Fields {
			own[f.Name] = planField(f, tandem.MetricFieldPrefix+f.Name)
			out.fields = append(out.fields, f)
			if _, taken := out.others[f.Name]; !taken {
				out.others[f.Name] = own[f.Name]
			}
		}
		out.arms[a.Key] = own
	}
	// What an arm's own version does not define, another's may.
	for _, own := range out.arms {
		for name, f := range out.others {
			if _, defined := own[name]; !defined {
				own[name] = f
			}
		}
	}
	// A goal was checked before its test was stored. Should it fail all the
	// same, no completion is known: calls must go on being counted.
	out.goal, out.goalError = compileGoal(t.Goal, out.fields)
	return out, nil
}

// field gives the definition of an analysis value.
func (p *plan) field(arm, name string) (fieldPlan, bool) {
	own, ok := p.arms[arm]
	if !ok {
		own = p.others
	}
	f, ok := own[name]
	return f, ok
}

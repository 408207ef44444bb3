package topics

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"tandem"
)

var epoch = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// memory is a store of one test in memory.
type memory struct {
	test     tandem.Test
	calls    map[string][]tandem.Call // by arm, in order of ordinals
	said     map[tandem.ID][]tandem.Turn
	grouping *tandem.Grouping
	members  map[string][]tandem.ID // of the attempt under way or done
	steps    []string
	fail     error // of the next KeepGrouping
	most     int   // calls asked for at once
}

func newMemory() *memory {
	return &memory{
		test: tandem.Test{
			ID: "t", Unit: tandem.PerCall, Arms: []tandem.Arm{{Key: "A"}, {Key: "B"}}, Phases: []tandem.Phase{{Number: 1}},
		},
		calls: map[string][]tandem.Call{}, said: map[tandem.ID][]tandem.Turn{},
	}
}

// call adds a call that has ended.
func (m *memory) call(arm string, turns []tandem.Turn, change ...func(*tandem.Call)) *tandem.Call {
	at := epoch.Add(time.Duration(len(m.said)) * time.Second)
	ms := int64(60_000)
	n := len(turns)
	c := tandem.Call{
		ID:       tandem.ID(fmt.Sprintf("call-%05d", len(m.said))),
		Assigned: &tandem.Fact[tandem.Assignment]{Value: tandem.Assignment{TestID: "t", Phase: 1, Arm: arm}, At: at},
		Answered: &tandem.Fact[struct{}]{At: at}, Ended: &tandem.Fact[tandem.Ending]{Value: tandem.Ending{By: tandem.ByCaller, DurationMS: &ms}, At: at},
		Turns: &tandem.Fact[int]{Value: n}, Ordinal: int64(len(m.calls[arm]) + 1),
	}
	for _, f := range change {
		f(&c)
	}
	m.said[c.ID] = turns
	m.calls[arm] = append(m.calls[arm], c)
	return &m.calls[arm][len(m.calls[arm])-1]
}

func (m *memory) Test(_ context.Context, id tandem.ID) (tandem.Test, error) {
	if id != m.test.ID {
		return tandem.Test{}, tandem.Errorf(tandem.NotFound, "", "no test %s", id)
	}
	return m.test, nil
}

func (m *memory) ArmSize(_ context.Context, _ tandem.ID, arm string) (int64, error) {
	return int64(len(m.calls[arm])), nil
}

func (m *memory) CallsAt(_ context.Context, _ tandem.ID, arm string, ordinals []int64) ([]tandem.Call, error) {
	m.most = max(m.most, len(ordinals))
	var out []tandem.Call
	for _, n := range slices.Backward(ordinals) { // no order is promised
		out = append(out, m.calls[arm][n-1])
	}
	return out, nil
}

func (m *memory) Transcripts(_ context.Context, ids []tandem.ID) (map[tandem.ID][]tandem.Turn, error) {
	out := map[tandem.ID][]tandem.Turn{}
	for _, id := range ids {
		out[id] = m.said[id]
	}
	return out, nil
}

func (m *memory) AskGrouping(_ context.Context, id tandem.ID, by tandem.GroupBy, k int, again bool) (tandem.Grouping, error) {
	was := m.grouping
	m.grouping = &tandem.Grouping{TestID: id, By: by, State: tandem.GroupingDue, K: k, Again: again}
	if was != nil && was.By == by {
		m.grouping.Model, m.grouping.Report = was.Model, was.Report
	}
	return *m.grouping, nil
}

func (m *memory) Grouping(_ context.Context, _ tandem.ID, by tandem.GroupBy) (tandem.Grouping, error) {
	if m.grouping == nil || m.grouping.By != by {
		return tandem.Grouping{}, tandem.Errorf(tandem.NotFound, "", "none")
	}
	return *m.grouping, nil
}

func (m *memory) ClaimGrouping(_ context.Context, now time.Time, _ time.Duration) (*tandem.Grouping, error) {
	if m.grouping == nil || m.grouping.State != tandem.GroupingDue || m.grouping.NextAt.After(now) {
		return nil, nil
	}
	m.members = map[string][]tandem.ID{}
	g := *m.grouping
	return &g, nil
}

func (m *memory) KeepGrouping(_ context.Context, g tandem.Grouping, _ time.Time, members []tandem.GroupMember) error {
	if err := m.fail; err != nil {
		m.fail = nil
		return err
	}
	if len(m.steps) == 0 || m.steps[len(m.steps)-1] != g.Progress.Step {
		m.steps = append(m.steps, g.Progress.Step)
	}
	for _, x := range members {
		m.members[x.Group] = append(m.members[x.Group], x.CallID)
	}
	return nil
}

func (m *memory) FinishGrouping(_ context.Context, g tandem.Grouping) error {
	g.State = tandem.GroupingDone
	m.grouping = &g
	return nil
}

func (m *memory) FailGrouping(_ context.Context, _ tandem.Grouping, nextAt time.Time, reason string) error {
	m.grouping.Attempts++
	m.grouping.NextAt, m.grouping.LastError = nextAt, reason
	if nextAt.IsZero() {
		m.grouping.State = tandem.GroupingFailed
	}
	return nil
}

// counter counts what these tests look at.
type counter struct{}

func (counter) Count(_ context.Context, _ tandem.Call, c *tandem.Call) ([]tandem.TallyChange, error) {
	a := c.Assigned.Value
	key := tandem.TallyKey{TestID: a.TestID, Phase: a.Phase, Arm: a.Arm}
	var out []tandem.TallyChange
	say := func(o tandem.Observation) {
		key.Metric = o.Metric
		out = append(out, tandem.TallyChange{Key: key, Add: &o})
	}
	say(tandem.Observation{Metric: tandem.MetricEnded, Kind: tandem.Count})
	say(tandem.Observation{Metric: "cost.EUR", Kind: tandem.Mean, Number: 1})
	if d, known := c.Duration(); known {
		say(tandem.Observation{Metric: tandem.MetricDuration, Kind: tandem.Mean, Number: d.Seconds()})
	}
	yes := func(metric string, is bool) {
		o := tandem.Observation{Metric: metric, Kind: tandem.Proportion}
		if is {
			o.Number = 1
		}
		say(o)
	}
	yes(tandem.MetricTransfer, c.Transferred())
	if c.Goal != nil {
		yes(tandem.MetricCompletion, *c.Goal)
	}
	return out, nil
}

func (m *memory) grouper() *Grouper {
	return NewGrouper(Deps{Store: m, Counter: counter{}, Trouble: everyAgain, Now: func() time.Time { return epoch.Add(24 * time.Hour) }})
}

// everyAgain takes turns that say again for trouble.
func everyAgain(turns []tandem.Turn) []int {
	var out []int
	for i, t := range turns {
		if len(t.Text) >= 6 && t.Text[:6] == "Sorry," {
			out = append(out, i)
		}
	}
	return out
}

// grouped asks and runs, and gives the report.
func (m *memory) grouped(t testing.TB, by tandem.GroupBy, k int, again bool) Report {
	t.Helper()
	if _, err := NewReader(m, everyAgain, nil).Ask(context.Background(), "t", by, k, again); err != nil {
		t.Fatal(err)
	}
	if worked, err := m.grouper().Once(context.Background()); !worked || err != nil {
		t.Fatalf("worked %v, %v", worked, err)
	}
	if m.grouping.State != tandem.GroupingDone {
		t.Fatalf("it is %s: %s", m.grouping.State, m.grouping.LastError)
	}
	var out Report
	if err := json.Unmarshal(m.grouping.Report, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func said(text string) []tandem.Turn {
	return []tandem.Turn{{Role: tandem.RoleAgent, Text: "Hello, how can I help?"}, {Role: tandem.RoleCaller, Text: text}}
}

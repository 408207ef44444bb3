package sample

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem"
)

var epoch = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// memory is a store of one test in memory.
type memory struct {
	test  tandem.Test
	calls map[string][]tandem.Call // by arm, in order of ordinals
	read  int
	group []int64 // ordinals of every arm's calls in the one group
}

func (m *memory) GroupOrdinals(_ context.Context, _ tandem.ID, _, group string) ([]int64, error) {
	if group != "intent.1" {
		return []int64{}, nil
	}
	return m.group, nil
}

func (m *memory) Test(_ context.Context, id tandem.ID) (tandem.Test, error) {
	if id != m.test.ID {
		return tandem.Test{}, tandem.Errorf(tandem.NotFound, "test", "no test %s", id)
	}
	return m.test, nil
}

func (m *memory) ArmSize(_ context.Context, _ tandem.ID, arm string) (int64, error) {
	return int64(len(m.calls[arm])), nil
}

// CallsAt answers in reverse, since no order is promised, and leaves out calls
// without an id: gaps in the ordinals.
func (m *memory) CallsAt(_ context.Context, _ tandem.ID, arm string, ordinals []int64) ([]tandem.Call, error) {
	var out []tandem.Call
	for i := len(ordinals) - 1; i >= 0; i-- {
		if c := m.calls[arm][ordinals[i]-1]; c.ID != "" {
			out = append(out, c)
		}
		m.read++
	}
	return out, nil
}

func (m *memory) Transcript(_ context.Context, id tandem.ID) (tandem.Transcript, error) {
	return tandem.Transcript{CallID: id, Turns: []tandem.Turn{{Role: tandem.RoleAgent, Text: "call " + string(id)}}}, nil
}

func newMemory(perArm int) *memory {
	m := &memory{
		test:  tandem.Test{ID: tandem.NewID(epoch), Arms: []tandem.Arm{{Key: "A", VersionID: "a"}, {Key: "B", VersionID: "b"}}},
		calls: map[string][]tandem.Call{},
	}
	for _, arm := range []string{"A", "B"} {
		for i := range perArm {
			m.calls[arm] = append(m.calls[arm], m.call(arm, i))
		}
	}
	return m
}

// call makes call i of an arm, of which every third met the goal, every second
// has a transcript, every fifth was transferred.
func (m *memory) call(arm string, i int) tandem.Call {
	met := i%3 == 0
	c := tandem.Call{
		ID:       tandem.DeriveCallID("sample-test", fmt.Sprint(arm, i), epoch),
		Assigned: &tandem.Fact[tandem.Assignment]{Value: tandem.Assignment{TestID: m.test.ID, Arm: arm}, At: epoch.Add(time.Duration(i) * time.Second)},
		Ended:    &tandem.Fact[tandem.Ending]{Value: tandem.Ending{By: []tandem.EndedBy{tandem.ByCaller, tandem.ByAgent}[i%2]}},
		Values:   map[string]tandem.Fact[any]{"reason": {Value: []any{"book", "ask", nil}[i%3]}, "amount": {Value: float64(i)}},
		Goal:     &met, Ordinal: int64(i + 1), Revision: 1,
	}
	if i%2 == 0 {
		c.Turns = &tandem.Fact[int]{Value: 1}
	}
	if i%5 == 0 {
		c.Transfer = &tandem.Fact[tandem.Transfer]{Value: tandem.Transfer{State: tandem.TransferCompleted}}
	}
	return c
}

func draw(t testing.TB, m *memory, q Query) Sample {
	t.Helper()
	s, err := NewSampler(m).Sample(context.Background(), m.test.ID, q)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func ordinals(a ArmSample) []int64 {
	out := make([]int64, len(a.Calls))
	for i, c := range a.Calls {
		out[i] = c.Call.Ordinal
	}
	return out
}

func TestTheSameSeedGivesTheSameSampleAndAnotherSeedAnother(t *testing.T) {
	m := newMemory(1000)
	first := draw(t, m, Query{Seed: 7, PerArm: 10})
	if diff := cmp.Diff(first, draw(t, m, Query{Seed: 7, PerArm: 10})); diff != "" {
		t.Errorf("same seed (-first +second):\n%s", diff)
	}
	if cmp.Equal(first.Arms[0], draw(t, m, Query{Seed: 8, PerArm: 10}).Arms[0]) {
		t.Error("seeds 7 and 8 give the same calls")
	}
	if cmp.Equal(ordinals(first.Arms[0]), ordinals(first.Arms[1])) {
		t.Error("both arms give the same ordinals: their draws are not independent")
	}
}

func TestASampleCanBeDrawnAgainAfterMoreCalls(t *testing.T) {
	m := newMemory(300)
	first := draw(t, m, Query{Seed: 7})
	for i := 300; i < 900; i++ {
		m.calls["A"] = append(m.calls["A"], m.call("A", i))
	}
	if diff := cmp.Diff(first, draw(t, m, Query{Seed: 7, AsOf: first.AsOf})); diff != "" {
		t.Errorf("(-first +again):\n%s", diff)
	}
	if first.PerArm != DefaultPerArm || first.AsOf["A"] != 300 {
		t.Errorf("%+v", first)
	}
}

func TestCallsComeWithTheirTranscripts(t *testing.T) {
	s := draw(t, newMemory(100), Query{Seed: 1, PerArm: 20})
	for _, a := range s.Arms {
		for _, c := range a.Calls {
			has := c.Call.HasTranscript()
			if has && (len(c.Turns) != 1 || c.Turns[0].Text != "call "+string(c.Call.ID)) || !has && (c.Turns == nil || len(c.Turns) != 0) {
				t.Errorf("call %d, with transcript %t: %v", c.Call.Ordinal, has, c.Turns)
			}
		}
	}
}

func TestEverySampleIsOfDifferentCallsThatTheFilterKeeps(t *testing.T) {
	m := newMemory(200)
	// Some calls are gaps, some were served by another version.
	for i := range 200 {
		if i%7 == 0 {
			m.calls["B"][i].ID = ""
		}
		if i%11 == 0 {
			m.calls["A"][i].Failover = &tandem.Fact[tandem.Failover]{Value: tandem.Failover{Reason: tandem.ReasonTargetDown}}
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		q := Query{
			Seed: rapid.Uint64().Draw(rt, "seed"), PerArm: rapid.IntRange(1, MaxPerArm).Draw(rt, "per arm"),
			Filter: tandem.CallFilter{
				Goal:          rapid.SampledFrom([]string{"", tandem.GoalMet, tandem.GoalNotMet, tandem.GoalUnknown}).Draw(rt, "goal"),
				EndedBy:       rapid.SampledFrom([]tandem.EndedBy{"", tandem.ByCaller}).Draw(rt, "ended by"),
				Transferred:   rapid.SampledFrom([]*bool{nil, new(bool)}).Draw(rt, "transferred"),
				HasTranscript: rapid.Bool().Draw(rt, "transcript"),
				Arm:           rapid.SampledFrom([]string{"", "B"}).Draw(rt, "arm"),
			},
			AsOf: map[string]int64{"B": rapid.Int64Range(0, 200).Draw(rt, "as of")},
		}
		if rapid.Bool().Draw(rt, "by field") {
			q.Filter.Field, q.Filter.Value = "reason", "book"
		}
		s := draw(t, m, q)
		for _, a := range s.Arms {
			eligible := 0
			for _, c := range m.calls[a.Arm][:s.AsOf[a.Arm]] {
				if c.ID != "" && c.NotRandomised() == "" && q.Filter.Match(c) {
					eligible++
				}
			}
			seen := map[int64]bool{}
			for _, c := range a.Calls {
				if seen[c.Call.Ordinal] || c.Call.Ordinal > s.AsOf[a.Arm] || c.Call.NotRandomised() != "" || !q.Filter.Match(c.Call) {
					rt.Fatalf("arm %s drew %v twice or wrongly", a.Arm, c.Call.Ordinal)
				}
				seen[c.Call.Ordinal] = true
			}
			// The arm is small enough to be searched whole.
			if want := min(q.PerArm, eligible); len(a.Calls) != want || len(a.Calls) < q.PerArm && !a.Exhausted {
				rt.Fatalf("arm %s: %d calls of %d that could be drawn, exhausted %t; want %d", a.Arm, len(a.Calls), eligible, a.Exhausted, want)
			}
		}
		if len(s.Arms) == 0 || q.Filter.Arm == "B" && len(s.Arms) != 1 {
			rt.Fatalf("%d arms", len(s.Arms))
		}
	})
}

func TestEveryEligibleCallIsEquallyLikely(t *testing.T) {
	// 60 calls, of which the filter keeps 20; 5 of them in each of 4,000
	// seeds: each is expected 1,000 times. Chi-squared with 19 degrees of
	// freedom passes 50 with probability 1e-4, and the seeds are fixed.
	m := newMemory(60)
	counts := map[int64]int{}
	const seeds = 4000
	for seed := range uint64(seeds) {
		s := draw(t, m, Query{Seed: seed, PerArm: 5, Filter: tandem.CallFilter{Goal: tandem.GoalMet}})
		for _, o := range ordinals(s.Arms[0]) {
			counts[o]++
		}
	}
	const expected = seeds * 5 / 20.0
	x := 0.0
	for _, n := range counts {
		x += (float64(n) - expected) * (float64(n) - expected) / expected
	}
	if len(counts) != 20 || x > 50 {
		t.Errorf("%d different calls, chi-squared %.1f: %v", len(counts), x, counts)
	}
}

func TestAFilterThatKeepsNothingEndsInTime(t *testing.T) {
	m := newMemory(2*MaxLooked + 7)
	s := draw(t, m, Query{Seed: 1, Filter: tandem.CallFilter{Goal: tandem.GoalUnknown}})
	a := s.Arms[0]
	if a.Looked != MaxLooked || a.Exhausted || len(a.Calls) != 0 || m.read != 2*MaxLooked {
		t.Errorf("looked at %d, exhausted %t, %d calls, %d reads; want %d looked at per arm and no call", a.Looked, a.Exhausted, len(a.Calls), m.read, MaxLooked)
	}
}

func TestAnEmptyArmGivesAnEmptySample(t *testing.T) {
	s := draw(t, newMemory(0), Query{Seed: 1})
	if len(s.Arms) != 2 || len(s.Arms[0].Calls) != 0 || !s.Arms[0].Exhausted {
		t.Errorf("%+v", s)
	}
}

func TestImpossibleQuestionsAreRefused(t *testing.T) {
	m := newMemory(10)
	for name, c := range map[string]struct {
		q     Query
		field string
	}{
		"too many":           {Query{PerArm: MaxPerArm + 1}, "per_arm"},
		"fewer than one":     {Query{PerArm: -1}, "per_arm"},
		"an unknown arm":     {Query{Filter: tandem.CallFilter{Arm: "Z"}}, "arm"},
		"an unknown goal":    {Query{Filter: tandem.CallFilter{Goal: "reached"}}, "goal"},
		"more calls than":    {Query{AsOf: map[string]int64{"A": 11}}, "as_of"},
		"a negative size":    {Query{AsOf: map[string]int64{"A": -1}}, "as_of"},
		"a size of no arm's": {Query{AsOf: map[string]int64{"Z": 1}}, "as_of"},
	} {
		_, err := NewSampler(m).Sample(context.Background(), m.test.ID, c.q)
		e, ok := errors.AsType[*tandem.Error](err)
		if !ok || e.Code != tandem.Invalid || e.Field != c.field {
			t.Errorf("%s: %v; want Invalid, field %s", name, err, c.field)
		}
	}
	if _, err := NewSampler(m).Sample(context.Background(), "nothing", Query{}); tandem.CodeOf(err) != tandem.NotFound {
		t.Errorf("no such test: %v; want NotFound", err)
	}
}

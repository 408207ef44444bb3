package sample

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem"
)

func TestASampleOfAGroupHoldsItsCallsAndNoOthers(t *testing.T) {
	m := newMemory(200)
	m.group = []int64{3, 7, 8, 50, 120, 199}
	draw := func(q Query) Sample {
		t.Helper()
		got, err := NewSampler(m).Sample(context.Background(), m.test.ID, q)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	of := func(s Sample) (out []int64) {
		for _, c := range s.Arms[0].Calls {
			out = append(out, c.Call.Ordinal)
		}
		return out
	}
	all := draw(Query{Seed: 1, PerArm: 50, Filter: tandem.CallFilter{Group: "intent.1"}})
	got := of(all)
	slices.Sort(got)
	if d := cmp.Diff(m.group, got); d != "" || !all.Arms[0].Exhausted || all.Arms[0].Looked != 6 {
		t.Errorf("%s, %+v", d, all.Arms[0])
	}
	few := draw(Query{Seed: 5, PerArm: 2, Filter: tandem.CallFilter{Group: "intent.1"}, AsOf: map[string]int64{"A": 100}})
	again := draw(Query{Seed: 5, PerArm: 2, Filter: tandem.CallFilter{Group: "intent.1"}, AsOf: map[string]int64{"A": 100}})
	if d := cmp.Diff(of(few), of(again)); d != "" || len(of(few)) != 2 || slices.Max(of(few)) > 50 {
		t.Errorf("drew %v, again %v", of(few), of(again))
	}
	if none := draw(Query{Seed: 1, Filter: tandem.CallFilter{Group: "intent.2"}}); len(of(none)) != 0 || !none.Arms[0].Exhausted {
		t.Errorf("a group without calls: %+v", none.Arms[0])
	}
	if _, err := NewSampler(m).Sample(context.Background(), m.test.ID, Query{Filter: tandem.CallFilter{Group: "intent.x"}}); tandem.CodeOf(err) != tandem.Invalid {
		t.Errorf("a key that no group has: %v", err)
	}
}

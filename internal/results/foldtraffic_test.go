package results

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

func TestTrafficCountsEveryCallInAtMostSoManyStretches(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var tr traffic
		at := rapid.Int64Range(0, 4e15).Draw(t, "start")
		var want [3]int64
		for range rapid.IntRange(1, 400).Draw(t, "calls") {
			at += rapid.Int64Range(0, int64(rapid.SampledFrom([]time.Duration{time.Second, time.Hour, 400 * 24 * time.Hour}).Draw(t, "gap")/time.Microsecond)).Draw(t, "after")
			arm := rapid.IntRange(0, 2).Draw(t, "arm")
			tr.add(at, arm, 3)
			want[arm]++
		}
		shown := tr.shown()
		first, last := shown.Stretches[0].At, shown.Stretches[len(shown.Stretches)-1].At
		length := time.Duration(shown.Seconds) * time.Second
		if n := last.Sub(first)/length + 1; n > mostStretches {
			t.Fatalf("%d stretches of %s", n, length)
		}
		if last.UnixMicro() > at || at >= last.Add(length).UnixMicro() {
			t.Fatalf("the last call, at %s, is not in the last stretch, from %s", time.UnixMicro(at).UTC(), last)
		}
		var got [3]int64
		for i, s := range shown.Stretches {
			if s.At.Unix()%shown.Seconds != 0 || i > 0 && !shown.Stretches[i-1].At.Before(s.At) {
				t.Fatalf("stretch %d begins at %s", i, s.At)
			}
			for arm, n := range s.Calls {
				got[arm] += n
			}
		}
		if got != want {
			t.Fatalf("%v calls; want %v", got, want)
		}
		p := &packer{}
		tr.pack(p)
		var back traffic
		u := &unpacker{b: p.b}
		back.unpack(u, 3)
		if diff := cmp.Diff(tr, back, cmp.AllowUnexported(traffic{}, stretch{}), cmpopts.EquateEmpty()); u.err != nil || len(u.b) > 0 || diff != "" {
			t.Fatalf("%v, %d bytes left: %s", u.err, len(u.b), diff)
		}
	})
}

func TestStretchesWidenToLengthsThatPeopleRead(t *testing.T) {
	var tr traffic
	start := time.Date(2026, 5, 4, 9, 30, 0, 0, time.UTC)
	for _, c := range []struct {
		after, length time.Duration
	}{
		{0, time.Minute},
		{199 * time.Minute, time.Minute},
		{200 * time.Minute, 5 * time.Minute},
		{24 * time.Hour, 15 * time.Minute},
		{7 * 24 * time.Hour, time.Hour},
		{21 * 24 * time.Hour, 3 * time.Hour},
		{90 * 24 * time.Hour, 12 * time.Hour},
		{365 * 24 * time.Hour, 48 * time.Hour},
	} {
		tr.add(start.Add(c.after).UnixMicro(), 0, 2)
		if got := time.Duration(tr.seconds) * time.Second; got != c.length {
			t.Errorf("after %s: stretches of %s; want %s", c.after, got, c.length)
		}
	}
}

func TestTrafficIsThatOfTheCoveredCalls(t *testing.T) {
	w := newWorld(t, "fields.booked == true", defaultFields(), defaultFields())
	s := w.folded(t, []outcome{{arm: 0}, {arm: 1}, {arm: 1}, {arm: 0}, {arm: 1}})
	var calls [2]int64
	for _, st := range s.standing().Traffic.Stretches {
		calls[0] += st.Calls[0]
		calls[1] += st.Calls[1]
	}
	if calls != [2]int64{2, 3} {
		t.Errorf("%v calls; want 2 and 3", calls)
	}
}

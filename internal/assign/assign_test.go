package assign

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"tandem"
)

var at = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func callID(i int) tandem.ID { return tandem.DeriveCallID("sip", fmt.Sprint(i), at) }

func TestEveryNodeGivesACallTheSameArm(t *testing.T) {
	a, src := fixture(t, tandem.PerCall, 50)
	other := New(src, slog.New(slog.DiscardHandler)) // another node, or this one after a restart
	if err := other.Reload(context.Background()); err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for i := range 2000 {
		r := Request{Number: "+14155550100", CallID: callID(i), Caller: "+14155550123"}
		one, _ := a.Assign(r)
		two, _ := other.Assign(r)
		if one.Assignment != two.Assignment || one.Version.ID != two.Version.ID {
			t.Fatalf("nodes disagree: %+v, %+v", one.Assignment, two.Assignment)
		}
		counts[one.Assignment.Arm]++
		if p := one.Assignment.Probability; p != 0.5 || one.Assignment.Phase != 1 || one.Assignment.UnitKind != tandem.PerCall {
			t.Fatalf("assignment %+v", one.Assignment)
		}
	}
	if counts["A"] < 890 || counts["A"] > 1110 {
		t.Errorf("arms %v of 2000 calls of one caller at 50/50", counts)
	}
}

func TestAStickyTestKeepsACallerOnOneArmAndAWithheldCallerOnNone(t *testing.T) {
	a, _ := fixture(t, tandem.PerCaller, 50)
	arms := map[string]map[string]bool{}
	for i := range 400 {
		caller := fmt.Sprintf("+1415555%04d", i%20)
		if i%4 == 0 {
			caller = ""
		}
		d, _ := a.Assign(Request{Number: "+14155550100", CallID: callID(i), Caller: caller})
		if want := map[bool]tandem.Unit{true: tandem.PerCall, false: tandem.PerCaller}[caller == ""]; d.Assignment.UnitKind != want {
			t.Fatalf("caller %q is randomised per %s", caller, d.Assignment.UnitKind)
		}
		if arms[caller] == nil {
			arms[caller] = map[string]bool{}
		}
		arms[caller][d.Assignment.Arm] = true
	}
	for caller, seen := range arms {
		if want := map[bool]int{true: 2, false: 1}[caller == ""]; len(seen) != want {
			t.Errorf("caller %q met %d arms, want %d", caller, len(seen), want)
		}
	}
}

func TestWithoutATestTheLiveVersionTakesEveryCall(t *testing.T) {
	a, src := fixture(t, tandem.PerCall, 50)
	src.cfg.Tests, src.cfg.Version = nil, 2
	if err := a.Reload(context.Background()); err != nil {
		t.Fatal(err)
	}
	d, ok := a.Assign(Request{Number: "+14155550100", CallID: callID(1)})
	if !ok || d.Version.ID != src.cfg.Routes[0].LiveVersionID || d.Assignment.TestID != "" || d.Assignment.NotRandomised != "" {
		t.Errorf("%v %+v", ok, d.Assignment)
	}
	if _, ok := a.Assign(Request{Number: "+14155550199"}); ok {
		t.Error("an unknown number was assigned")
	}
	if _, ok := a.Assign(Request{RouteID: src.cfg.Routes[0].ID, CallID: callID(2)}); !ok {
		t.Error("a route is not found by its id")
	}
}

func TestAFullVersionsCallsGoElsewhereAndAreMarked(t *testing.T) {
	for name, tc := range map[string]struct {
		fallback string
		liveFull bool
		version  string // A, B or none
	}{
		"to the live version":                       {"", false, "A"},
		"to the fallback when that is full":         {"sip:fallback@127.0.0.1", true, "none"},
		"to the version drawn when nothing is left": {"", true, "B"},
	} {
		t.Run(name, func(t *testing.T) {
			a, src := fixture(t, tandem.PerCall, 100)
			src.cfg.Routes[0].VersionLimit, src.cfg.Routes[0].FallbackURI, src.cfg.Version = 10, tc.fallback, 2
			live, b := src.cfg.Routes[0].LiveVersionID, src.cfg.Tests[0].Arms[1].VersionID
			src.load = map[tandem.ID]int64{b: 8}
			if tc.liveFull {
				src.load[live] = 10
			}
			if err := a.Reload(context.Background()); err != nil {
				t.Fatal(err)
			}
			for i := range 5 {
				d, _ := a.Assign(Request{Number: "+14155550100", CallID: callID(i)})
				got := "none"
				if d.Version != nil {
					got = map[tandem.ID]string{live: "A", b: "B"}[d.Version.ID]
				}
				want, reason := "B", tandem.Reason("")
				if i >= 2 {
					want, reason = tc.version, tandem.ReasonLimit
				}
				if got != want || d.Assignment.NotRandomised != reason || d.Assignment.Arm != "B" {
					t.Errorf("call %d: version %s, assignment %+v", i, got, d.Assignment)
				}
			}
		})
	}
}

func TestWhileOneArmIsFullNoCallIsRandomised(t *testing.T) {
	a, src := fixture(t, tandem.PerCall, 50)
	src.cfg.Routes[0].VersionLimit, src.cfg.Version = 10, 2
	src.load = map[tandem.ID]int64{src.cfg.Tests[0].Arms[1].VersionID: 10}
	if err := a.Reload(context.Background()); err != nil {
		t.Fatal(err)
	}
	drew := map[string]int{}
	for i := range 9 { // A has room for these
		d, _ := a.Assign(Request{Number: "+14155550100", CallID: callID(i)})
		drew[d.Assignment.Arm]++
		if d.Assignment.NotRandomised != tandem.ReasonLimit || d.Version.ID != src.cfg.Routes[0].LiveVersionID {
			t.Errorf("call %d drew %s: %+v", i, d.Assignment.Arm, d.Assignment)
		}
	}
	if drew["A"] == 0 || drew["B"] == 0 {
		t.Fatalf("drew %v; the example is too small", drew)
	}

	// An arm that draws nothing may be full.
	one, src := fixture(t, tandem.PerCall, 0)
	src.cfg.Routes[0].VersionLimit, src.cfg.Version = 10, 2
	src.load = map[tandem.ID]int64{src.cfg.Tests[0].Arms[1].VersionID: 10}
	if err := one.Reload(context.Background()); err != nil {
		t.Fatal(err)
	}
	if d, _ := one.Assign(Request{Number: "+14155550100", CallID: callID(0)}); d.Assignment.NotRandomised != "" || d.Assignment.Arm != "A" {
		t.Errorf("B draws nothing and is full: %+v", d.Assignment)
	}
}

func TestAChangeElsewhereIsInForceWithinASecondAndSurvivesTheStoreBeingAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, src := fixture(t, tandem.PerCall, 0)
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		go a.Run(ctx)
		arm := func() string {
			d, _ := a.Assign(Request{Number: "+14155550100", CallID: callID(1)})
			return d.Assignment.Arm
		}
		if arm() != "A" {
			t.Fatal("all calls go to A at first")
		}
		tests := []tandem.Test{src.cfg.Tests[0]}
		if err := tests[0].Reweight([]float64{0, 100}, at); err != nil {
			t.Fatal(err)
		}
		src.set(func(s *source) { s.cfg.Tests, s.cfg.Version = tests, 2 })
		time.Sleep(time.Second)
		synctest.Wait()
		if arm() != "B" {
			t.Error("the new split is not in force after a second")
		}
		src.set(func(s *source) { s.err = errors.New("connection refused") })
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if arm() != "B" {
			t.Error("with the store away, the last snapshot is not in force")
		}
	})
}

func TestAnOlderConfigurationNeverReplacesANewer(t *testing.T) {
	a, src := fixture(t, tandem.PerCall, 50)
	src.cfg.Version = 9
	if err := a.Reload(context.Background()); err != nil {
		t.Fatal(err)
	}
	old := &source{cfg: tandem.Config{Version: 3}}
	stale := &Assigner{source: old, log: a.log}
	stale.now.Store(a.now.Load())
	if err := stale.Reload(context.Background()); err != nil {
		t.Fatal(err)
	}
	if _, ok := stale.Assign(Request{Number: "+14155550100"}); !ok {
		t.Error("a slow read of an older configuration took the route away")
	}
}

func TestAssignDoesNotAllocate(t *testing.T) {
	a, _ := fixture(t, tandem.PerCall, 50)
	id := callID(1)
	if n := testing.AllocsPerRun(100, func() { a.Assign(Request{Number: "+14155550100", CallID: id}) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

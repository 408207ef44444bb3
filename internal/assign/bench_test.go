package assign

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"tandem"
)

func BenchmarkAssign(b *testing.B) {
	a, _ := fixture(b, tandem.PerCall, 50)
	id := tandem.NewID(time.Now())
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := a.Assign(Request{Number: "+14155550100", CallID: id, Caller: "+14155550123"}); !ok {
			b.Fatal("no route")
		}
	}
}

type source struct {
	mu   sync.Mutex
	cfg  tandem.Config
	load map[tandem.ID]int64
	err  error
}

// set changes the source while an Assigner may be reading it.
func (s *source) set(change func(*source)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s)
}

func (s *source) Config(context.Context) (tandem.Config, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cfg, s.err
}

func (s *source) ConfigVersion(context.Context) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cfg.Version, s.err
}

func (s *source) InProgress(context.Context) (map[tandem.ID]int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.load, s.err
}

// fixture is one inbound route with a running test of two arms.
func fixture(tb testing.TB, unit tandem.Unit, shareB float64) (*Assigner, *source) {
	tb.Helper()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	versions := map[tandem.ID]tandem.Version{}
	var ids []tandem.ID
	for n := 1; n <= 2; n++ {
		v := tandem.Version{ID: tandem.NewID(now), AgentName: "front-desk", Number: n, Content: tandem.Content{
			Target: tandem.Target{Kind: tandem.TargetSIP, SIP: &tandem.SIPTarget{URI: "sip:agent@127.0.0.1"}},
		}}
		versions[v.ID] = v
		ids = append(ids, v.ID)
	}
	r := tandem.Route{ID: tandem.NewID(now), Kind: tandem.Inbound, Number: "+14155550100", Name: "main", LiveVersionID: ids[0], SIPMode: tandem.Proxy, MaxCallSeconds: 3600}
	t, err := tandem.NewTest(r, tandem.TestSpec{Unit: unit, Arms: []tandem.ArmSpec{{VersionID: ids[0], Weight: 100 - shareB}, {VersionID: ids[1], Weight: shareB}}}, now)
	if err != nil {
		tb.Fatal(err)
	}
	src := &source{cfg: tandem.Config{Version: 1, Routes: []tandem.Route{r}, Tests: []tandem.Test{t}, Versions: versions}}
	a := New(src, slog.New(slog.DiscardHandler))
	if err := a.Reload(context.Background()); err != nil {
		tb.Fatal(err)
	}
	return a, src
}

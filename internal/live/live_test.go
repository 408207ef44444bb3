package live_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"tandem"
	"tandem/internal/live"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestAListenerHearsChangesInOrder(t *testing.T) {
	h := live.New()
	defer h.Close()
	got := h.Subscribe(t.Context())
	for _, k := range []live.Kind{live.Agent, live.Route, live.Test} {
		h.Publish(live.Change{Kind: k, ID: "x"})
	}
	for i, k := range []live.Kind{live.Agent, live.Route, live.Test} {
		if c := <-got; c != (live.Change{Kind: k, ID: "x", Seq: uint64(i + 1)}) {
			t.Errorf("change %d is %+v", i, c)
		}
	}
}

func TestASlowListenerLosesDetailAndBlocksNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := live.New()
		defer h.Close()
		got := h.Subscribe(t.Context())
		for range 1000 {
			h.Publish(live.Change{Kind: live.Results, ID: "a"})
			h.Publish(live.Change{Kind: live.Results, ID: "b"})
		}
		synctest.Wait()
		var heard []live.Change
		for more := true; more; {
			select {
			case c := <-got:
				heard = append(heard, c)
				synctest.Wait()
			default:
				more = false
			}
		}
		// The pump may hold one early change in its hand; the last of each
		// thing always comes.
		if n := len(heard); n < 2 || n > 3 {
			t.Fatalf("heard %d changes, want the newest of each thing and at most one more", n)
		}
		want := []live.Change{{Kind: live.Results, ID: "a", Seq: 1999}, {Kind: live.Results, ID: "b", Seq: 2000}}
		if d := cmp.Diff(want, heard[len(heard)-2:]); d != "" {
			t.Error(d)
		}
	})
}

func TestAListenerFarBehindIsToldToFetchEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := live.New()
		defer h.Close()
		got := h.Subscribe(t.Context())
		for i := range 10_000 {
			h.Publish(live.Change{Kind: live.Results, ID: tandem.ID(fmt.Sprint(i))})
		}
		synctest.Wait()
		var last live.Change
		n := 0
		for more := true; more; {
			select {
			case last = <-got:
				n++
				synctest.Wait()
			default:
				more = false
			}
		}
		if n > 2 || last.Kind != live.Reset || last.Seq != 10_000 {
			t.Errorf("heard %d changes, the last %+v; want one reset at 10000", n, last)
		}
	})
}

func TestResume(t *testing.T) {
	for _, c := range []struct {
		name string
		from uint64
		want []live.Change
	}{
		{"tells what was missed, each thing once", 1, []live.Change{{Kind: live.Route, ID: "r", Seq: 2}, {Kind: live.Results, ID: "t", Seq: 4}, {Kind: live.Config, Seq: 5}}},
		{"tells nothing to who is up to date", 4, []live.Change{{Kind: live.Config, Seq: 5}}},
		{"tells a listener from the future to fetch everything", 99, []live.Change{{Kind: live.Reset, Seq: 4}, {Kind: live.Config, Seq: 5}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := live.New()
				defer h.Close()
				h.Publish(live.Change{Kind: live.Agent, ID: "a"})
				h.Publish(live.Change{Kind: live.Route, ID: "r"})
				h.Publish(live.Change{Kind: live.Results, ID: "t"})
				h.Publish(live.Change{Kind: live.Results, ID: "t"})
				got := h.Resume(t.Context(), c.from)
				synctest.Wait()
				var heard []live.Change
				for range len(c.want) - 1 {
					heard = append(heard, <-got)
				}
				h.Publish(live.Change{Kind: live.Config})
				heard = append(heard, <-got)
				if d := cmp.Diff(c.want, heard); d != "" {
					t.Error(d)
				}
			})
		})
	}
}

func TestSubscriptionsEnd(t *testing.T) {
	for _, c := range []struct {
		name string
		end  func(h *live.Hub, cancel func())
	}{
		{"when the listener leaves", func(_ *live.Hub, cancel func()) { cancel() }},
		{"when the hub closes", func(h *live.Hub, _ func()) { h.Close() }},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := live.New()
			defer h.Close()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			got := h.Subscribe(ctx)
			h.Publish(live.Change{Kind: live.Config})
			c.end(h, cancel)
			for range got { // ends, or the test times out
			}
		})
	}
}

func TestAClosedHubIsQuiet(t *testing.T) {
	h := live.New()
	h.Close()
	h.Publish(live.Change{Kind: live.Config})
	if _, open := <-h.Subscribe(t.Context()); open {
		t.Error("a closed hub told something")
	}
	h.Close()
}

type source struct {
	mu       sync.Mutex
	config   int64
	activity map[tandem.ID]int64
	works    map[tandem.Work]string
	err      error
	looks    int
}

func (s *source) Works(context.Context) (map[tandem.Work]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.works), s.err
}

func (s *source) ConfigVersion(context.Context) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.looks++
	return s.config, s.err
}

func (s *source) Activity(context.Context) (map[tandem.ID]int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[tandem.ID]int64{}
	for k, v := range s.activity {
		out[k] = v
	}
	return out, s.err
}

func (s *source) set(config int64, activity map[tandem.ID]int64, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.config, s.activity, s.err = config, activity, err
}

func (s *source) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.looks
}

func TestWatchTellsWhatOtherNodesDid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := live.New()
		src := &source{config: 7, activity: map[tandem.ID]int64{"t": 3}}
		ctx, cancel := context.WithCancel(t.Context())
		var done sync.WaitGroup
		done.Go(func() { h.Watch(ctx, src, slog.New(slog.DiscardHandler)) })
		defer func() { cancel(); done.Wait(); h.Close() }()

		got := h.Subscribe(ctx)
		time.Sleep(time.Second)
		src.set(8, map[tandem.ID]int64{"t": 3}, nil)
		if c := <-got; c.Kind != live.Config {
			t.Errorf("heard %+v, want config", c)
		}
		src.set(8, map[tandem.ID]int64{"t": 4, "u": 1}, nil)
		ids := map[tandem.ID]bool{}
		for range 2 {
			c := <-got
			ids[c.ID] = c.Kind == live.Results
		}
		if !ids["t"] || !ids["u"] {
			t.Errorf("heard of the results of %v, want t and u", ids)
		}
		src.set(9, nil, errors.New("away"))
		time.Sleep(3 * time.Second)
		src.set(9, map[tandem.ID]int64{"t": 4, "u": 1}, nil)
		if c := <-got; c.Kind != live.Config {
			t.Errorf("heard %+v after the store came back, want config", c)
		}
	})
}

func TestWatchTellsHowWorkInTheBackgroundGetsOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := live.New()
		judging := tandem.Work{Kind: tandem.WorkJudging, TestID: "t"}
		src := &source{config: 7, works: map[tandem.Work]string{judging: "1"}}
		ctx, cancel := context.WithCancel(t.Context())
		var done sync.WaitGroup
		done.Go(func() { h.Watch(ctx, src, slog.New(slog.DiscardHandler)) })
		defer func() { cancel(); done.Wait(); h.Close() }()

		got := h.Subscribe(ctx)
		time.Sleep(time.Second)
		tell := func(w tandem.Work, mark string) {
			src.mu.Lock()
			defer src.mu.Unlock()
			src.works[w] = mark
		}
		tell(judging, "2")
		if c := <-got; c.Kind != live.Judging || c.ID != "t" {
			t.Errorf("heard %+v, want judging of t", c)
		}
		tell(tandem.Work{Kind: tandem.WorkTopics, TestID: "u"}, "")
		time.Sleep(time.Second)
		tell(tandem.Work{Kind: tandem.WorkReanalysis, TestID: "u"}, "x")
		if c := <-got; c.Kind != live.Reanalysis || c.ID != "u" {
			t.Errorf("heard %+v, want reanalysis of u", c)
		}
	})
}

func TestWatchLeavesTheStoreAloneWhileNobodyListens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := live.New()
		src := &source{config: 1}
		ctx, cancel := context.WithCancel(t.Context())
		var done sync.WaitGroup
		done.Go(func() { h.Watch(ctx, src, slog.New(slog.DiscardHandler)) })
		defer func() { cancel(); done.Wait(); h.Close() }()

		time.Sleep(time.Hour)
		if n := src.count(); n != 1 {
			t.Errorf("asked %d times in an hour without listeners, want once", n)
		}
		src.set(2, nil, nil)
		leave, stop := context.WithCancel(ctx)
		if c := <-h.Subscribe(leave); c.Kind != live.Config {
			t.Errorf("the first listener heard %+v, want what moved before", c)
		}
		stop()
		synctest.Wait()
		before := src.count()
		time.Sleep(time.Hour)
		if n := src.count() - before; n > 1 {
			t.Errorf("asked %d times in an hour after the last listener left", n)
		}
	})
}

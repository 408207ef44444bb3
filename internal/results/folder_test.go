package results

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"tandem"
)

// running runs a folder until the test ends and counts what it announces.
type running struct {
	*Folder
	stop    func()
	mu      sync.Mutex
	changes int
}

func (r *running) changed(tandem.ID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.changes++
}

func (r *running) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.changes
}

func run(t *testing.T, w *world, log *slog.Logger) *running {
	t.Helper()
	r := &running{}
	r.Folder = NewFolder(w, log, r.changed)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.Run(ctx)
	}()
	r.stop = func() {
		cancel()
		<-done
	}
	synctest.Wait()
	return r
}

func standingOf(t testing.TB, d *Folder, w *world) Standing {
	t.Helper()
	s, err := d.Standing(context.Background(), w.tests[0])
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// open begins a call at a second of the bubble's time.
func (w *world) open(t testing.TB, n int, arm string) {
	t.Helper()
	e := w.assigned(callID(n), 1, arm)
	e.At = time.Now()
	w.report(t, e)
}

func (w *world) close(t testing.TB, n int, booked any) {
	t.Helper()
	e := ended(callID(n), tandem.ByCaller, 20)
	e.At = time.Now()
	w.report(t, e)
	if booked != nil {
		a := analysis(callID(n), map[string]any{"booked": booked})
		a.At = time.Now()
		w.report(t, a)
	}
}

func TestTheWatermarkStopsAtTheOldestOpenCall(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "fields.booked == true")
		d := run(t, w, quiet())
		defer d.stop()
		covers := func(want int64, why string) {
			t.Helper()
			d.Moved(w.test.ID)
			time.Sleep(2 * time.Second)
			synctest.Wait()
			if s := standingOf(t, d.Folder, w); s.Calls != want || s.Rebuilding {
				t.Fatalf("%s: %d calls folded, rebuilding %v; want %d", why, s.Calls, s.Rebuilding, want)
			}
		}
		for n, arm := range []string{"A", "B", "A", "B", "A", "B"} {
			w.open(t, n, arm)
			time.Sleep(time.Second)
		}
		covers(0, "all are open")
		w.close(t, 1, true)
		w.close(t, 2, true)
		covers(0, "the first is open, whatever the others are")
		w.close(t, 0, true)
		covers(3, "the first three are analysed")
		w.close(t, 3, nil)
		w.close(t, 4, true)
		covers(3, "the fourth has ended and may still be analysed")
		time.Sleep(tandem.AnalysisGrace - 3*time.Second)
		covers(5, "the fourth is not analysed any more; nobody had to say so")
		w.report(t, tandem.Event{CallID: callID(5), Kind: tandem.EventLost, Origin: tandem.OriginReaper, At: time.Now()})
		covers(6, "the last was given up")
		if s := standingOf(t, d.Folder, w); pairOf(t, s, tandem.MetricCompletion, "B").NB != 1 {
			t.Errorf("B has %d completions known; want 1", pairOf(t, s, tandem.MetricCompletion, "B").NB)
		}
		late := analysis(callID(3), map[string]any{"booked": false})
		late.At = time.Now()
		w.report(t, late)
		covers(6, "what comes late is a correction")
		if s := standingOf(t, d.Folder, w); pairOf(t, s, tandem.MetricCompletion, "B").NB != 2 {
			t.Errorf("B has %d completions known after the correction; want 2", pairOf(t, s, tandem.MetricCompletion, "B").NB)
		}
	})
}

func TestSettled(t *testing.T) {
	w := newWorld(t, "fields.booked == true")
	plain := newWorld(t, "call.duration_seconds > 60", []tandem.Field{}, []tandem.Field{})
	asked := newWorld(t, "fields.sentiment > 0.5", []tandem.Field{}, []tandem.Field{})
	assigned := &tandem.Fact[tandem.Assignment]{At: epoch, Value: tandem.Assignment{TestID: w.test.ID, Arm: "A"}}
	end := func(at time.Time, ms int64) *tandem.Fact[tandem.Ending] {
		return &tandem.Fact[tandem.Ending]{At: at, Value: tandem.Ending{DurationMS: &ms}}
	}
	value := map[string]tandem.Fact[any]{"booked": {Value: true}}
	minute := epoch.Add(time.Minute)
	for _, c := range []struct {
		name    string
		w       *world
		call    tandem.Call
		now     time.Time
		settled bool
		from    time.Time
	}{
		{"an open call waits for a report", w, tandem.Call{}, minute, false, time.Time{}},
		{"a lost call is settled", w, tandem.Call{Lost: &tandem.Fact[struct{}]{}}, minute, true, time.Time{}},
		{"an analysed call is settled", w, tandem.Call{Ended: end(minute, 1), Values: value}, minute, true, time.Time{}},
		{"analysis before the end is not enough", w, tandem.Call{Values: value}, minute, false, time.Time{}},
		{"a call that ended may be analysed yet", w, tandem.Call{Ended: end(minute, 1)}, minute, false, minute.Add(tandem.AnalysisGrace)},
		{"and is no longer waited for after the grace", w, tandem.Call{Ended: end(minute, 1)}, minute.Add(tandem.AnalysisGrace), true, minute.Add(tandem.AnalysisGrace)},
		{"nobody answered: there is nothing to analyse", w, tandem.Call{Ended: end(minute, 0)}, minute, true, time.Time{}},
		{"no analysis fields, and a goal that asks for none", plain, tandem.Call{Ended: end(minute, 1)}, minute, true, time.Time{}},
		{"a goal that asks for analysis waits for it", asked, tandem.Call{Ended: end(minute, 1)}, minute, false, minute.Add(tandem.AnalysisGrace)},
		{"a call that something else took is settled at once", w, tandem.Call{Failover: &tandem.Fact[tandem.Failover]{Value: tandem.Failover{Reason: tandem.ReasonTargetDown}}}, minute, true, time.Time{}},
		{
			"a clock that runs a year ahead holds up nobody for long", w,
			tandem.Call{Ended: end(epoch.AddDate(1, 0, 0), 1)},
			minute, false,
			epoch.Add(time.Hour + tandem.LostGrace + tandem.AnalysisGrace),
		},
	} {
		c.call.Assigned = assigned
		settled, from := c.w.frame(t).settled(&c.call, 3600, c.now)
		if settled != c.settled || !from.Equal(c.from) {
			t.Errorf("%s: %v from %v; want %v from %v", c.name, settled, from, c.settled, c.from)
		}
	}
}

func TestAFolderThatNothingMovesDoesNothing(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "")
		d := run(t, w, quiet())
		defer d.stop()
		w.open(t, 0, "A")
		w.close(t, 0, true)
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if s := standingOf(t, d.Folder, w); s.Calls != 1 {
			t.Fatalf("%d calls folded without Moved; want 1, as if another node had taken it", s.Calls)
		}
		reads, changes := w.ledger.reads, d.count()
		time.Sleep(time.Hour)
		synctest.Wait()
		if w.ledger.reads != reads || d.count() != changes || changes == 0 {
			t.Errorf("%d reads and %d changes in a quiet hour; %d changes before", w.ledger.reads-reads, d.count()-changes, changes)
		}
		if s := standingOf(t, d.Folder, w); s.Calls != 1 || w.ledger.reads != reads {
			t.Errorf("answering took %d reads; want none", w.ledger.reads-reads)
		}
	})
}

func TestWhatMovedBeforeTheFirstLookIsFolded(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "")
		w.open(t, 0, "A")
		w.close(t, 0, true)
		d := &running{}
		d.Folder = NewFolder(w, quiet(), nil)
		standingOf(t, d.Folder, w) // asked before Run
		w.open(t, 1, "B")
		w.close(t, 1, true)
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan struct{})
		go func() {
			defer close(done)
			d.Run(ctx)
		}()
		time.Sleep(time.Second)
		synctest.Wait()
		if s := standingOf(t, d.Folder, w); s.Calls != 2 {
			t.Errorf("%d calls folded; want 2", s.Calls)
		}
		cancel()
		<-done
	})
}

func TestCommitsInQuickSuccessionAreFoldedTogether(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "")
		d := run(t, w, quiet())
		defer d.stop()
		for n := range 400 { // 40 seconds
			w.open(t, n, []string{"A", "B"}[n%2])
			w.close(t, n, true)
			d.Moved(w.test.ID)
			time.Sleep(100 * time.Millisecond)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if s := standingOf(t, d.Folder, w); s.Calls != 400 {
			t.Fatalf("%d calls folded; want 400", s.Calls)
		}
		// A commit between a page and its announcement takes a second one.
		if most := 2 * int(42*time.Second/foldPause); w.ledger.announced > most {
			t.Errorf("%d announcements; want at most %d", w.ledger.announced, most)
		}
	})
}

func TestAFolderKeepsWhatItHasWhileTheStoreIsAway(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder
		w := newWorld(t, "")
		d := run(t, w, slog.New(slog.NewTextHandler(&log, nil)))
		defer d.stop()
		w.open(t, 0, "A")
		w.close(t, 0, true)
		time.Sleep(3 * time.Second)
		synctest.Wait()
		w.open(t, 1, "B")
		w.close(t, 1, true)
		w.ledger.mu.Lock()
		w.ledger.away = tandem.Errorf(tandem.Unavailable, "", "the store is away")
		w.ledger.mu.Unlock()
		d.Moved(w.test.ID)
		time.Sleep(time.Minute)
		synctest.Wait()
		if s := standingOf(t, d.Folder, w); s.Calls != 1 {
			t.Errorf("%d calls while the store is away; want 1", s.Calls)
		}
		w.ledger.mu.Lock()
		w.ledger.away = nil
		w.ledger.mu.Unlock()
		time.Sleep(3 * time.Second)
		synctest.Wait()
		if s := standingOf(t, d.Folder, w); s.Calls != 2 {
			t.Errorf("%d calls after the store came back; want 2", s.Calls)
		}
		d.stop()
		if n := strings.Count(log.String(), "level=WARN"); n != 1 {
			t.Errorf("%d warnings; want 1:\n%s", n, log.String())
		}
	})
}

func TestATestThatEndedLongAgoIsReadFromItsCheckpoint(t *testing.T) {
	w := newWorld(t, "fields.booked == true")
	w.load(t, 3000)
	first := NewFolder(w, quiet(), nil)
	want := catchUp(t, first, w)

	w.ledger.reads = 0
	again := NewFolder(w, quiet(), nil)
	s := standingOf(t, again, w)
	if s.Calls != 3000 || s.Rebuilding {
		t.Errorf("%d calls, rebuilding %v; want all 3000 at once", s.Calls, s.Rebuilding)
	}
	if w.ledger.reads > 3 {
		t.Errorf("%d reads; want few, from the checkpoint after 2048 calls", w.ledger.reads)
	}
	if got := catchUp(t, again, w); string(got) != string(want) {
		t.Error("from the checkpoint the bytes are others")
	}
}

func TestALongTestIsFoldedInTheBackground(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	w := newWorld(t, "fields.booked == true")
	w.load(t, 6000)
	synctest.Test(t, func(t *testing.T) {
		d := run(t, w, quiet())
		defer d.stop()
		if s := standingOf(t, d.Folder, w); !s.Rebuilding || s.Calls == 0 || s.Calls == 6000 {
			t.Fatalf("at first %d calls, rebuilding %v; want some, and rebuilding", s.Calls, s.Rebuilding)
		}
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if s := standingOf(t, d.Folder, w); s.Rebuilding || s.Calls != 6000 {
			t.Fatalf("then %d calls, rebuilding %v; want all", s.Calls, s.Rebuilding)
		}
		// A correction of the first call: readers keep what they had meanwhile.
		w.ledger.mu.Lock()
		first := w.inOrder(w.test.ID)[0]
		w.ledger.mu.Unlock()
		late := analysis(first.ID, map[string]any{"booked": !*first.Goal, "sentiment": 0.5})
		late.At = epoch.AddDate(0, 0, 1)
		w.report(t, late)
		d.mu.Lock()
		f := d.tests[w.test.ID]
		d.mu.Unlock()
		f.mu.Lock()
		more, err := d.advance(context.Background(), f, 2)
		f.mu.Unlock()
		if s := standingOf(t, d.Folder, w); err != nil || !more || !s.Rebuilding || s.Calls != 6000 {
			t.Fatalf("while it is made up for: %d calls, rebuilding %v, more %v, %v", s.Calls, s.Rebuilding, more, err)
		}
		d.Moved(w.test.ID)
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if s := standingOf(t, d.Folder, w); s.Rebuilding || s.Calls != 6000 || pairOf(t, s, tandem.MetricSentiment, "B").NA+pairOf(t, s, tandem.MetricSentiment, "B").NB != 1 {
			t.Errorf("after the correction: %d calls, rebuilding %v, pairs %v", s.Calls, s.Rebuilding, metricsOf(s))
		}
	})
}

// load puts calls that are all settled straight into the store, as an import
// long ago would have.
func (w *world) load(t testing.TB, n int) {
	t.Helper()
	calls := benchCalls(w, n)
	for i := range calls {
		delete(calls[i].Values, "sentiment")
		w.calls[calls[i].ID] = calls[i]
		w.order = append(w.order, calls[i].ID)
	}
	w.ledger.of(w.test.ID).sequence = 1
}

func TestTheRoutesLongestCallStaysWhatItWasWhenTheFoldBegan(t *testing.T) {
	w := newWorld(t, "")
	w.route.MaxCallSeconds = 100
	for name := range w.routes {
		w.routes[name] = w.route
	}
	w.tell(t, 1, 1, 1, "A", "", 0.5, true, 500)
	a := newTestFolder(w)
	catchUp(t, a, w)
	w.route.MaxCallSeconds = 1000
	for name := range w.routes {
		w.routes[name] = w.route
	}
	for n := 2; n < 9; n++ {
		w.tell(t, n, n, 1, []string{"A", "B"}[n%2], "", 0.5, true, 500)
	}
	b := newTestFolder(w)
	if got, want := catchUp(t, b, w), catchUp(t, a, w); string(got) != string(want) {
		t.Error("a node that starts after the route changed has other bytes")
	}
	fix := ended(callID(1), tandem.ByAgent, 400) // takes all checkpoints away
	fix.Origin, fix.At = tandem.OriginSIP, epoch.Add(time.Second)
	w.report(t, fix)
	if got, want := catchUp(t, newTestFolder(w), w), catchUp(t, a, w); string(got) != string(want) {
		t.Error("after a correction of the first call they differ")
	}
	f, _ := step(t, a, w)
	if p := pairOf(t, f.state.standing(), tandem.MetricDuration, "B"); f.state.maxSeconds != 100 || p.MeanA != 100 || p.MeanB != 100 {
		t.Errorf("durations up to %d s, means %v and %v; want 100 all along", f.state.maxSeconds, p.MeanA, p.MeanB)
	}
}

func TestACheckpointThatCannotBeReadIsReplaced(t *testing.T) {
	w := newWorld(t, "fields.booked == true")
	w.load(t, 40)
	want := catchUp(t, newTestFolder(w), w)
	l := w.ledger.of(w.test.ID)
	for n, cp := range l.checkpoints {
		cp.State = append([]byte{0}, cp.State[1:]...)
		l.checkpoints[n] = cp
	}
	if got := catchUp(t, newTestFolder(w), w); string(got) != string(want) {
		t.Error("the evidence differs")
	}
	report, err := NewReader(w, nil).Verify(context.Background(), w.test.ID, nil)
	for _, d := range report.Differences {
		if d.What == "evidence" {
			t.Errorf("left behind: %+v", d)
		}
	}
	if err != nil || l.checkpoints[40].State[0] != stateVersion {
		t.Errorf("%v; checkpoint of version %d", err, l.checkpoints[40].State[0])
	}
}

func TestVerifyFindsDamagedEvidence(t *testing.T) {
	damage := map[string]func(l *testLedger){
		"one bit": func(l *testLedger) {
			cp := l.checkpoints[32]
			cp.State = slices.Clone(cp.State)
			cp.State[len(cp.State)/2] ^= 1
			l.checkpoints[32] = cp
		},
		"the place of the last call": func(l *testLedger) {
			cp := l.checkpoints[32]
			cp.Position.At = cp.Position.At.Add(time.Second)
			l.checkpoints[32] = cp
		},
		"more calls than there are": func(l *testLedger) {
			cp := l.checkpoints[40]
			cp.Calls = 44
			l.checkpoints[44] = cp
		},
		"the beginning": func(l *testLedger) {
			cp := l.checkpoints[0]
			cp.State = []byte{stateVersion}
			l.checkpoints[0] = cp
		},
	}
	for name, do := range damage {
		w := newWorld(t, "fields.booked == true")
		w.load(t, 40)
		catchUp(t, newTestFolder(w), w)
		evidence := func() (out []Discrepancy) {
			report, err := NewReader(w, nil).Verify(context.Background(), w.test.ID, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range report.Differences {
				if d.What == "evidence" {
					out = append(out, d)
				}
			}
			return out
		}
		if found := evidence(); len(found) != 0 {
			t.Fatalf("before: %+v", found)
		}
		do(w.ledger.of(w.test.ID))
		if found := evidence(); len(found) != 1 || found[0].TestID != w.test.ID {
			t.Errorf("%s: %+v; want one difference", name, found)
		}
	}
}

func TestVerifySaysWhenEvidenceMovedUnderIt(t *testing.T) {
	w := newWorld(t, "fields.booked == true")
	w.load(t, 40)
	d := newTestFolder(w)
	catchUp(t, d, w)
	v := verification{reader: NewReader(w, nil)}
	n := 0
	var correct func()
	correct = func() {
		n++
		w.ledger.onLedger = nil // not by what the folder reads
		fix := analysis(w.order[3], map[string]any{"sentiment": float64(n%2) / 2})
		fix.At = epoch.Add(time.Duration(n) * time.Hour)
		if err := w.ingest(fix); err != nil {
			t.Error(err)
		}
		catchUp(t, d, w)
		w.ledger.onLedger = correct
	}
	w.ledger.onLedger = correct
	if still, err := v.evidence(context.Background(), w.test); err != nil || still || len(v.report.Differences) != 0 {
		t.Errorf("corrected at each read: compared %v, %v, %+v; want that nothing can be said", still, err, v.report.Differences)
	}
	w.ledger.onLedger = nil
	if still, err := v.evidence(context.Background(), w.test); err != nil || !still || len(v.report.Differences) != 0 {
		t.Errorf("at rest: compared %v, %v, %+v", still, err, v.report.Differences)
	}
}

func TestAPhaseThatBeganMeanwhileIsLearned(t *testing.T) {
	w := newWorld(t, "fields.booked == true")
	w.tell(t, 1, 1, 1, "A", "", 0.5, true, 10)
	d := newTestFolder(w)
	catchUp(t, d, w)
	if err := w.test.Reweight([]float64{10, 90}, epoch.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	w.tests[0] = w.test
	for n := 2; n < 40; n++ {
		w.tell(t, n, 60+n, 2, []string{"A", "B"}[n%2], "", []float64{0.1, 0.9}[n%2], true, 10)
	}
	got := catchUp(t, d, w)
	if want := stateBytes(t, w.scratch(t)); string(got) != string(want) {
		t.Error("the fold did not learn of the new split")
	}
}

func TestCheckpointsGrowSparseWithAge(t *testing.T) {
	kept := map[int64]bool{0: true}
	for k := int64(1); k <= 2000; k++ {
		kept[k] = true
		for _, m := range worn(k) {
			if m <= 0 || m >= k {
				t.Fatalf("after %d, %d is dropped", k, m)
			}
			delete(kept, m)
		}
		for j := int64(1); 2*j <= k; j *= 2 { // some checkpoint in each range back
			found := false
			for m := range kept {
				found = found || m >= k-2*j && m < k
			}
			if !found {
				t.Fatalf("after %d nothing is kept from %d on", k, k-2*j)
			}
		}
	}
	if !kept[0] || len(kept) > 2*11+2 {
		t.Errorf("%d are kept after 2000; want the beginning and two of each power of two: %v", len(kept), kept)
	}
	for _, c := range []struct{ calls, distance int64 }{{1, 1024}, {32_768, 1024}, {65_536, 2048}, {1_000_000, 16_384}} {
		if got := checkpointDistance(c.calls, checkpointEvery); got != c.distance {
			t.Errorf("after %d calls every %d; want %d", c.calls, got, c.distance)
		}
	}
}

func TestEndedTestsLeaveMemoryAndRunningOnesStay(t *testing.T) {
	d := NewFolder(newWorld(t, ""), quiet(), nil)
	for i := range 100 {
		d.enter(tandem.ID(fmt.Sprint(i)), func(f *folding, now time.Time) {
			f.ended, f.used = i%2 == 1, now.Add(time.Duration(i)*time.Millisecond)
		})
	}
	d.enter("idle", func(f *folding, now time.Time) { f.used = now.Add(-2 * idleAfter) })
	d.tidy()
	if d.tests["idle"] != nil || d.tests["1"] != nil || d.tests["0"] == nil || d.tests["99"] == nil || len(d.tests) != 50+keptEnded {
		t.Errorf("%d tests are kept; want 50 that run and the %d ended ones used last", len(d.tests), keptEnded)
	}
}

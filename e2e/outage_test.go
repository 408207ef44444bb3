package e2e

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"tandem/internal/pgtest"
)

// outage is how long PostgreSQL is away; TANDEM_E2E_LONG=1 makes it half a
// minute.
func outage() time.Duration {
	if os.Getenv("TANDEM_E2E_LONG") == "1" {
		return 30 * time.Second
	}
	return 8 * time.Second
}

func TestCallsAreAnsweredAndSplitWhileTheDatabaseIsAwayAndNothingIsMissingAfterwards(t *testing.T) {
	postgres := pgtest.New(t)
	s := newServer(t, postgres.Database(t))
	stop := func() { check(t, postgres.Stop(true)) }
	start := func() { check(t, postgres.Start()) }
	acked, refused := throughAnOutage(t, s, "+14155550107", outage(), stop, start)
	// A reporter may be told of its commit in the moment of the stop.
	if acked > 4 || refused == 0 {
		t.Errorf("%d reports were acknowledged while the database was away and %d refused; want none and some", acked, refused)
	}
}

func TestCallsAreAnsweredAndSplitWhileTheDatabaseHangsAndNothingIsMissingAfterwards(t *testing.T) {
	network, database := throughWire(t, pgtest.Start(t))
	s := newServer(t, database)
	acked, _ := throughAnOutage(t, s, "+14155550112", 8*time.Second, network.dead, network.alive)
	if acked > 4 {
		t.Errorf("%d reports were acknowledged while the database did not answer", acked)
	}
}

func TestCallsAreAnsweredAndSplitWhileTheDiskIsFullAndNothingIsMissingAfterwards(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root, to mount a small disk")
	}
	disk := filepath.Join(t.TempDir(), "disk")
	check(t, os.Mkdir(disk, 0o700))
	if err := syscall.Mount("tandem-e2e", disk, "tmpfs", 0, "size=256m"); err != nil {
		t.Skipf("needs to mount a small disk, which this machine does not allow: %v", err)
	}
	t.Cleanup(func() { check(t, syscall.Unmount(disk, syscall.MNT_DETACH)) })
	filler := filepath.Join(disk, "filler")
	s := newServerIn(t, filepath.Join(disk, "data"), "")
	acked, refused := throughAnOutage(t, s, "+14155550110", 5*time.Second, func() { fill(t, filler) }, func() { check(t, os.Remove(filler)) })
	t.Logf("%d reports fitted into what the database had reserved", acked)
	if refused == 0 {
		t.Error("no report was refused")
	}
}

// fill writes until the disk is full.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	check(t, err)
	defer f.Close()
	for err == nil {
		_, err = f.Write(make([]byte, 4096))
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// throughAnOutage loads the server over SIP and HTTP, takes its store away for
// a while, and checks that no call was refused meanwhile and that every call
// and every acknowledged report is there afterwards. It gives how many reports
// were acknowledged without a store, and how many requests were told to come
// again later.
func throughAnOutage(t *testing.T, s *server, number string, away time.Duration, begin, end func()) (acked, refused int) {
	t.Helper()
	agents := map[string]*sipp{"A": answerWith(t, "agent"), "B": answerWith(t, "agent")}
	a := s.publish("desk", agents["A"].uri("desk"), "A")
	b := s.publish("desk", agents["B"].uri("desk"), "B")
	s.route(number, a, nil)
	running := s.test(number, a, b, 50)

	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	posts := report(ctx, s.client, number, 4)
	seconds := int(away.Seconds()) + 6
	loads := []load{
		{scenario: "caller-leaves", calls: 50 * seconds, rate: 50, hold: 1500},
		{scenario: "agent-leaves", calls: 20 * seconds, rate: 20},
		{scenario: "transfer", calls: 5 * seconds, rate: 5, outcome: "200 OK"},
	}
	callers := make([]*sipp, len(loads))
	placed := 0
	for i, l := range loads {
		callers[i] = place(t, s.sip, number, l)
		placed += l.calls
	}
	answered := func() int { return len(callers[0].collect("got")) }
	eventually(t, "the load is on", func() bool { return answered() >= 100 && posts.count() > 50 })
	begin()
	before, already := answered(), posts.count()
	time.Sleep(away)
	during := answered() - before
	acked = posts.count() - already
	end()
	if during < 25*int(away.Seconds()) {
		t.Errorf("%d calls were answered in the %s without a store, at 50 a second", during, away)
	}
	expected := map[string]told{}
	for i, c := range callers {
		c.finished()
		for id, saw := range c.saw() {
			expected[id] = ending(loads[i], saw)
		}
	}
	if len(expected) != placed {
		t.Errorf("SIPp saw %d calls end, want %d", len(expected), placed)
	}
	stop()
	posts.working.Wait()
	s.settled()
	t.Logf("%d calls answered without a store; %d calls reported over HTTP, %d requests told to come again", during, posts.count(), posts.away)
	if posts.cut > 0 {
		t.Errorf("%d requests got no answer", posts.cut)
	}

	calls := s.calls(url.Values{"test": {running.ID}})
	posts.found(t, calls)
	survived(t, expected, agents, calls, func(string) bool { return false })
	sharesHold(t, calls, 1, 0.5)
	s.stop()
	if n := s.verify(); n != int64(placed+posts.count()) {
		t.Errorf("verify read %d calls, want %d", n, placed+posts.count())
	}
	return acked, posts.away
}

package account

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem"
)

var ctx = context.Background()

func TestAPasswordIsKnownByItsHash(t *testing.T) {
	h, err := hash(ctx, "pässword of mine")
	if err != nil || !strings.HasPrefix(h, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatalf("%q, %v", h, err)
	}
	if again, _ := hash(ctx, "pässword of mine"); again == h {
		t.Error("two hashes have the same salt")
	}
	for name, c := range map[string]struct {
		stored, given string
		good, old     bool
	}{
		"the same":                    {h, "pässword of mine", true, false},
		"the same, in another form":   {h, "pa\u0308ssword of mine", true, false},
		"another":                     {h, "pässword of minE", false, false},
		"nothing":                     {h, "", false, false},
		"far too long":                {h, strings.Repeat("x", 1<<20), false, false},
		"nobody's":                    {"", "pässword of mine", false, false},
		"nobody's, with nothing":      {"", "", false, false},
		"with settings of the past":   {weaker(t, "pässword of mine"), "pässword of mine", true, true},
		"wrong, settings of the past": {weaker(t, "pässword of mine"), "x", false, false},
	} {
		good, old, err := check(ctx, c.stored, c.given)
		if good != c.good || old != c.old || err != nil {
			t.Errorf("%s: good %v, old %v, %v", name, good, old, err)
		}
	}
	for _, bad := range []string{"x", "$argon2id$v=19$m=1,t=0,p=1$c2FsdA$aGFzaA", "$argon2i" + h[9:], h[:len(h)-4], strings.Replace(h, "v=19", "v=16", 1)} {
		if _, _, err := check(ctx, bad, "x"); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func weaker(t *testing.T, password string) string {
	t.Helper()
	was := current
	current = settings{64, 1, 1}
	defer func() { current = was }()
	h, err := hash(ctx, password)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestPasswordsThatAreTriedFirstAreRefused(t *testing.T) {
	for _, bad := range []string{
		"", "short", "123456789", "1234567890", "9876543210", "0123456789", "Password123!", "P@ssw0rd2024", "passwordpassword", "Welcome2026!", "qwertyuiop",
		"aaaaaaaaaaaa", "abcabcabcabc", "abcdefghijkl", "iloveyou12345", "tandem123456", "ann.lee2024", "ann.lee@example.com",
		strings.Repeat("x y", 67), "correct horse battery staple", "bad bytes \xff\xfe\xfd",
	} {
		err := CheckPassword(bad, "ann.lee@example.com")
		if tandem.CodeOf(err) != tandem.Invalid || strings.Contains(err.Error(), bad) && bad != "" && bad != "short" {
			t.Errorf("%.30q: %v", bad, err)
		}
	}
	for _, good := range []string{"staple battery horse", "we!!2387429847293", "ßðæ–øåäöüñ", "tandem bicycle made for two", "1029384756", strings.Repeat("ab cdefg ", 22)} {
		if err := CheckPassword(good, "ann.lee@example.com"); err != nil {
			t.Errorf("%.30q: %v", good, err)
		}
	}
}

func TestAFloodOfSignInsHashesFewAtOnceAndTurnsTheRestAway(t *testing.T) {
	// All slots are taken, so that everybody has to wait in line.
	for range hashesAtOnce {
		hashing.slots <- struct{}{}
		hashing.line <- struct{}{}
	}
	const flood = 200
	gone, leave := context.WithCancel(ctx)
	var waiting sync.WaitGroup
	results := make(chan error, flood)
	for range flood {
		waiting.Go(func() {
			_, err := derive(gone, "x", make([]byte, saltBytes), settings{8, 1, 1})
			results <- err
		})
	}
	away := 0
	for range flood - hashesInLine {
		if tandem.CodeOf(<-results) == tandem.Unavailable {
			away++
		}
	}
	if away != flood-hashesInLine || len(hashing.slots) != hashesAtOnce {
		t.Errorf("%d were turned away, want %d; %d hash", away, flood-hashesInLine, len(hashing.slots))
	}
	leave() // those in line give up
	waiting.Wait()
	for range hashesAtOnce {
		<-hashing.slots
		<-hashing.line
	}
	if _, err := derive(ctx, "x", make([]byte, saltBytes), settings{8, 1, 1}); err != nil {
		t.Error(err)
	}
}

func TestFailuresAreForgottenWithTime(t *testing.T) {
	now := time.Unix(1e9, 0)
	a := newAttempts(accountRate, accountBurst)
	for i := range accountBurst {
		if _, wait := a.begin("ann", now); wait > 0 {
			t.Fatalf("attempt %d waits %v", i, wait)
		}
	}
	if _, wait := a.begin("ann", now); wait != time.Minute {
		t.Errorf("the next waits %v", wait)
	}
	if _, wait := a.begin("bob", now); wait > 0 {
		t.Errorf("another waits %v", wait)
	}
	if _, wait := a.begin("ann", now.Add(time.Minute)); wait > 0 {
		t.Errorf("after a minute it waits %v", wait)
	}
	// What succeeds does not count.
	for range 10 * accountBurst {
		undo, wait := a.begin("carl", now)
		if wait > 0 {
			t.Fatal("what succeeded was counted")
		}
		undo()
	}
}

func TestWhatIsRememberedOfFailuresIsBounded(t *testing.T) {
	now := time.Unix(1e9, 0)
	a := newAttempts(accountRate, accountBurst)
	for i := range 3 * maxCounted {
		a.begin(string(rune(i)), now.Add(time.Duration(i)*time.Millisecond))
	}
	if len(a.by) > maxCounted {
		t.Errorf("%d are remembered", len(a.by))
	}
}

func TestAddressesOfOnePartyCountTogether(t *testing.T) {
	for _, c := range []struct{ a, b string }{
		{"192.0.2.1", "::ffff:192.0.2.1"}, {"2001:db8::1", "2001:db8::ffff:1"}, {"fe80::1%eth0", "fe80::2%eth1"},
	} {
		if network(c.a) != network(c.b) {
			t.Errorf("%s and %s are apart", c.a, c.b)
		}
	}
	if network("192.0.2.1") == network("192.0.2.2") || network("2001:db8::1") == network("2001:db8:0:1::1") {
		t.Error("different parties are counted together")
	}
}

package sip

import (
	"testing"

	"pgregory.net/rapid"
)

// bell is an alarm that notes when it went off.
type bell struct {
	timer
	rang  []tick
	wheel *wheel
}

func (b *bell) due(*worker) { b.rang = append(b.rang, b.wheel.now) }

func TestTimersGoOffWhenTheyAreDue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var wh wheel
		wh.init(tick(rapid.IntRange(0, 1<<40).Draw(t, "start")))
		bells := make([]bell, rapid.IntRange(1, 20).Draw(t, "bells"))
		want := make([]tick, len(bells))
		for i := range bells {
			bells[i].owner, bells[i].wheel = &bells[i], &wh
		}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			i := rapid.IntRange(0, len(bells)-1).Draw(t, "bell")
			switch rapid.IntRange(0, 3).Draw(t, "what") {
			case 0, 1:
				at := wh.now + tick(rapid.IntRange(-5, 3*wheelSlots).Draw(t, "in"))
				wh.set(&bells[i].timer, at)
				want[i] = max(at, wh.now+1)
			case 2:
				bells[i].unlink()
				want[i] = 0
			case 3:
				wh.advance(nil, wh.now+tick(rapid.IntRange(0, 2*wheelSlots).Draw(t, "pass")))
			}
			for i := range bells {
				b := &bells[i]
				switch due := want[i] != 0 && want[i] <= wh.now; {
				case due && (len(b.rang) != 1 || b.rang[0] != want[i]):
					t.Fatalf("bell %d, due at %d, rang at %v", i, want[i], b.rang)
				case !due && len(b.rang) != 0:
					t.Fatalf("bell %d, due at %d, rang at %v", i, want[i], b.rang)
				case due:
					b.rang, want[i] = nil, 0
				}
			}
		}
	})
}

// chain is an alarm that stops the next one and sets itself again.
type chain struct {
	timer
	wheel *wheel
	next  *chain
	n     int
}

func (c *chain) due(*worker) {
	c.n++
	c.next.unlink()
	c.wheel.set(&c.timer, c.wheel.now+1)
}

func TestAnAlarmMayStopAnotherThatIsDueWithIt(t *testing.T) {
	var wh wheel
	wh.init(0)
	a, b := &chain{wheel: &wh}, &chain{wheel: &wh}
	a.next, b.next, a.owner, b.owner = b, a, a, b
	wh.set(&a.timer, 5)
	wh.set(&b.timer, 5)
	wh.advance(nil, 10)
	if a.n != 6 || b.n != 0 {
		t.Errorf("they went off %d and %d times; expected 6 and 0", a.n, b.n)
	}
}

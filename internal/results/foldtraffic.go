package results

import "time"

// mostStretches is how many stretches traffic spans at most: as many as a chart
// can show, and a few kilobytes in a state.
const mostStretches = 200

// stretchLengths are in seconds, each a multiple of the one before; past the last
// they double.
var stretchLengths = [...]int64{60, 5 * 60, 15 * 60, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600}

// traffic counts randomised calls by arm and time of assignment. Calls come in
// the order of that time.
type traffic struct {
	seconds   int64 // 0 before the first call
	stretches []stretch
}

type stretch struct {
	number int64 // since 1970, in lengths
	calls  []int64
}

func (t *traffic) add(at int64, arm, arms int) {
	if t.seconds == 0 {
		t.seconds = stretchLengths[0]
	}
	for len(t.stretches) > 0 && t.number(at)-t.stretches[0].number >= mostStretches {
		t.widen()
	}
	n, number := len(t.stretches), t.number(at)
	if n == 0 || t.stretches[n-1].number != number {
		t.stretches = append(t.stretches, stretch{number, make([]int64, arms)})
		n++
	}
	t.stretches[n-1].calls[arm]++
}

func (t *traffic) number(at int64) int64 { return floorDiv(at, t.seconds*1_000_000) }

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// widen takes the next length.
func (t *traffic) widen() {
	wider := 2 * t.seconds
	for _, s := range stretchLengths {
		if s > t.seconds {
			wider = s
			break
		}
	}
	var out []stretch
	for _, s := range t.stretches {
		s.number = floorDiv(s.number*t.seconds, wider)
		if n := len(out); n > 0 && out[n-1].number == s.number {
			for arm, calls := range s.calls {
				out[n-1].calls[arm] += calls
			}
			continue
		}
		out = append(out, s)
	}
	t.seconds, t.stretches = wider, out
}

// shown shares nothing with the fold.
func (t *traffic) shown() Traffic {
	out := Traffic{Seconds: t.seconds, Stretches: make([]Stretch, 0, len(t.stretches))}
	for _, s := range t.stretches {
		out.Stretches = append(out.Stretches, Stretch{
			At: time.Unix(s.number*t.seconds, 0).UTC(), Calls: append([]int64(nil), s.calls...),
		})
	}
	return out
}

func (t *traffic) pack(p *packer) {
	p.count(t.seconds)
	p.count(int64(len(t.stretches)))
	for _, s := range t.stretches {
		p.signed(s.number)
		for _, calls := range s.calls {
			p.count(calls)
		}
	}
}

func (t *traffic) unpack(u *unpacker, arms int) {
	t.seconds = u.count()
	n := u.length()
	if n > 0 && t.seconds == 0 {
		u.fail()
		return
	}
	for range n {
		s := stretch{u.signed(), make([]int64, arms)}
		for arm := range s.calls {
			s.calls[arm] = u.count()
		}
		t.stretches = append(t.stretches, s)
	}
}

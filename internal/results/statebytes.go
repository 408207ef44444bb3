package results

import (
	"fmt"

	"tandem"
)

// stateVersion is the first byte of a state: the layout and the rules by which
// it was folded. Checkpoints of another version are folded anew.
const stateVersion = 9

// MarshalBinary gives the whole state: a fold that goes on from it comes to the
// same bytes as one that never stopped. The error is that of the evidence's own
// marshalling, which has none.
func (s *state) MarshalBinary() ([]byte, error) {
	p := &packer{b: make([]byte, 0, s.size+s.size/8+1<<12)}
	p.byte(stateVersion)
	p.count(int64(s.maxSeconds))
	p.count(int64(len(s.arms)))
	p.count(s.calls)
	if s.calls > 0 {
		p.signed(s.last.At.UnixMicro())
		p.text(string(s.last.ID))
	}
	p.count(s.randomised)
	p.signed(s.covered)
	s.volume.pack(p)
	s.traffic.pack(p)
	p.count(int64(len(s.phases)))
	for i, number := range s.phases {
		p.signed(int64(number))
		for arm, n := range s.drawn[i] {
			p.count(n)
			s.counts[i][arm].pack(p)
		}
	}
	s.packRatio(p)
	s.apart.pack(p)
	p.count(s.withheld)
	s.packCallers(p)
	for _, sh := range []shelf{s.metrics, s.first} {
		p.count(int64(len(sh)))
		for _, m := range sh.sorted() {
			if err := s.packMetric(p, m); err != nil {
				return nil, err
			}
		}
	}
	for _, m := range s.coverage {
		if err := s.packMetric(p, m); err != nil {
			return nil, err
		}
	}
	s.size = len(p.b)
	return p.b, nil
}

// readState gives the state of a test that MarshalBinary gave.
//
// Errors: errState, wrapped.
func readState(f *frame, raw []byte) (*state, error) {
	u := &unpacker{b: raw}
	if v := u.byte(); v != stateVersion {
		return nil, fmt.Errorf("%w: version %d; expected %d", errState, v, stateVersion)
	}
	s := blankState(f, int(u.count()))
	if arms := u.count(); arms != int64(len(f.arms)) || s.maxSeconds <= 0 {
		return nil, fmt.Errorf("%w: %d arms; expected %d", errState, arms, len(f.arms))
	}
	if s.calls = u.count(); s.calls > 0 {
		s.last = tandem.Position{At: instant(u.signed()), ID: tandem.ID(u.text())}
	}
	s.randomised, s.covered = u.count(), u.signed()
	s.volume.unpack(u)
	s.traffic.unpack(u, len(f.arms))
	for range u.length() {
		s.phases = append(s.phases, int(u.signed()))
		drawn, counts := make([]int64, len(f.arms)), make([]armCounts, len(f.arms))
		for i := range drawn {
			drawn[i] = u.count()
			counts[i].unpack(u)
		}
		s.drawn, s.counts = append(s.drawn, drawn), append(s.counts, counts)
	}
	s.unpackRatio(u)
	s.apart.unpack(u)
	s.withheld = u.count()
	s.unpackCallers(u)
	for i, sh := range []shelf{s.metrics, s.first} {
		for range u.length() {
			m := s.unpackMetric(u, []scope{fullScope, firstScope}[i])
			sh[m.metricKey] = m
		}
	}
	for i := range s.coverage {
		s.coverage[i] = s.unpackMetric(u, gapScope)
	}
	if u.err != nil || len(u.b) > 0 {
		return nil, fmt.Errorf("%w: %d bytes, cut or damaged", errState, len(raw))
	}
	return s, nil
}

func (v *volume) pack(p *packer) {
	p.signed(v.first)
	p.signed(v.last)
	p.count(int64(len(v.days)))
	for _, d := range v.days {
		p.signed(d.day)
		p.count(d.calls)
	}
}

func (v *volume) unpack(u *unpacker) {
	v.first, v.last = u.signed(), u.signed()
	for range u.length() {
		v.days = append(v.days, dayCalls{u.signed(), u.count()})
	}
}

func (s *state) packCallers(p *packer) {
	p.byte(byte(oneIf(s.full)))
	p.count(s.met)
	p.count(int64(len(s.rows)))
	for _, r := range s.rows {
		p.word(r.caller)
		if s.sticky {
			p.count(int64(r.phase))
			p.count(int64(r.arm))
		}
	}
}

func (s *state) unpackCallers(u *unpacker) {
	s.full = u.byte() == 1
	s.met = u.count()
	n := u.length()
	s.rows = make([]callerRow, 0, n)
	s.at = make(map[uint64]int32, n)
	// A caller's rows follow one another in the order in which they were made.
	tail := map[uint64]int32{}
	for i := range n {
		r := callerRow{caller: u.word()}
		if s.sticky {
			r.phase, r.arm = int32(u.count()), int32(u.count())
			if int(r.phase) >= len(s.phases) || int(r.arm) >= len(s.arms) {
				u.fail()
				return
			}
		}
		if _, known := s.at[r.caller]; known {
			before, ok := tail[r.caller]
			if !ok {
				before = s.at[r.caller]
			}
			s.rows[before].next = int32(i)
			tail[r.caller] = int32(i)
		} else {
			s.at[r.caller] = int32(i)
		}
		s.rows = append(s.rows, r)
	}
}

package results

import (
	"crypto/sha256"
	"encoding/binary"

	"tandem"
)

// callers tells callers apart without knowing them: by the first 8 bytes of
// SHA-256(salt, caller). Two of a million share them with a chance of 3 in 10^8.
type callers struct {
	// rows holds each caller, in the order of their first calls; in sticky tests
	// once more for each further phase and arm.
	rows []callerRow
	// at is a caller's first row.
	at map[uint64]int32
	// full: there were too many. Where calls are randomised all are forgotten
	// then, and met says how many there were.
	full bool
	met  int64
}

type callerRow struct {
	caller     uint64
	phase, arm int32
	next       int32 // the caller's next row; 0 for none
}

func newCallers() callers { return callers{at: map[uint64]int32{}} }

// callerHash does not allocate for names of up to 200 bytes.
func callerHash(salt tandem.Salt, caller string) uint64 {
	var buf [256]byte
	in := append(buf[:0], salt[:]...)
	in = append(in, caller...)
	sum := sha256.Sum256(in)
	return binary.BigEndian.Uint64(sum[:8])
}

// meet notes whose call it is. It is false for a call that is left out: one of
// a caller too many, in a sticky test.
func (s *state) meet(a *tandem.Assignment, d *draw) bool {
	if s.sticky {
		return s.meetSticky(a, d)
	}
	d.fresh = true
	s.countDrawn(a, d)
	who := a.Who()
	if who == "" {
		s.withheld++
		d.first = !s.full
		return true
	}
	if s.full {
		return true
	}
	caller := callerHash(s.salt, who)
	if _, known := s.at[caller]; known {
		return true
	}
	if len(s.rows) >= maxCallers {
		s.callers = callers{full: true, met: int64(len(s.rows))}
		s.first = shelf{}
		return true
	}
	s.insert(callerRow{caller: caller})
	s.met++
	d.first = true
	return true
}

// meetSticky finds the row of the caller in this phase and arm. A caller whose
// number is withheld is a caller of their own.
func (s *state) meetSticky(a *tandem.Assignment, d *draw) bool {
	unit := stickyUnit(a)
	if unit == "" {
		s.withheld++
		d.row, d.first, d.fresh = -1, true, true
		s.countDrawn(a, d)
		return true
	}
	caller := callerHash(s.salt, unit)
	row, known := s.at[caller]
	if !known {
		if len(s.rows) >= maxCallers {
			s.full = true
			return false
		}
		d.row, d.first, d.fresh = len(s.rows), true, true
		s.insert(callerRow{caller: caller, phase: int32(d.phase), arm: int32(d.arm)})
		s.met++
		s.countDrawn(a, d)
		return true
	}
	for {
		r := &s.rows[row]
		if int(r.phase) == d.phase && int(r.arm) == d.arm {
			d.row = int(row)
			return true
		}
		if r.next == 0 {
			break
		}
		row = r.next
	}
	if len(s.rows) >= maxCallers {
		s.full = true
		return false
	}
	s.rows[row].next = int32(len(s.rows))
	d.row = len(s.rows)
	s.rows = append(s.rows, callerRow{caller: caller, phase: int32(d.phase), arm: int32(d.arm)})
	return true
}

// stickyUnit gives the caller that a call of a sticky test belongs to; "" when
// the call is a unit of its own. Imported assignments may not say which.
func stickyUnit(a *tandem.Assignment) string {
	switch a.UnitKind {
	case tandem.PerCaller:
		return a.Unit
	case "":
		return a.Who()
	}
	return ""
}

// countDrawn counts a draw: each call, or a caller of a sticky test where they
// first called.
func (s *state) countDrawn(a *tandem.Assignment, d *draw) {
	if a.NotRandomised == "" || drawn(a.NotRandomised) {
		counts := s.drawn[d.phase]
		var all int64
		for _, n := range counts {
			all += n
		}
		s.ratio.Add(s.share(a.Phase, d.arm), counts[d.arm], all)
		counts[d.arm]++
	}
}

func (c *callers) insert(r callerRow) {
	c.at[r.caller] = int32(len(c.rows))
	c.rows = append(c.rows, r)
}

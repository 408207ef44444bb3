package results

// armCounts is what became of one arm's randomised calls that are folded.
type armCounts struct{ calls, ended, analyzed, lost int64 }

func (c *armCounts) add(ended, analyzed, lost bool) {
	c.calls++
	for _, one := range [...]struct {
		n   *int64
		yes bool
	}{{&c.ended, ended}, {&c.analyzed, analyzed}, {&c.lost, lost}} {
		if one.yes {
			*one.n++
		}
	}
}

// apartCounts follows how many calls were not left to chance, and the largest
// share that they had of all so far: later calls do not make good what is in the
// evidence, or missing from it.
type apartCounts struct {
	apart, all           int64
	mostApart, mostOfAll int64
}

func (c *apartCounts) add(apart bool) {
	c.all++
	if apart {
		c.apart++
	}
	if c.all >= leastForShare && c.apart > 0 && (c.mostOfAll == 0 || c.apart*c.mostOfAll > c.mostApart*c.all) {
		c.mostApart, c.mostOfAll = c.apart, c.all
	}
}

// share gives an arm's share of a phase's calls, of 1.
func (s *state) share(phase, arm int) float64 {
	if shares := s.frame.phases[phase]; arm < len(shares) {
		return shares[arm]
	}
	return 0
}

// settledCounts says what became of the calls that are folded, by phase and arm.
func (s *state) settledCounts() []Settled {
	out := make([]Settled, len(s.phases))
	for i, counts := range s.counts {
		out[i] = Settled{Phase: s.phases[i], Arms: make([]SettledCalls, len(counts)), Values: map[string][]int64{}}
		for arm, c := range counts {
			out[i].Arms[arm] = SettledCalls{Calls: c.calls, Ended: c.ended, Analyzed: c.analyzed, Lost: c.lost}
		}
		for _, m := range s.metrics {
			if i >= len(m.cells) || !s.guarded[m.name] {
				continue
			}
			values := make([]int64, len(counts))
			for arm := range values {
				values[arm] = m.cells[i][arm].N
			}
			out[i].Values[m.name] = values
		}
	}
	return out
}

func (c armCounts) pack(p *packer) {
	for _, n := range [...]int64{c.calls, c.ended, c.analyzed, c.lost} {
		p.count(n)
	}
}

func (c *armCounts) unpack(u *unpacker) {
	*c = armCounts{u.count(), u.count(), u.count(), u.count()}
}

func (c apartCounts) pack(p *packer) {
	for _, n := range [...]int64{c.apart, c.all, c.mostApart, c.mostOfAll} {
		p.count(n)
	}
}

func (c *apartCounts) unpack(u *unpacker) {
	*c = apartCounts{u.count(), u.count(), u.count(), u.count()}
}

func (s *state) packRatio(p *packer) {
	p.byte(byte(oneIf(s.ratio.Impossible)))
	p.float(s.ratio.Now.Mantissa)
	p.signed(s.ratio.Now.Exponent)
	p.float(s.ratio.Most.Mantissa)
	p.signed(s.ratio.Most.Exponent)
}

func (s *state) unpackRatio(u *unpacker) {
	s.ratio.Impossible = u.byte() == 1
	s.ratio.Now.Mantissa, s.ratio.Now.Exponent = u.float(), u.signed()
	s.ratio.Most.Mantissa, s.ratio.Most.Exponent = u.float(), u.signed()
}

func (s since) pack(p *packer) {
	p.count(s.calls)
	if s.calls > 0 {
		p.signed(s.at)
	}
}

func (s *since) unpack(u *unpacker) {
	if s.calls = u.count(); s.calls > 0 {
		s.at = u.signed()
	}
}

package results

import (
	"tandem"
	"tandem/internal/stats"
)

// packMetric appends a metric. How many arms, pairs and phases there are is
// known by then.
func (s *state) packMetric(p *packer, m *metricState) error {
	p.text(m.name)
	p.text(string(m.kind))
	p.count(m.n)
	if m.cut {
		p.float(m.most)
	}
	if m.kind == tandem.Mean {
		p.float(m.extremes.Low)
		p.float(m.extremes.High)
	}
	p.count(int64(len(m.cells)))
	for _, phase := range m.cells {
		for _, c := range phase {
			packNumbers(p, c, m.kind)
		}
	}
	p.count(int64(len(m.clusters)))
	for _, phase := range m.clusters {
		for _, c := range phase {
			packClusters(p, c, m.kind)
		}
	}
	p.count(int64(len(m.rows)))
	for _, r := range m.rows {
		packTotal(p, r, m.kind)
	}
	for _, h := range m.health {
		h.pack(p)
	}
	for x := range m.pairs {
		if err := m.pairs[x].pack(p); err != nil {
			return err
		}
	}
	if m.whole == nil {
		return nil
	}
	raw, err := m.whole.MarshalBinary()
	p.block(raw)
	return err
}

func (s *state) unpackMetric(u *unpacker, sc scope) *metricState {
	key := metricKey{name: u.text(), kind: tandem.MetricKind(u.text())}
	m := s.blankMetric(key, sc)
	m.n = u.count()
	if m.cut {
		m.most = u.float()
	}
	if m.kind == tandem.Mean {
		m.extremes = stats.Interval{Low: u.float(), High: u.float()}
	}
	for range u.length() {
		phase := make([]stats.Numbers, len(s.arms))
		for i := range phase {
			phase[i] = unpackNumbers(u, m.kind)
		}
		m.cells = append(m.cells, phase)
	}
	for range u.length() {
		phase := make([]stats.SkewedClusters, len(s.arms))
		for i := range phase {
			phase[i] = unpackClusters(u, m.kind)
		}
		m.clusters = append(m.clusters, phase)
	}
	m.rows = make([]callerTotal, u.length())
	for i := range m.rows {
		m.rows[i] = unpackTotal(u, m.kind)
	}
	for i := range m.health {
		m.health[i].unpack(u)
	}
	for x := range m.pairs {
		m.pairs[x].unpack(u, m.betting(s.sticky), m.logged(s.sticky))
		if u.err == nil {
			s.relearn(m, x+1)
		}
	}
	if m.hasWhole(len(s.arms)) {
		m.whole = &stats.Categorical{}
		if raw := u.block(); u.err == nil && m.whole.UnmarshalBinary(raw) != nil {
			u.fail()
		}
	}
	if max(len(m.cells), len(m.clusters)) > len(s.phases) || len(m.rows) > len(s.rows) {
		u.fail()
	}
	return m
}

// packNumbers leaves out what only averages need.
func packNumbers(p *packer, m stats.Numbers, kind tandem.MetricKind) {
	p.count(m.N)
	p.float(m.Mean)
	p.float(m.M2)
	if kind == tandem.Mean {
		p.float(m.M3)
	}
}

func unpackNumbers(u *unpacker, kind tandem.MetricKind) stats.Numbers {
	m := stats.Numbers{N: u.count(), Mean: u.float(), M2: u.float()}
	if kind == tandem.Mean {
		m.M3 = u.float()
	}
	return m
}

func packClusters(p *packer, c stats.SkewedClusters, kind tandem.MetricKind) {
	p.count(c.N)
	for _, x := range [...]float64{c.Origin, c.Excess, c.Size, c.EE, c.ES, c.SS} {
		p.float(x)
	}
	if kind == tandem.Mean {
		for _, x := range [...]float64{c.EEE, c.EES, c.ESS, c.SSS} {
			p.float(x)
		}
	}
}

func unpackClusters(u *unpacker, kind tandem.MetricKind) (c stats.SkewedClusters) {
	c.Clusters = stats.Clusters{
		N: u.count(), Origin: u.float(), Excess: u.float(), Size: u.float(), EE: u.float(), ES: u.float(), SS: u.float(),
	}
	if kind == tandem.Mean {
		c.EEE, c.EES, c.ESS, c.SSS = u.float(), u.float(), u.float(), u.float()
	}
	return c
}

// packTotal takes a byte where a caller said nothing, two for a share.
func packTotal(p *packer, t callerTotal, kind tandem.MetricKind) {
	p.count(t.n)
	switch {
	case t.n == 0:
	case kind == tandem.Proportion:
		p.count(int64(t.sum))
	default:
		p.float(t.sum)
	}
}

func unpackTotal(u *unpacker, kind tandem.MetricKind) callerTotal {
	t := callerTotal{n: u.count()}
	switch {
	case t.n == 0:
	case kind == tandem.Proportion:
		t.sum = float64(u.count())
	default:
		t.sum = u.float()
	}
	return t
}

func (h *armHealth) pack(p *packer) {
	p.count(h.n)
	p.float(h.low)
	p.float(h.high)
	p.count(h.run)
	p.float(h.value)
	p.count(h.before)
	p.count(h.ones)
	p.float(h.chance)
	p.count(h.worst)
	p.float(h.worstValue)
}

func (h *armHealth) unpack(u *unpacker) {
	*h = armHealth{
		n: u.count(), low: u.float(), high: u.float(), run: u.count(), value: u.float(), before: u.count(), ones: u.count(),
		chance: u.float(), worst: u.count(), worstValue: u.float(),
	}
}

func (p *pairState) pack(to *packer) error {
	for _, b := range [...]*stats.Bet{p.bet, p.log} {
		if b == nil {
			continue
		}
		raw, err := b.MarshalBinary()
		if err != nil {
			return err
		}
		to.block(raw)
	}
	for _, l := range [...]*least{&p.asymptotic, &p.planned} {
		to.count(l.n)
		if l.n > 0 {
			to.float(l.z)
		}
	}
	for _, s := range [...]since{p.betSince, p.asymptoticSince, p.plannedSince} {
		s.pack(to)
	}
	to.count(p.track.looks)
	to.count(p.track.stride)
	to.count(int64(len(p.track.points)))
	for _, t := range p.track.points {
		to.signed(t.at)
		to.count(t.n)
		to.count(t.clock)
		to.float(t.value)
		to.float(t.se)
		to.float(t.skew)
	}
	return nil
}

func (p *pairState) unpack(u *unpacker, bets, logged bool) {
	if bets {
		p.bet = unpackBet(u)
	}
	if logged {
		p.log = unpackBet(u)
	}
	for _, l := range [...]*least{&p.asymptotic, &p.planned} {
		if l.n = u.count(); l.n > 0 {
			l.z = u.float()
		}
	}
	for _, s := range [...]*since{&p.betSince, &p.asymptoticSince, &p.plannedSince} {
		s.unpack(u)
	}
	p.track.looks, p.track.stride = u.count(), u.count()
	n := u.length()
	if n >= trackLength {
		u.fail()
		return
	}
	if n == 0 {
		return
	}
	p.track.points = make([]trackPoint, 0, trackLength)
	for range n {
		p.track.points = append(p.track.points, trackPoint{at: u.signed(), n: u.count(), clock: u.count(), value: u.float(), se: u.float(), skew: u.float()})
	}
}

func unpackBet(u *unpacker) *stats.Bet {
	b := &stats.Bet{}
	if raw := u.block(); u.err == nil && b.UnmarshalBinary(raw) != nil {
		u.fail()
	}
	return b
}

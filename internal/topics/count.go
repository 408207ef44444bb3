package topics

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"tandem"
)

// typicalCalls is how many calls nearest to a group's middle are named.
const typicalCalls = 3

// count is what the calls of a test say, by group, phase, arm and metric. It grows
// with the number of groups, not with that of calls.
type count struct {
	*run
	tallies map[string]map[tandem.TallyKey]*tandem.Tally // by key of a group
	phases  map[int]bool
	typical [][]near // by group of the model, the nearest first

	calls, silent, grouped int64
	coversTo               time.Time
}

// near is a call and how much it is like its group.
type near struct {
	id     tandem.ID
	cosine float64
}

// everybody is the key of all calls, and outside gives that of the calls known not
// to be in a situation.
const everybody = ""

func outside(situation string) string { return "not " + situation }

func newCount(r *run) *count {
	c := &count{run: r, tallies: map[string]map[tandem.TallyKey]*tandem.Tally{}, phases: map[int]bool{}}
	if r.model != nil {
		c.typical = make([][]near, len(r.model.Groups))
	}
	return c
}

// add counts a call and gives the keys of the groups it is in.
func (n *count) add(ctx context.Context, c *heard) ([]string, error) {
	says, err := n.Counter.Count(ctx, tandem.Call{}, &c.Call)
	if err != nil {
		return nil, fmt.Errorf("call %s: %w", c.ID, err)
	}
	n.calls++
	a := c.Assigned
	n.phases[a.Value.Phase] = true
	if a.At.After(n.coversTo) {
		n.coversTo = a.At
	}
	n.tally(everybody, says)
	var in []string
	if key := n.join(c); key != "" {
		in = append(in, key)
	}
	for _, s := range situations {
		switch is, known := s.in(&c.Call, c.turns); {
		case known && is:
			in = append(in, s.key)
		case known:
			n.tally(outside(s.key), says)
		}
	}
	for _, key := range in {
		n.tally(key, says)
	}
	return in, nil
}

// join gives the key of the group that a call is most like, or nothing.
func (n *count) join(c *heard) string {
	text := n.text(c.turns)
	if text == "" {
		n.silent++
		return ""
	}
	if n.model == nil {
		return ""
	}
	g, cosine := n.model.group(text)
	if g < 0 {
		return ""
	}
	n.grouped++
	n.typical[g] = append(n.typical[g], near{c.ID, cosine})
	slices.SortFunc(n.typical[g], func(a, b near) int { return cmp.Or(cmp.Compare(b.cosine, a.cosine), cmp.Compare(a.id, b.id)) })
	n.typical[g] = n.typical[g][:min(len(n.typical[g]), typicalCalls)]
	return n.key(g)
}

func (n *count) tally(key string, says []tandem.TallyChange) {
	cells := n.tallies[key]
	if cells == nil {
		cells = map[tandem.TallyKey]*tandem.Tally{}
		n.tallies[key] = cells
	}
	for _, ch := range says {
		if !counted(ch.Key.Metric) {
			continue
		}
		if cells[ch.Key] == nil {
			cells[ch.Key] = &tandem.Tally{}
		}
		cells[ch.Key].Change(ch)
	}
}

// at gives a cell, empty where nobody said anything.
func (n *count) at(key string, phase int, arm, metric string) tandem.Tally {
	if t := n.tallies[key][tandem.TallyKey{TestID: n.g.TestID, Phase: phase, Arm: arm, Metric: metric}]; t != nil {
		return *t
	}
	return tandem.Tally{}
}

// total adds up the phases of an arm.
func (n *count) total(key, arm, metric string) tandem.Tally {
	var out tandem.Tally
	for _, phase := range n.inOrder() {
		out.Merge(n.at(key, phase, arm, metric))
	}
	return out
}

// ended is how many calls of a group have ended, over all arms.
func (n *count) ended(key string) (calls int64) {
	for _, a := range n.test.Arms {
		calls += n.total(key, a.Key, tandem.MetricEnded).N
	}
	return calls
}

// inOrder lists the phases.
func (n *count) inOrder() []int {
	out := make([]int, 0, len(n.phases))
	for phase := range n.phases {
		out = append(out, phase)
	}
	slices.Sort(out)
	return out
}

package topics

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"tandem"
	"tandem/internal/analyze/dialogue"
	"tandem/internal/corpus"
)

type recordedCall struct {
	ID   string
	Arm  struct{ Acoustic string }
	Task struct {
		Services, Intents []string
	}
	Turns []tandem.Turn
}

// purity is the share of calls that bear the commonest label of their group.
func purity(of []int, labels []string) float64 {
	in := map[int]map[string]int{}
	for i, g := range of {
		if in[g] == nil {
			in[g] = map[string]int{}
		}
		in[g][labels[i]]++
	}
	total := 0
	for _, n := range in {
		most := 0
		for _, k := range n {
			most = max(most, k)
		}
		total += most
	}
	return float64(total) / float64(len(of))
}

// nmi is the normalised mutual information, with the average of the entropies.
func nmi(of []int, labels []string) float64 {
	n := float64(len(of))
	joint, a, b := map[string]float64{}, map[string]float64{}, map[string]float64{}
	for i, g := range of {
		joint[fmt.Sprint(g, " ", labels[i])] += 1 / n
		a[fmt.Sprint(g)] += 1 / n
		b[labels[i]] += 1 / n
	}
	entropy := func(p map[string]float64) (h float64) {
		for _, x := range p {
			h -= x * math.Log(x)
		}
		return h
	}
	ha, hb := entropy(a), entropy(b)
	return 2 * (ha + hb - entropy(joint)) / (ha + hb)
}

// TestRecordedCallsAreGroupedByTheirService groups the recorded dialogues of one
// service each, whose words the recordings label.
func TestRecordedCallsAreGroupedByTheirService(t *testing.T) {
	m := newMemory()
	var service, intent []string
	for i, c := range slices.Collect(corpus.All[recordedCall](t, "calls/sgd.jsonl.gz")) {
		if len(c.Task.Services) != 1 {
			continue
		}
		m.call(string("AB"[i%2]), c.Turns)
		name, _, _ := strings.Cut(c.Task.Services[0], "_")
		service, intent = append(service, name), append(intent, strings.Join(c.Task.Intents, "+"))
	}
	for _, c := range []struct {
		k                     int
		purity, nmi, byIntent float64 // at least
	}{{0, 0.8, 0.85, 0.75}, {16, 0.85, 0.85, 0.75}} {
		r := m.grouped(t, tandem.ByIntent, c.k, true)
		of := make([]int, len(service))
		for g, group := range r.Groups {
			for _, id := range m.members[group.Key] {
				of[number5(id)] = g
			}
		}
		p, n, byIntent := purity(of, service), nmi(of, service), nmi(of, intent)
		t.Logf("%d calls, %d words, %d groups, %d without: purity %.3f and NMI %.3f against the service (%d), NMI %.3f against the intents (%d)",
			r.Calls, r.Fit.Words, r.Fit.K, r.Calls-r.Grouped, p, n, kinds(service), byIntent, kinds(intent))
		for _, g := range r.Groups {
			t.Logf("  %4d %v", g.Calls, g.Terms)
		}
		if p < c.purity || n < c.nmi || byIntent < c.byIntent || r.Grouped < r.Calls*99/100 {
			t.Errorf("at least purity %v, NMI %v and %v were wanted, and hardly any call without a group", c.purity, c.nmi, c.byIntent)
		}
	}
}

// number5 is the index of a call in the order in which a memory got them.
func number5(id tandem.ID) (n int) {
	_, _ = fmt.Sscanf(string(id), "call-%d", &n)
	return n
}

func kinds(labels []string) int {
	seen := map[string]bool{}
	for _, l := range labels {
		seen[l] = true
	}
	return len(seen)
}

// TestABadRecogniserShowsInTheGroups takes the two recognisers of the recorded
// telephone calls for the arms.
func TestABadRecogniserShowsInTheGroups(t *testing.T) {
	m := newMemory()
	for c := range corpus.All[recordedCall](t, "calls/dstc2.train.jsonl.gz") {
		arm := "A"
		if c.Arm.Acoustic == "degraded" {
			arm = "B"
		}
		m.call(arm, c.Turns, func(call *tandem.Call) { call.Conversation = dialogue.Measure(c.Turns) })
	}
	g := m.grouper()
	g.Trouble = dialogue.Trouble
	if _, err := m.AskGrouping(t.Context(), "t", tandem.ByFailure, 0, true); err != nil {
		t.Fatal(err)
	}
	if _, err := g.Once(t.Context()); err != nil {
		t.Fatal(err)
	}
	read, err := NewReader(m, dialogue.Trouble, nil).Topics(t.Context(), "t", tandem.ByFailure)
	if err != nil || read.Report == nil {
		t.Fatalf("%v, %+v", err, read.Grouping)
	}
	r := read.Report
	t.Logf("%d calls, %d with trouble, %d groups of %d words", r.Calls, r.Calls-r.Silent, r.Fit.K, r.Fit.Words)
	for _, g := range append(r.Groups, r.Situations...) {
		a, b, d := g.Share.Arms[0], g.Share.Arms[1], g.Share.Against[0]
		t.Logf("  %-28s %5d  optimised %.3f  degraded %.3f  adjusted p %.2g  %v", g.Key, g.Calls, *a.Value, *b.Value, *d.Adjusted, g.Terms)
	}
	repeated := r.Situations[slices.IndexFunc(r.Situations, func(g Group) bool { return g.Key == "situation.repeated_prompt" })].Share.Against[0]
	if *repeated.Value <= 0 || *repeated.Adjusted > 1e-3 {
		t.Errorf("a degraded recogniser repeats prompts more often by %v, adjusted p %v", *repeated.Value, *repeated.Adjusted)
	}
	if len(r.Groups) < 2 || r.Grouped < (r.Calls-r.Silent)*95/100 {
		t.Errorf("%d groups hold %d of %d calls with trouble", len(r.Groups), r.Grouped, r.Calls-r.Silent)
	}
}

package topics

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem"
)

var wants = []string{
	"I would like to reserve a table for dinner at the restaurant",
	"my invoice is wrong and I want a refund of the payment",
	"please cancel the flight ticket to the airport",
}

// restaurant fills a store with n calls of each want, half in each arm, whose goal is
// met by chance of met(want, arm) in every ten.
func restaurant(n int, met func(want int, arm string) int) *memory {
	m := newMemory()
	for i := range n {
		for want, text := range wants {
			arm := string("AB"[i%2])
			yes := i/2%10 < met(want, arm)
			m.call(arm, said(fmt.Sprintf("%s, number %d", text, i)), func(c *tandem.Call) { c.Goal = &yes })
		}
	}
	return m
}

func TestCallsAreGroupedByWhatCallersWant(t *testing.T) {
	m := restaurant(40, func(int, string) int { return 5 })
	r := m.grouped(t, tandem.ByIntent, 0, false)
	if len(r.Groups) != 3 || r.Calls != 120 || r.Grouped != 120 || r.Silent != 0 || r.Fit.K != 3 || len(r.Fit.Tried) == 0 {
		t.Fatalf("%d groups of %d calls, fit %+v", len(r.Groups), r.Grouped, r.Fit)
	}
	for _, g := range r.Groups {
		if g.Calls != 40 || len(m.members[g.Key]) != 40 || len(g.Typical) != typicalCalls || len(g.Terms) == 0 || g.Name == "" {
			t.Errorf("%+v with %d members", g, len(m.members[g.Key]))
		}
		seen := map[string]bool{}
		for _, id := range m.members[g.Key] {
			seen[strings.Split(m.said[id][1].Text, ",")[0]] = true
		}
		if len(seen) != 1 {
			t.Errorf("%s holds calls of %d kinds", g.Key, len(seen))
		}
		if strings.ContainsAny(strings.Join(g.Terms, ""), "0123456789") {
			t.Errorf("numbers tell nothing: %v", g.Terms)
		}
	}
	if d := cmp.Diff([]string{stepReading, stepGrouping, stepCounting}, m.steps); d != "" {
		t.Error(d)
	}
	if m.most > batch {
		t.Errorf("%d calls were read at once", m.most)
	}
}

func TestADifferenceThatDiffersAmongGroupsIsShownAsExploratory(t *testing.T) {
	m := restaurant(200, func(want int, arm string) int {
		switch {
		case want == 0 && arm == "B":
			return 9
		case want == 1 && arm == "B":
			return 2
		}
		return 5
	})
	r := m.grouped(t, tandem.ByIntent, 3, false)
	if !strings.HasPrefix(r.Label, "Exploratory") || r.Fit.Tried != nil {
		t.Errorf("label %q, tried %v", r.Label, r.Fit.Tried)
	}
	var got []string
	for _, g := range r.Groups {
		c := g.Metrics[0]
		if c.Name != tandem.MetricCompletion || len(c.Arms) != 2 || c.Arms[0].N != 100 || c.Arms[0].Interval == nil {
			t.Fatalf("%+v", c)
		}
		d := c.Against[0]
		got = append(got, fmt.Sprintf("%+.1f", *d.Value))
		if !(d.Interval.Low < *d.Value && *d.Value < d.Interval.High) || *d.Adjusted < *d.P {
			t.Errorf("%+v", d)
		}
	}
	slices.Sort(got)
	if d := cmp.Diff([]string{"+0.0", "+0.4", "-0.3"}, got); d != "" {
		t.Error(d)
	}
	i := r.Interactions[slices.IndexFunc(r.Interactions, func(i Interaction) bool { return i.Metric == tandem.MetricCompletion })]
	if i.Groups != 3 || i.P == nil || *i.P > 1e-6 || *i.Adjusted < *i.P || len(i.LeftOut) != 0 {
		t.Errorf("%+v", i)
	}
	// By hand: Agresti-Caffo differences of 51/102 and 91/102, 21/102, 51/102.
	variance := func(x float64) float64 { return x / 102 * (1 - x/102) / 102 }
	w0, w1, w2 := 1/(variance(51)+variance(91)), 1/(variance(51)+variance(21)), 1/(2*variance(51))
	d0, d1 := 40.0/102, -30.0/102
	mean := (w0*d0 + w1*d1) / (w0 + w1 + w2)
	q := w0*(d0-mean)*(d0-mean) + w1*(d1-mean)*(d1-mean) + w2*mean*mean
	if math.Abs(*i.Q-q) > 1e-9 {
		t.Errorf("Q %v; by hand %v", *i.Q, q)
	}
	for _, i := range r.Interactions {
		if i.Metric == tandem.MetricDuration && (i.P != nil || i.Note == "") {
			t.Errorf("durations that do not vary: %+v", i)
		}
	}
}

func TestFewCallsAreNotGroupedByWordsButStandInSituations(t *testing.T) {
	m := newMemory()
	for i := range 20 {
		m.call(string("AB"[i%2]), said(wants[i%3]), func(c *tandem.Call) {
			c.Conversation = &tandem.Conversation{Turns: 2, Misunderstandings: i % 2, DeadEnd: i < 4}
			if i == 7 {
				c.Transfer = &tandem.Fact[tandem.Transfer]{Value: tandem.Transfer{State: tandem.TransferCompleted}}
			}
			if i < 3 {
				ms := int64(4000)
				c.Ended = &tandem.Fact[tandem.Ending]{Value: tandem.Ending{DurationMS: &ms}}
			}
		})
	}
	m.call("A", said("")) // nobody answers the agent
	m.call("A", nil, func(c *tandem.Call) { c.Turns = nil })
	m.call("A", nil, func(c *tandem.Call) { c.Ended = nil })
	m.call("A", nil, func(c *tandem.Call) { c.Assigned.Value.NotRandomised = "fallback" })
	r := m.grouped(t, tandem.ByIntent, 0, false)
	if len(r.Groups) != 0 || r.Fit != nil || r.Calls != 22 || r.Silent != 2 || !strings.Contains(strings.Join(r.Notes, " "), "20 calls in which the caller says something") {
		t.Fatalf("%d groups, %d calls, %d silent, notes %q", len(r.Groups), r.Calls, r.Silent, r.Notes)
	}
	got := map[string]int64{}
	for _, s := range r.Situations {
		got[s.Key] = s.Calls
		if int(s.Calls) != len(m.members[s.Key]) {
			t.Errorf("%s: %d calls and %d members", s.Key, s.Calls, len(m.members[s.Key]))
		}
	}
	want := map[string]int64{
		"situation.misunderstanding": 10, "situation.interrupted": 0, "situation.repeated_prompt": 0, "situation.dead_end": 4,
		"situation.transferred": 1, "situation.short": 3, "situation.silent": 1,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	mis := r.Situations[0]
	// All misunderstandings are in B: 10 of 10 calls of which it is known, none of A's.
	if a, b := mis.Share.Arms[0], mis.Share.Arms[1]; *a.Value != 0 || *b.Value != 1 || a.N != 10 || a.Unknown != 2 {
		t.Errorf("%+v and %+v", a, b)
	}
	if d := mis.Share.Against[0]; *d.P > 1e-4 || *d.Value != 1 {
		t.Errorf("%+v", d)
	}
	for _, key := range append(slices.Collect(keysOf(want)), "intent.1") {
		if err := tandem.ValidateGroup(key); err != nil {
			t.Error(err)
		}
	}
}

func keysOf(m map[string]int64) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func TestFailuresAreGroupedByWhatWasSaidAroundThem(t *testing.T) {
	m := newMemory()
	for i := range 40 {
		for j, trouble := range []string{"Sorry, which street is your address in?", "Sorry, what is the policy number?"} {
			turns := []tandem.Turn{{Role: tandem.RoleCaller, Text: wants[i%3]}, {Role: tandem.RoleAgent, Text: "Fine."}, {Role: tandem.RoleCaller, Text: "well"}, {Role: tandem.RoleAgent, Text: trouble}}
			if j == 1 && i%4 == 0 {
				turns = turns[:2]
			}
			m.call(string("AB"[i%2]), turns)
		}
	}
	r := m.grouped(t, tandem.ByFailure, 2, false)
	if len(r.Groups) != 2 || r.Grouped != 70 || r.Silent != 10 || r.Groups[0].Calls != 40 || r.Groups[0].Key != "failure.1" || !slices.Contains(r.Groups[0].Terms, "street") {
		t.Fatalf("%+v", r)
	}
	read, err := NewReader(m, everyAgain, nil).Topics(context.Background(), "t", tandem.ByFailure)
	if err != nil || read.Report.Groups[0].Typical[0].Said != "well Sorry, which street is your address in?" {
		t.Errorf("%v, %+v", err, read.Report)
	}
}

func TestCallsThatCameSinceJoinTheGroupsThatThereAre(t *testing.T) {
	m := restaurant(40, func(int, string) int { return 5 })
	before := m.grouped(t, tandem.ByIntent, 0, false)
	for i := range 60 {
		m.call(string("AB"[i%2]), said(wants[1]))
	}
	read, err := NewReader(m, everyAgain, nil).Topics(context.Background(), "t", tandem.ByIntent)
	if err != nil || read.CallsSince != 60 || read.Report.Calls != 120 {
		t.Fatalf("%v, %d since, %+v", err, read.CallsSince, read.Report)
	}
	after := m.grouped(t, tandem.ByIntent, 0, false)
	if after.Calls != 180 || after.Fit.Sampled != 120 || after.Fit.At != before.Fit.At || !strings.Contains(strings.Join(after.Notes, " "), "made of 120 calls") {
		t.Errorf("%+v, notes %q", after.Fit, after.Notes)
	}
	for g := range before.Groups {
		want := before.Groups[g].Calls
		if slices.Contains(before.Groups[g].Terms, "refund") {
			want += 60
		}
		if after.Groups[g].Calls != want || after.Groups[g].Name != before.Groups[g].Name {
			t.Errorf("%s (%s): %d calls; want %d", after.Groups[g].Key, after.Groups[g].Name, after.Groups[g].Calls, want)
		}
	}
	again := m.grouped(t, tandem.ByIntent, 0, true)
	if again.Fit.Sampled != 180 || !slices.Contains(again.Groups[0].Terms, "refund") {
		t.Errorf("made anew: %+v", again.Fit)
	}
	if four := m.grouped(t, tandem.ByIntent, 2, false); four.Fit.K != 2 {
		t.Errorf("another number of groups: %+v", four.Fit)
	}
}

func TestTheSameCallsGiveTheSameGroupsWhateverTheArmsAreCalled(t *testing.T) {
	m := restaurant(40, func(int, string) int { return 5 })
	first, members := m.grouped(t, tandem.ByIntent, 0, true), m.members
	second := m.grouped(t, tandem.ByIntent, 0, true)
	if d := cmp.Diff(first, second); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(members, m.members); d != "" {
		t.Error(d)
	}
	swapped := newMemory()
	swapped.said = m.said
	for from, to := range map[string]string{"A": "B", "B": "A"} {
		for _, c := range m.calls[from] {
			assigned := *c.Assigned
			assigned.Value.Arm = to
			c.Assigned = &assigned
			swapped.calls[to] = append(swapped.calls[to], c)
		}
	}
	third := swapped.grouped(t, tandem.ByIntent, 0, true)
	for _, list := range []map[string][]tandem.ID{members, swapped.members} {
		for key := range list {
			slices.Sort(list[key])
		}
	}
	if d := cmp.Diff(members, swapped.members); d != "" {
		t.Error(d)
	}
	for g := range first.Groups {
		a, b := first.Groups[g].Share.Against[0], third.Groups[g].Share.Against[0]
		if *a.Value != -*b.Value || math.Abs(*a.P-*b.P) > 1e-12 {
			t.Errorf("%+v and %+v", a, b)
		}
	}
}

func TestDuplicatesStayTogetherAndNothingIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := newMemory()
		word := rapid.SampledFrom(strings.Fields("one two three four five six seven eight nine ten eleven twelve"))
		var texts []string
		for range rapid.IntRange(10, 30).Draw(t, "texts") {
			texts = append(texts, strings.Join(rapid.SliceOfN(word, 1, 6).Draw(t, "words"), " "))
		}
		for i := range texts {
			for range 4 { // each of them four times
				m.call(string("AB"[i%2]), said(texts[i]))
			}
		}
		k := rapid.IntRange(2, 6).Draw(t, "k")
		if _, err := m.AskGrouping(context.Background(), "t", tandem.ByIntent, k, true); err != nil {
			t.Fatal(err)
		}
		if _, err := m.grouper().Once(context.Background()); err != nil || m.grouping.State != tandem.GroupingDone {
			t.Fatalf("%v, %s", err, m.grouping.LastError)
		}
		in, total := map[string]string{}, 0
		for key, ids := range m.members {
			if !strings.HasPrefix(key, "intent.") {
				continue
			}
			total += len(ids)
			for _, id := range ids {
				text := m.said[id][1].Text
				if was, ok := in[text]; ok && was != key {
					t.Fatalf("%q is in %s and in %s", text, was, key)
				}
				in[text] = key
			}
		}
		var r Report
		if err := json.Unmarshal(m.grouping.Report, &r); err != nil {
			t.Fatal(err)
		}
		if total != int(r.Grouped) || r.Calls != int64(4*len(texts)) || len(r.Groups) > k {
			t.Fatalf("%d members, %d grouped, %d calls, %d groups", total, r.Grouped, r.Calls, len(r.Groups))
		}
	})
}

// namer names groups by their first word, or fails.
type namer struct {
	err      error
	sketches []tandem.GroupSketch
}

func (n *namer) NameGroups(_ context.Context, s []tandem.GroupSketch) ([]tandem.GroupName, tandem.AnalysisUsage, error) {
	n.sketches = s
	var out []tandem.GroupName
	for _, g := range s {
		out = append(out, tandem.GroupName{Name: "About " + g.Terms[0], Description: "Calls."})
	}
	return out, tandem.AnalysisUsage{Cost: 0.01}, n.err
}

func TestALanguageModelMayNameGroupsAndItsFailureLosesNothing(t *testing.T) {
	m := restaurant(40, func(int, string) int { return 5 })
	for _, n := range []*namer{{}, {err: errors.New("it is away")}} {
		if _, err := m.AskGrouping(context.Background(), "t", tandem.ByIntent, 3, true); err != nil {
			t.Fatal(err)
		}
		g := m.grouper()
		g.Namer = func(context.Context) (Namer, error) { return n, nil }
		if _, err := g.Once(context.Background()); err != nil {
			t.Fatal(err)
		}
		read, err := NewReader(m, everyAgain, nil).Topics(context.Background(), "t", tandem.ByIntent)
		if err != nil {
			t.Fatal(err)
		}
		first := read.Report.Groups[0]
		if len(n.sketches) != 3 || len(n.sketches[0].Said) != typicalCalls || n.sketches[0].Said[0] != first.Typical[0].Said {
			t.Errorf("it was shown %+v", n.sketches)
		}
		if named := strings.HasPrefix(first.Name, "About "); named != (n.err == nil) || (read.Report.Fit.NamedBy == byWords) == named {
			t.Errorf("the name is %q by %s", first.Name, read.Report.Fit.NamedBy)
		}
		if told := strings.Contains(strings.Join(read.Report.Notes, " "), "it is away"); told != (n.err != nil) {
			t.Errorf("notes %q", read.Report.Notes)
		}
	}
}

func TestWhatFailsIsTriedAgainThenSetAside(t *testing.T) {
	m := restaurant(40, func(int, string) int { return 5 })
	if _, err := m.AskGrouping(context.Background(), "t", tandem.ByIntent, 0, false); err != nil {
		t.Fatal(err)
	}
	g := m.grouper()
	m.fail = tandem.Errorf(tandem.Conflict, "", "somebody else has it")
	if _, err := g.Once(context.Background()); err != nil || m.grouping.Attempts != 0 {
		t.Errorf("one that was overtaken: %v, %d attempts", err, m.grouping.Attempts)
	}
	g.Trouble = nil
	m.grouping.By = tandem.ByFailure // a program's fault: it panics
	for n := range maxAttempts {
		m.grouping.NextAt = epoch
		if _, err := g.Once(context.Background()); err != nil || m.grouping.Attempts != n+1 || m.grouping.LastError == "" {
			t.Fatalf("attempt %d: %v, %+v", n, err, m.grouping)
		}
	}
	if m.grouping.State != tandem.GroupingFailed {
		t.Errorf("it is %s", m.grouping.State)
	}
}

func TestWhatIsAskedForIsChecked(t *testing.T) {
	m := newMemory()
	r := NewReader(m, everyAgain, func() { t.Error("woken for nothing") })
	ctx := context.Background()
	for _, c := range []struct {
		by    tandem.GroupBy
		k     int
		id    tandem.ID
		field string
		code  tandem.Code
	}{{"mood", 0, "t", "by", tandem.Invalid}, {tandem.ByIntent, 1, "t", "k", tandem.Invalid}, {tandem.ByIntent, 51, "t", "k", tandem.Invalid}, {tandem.ByIntent, -1, "t", "k", tandem.Invalid}, {tandem.ByIntent, 0, "x", "", tandem.NotFound}} {
		_, err := r.Ask(ctx, c.id, c.by, c.k, false)
		e, ok := errors.AsType[*tandem.Error](err)
		if !ok || e.Code != c.code || e.Field != c.field {
			t.Errorf("%+v: %v", c, err)
		}
	}
	if _, err := r.Topics(ctx, "t", tandem.ByIntent); tandem.CodeOf(err) != tandem.NotFound {
		t.Errorf("before anybody asked: %v", err)
	}
}

func TestAStrideDealsEveryNumberOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(0, 500).Draw(t, "n")
		s, seen := newStride(n), map[int64]bool{}
		for {
			x, ok := s.next()
			if !ok {
				break
			}
			if x < 0 || x >= n || seen[x] {
				t.Fatalf("%d of %d", x, n)
			}
			seen[x] = true
		}
		if int64(len(seen)) != n {
			t.Fatalf("%d of %d", len(seen), n)
		}
	})
}

package topics

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"tandem"
)

// caller has a call made by somebody.
func caller(key string) func(*tandem.Call) {
	return func(c *tandem.Call) { c.Assigned.Value.CallerKey = key }
}

func TestAWordOfFewCallersIsKeptNowhereHoweverOftenTheyCall(t *testing.T) {
	m := newMemory()
	for i := range 90 {
		text := []string{"I want a table for dinner", "refund my wrong invoice", "cancel the flight ticket"}[i%3]
		key := fmt.Sprint(i)
		if i%3 == 0 {
			key = fmt.Sprint("regular", i%2)
			text += " for jonasson"
		}
		m.call(string("AB"[i%2]), said(text), caller(key))
	}
	r := m.grouped(t, tandem.ByIntent, 3, false)
	if kept := string(m.grouping.Model) + string(m.grouping.Report); strings.Contains(kept, "jonasson") || !strings.Contains(kept, "invoice") {
		t.Errorf("two callers' word is kept: %s", kept)
	}
	if len(r.Groups) == 0 || r.Groups[0].Name == "" {
		t.Errorf("groups %+v", r.Groups)
	}
}

func TestGroupsThatCouldNotBeNamedAreNamedByTheNextRun(t *testing.T) {
	m := restaurant(40, func(int, string) int { return 5 })
	failing, well := &namer{err: errors.New("the budget is used up")}, &namer{}
	for i, n := range []*namer{failing, well, well} {
		if _, err := m.AskGrouping(context.Background(), "t", tandem.ByIntent, 0, false); err != nil {
			t.Fatal(err)
		}
		g := m.grouper()
		asked := false
		g.Namer = func(context.Context) (Namer, error) { asked = true; return n, nil }
		if _, err := g.Once(context.Background()); err != nil {
			t.Fatal(err)
		}
		r := m.report(t)
		if named := strings.HasPrefix(r.Groups[0].Name, "About "); named != (i > 0) || asked != (i < 2) {
			t.Errorf("run %d: the name is %q, and the namer was asked: %v", i, r.Groups[0].Name, asked)
		}
	}
}

func TestANamerIsShownWhatIsRedactedNow(t *testing.T) {
	m := restaurant(40, func(int, string) int { return 5 })
	if _, err := m.AskGrouping(context.Background(), "t", tandem.ByIntent, 0, true); err != nil {
		t.Fatal(err)
	}
	g, n := m.grouper(), &namer{}
	g.Namer = func(context.Context) (Namer, error) { return n, nil }
	g.Redact = func(turns []tandem.Turn) []tandem.Turn {
		out := append([]tandem.Turn(nil), turns...)
		for i := range out {
			out[i].Text = strings.NewReplacer("table", "[name]", "number", "[phone]").Replace(out[i].Text)
		}
		return out
	}
	if _, err := g.Once(context.Background()); err != nil {
		t.Fatal(err)
	}
	if shown := fmt.Sprint(n.sketches); strings.Contains(shown, "table") || strings.Contains(shown, "number") || !strings.Contains(shown, "[phone]") {
		t.Errorf("it was shown %s", shown)
	}
	if kept := string(m.grouping.Model); strings.Contains(kept, "table") {
		t.Errorf("kept %s", kept)
	}
}

func TestWhatIsForgottenAndRedactedLeavesTheNumbers(t *testing.T) {
	m := restaurant(40, func(int, string) int { return 5 })
	if _, err := m.AskGrouping(context.Background(), "t", tandem.ByIntent, 3, true); err != nil {
		t.Fatal(err)
	}
	g, n := m.grouper(), &namer{}
	g.Namer = func(context.Context) (Namer, error) { return n, nil }
	if _, err := g.Once(context.Background()); err != nil {
		t.Fatal(err)
	}
	before := m.report(t)
	gone := before.Groups[1].Typical[0].CallID
	after, changed, err := Forget(*m.grouping, func(id tandem.ID) bool { return id == gone })
	if err != nil || !changed {
		t.Fatalf("%v, %v", changed, err)
	}
	if _, again, err := Forget(after, func(id tandem.ID) bool { return id == gone }); err != nil || again {
		t.Errorf("it is forgotten twice: %v", err)
	}
	m.grouping = &after
	r := m.report(t)
	for i, g := range r.Groups {
		if named := strings.HasPrefix(g.Name, "About "); named == (i == 1) || g.Calls != before.Groups[i].Calls || len(g.Metrics) != len(before.Groups[i].Metrics) {
			t.Errorf("group %d is %q", i, g.Name)
		}
	}
	if len(r.Groups[1].Typical) != typicalCalls-1 || r.Groups[1].Description != "" {
		t.Errorf("%+v", r.Groups[1])
	}
	word := r.Groups[0].Terms[0]
	redacted, changed, err := Redact(after, func(s string) string { return strings.ReplaceAll(s, word, "[name]") })
	if err != nil || !changed || strings.Contains(string(redacted.Report)+string(redacted.Model), word) {
		t.Errorf("%v: %q is left in %s", err, word, redacted.Report)
	}
	if _, changed, err := Redact(tandem.Grouping{}, strings.ToUpper); err != nil || changed {
		t.Errorf("a grouping that was never done: %v, %v", changed, err)
	}
}

func (m *memory) report(t *testing.T) (r Report) {
	t.Helper()
	if err := json.Unmarshal(m.grouping.Report, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

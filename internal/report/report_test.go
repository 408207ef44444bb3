package report

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem"
	"tandem/internal/results"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", path, diff)
	}
}

func asMarkdown(t *testing.T, r results.Results, d *tandem.Decision) string {
	t.Helper()
	var b bytes.Buffer
	if err := Markdown(&b, r, d); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func asHTML(t *testing.T, r results.Results, d *tandem.Decision) string {
	t.Helper()
	var b bytes.Buffer
	if err := HTML(&b, r, d); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// reported is something to report.
type reported struct {
	results  results.Results
	decision *tandem.Decision
}

func everyKind() map[string]reported {
	decided := example(1460, 0.7, 0.8)
	hostile := hostileNames()
	return map[string]reported{
		"decided": {decided, decisionOn(&decided, "B")},
		"three":   {threeArms(), nil},
		"nothing": {nothingYet(), nil},
		"trouble": {inTrouble(), nil},
		"hostile": {hostile, decisionOn(&hostile, "A")},
		"empty":   {results.Results{}, &tandem.Decision{}},
	}
}

func TestReportsReadAsTheyDid(t *testing.T) {
	all := everyKind()
	for _, name := range []string{"decided", "three", "nothing", "trouble"} {
		golden(t, name+".md", []byte(asMarkdown(t, all[name].results, all[name].decision)))
	}
	golden(t, "decided.html", []byte(asHTML(t, all["decided"].results, all["decided"].decision)))
}

func TestTheSameResultsGiveTheSameBytes(t *testing.T) {
	for name, c := range everyKind() {
		first := asMarkdown(t, c.results, c.decision) + asHTML(t, c.results, c.decision)
		if again := asMarkdown(t, c.results, c.decision) + asHTML(t, c.results, c.decision); again != first {
			t.Errorf("%s: two reports of the same results differ", name)
		}
	}
}

func TestTheVerdictComesBeforeAnyNumber(t *testing.T) {
	for name, c := range everyKind() {
		if name == "empty" || name == "hostile" {
			continue
		}
		text := c.results.Verdict.Text
		md := asMarkdown(t, c.results, c.decision)
		if at := strings.Index(md, escape(text)); at < 0 || strings.Contains(md[:at], "|") {
			t.Errorf("%s.md: the verdict %q does not come before the first table", name, text)
		}
		page := asHTML(t, c.results, c.decision)
		if at := strings.Index(page, `class="verdict-text"`); at < 0 || at > strings.Index(page, "<table") {
			t.Errorf("%s.html: the verdict does not come before the first table", name)
		}
	}
}

func TestADecisionSaysHowItStandsToTheVerdict(t *testing.T) {
	for _, c := range []struct {
		name   string
		status tandem.VerdictStatus
		arm    string
		want   string
	}{
		{"the same arm", tandem.Better, "B", "named the same arm"},
		{"another arm", tandem.Better, "A", "named arm A: the decision went against it"},
		{"no difference", tandem.NoDifference, "", "found no practical difference"},
		{"nothing yet", tandem.Collecting, "", "a judgement, not a finding"},
		{"an open alarm", tandem.SplitBroken, "", "a judgement, not a finding"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := example(400, 0.7, 0.8)
			r.Verdict.Status, r.Verdict.Arm = c.status, c.arm
			if md := asMarkdown(t, r, decisionOn(&r, "B")); !strings.Contains(md, c.want) {
				t.Errorf("no %q in\n%s", c.want, md[:1500])
			}
		})
	}
}

func TestATestThatEndedWithoutANoteSaysWhatWasKept(t *testing.T) {
	r := example(400, 0.7, 0.8)
	ended := began.Add(200 * time.Hour)
	r.Status, r.Winner, r.EndedAt = tandem.Ended, "A", &ended
	md := asMarkdown(t, r, nil)
	for _, want := range []string{"## Decision: arm A was kept", "front-desk@3 took all calls from then on", "As it stands now, as of"} {
		if !strings.Contains(md, want) {
			t.Errorf("no %q", want)
		}
	}
	if strings.Contains(md, "verdict at that moment") {
		t.Error("claims to know the verdict of then")
	}
}

func TestFiguresThatHoldForOneLookAreLabelled(t *testing.T) {
	md := asMarkdown(t, example(400, 0.7, 0.8), nil)
	once := strings.Index(md, "## Only if you look once")
	for _, name := range []string{"Newcombe", "pooled z", "delta method", "Chance that it is higher", "Loss if kept"} {
		if at := strings.Index(md, name); at < once {
			t.Errorf("%s stands at %d, before the label at %d", name, at, once)
		}
	}
	if !strings.Contains(md, "Belief: a description, not a reason to stop") {
		t.Error("the belief is not labelled")
	}
}

// broken accepts so many bytes and then fails.
type broken struct{ left int }

var errDisk = errors.New("disk full")

func (b *broken) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, errDisk
	}
	return len(p), nil
}

func TestAWriterThatFailsIsReported(t *testing.T) {
	r := example(100, 0.7, 0.8)
	if err := Markdown(&broken{}, r, nil); !errors.Is(err, errDisk) {
		t.Errorf("Markdown: %v; want the writer's error", err)
	}
	if err := HTML(&broken{left: 3000}, r, nil); !errors.Is(err, errDisk) {
		t.Errorf("HTML: %v; want the writer's error", err)
	}
}

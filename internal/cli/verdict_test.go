package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tandem"
)

// started is a fake with a route and two versions, and what they are called.
func started(t *testing.T, testFlags string) (*fakeAPI, func(line string) (int, string, string)) {
	t.Helper()
	f, srv := newFake(t)
	do := func(line string) (int, string, string) {
		t.Helper()
		return run(t, srv, words(line)...)
	}
	lines := []string{"agent create a --draft " + draftFile(t, goodDraft), "agent publish a", "agent publish a", "route create +14155550100 --live a@1"}
	if testFlags != "" {
		lines = append(lines, "test start +14155550100 --b a@2 "+testFlags)
	}
	for _, line := range lines {
		if code, _, errs := do(line); code != 0 {
			t.Fatalf("%s: %s", line, errs)
		}
	}
	return f, do
}

func expect(t *testing.T, line, got string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("%s: no %q in\n%s", line, w, got)
		}
	}
}

func TestATestStartsWithItsRules(t *testing.T) {
	f, do := started(t, "--better lower --margin 0.02 --planned 2000 --ramp 90/10:200c:60m,50/50 --guardrail transfer=0.05:rollback --guardrail duration=+20")
	r := f.tests[0].Rules
	if r.Better != tandem.Lower || r.EquivalenceMargin != 0.02 || r.PlannedCalls != 2000 || len(r.Guardrails) != 2 || len(r.Ramp) != 2 {
		t.Errorf("the rules are %+v", r)
	}
	if w := f.tests[0].Arms[1].Weight; w != 10 {
		t.Errorf("B starts with %v %%; expected the ramp's first step", w)
	}
	_, out, _ := do("test show +14155550100")
	expect(t, "test show", out, "does not matter", "planned", "2,000 calls", "transfer not higher by more than 0.05, else rollback",
		"duration not higher by more than 20, else announce", "90/10, at least 200 calls, at least 60 minutes (in force)", "ramp step 2")
}

func TestRulesThatMakeNoSenseAreNamedBeforeAnythingIsAsked(t *testing.T) {
	f, do := started(t, "")
	for flags, want := range map[string]struct {
		code int
		text string
	}{
		"--guardrail transfer":         {1, "--guardrail: is"},
		"--guardrail transfer=NaN":     {1, "--guardrail: is"},
		"--ramp 90/10:soon,50/50":      {1, "--ramp: is"},
		"--split Inf/50":               {1, "split: is"},
		"--better best":                {2, "--better"},
		"--planned many":               {2, "--planned"},
		"--margin NaN":                 {1, "NaN is no number"},
		"--arm a@1=NaN --arm a@2=half": {1, "--arm"},
	} {
		code, _, errs := do("test start +14155550100 --b a@2 " + flags)
		if code != want.code || !strings.Contains(errs, want.text) {
			t.Errorf("%s: exit %d, %s; expected %d and %q", flags, code, errs, want.code, want.text)
		}
	}
	if len(f.tests) != 0 {
		t.Errorf("%d tests were started", len(f.tests))
	}
}

func TestAnAlarmIsAcknowledgedAgainstTheTestsRevision(t *testing.T) {
	f, do := started(t, "--name x")
	code, out, errs := do("test acknowledge +14155550100 coverage -m 'a trunk was down'")
	if code != 0 || !strings.Contains(out, "no longer suspends") {
		t.Errorf("exit %d, %s%s", code, out, errs)
	}
	if a := f.tests[0].Acknowledged; len(a) != 1 || a[0].Check != tandem.CheckCoverage || a[0].Note != "a trunk was down" {
		t.Errorf("acknowledged: %+v", a)
	}
	if code, _, _ := do("test acknowledge +14155550100 luck"); code != exitUsage {
		t.Errorf("an unknown check: exit %d", code)
	}
	_, out, _ = do("test show +14155550100")
	expect(t, "test show", out, "acknowledged", "coverage by tester", "a trunk was down")
}

func TestEndingATestTellsWhatWasKnown(t *testing.T) {
	f, do := started(t, "--name x")
	raw, err := os.ReadFile(filepath.Join("testdata", "results.json"))
	if err != nil {
		t.Fatal(err)
	}
	f.results = string(raw)
	code, out, errs := do("test end +14155550100 --winner B -m better")
	if code != 0 {
		t.Fatal(errs)
	}
	expect(t, "test end", out, "All calls go to B, a@2", "What was known:\nB is better: completion rate 78.2 %", "alarm (coverage, acknowledged by ops)",
		"guardrail: Transfer rate", "All of it: tandem report "+string(f.tests[0].ID))
}

func TestATestEndsThoughWhatWasKnownCannotBeRead(t *testing.T) {
	f, do := started(t, "--name x")
	f.results = `{"metrics":7}`
	code, out, errs := do("test end +14155550100")
	if code != 0 || !strings.Contains(out, "All calls go to A") || !strings.Contains(out, "cannot be read now") {
		t.Errorf("exit %d, %s%s", code, out, errs)
	}
}

func TestReportsAreWrittenToTheOutputOrAFile(t *testing.T) {
	_, do := started(t, "--name x")
	if code, out, errs := do("report +14155550100"); code != 0 || out != "a report as markdown\n" {
		t.Errorf("exit %d, %q, %s", code, out, errs)
	}
	file := filepath.Join(t.TempDir(), "report.html")
	if code, out, errs := do("report +14155550100 --html -o " + file); code != 0 || out != "Written: "+file+"\n" {
		t.Errorf("exit %d, %q, %s", code, out, errs)
	}
	if page, err := os.ReadFile(file); err != nil || string(page) != "a report as html\n" {
		t.Errorf("the file holds %q, %v", page, err)
	}
	if code, _, errs := do("report +14155550100 -o " + filepath.Join(t.TempDir(), "none", "x")); code != 1 || !strings.Contains(errs, "--out: cannot be written") {
		t.Errorf("exit %d, %s", code, errs)
	}
	if code, _, errs := do("report +14155550199"); code != 1 || !strings.Contains(errs, "unknown") {
		t.Errorf("exit %d, %s", code, errs)
	}
}

package cli

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const planned = `{"request":{"kind":"proportion"},"text":"70 % against 80 %: about 680 calls.",
 "modes":[{"mode":"sequential","calls":1026,"expected":680,"days":6.41,"expected_days":4.25},{"mode":"planned","calls":711,"expected":499,"days":0.004},{"mode":"fixed","calls":587,"expected":587}],
 "notes":["The baseline is arm A."]}`

const findable = `{"request":{"kind":"proportion"},"text":"By 9,000 calls.","smallest":[{"mode":"sequential","calls":9000,"days":3,"effect":0.000769},{"mode":"fixed","calls":9000,"effect":-0.0741}]}`

func TestPlansAreLaidOut(t *testing.T) {
	f, do := started(t, "")
	f.plan = planned
	_, text, _ := do("plan --baseline 0.7 --effect 0.1")
	f.plan = findable
	_, inverse, _ := do("plan --baseline 0.7 --calls 9000")
	f.plan = `{"notes":["The route had about 1 call a day of late."]}`
	_, none, _ := do("plan +14155550100 --days 0.5 --baseline 0.7")
	golden(t, "plan.txt", text+"\n"+inverse+"\n"+none)
}

func TestAPlanAsksForWhatWasSaidAndNothingElse(t *testing.T) {
	for line, want := range map[string]string{
		"plan --baseline 0 --effect 0.1":                                                              `{"baseline":0,"effect":0.1}`,
		"plan --mean --baseline 90 --sd 60 --effect=-10":                                              `{"kind":"mean","baseline":90,"sd":60,"effect":-10}`,
		"plan --baseline 0.7 --relative 0.1 --share 0.2":                                              `{"baseline":0.7,"relative":0.1,"share_b":0.2}`,
		"plan --baseline 0.7 --days 14 --per-day 160":                                                 `{"baseline":0.7,"days":14,"per_day":160}`,
		"plan --baseline 0.7 --calls 9 --power 0.9 --alpha 0.01":                                      `{"baseline":0.7,"calls":9,"power":0.9,"alpha":0.01}`,
		"plan --baseline 0.7 --effect 0.1 --arms 3 --one-sided":                                       `{"baseline":0.7,"effect":0.1,"arms":3,"one_sided":true}`,
		"plan --effect 0.1 --baseline 0.7 --calls-per-caller 3 --alike 0.3 --calls-spread 0.5":        `{"baseline":0.7,"effect":0.1,"calls_per_caller":3,"calls_spread":0.5,"caller_correlation":0.3}`,
		"plan --mean --baseline 90 --sd 60 --quantile 0.9 --effect 15 --density 0.01 --covariate 0.5": `{"kind":"mean","baseline":90,"sd":60,"effect":15,"covariate_correlation":0.5,"quantile":0.9,"density":0.01}`,
		"plan --categories 0.6,0.4 --categories 0.5,0.5 --share 0.5 --real-share 0.45":                `{"share_b":0.5,"categories":[[0.6,0.4],[0.5,0.5]],"real_share_b":0.45}`,
		"plan +14155550100 --effect 0.05":                                                             `{"route":"+14155550100","metric":"completion","effect":0.05}`,
		"plan +14155550100 --power 0.9":                                                               `{"route":"+14155550100","metric":"completion","power":0.9}`,
		"plan +14155550100 --baseline 0.5 --effect 0.05":                                              `{"route":"+14155550100","baseline":0.5,"effect":0.05}`,
		"plan +14155550100 --metric duration --effect=-5 --share 1":                                   `{"route":"+14155550100","metric":"duration","effect":-5,"share_b":1}`,
	} {
		f, do := started(t, "--name x")
		if code, _, errs := do(line); code != 0 {
			t.Errorf("%s: %s", line, errs)
			continue
		}
		if diff := cmp.Diff([]string{want}, f.plans); diff != "" {
			t.Errorf("%s: %s", line, diff)
		}
	}
}

func TestARunningTestIsAskedHowManyMoreCallsItTakes(t *testing.T) {
	f, do := started(t, "--name x")
	f.results = `{"verdict":{"status":"collecting","text":"Collecting: 300 calls so far.","change":"About 900 more calls, about 4 days."}}`
	code, out, errs := do("plan +14155550100")
	if want := "Collecting: 300 calls so far.\nwould change it: About 900 more calls, about 4 days.\n"; code != 0 || out != want {
		t.Errorf("exit %d, %q, %s; expected %q", code, out, errs, want)
	}
	if len(f.plans) != 0 {
		t.Errorf("plans were made: %q", f.plans)
	}
}

func TestARouteWithoutATestIsPlannedFromWhatIsGiven(t *testing.T) {
	f, do := started(t, "")
	f.plan = planned
	if code, _, errs := do("plan +14155550100 --baseline 0.7 --effect 0.1"); code != 0 {
		t.Error(errs)
	}
	if code, _, errs := do("plan +14155550100"); code != 1 || !strings.Contains(errs, "no test has run on +14155550100") {
		t.Errorf("exit %d, %s", code, errs)
	}
	if code, _, errs := do("plan --effect NaN --baseline 0.5"); code != 1 || !strings.Contains(errs, "NaN is no number that can be sent") {
		t.Errorf("exit %d, %s", code, errs)
	}
}

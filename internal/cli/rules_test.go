package cli

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem"
)

func TestGuardrailsAreReadAsTheyAreSaid(t *testing.T) {
	for text, want := range map[string]tandem.Guardrail{
		"transfer=0.05":             {Metric: "transfer", Margin: 0.05},
		"duration=+20":              {Metric: "duration", Margin: 20, Worse: tandem.Higher},
		"completion=-0.05:rollback": {Metric: "completion", Margin: 0.05, Worse: tandem.Lower, Action: tandem.Rollback},
		"field.nps=0:announce":      {Metric: "field.nps", Action: tandem.Announce},
	} {
		if got, err := parseGuardrail(text); err != nil || got != want {
			t.Errorf("%s: %+v, %v; want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{
		"", "transfer", "=0.05", "transfer=much", "transfer=0.05:panic", "transfer=0.05:",
		"transfer=NaN", "transfer=Inf", "transfer=+-0.05", "transfer=--0.05", "transfer=",
	} {
		if _, err := parseGuardrail(text); tandem.CodeOf(err) != tandem.Invalid {
			t.Errorf("%q was taken: %v", text, err)
		}
	}
}

func TestRampsAreReadAsTheyAreSaid(t *testing.T) {
	got, err := parseRamp("90/10:200c:60m, 70/30:2h,50/50")
	if err != nil {
		t.Fatal(err)
	}
	want := []tandem.RampStep{
		{Weights: []float64{90, 10}, MinCalls: 200, MinMinutes: 60},
		{Weights: []float64{70, 30}, MinMinutes: 120},
		{Weights: []float64{50, 50}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, text := range []string{"half", "90/10:", "90/10:200", "90/10:200x", "90/10:-5c", "90/10,,50/50", "NaN/10", "90/10:9223372036854775807h", "90/10:99999999999999999999c"} {
		if _, err := parseRamp(text); tandem.CodeOf(err) != tandem.Invalid {
			t.Errorf("%q was taken: %v", text, err)
		}
	}
}

func TestRulesAreToldInWords(t *testing.T) {
	got := rulesInWords(tandem.Test{
		RampStep: 1,
		Rules: tandem.Rules{
			Better: tandem.Lower, EquivalenceMargin: 0.0025, PlannedCalls: 2000,
			Guardrails: []tandem.Guardrail{{Metric: "transfer", Worse: tandem.Higher, Margin: 0.05, Action: tandem.Rollback}},
			Ramp:       []tandem.RampStep{{Weights: []float64{90, 10}, MinCalls: 200}, {Weights: []float64{50, 50}}},
		},
	})
	want := [][2]string{
		{"better", "lower"},
		{"does not matter", "differences up to 0.0025"},
		{"planned", "2,000 calls"},
		{"guardrail", "transfer not higher by more than 0.05, else rollback"},
		{"ramp step 1", "90/10, at least 200 calls (in force)"},
		{"ramp step 2", "50/50"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

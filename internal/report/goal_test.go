package report

import (
	"strings"
	"testing"
	"time"

	"tandem"
	"tandem/internal/results"
)

func TestAReportTellsOfAChangedGoalAndOfFieldsThatSayLittle(t *testing.T) {
	r := results.Results{
		PrimaryMetric: tandem.MetricCompletion, Arms: []results.ArmHeader{{Key: "A"}, {Key: "B"}},
		GoalChanges: []tandem.GoalChange{{
			At: time.Date(2026, 5, 4, 9, 30, 0, 0, time.UTC), By: "ops|desk", From: "", To: "fields.booked || <b>", Calls: 12_345, Note: "# a heading?",
		}},
		Recounting:    &results.Recounting{Done: 12_000, Total: 40_000, Text: "Re-counting: 12,000 of 40,000 calls under the changed goal"},
		NotComparable: []results.Mismatch{{Field: "price", Arm: "B", Against: "A", Reason: "the units differ: EUR in A, USD in B"}},
		Metrics: []results.Metric{{
			Name: "field.booked", Label: "Booked", Kind: tandem.Proportion,
			Arms:        []results.Summary{{Arm: "A"}, {Arm: "B"}},
			Answers:     []results.Answers{{Arm: "A", Analyzed: 200, Unknown: 10, UnknownShare: ptr(0.05)}, {Arm: "B", Analyzed: 200, Unknown: 60, Unreported: 4, UnknownShare: ptr(0.3)}},
			UnknownGaps: []results.UnknownGap{{Arm: "B", Against: "A", P: ptr(1e-9), Uneven: true}},
		}},
	}
	page := asMarkdown(t, r, nil)
	for _, want := range []string{
		"## The goal was changed", "Re-counting: 12,000 of 40,000 calls under the changed goal.", "4 May 2026", `ops\|desk`, "| none | ", `fields.booked \|\| &lt;b&gt;`, "12,345 calls",
		"a goal that is picked because of them can make a winner of either arm",
		"### Not comparable", "| **price** | B and A | the units differ: EUR in A, USD in B |",
		"### Unknown in analysed calls", "60 (30", "4\u00a0not reported", "| yes<br>B: p",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the report lacks %q:\n%s", want, page)
		}
	}
	html := asHTML(t, r, nil)
	if strings.Contains(html, "<b>") || !strings.Contains(html, `id="goal"`) || !strings.Contains(html, `id="fields"`) {
		t.Error("the page lacks the sections, or takes a goal for markup")
	}
	r.GoalChanges, r.NotComparable, r.Metrics[0].UnknownGaps = nil, nil, nil
	if page := asMarkdown(t, r, nil); strings.Contains(page, "goal was changed") || strings.Contains(page, "Fields of the analysis") {
		t.Error("sections without anything to tell are shown")
	}
}

package report

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"tandem"
	"tandem/internal/judge"
)

func reading() judge.Judgements {
	return judge.Judgements{
		Arms: [2]string{"A", "B"}, Label: judge.Label, Alike: new(0.41),
		Judging: &tandem.Judging{Judge: "llm-judge/1 <m> prompt 1", Judged: 121},
		Judge: []judge.Preferred{
			{Criterion: tandem.OverallCriterion, Wins: [2]int64{40, 61}, Ties: 20, Share: new(0.604), Once: &tandem.Span{Low: 0.506, High: 0.694}, Always: &tandem.Span{Low: 0.445, High: 0.749}},
			{Criterion: tandem.ErrorField, Wins: [2]int64{5, 90}, Ties: 26, Share: new(0.947), Always: &tandem.Span{Low: 0.85, High: 0.99}, Prefers: "B"},
			{Criterion: tandem.OffScriptField, Ties: 121},
		},
		Position:  &judge.Position{Pairs: 121, Consistent: 101, FirstBoth: 12, SecondBoth: 3, Share: new(0.835)},
		People:    judge.People{Raters: 2, Ratings: 30, Blind: 29, Preferred: &judge.Preferred{Criterion: tandem.OverallCriterion, Wins: [2]int64{9, 12}, Ties: 4, Share: new(0.571), Always: &tandem.Span{Low: 0.3, High: 0.8}}},
		Agreement: &judge.Agreement{N: 25, Observed: new(0.8), Kappa: new(0.66), Interval: &tandem.Span{Low: 0.35, High: 0.97}},
		Scores:    []judge.ScoreMatch{{Field: tandem.NaturalnessField, Arms: []judge.ArmScore{{Arm: "A", Calls: 3, Mean: new(3.5)}, {Arm: "B"}}}},
	}
}

func TestWhatReadersPreferIsShownAsADescription(t *testing.T) {
	r := example(2000, 0.7, 0.8)
	var md, page, without bytes.Buffer
	if err := Markdown(&md, r, nil, reading()); err != nil {
		t.Fatal(err)
	}
	if err := HTML(&page, r, nil, reading()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"## What readers prefer", "not the test's verdict", "B against A, pair by pair", "Error handling", "| 60.4", "| 44.5", "none shown",
		"same in both orders for 101 of 121 pairs", "first in 12, second in 3", "30 ratings of pairs by 2 raters, 29 of them", "kappa is 0.66 (0.35 to 0.97 if one looks once)",
		"| 3.50<br>3 calls | not known yet |", "llm-judge/1 &lt;m&gt; prompt 1", "similarity 0.41",
	} {
		if !strings.Contains(md.String(), want) {
			t.Errorf("no %q in the Markdown:\n%s", want, section2(md.String()))
		}
	}
	for _, bad := range []string{"p-value", "p =", "significant"} {
		if strings.Contains(section2(md.String()), bad) {
			t.Errorf("%q, as if it were a verdict", bad)
		}
	}
	if !strings.Contains(page.String(), `<h2 id="judged">What readers prefer</h2>`) || strings.Contains(page.String(), "<m>") {
		t.Error("the page lacks it, or a name is markup")
	}
	if err := Markdown(&without, r, nil); err != nil || strings.Contains(without.String(), "readers prefer") {
		t.Errorf("there is a part without a reader, or %v", err)
	}
	md.Reset()
	if err := Markdown(&md, r, &tandem.Decision{Winner: "A", At: time.Now()}, reading()); err != nil || !strings.Contains(md.String(), "younger than the decision") {
		t.Errorf("a decision does not say that readers came later: %v", err)
	}
}

// section2 is the part about readers.
func section2(s string) string {
	_, s, _ = strings.Cut(s, "## What readers prefer")
	s, _, _ = strings.Cut(s, "\n## ")
	return s
}

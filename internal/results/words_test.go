package results

import (
	"strings"
	"testing"

	"tandem"
)

func TestPercentsDifferByPoints(t *testing.T) {
	m := measureOf(tandem.Mean, "%")
	if got := m.value(41.2, 1) + ", " + m.difference(1.17, 2) + ", " + m.amount(2); got != "41.2 %, +1.17 points, 2 points" {
		t.Error(got)
	}
}

func TestAFieldWithTheNameOfAMetricIsToldApart(t *testing.T) {
	c := newCells([]tandem.TallyRow{{TallyKey: tandem.TallyKey{Arm: "A", Metric: tandem.MetricTurns}, Tally: tandem.Tally{Kind: tandem.Mean, N: 1}}})
	labels := map[string]int{}
	for _, e := range catalogue([]tandem.Field{{Name: "turns", Type: tandem.Number}, {Name: "nps", Type: tandem.Number}}, c) {
		labels[e.label]++
	}
	if labels["Turns"] != 1 || labels["Turns (field)"] != 1 || labels["Nps"] != 1 {
		t.Errorf("labels %v", labels)
	}
}

func TestAnAverageThatNobodyWouldSeeIsNotForetold(t *testing.T) {
	base := 0.7
	p, err := MakePlan(PlanRequest{Baseline: &base, Effect: 0.009}, 2000)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(p.Text, "on average") || !strings.Contains(p.Text, "Watching can hardly find a difference this small: plan the end.") {
		t.Errorf("%q", p.Text)
	}
	if p, err = MakePlan(PlanRequest{Baseline: &base, Effect: 0.1}, 2000); err != nil || !strings.Contains(p.Text, "on average") {
		t.Errorf("%q, %v", p.Text, err)
	}
}

func TestPhasesAreSaidToWeighWhatTheyDo(t *testing.T) {
	w := newWorld(t, "fields.booked == true")
	if err := w.test.Reweight([]float64{80, 20}, epoch); err != nil {
		t.Fatal(err)
	}
	w.tests[0] = w.test
	w.play(t, 1, "A", 5, 2, func(int) float64 { return 60 })
	w.play(t, 2, "B", 5, 2, func(int) float64 { return 60 })
	notes := strings.Join(w.results(t).Method.Notes, " ")
	if !strings.Contains(notes, "phases weigh what they tell: 4ab/(a + b)") || strings.Contains(notes, "as many calls as they had") {
		t.Error(notes)
	}
}

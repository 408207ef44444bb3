package results

import (
	"testing"
	"time"

	"tandem"
	"tandem/internal/stats"
)

func TestBetsOnDurationsWaitForACutAndKeepIt(t *testing.T) {
	w := newWorld(t, "")
	var bet *stats.Bet
	var most float64
	for i := range 120 {
		arm := "A"
		if i%2 == 1 {
			arm = "B"
		}
		seconds := 30 + float64(i%20)
		if i == 100 {
			seconds = 3000 // past the cut, which it does not move
		}
		id := callID(i + 1)
		w.report(t, at(w.assigned(id, 1, arm), i))
		w.report(t, ended(id, tandem.ByCaller, seconds))
		y := seconds
		if i < cutFrom {
			if most = max(most, y); i == cutFrom-1 {
				b := stats.Bounds{Low: 0, High: cutTimes * most}
				bet = mustBet(b, false, stats.Grid(b, false), Alpha)
			}
			continue
		}
		if err := bet.Fold(arm == "B", 0.5, min(y, cutTimes*most)); err != nil {
			t.Fatal(err)
		}
	}
	fold := newState(w.frame(t), tandem.DefaultMaxCallSeconds)
	for _, c := range w.inOrder(w.test.ID) {
		if err := fold.fold(&c); err != nil {
			t.Fatal(err)
		}
	}
	p := pairOf(t, fold.standing(), tandem.MetricDuration, "B")
	if p.Cut != cutTimes*49 {
		t.Errorf("cut at %v; want four times 49", p.Cut)
	}
	if p.Bet == nil || p.Bet.LogE != bet.LogE() || p.Bet.LogP != bet.LogP() || p.Bet.Interval != bet.Interval() {
		t.Errorf("bet %+v; want ln e %v, ln p %v, %v", p.Bet, bet.LogE(), bet.LogP(), bet.Interval())
	}
}

// at sets the time of an assignment, so that calls are in order.
func at(e tandem.Event, minute int) tandem.Event {
	e.At = epoch.Add(time.Duration(minute) * time.Minute)
	return e
}

func TestResultsTellWhereDurationsAreCut(t *testing.T) {
	cut := 200.0
	metrics := []Metric{
		{Label: "Completion rate", Kind: tandem.Proportion, Against: []Comparison{{Evidence: &PairEvidence{}}}},
		{Label: "Duration", Kind: tandem.Mean, Unit: "s", Against: []Comparison{{Evidence: &PairEvidence{CutAt: &cut}}, {Evidence: &PairEvidence{CutAt: &cut}}}},
	}
	got := cutNotes(metrics)
	if want := "Duration: in the evidence, what is longer than 200 s counts as that: four times the longest of the first 50 values, but no more than the route's longest call."; len(got) != 1 || got[0] != want {
		t.Errorf("%q; want %q", got, want)
	}
}

package results

import (
	"testing"
	"time"
)

func TestTheHistoryOfThePrimaryMetricStaysWhenOthersAreLeftOut(t *testing.T) {
	against := func() []Comparison {
		return []Comparison{{Arm: "B", Evidence: &PairEvidence{Arm: "B", N: 7, Track: []BandPoint{{At: time.Unix(1, 0), N: 7}}}}, {Arm: "C"}}
	}
	r := Results{Metrics: []Metric{{Name: "duration", Against: against()}, {Name: "completion", Primary: true, Against: against()}}}
	r.DropTracks()
	if e := r.Metric("duration").Against[0].Evidence; e.Track != nil || e.N != 7 {
		t.Errorf("of another metric: %+v; expected all but its history", e)
	}
	if e := r.Metric("completion").Against[0].Evidence; len(e.Track) != 1 {
		t.Errorf("of the primary metric: %+v; expected its history", e)
	}
}

package results

import (
	"slices"
	"testing"

	"tandem"
)

func TestAVerdictRestsOnSharesAndAverages(t *testing.T) {
	fields := []tandem.Field{
		{Name: "booked", Type: tandem.Boolean},
		{Name: "amount", Type: tandem.Number},
		{Name: "reason", Type: tandem.Selector},
		{Name: "summary", Type: tandem.Text},
		{Name: "booked", Type: tandem.Boolean}, // of the other version
		{Name: "torn", Type: tandem.Number},
		{Name: "torn", Type: tandem.Boolean},
	}
	got := Decidable(fields)
	if want := []string{"field.booked", "field.amount"}; !slices.Equal(got[len(got)-2:], want) || got[len(got)-3] != tandem.MetricDeadEnd {
		t.Errorf("decidable are %v; want %v last", got, want)
	}
	for metric, want := range map[string]bool{
		"completion": true, "latency": true, "cost.EUR": true, "field.amount": true,
		"cost.": false, "ended_by": false, "calls": false, "field.reason": false, "field.summary": false,
		"field.torn": false, "field.unknown": false, "caller_hangup": false, "": false,
	} {
		if IsDecidable(metric, fields) != want {
			t.Errorf("%q: %t; want %t", metric, !want, want)
		}
	}
}

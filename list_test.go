package tandem_test

import (
	"testing"
	"time"

	"tandem"
)

func TestFilterKeepsWhatItAsksFor(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	yes, no, ms := true, false, int64(90_000)
	call := tandem.Call{
		Assigned: &tandem.Fact[tandem.Assignment]{At: at, Value: tandem.Assignment{RouteID: "r", TestID: "t", Arm: "B", VersionID: "v"}},
		Ended:    &tandem.Fact[tandem.Ending]{Value: tandem.Ending{By: tandem.ByCaller, DurationMS: &ms}},
		Transfer: &tandem.Fact[tandem.Transfer]{Value: tandem.Transfer{State: tandem.TransferCompleted}},
		Turns:    &tandem.Fact[int]{Value: 3},
		Values: map[string]tandem.Fact[any]{
			"booked": {Value: true}, "amount": {Value: 42.0}, "small": {Value: 1e-7}, "reason": {Value: "opening hours"}, "gone": {Value: nil},
		},
		Goal: &yes,
	}
	for name, c := range map[string]struct {
		filter tandem.CallFilter
		want   bool
	}{
		"nothing":                        {tandem.CallFilter{}, true},
		"its route":                      {tandem.CallFilter{RouteID: "r"}, true},
		"another route":                  {tandem.CallFilter{RouteID: "x"}, false},
		"at least its length":            {tandem.CallFilter{MinLength: 90 * time.Second}, true},
		"longer":                         {tandem.CallFilter{MinLength: 90*time.Second + 1}, false},
		"at most its length":             {tandem.CallFilter{MaxLength: 90 * time.Second}, true},
		"shorter":                        {tandem.CallFilter{MaxLength: 90*time.Second - 1}, false},
		"its test":                       {tandem.CallFilter{TestID: "t"}, true},
		"another test":                   {tandem.CallFilter{TestID: "x"}, false},
		"its arm":                        {tandem.CallFilter{Arm: "B"}, true},
		"another arm":                    {tandem.CallFilter{Arm: "A"}, false},
		"its version":                    {tandem.CallFilter{VersionID: "v"}, true},
		"another version":                {tandem.CallFilter{VersionID: "x"}, false},
		"its stage":                      {tandem.CallFilter{Stage: tandem.StageAnalyzed}, true},
		"another stage":                  {tandem.CallFilter{Stage: tandem.StageLost}, false},
		"who ended it":                   {tandem.CallFilter{EndedBy: tandem.ByCaller}, true},
		"somebody else":                  {tandem.CallFilter{EndedBy: tandem.ByAgent}, false},
		"transferred":                    {tandem.CallFilter{Transferred: &yes}, true},
		"not transferred":                {tandem.CallFilter{Transferred: &no}, false},
		"goal met":                       {tandem.CallFilter{Goal: tandem.GoalMet}, true},
		"goal not met":                   {tandem.CallFilter{Goal: tandem.GoalNotMet}, false},
		"goal unknown":                   {tandem.CallFilter{Goal: tandem.GoalUnknown}, false},
		"a boolean":                      {tandem.CallFilter{Field: "booked", Value: "true"}, true},
		"the other boolean":              {tandem.CallFilter{Field: "booked", Value: "false"}, false},
		"a number":                       {tandem.CallFilter{Field: "amount", Value: "42"}, true},
		"the number written differently": {tandem.CallFilter{Field: "amount", Value: "42.0"}, false},
		"a small number":                 {tandem.CallFilter{Field: "small", Value: "0.0000001"}, true},
		"a text":                         {tandem.CallFilter{Field: "reason", Value: "opening hours"}, true},
		"part of a text":                 {tandem.CallFilter{Field: "reason", Value: "opening"}, false},
		"an unknown value":               {tandem.CallFilter{Field: "gone", Value: ""}, false},
		"a value not reported":           {tandem.CallFilter{Field: "other", Value: ""}, false},
		"a transcript":                   {tandem.CallFilter{HasTranscript: true}, true},
		"since that moment":              {tandem.CallFilter{Since: at}, true},
		"since later":                    {tandem.CallFilter{Since: at.Add(1)}, false},
		"before later":                   {tandem.CallFilter{Before: at.Add(1)}, true},
		"before that moment":             {tandem.CallFilter{Before: at}, false},
		"all of it":                      {tandem.CallFilter{TestID: "t", Arm: "B", Goal: tandem.GoalMet, Field: "booked", Value: "true", HasTranscript: true}, true},
		"all but one":                    {tandem.CallFilter{TestID: "t", Arm: "B", Goal: tandem.GoalMet, Field: "booked", Value: "false", HasTranscript: true}, false},
	} {
		if got := c.filter.Match(call); got != c.want {
			t.Errorf("%s: %t; want %t", name, got, c.want)
		}
	}
}

func TestFilterOnAnUnassignedCall(t *testing.T) {
	for name, c := range map[string]struct {
		filter tandem.CallFilter
		want   bool
	}{
		"nothing":         {tandem.CallFilter{}, true},
		"a test":          {tandem.CallFilter{TestID: "t"}, false},
		"since":           {tandem.CallFilter{Since: time.Unix(0, 0)}, false},
		"before":          {tandem.CallFilter{Before: time.Now().Add(time.Hour)}, false},
		"goal unknown":    {tandem.CallFilter{Goal: tandem.GoalUnknown}, true},
		"not transferred": {tandem.CallFilter{Transferred: new(bool)}, true},
		"ended by caller": {tandem.CallFilter{EndedBy: tandem.ByCaller}, false},
		"a transcript":    {tandem.CallFilter{HasTranscript: true}, false},
	} {
		if got := c.filter.Match(tandem.Call{}); got != c.want {
			t.Errorf("%s: %t; want %t", name, got, c.want)
		}
	}
}

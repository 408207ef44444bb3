package tandem

import "testing"

func gapAlarm(concerns ...Concern) Verdict {
	return Verdict{Alarms: []Alarm{{Check: CheckCoverage, Text: "Outcomes are missing unevenly.", Concerns: concerns}}}
}

func TestOnlyAnOpenAlarmIsAcknowledged(t *testing.T) {
	test := rampedTest(t)
	lost := Concern{Kind: "lost", Arm: "B", Strength: 7}
	if err := test.Acknowledge(gapAlarm(lost), "mood", "ops", "", guardEpoch); CodeOf(err) != Invalid {
		t.Errorf("a check that is none: %v", err)
	}
	for name, v := range map[string]Verdict{"nothing failed": {}, "another check failed": {Alarms: []Alarm{{Check: CheckSampleRatio}}}} {
		if err := test.Acknowledge(v, CheckCoverage, "ops", "", guardEpoch); CodeOf(err) != Conflict {
			t.Errorf("%s: %v", name, err)
		}
	}
	v := gapAlarm(lost)
	if err := test.Acknowledge(v, CheckCoverage, "ops", "a trunk was down", guardEpoch); err != nil {
		t.Fatal(err)
	}
	a, ok := test.Acknowledgement(v.Alarms[0])
	if !ok || a.By != "ops" || a.Note != "a trunk was down" {
		t.Errorf("%+v, %v", a, ok)
	}
	v.Alarms[0].Acknowledged = &a
	if err := test.Acknowledge(v, CheckCoverage, "ops", "", guardEpoch); CodeOf(err) != Conflict {
		t.Errorf("acknowledged twice: %v", err)
	}
}

func TestAnAcknowledgementCoversWhatWasKnown(t *testing.T) {
	test := rampedTest(t)
	lost := func(arm string, strength float64) Concern { return Concern{Kind: "lost", Arm: arm, Strength: strength} }
	covered := func(concerns ...Concern) bool {
		_, ok := test.Acknowledgement(gapAlarm(concerns...).Alarms[0])
		return ok
	}
	if covered(lost("B", 7)) {
		t.Error("covered before anybody acknowledged it")
	}
	if err := test.Acknowledge(gapAlarm(lost("B", 7)), CheckCoverage, "ops", "", guardEpoch); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		now  []Concern
		want bool
	}{
		{"the same", []Concern{lost("B", 7)}, true},
		{"weaker", []Concern{lost("B", 1)}, true},
		{"twice as strong", []Concern{lost("B", 14)}, true},
		{"stronger than that", []Concern{lost("B", 14.1)}, false},
		{"in another arm", []Concern{lost("C", 7)}, false},
		{"in another arm as well", []Concern{lost("B", 7), lost("C", 7)}, false},
		{"of another kind", []Concern{{Kind: "outcome", Arm: "B", Strength: 7}}, false},
	} {
		if got := covered(c.now...); got != c.want {
			t.Errorf("%s: covered %t", c.name, got)
		}
	}
	if _, ok := test.Acknowledgement(Alarm{Check: CheckSampleRatio, Concerns: []Concern{lost("B", 7)}}); ok {
		t.Error("another check is covered")
	}
	if err := test.Acknowledge(gapAlarm(lost("C", 7)), CheckCoverage, "eve", "", guardEpoch); err != nil {
		t.Fatal(err)
	}
	if !covered(lost("B", 14), lost("C", 7)) {
		t.Error("two acknowledgements together do not cover what each covers")
	}
	if a, _ := test.Acknowledgement(gapAlarm(lost("B", 7)).Alarms[0]); a.By != "eve" {
		t.Errorf("%+v; want the last", a)
	}
}

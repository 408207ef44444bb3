package main

import (
	"reflect"
	"testing"
	"time"

	"tandem"
)

func TestTheSameSeedMakesTheSameCalls(t *testing.T) {
	began := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	made := func(seed uint64) []tandem.Event {
		w := &world{Calls: 200, Seed: seed, Test: tandem.Test{ID: tandem.DeriveCallID("test", "1", began)}}
		for n := range arms {
			w.Test.Arms = append(w.Test.Arms, tandem.Arm{Key: tandem.ArmKey(n), VersionID: tandem.DeriveCallID("version", tandem.ArmKey(n), began)})
		}
		c := newCallers(w, began)
		return append(c.next(150), c.next(50)...)
	}
	one := made(1)
	if !reflect.DeepEqual(one, made(1)) {
		t.Error("the calls of one seed differ from one time to the next")
	}
	if reflect.DeepEqual(one, made(2)) {
		t.Error("another seed makes the same calls")
	}
	for _, e := range one {
		if err := e.Validate(); err != nil {
			t.Fatalf("event %s: %v", e.ID, err)
		}
	}
}

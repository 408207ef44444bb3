package api_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/sample"
)

func TestASampleIsDrawnAgainFromItsSeedAndAsOf(t *testing.T) {
	s := start(t)
	_, test := s.running("+14155550100", 50)
	report := func(n int) {
		for i := range n {
			path := "/v1/calls/" + string(s.ask("+14155550100").CallID) + "/events"
			s.do(s.ingest, "POST", path, fmt.Sprintf(`[
				{"id":"1","kind":"ended","ended":{"by":"caller","duration_ms":60000}},
				{"id":"2","kind":"analysis","analysis":{"booked":%v}},
				{"id":"3","kind":"transcript","transcript":[{"role":"agent","text":"Hello"}]}]`, i%2 == 0)).want(200, nil)
		}
	}
	report(40)
	path := "/v1/tests/" + string(test.ID) + "/sample?seed=7&per_arm=3&goal=met&has_transcript=true"
	var first, again sample.Sample
	s.do(s.read, "GET", path, nil).want(200, &first)
	if len(first.Arms) != 2 || len(first.Arms[0].Calls) == 0 || len(first.Arms[0].Calls[0].Turns) != 1 {
		t.Fatalf("drew %+v", first)
	}
	for _, arm := range first.Arms {
		for _, c := range arm.Calls {
			if c.Call.Goal == nil || !*c.Call.Goal || c.Call.Assigned.Value.Arm != arm.Arm {
				t.Errorf("arm %s drew %+v", arm.Arm, c.Call)
			}
		}
	}
	report(20)
	s.do(s.read, "GET", fmt.Sprintf("%s&as_of=A:%d,B:%d", path, first.AsOf["A"], first.AsOf["B"]), nil).want(200, &again)
	if d := cmp.Diff(first, again); d != "" {
		t.Error(d)
	}
	var one sample.Sample
	s.do(s.read, "GET", path+"&arm=B", nil).want(200, &one)
	if len(one.Arms) != 1 || one.Arms[0].Arm != "B" {
		t.Errorf("arm B alone: %+v", one)
	}
	for query, place := range map[string]string{"as_of=A": "query.as_of", "arm=Z": "query.arm", "per_arm=99": "query.per_arm", "seed=x": "query.seed", "value=x": "query.field"} {
		s.do(s.read, "GET", "/v1/tests/"+string(test.ID)+"/sample?"+query, nil).refused(422, place)
	}
}

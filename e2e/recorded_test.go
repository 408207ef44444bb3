package e2e

import (
	"encoding/json"
	"net/url"
	"slices"
	"testing"
	"time"

	"tandem/internal/corpus"
)

// recorded is one call of the file, as these tests read it by themselves.
type recorded struct {
	ID         string            `json:"id"`
	Arm        map[string]string `json:"arm"`
	StartedAt  string            `json:"started_at"`
	DurationMS int64             `json:"duration_ms"`
	Outcome    struct{ Success bool }
	Turns      []turn
}

type turn struct {
	Role        string `json:"role"`
	Text        string `json:"text"`
	StartMS     int64  `json:"start_ms"`
	EndMS       int64  `json:"end_ms"`
	Interrupted bool   `json:"interrupted"`
}

const dstc2 = "calls/dstc2.train.jsonl.gz"

// realCalls gives the recorded calls and where they are; it skips where they
// are not.
func realCalls(t *testing.T) (path string, calls []recorded) {
	t.Helper()
	path, calls = corpus.Path(t, dstc2), slices.Collect(corpus.All[recorded](t, dstc2))
	if len(calls) != 1612 {
		t.Fatalf("the file holds %d calls, want 1612", len(calls))
	}
	return path, calls
}

// figures holds one arm's results against the calls that belong to it.
func figures(t *testing.T, r results, arm string, calls []recorded) {
	t.Helper()
	var met int64
	var seconds, bargeIns, turns []float64
	for _, c := range calls {
		if c.Outcome.Success {
			met++
		}
		seconds = append(seconds, float64(c.DurationMS)/1000)
		barged := 0.0
		for _, turn := range c.Turns {
			if turn.Role == "agent" && turn.Interrupted {
				barged++
			}
		}
		bargeIns, turns = append(bargeIns, barged), append(turns, float64(len(c.Turns)))
	}
	n := int64(len(calls))
	for _, metric := range []string{"calls", "ended"} {
		if got := r.metric(t, metric, arm).N; got != n {
			t.Errorf("arm %s has %d %s, want %d", arm, got, metric, n)
		}
	}
	if m := r.metric(t, "completion", arm); m.N != n || m.Successes == nil || *m.Successes != met {
		t.Errorf("completion of arm %s is %s, want %d of %d", arm, ofN(m), met, n)
	}
	meanHolds(t, r.metric(t, "duration", arm), seconds)
	meanHolds(t, r.metric(t, "field.barge_ins", arm), bargeIns)
	meanHolds(t, r.metric(t, "field.turns", arm), turns)
}

func TestAnImportedExperimentHasTheFiguresOfItsFile(t *testing.T) {
	path, calls := realCalls(t)
	s := newServer(t, "")
	for _, by := range []string{"acoustic", "dialog_manager", "code"} {
		var made struct {
			TestID string `json:"test_id"`
			Calls  int    `json:"calls"`
		}
		for range 2 { // the second time changes nothing
			s.tandemJSON(&made, "import", path, "--route", "spring-of-2013", "--arm-by", by)
		}
		if made.Calls != len(calls) {
			t.Errorf("import says that it took %d calls, want %d", made.Calls, len(calls))
		}
		byArm := map[string][]recorded{}
		for _, c := range calls {
			byArm[c.Arm[by]] = append(byArm[c.Arm[by]], c)
		}
		r := s.results(made.TestID)
		for i, value := range sortedKeys(byArm) {
			figures(t, r, string(rune('A'+i)), byArm[value])
		}
		if r.Status != "recorded" || len(r.Quality) != len(byArm) {
			t.Errorf("by %s the test is %s with %d arms, want recorded with %d", by, r.Status, len(r.Quality), len(byArm))
		}
	}
	if n := s.verify(); n != int64(3*len(calls)) {
		t.Errorf("verify read %d calls, want %d", n, 3*len(calls))
	}
}

func sortedKeys[V any](m map[string]V) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func TestRealCallsReplayedThroughTheGatewayGiveEachArmTheFiguresOfItsCalls(t *testing.T) {
	path, file := realCalls(t)
	s := newServer(t, "")
	const number = "+14155550109"
	var sum struct{ Placed, Answered, Failed, Posted int }
	began := time.Now()
	s.tandemJSON(&sum, "replay", path, "--route", number, "--sip", s.sip, "--setup", "--speed", "max")
	t.Logf("%d calls replayed in %s", sum.Placed, time.Since(began).Round(time.Second))
	if sum.Placed != len(file) || sum.Answered != len(file) || sum.Posted != len(file) {
		t.Fatalf("replay says %+v, want all of %d", sum, len(file))
	}
	s.settled()

	// A call is known by what was said in it: no two have the same turns.
	saying := map[string]recorded{}
	for _, c := range file {
		saying[said(c.Turns)] = c
	}
	if len(saying) != len(file) {
		t.Fatalf("%d of the file's calls share their turns with another", len(file)-len(saying))
	}
	byArm := map[string][]recorded{}
	testID := ""
	for _, c := range s.calls(url.Values{"route": {number}}) {
		var transcript struct{ Turns []turn }
		s.must("GET", "/v1/calls/"+c.ID+"/transcript", nil, &transcript)
		played, ok := saying[said(transcript.Turns)]
		if !ok {
			t.Fatalf("call %s has a transcript that no recorded call has, or one that another call has too", c.ID)
		}
		delete(saying, said(transcript.Turns))
		byArm[c.Assigned.Value.Arm] = append(byArm[c.Assigned.Value.Arm], played)
		testID = c.Assigned.Value.TestID
		if c.NotRandomised != "" || c.Answered == nil || c.Answered.Origin != "sip" || c.Goal == nil || *c.Goal != played.Outcome.Success {
			t.Errorf("call %s of %s: not randomised %q, answered %v, goal %v; recorded success %v", c.ID, played.ID, c.NotRandomised, c.Answered, c.Goal, played.Outcome.Success)
		}
	}
	if len(saying) > 0 {
		t.Errorf("%d recorded calls have no call", len(saying))
	}
	r := s.results(testID)
	for _, arm := range []string{"A", "B"} {
		figures(t, r, arm, byArm[arm])
	}
	s.stop()
	if n := s.verify(); n != int64(len(file)) {
		t.Errorf("verify read %d calls, want %d", n, len(file))
	}
}

// said writes turns as text that is equal only when they are.
func said(turns []turn) string {
	raw, _ := json.Marshal(turns) // text and numbers always encode
	return string(raw)
}

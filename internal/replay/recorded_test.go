package replay

import (
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem"
	"tandem/internal/corpus"
)

// straight is what a reader of the file finds without this package's help.
type straight struct {
	calls, success, unknown, bargeIns, millis int64
}

func readStraight(t *testing.T, path, by string) map[string]*straight {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in, err := unzip(f)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*straight{}
	dec := json.NewDecoder(in)
	for dec.More() {
		var r map[string]any
		if err := dec.Decode(&r); err != nil {
			t.Fatal(err)
		}
		arm := r["arm"].(map[string]any)[by].(string)
		if out[arm] == nil {
			out[arm] = &straight{}
		}
		s := out[arm]
		s.calls++
		s.millis += int64(r["duration_ms"].(float64))
		switch r["outcome"].(map[string]any)["success"] {
		case true:
			s.success++
		case nil:
			s.unknown++
		}
		for _, turn := range r["turns"].([]any) {
			if turn.(map[string]any)["interrupted"] == true {
				s.bargeIns++
			}
		}
	}
	return out
}

func recordedTest(shares []ArmShare) RecordedTest {
	test := tandem.Test{
		ID: tandem.NewID(time.Now()), RouteID: tandem.NewID(time.Now()), Status: tandem.Recorded,
		Phases: []tandem.Phase{{Number: 1}},
	}
	for i := range shares {
		test.Arms = append(test.Arms, tandem.Arm{Key: tandem.ArmKey(i), VersionID: tandem.NewID(time.Now())})
	}
	return RecordedTest{Test: test, By: "acoustic", Shares: shares}
}

func TestImportedCallsSayWhatTheFileSays(t *testing.T) {
	path := corpus.Path(t, "calls/dstc2.train.jsonl.gz")
	want := readStraight(t, path, "acoustic")
	shares, err := Arms(ReadFile(path), "acoustic")
	if err != nil {
		t.Fatal(err)
	}
	rec := recordedTest(shares)
	calls := map[tandem.ID]*tandem.Call{}
	ids := map[string]bool{}
	for c, err := range ReadFile(path) {
		if err != nil {
			t.Fatal(err)
		}
		events, err := rec.Events(c)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			if err := e.Validate(); err != nil {
				t.Fatalf("%s: %v", e.ID, err)
			}
			if ids[e.ID] {
				t.Fatalf("event id %s is there twice", e.ID)
			}
			ids[e.ID] = true
			if calls[e.CallID] == nil {
				calls[e.CallID] = &tandem.Call{ID: e.CallID}
			}
			calls[e.CallID].Apply(e)
		}
	}
	got := map[string]*straight{}
	probability := 0.0
	for i, s := range shares {
		got[s.Value] = &straight{}
		probability += s.Share
		key := rec.Test.Arms[i].Key
		for _, c := range calls {
			if c.Assigned.Value.Arm != key {
				continue
			}
			a := got[s.Value]
			a.calls++
			d, known := c.Duration()
			if !known || c.Stage() != tandem.StageAnalyzed {
				t.Fatalf("call %s is %s with duration known %v", c.ID, c.Stage(), known)
			}
			a.millis += d.Milliseconds()
			switch c.Values[FieldSuccess].Value {
			case true:
				a.success++
			case nil:
				a.unknown++
			}
			a.bargeIns += int64(c.Values[FieldBargeIns].Value.(float64))
			if c.Assigned.Value.Probability != s.Share {
				t.Fatalf("probability %v; expected the arm's share %v", c.Assigned.Value.Probability, s.Share)
			}
		}
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(straight{})); diff != "" {
		t.Error(diff)
	}
	if math.Abs(probability-1) > 1e-12 {
		t.Errorf("the arms' shares add up to %v", probability)
	}
	if len(calls) != 1612 {
		t.Errorf("%d calls; the file has 1612", len(calls))
	}
}

func TestImportingAgainGivesTheSameEvents(t *testing.T) {
	c := Conversation{ID: "a", Arm: map[string]any{"acoustic": "x"}, StartedAt: time.Unix(1e9, 0).UTC(), DurationMS: ptr(int64(1000))}
	rec := recordedTest([]ArmShare{{Value: "x", Share: 0.5}, {Value: "y", Share: 0.5}})
	one, err := rec.Events(c)
	if err != nil {
		t.Fatal(err)
	}
	two, _ := rec.Events(c)
	if diff := cmp.Diff(one, two); diff != "" {
		t.Error(diff)
	}
	other := recordedTest(rec.Shares)
	three, _ := other.Events(c)
	if one[0].CallID == three[0].CallID {
		t.Error("the same conversation in two tests is one call; expected two")
	}
	if one[2].Kind != tandem.EventEnded || !one[2].At.Equal(c.StartedAt.Add(time.Second)) {
		t.Errorf("the third event is %s at %s; expected the end a second after the start", one[2].Kind, one[2].At)
	}
}

func TestArmsThatMakeNoExperimentAreRefused(t *testing.T) {
	at := time.Unix(1e9, 0)
	call := func(v any) Conversation {
		return Conversation{ID: "c", StartedAt: at, Arm: map[string]any{"arm": v}}
	}
	many := make([]Conversation, 11)
	for i := range many {
		many[i] = call(float64(i))
	}
	for name, tc := range map[string]struct {
		calls []Conversation
		want  string
	}{
		"one arm only":  {[]Conversation{call("a"), call("a")}, "has 1 different values"},
		"too many arms": {many, "has 11 different values"},
		"no arm":        {[]Conversation{call("a"), call(nil)}, "arm.arm: of conversation c is missing"},
		"no start":      {[]Conversation{{ID: "c", Arm: map[string]any{"arm": "a"}}}, "started_at: of conversation c is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Arms(seq(tc.calls), "arm")
			if tandem.CodeOf(err) != tandem.Invalid || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v; expected Invalid with %q", err, tc.want)
			}
		})
	}
	got, err := Arms(seq([]Conversation{call(true), call(false), call(true), call(true)}), "arm")
	want := []ArmShare{{Value: "false", Calls: 1, Share: 0.25}, {Value: "true", Calls: 3, Share: 0.75}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

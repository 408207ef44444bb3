package cli

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem"
)

func (f *fakeAPI) topicsRoutes(handle handler) {
	handle("GET /v1/tests/{test}/topics", func(*http.Request, []byte) (any, error) {
		if len(f.topics) == 0 || len(f.asked) == 0 && f.topics[0] == "" {
			return nil, tandem.Errorf(tandem.NotFound, "", "not grouped yet")
		}
		next := f.topics[0]
		if next == "" {
			next = f.topics[1]
			f.topics = f.topics[1:]
		}
		if len(f.topics) > 1 {
			f.topics = f.topics[1:]
		}
		return next, nil
	})
	handle("POST /v1/tests/{test}/topics", func(_ *http.Request, body []byte) (any, error) {
		f.asked = append(f.asked, string(body))
		return tandem.Grouping{State: tandem.GroupingDue}, nil
	})
}

const grouped = `{"grouping":{"by":"intent","state":"done"},"calls_since":12,"report":{"label":"Exploratory: read with care.","calls":1200,"grouped":1100,
 "groups":[{"key":"intent.1","name":"Table bookings","description":"Callers book a table.","terms":["table","book"],"typical":[{"call_id":"c1","said":"A table"}],"calls":700,
   "share":{"name":"share","label":"Share of calls","kind":"proportion","arms":[{"arm":"A","n":600,"value":0.55},{"arm":"B","n":600,"value":0.61}],"against":[{"arm":"B","value":0.06,"interval":{"low":0.01,"high":0.11},"adjusted":0.04}]},
   "metrics":[{"name":"completion","label":"Completion rate","kind":"proportion","arms":[{"arm":"A","n":300,"value":0.7},{"arm":"B","n":350,"unknown":20,"value":0.9}],"against":[{"arm":"B","value":0.2,"interval":{"low":0.1,"high":0.3},"adjusted":1e-9}]},
    {"name":"duration","label":"Duration","kind":"mean","unit":"s","arms":[{"arm":"A","n":300,"value":70.4},{"arm":"B","n":350,"value":31}],"against":[{"arm":"B","value":-39.4,"interval":{"low":-45,"high":-33},"adjusted":0.0002}]},
    {"name":"sentiment","label":"Sentiment","kind":"mean","arms":[{"arm":"A","n":0},{"arm":"B","n":0}],"against":[{"arm":"B"}]}]}],
 "interactions":[{"metric":"completion","label":"Completion rate","arm":"B","against":"A","groups":4,"left_out":["intent.5"],"q":9.31,"p":0.02,"adjusted":0.06}],
 "situations":[{"key":"situation.dead_end","name":"Dead end","calls":40,"share":{"name":"share","label":"Share of calls","kind":"proportion","arms":[{"arm":"A","n":600,"value":0.02},{"arm":"B","n":600,"value":0.05}],"against":[{"arm":"B","value":0.03,"adjusted":0.2}]},"metrics":[]}],
 "situation_interactions":[{"situation":"situation.dead_end","label":"Completion rate","arm":"B","against":"A","groups":2,"q":12,"p":0.0005,"adjusted":0.004},{"situation":"situation.short","label":"Duration","arm":"B","against":"A","note":"few"}],
 "notes":["A note."]}}`

func TestTopicsAreLaidOut(t *testing.T) {
	f, do := started(t, "--name x")
	f.topics = []string{grouped}
	_, brief, errs := do("topics +14155550100")
	_, all, _ := do("topics +14155550100 --all")
	if errs != "" || len(f.asked) != 0 {
		t.Errorf("%s, asked %v", errs, f.asked)
	}
	golden(t, "topics.txt", brief+"\n"+all)
}

func TestTopicsAreAskedForWhenThereAreNoneOrOthersAreWanted(t *testing.T) {
	const due = `{"grouping":{"by":"intent","state":"due","progress":{"step":"counting","done":5,"total":9}}}`
	for line, want := range map[string][]string{
		"topics +14155550100":                      {`{"by":"intent"}`},
		"topics +14155550100 --by failure --k 4":   {`{"by":"failure","k":4}`},
		"topics +14155550100 --again":              {`{"by":"intent","again":true}`},
		"topics +14155550100 --update --by intent": {`{"by":"intent"}`},
	} {
		f, do := started(t, "--name x")
		f.topics = []string{"", due, grouped}
		code, out, errs := do(line)
		if code != 0 || !strings.Contains(out, "Table bookings") {
			t.Errorf("%s: exit %d, %s", line, code, errs)
		}
		if d := cmp.Diff(want, f.asked); d != "" {
			t.Errorf("%s: %s", line, d)
		}
	}
	f, do := started(t, "--name x")
	f.topics = []string{"", `{"grouping":{"state":"failed","last_error":"no luck"}}`}
	if code, _, errs := do("topics +14155550100"); code != exitFailed || !strings.Contains(errs, "no luck") {
		t.Errorf("one that failed: exit %d, %s", code, errs)
	}
}

func TestSamplesAndListsAreFilteredByGroup(t *testing.T) {
	f, do := started(t, "--name x")
	do("sample +14155550100 --group intent.2")
	do("calls --test 01890000-0000-7000-8000-000000000000 --group situation.short")
	seen := strings.Join(f.seen, "\n")
	for _, want := range []string{"group=intent.2", "group=situation.short"} {
		if !strings.Contains(seen, want) {
			t.Errorf("%s was not asked for in\n%s", want, seen)
		}
	}
}

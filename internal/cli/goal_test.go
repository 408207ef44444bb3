package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"tandem"
)

// goalRoutes answer what is asked about goals: any with a blank at its end is bad.
func (f *fakeAPI) goalRoutes(handle handler) {
	handle("PATCH /v1/tests/{test}", func(r *http.Request, body []byte) (any, error) {
		t, err := f.test(r.PathValue("test"))
		if err != nil {
			return nil, err
		}
		if r.Header.Get("If-Match") != strconv.Quote(fmt.Sprint(t.Revision)) {
			return nil, tandem.Errorf(tandem.Stale, "", "the test is at revision %d", t.Revision)
		}
		var in struct{ Goal, Note string }
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, err
		}
		return t, t.ChangeGoal(tandem.GoalChange{At: time.Now(), By: "tester", To: in.Goal, Note: in.Note})
	})
	handle("POST /v1/goals/check", func(_ *http.Request, body []byte) (any, error) {
		var in struct {
			Goal     string
			Versions []string
		}
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, err
		}
		out := map[string]any{
			"ok": true, "errors": []any{}, "warnings": []string{"checked against " + strings.Join(in.Versions, " and ")},
			"names": []any{
				map[string]any{"name": "call.duration_seconds", "type": "double", "doc": "from answer to end"},
				map[string]any{"name": "fields.reason", "type": "string", "doc": "Why they call. In a word.", "choices": []string{"new", "change"}},
			},
		}
		if line, _, bad := strings.Cut(in.Goal, "="); bad {
			out["ok"], out["warnings"] = false, []string{}
			out["errors"] = []any{map[string]any{"line": 1, "column": len(line) + 1, "message": "is no goal"}}
		}
		return out, nil
	})
}

func TestAGoalIsCheckedAndWhatIsWrongIsPointedAt(t *testing.T) {
	_, do := started(t, "--name x")
	code, out, errs := do("goal check fields.booked --a a@1 --b a@2")
	if code != 0 {
		t.Fatal(errs)
	}
	expect(t, "goal check", out, "The goal is good.", "warning: checked against a@1 and a@2", "call.duration_seconds", "from answer to end", "Why they call: new, change")
	code, _, errs = do("goal check fields.booked=")
	if want := "goal: 1:14: is no goal\n    fields.booked=\n                 ^"; code != exitFailed || !strings.Contains(errs, want) {
		t.Errorf("exit %d, %s; want %s", code, errs, want)
	}
	code, out, errs = do("goal check fields.booked= --json")
	var check struct{ OK bool }
	if err := json.Unmarshal([]byte(out), &check); code != exitFailed || err != nil || check.OK || errs == "" {
		t.Errorf("exit %d, %v, %s%s", code, err, out, errs)
	}
}

func TestAGoalIsChangedAgainstTheTestsRevision(t *testing.T) {
	f, do := started(t, "--name x --goal fields.booked")
	code, out, errs := do("test goal +14155550100 call.transferred -m 'it was wrong'")
	if code != 0 || !strings.Contains(out, "counted anew") {
		t.Fatalf("exit %d, %s%s", code, out, errs)
	}
	if ch := f.tests[0].GoalChanges; len(ch) != 1 || ch[0].To != "call.transferred" || ch[0].Note != "it was wrong" {
		t.Errorf("changes %+v", ch)
	}
	_, out, _ = do("test goal +14155550100 call.transferred")
	expect(t, "the same goal", out, "That is the goal already.")
	_, out, _ = do("test show +14155550100")
	expect(t, "test show", out, "call.transferred", "until ", ": fields.booked")
}

func TestResultsTellOfAChangedGoalAndOfFieldsThatSayLittle(t *testing.T) {
	f, do := started(t, "--name x")
	f.results = `{"route":"+14155550100","status":"running","unit":"call","goal":"call.transferred","started_at":"2026-05-04T09:00:00Z",
		"goal_changes":[{"at":"2026-05-04T09:30:00Z","by":"ops","from":"","to":"call.transferred","calls":1,"note":"why not"}],
		"recounting":{"done":12000,"total":40000,"text":"Re-counting: 12,000 of 40,000 calls under the changed goal"},
		"not_comparable":[{"field":"price","arm":"B","against":"A","reason":"the units differ: EUR in A, USD in B"}],
		"arms":[{"key":"A","version":"a@1","weight":50},{"key":"B","version":"a@2","weight":50}],"phases":[{"number":1}],"verdict":{"text":"Held."},
		"metrics":[{"name":"field.booked","label":"Booked","kind":"proportion","arms":[{"arm":"A","n":190},{"arm":"B","n":136}],
			"answers":[{"arm":"A","analyzed":200,"unknown":10},{"arm":"B","analyzed":200,"unknown":60,"unreported":4}],"unknown_gaps":[{"arm":"B","uneven":true}]}]}`
	code, out, errs := do("results +14155550100")
	if code != 0 {
		t.Fatal(errs)
	}
	out = strings.Join(strings.Fields(out), " ")
	expect(t, "results", out, "by ops, after 1 call; before: none (why not)", "Re-counting: 12,000 of 40,000 calls under the changed goal",
		"not compared, price in A and B: the units differ: EUR in A, USD in B",
		"Booked is unknown in analysed calls: A 10 of 200, B 60 of 200 and 4 not reported (uneven:")
}

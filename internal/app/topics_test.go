package app

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem"
	"tandem/internal/assign"
	"tandem/internal/sample"
	"tandem/internal/topics"
)

// wanted is what callers of these tests say.
var wanted = []string{"I want to reserve a table for dinner", "my invoice is wrong, refund the payment", "cancel the flight ticket please"}

// talk records call n of the test, in which the caller says text.
func talk(t *testing.T, a *App, test tandem.Test, n int, text string) {
	t.Helper()
	at := test.StartedAt.Add(time.Duration(n+1) * time.Second)
	id := tandem.NewID(at)
	d, ok := a.assigner.Assign(assign.Request{RouteID: test.RouteID, CallID: id})
	if !ok {
		t.Fatal("the route is not known")
	}
	ms := int64(30_000 + n%7*1000)
	event := func(kind tandem.EventKind, after time.Duration) tandem.Event {
		return tandem.Event{ID: fmt.Sprintf("%s-%s", kind, id), Origin: tandem.OriginSIP, CallID: id, Kind: kind, At: at.Add(after)}
	}
	assigned, ended, said := event(tandem.EventAssigned, 0), event(tandem.EventEnded, 31*time.Second), event(tandem.EventTranscript, 32*time.Second)
	assigned.Assigned = &d.Assignment
	ended.Ended = &tandem.Ending{By: tandem.ByCaller, DurationMS: &ms}
	said.Transcript = []tandem.Turn{{Role: tandem.RoleAgent, Text: "Hello?"}, {Role: tandem.RoleCaller, Text: text}}
	for _, e := range []tandem.Event{assigned, ended, said} {
		a.recorder.Record(e)
	}
	if d.Assignment.Arm == "B" && strings.Contains(text, "refund") {
		transferred := event(tandem.EventTransferred, 20*time.Second)
		transferred.Transferred = &tandem.Transfer{State: tandem.TransferCompleted}
		a.recorder.Record(transferred)
	}
}

// From calls to groups, samples and lists of calls, over HTTP.
func TestCallsAreGroupedInTheBackgroundAndReadPerGroup(t *testing.T) {
	a := started(t)
	test := startTest(t, a, tandem.Rules{}, 50, 50)
	const calls = 120
	for n := range calls {
		talk(t, a, test, n, wanted[n%3])
	}
	waitFor(t, func() bool {
		list, _, err := a.store.Calls(t.Context(), tandem.CallFilter{TestID: test.ID, HasTranscript: true}, tandem.Page{Limit: 500})
		must(t, err)
		return len(list) == calls
	})
	k, secret, err := tandem.NewKey("tester", []tandem.Scope{tandem.ScopeRead, tandem.ScopeWrite}, time.Now())
	must(t, err)
	must(t, a.store.CreateKey(t.Context(), "test", k))
	get := func(path string, out any) int { return ask(t, a, secret, http.MethodGet, path, "", out) }
	at := "/v1/tests/" + string(test.ID)
	if status := get(at+"/topics", nil); status != 404 {
		t.Errorf("before anybody asked: %d", status)
	}
	if status := ask(t, a, secret, http.MethodPost, at+"/topics", `{"by":"intent"}`, nil); status != 202 {
		t.Fatalf("asked: %d", status)
	}
	var got topics.Topics
	waitFor(t, func() bool {
		got = topics.Topics{}
		return get(at+"/topics", &got) == 200 && got.Grouping.State != tandem.GroupingDue
	})
	if got.Grouping.State != tandem.GroupingDone || got.Report == nil || got.Report.Grouped != calls || len(got.Report.Groups) != 3 || got.CallsSince != 0 {
		t.Fatalf("%+v, %+v", got.Grouping, got.Report)
	}
	refund := got.Report.Groups[slices.IndexFunc(got.Report.Groups, func(g topics.Group) bool { return slices.Contains(g.Terms, "refund") })]
	if refund.Calls != calls/3 || !strings.Contains(refund.Typical[0].Said, "invoice") {
		t.Errorf("%+v", refund)
	}
	transfer := refund.Metrics[slices.IndexFunc(refund.Metrics, func(m topics.GroupMetric) bool { return m.Name == tandem.MetricTransfer })]
	if d := transfer.Against[0]; d.Value == nil || *d.Value != 1 {
		t.Errorf("all refunds of B were transferred: %+v", transfer)
	}
	i := got.Report.Interactions[slices.IndexFunc(got.Report.Interactions, func(i topics.Interaction) bool { return i.Metric == tandem.MetricTransfer })]
	if i.Adjusted == nil || *i.Adjusted > 1e-3 {
		t.Errorf("transfers differ between the groups: %+v", i)
	}
	var drawn sample.Sample
	if status := get(at+"/sample?per_arm=50&group="+refund.Key, &drawn); status != 200 {
		t.Fatalf("sample: %d", status)
	}
	n := 0
	for _, arm := range drawn.Arms {
		for _, c := range arm.Calls {
			n++
			if !strings.Contains(c.Turns[1].Text, "refund") {
				t.Errorf("a sample of refunds holds %q", c.Turns[1].Text)
			}
		}
	}
	var listed struct{ Items []tandem.Call }
	if status := get("/v1/calls?limit=100&test="+string(test.ID)+"&group="+refund.Key, &listed); status != 200 || len(listed.Items) != calls/3 || n != calls/3 {
		t.Errorf("%d: %d calls are listed and %d drawn; want %d", status, len(listed.Items), n, calls/3)
	}
	for _, bad := range []string{at + "/sample?group=x", "/v1/calls?group=intent.1", at + "/topics?by=mood"} {
		if status := get(bad, nil); status != 422 {
			t.Errorf("%s: %d", bad, status)
		}
	}
}

// waitFor tries until something is so; the test's own time-out bounds it.
func waitFor(t *testing.T, so func() bool) {
	t.Helper()
	for !so() {
		select {
		case <-t.Context().Done():
			t.Fatal("it did not come")
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// ask sends a request and gives the status.
func ask(t *testing.T, a *App, key, method, path, body string, out any) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, "http://"+a.HTTPAddr()+path, strings.NewReader(body))
	must(t, err)
	req.Header.Set("Authorization", "Bearer "+key)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	must(t, err)
	defer res.Body.Close()
	if out != nil && res.StatusCode < 300 {
		must(t, json.NewDecoder(res.Body).Decode(out))
	}
	return res.StatusCode
}

package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"go.uber.org/goleak"

	"tandem"
	"tandem/internal/assign"
	"tandem/internal/config"
	"tandem/internal/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// started runs a server without SIP on an empty database.
func started(t *testing.T) *App {
	t.Helper()
	dir := t.TempDir()
	cfg := config.Config{Data: dir, Database: "sqlite:" + filepath.Join(dir, "tandem.db"), HTTP: "127.0.0.1:0", SIP: []string{"none"}, LogLevel: "error"}
	storetest.Prepare(t, cfg.Database)
	a, err := Start(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Stop(context.WithoutCancel(t.Context())); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	return a
}

// startTest starts a test of two versions without analysis, as of an hour ago.
func startTest(t *testing.T, a *App, rules tandem.Rules, weights ...float64) tandem.Test {
	t.Helper()
	ctx := t.Context()
	agent := storetest.NewAgent("front-desk")
	agent.Draft.Fields = nil
	must(t, a.store.CreateAgent(ctx, "ops", agent))
	spec := tandem.TestSpec{PrimaryMetric: tandem.MetricDuration, Rules: rules}
	for _, w := range weights {
		v, err := a.store.Publish(ctx, "ops", agent.ID, 0, "")
		must(t, err)
		spec.Arms = append(spec.Arms, tandem.ArmSpec{VersionID: v.ID, Weight: w})
	}
	route := storetest.NewRoute("+14155550100", spec.Arms[0].VersionID)
	route.VersionLimit = 0
	must(t, a.store.CreateRoute(ctx, "ops", route))
	test, err := tandem.NewTest(route, spec, time.Now().UTC().Add(-time.Hour).Truncate(time.Microsecond))
	must(t, err)
	must(t, a.store.StartTest(ctx, "ops", test))
	must(t, a.assigner.Reload(ctx))
	return test
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// call assigns call n of the test and records it, from its assignment to its
// end. harm says whether it was transferred, by its arm.
func call(t *testing.T, a *App, test tandem.Test, n int, harm func(arm string) bool) (arm string) {
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
	assigned, answered, ended := event(tandem.EventAssigned, 0), event(tandem.EventAnswered, time.Second), event(tandem.EventEnded, 31*time.Second)
	assigned.Assigned = &d.Assignment
	ended.Ended = &tandem.Ending{By: tandem.ByCaller, DurationMS: &ms}
	a.recorder.Record(assigned)
	a.recorder.Record(answered)
	if harm(d.Assignment.Arm) {
		transferred := event(tandem.EventTransferred, 20*time.Second)
		transferred.Transferred = &tandem.Transfer{State: tandem.TransferCompleted}
		a.recorder.Record(transferred)
	}
	a.recorder.Record(ended)
	return d.Assignment.Arm
}

// hear makes a webhook whose signed notices come out of the channel.
func hear(t *testing.T, a *App, kinds ...tandem.NoticeKind) <-chan tandem.Notice {
	t.Helper()
	heard := make(chan tandem.Notice, 100)
	var hook tandem.Webhook
	ready := make(chan struct{})
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		<-ready
		body, _ := io.ReadAll(r.Body)
		key, err := standardwebhooks.NewWebhook(hook.Secret)
		if err == nil {
			err = key.Verify(body, r.Header)
		}
		var m struct{ Data tandem.Notice }
		if err == nil {
			err = json.Unmarshal(body, &m)
		}
		if err != nil {
			t.Errorf("a notice cannot be read: %v", err)
		}
		heard <- m.Data
	}))
	t.Cleanup(receiver.Close)
	hook, err := tandem.NewWebhook(receiver.URL, kinds, time.Now().UTC())
	must(t, err)
	close(ready)
	must(t, a.store.CreateWebhook(t.Context(), "ops", hook))
	return heard
}

// From calls to the receiver of a webhook, with nothing made up in between.
func TestAHarmfulVersionLosesItsCallsAndItIsToldOnce(t *testing.T) {
	a := started(t)
	test := startTest(t, a, tandem.Rules{Guardrails: []tandem.Guardrail{{Metric: tandem.MetricTransfer, Margin: 0.05, Action: tandem.Rollback}}}, 50, 50)
	heard := hear(t, a, tandem.NoticeGuardrail)
	for n := range 400 {
		call(t, a, test, n, func(arm string) bool { return arm == "B" || n%10 == 0 })
	}
	n := <-heard
	if n.TestID != test.ID || n.Kind != tandem.NoticeGuardrail {
		t.Errorf("notice %+v", n)
	}
	t.Log(n.Text)
	var v tandem.Verdict
	if err := json.Unmarshal(n.Data, &v); err != nil || len(v.Breached()) != 1 {
		t.Errorf("the notice's verdict: %v, %s", err, n.Data)
	}
	for i := range 100 { // the notice comes after the split is in force
		if arm := call(t, a, test, 400+i, func(string) bool { return false }); arm != "A" {
			t.Fatalf("a call went to %s", arm)
		}
	}
	entries, _, err := a.store.Audit(t.Context(), test.ID, tandem.Page{})
	must(t, err)
	rollbacks := slices.DeleteFunc(entries, func(e tandem.AuditEntry) bool { return e.Action != "test.rollback" || e.Actor != "guardrail" })
	if len(rollbacks) != 1 {
		t.Errorf("%d rollbacks in the audit log; want one", len(rollbacks))
	}
}

// One call that never ends holds the evidence up, and nothing else.
func TestACallThatHangsHoldsUpNoRollback(t *testing.T) {
	a := started(t)
	rules := tandem.Rules{
		Guardrails: []tandem.Guardrail{{Metric: tandem.MetricTransfer, Margin: 0.05, Action: tandem.Rollback}},
		Ramp:       []tandem.RampStep{{Weights: []float64{80, 20}, MinMinutes: 1}, {Weights: []float64{50, 50}}},
	}
	test := startTest(t, a, rules, 80, 20)
	heard := hear(t, a, tandem.NoticeGuardrail, tandem.NoticeRamp)
	id := tandem.NewID(test.StartedAt)
	d, ok := a.assigner.Assign(assign.Request{RouteID: test.RouteID, CallID: id})
	if !ok {
		t.Fatal("the route is not known")
	}
	a.recorder.Record(tandem.Event{ID: "hangs", Origin: tandem.OriginSIP, CallID: id, Kind: tandem.EventAssigned, At: test.StartedAt, Assigned: &d.Assignment})
	for n := range 300 {
		call(t, a, test, n, func(arm string) bool { return arm == "B" || n%20 == 0 })
	}
	n := <-heard
	if n.Kind != tandem.NoticeGuardrail || !strings.HasPrefix(n.Text, "+14155550100: Transfer rate") || !strings.Contains(n.Text, "1 still open counted in A's favour") {
		t.Errorf("%s: %q", n.Kind, n.Text)
	}
	got, err := a.store.Test(t.Context(), test.ID)
	must(t, err)
	if !got.RolledBack() || len(got.Phases) != 2 {
		t.Errorf("arms %v, %d phases; want a rollback and no step", got.Arms, len(got.Phases))
	}
}

func TestARampGoesOnByItself(t *testing.T) {
	a := started(t)
	test := startTest(t, a, tandem.Rules{Ramp: []tandem.RampStep{{Weights: []float64{80, 20}, MinCalls: 200}, {Weights: []float64{50, 50}}}}, 80, 20)
	heard := hear(t, a, tandem.NoticeRamp)
	for n := range 250 {
		call(t, a, test, n, func(string) bool { return n%10 == 0 })
	}
	n := <-heard
	if want := "+14155550100: The ramp went on to step 2 of 2: A 50 %, B 50 %."; n.Text != want {
		t.Errorf("told %q; want %q", n.Text, want)
	}
	got, err := a.store.Test(t.Context(), test.ID)
	must(t, err)
	if got.Phase().Number != 2 || got.RampStep != 0 || got.Arms[1].Weight != 50 {
		t.Errorf("phase %d, ramp step %d, arms %v", got.Phase().Number, got.RampStep, got.Arms)
	}
}

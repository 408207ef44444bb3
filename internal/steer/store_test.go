package steer

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"tandem"
	"tandem/internal/notify"
	"tandem/internal/store"
	"tandem/internal/store/storetest"
)

// world makes a database with a running test of halves under rules, and gives
// two nodes' stores on it.
func world(t *testing.T, rules tandem.Rules) (nodes [2]*store.Store, test tandem.Test) {
	t.Helper()
	url := "sqlite:" + filepath.Join(t.TempDir(), "tandem.db")
	for i := range nodes {
		nodes[i] = storetest.Open(t, url)
	}
	ctx := t.Context()
	agent := storetest.NewAgent("front-desk")
	must(t, nodes[0].CreateAgent(ctx, storetest.Actor, agent))
	var arms []tandem.ArmSpec
	for range 2 {
		v, err := nodes[0].Publish(ctx, storetest.Actor, agent.ID, 0, "")
		must(t, err)
		arms = append(arms, tandem.ArmSpec{VersionID: v.ID, Weight: 50})
	}
	route := storetest.NewRoute("+14155550100", arms[0].VersionID)
	must(t, nodes[0].CreateRoute(ctx, storetest.Actor, route))
	test, err := tandem.NewTest(route, tandem.TestSpec{Arms: arms, Rules: rules}, time.Now().UTC().Truncate(time.Microsecond))
	must(t, err)
	must(t, nodes[0].StartTest(ctx, storetest.Actor, test))
	return nodes, test
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// together has two nodes look at the test over and over, at the same time.
func together(t *testing.T, nodes [2]*store.Store, results Results, id tandem.ID) {
	t.Helper()
	var all sync.WaitGroup
	for _, node := range nodes {
		p := (&crew{}).pilot(node, results)
		all.Go(func() {
			for range 20 {
				if err := p.look(context.Background(), id); err != nil && tandem.CodeOf(err) != tandem.Unavailable {
					t.Errorf("look: %v", err)
				}
			}
		})
	}
	all.Wait()
}

// history lists what the audit log says was done to the test, oldest first.
func history(t *testing.T, s *store.Store, id tandem.ID) (all []string) {
	t.Helper()
	entries, _, err := s.Audit(t.Context(), id, tandem.Page{})
	must(t, err)
	for i := len(entries) - 1; i >= 0; i-- {
		all = append(all, entries[i].Actor+" "+entries[i].Action)
	}
	return all
}

func TestTwoNodesRollBackOnceAndTellOnce(t *testing.T) {
	nodes, test := world(t, rules)
	hook, err := tandem.NewWebhook("http://127.0.0.1:1/hook", nil, time.Now().UTC())
	must(t, err)
	must(t, nodes[0].CreateWebhook(t.Context(), storetest.Actor, hook))
	b := newBoard()
	b.show(test.ID, harm(breached(transfer, "B")))
	together(t, nodes, b, test.ID)

	got, err := nodes[1].Test(t.Context(), test.ID)
	must(t, err)
	if !got.RolledBack() || got.Revision != 2 || len(got.Phases) != 2 {
		t.Errorf("arms %v, revision %d, %d phases", got.Arms, got.Revision, len(got.Phases))
	}
	if _, remembered := got.RollbackFor(tandem.Breach{Metric: transfer.Metric, Worse: transfer.Worse, Arm: "B"}); !remembered {
		t.Errorf("rolled back for %v", got.RolledBackFor)
	}
	if h := history(t, nodes[0], test.ID); strings.Join(h, ", ") != "storetest test.start, guardrail test.rollback" {
		t.Errorf("audit log: %v", h)
	}
	told, _, err := nodes[0].Notices(t.Context(), test.ID, tandem.Page{})
	must(t, err)
	deliveries, _, err := nodes[0].Deliveries(t.Context(), hook.ID, tandem.Page{})
	must(t, err)
	if len(told) != 1 || len(deliveries) != 1 {
		t.Errorf("%d notices, %d deliveries; want one each", len(told), len(deliveries))
	}
}

func TestTwoNodesTakeEachStepOfARampOnce(t *testing.T) {
	steps := tandem.Rules{Ramp: []tandem.RampStep{
		{Weights: []float64{50, 50}, MinCalls: 100}, {Weights: []float64{40, 60}, MinCalls: 100}, {Weights: []float64{30, 70}},
	}}
	nodes, test := world(t, steps)
	b := newBoard()
	b.show(test.ID, calls(100, 100))
	together(t, nodes, b, test.ID)
	got, err := nodes[0].Test(t.Context(), test.ID)
	must(t, err)
	if got.RampStep != 2 || len(got.Phases) != 2 {
		t.Errorf("step %d in phase %d; want 2 in 2", got.RampStep, got.Phase().Number)
	}
	b.show(test.ID, calls(200, 100, 100))
	together(t, nodes, b, test.ID)
	if h := history(t, nodes[0], test.ID); strings.Join(h, ", ") != "storetest test.start, ramp test.ramp, ramp test.ramp" {
		t.Errorf("audit log: %v", h)
	}
	told, _, err := nodes[0].Notices(t.Context(), test.ID, tandem.Page{})
	must(t, err)
	if len(told) != 2 {
		t.Errorf("%d notices; want 2", len(told))
	}
}

// A breach goes all the way: from the verdict to the split, the store, and the
// receiver of a webhook.
func TestABreachReachesAWebhook(t *testing.T) {
	nodes, test := world(t, rules)
	type delivered struct {
		body   string
		header http.Header
	}
	received := make(chan delivered, 10)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		received <- delivered{string(b), r.Header.Clone()}
	}))
	defer receiver.Close()
	hook, err := tandem.NewWebhook(receiver.URL+"/hook", []tandem.NoticeKind{tandem.NoticeGuardrail}, time.Now().UTC())
	must(t, err)
	must(t, nodes[0].CreateWebhook(t.Context(), storetest.Actor, hook))

	b := newBoard()
	b.show(test.ID, harm(breached(transfer, "B")))
	ctx, cancel := context.WithCancel(t.Context())
	var working sync.WaitGroup
	for _, node := range nodes {
		c := &crew{}
		courier := notify.New(node, discard)
		pilot := New(node, b, c, discard, nil, courier.Wake)
		working.Go(func() { pilot.Run(ctx) })
		working.Go(func() { courier.Run(ctx) })
	}
	got := <-received
	key, err := standardwebhooks.NewWebhook(hook.Secret)
	must(t, err)
	if err := key.Verify([]byte(got.body), got.header); err != nil {
		t.Errorf("the signature does not hold: %v", err)
	}
	if !strings.Contains(got.body, `"type":"guardrail.breached"`) || !strings.Contains(got.body, "All calls were given to A") {
		t.Errorf("body %s", got.body)
	}
	cancel()
	working.Wait()
}

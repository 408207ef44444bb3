package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"tandem"
	"tandem/internal/api"
	"tandem/internal/judge"
	"tandem/internal/sample"
	"tandem/internal/store"
)

// gladly is a judge that prefers the agent who says gladly, for a cent an answer.
type gladly struct{}

func (gladly) JudgeName() string { return "gladly/1" }
func (gladly) Priced() bool      { return true }

func (gladly) Ready(context.Context) error { return nil }

func (gladly) EstimateJudgement(tandem.JudgementTask) tandem.AnalysisUsage {
	return tandem.AnalysisUsage{Requests: 1, InputTokens: 10, OutputTokens: 1, Cost: 0.01}
}

func (g gladly) Judge(_ context.Context, task tandem.JudgementTask) (tandem.Opinion, error) {
	says := func(turns []tandem.Turn) bool { return strings.Contains(turns[len(turns)-1].Text, "gladly") }
	p := tandem.Preference{Prefers: tandem.Tie, Reason: "alike"}
	if one, two := says(task.One), says(task.Two); one && !two {
		p.Prefers = tandem.PrefersOne
	} else if two && !one {
		p.Prefers = tandem.PrefersTwo
	}
	out := tandem.Opinion{Model: "m", Usage: g.EstimateJudgement(task), Criteria: map[string]tandem.Preference{}}
	for _, name := range tandem.Criteria() {
		out.Criteria[name] = p
	}
	return out, nil
}

// desk makes a desk on a store; without a judge none is set up.
func desk(st *store.Store, wake func(), j judge.Judge) *judge.Desk {
	sampler := sample.NewSampler(st)
	return judge.NewDesk(st, provider(j), func(ctx context.Context, testID tandem.ID, arm string, n int, seed int64) ([]judge.Drawn, error) {
		calls, err := sampler.Candidates(ctx, testID, arm, n, uint64(seed))
		var out []judge.Drawn
		for _, c := range calls {
			out = append(out, judge.Drawn{CallID: c.Call.ID, Turns: c.Turns})
		}
		return out, err
	}, wake)
}

func provider(j judge.Judge) judge.Provider {
	return func(context.Context) (judge.Judge, error) {
		if j == nil {
			return nil, tandem.Errorf(tandem.Unavailable, "", "no language model is set up")
		}
		return j, nil
	}
}

// speak gives the test n calls with transcripts, of which B's agents say gladly.
func (s *server) speak(number string, n int) (calls []tandem.ID) {
	s.t.Helper()
	for range n {
		call := s.ask(number)
		answer := "Done."
		if call.Arm == "B" {
			answer = "Done, gladly."
		}
		s.do(s.ingest, "POST", "/v1/calls/"+string(call.CallID)+"/events", fmt.Sprintf(`[
			{"id":"1","kind":"ended","ended":{"by":"caller","duration_ms":60000}},
			{"id":"2","kind":"analysis","analysis":{"language_naturalness":4}},
			{"id":"3","kind":"transcript","transcript":[{"role":"caller","text":"I want to book a table"},{"role":"agent","text":%q}]}]`, answer)).want(200, nil)
		calls = append(calls, call.CallID)
	}
	return calls
}

func TestACallIsRatedInTheNameOfTheKey(t *testing.T) {
	s := start(t)
	_, test := s.running("+14155550100", 50)
	id := s.speak("+14155550100", 1)[0]
	at := "/v1/calls/" + string(id)
	var got tandem.CallRating
	s.do(s.write, "PUT", at+"/rating", `{"scores": {"language_naturalness": 2}, "note": "stiff"}`).want(200, &got)
	if got.Rater != "writer" || *got.Scores.Naturalness != 2 || got.Scores.OffScript != nil {
		t.Errorf("%+v", got)
	}
	s.do(s.admin, "PUT", at+"/rating", `{"note": "fine by me"}`).want(200, nil)
	s.do(s.write, "PUT", at+"/rating", `{"scores": {"language_naturalness": 3, "error_handling": 5}}`).want(200, nil)
	var list struct{ Items []tandem.CallRating }
	s.do(s.read, "GET", at+"/ratings", nil).want(200, &list)
	if len(list.Items) != 2 || list.Items[0].Rater != "admin" || *list.Items[1].Scores.Naturalness != 3 || list.Items[1].Note != "" {
		t.Errorf("%+v", list.Items)
	}
	var sum judge.Judgements
	s.do(s.read, "GET", "/v1/tests/"+string(test.ID)+"/judgements", nil).want(200, &sum)
	if len(sum.Scores) != 2 || sum.Scores[0].Agreement.N != 1 || sum.Scores[0].Agreement.Table[2][3] != 1 {
		t.Errorf("%+v", sum.Scores)
	}

	s.do(s.write, "PUT", at+"/rating", `{"scores": {"error_handling": 6}}`).refused(422, "body.scores.error_handling")
	s.do(s.write, "PUT", at+"/rating", `{}`).refused(422, "body.scores")
	s.do(s.write, "PUT", "/v1/calls/"+string(tandem.NewID(got.RatedAt))+"/rating", `{"note": "x"}`).refused(404)
	s.do(s.read, "PUT", at+"/rating", `{"note": "x"}`).refused(403)
	s.do(s.read, "GET", "/v1/calls/nobody/ratings", nil).refused(404)
}

func TestABlindPairIsRevealedOnlyByItsRating(t *testing.T) {
	s := start(t)
	_, test := s.running("+14155550100", 50)
	s.speak("+14155550100", 40)
	at := "/v1/tests/" + string(test.ID)
	raw := s.do(s.read, "GET", at+"/sample?blind=true&per_arm=8&seed=3", nil)
	var blind sample.Sample
	raw.want(200, &blind)
	if len(blind.Pairs) != 8 || len(blind.Arms) != 0 {
		t.Fatalf("%s", raw.body)
	}
	for _, tell := range []string{"call_id", "version", "assigned", "goal", "duration", "writer"} {
		if strings.Contains(string(raw.body), `"`+tell) {
			t.Errorf("the blind sample tells %s: %s", tell, raw.body)
		}
	}
	seen := map[string]bool{}
	for i, p := range blind.Pairs {
		winner := []string{"left", "right", "tie"}[i%3]
		var got api.RevealedPair
		s.do(s.write, "POST", at+"/pair-ratings", map[string]any{"token": p.Token, "winner": winner, "note": "n"}).want(200, &got)
		gladLeft := strings.Contains(p.Left.Turns[1].Text, "gladly")
		if (got.Left == "B") != gladLeft || got.Left == got.Right || !got.Blind || got.Rater != "writer" {
			t.Errorf("revealed %+v of %+v", got, p)
		}
		if want := map[string]string{"left": got.Left, "right": got.Right, "tie": "tie"}[winner]; got.Winner != want {
			t.Errorf("%s is %s; want %s", winner, got.Winner, want)
		}
		seen[got.Left] = true
		if i == 0 { // having been told, they change their mind
			s.do(s.write, "POST", at+"/pair-ratings", map[string]any{"token": p.Token, "winner": "right"}).want(200, &got)
			if got.Blind || got.Winner != got.Right {
				t.Errorf("%+v", got)
			}
		}
	}
	var list struct {
		Items []tandem.PairRating
		Next  string
	}
	s.do(s.read, "GET", at+"/pair-ratings?limit=5", nil).want(200, &list)
	if len(list.Items) != 5 || list.Next == "" {
		t.Errorf("%+v", list)
	}
	var sum judge.Judgements
	s.do(s.read, "GET", at+"/judgements", nil).want(200, &sum)
	if p := sum.People; p.Ratings != 8 || p.Blind != 7 || p.Raters != 1 || p.Preferred.Ties != 2 || sum.Agreement != nil || sum.Judging != nil {
		t.Errorf("%+v", p)
	}

	one := blind.Pairs[0].Token
	for body, place := range map[string]string{
		`{"token": "x", "winner": "left"}`:                                     "body.token",
		fmt.Sprintf(`{"token": %q, "winner": "B"}`, one):                       "body.winner",
		fmt.Sprintf(`{"token": %q, "winner": ""}`, one):                        "body.winner",
		fmt.Sprintf(`{"token": %q, "first_call": "x", "winner": "left"}`, one): "body.token",
		`{"winner": "left"}`:                                                   "body.first_call",
	} {
		s.do(s.write, "POST", at+"/pair-ratings", body).refused(422, place)
	}
	s.do(s.read, "GET", at+"/sample?judged=true", nil).refused(422, "query.judged")
	s.do(s.read, "GET", at+"/sample?blind=true&arm=A", nil).refused(422, "query.arm")
	s.do(s.read, "POST", at+"/pair-ratings", map[string]any{"token": one, "winner": "left"}).refused(403)
}

func TestAPairOfKnownCallsIsRatedByTheirArms(t *testing.T) {
	s := start(t)
	_, test := s.running("+14155550100", 50)
	s.speak("+14155550100", 20)
	at := "/v1/tests/" + string(test.ID)
	var drawn sample.Sample
	s.do(s.read, "GET", at+"/sample?per_arm=1", nil).want(200, &drawn)
	a, b := drawn.Arms[0].Calls[0].Call.ID, drawn.Arms[1].Calls[0].Call.ID
	var got api.RevealedPair
	s.do(s.write, "POST", at+"/pair-ratings", map[string]any{"first_call": a, "second_call": b, "winner": "B"}).want(200, &got)
	if got.Winner != "B" || got.Blind || got.Left != "" || got.First.CallID != a || got.Second.Arm != "B" {
		t.Errorf("%+v", got)
	}
	s.do(s.write, "POST", at+"/pair-ratings", map[string]any{"first_call": b, "second_call": a, "winner": "B"}).refused(422, "body.second")
	s.do(s.write, "POST", at+"/pair-ratings", map[string]any{"first_call": a, "second_call": test.ID, "winner": "B"}).refused(422, "body.second_call")
	s.do(s.write, "POST", at+"/pair-ratings", map[string]any{"first_call": a, "second_call": b, "winner": "C"}).refused(422, "body.winner")
}

func TestPairsAreJudgedAfterTheirCostIsShown(t *testing.T) {
	moved := make(chan struct{}, 1000)
	var runner *judge.Runner
	s := start(t, func(d *api.Deps) {
		st := d.Store.(*store.Store)
		runner = judge.NewRunner(st, provider(gladly{}), slog.New(slog.DiscardHandler), func(tandem.ID) { moved <- struct{}{} })
		d.Desk = desk(st, func() { runner.Wake() }, gladly{})
	})
	_, test := s.running("+14155550100", 50)
	s.speak("+14155550100", 60)
	at := "/v1/tests/" + string(test.ID) + "/judgements"
	var would api.JudgingStart
	s.do(s.write, "POST", at, `{"pairs": 12, "dry_run": true}`).want(202, &would)
	if e := would.Estimate; e.Pairs != 12 || e.Usage.Requests != 24 || e.Usage.Cost < 0.2399 || e.Usage.Cost > 0.2401 || !e.Priced || would.Judging != nil || e.Judge != "gladly/1" {
		t.Fatalf("%+v", would)
	}
	s.do(s.write, "DELETE", at, nil).refused(404)
	var began api.JudgingStart
	s.do(s.write, "POST", at, `{"pairs": 12, "max_cost": 1}`).want(202, &began)
	if began.Judging.State != tandem.JudgingRuns || began.Judging.StartedBy != "writer" || began.Judging.CostLimit != 1 {
		t.Errorf("%+v", began.Judging)
	}
	s.do(s.write, "POST", at, `{"pairs": 12}`).refused(409)

	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { runner.Run(ctx) })
	var sum judge.Judgements
	for sum.Judging == nil || sum.Judging.State == tandem.JudgingRuns {
		<-moved
		sum = judge.Judgements{}
		s.do(s.read, "GET", at, nil).want(200, &sum)
	}
	stop()
	running.Wait()
	if j := sum.Judging; j.State != tandem.JudgingDone || j.Judged != 12 || j.Usage.Requests != 24 {
		t.Errorf("%+v", j)
	}
	if p := sum.Judge[0]; p.Wins != [2]int64{0, 12} || p.Prefers != "B" || *sum.Position.Share != 1 {
		t.Errorf("%+v", p)
	}
	var list struct {
		Items []tandem.JudgedPair
		Next  string
	}
	s.do(s.read, "GET", at+"/pairs?limit=7", nil).want(200, &list)
	if len(list.Items) != 7 || list.Next == "" || list.Items[0].Opinions[1].Criteria["overall"].Reason != "alike" || list.Items[0].First.CallID == "" || list.Items[0].Second.Arm != "B" {
		t.Errorf("%+v", list)
	}
	s.do(s.write, "DELETE", at, nil).refused(409)

	// People see the pairs that the judge saw.
	var blind sample.Sample
	sampled := "/v1/tests/" + string(test.ID) + "/sample?blind=true&judged=true&per_arm=12"
	s.do(s.write, "GET", sampled, nil).want(200, &blind)
	if len(blind.Pairs) != 12 {
		t.Fatalf("%d pairs", len(blind.Pairs))
	}
	for _, p := range blind.Pairs[:4] {
		s.do(s.write, "POST", "/v1/tests/"+string(test.ID)+"/pair-ratings", map[string]any{"token": p.Token, "winner": "tie"}).want(200, nil)
	}
	s.do(s.write, "GET", sampled, nil).want(200, &blind)
	s.do(s.read, "GET", at, nil).want(200, &sum)
	if len(blind.Pairs) != 8 || sum.Agreement == nil || sum.Agreement.N != 4 || sum.Agreement.Table[2][1] != 4 {
		t.Errorf("%d pairs left, %+v", len(blind.Pairs), sum.Agreement)
	}
	for body, place := range map[string]string{`{"pairs": 0}`: "body.pairs", `{"pairs": 501}`: "body.pairs", `{"arm": "A"}`: "body.arm", `{"max_cost": -1}`: "body.max_cost"} {
		s.do(s.write, "POST", at, body).refused(422, place)
	}
	s.do(s.read, "GET", at+"?arm=Q", nil).refused(422, "query.arm")
	s.do(s.read, "POST", at, `{}`).refused(403)
}

func TestWithoutALanguageModelPairsCanOnlyBeRatedByPeople(t *testing.T) {
	s := start(t)
	_, test := s.running("+14155550100", 50)
	p := s.do(s.write, "POST", "/v1/tests/"+string(test.ID)+"/judgements", `{"dry_run": true}`).refused(503)
	if !strings.Contains(p.Detail, "no language model is set up") {
		t.Errorf("%+v", p)
	}
	var sum map[string]json.RawMessage
	s.do(s.read, "GET", "/v1/tests/"+string(test.ID)+"/judgements", nil).want(200, &sum)
	if string(sum["judge"]) != "[]" || sum["label"] == nil {
		t.Errorf("%s", sum)
	}
}

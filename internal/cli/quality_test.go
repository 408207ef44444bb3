package cli

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tandem"
)

// fakeJudge is what the fake server answers about ratings and judgements.
type fakeJudge struct {
	asked     []string // bodies of starts
	rated     []string // bodies of ratings
	summary   string
	estimate  string
	cancelled bool
}

func (f *fakeAPI) qualityRoutes(handle handler) {
	handle("POST /v1/tests/{test}/pair-ratings", func(_ *http.Request, body []byte) (any, error) {
		f.judge.rated = append(f.judge.rated, string(body))
		var in struct{ Token, Winner string }
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, err
		}
		winner := map[string]string{"left": "B", "right": "A", "tie": tandem.Tie}[in.Winner]
		return map[string]any{"winner": winner, "left": "B", "right": "A", "blind": true}, nil
	})
	handle("POST /v1/tests/{test}/judgements", func(_ *http.Request, body []byte) (any, error) {
		f.judge.asked = append(f.judge.asked, string(body))
		return f.judge.estimate, nil
	})
	handle("GET /v1/tests/{test}/judgements", func(*http.Request, []byte) (any, error) {
		return first(f.judge.summary, `{"arms":["A","B"],"judge":[]}`), nil
	})
	handle("GET /v1/tests/{test}/judgements/pairs", func(*http.Request, []byte) (any, error) {
		return `{"items":[{"number":7,"state":"judged","similarity":0.62,"first":{"arm":"A","call_id":"call-a"},"second":{"arm":"B","call_id":"call-b"},
			"opinions":[{"criteria":{"overall":{"prefers":"two","reason":"Call two asks less."}}},{"criteria":{"overall":{"prefers":"one","reason":"Call one asks less."}}}]},
			{"number":8,"state":"failed","similarity":0.5,"first":{"arm":"A","call_id":"c"},"second":{"arm":"B","call_id":"d"},"opinions":[null,null],"last_error":"what was said is gone"}]}`, nil
	})
	handle("DELETE /v1/tests/{test}/judgements", func(*http.Request, []byte) (any, error) {
		if f.judge.cancelled {
			return nil, tandem.Errorf(tandem.Conflict, "", "the judging does not run: it is cancelled")
		}
		f.judge.cancelled = true
		return `{"state":"cancelled","judged":3,"pairs":10}`, nil
	})
}

// startedWith is a fake with a running test, and its server.
func startedWith(t *testing.T) (*fakeAPI, *httptest.Server) {
	t.Helper()
	f, srv := newFake(t)
	for _, line := range []string{
		"agent create a --draft " + draftFile(t, goodDraft), "agent publish a", "agent publish a", "route create +14155550100 --live a@1", "test start +14155550100 --b a@2",
	} {
		if code, _, errs := run(t, srv, words(line)...); code != 0 {
			t.Fatalf("%s: %s", line, errs)
		}
	}
	return f, srv
}

const twoPairs = `{"seed":4,"arms":[],"pairs":[
	{"token":"t1","left":{"turns":[{"role":"agent","text":"Hello from the left"}]},"right":{"turns":[{"role":"agent","text":"Hello from the right"}]}},
	{"token":"t2","left":{"turns":[{"role":"agent","text":"Second, left"}]},"right":{"turns":[{"role":"agent","text":"Second, right"}]}}]}`

func TestPairsAreRatedBlindAndThenRevealed(t *testing.T) {
	f, srv := startedWith(t)
	f.sample = twoPairs
	code, out, errs := runEnv(t, srv, Env{Args: words("rate +14155550100 --pairs 2 --seed 4"), Stdin: strings.NewReader("what?\nl asks less\ns\n")})
	if code != 0 {
		t.Fatal(errs)
	}
	expect(t, "rate", out, "LEFT", "Hello from the left", "Hello from the right", "1 of 2. Which agent did better?", "Left was B, right was A. You prefer B.", "1 of 2 rated")
	if strings.Index(out, "Left was") < strings.Index(out, "Hello from the right") || strings.Count(out, "Which agent did better?") != 3 {
		t.Errorf("revealed before it was rated, or an answer that is none was taken:\n%s", out)
	}
	if len(f.judge.rated) != 1 || f.judge.rated[0] != `{"note":"asks less","token":"t1","winner":"left"}` {
		t.Errorf("%q", f.judge.rated)
	}
	if got := f.seen[len(f.seen)-2]; !strings.Contains(got, "/sample?blind=true&per_arm=2&seed=4") {
		t.Errorf("asked %s", got)
	}
	for input, said := range map[string]string{"q\n": "0 of 2 rated", "": "0 of 2 rated", "t\nr\n": "You prefer neither."} {
		_, out, _ := runEnv(t, srv, Env{Args: words("rate +14155550100"), Stdin: strings.NewReader(input)})
		expect(t, "rate", out, said)
	}
	_, out, _ = runEnv(t, srv, Env{Args: words("rate +14155550100 --json"), Stdin: strings.NewReader("r\nq\n")})
	if !json.Valid([]byte(out)) || !strings.Contains(out, `"winner": "A"`) {
		t.Errorf("%s", out)
	}
	f.sample = `{"arms":[]}`
	_, out, _ = runEnv(t, srv, Env{Args: words("rate +14155550100 --judged")})
	expect(t, "rate --judged", out, "no judged pair that you have not rated")
}

const estimated = `{"estimate":{"judge":"llm-judge/1 m prompt 1","arms":["A","B"],"pairs":90,"left":5,"missing":10,"similarity_median":0.41,"priced":true,
	"usage":{"requests":180,"input_tokens":360000,"output_tokens":54000,"cost":1.234}}}`

func TestWhatJudgingCostsIsToldBeforeItBegins(t *testing.T) {
	f, srv := startedWith(t)
	f.judge.estimate = estimated
	do := func(line, input string) (int, string, string) {
		return runEnv(t, srv, Env{Args: words(line), Stdin: strings.NewReader(input)})
	}
	_, out, _ := do("judge +14155550100 --estimate", "")
	expect(t, "estimate", out, "90 pairs of A and B", "5 of them are left from before", "10 fewer than asked for", "0.41", "180 requests", "360,000 tokens in", "$1.23")
	_, out, _ = do("judge +14155550100", "n\n")
	expect(t, "no", out, "$1.23", "Begin? [y/N]", "Nothing was begun.")
	_, out, _ = do("judge +14155550100", "")
	expect(t, "no answer", out, "Nothing was begun.")
	for _, body := range f.judge.asked {
		if !strings.Contains(body, `"dry_run":true`) {
			t.Errorf("begun without consent: %s", body)
		}
	}
	_, out, _ = do("judge +14155550100 --pairs 40 --max-cost 2 --rated --seed 9 --arm B", "y\n")
	expect(t, "yes", out, "90 pairs are being judged by llm-judge/1 m prompt 1", "tandem judge show +14155550100")
	if got, want := f.judge.asked[len(f.judge.asked)-1], `{"arm":"B","pairs":40,"seed":9,"max_cost":2,"rated":true}`; got != want {
		t.Errorf("asked %s; want %s", got, want)
	}
	n := len(f.judge.asked)
	if code, _, errs := do("judge +14155550100 --yes --afresh", ""); code != 0 || len(f.judge.asked) != n+1 || !strings.Contains(f.judge.asked[n], `"afresh":true`) {
		t.Errorf("%d, %s, %q", code, errs, f.judge.asked[n:])
	}
	if code, _, errs := do("judge +14155550100 --json", "y\n"); code != 1 || !strings.Contains(errs, "--yes") {
		t.Errorf("%d, %s", code, errs)
	}
	f.judge.estimate = strings.Replace(estimated, `"priced":true`, `"priced":false`, 1)
	_, out, _ = do("judge +14155550100 --estimate", "")
	expect(t, "without prices", out, "prices are not set")
	_, out, _ = do("judge cancel +14155550100", "")
	expect(t, "cancel", out, "3 of 10 pairs are judged, and stay")
	if code, _, errs := do("judge cancel +14155550100", ""); code != 1 || !strings.Contains(errs, "does not run") {
		t.Errorf("%d, %s", code, errs)
	}
	_, out, _ = do("judge pairs +14155550100", "")
	expect(t, "pairs", out, "7. B preferred, similarity 0.62", "A call-a  B call-b", "A as call one: B. Call two asks less.", "B as call one: B. Call one asks less.", "8. failed", "what was said is gone")
}

func TestWhatPeopleAndTheJudgeSayIsShownAsADescription(t *testing.T) {
	f, srv := startedWith(t)
	_, out, _ := runEnv(t, srv, Env{Args: words("ratings +14155550100")})
	expect(t, "nothing", out, "Nobody has rated or judged anything yet")
	f.judge.summary = `{"arms":["A","B"],"label":"A description, not the verdict.","judging":{"state":"over_budget","judge":"llm-judge/1 m prompt 1","judged":120,"pairs":130,"failed":2,
			"usage":{"requests":242,"cost":1.5},"last_error":"another pair might cost more"},
		"judge":[{"criterion":"overall","wins":[40,61],"ties":19,"unknown":1,"share":0.604,"interval_once":{"low":0.506,"high":0.694},"interval_always":{"low":0.445,"high":0.749}},
			{"criterion":"error_handling","wins":[5,90],"ties":25,"share":0.947,"interval_once":{"low":0.88,"high":0.98},"interval_always":{"low":0.85,"high":0.99},"prefers":"B"}],
		"position":{"pairs":120,"consistent":101,"first_both":12,"second_both":3,"bias":0.081},
		"people":{"raters":1,"ratings":20,"blind":19,"preferred":{"criterion":"overall","wins":[6,10],"ties":4,"share":0.625}},
		"agreement":{"n":20,"observed":0.8,"kappa":0.66,"interval":{"low":0.35,"high":0.97}},
		"scores":[{"field":"language_naturalness","arms":[{"arm":"A","calls":3,"mean":3.5},{"arm":"B","calls":0}],"agreement":{"n":3}}]}`
	for _, line := range []string{"ratings +14155550100", "judge show +14155550100"} {
		code, out, errs := runEnv(t, srv, Env{Args: words(line)})
		if code != 0 {
			t.Fatal(errs)
		}
		expect(t, line, out, "over budget: 120 of 130 pairs judged", "242 requests, $1.50", "Pairs set aside: 2.", "another pair might cost more",
			"overall", "60 %", "44 to 75 %", "51 to 69 %", "error handling", "shows no preference that holds at every look", "101 of 120 pairs (84 %)", "first: 12, second: 3 (bias +0.08)",
			"20 ratings of pairs by 1 person, 19 of them blind", "kappa 0.66 (0.35 to 0.97)", "A 3.50 (3 calls), B - (0 calls)", "kappa does not exist", "A description, not the verdict.")
	}
	_, out, _ = runEnv(t, srv, Env{Args: words("ratings +14155550100 --json --arm B")})
	if !json.Valid([]byte(out)) || !strings.Contains(f.seen[len(f.seen)-1], "judgements?arm=B") {
		t.Errorf("%s %s", f.seen[len(f.seen)-1], out)
	}
}

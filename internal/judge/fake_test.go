package judge

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tandem"
	"tandem/internal/analyze/llm"
	"tandem/internal/sample"
	"tandem/internal/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// shown is a pair as the end point was sent it.
type shown struct{ system, one, two string }

// endpoint is an OpenAI-compatible end point, without a network, so that it can be
// asked within a bubble of synctest.
type endpoint struct {
	answer func(n int, s shown) *http.Response
	mu     sync.Mutex
	asked  []shown
}

func (e *endpoint) RoundTrip(r *http.Request) (*http.Response, error) {
	var in struct {
		Messages []struct{ Content string }
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return nil, err
	}
	_ = r.Body.Close()
	one, two, _ := strings.Cut(in.Messages[1].Content, "Call two:\n")
	e.mu.Lock()
	s := shown{in.Messages[0].Content, one, two}
	e.asked = append(e.asked, s)
	n := len(e.asked)
	e.mu.Unlock()
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return e.answer(n, s), nil
}

func (e *endpoint) count() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.asked)
}

func status(code int, body string, headers ...string) *http.Response {
	w := httptest.NewRecorder()
	w.Header().Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		w.Header().Set(headers[i], headers[i+1])
	}
	w.WriteHeader(code)
	_, _ = io.WriteString(w, body)
	return w.Result()
}

// prefers answers with the same preference by every criterion, at 1,000 tokens in
// and 100 out.
func prefers(which string) *http.Response {
	parts := map[string]any{}
	for _, name := range tandem.Criteria() {
		parts[name] = map[string]any{"quote": nil, "reason": "call one and call two", "value": which}
	}
	text, _ := json.Marshal(map[string]any{"fields": parts})
	return says(string(text))
}

func says(text string) *http.Response {
	content, _ := json.Marshal(text)
	return status(http.StatusOK, fmt.Sprintf(`{"id":"x","object":"chat.completion","created":1,"model":"test-model","choices":[{"index":0,"message":{"role":"assistant","content":%s},"finish_reason":"stop"}],
		"usage":{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100}}`, content))
}

// able prefers the call in which the agent says "gladly", wherever it is shown.
func able(_ int, s shown) *http.Response {
	one, two := strings.Contains(s.one, "gladly"), strings.Contains(s.two, "gladly")
	switch {
	case one == two:
		return prefers("tie")
	case one:
		return prefers("one")
	}
	return prefers("two")
}

// bench is a test with calls in a store, and all that judges them.
type bench struct {
	storetest.World
	t    *testing.T
	end  *endpoint
	desk *Desk
	run  *Runner
	// moved counts how often the runner said that there is more.
	mu    sync.Mutex
	moved int
	judge Judge // nil: none is set up
}

// set makes a bench with n calls in each arm. Callers want one of five things; the
// agent of B answers gladly in three calls of four, that of A in one of four.
func set(t *testing.T, n int, answer func(int, shown) *http.Response) *bench {
	t.Helper()
	s := storetest.Open(t, "sqlite:"+filepath.Join(t.TempDir(), "tandem.db"))
	b := &bench{World: storetest.NewWorld(t, s), t: t, end: &endpoint{answer: answer}}
	wishes := []string{
		"I would like to book a table for two", "Where is my parcel, the tracking says nothing", "Please cancel my gym membership",
		"My internet connection is broken since Monday", "I want to move my dentist appointment",
	}
	for i := range 2 * n {
		arm := []string{"A", "B"}[i%2]
		answer := "Right, done."
		if (arm == "B") != (i/2%4 == 0) {
			answer = "Of course, gladly, done."
		}
		b.call(i, arm, wishes[i/2%len(wishes)], answer)
	}
	b.use(b.model("test-model", 5, 10))
	b.desk = NewDesk(s, b.provide, drawer(s), func() { b.run.Wake() })
	b.run = b.runner(s)
	return b
}

func (b *bench) runner(w Work) *Runner {
	return NewRunner(w, b.provide, slog.New(slog.DiscardHandler), func(tandem.ID) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.moved++
	})
}

// always may be asked.
type always struct{ *llm.Analyzer }

func (always) Ready(context.Context) error { return nil }

func (b *bench) model(name string, in, out float64) always {
	a, err := llm.New(llm.Config{BaseURL: "http://judge.invalid/v1", Model: name, InputPrice: in, OutputPrice: out}, &http.Client{Transport: b.end})
	if err != nil {
		b.t.Fatal(err)
	}
	return always{a}
}

func (b *bench) use(j Judge) { b.judge = j }

func (b *bench) provide(context.Context) (Judge, error) {
	if b.judge == nil {
		return nil, tandem.Errorf(tandem.Unavailable, "", "no language model is set up")
	}
	return b.judge, nil
}

func drawer(s sample.Store) Draw {
	sampler := sample.NewSampler(s)
	return func(ctx context.Context, testID tandem.ID, arm string, n int, seed int64) ([]Drawn, error) {
		calls, err := sampler.Candidates(ctx, testID, arm, n, uint64(seed))
		var out []Drawn
		for _, c := range calls {
			out = append(out, Drawn{c.Call.ID, c.Turns})
		}
		return out, err
	}
}

func (b *bench) call(i int, arm, wish, answer string) {
	b.t.Helper()
	assigned := b.Assigned(i, arm)
	turns := []tandem.Turn{{Role: tandem.RoleAgent, Text: "Hello!"}, {Role: tandem.RoleCaller, Text: wish}, {Role: tandem.RoleAgent, Text: answer}}
	c := storetest.Call(assigned, storetest.Ended(assigned, time.Minute, tandem.ByCaller), tandem.Event{
		ID: "t", Origin: tandem.OriginAPI, CallID: assigned.CallID, Kind: tandem.EventTranscript, At: assigned.At.Add(time.Minute), Transcript: turns,
	})
	if err := b.Store.CommitCalls(context.Background(), tandem.CallChanges{Calls: []tandem.Call{c}, Transcripts: []tandem.Transcript{{CallID: c.ID, Turns: turns}}}); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) start(ask Ask) tandem.Judging {
	b.t.Helper()
	j, _, err := b.desk.Start(b.t.Context(), "ann", b.Test.ID, ask)
	if err != nil {
		b.t.Fatal(err)
	}
	return j
}

func (b *bench) standing() tandem.Judging {
	b.t.Helper()
	j, err := b.Store.Judging(context.Background(), b.Test.ID, "B")
	if err != nil {
		b.t.Fatal(err)
	}
	return j
}

func (b *bench) pairs() []tandem.JudgedPair {
	b.t.Helper()
	all, err := b.Store.AllJudgedPairs(context.Background(), b.Test.ID, "B")
	if err != nil {
		b.t.Fatal(err)
	}
	return all
}

func (b *bench) summary() Judgements {
	b.t.Helper()
	s, err := b.desk.Summary(context.Background(), b.Test.ID, "")
	if err != nil {
		b.t.Fatal(err)
	}
	return s
}

// work has r work, within a bubble, until the judging no longer runs.
func (b *bench) work(r *Runner) tandem.Judging {
	b.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { r.Run(ctx) })
	for range 10_000 {
		if b.standing().State != tandem.JudgingRuns {
			break
		}
		time.Sleep(time.Second) // of the bubble's time
	}
	cancel()
	running.Wait()
	return b.standing()
}

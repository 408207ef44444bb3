package e2e

import (
	"math"
	"net/url"
	"slices"
	"testing"
	"time"

	"tandem/internal/corpus"
)

func TestEachCallIsAnalysedOnceThoughTheServerIsKilledInTheMiddle(t *testing.T) {
	const calls, number = 1000, "+14155550120"
	m := newModel(t, 15*time.Millisecond)
	s := newServer(t, "")
	running := s.test(numbered(s, number), s.publish("desk", "sip:desk@127.0.0.1:5999", "A"), s.publish("desk", "sip:desk@127.0.0.1:5999", "B"), 50)
	s.must("PUT", "/v1/settings/analyzer", object{
		"kind": "llm", "base_url": m.URL + "/v1", "model": "fake", "key": "sk-secret", "concurrency": 8, "input_price": 1, "output_price": 1,
	}, nil)
	talk := []turn{{Role: "caller", Text: "I want a table, please.", StartMS: 0, EndMS: 1000}, {Role: "agent", Text: "It is booked.", StartMS: 1500, EndMS: 2500}}
	s.placed(number, slices.Repeat([][]turn{talk}, calls))
	for _, part := range []int64{250, 600} {
		eventually(t, "some calls are analysed", func() bool { return s.analysis().Today.Analyses >= part })
		s.kill()
		s.start()
	}
	eventually(t, "every call is analysed", func() bool { return s.analysis().Due == 0 })
	a := s.analysis()
	if a.Failed != 0 || a.Today.Analyses != calls {
		t.Errorf("%d analyses are counted and %d were set aside; want %d and none", a.Today.Analyses, a.Failed, calls)
	}
	// What was under way at a kill is asked again; what was answered is not.
	if asked := m.asked.Load(); asked < calls || asked > calls+2*8 {
		t.Errorf("the model was asked %d times about %d calls", asked, calls)
	}
	r := s.results(running.ID)
	for _, metric := range []string{"calls", "ended", "analyzed", "sentiment", "completion", "field.success", "field.score"} {
		if n := r.metric(t, metric, "A").N + r.metric(t, metric, "B").N; n != calls {
			t.Errorf("%s is known of %d calls, want %d", metric, n, calls)
		}
	}
	if v := r.metric(t, "sentiment", "A").Value; v == nil || math.Abs(*v-0.4) > 1e-9 {
		t.Errorf("sentiment is %v, want what the model found", v)
	}
	s.stop()
	if n := s.verify(); n != calls {
		t.Errorf("verify read %d calls, want %d", n, calls)
	}
}

// numbered makes sure that a route for number is there, and gives the number.
func numbered(s *server, number string) string {
	s.t.Helper()
	s.route(number, s.publish("first", "sip:first@127.0.0.1:5999", "A"), nil)
	return number
}

// writtenCalls gives the text dialogues; it skips where they are not.
func writtenCalls(t *testing.T) (all [][]turn) {
	t.Helper()
	for c := range corpus.All[recorded](t, "calls/sgd.jsonl.gz") {
		all = append(all, c.Turns)
	}
	return all
}

func TestThousandsOfConversationsGoTheWholeWay(t *testing.T) {
	_, file := realCalls(t)
	conversations := writtenCalls(t)
	written := len(conversations)
	for _, c := range file {
		conversations = append(conversations, c.Turns)
	}
	const number = "+14155550121"
	s := newServer(t, "")
	running := s.test(numbered(s, number), s.publish("desk", "sip:desk@127.0.0.1:5999", "A"), s.publish("desk", "sip:desk@127.0.0.1:5999", "B"), 50)
	began := time.Now()
	ids := s.placed(number, conversations)
	in := time.Since(began)
	eventually(t, "every conversation is analysed", func() bool { return s.analysis().Due == 0 })
	took := time.Since(began)
	a, n := s.analysis(), int64(len(conversations))
	t.Logf("%d conversations: reported in %s (%.0f a second), analysed after %s (%.0f a second)", n, in.Round(time.Millisecond), float64(n)/in.Seconds(), took.Round(time.Millisecond), float64(n)/took.Seconds())
	if n != 4533 || a.Failed != 0 || a.Today.Analyses != n {
		t.Errorf("of %d conversations %d were analysed and %d set aside", n, a.Today.Analyses, a.Failed)
	}

	byID := map[string]call{}
	for _, c := range s.calls(url.Values{"test": {running.ID}}) {
		byID[c.ID] = c
	}
	var all []float64
	rated := 0
	for i, id := range ids {
		c := byID[id]
		waits := replies(conversations[i])
		if i >= written {
			all = append(all, waits...)
			slices.Sort(waits)
			if got := c.Conversation.ReplyP50MS; got == nil || math.Abs(*got-between(waits, 0.5)) > 1e-6 {
				t.Errorf("call %s: the median reply took %v, want %v", id, got, between(waits, 0.5))
			}
		}
		if c.Conversation.Turns != len(conversations[i]) {
			t.Errorf("call %s has %d turns, want %d", id, c.Conversation.Turns, len(conversations[i]))
		}
		v, ok := c.Values["sentiment"]
		if !ok || v.Origin != "offline" {
			t.Fatalf("call %s: sentiment %+v", id, v)
		}
		if v.Value != nil {
			rated++
		}
	}
	slices.Sort(all)
	t.Logf("median of %d replies %v ms; the sentiment of %d callers is known", len(all), between(all, 0.5), rated)
	if between(all, 0.5) != 616 {
		t.Errorf("the median of all replies is %v ms, want 616", between(all, 0.5))
	}
	if r := s.results(running.ID); r.metric(t, "sentiment", "A").N+r.metric(t, "sentiment", "B").N != int64(rated) || r.metric(t, "analyzed", "A").N+r.metric(t, "analyzed", "B").N != n {
		t.Error("the results do not count every call once")
	}
	s.stop()
	if got := s.verify(); got != n {
		t.Errorf("verify read %d calls, want %d", got, n)
	}
}

// replies gives how long each reply of the agent took, by the file alone.
func replies(turns []turn) (waits []float64) {
	for i := 1; i < len(turns); i++ {
		if turns[i-1].Role == "caller" && turns[i].Role == "agent" {
			waits = append(waits, float64(max(0, turns[i].StartMS-turns[i-1].EndMS)))
		}
	}
	return waits
}

// between is the quantile of sorted values, by interpolation.
func between(sorted []float64, p float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	at := p * float64(len(sorted)-1)
	i := int(at)
	return sorted[i] + (at-float64(i))*(sorted[min(i+1, len(sorted)-1)]-sorted[i])
}

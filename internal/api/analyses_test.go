package api_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem"
	"tandem/internal/analyze"
	"tandem/internal/api"
)

const settingsPath = "/v1/settings/analyzer"

func TestTheAnalyserIsOfflineUntilSomebodyChooses(t *testing.T) {
	s := start(t)
	var got api.Analyzer
	a := s.do(s.admin, "GET", settingsPath, nil).want(200, &got)
	if got.Kind != tandem.AnalyzerOffline || got.KeySet || a.header.Get("ETag") != "" {
		t.Errorf("%+v, ETag %q", got, a.header.Get("ETag"))
	}
	var st analyze.Progress
	s.do(s.read, "GET", "/v1/analyses/status", nil).want(200, &st)
	if st.Analyzer != analyze.OfflineEdition || st.Note == "" || st.Paused != nil {
		t.Errorf("%+v", st)
	}
	s.do(s.admin, "POST", settingsPath+"/try", nil).refused(409, "body.kind")
	s.do(s.write, "GET", settingsPath, nil).refused(403)
	s.do(s.write, "PUT", settingsPath, `{"kind":"offline"}`).refused(403)
}

func TestTheKeyIsSealedAndNeverShownAgain(t *testing.T) {
	s := start(t)
	const key, header = "sk-very-secret", "hdr-very-secret"
	doc := `{"kind":"llm","base_url":"https://a.example/v1","model":"m","key":"` + key + `","headers":{"api-key":"` + header + `"},"query":{"api-version":"1"}}`
	var got api.Analyzer
	first := s.do(s.admin, "PUT", settingsPath, doc).want(200, &got)
	if !got.KeySet || len(got.HeaderNames) != 1 || got.HeaderNames[0] != "api-key" || got.Query["api-version"] != "1" {
		t.Errorf("%s", first.body)
	}
	stored, _, err := s.store.Setting(context.Background(), tandem.SettingAnalyzer)
	if err != nil {
		t.Fatal(err)
	}
	audit := s.do(s.admin, "GET", "/v1/audit", nil).want(200, nil)
	again := s.do(s.admin, "GET", settingsPath, nil).want(200, nil)
	for what, text := range map[string]string{"the answer": string(first.body), "the store": string(stored), "the audit log": string(audit.body), "reading": string(again.body), "the log": s.log.String()} {
		if strings.Contains(text, "very-secret") {
			t.Errorf("%s holds a secret: %s", what, text)
		}
	}
	if strings.Contains(string(again.body), "sealed") {
		t.Errorf("what is sealed is shown: %s", again.body)
	}

	// Left out, they stay; to another host they never go.
	var bare api.Analyzer
	s.do(s.admin, "PUT", settingsPath, `{"kind":"llm","base_url":"https://a.example/v1","model":"other"}`, "If-Match", `"1"`).want(200, &got)
	if !got.KeySet || got.Model != "other" || len(got.HeaderNames) != 1 {
		t.Errorf("%+v", got)
	}
	s.do(s.admin, "PUT", settingsPath, `{"kind":"llm","base_url":"https://b.example/v1","model":"m"}`).refused(422, "body.key")
	s.do(s.admin, "PUT", settingsPath, `{"kind":"llm","base_url":"https://b.example/v1","model":"m","key":"x"}`).refused(422, "body.headers")
	s.do(s.admin, "PUT", settingsPath, `{"kind":"llm","base_url":"https://a.example/v1","model":"m"}`, "If-Match", `"1"`).refused(412)
	s.do(s.admin, "PUT", settingsPath, `{"kind":"llm","base_url":"https://b.example/v1","model":"m","key":"","headers":{}}`).want(200, &bare)
	if got := bare; got.KeySet || len(got.HeaderNames) != 0 {
		t.Errorf("taken away, %+v", got)
	}
}

func TestSettingsOfTheAnalyserThatCannotBe(t *testing.T) {
	s := start(t)
	for _, c := range []struct{ body, place string }{
		{`{"kind":"oracle"}`, "body.kind"},
		{`{"kind":"llm","model":"m"}`, "body.base_url"},
		{`{"kind":"llm","base_url":"https://u:hunter2@a.example","model":"m"}`, "body.base_url"},
		{`{"kind":"llm","base_url":"https://a.example/v1"}`, "body.model"},
		{`{"kind":"llm","base_url":"https://a.example/v1","model":"m","key":"hunter2 "}`, "body.key"},
		{`{"kind":"llm","base_url":"https://a.example/v1","model":"m","headers":{"a":"hunter2\n"}}`, "body.headers"},
		{`{"kind":"llm","base_url":"https://a.example/v1","model":"m","max_input_tokens":5}`, "body.max_input_tokens"},
		{`{"kind":"llm","base_url":"https://a.example/v1","model":"m","max_output_tokens":5}`, "body.max_output_tokens"},
		{`{"kind":"offline","timeout_seconds":601}`, "body.timeout_seconds"},
		{`{"kind":"offline","concurrency":65}`, "body.concurrency"},
		{`{"kind":"llm","base_url":"https://a.example/v1","model":"m","budget":{"day_cost":5}}`, "body.budget.day_cost"},
		{`{"kind":"offline","budget":{"call_tokens":-1}}`, "body.budget.call_tokens"},
	} {
		a := s.do(s.admin, "PUT", settingsPath, c.body)
		a.refused(422, c.place)
		if strings.Contains(string(a.body), "hunter2") || strings.Contains(s.log.String(), "hunter2") {
			t.Errorf("%s: a secret is told on: %s", c.body, a.body)
		}
	}
}

func TestATrialTellsWhatIsWrong(t *testing.T) {
	s := start(t)
	end := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusUnauthorized)
	}))
	defer end.Close()
	s.do(s.admin, "PUT", settingsPath, `{"kind":"llm","base_url":"`+end.URL+`/v1","model":"m","key":"wrong"}`).want(200, nil)
	var got analyze.Trial
	s.do(s.admin, "POST", settingsPath+"/try", nil).want(200, &got)
	if got.OK || got.Field != "key" || !strings.Contains(got.Problem, "401") {
		t.Errorf("%+v", got)
	}
}

// analysing has calls analysed until so is true.
func (s *server) analysing(so func() bool) {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	all.Go(func() { s.runner.Run(ctx) })
	all.Go(func() { s.runner.Redo(ctx) })
	defer all.Wait()
	defer cancel()
	for deadline := time.Now().Add(time.Minute); !so(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatal("waited in vain")
		}
	}
}

// analysed has a call analysed.
func (s *server) analysed(id tandem.ID) {
	s.t.Helper()
	s.analysing(func() bool {
		a, err := s.store.CallAnalysis(context.Background(), id)
		return err == nil && a.State == tandem.AnalysisDone
	})
}

func TestACallIsAnalysedAndAnalysedAgain(t *testing.T) {
	s := start(t)
	id, testID := endedCall(s)
	var a tandem.CallAnalysis
	s.do(s.read, "GET", "/v1/calls/"+string(id)+"/analysis", nil).want(200, &a)
	if a.State != tandem.AnalysisDue {
		t.Errorf("%+v", a)
	}
	var due struct{ Items []tandem.CallAnalysis }
	s.do(s.read, "GET", "/v1/analyses?state=due", nil).want(200, &due)
	if len(due.Items) != 1 || due.Items[0].CallID != id {
		t.Errorf("due: %+v", due)
	}
	s.analysed(id)
	s.do(s.read, "GET", "/v1/calls/"+string(id)+"/analysis", nil).want(200, &a)
	if a.State != tandem.AnalysisDone || a.Analysis == nil || a.Analysis.Analyzer != analyze.OfflineEdition {
		t.Errorf("%+v", a)
	}
	var c struct{ Values map[string]tandem.Fact[any] }
	s.do(s.read, "GET", "/v1/calls/"+string(id), nil).want(200, &c)
	if v := c.Values[tandem.SentimentField]; v.Origin != tandem.OriginOffline || v.Value.(float64) < 0.2 {
		t.Errorf("sentiment %+v", v)
	}
	s.do(s.read, "POST", "/v1/calls/"+string(id)+"/analysis", nil).refused(403)
	s.do(s.write, "POST", "/v1/calls/"+string(id)+"/analysis", nil).want(202, &a)
	if a.State != tandem.AnalysisDue {
		t.Errorf("asked again: %+v", a)
	}
	s.analysed(id)
	s.do(s.write, "POST", "/v1/calls/nonsense/analysis", nil).refused(404)
	s.do(s.read, "GET", "/v1/calls/"+string(tandem.NewID(time.Now()))+"/analysis", nil).refused(404)

	path := "/v1/tests/" + string(testID) + "/reanalysis"
	s.do(s.read, "GET", path, nil).refused(404)
	var r api.Reanalysing
	s.do(s.write, "POST", path, `{"dry_run":true}`).want(200, &r)
	if r.Estimate == nil || r.Estimate.Calls != 1 || r.Reanalysis != nil {
		t.Errorf("%+v", r)
	}
	s.do(s.write, "POST", path, `{"max_cost":1}`).refused(422, "body.max_cost")
	s.do(s.write, "POST", path, `{}`).want(202, &r)
	s.do(s.write, "POST", path, `{}`).refused(409, "path.test")
	var progress tandem.Reanalysis
	s.analysing(func() bool {
		s.do(s.read, "GET", path, nil).want(200, &progress)
		return progress.State == tandem.ReanalysisDone
	})
	if progress.Asked != 1 || progress.Pending != 0 || progress.Actor != "writer" {
		t.Errorf("%+v", progress)
	}
	s.do(s.write, "DELETE", path, nil).refused(409)
	s.do(s.write, "POST", path, `{}`).want(202, &r)
	s.do(s.write, "DELETE", path, nil).want(204, nil)
	s.do(s.read, "GET", path, nil).want(200, &progress)
	if progress.State != tandem.ReanalysisCancelled {
		t.Errorf("%+v", progress)
	}
}

// endedCall reports a call of a running test, with a transcript.
func endedCall(s *server) (call, test tandem.ID) {
	s.t.Helper()
	_, running := s.running("+14155550100", 50)
	given := s.ask("+14155550100")
	s.do(s.ingest, "POST", "/v1/calls/"+string(given.CallID)+"/events", `[
		{"id":"e","kind":"ended","ended":{"by":"caller","duration_ms":30000}},
		{"id":"t","kind":"transcript","transcript":[{"role":"caller","text":"Thank you, that was great!"}]}]`).want(200, nil)
	return given.CallID, running.ID
}

package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem"
	"tandem/internal/analyze/llm"
	"tandem/internal/redact"
)

// caller is the API as somebody with an admin's key uses it.
type caller struct {
	t        *testing.T
	url, key string
}

func callerOf(t *testing.T, a *App) caller {
	t.Helper()
	_, secret, err := createKey(t.Context(), a.store, "test", []tandem.Scope{tandem.ScopeAdmin})
	must(t, err)
	return caller{t, "http://" + a.HTTPAddr(), secret}
}

func (c caller) do(method, path, body string, status int, out any, headers ...string) http.Header {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.url+path, strings.NewReader(body))
	must(c.t, err)
	req.Header.Set("Authorization", "Bearer "+c.key)
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	must(c.t, err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	must(c.t, err)
	if res.StatusCode != status {
		c.t.Fatalf("%s %s: %d, want %d: %s", method, path, res.StatusCode, status, raw)
	}
	if out != nil {
		must(c.t, json.Unmarshal(raw, out))
	}
	return res.Header
}

// finished waits for work on personal data. Its worker looks for work when woken.
func (c caller) finished(job tandem.PrivacyJob) tandem.PrivacyJob {
	c.t.Helper()
	for c.t.Context().Err() == nil {
		if c.do("GET", "/v1/privacy/jobs/"+string(job.ID), "", 200, &job); job.FinishedAt != nil {
			return job
		}
	}
	c.t.Fatal("the work does not end")
	return job
}

func TestTheKindsThatSettingsNameAreThoseThatRedactionKnows(t *testing.T) {
	var known []string
	for _, k := range redact.Kinds() {
		known = append(known, string(k))
	}
	if !slices.Equal(known, tandem.RedactKinds()) {
		t.Errorf("redact knows %q, settings %q", known, tandem.RedactKinds())
	}
}

func TestAModelIsShownOnlyWhatIsStoredAndThatIsRedacted(t *testing.T) {
	a := started(t)
	c := callerOf(t, a)
	c.do("PUT", "/v1/settings/privacy", `{"redact":{"kinds":["phone","email","name"],"names":["Anna Karenina"]},"discard_callers":false,"discard_recordings":true,"retention":{"transcripts_days":0,"analyses_days":0,"recordings_days":0,"callers_days":0,"records_days":0}}`, 200, nil)
	startTest(t, a, tandem.Rules{}, 50, 50)
	var got struct {
		CallID tandem.ID `json:"call_id"`
	}
	c.do("POST", "/v1/assignments", `{"route":"+14155550100","caller":"(415) 555-0137"}`, 200, &got)
	at := time.Now().UTC().Add(-time.Minute).Format(time.RFC3339)
	c.do("POST", "/v1/calls/"+string(got.CallID)+"/events", fmt.Sprintf(`[
		{"id":"1","kind":"ended","at":%[1]q,"ended":{"by":"caller","duration_ms":9000,"cause":"told 415-555-0188"},"redacted":{"":{"phone":99}}},
		{"id":"2","kind":"recording","at":%[1]q,"recording":{"url":"https://rec.example.com/secret.mp3"}},
		{"id":"3","kind":"analysis","at":%[1]q,"analysis":{"note":"write to ann@example.com"}},
		{"id":"4","kind":"transcript","at":%[1]q,"transcript":[{"role":"agent","text":"Your number?"},{"role":"caller","text":"Anna Karenina, 415-555-0188"}]}]`, at), 200, nil)

	// In bulk, by a foreign id.
	bulk := fmt.Sprintf(`{"id":"9","origin":"platform","foreign_id":"p-1","kind":"transcript","at":%q,"transcript":[{"role":"caller","text":"my phone is 415-555-0188"}]}`, at)
	c.do("POST", "/v1/events", bulk, 200, nil)

	var mu sync.Mutex
	var shown []byte
	model := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		shown = append(shown, body...)
		mu.Unlock()
		w.WriteHeader(http.StatusBadRequest)
	}))
	defer model.Close()
	analyzer, err := llm.New(llm.Config{BaseURL: model.URL, Model: "m"}, &http.Client{Transport: &http.Transport{DisableKeepAlives: true}})
	must(t, err)
	stored, err := a.store.Transcript(t.Context(), got.CallID)
	must(t, err)
	_, err = analyzer.Analyze(t.Context(), tandem.AnalysisTask{Turns: stored.Turns})
	if err == nil {
		t.Error("the model refused, and nobody says so")
	}
	mu.Lock()
	defer mu.Unlock()
	if !bytes.Contains(shown, []byte("[phone]")) || !bytes.Contains(shown, []byte("[name]")) || bytes.Contains(shown, []byte("555-0188")) || bytes.Contains(shown, []byte("Karenina")) {
		t.Errorf("the model was shown %s", shown)
	}

	var call tandem.Call
	c.do("GET", "/v1/calls/"+string(got.CallID), "", 200, &call)
	if call.Ended.Value.Cause != "told [phone]" || call.Values["note"].Value != "write to [email]" || call.Recording.Value.URL != "" {
		t.Errorf("stored %+v", call)
	}
	if want := (tandem.Redactions{"phone": 2, "email": 1, "name": 1}); !cmp.Equal(call.Redactions(), want) {
		t.Errorf("redactions %v, want %v: a sender's own word does not count", call.Redactions(), want)
	}
	must(t, a.store.Wipe(t.Context()))
	path := strings.TrimPrefix(a.cfg.Database, "sqlite:")
	for _, file := range []string{path, path + "-wal", a.cfg.Data + "/events.spool"} {
		if raw, err := os.ReadFile(file); err == nil && (bytes.Contains(raw, []byte("555-0188")) || bytes.Contains(raw, []byte("rec.example.com"))) {
			t.Errorf("%s holds what was to be taken out", file)
		}
	}
}

func TestPrivacySettingsAreReadChangedAndLoggedWithoutNames(t *testing.T) {
	a := started(t)
	c := callerOf(t, a)
	var s tandem.PrivacySettings
	if h := c.do("GET", "/v1/settings/privacy", "", 200, &s); h.Get("ETag") != "" || len(s.Redact.Kinds) != 0 || s.Retention != (tandem.Retention{}) {
		t.Errorf("before anybody chose: %q, %+v", h.Get("ETag"), s)
	}
	body := func(kinds, extra string) string {
		return `{"redact":{"kinds":[` + kinds + `],"names":["Karenina"]` + extra + `},"discard_callers":true,"discard_recordings":false,"retention":{"transcripts_days":30,"analyses_days":0,"recordings_days":0,"callers_days":0,"records_days":0}}`
	}
	if h := c.do("PUT", "/v1/settings/privacy", body(`"name"`, ""), 200, &s); h.Get("ETag") != `"1"` || !s.DiscardCallers {
		t.Errorf("%q, %+v", h.Get("ETag"), s)
	}
	c.do("PUT", "/v1/settings/privacy", body(`"name","phone"`, ""), 412, nil, "If-Match", `"7"`)
	c.do("PUT", "/v1/settings/privacy", body(`"name","phone"`, ""), 200, nil, "If-Match", `"1"`)
	for _, wrong := range []struct{ body, at string }{
		{body(`"shoe size"`, ""), "body.redact.kinds[0]"},
		{body(`"name","name"`, ""), "body.redact.kinds[1]"},
		{body(`"phone"`, `,"region":"ZZ"`), "body.redact.region"},
		{strings.Replace(body(``, ""), `"Karenina"`, `"--"`, 1), "body.redact.names[0]"},
	} {
		var problem struct {
			Errors []struct{ Location string }
		}
		c.do("PUT", "/v1/settings/privacy", wrong.body, 422, &problem)
		if len(problem.Errors) != 1 || problem.Errors[0].Location != wrong.at {
			t.Errorf("%s: %+v, want %s", wrong.body, problem, wrong.at)
		}
	}
	var audit json.RawMessage
	c.do("GET", "/v1/audit", "", 200, &audit)
	if !bytes.Contains(audit, []byte("settings.privacy")) || bytes.Contains(audit, []byte("Karenina")) {
		t.Errorf("the audit log says %s", audit)
	}
	_, reader, err := createKey(t.Context(), a.store, "reader", []tandem.Scope{tandem.ScopeRead})
	must(t, err)
	var told tandem.PrivacySettings
	caller{t, c.url, reader}.do("GET", "/v1/settings/privacy", "", 200, &told)
	if len(told.Redact.Names) != 0 || len(told.Redact.Kinds) != 2 {
		t.Errorf("a reader is told %+v", told)
	}
	for _, path := range []string{"export", "erase"} {
		caller{t, c.url, reader}.do("POST", "/v1/privacy/"+path, `{"caller":"+14155550137"}`, 403, nil)
	}
}

func TestACallerIsHandedOutAndErasedThroughTheAPI(t *testing.T) {
	a := started(t)
	c := callerOf(t, a)
	startTest(t, a, tandem.Rules{}, 50, 50)
	for _, number := range []string{"+14155550137", "+1 415-555-0137", "+14155550138"} {
		c.do("POST", "/v1/assignments", `{"route":"+14155550100","caller":"`+number+`"}`, 200, nil)
	}
	var export struct {
		Key   string `json:"caller_key"`
		Calls []json.RawMessage
	}
	c.do("POST", "/v1/privacy/export", `{"caller":"+1 (415) 555 0137"}`, 200, &export)
	var erased struct {
		Key   string `json:"caller_key"`
		Calls int
	}
	c.do("POST", "/v1/privacy/erase", `{"caller":"+1 415 555 0137"}`, 200, &erased)
	if len(export.Calls) != 2 || erased.Calls != 2 || erased.Key != export.Key {
		t.Errorf("handed out %d calls of %s, erased %d of %s", len(export.Calls), export.Key, erased.Calls, erased.Key)
	}
	var calls json.RawMessage
	c.do("GET", "/v1/calls", "", 200, &calls)
	if bytes.Contains(calls, []byte("5550137")) || !bytes.Contains(calls, []byte("5550138")) {
		t.Errorf("calls are %s", calls)
	}
	var purges struct{ Items []tandem.Purge }
	c.do("GET", "/v1/privacy/purges", "", 200, &purges)
	if len(purges.Items) != 1 || purges.Items[0].Cause != "erasure" || purges.Items[0].Calls != 2 {
		t.Errorf("purges %+v", purges)
	}
	for _, work := range []string{"redact", "purge"} {
		var job tandem.PrivacyJob
		c.do("POST", "/v1/privacy/"+work, "", 202, &job)
		if job = c.finished(job); job.Actor != "test" || string(job.Work) != work {
			t.Errorf("job %+v", job)
		}
	}
	c.do("GET", "/v1/privacy/jobs/nonsense", "", 404, nil)
	c.do("POST", "/v1/privacy/export", `{"caller":"  "}`, 422, nil)
	var report json.RawMessage
	var out bytes.Buffer
	ok, err := Commands{}.Verify(t.Context(), []string{"--data=" + a.cfg.Data, "--database=" + a.cfg.Database}, true, &out)
	must(t, err)
	must(t, json.Unmarshal(out.Bytes(), &report))
	if !ok {
		t.Errorf("verify: %s", report)
	}
}

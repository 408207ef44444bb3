package cli

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tandem"
)

// privacyServer answers what the privacy commands ask, and remembers what it was told.
type privacyServer struct {
	settings tandem.PrivacySettings
	caller   string
	asked    int
}

func (p *privacyServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	answer := func(v any) { _ = json.NewEncoder(w).Encode(v) }
	job := map[string]any{"id": "0197f3c0-0000-7000-8000-000000000001", "work": "redact", "looked": 12, "changed": 3, "redacted": map[string]int{"phone": 5}}
	switch r.Method + " " + r.URL.Path {
	case "GET /v1/settings/privacy":
		answer(p.settings)
	case "PUT /v1/settings/privacy":
		_ = json.Unmarshal(body, &p.settings)
		answer(p.settings)
	case "POST /v1/privacy/redact", "POST /v1/privacy/purge":
		answer(job)
	case "GET /v1/privacy/jobs/0197f3c0-0000-7000-8000-000000000001":
		p.asked++
		job["finished_at"] = "2026-03-02T09:00:00Z"
		answer(job)
	case "GET /v1/privacy/purges":
		_, _ = io.WriteString(w, `{"items":[{"job_id":"j","data":"callers","cause":"retention","days":30,"at":"2026-03-02T09:00:00Z","before":"2026-02-01T09:00:00Z","calls":1200,"oldest":"2026-01-01T09:00:00Z","newest":"2026-01-31T09:00:00Z","left":0}]}`)
	case "POST /v1/privacy/export", "POST /v1/privacy/erase":
		var in struct{ Caller string }
		_ = json.Unmarshal(body, &in)
		p.caller = in.Caller
		_, _ = io.WriteString(w, `{"id":"e-1","caller_key":"caller-00","calls":2}`)
	default:
		http.NotFound(w, r)
	}
}

func TestPrivacyIsShownChangedAndDoneFromTheCommandLine(t *testing.T) {
	p := &privacyServer{settings: tandem.PrivacySettings{Retention: tandem.Retention{Analyses: 7}}}
	srv := httptest.NewServer(p)
	defer srv.Close()
	do := func(args ...string) (int, string, string) {
		var out, errs bytes.Buffer
		code := Main(t.Context(), Env{Args: append([]string{"--url", srv.URL}, args...), Stdout: &out, Stderr: &errs, HTTP: srv.Client()})
		return code, out.String(), errs.String()
	}
	_, out, errs := do("privacy")
	expect(t, "privacy", out+errs, "redacted", "nothing", "kept for 7 days", "kept for ever")

	names := filepath.Join(t.TempDir(), "names.txt")
	if err := os.WriteFile(names, []byte("Anna\n\n Smith \n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, out, errs = do("privacy", "set", "--redact", "phone,name", "--names-file", names, "--discard-callers", "--callers-days", "30")
	expect(t, "privacy set", out+errs, "phone, name", "2 listed", "not stored, kept for 30 days", "tandem privacy redact --past")
	if s := p.settings; s.Retention.Analyses != 7 || !s.DiscardCallers || s.Retention.Callers != 30 || len(s.Redact.Names) != 2 || s.Redact.Names[1] != "Smith" {
		t.Errorf("set %+v", s)
	}
	do("privacy", "set", "--redact", "all", "--no-discard-callers")
	if s := p.settings; len(s.Redact.Kinds) != 6 || s.DiscardCallers {
		t.Errorf("set %+v", s)
	}
	do("privacy", "set", "--redact", "none")
	if len(p.settings.Redact.Kinds) != 0 {
		t.Errorf("set %+v", p.settings)
	}
	_, out, errs = do("privacy", "redact", "--past")
	if expect(t, "privacy redact", out+errs, "12 calls looked at, 3 changed", "phone: 5 taken out"); p.asked != 1 {
		t.Errorf("asked %d times how far it is", p.asked)
	}
	_, out, _ = do("privacy", "purge", "--no-wait")
	expect(t, "privacy purge", out, "Asked for: job 0197f3c0")
	_, out, _ = do("privacy", "purges")
	expect(t, "privacy purges", out, "callers", "retention 30 days", "1,200", "LEFT")

	if code, _, errs := do("privacy", "erase", "--caller", "+14155550199"); code != 1 || p.caller != "" || !strings.Contains(errs, "--yes") {
		t.Errorf("without --yes: exit %d, %s, and erased %q", code, errs, p.caller)
	}
	_, out, _ = do("privacy", "erase", "--caller", "+14155550199", "--yes")
	if expect(t, "privacy erase", out, "2 calls", "e-1", "caller-00"); p.caller != "+14155550199" {
		t.Errorf("erased %q", p.caller)
	}
	_, out, _ = do("privacy", "export", "--caller", "415 555 0198")
	if expect(t, "privacy export", out, `"caller_key": "caller-00"`); p.caller != "415 555 0198" {
		t.Errorf("handed out %q", p.caller)
	}
}

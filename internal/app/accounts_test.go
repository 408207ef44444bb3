package app

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"tandem/internal/cli"
	"tandem/internal/config"
)

// visitor is a browser at the server.
type visitor struct {
	t    *testing.T
	at   string
	http *http.Client
}

func newVisitor(t *testing.T, addr string) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	must(t, err)
	v := &visitor{t, "http://" + addr, &http.Client{Jar: jar}}
	t.Cleanup(v.http.CloseIdleConnections)
	return v
}

func (v *visitor) do(method, path string, body any) (status int, answer string) {
	v.t.Helper()
	raw, err := json.Marshal(body)
	must(v.t, err)
	req, err := http.NewRequest(method, v.at+path, bytes.NewReader(raw))
	must(v.t, err)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	resp, err := v.http.Do(req)
	must(v.t, err)
	defer resp.Body.Close()
	out, err := io.ReadAll(resp.Body)
	must(v.t, err)
	return resp.StatusCode, string(out)
}

func (v *visitor) want(status int, method, path string, body any) {
	v.t.Helper()
	if got, answer := v.do(method, path, body); got != status {
		v.t.Fatalf("%s %s: %d, want %d: %s", method, path, got, status, answer)
	}
}

// tandemCommand runs a command line as on the server.
func tandemCommand(t *testing.T, a *App, key, stdin, line string) string {
	t.Helper()
	out, errs, code := tryCommand(a, key, stdin, line)
	if code != 0 {
		t.Fatalf("tandem %s: exit %d: %s", line, code, errs)
	}
	return out
}

func tryCommand(a *App, key, stdin, line string) (out, errs string, code int) {
	var o, e bytes.Buffer
	hc := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	code = cli.Main(context.Background(), cli.Env{
		Args: append([]string{"--url", "http://" + a.HTTPAddr(), "--key", key}, strings.Fields(line)...), Stdin: strings.NewReader(stdin),
		Stdout: &o, Stderr: &e, Server: Commands{Log: io.Discard}, HTTP: hc,
	})
	return o.String(), e.String(), code
}

func TestTheFirstStartAsksForAnAdministrator(t *testing.T) {
	a := started(t)
	var log bytes.Buffer
	a.log = slog.New(slog.NewTextHandler(&log, nil))
	a.askForSetup(t.Context())
	m := regexp.MustCompile(`link="?(http://127\.0\.0\.1:\d+/setup#code=(\S+?))"? `).FindStringSubmatch(log.String())
	if m == nil {
		t.Fatalf("the log says %s", log.String())
	}
	v := newVisitor(t, a.HTTPAddr())
	v.want(201, "POST", "/v1/setup", map[string]string{"code": m[2], "email": "ann@example.com", "password": "staple battery horse"})
	v.want(200, "GET", "/v1/users", nil)
	log.Reset()
	a.askForSetup(t.Context())
	if log.Len() > 0 {
		t.Errorf("once there is a user the log says %s", log.String())
	}
	if _, errs, code := tryCommand(a, "", "", "setup-code --data "+a.cfg.Data); code != 1 || !strings.Contains(errs, "set up already") {
		t.Errorf("exit %d, %s", code, errs)
	}
}

func TestUsersFromTheCommandLine(t *testing.T) {
	a := started(t)
	on := " --data " + a.cfg.Data
	code, _, _ := strings.Cut(tandemCommand(t, a, "", "", "setup-code"+on), "\n")
	if len(code) != 23 {
		t.Errorf("code %q", code)
	}
	tandemCommand(t, a, "", "staple battery horse\n", "user create Ann@Example.com --role admin"+on)
	v := newVisitor(t, a.HTTPAddr())
	v.want(409, "POST", "/v1/setup", map[string]string{"code": code, "email": "eve@example.com", "password": "staple battery horse"})
	v.want(200, "POST", "/v1/session", map[string]string{"email": "ann@example.com", "password": "staple battery horse"})

	link, err := url.Parse(strings.TrimSpace(tandemCommand(t, a, "", "", "user link ann@example.com"+on)))
	must(t, err)
	token, _ := strings.CutPrefix(link.Fragment, "link=")
	if link.Path != "/sign-in" {
		t.Errorf("link %s", link)
	}
	newVisitor(t, a.HTTPAddr()).want(200, "POST", "/v1/session", map[string]string{"link": token})

	key := strings.TrimSpace(tandemCommand(t, a, "", "", "key create ops --scope admin"+on))
	invitation := regexp.MustCompile(`/invitation#token=(\S+)`)
	said := tandemCommand(t, a, key, "", "user create bo@example.com --role viewer --invite --api")
	m := invitation.FindStringSubmatch(said)
	if m == nil {
		t.Fatalf("said %s", said)
	}
	newVisitor(t, a.HTTPAddr()).want(200, "POST", "/v1/invitations/"+m[1], map[string]string{"password": "staple battery horse"})
	if said := tandemCommand(t, a, key, "", "user set bo@example.com --role operator --name Bo --disable"); !strings.Contains(said, "bo@example.com is operator, disabled.") {
		t.Errorf("said %s", said)
	}
	tandemCommand(t, a, key, "", "user set bo@example.com --enable")
	if said = tandemCommand(t, a, key, "", "user reset bo@example.com"); !invitation.MatchString(said) {
		t.Errorf("said %s", said)
	}
	if said = tandemCommand(t, a, key, "", "user list"); !strings.Contains(said, "ann@example.com") || !strings.Contains(said, "invited") {
		t.Errorf("said %s", said)
	}
	tandemCommand(t, a, key, "", "user delete bo@example.com")
	for line, want := range map[string]string{
		"user delete bo@example.com":               "no user",
		"user set ann@example.com":                 "nothing to change",
		"user set ann@example.com --role viewer":   "last administrator",
		"user create x --role admin --invite" + on: "email",
	} {
		if _, errs, code := tryCommand(a, key, "", line); code != 1 || !strings.Contains(errs, want) {
			t.Errorf("tandem %s: exit %d, %s", line, code, errs)
		}
	}
	if _, errs, code := tryCommand(a, key, "short\n", "user create c@example.com --role admin"+on); code != 1 || !strings.Contains(errs, "password") {
		t.Errorf("exit %d, %s", code, errs)
	}
}

func TestASessionGoesOnAfterTheServerIsStartedAnew(t *testing.T) {
	dir := t.TempDir()
	cfg := config.Config{Data: dir, Database: "sqlite:" + filepath.Join(dir, "tandem.db"), HTTP: "127.0.0.1:0", SIP: []string{"none"}}
	a, err := Start(t.Context(), cfg, slog.New(slog.DiscardHandler))
	must(t, err)
	tandemCommand(t, a, "", "staple battery horse\n", "user create ann@example.com --role viewer --data "+dir)
	v := newVisitor(t, a.HTTPAddr())
	v.want(200, "POST", "/v1/session", map[string]string{"email": "ann@example.com", "password": "staple battery horse"})
	v.http.CloseIdleConnections()
	must(t, a.Stop(t.Context()))
	a, err = Start(t.Context(), cfg, slog.New(slog.DiscardHandler))
	must(t, err)
	defer func() { must(t, a.Stop(context.WithoutCancel(t.Context()))) }()
	v.at = "http://" + a.HTTPAddr() // cookies know hosts, not ports
	v.want(200, "GET", "/v1/session", nil)
	v.want(403, "GET", "/v1/users", nil)
	v.http.CloseIdleConnections()
}

func TestADemosLinkSignsItsAdministratorInOnce(t *testing.T) {
	dir := t.TempDir()
	for range 2 { // the second time the user is there already
		local, err := (Commands{}).StartLocal(t.Context(), cli.LocalOptions{Data: dir, HTTP: "127.0.0.1:0", SIP: "127.0.0.1:0", Log: io.Discard})
		must(t, err)
		v := newVisitor(t, strings.TrimPrefix(local.URL, "http://"))
		v.want(200, "POST", "/v1/session", map[string]string{"link": local.Link})
		v.want(200, "GET", "/v1/keys", nil)
		newVisitor(t, strings.TrimPrefix(local.URL, "http://")).want(401, "POST", "/v1/session", map[string]string{"link": local.Link})
		v.http.CloseIdleConnections()
		stop, cancel := context.WithTimeout(t.Context(), time.Minute)
		must(t, local.Stop(stop))
		cancel()
	}
}

package api_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tandem"
	"tandem/internal/api"
	"tandem/internal/recording"
)

func TestARecordingIsHeardThroughTheServer(t *testing.T) {
	house := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/cut.wav":
			w.Header().Set("Content-Type", "audio/wav")
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "RIFF")
		case "/page":
			_, _ = io.WriteString(w, "<html>")
		default:
			w.Header().Set("Content-Type", "audio/wav")
			w.Header().Set("Set-Cookie", "a=b")
			http.ServeContent(w, r, "", time.Time{}, strings.NewReader("RIFF and more"))
		}
	}))
	t.Cleanup(house.Close)
	s := start(t, func(d *api.Deps) {
		d.Recordings = recording.New([]string{strings.TrimPrefix(house.URL, "http://")})
	})
	call := func(link string) string {
		id := string(tandem.NewID(time.Now()))
		s.do(s.ingest, "POST", "/v1/calls/"+id+"/events", map[string]any{"id": "1", "kind": "started", "at": time.Now()}).want(200, nil)
		if link != "" {
			s.do(s.ingest, "POST", "/v1/calls/"+id+"/events", map[string]any{"id": "2", "kind": "recording", "at": time.Now(), "recording": map[string]string{"url": link}}).want(200, nil)
		}
		return "/v1/calls/" + id + "/recording"
	}
	at := call(house.URL + "/call.wav")
	whole := s.do(s.read, "GET", at, nil).want(200, nil)
	if string(whole.body) != "RIFF and more" || whole.header.Get("Content-Type") != "audio/wav" || whole.header.Get("Content-Length") != "13" || whole.header.Get("Set-Cookie") != "" || whole.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%q %v", whole.body, whole.header)
	}
	part := s.do(s.read, "GET", at, nil, "Range", "bytes=0-3").want(206, nil)
	if string(part.body) != "RIFF" || part.header.Get("Content-Range") != "bytes 0-3/13" {
		t.Errorf("%q %v", part.body, part.header)
	}
	s.do(s.read, "GET", at, nil, "Range", "bytes=99-").want(416, nil)
	s.do(s.ingest, "GET", at, nil).refused(403)
	s.do("", "GET", at, nil).refused(401)
	s.do(s.read, "GET", call(""), nil).refused(404)
	s.do(s.read, "GET", "/v1/calls/"+string(tandem.NewID(time.Now()))+"/recording", nil).refused(404)
	s.do(s.read, "GET", call(house.URL+"/page"), nil).refused(409)
	s.do(s.read, "GET", call("https://127.0.0.1/secret.wav"), nil).refused(409)

	req, err := http.NewRequest(http.MethodGet, s.url+call(house.URL+"/cut.wav"), http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.read)
	res, err := http.DefaultClient.Do(req)
	if err == nil {
		defer res.Body.Close()
		if all, err := io.ReadAll(res.Body); err == nil {
			t.Errorf("a recording that was cut looks whole: %q", all)
		}
	}
}

func TestCallsAreListedByLength(t *testing.T) {
	s := start(t)
	for id, ms := range map[string]int{"short": 20_000, "long": 200_000} {
		s.do(s.ingest, "POST", "/v1/events", map[string]any{"id": id, "foreign_id": id, "kind": "ended", "at": time.Now(), "ended": map[string]any{"by": "caller", "duration_ms": ms}}).want(200, nil)
	}
	for query, want := range map[string]int{"": 2, "?min_seconds=20": 2, "?min_seconds=20.5": 1, "?max_seconds=199.9": 1, "?min_seconds=21&max_seconds=199": 0} {
		var out struct{ Items []struct{} }
		s.do(s.read, "GET", "/v1/calls"+query, nil).want(200, &out)
		if len(out.Items) != want {
			t.Errorf("%s: %d calls; want %d", query, len(out.Items), want)
		}
	}
	s.do(s.read, "GET", "/v1/calls?min_seconds=30&max_seconds=20", nil).refused(422, "query.min_seconds")
}

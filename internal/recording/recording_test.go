package recording

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tandem"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var tone = bytes.Repeat([]byte("RIFF"), 1000)

// house keeps recordings, and other things.
func house(t *testing.T) (*httptest.Server, string) {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/call.wav", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "audio/x-wav; rate=8000")
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(tone))
	})
	mux.HandleFunc("/page", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<script>")
	})
	mux.HandleFunc("/forbidden", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
	mux.HandleFunc("/broken", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	mux.HandleFunc("/to", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, r.URL.Query().Get("at"), http.StatusFound)
	})
	mux.HandleFunc("/loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.String(), http.StatusFound) })
	mux.HandleFunc("/endless", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "audio/mpeg")
		for range 100 {
			if _, err := w.Write(tone); err != nil {
				return
			}
			w.(http.Flusher).Flush()
		}
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s, strings.TrimPrefix(s.URL, "http://")
}

func codeAndText(err error) (tandem.Code, string) {
	e, ok := errors.AsType[*tandem.Error](err)
	if !ok {
		return tandem.CodeOf(err), ""
	}
	return e.Code, e.Message
}

func TestARecordingOfAnAllowedHostComesWholeAndInParts(t *testing.T) {
	s, host := house(t)
	for _, link := range []string{s.URL + "/call.wav", s.URL + "/to?at=" + url.QueryEscape(s.URL+"/call.wav")} {
		a, err := New([]string{strings.ToUpper(host)}).Open(t.Context(), link, "")
		if err != nil {
			t.Fatal(err)
		}
		all, err := io.ReadAll(a)
		if err != nil || !bytes.Equal(all, tone) || a.Status != 200 || a.Type != "audio/x-wav" || a.Length != int64(len(tone)) {
			t.Errorf("%s: %d bytes, %v, %+v", link, len(all), err, a)
		}
		_ = a.Close()
	}
	f := New([]string{host})
	a, err := f.Open(t.Context(), s.URL+"/call.wav", "bytes=4-9")
	if err != nil {
		t.Fatal(err)
	}
	part, _ := io.ReadAll(a)
	if string(part) != "RIFFRI" || a.Status != 206 || a.Range != "bytes 4-9/4000" || a.Length != 6 {
		t.Errorf("%q, %+v", part, a)
	}
	_ = a.Close()
	beyond, err := f.Open(t.Context(), s.URL+"/call.wav", "bytes=9000-")
	if err != nil || beyond.Status != 416 || beyond.Range != "bytes */4000" {
		t.Fatalf("%+v, %v", beyond, err)
	}
	if rest, err := io.ReadAll(beyond); len(rest) != 0 || err != nil {
		t.Errorf("%q, %v", rest, err)
	}
	_ = beyond.Close()
}

func TestLinksAreNotFollowedToWhereTheyMayNotLead(t *testing.T) {
	s, host := house(t)
	secure := httptest.NewTLSServer(s.Config.Handler)
	t.Cleanup(secure.Close)
	for name, c := range map[string]struct {
		allowed []string
		link    string
		says    string
	}{
		"plain http":                            {nil, "http://192.0.2.1/x?signature=secret", "expected https"},
		"a loopback address":                    {nil, secure.URL + "/call.wav?signature=secret", "no public address"},
		"a private address":                     {nil, "https://10.0.0.1/?signature=secret", "no public address"},
		"the cloud's own data":                  {nil, "https://169.254.169.254/latest/?signature=secret", "no public address"},
		"an address written as IPv6":            {nil, "https://[::ffff:127.0.0.1]/?signature=secret", "no public address"},
		"a name of a loopback address":          {nil, strings.Replace(secure.URL, "127.0.0.1", "localhost", 1) + "/?signature=secret", "no public address"},
		"an allowed host's redirect to another": {[]string{host}, s.URL + "/to?at=" + url.QueryEscape(secure.URL+"/call.wav?signature=secret"), "no public address"},
		"a redirect to http elsewhere":          {[]string{host}, s.URL + "/to?at=" + url.QueryEscape("http://192.0.2.1/signature=secret"), "expected https"},
		"plain http beyond this machine":        {[]string{"192.0.2.1"}, "http://192.0.2.1/?signature=secret", "expected https"},
		"another scheme":                        {[]string{host}, s.URL + "/to?at=" + url.QueryEscape("file:///etc/passwd?signature=secret"), "expected https"},
		"a user name":                           {[]string{host}, strings.Replace(s.URL, "://", "://signature:secret@", 1), "user name"},
		"redirects without end":                 {[]string{host}, s.URL + "/loop?signature=secret", "more than 5 times"},
		"a page":                                {[]string{host}, s.URL + "/page", "expected audio"},
		"what is refused there":                 {[]string{host}, s.URL + "/forbidden", "403"},
	} {
		a, err := New(c.allowed).Open(t.Context(), c.link, "")
		if err == nil {
			_ = a.Close()
			t.Errorf("%s: it was followed", name)
			continue
		}
		code, text := codeAndText(err)
		if code != tandem.Conflict || !strings.Contains(text, c.says) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %s, %v", name, code, err)
		}
	}
}

func TestWhatIsGoneAndWhatIsAwayAreToldApart(t *testing.T) {
	s, host := house(t)
	f := New([]string{host})
	for link, want := range map[string]tandem.Code{
		s.URL + "/nothing": tandem.NotFound, s.URL + "/broken": tandem.Unavailable, "http://" + host[:strings.LastIndex(host, ":")] + ":1/": tandem.Conflict,
	} {
		if _, err := f.Open(t.Context(), link, ""); tandem.CodeOf(err) != want {
			t.Errorf("%s: %v; want %s", link, err, want)
		}
	}
	s.Close()
	if _, err := f.Open(t.Context(), s.URL+"/call.wav?signature=secret", ""); tandem.CodeOf(err) != tandem.Unavailable || strings.Contains(err.Error(), "secret") {
		t.Errorf("%v; want Unavailable without the link", err)
	}
}

func TestARecordingThatIsTooLongIsCutWithAnError(t *testing.T) {
	s, host := house(t)
	f := New([]string{host})
	f.largest = 10_000
	a, err := f.Open(t.Context(), s.URL+"/endless", "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Close() }()
	if all, err := io.ReadAll(a); err == nil || len(all) != 10_000 {
		t.Errorf("%d bytes, %v; want 10000 and an error", len(all), err)
	}
	f.largest = 3999
	if _, err := f.Open(t.Context(), s.URL+"/call.wav", ""); tandem.CodeOf(err) != tandem.Conflict {
		t.Errorf("%v; want Conflict", err)
	}
}

func TestPublicAddressesAreTold(t *testing.T) {
	for text, want := range map[string]bool{
		"8.8.8.8": true, "2606:4700::1111": true, "127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false, "169.254.169.254": false,
		"100.64.0.1": false, "0.0.0.0": false, "224.0.0.1": false, "255.255.255.255": false, "::1": false, "::": false, "fe80::1": false, "fd00::1": false,
		"64:ff9b::7f00:1": false, "2002:7f00:1::": false, "198.18.0.1": false,
	} {
		if got := public(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s: public %t", text, got)
		}
	}
}

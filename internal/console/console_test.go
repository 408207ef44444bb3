package console

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

var built = fstest.MapFS{
	".gitkeep":            {},
	"index.html":          {Data: []byte("<!doctype html><title>Tandem</title>")},
	"icon.svg":            {Data: []byte("<svg/>")},
	"assets/index-a1b.js": {Data: []byte("export {}")},
}

func get(h http.Handler, method, path string, header ...string) *httptest.ResponseRecorder {
	w, r := httptest.NewRecorder(), httptest.NewRequest(method, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	h.ServeHTTP(w, r)
	return w
}

func TestPathsAreAnsweredWithTheFileOrThePage(t *testing.T) {
	for _, c := range []struct {
		name, method, path string
		status             int
		mediaType, cache   string
		body               string
	}{
		{"the root is the page", "GET", "/", 200, "text/html; charset=utf-8", ask, "Tandem"},
		{"an address within the console is the page", "GET", "/routes/0198f1b2", 200, "text/html; charset=utf-8", ask, "Tandem"},
		{"a hashed file is kept forever", "GET", "/assets/index-a1b.js", 200, "text/javascript; charset=utf-8", forever, "export"},
		{"a file without a hash is asked for", "GET", "/icon.svg", 200, "image/svg+xml", ask, "<svg/>"},
		{"an old script is missing, not a page", "GET", "/assets/index-old.js", 404, "text/plain; charset=utf-8", "", "not found"},
		{"an unknown file is missing, not a page", "GET", "/robots.txt", 404, "text/plain; charset=utf-8", "", "not found"},
		{"the placeholder is not served", "GET", "/.gitkeep", 404, "text/plain; charset=utf-8", "", "not found"},
		{"a path out of the folder stays in it", "GET", "/../../index.html", 200, "text/html; charset=utf-8", ask, "Tandem"},
		{"HEAD has no body", "HEAD", "/", 200, "text/html; charset=utf-8", ask, ""},
		{"POST is refused", "POST", "/", 405, "text/plain; charset=utf-8", "", "GET"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := get(newHandler(built), c.method, c.path)
			h := w.Result().Header
			if w.Code != c.status || h.Get("Content-Type") != c.mediaType || h.Get("Cache-Control") != c.cache {
				t.Errorf("%d %q %q, want %d %q %q", w.Code, h.Get("Content-Type"), h.Get("Cache-Control"), c.status, c.mediaType, c.cache)
			}
			if body := w.Body.String(); !strings.Contains(body, c.body) || c.body == "" && body != "" {
				t.Errorf("body %q, want %q in it", body, c.body)
			}
			if c.status == 200 && (h.Get("Content-Security-Policy") != Policy || h.Get("X-Content-Type-Options") != "nosniff") {
				t.Errorf("security headers missing: %v", h)
			}
		})
	}
}

func TestABrowserThatHasTheFileIsToldSo(t *testing.T) {
	h := newHandler(built)
	tag := get(h, "GET", "/").Header().Get("ETag")
	if w := get(h, "GET", "/routes/x", "If-None-Match", tag); tag == "" || w.Code != http.StatusNotModified || w.Body.Len() != 0 {
		t.Errorf("%d with %d bytes for the tag %q, want 304 and none", w.Code, w.Body.Len(), tag)
	}
}

func TestABrowserThatTakesGzipGetsIt(t *testing.T) {
	script := strings.Repeat("export const words = 'again and again';\n", 200)
	h := newHandler(fstest.MapFS{"index.html": {Data: []byte("short")}, "assets/a.js": {Data: []byte(script)}})
	plain := get(h, "GET", "/assets/a.js")
	for _, c := range []struct {
		name, path, accepts, ranged string
		zipped                      bool
	}{
		{"one that takes it", "/assets/a.js", "gzip, deflate, br", "", true},
		{"one that prefers others", "/assets/a.js", "br;q=1, gzip;q=0.5", "", true},
		{"one that says nothing", "/assets/a.js", "", "", false},
		{"one that refuses it", "/assets/a.js", "gzip;q=0, identity", "", false},
		{"one that refuses it more exactly", "/assets/a.js", "gzip; q=0.000", "", false},
		{"one that takes others", "/assets/a.js", "br", "", false},
		{"what is short stays as it is", "/", "gzip", "", false},
		{"a part is one of the bytes as they are", "/assets/a.js", "gzip", "bytes=0-5", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := get(h, "GET", c.path, "Accept-Encoding", c.accepts, "Range", c.ranged)
			head := w.Result().Header
			if head.Get("Vary") != "Accept-Encoding" || (head.Get("Content-Encoding") == "gzip") != c.zipped {
				t.Fatalf("headers %v; expected gzip: %v", head, c.zipped)
			}
			if !c.zipped {
				return
			}
			if head.Get("ETag") == plain.Header().Get("ETag") || w.Body.Len() >= len(script)/2 {
				t.Errorf("ETag %s, %d bytes of %d", head.Get("ETag"), w.Body.Len(), len(script))
			}
			r, err := gzip.NewReader(w.Body)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(r); err != nil || string(got) != script {
				t.Errorf("%d bytes unpacked, error %v; expected the script", len(got), err)
			}
			again := get(h, "GET", c.path, "Accept-Encoding", c.accepts, "If-None-Match", head.Get("ETag"))
			if again.Code != http.StatusNotModified {
				t.Errorf("asked again: %d, want 304", again.Code)
			}
		})
	}
}

func TestABinaryWithoutAConsoleSaysSo(t *testing.T) {
	h := newHandler(fstest.MapFS{".gitkeep": {}})
	for _, path := range []string{"/", "/routes/x"} {
		if w := get(h, "GET", path); w.Code != 200 || w.Body.String() != notBuilt {
			t.Errorf("%s: %d %q, want 200 %q", path, w.Code, w.Body, notBuilt)
		}
	}
	if w := get(h, "GET", "/assets/index.js"); w.Code != 404 {
		t.Errorf("a script of a console that is not there: %d, want 404", w.Code)
	}
}

// What the policy would refuse must not be in the page that was built.
func TestTheBuiltPageKeepsToThePolicy(t *testing.T) {
	w := get(Handler(), "GET", "/")
	if w.Body.String() == notBuilt {
		t.Skip("the console is not built: run make console")
	}
	page := w.Body.String()
	inline := regexp.MustCompile(`(?i)<script(?:\s[^>]*)?>[^<]|<style|\sstyle=|\son[a-z]+=|javascript:`)
	if found := inline.FindString(page); found != "" {
		t.Errorf("the page holds inline code or style: %q", found)
	}
	links := regexp.MustCompile(`(?:src|href)="([^"]+)"`).FindAllStringSubmatch(page, -1)
	if len(links) < 2 {
		t.Fatalf("the page loads %d files; expected its script and style at least", len(links))
	}
	for _, m := range links {
		if !strings.HasPrefix(m[1], "/") || strings.HasPrefix(m[1], "//") {
			t.Errorf("the page loads %q from elsewhere", m[1])
			continue
		}
		if w := get(Handler(), "GET", m[1]); w.Code != 200 {
			t.Errorf("the page loads %s, which answers %d", m[1], w.Code)
		}
	}
}

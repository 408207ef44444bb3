// Package console serves the web console that is built into the binary. Files
// flow out and nothing flows in: all data the console shows it fetches from the
// API, with the user's own key.
package console

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"

	"tandem/web"
)

// Policy is the content security policy of the console: everything comes from
// Tandem itself, and no other site may frame it. What the page makes in its own
// memory (blob:) it may show and play: a chart that is saved as PNG is drawn from an
// image, and a recording that was fetched from the API plays from there.
const Policy = "default-src 'self'; img-src 'self' blob:; media-src 'self' blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"

const (
	// forever is for files whose names hold a hash of what they contain.
	forever = "public, max-age=31536000, immutable"
	// ask has browsers ask each time, so that a new release is seen at once.
	ask = "no-cache"

	notBuilt = "console not built: run make console\n"
)

// Handler serves the console that was built into the binary: its files, and
// its page for every other path, so that addresses within it can be opened. A
// binary without a console says so.
func Handler() http.Handler {
	dist, err := fs.Sub(web.Dist, "dist")
	if err != nil {
		panic("the embedded console has no dist folder: " + err.Error()) // embed.go names it
	}
	return newHandler(dist)
}

// file is one file, ready to serve.
type file struct {
	body      []byte
	mediaType string
	tag       string // ETag
	cache     string
	// zipped makes the body gzipped once it is asked for: a third of the bytes. It
	// gives nil where that gains nothing.
	zipped func() []byte
}

type handler struct {
	files map[string]file // by path from the root, without a leading slash
}

func newHandler(dist fs.FS) *handler {
	h := &handler{files: map[string]file{}}
	err := fs.WalkDir(dist, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), ".") {
			return err
		}
		body, err := fs.ReadFile(dist, name)
		if err != nil {
			return err
		}
		h.files[name] = newFile(name, body)
		return nil
	})
	if err != nil {
		panic("the embedded console cannot be read: " + err.Error())
	}
	return h
}

func newFile(name string, body []byte) file {
	sum := sha256.Sum256(body)
	f := file{body: body, mediaType: mime.TypeByExtension(path.Ext(name)), cache: ask, zipped: sync.OnceValue(func() []byte { return zip(body) })}
	f.tag = `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	if strings.HasPrefix(name, "assets/") {
		f.cache = forever
	}
	if known, ok := mediaTypes[path.Ext(name)]; ok {
		f.mediaType = known
	}
	return f
}

// leastZipped is what fits into one packet anyway.
const leastZipped = 1400

func zip(body []byte) []byte {
	if len(body) < leastZipped {
		return nil
	}
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err == nil {
		_, err = w.Write(body)
	}
	if err = errors.Join(err, w.Close()); err != nil || out.Len() >= len(body) {
		return nil
	}
	return out.Bytes()
}

// takesGzip says whether a request accepts a gzipped body (RFC 9110, section 12.5.3).
func takesGzip(r *http.Request) bool {
	for offer := range strings.SplitSeq(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		coding, weight, weighed := strings.Cut(offer, ";")
		if !strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			continue
		}
		q, err := strconv.ParseFloat(strings.TrimPrefix(strings.TrimSpace(weight), "q="), 64)
		return !weighed || err == nil && q > 0
	}
	return false
}

// mediaTypes are those that matter: the machine's own table may lack or
// contradict them, and browsers refuse a script of another type.
var mediaTypes = map[string]string{
	".html": "text/html; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".svg":  "image/svg+xml",
}

// ServeHTTP answers GET and HEAD.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "the console only takes GET", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	f, ok := h.files[name]
	if !ok {
		if isFile(name) {
			http.NotFound(w, r)
			return
		}
		name = "index.html"
		if f, ok = h.files[name]; !ok {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			_, _ = w.Write([]byte(notBuilt))
			return
		}
	}
	header := w.Header()
	header.Set("Content-Type", f.mediaType)
	header.Set("Cache-Control", f.cache)
	header.Set("Vary", "Accept-Encoding")
	header.Set("Content-Security-Policy", Policy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	body, tag := f.body, f.tag
	// A range is one of the bytes as they are.
	if r.Header.Get("Range") == "" && takesGzip(r) {
		if zipped := f.zipped(); zipped != nil {
			body, tag = zipped, strings.TrimSuffix(tag, `"`)+`-gzip"`
			header.Set("Content-Encoding", "gzip")
		}
	}
	header.Set("ETag", tag)
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(body))
}

// isFile says whether a path asks for a file rather than a page of the console:
// a missing script must not be answered with a page.
func isFile(name string) bool {
	return strings.HasPrefix(name, "assets/") || path.Ext(name) != ""
}

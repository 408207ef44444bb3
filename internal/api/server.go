package api

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"tandem"
)

// Status describes the running server.
type Status struct {
	Release         string    `json:"release" doc:"Tandem's version"`
	Node            string    `json:"node" doc:"Name of this node"`
	StartedAt       time.Time `json:"started_at"`
	UptimeSeconds   int64     `json:"uptime_seconds"`
	SIPListeners    []string  `json:"sip_listeners" doc:"Where the gateway listens" example:"[\"udp:0.0.0.0:5060\"]"`
	SIPTrunks       []Trunk   `json:"sip_trunks" doc:"Who may send calls to the gateway, as the server's settings name them"`
	CallsInProgress int64     `json:"calls_in_progress" doc:"Calls of all nodes that have neither ended nor been given up"`
	DatabaseOK      bool      `json:"database_ok"`
	DatabaseError   string    `json:"database_error,omitempty" doc:"Why the database cannot be used"`
	SpoolBacklog    int64     `json:"spool_backlog" doc:"Bytes of this node's gateway's events that wait for the database"`
}

// Trunk is who may send calls, and by what they are known: by all that is named.
type Trunk struct {
	Name     string   `json:"name" example:"carrier"`
	Sources  []string `json:"sources" doc:"Addresses that calls may come from; empty: any"`
	Password bool     `json:"password" doc:"Whether a user name and a password are asked for"`
}

func (a *api) server() {
	register(a, operation{
		id: "get-status", method: http.MethodGet, path: "/v1/status", tag: tagServer, scope: tandem.ScopeRead,
		summary: "See how the server is",
	}, func(ctx context.Context, _ *struct{}) (*plain[Status], error) {
		s := Status{Release: a.Release, DatabaseOK: true}
		if a.Status != nil {
			s = a.Status(ctx)
		}
		if s.SIPListeners == nil {
			s.SIPListeners = []string{}
		}
		if s.SIPTrunks == nil {
			s.SIPTrunks = []Trunk{}
		}
		return &plain[Status]{Body: s}, nil
	})
	a.mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, "ok\n")
	})
	a.mux.HandleFunc("GET /readyz", a.readyz)
	if a.Metrics != nil {
		a.mux.HandleFunc("GET /metrics", a.metrics)
	}
	a.mux.HandleFunc("/v1/", a.nothingHere)
	a.mux.HandleFunc("/", a.console)
}

func (a *api) readyz(w http.ResponseWriter, r *http.Request) {
	if a.Ready != nil {
		if err := a.Ready(r.Context()); err != nil {
			a.log.WarnContext(r.Context(), "not ready", "error", err)
			writeProblem(w, newProblem(http.StatusServiceUnavailable, "the server is not ready to serve"))
			return
		}
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, "ready\n")
}

// metrics are open to the machine itself, where scrapers usually run, and to
// keys that may read. A proxy on the same machine forwards for others, so a
// request that was forwarded needs a key.
func (a *api) metrics(w http.ResponseWriter, r *http.Request) {
	if !local(r) {
		if _, err := a.keyring.admit(r, tandem.ScopeRead); err != nil {
			a.fail(w, r, err, inBody)
			return
		}
	}
	a.Metrics.ServeHTTP(w, r)
}

func local(r *http.Request) bool {
	for _, forwarded := range []string{"Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"} {
		if r.Header.Get(forwarded) != "" {
			return false
		}
	}
	ip, err := netip.ParseAddr(clientOf(r))
	return err == nil && ip.Unmap().IsLoopback()
}

// nothingHere answers what no operation matches: to holders of a key, the
// truth; to everybody else, that a key is needed.
func (a *api) nothingHere(w http.ResponseWriter, r *http.Request) {
	if _, err := a.keyring.authenticate(r); err != nil {
		a.fail(w, r, err, inBody)
		return
	}
	a.notFound(w, r)
}

// notFound answers 405 where another method would do, else 404.
func (a *api) notFound(w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		other := &http.Request{Method: method, URL: r.URL, Host: r.Host}
		if _, pattern := a.mux.Handler(other); pattern != "" && pattern != "/" && pattern != "/v1/" {
			allowed = append(allowed, method)
		}
	}
	if allowed == nil {
		writeProblem(w, newProblem(http.StatusNotFound, "there is nothing at this address; /docs lists what there is"))
		return
	}
	p := newProblem(http.StatusMethodNotAllowed, "this address does not take "+r.Method+"; see Allow")
	p.header["Allow"] = allowed
	writeProblem(w, p)
}

func (a *api) console(w http.ResponseWriter, r *http.Request) {
	if a.Console == nil {
		a.notFound(w, r)
		return
	}
	a.Console.ServeHTTP(w, r)
}

// documents serves the OpenAPI document and the reference made from it. They
// say nothing about this installation, so they are open. They are made when they are
// first asked for: most servers never are.
func (a *api) documents() {
	made := sync.OnceValue(func() (out struct{ asJSON, asYAML, page []byte }) {
		doc := a.huma.OpenAPI()
		var err error
		out.asJSON = a.document()
		if out.asYAML, err = doc.YAML(); err != nil {
			panic("the OpenAPI document does not encode: " + err.Error())
		}
		if out.page, err = reference(doc); err != nil {
			panic("the reference cannot be made: " + err.Error())
		}
		return out
	})
	a.file("/openapi.json", "application/openapi+json", func() []byte { return made().asJSON })
	a.file("/openapi.yaml", "application/openapi+yaml", func() []byte { return made().asYAML })
	a.file("/docs", "text/html; charset=utf-8", func() []byte { return made().page })
	a.file("/docs/style.css", "text/css; charset=utf-8", func() []byte { return docsCSS })
}

// document is the OpenAPI document as JSON.
func (a *api) document() []byte {
	asJSON, err := json.MarshalIndent(a.huma.OpenAPI(), "", " ")
	if err != nil {
		panic("the OpenAPI document does not encode: " + err.Error()) // a defect in this package, seen by every test
	}
	return asJSON
}

func (a *api) file(path, contentType string, body func() []byte) {
	a.mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h.Set("Content-Type", contentType)
		h.Set("Cache-Control", "no-cache")
		if path == "/docs" {
			h.Set("Content-Security-Policy", docsPolicy)
		}
		_, _ = w.Write(body())
	})
}

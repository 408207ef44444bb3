package api

import (
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
)

// apiPolicy is the content security policy of everything that is not a page.
const apiPolicy = "default-src 'none'; frame-ancestors 'none'"

// guard stands in front of every handler: security headers, no requests from
// other sites' pages, no panic that takes a connection down without an answer.
func (a *api) guard(next http.Handler) http.Handler {
	sameSite := http.NewCrossOriginProtection()
	sameSite.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		writeProblem(w, newProblem(http.StatusForbidden, "the request comes from another site's page"))
	}))
	next = sameSite.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer a.recovered(w, r)
		h := w.Header()
		h["X-Content-Type-Options"] = nosniff
		h["X-Frame-Options"] = deny
		h["Referrer-Policy"] = noReferrer
		h["Content-Security-Policy"] = policy
		h["Cross-Origin-Resource-Policy"] = sameOrigin
		next.ServeHTTP(w, forwarded(r, a.Proxies))
	})
}

// Shared values, so that a request costs no allocation for them. Handlers
// replace headers, never append to these.
var (
	nosniff    = []string{"nosniff"}
	deny       = []string{"DENY"}
	noReferrer = []string{"no-referrer"}
	policy     = []string{apiPolicy}
	sameOrigin = []string{"same-origin"}
)

func (a *api) recovered(w http.ResponseWriter, r *http.Request) {
	v := recover()
	if v == nil {
		return
	}
	if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(v) // the way to end a response on purpose
	}
	a.log.ErrorContext(r.Context(), "request panicked", "method", r.Method, "path", r.URL.Path,
		"error", fmt.Sprint(v), "stack", string(debug.Stack()))
	writeProblem(w, newProblem(http.StatusInternalServerError, "something went wrong inside Tandem; the log says what"))
}

package sip

import (
	"net/url"
	"sort"
	"strings"
	"sync"

	"tandem"
	"tandem/internal/sip/wire"
)

// target is a version's target or a route's fallback, prepared: what its
// requests say and where they go.
type target struct {
	// before and after are the Request-URI around the user part that is filled
	// with the called number; after is empty when the URI has a user of its
	// own.
	before, after string
	lines         []byte   // header lines to add
	names         []string // their names, lower-case
	query         query
	direct        endpoint // where literal says so
	literal       bool
}

// maxTargets bounds the cache; versions are immutable, so an entry never goes
// stale.
const maxTargets = 4096

type targets struct {
	mu    sync.RWMutex
	known map[string]*target
}

// ofVersion gives a version's prepared target; nil when it has none that SIP
// can reach.
func (ts *targets) ofVersion(v *tandem.Version) *target {
	if v == nil || v.Content.Target.Kind != tandem.TargetSIP || v.Content.Target.SIP == nil {
		return nil
	}
	return ts.get(string(v.ID), *v.Content.Target.SIP)
}

// ofURI gives a fallback URI's prepared target.
func (ts *targets) ofURI(uri string) *target {
	return ts.get("uri "+uri, tandem.SIPTarget{URI: uri})
}

func (ts *targets) get(key string, st tandem.SIPTarget) *target {
	ts.mu.RLock()
	t, ok := ts.known[key]
	ts.mu.RUnlock()
	if ok {
		return t
	}
	t = prepare(st)
	ts.mu.Lock()
	defer ts.mu.Unlock()
	if ts.known == nil || len(ts.known) >= maxTargets {
		ts.known = map[string]*target{}
	}
	ts.known[key] = t
	return t
}

// prepare checks and splits a target; nil for one that could break out of its
// line. The domain refuses those on publishing; here is where they would do
// harm.
func prepare(st tandem.SIPTarget) *target {
	if (tandem.Target{Kind: tandem.TargetSIP, SIP: &st}).Validate() != nil {
		return nil
	}
	u, ok := wire.ParseURI([]byte(st.URI))
	if !ok {
		return nil
	}
	t := &target{before: st.URI}
	if !u.HasUser {
		scheme := len(u.Scheme) + 1
		t.before, t.after = st.URI[:scheme], "@"+st.URI[scheme:]
	}
	t.query, t.direct, t.literal = where(u, st.Transport)
	names := make([]string, 0, len(st.Headers))
	for name := range st.Headers {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		t.lines = append(t.lines, name+": "+st.Headers[name]+crlf...)
		t.names = append(t.names, strings.ToLower(name))
	}
	return t
}

// appendURI writes the Request-URI for the called number.
func (t *target) appendURI(dst []byte, number string) []byte {
	dst = append(dst, t.before...)
	if t.after != "" {
		dst = append(dst, number...)
		dst = append(dst, t.after...)
	}
	return dst
}

// appendContact writes the target as a redirect's Contact: what a proxied
// INVITE would carry in headers goes into the URI (RFC 3261 section 19.1.1).
func (t *target) appendContact(dst []byte, number string, id tandem.ID) []byte {
	dst = append(dst, "Contact: <"...)
	dst = t.appendURI(dst, number)
	dst = append(dst, "?X-Tandem-Call="...)
	dst = append(dst, id...)
	for _, line := range strings.Split(strings.TrimSuffix(string(t.lines), crlf), crlf) {
		if name, value, ok := strings.Cut(line, ": "); ok {
			dst = append(dst, '&')
			dst = append(dst, name...)
			dst = append(dst, '=')
			dst = append(dst, strings.ReplaceAll(url.QueryEscape(value), "+", "%20")...)
		}
	}
	return append(dst, ">\r\n"...)
}

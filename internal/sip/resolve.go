package sip

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"tandem/internal/sip/wire"
)

// endpoint is an address that a request may be sent to.
type endpoint struct {
	network string
	addr    netip.AddrPort
	host    string // as named, for TLS
}

// query is what is asked of the resolver.
type query struct {
	network string // UDP, TCP or TLS
	host    string
	port    uint16 // 0: look for SRV records first
}

const (
	// resolveTTL is how long an answer is used; net.Resolver does not tell
	// the records' own.
	resolveTTL = 30 * time.Second
	// resolveStale is how long an answer may still be used while a newer one
	// is being fetched: a name server that is away stops no calls.
	resolveStale = time.Hour
	// resolveFailed is how long a failure is remembered.
	resolveFailed  = 2 * time.Second
	resolveTimeout = 5 * time.Second
	maxResolved    = 10_000
)

// lookup is the part of net.Resolver that is used. LookupSRV gives records in
// the order of RFC 2782: by priority, at random by weight within one.
type lookup interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
	LookupSRV(ctx context.Context, service, proto, name string) (string, []*net.SRV, error)
}

// resolver finds addresses (RFC 3263 without NAPTR: the transport is known
// from the URI) and remembers them. It never makes its caller wait.
type resolver struct {
	dns  lookup
	ctx  context.Context
	stop context.CancelFunc
	wg   sync.WaitGroup
	now  func() time.Time

	mu    sync.Mutex
	known map[query]*answer
}

type answer struct {
	endpoints []endpoint
	err       error
	until     time.Time // fresh until then
	asking    bool
	waiting   []func([]endpoint, error)
}

func newResolver(dns lookup, now func() time.Time) *resolver {
	r := &resolver{dns: dns, now: now, known: map[query]*answer{}}
	r.ctx, r.stop = context.WithCancel(context.Background())
	return r
}

// close gives up what is being asked and waits.
func (r *resolver) close() {
	r.stop()
	r.wg.Wait()
}

// where gives the query for a URI, or the endpoint itself where the host is an
// address.
func where(u wire.URI, transport string) (query, endpoint, bool) {
	q := query{network: transport, port: uint16(u.Port)}
	if q.network == "" {
		q.network = UDP
		if t, ok := wire.Param(u.Params, "transport"); ok {
			q.network = strings.ToLower(string(t))
		}
		if u.Secure() {
			q.network = TLS
		}
	}
	host := u.Host
	if m, ok := wire.Param(u.Params, "maddr"); ok && len(m) > 0 {
		host = []byte(strings.Trim(string(m), "[]"))
	}
	q.host = string(host)
	if addr, err := netip.ParseAddr(q.host); err == nil {
		port := q.port
		if port == 0 {
			port = defaultPort(q.network)
		}
		return q, endpoint{q.network, netip.AddrPortFrom(addr.Unmap(), port), q.host}, true
	}
	return q, endpoint{}, false
}

// cached gives a remembered answer, known; no endpoints are a remembered
// failure. One that has grown old is given and asked for anew.
func (r *resolver) cached(q query) (found []endpoint, known bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	a := r.known[q]
	if a == nil || a.endpoints == nil && a.err == nil || len(a.waiting) > 0 {
		return nil, false
	}
	now := r.now()
	if now.Before(a.until) {
		return a.endpoints, true
	}
	if a.err != nil || now.After(a.until.Add(resolveStale)) {
		return nil, false
	}
	r.ask(q, a)
	return a.endpoints, true
}

// later calls fn once the answer is there. Functions are called in the order
// in which they were given, and cached says nothing before the last has
// returned, so that the requests of a call stay in order.
func (r *resolver) later(q query, fn func([]endpoint, error)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	a := r.known[q]
	if a == nil {
		if len(r.known) >= maxResolved {
			r.forget()
		}
		a = &answer{}
		r.known[q] = a
	}
	a.waiting = append(a.waiting, fn)
	r.ask(q, a)
}

// forget drops answers that nobody waits for.
func (r *resolver) forget() {
	for q, a := range r.known {
		if !a.asking {
			delete(r.known, q)
		}
	}
}

// ask looks q up in the background; the lock is held.
func (r *resolver) ask(q query, a *answer) {
	if a.asking {
		return
	}
	a.asking = true
	r.wg.Go(func() {
		endpoints, err := r.find(q)
		r.mu.Lock()
		defer r.mu.Unlock()
		switch {
		case err == nil:
			a.endpoints, a.err, a.until = endpoints, nil, r.now().Add(resolveTTL)
		case a.endpoints == nil || r.now().After(a.until.Add(resolveStale)):
			a.endpoints, a.err, a.until = nil, err, r.now().Add(resolveFailed)
		default:
			a.until = r.now().Add(resolveFailed) // keep the old answer, ask again soon
		}
		for len(a.waiting) > 0 {
			batch, endpoints, err := a.waiting, a.endpoints, a.err
			for i := range batch {
				fn := batch[i]
				r.mu.Unlock()
				fn(endpoints, err)
				r.mu.Lock()
			}
			a.waiting = a.waiting[len(batch):]
		}
		a.waiting, a.asking = nil, false
	})
}

var errNoAddress = errors.New("the name has no address")

// find asks the name servers.
func (r *resolver) find(q query) ([]endpoint, error) {
	ctx, cancel := context.WithTimeout(r.ctx, resolveTimeout)
	defer cancel()
	if q.port != 0 {
		return r.addresses(ctx, q, q.host, q.port)
	}
	service, proto := "sip", q.network
	if q.network == TLS {
		service, proto = "sips", "tcp" // RFC 3263 section 4.1
	}
	_, records, err := r.dns.LookupSRV(ctx, service, proto, q.host)
	if err != nil || len(records) == 0 {
		return r.addresses(ctx, q, q.host, defaultPort(q.network))
	}
	var out []endpoint
	for _, s := range records {
		found, _ := r.addresses(ctx, q, strings.TrimSuffix(s.Target, "."), s.Port)
		out = append(out, found...)
	}
	if len(out) == 0 {
		return nil, errNoAddress
	}
	return out, nil
}

func (r *resolver) addresses(ctx context.Context, q query, host string, port uint16) ([]endpoint, error) {
	addrs, err := r.dns.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, err
	}
	if len(addrs) == 0 {
		return nil, errNoAddress
	}
	out := make([]endpoint, len(addrs))
	for i, a := range addrs {
		out[i] = endpoint{q.network, netip.AddrPortFrom(a.Unmap(), port), q.host}
	}
	return out, nil
}

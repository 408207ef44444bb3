// Package recording fetches the audio of a call from where its link leads, so that
// whoever listens loads nothing from elsewhere. A link comes from outside: it is
// followed to public addresses only, and what it gives is passed on only as audio.
package recording

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"

	"tandem"
)

const (
	// maxBytes is the largest recording that is passed on: some three hours of
	// telephone audio uncompressed.
	maxBytes = 200 << 20
	// beginTimeout bounds the time until audio begins, all redirects included;
	// fetchTimeout that of a whole fetch.
	beginTimeout = 15 * time.Second
	fetchTimeout = 10 * time.Minute
	maxRedirects = 5
)

// Fetcher fetches recordings. It is safe for concurrent use.
type Fetcher struct {
	allowed []string
	client  *http.Client
	largest int64
}

// New makes a Fetcher. allowed are the hosts (name, or name:port) that may be at
// private addresses, such as a store within one's own network, and at loopback
// addresses, there also without TLS.
func New(allowed []string) *Fetcher {
	f := &Fetcher{largest: maxBytes}
	for _, host := range allowed {
		f.allowed = append(f.allowed, strings.ToLower(host))
	}
	transport := &http.Transport{
		// No proxy: it would look names up itself, past the check below.
		DialContext:            f.dial,
		TLSHandshakeTimeout:    beginTimeout,
		ResponseHeaderTimeout:  beginTimeout,
		MaxResponseHeaderBytes: 64 << 10,
		DisableKeepAlives:      true, // every request is dialled, and so checked
		DisableCompression:     true, // ranges are of the bytes as they are stored
		ForceAttemptHTTP2:      true,
	}
	f.client = &http.Client{Transport: checked{f, transport}, CheckRedirect: func(_ *http.Request, via []*http.Request) error {
		if len(via) > maxRedirects {
			return refused("its link leads on more than %d times", maxRedirects)
		}
		return nil
	}}
	return f
}

// Audio is a recording, or a part of it, on its way. Close it.
type Audio struct {
	Status int // 200, 206 or 416
	Type   string
	// Length is the number of bytes that follow; -1 while unknown.
	Length int64
	// Range is the Content-Range of a part.
	Range string
	body  io.ReadCloser
	end   context.CancelFunc
	left  int64
}

// Open asks for the recording at link, or for the bytes of it that an HTTP Range
// header names. The fetch ends with ctx.
//
// Errors: NotFound where the link leads to nothing (any more), Conflict where it
// leads where it may not or to what is no audio, Unavailable otherwise. None quotes
// the link: it often holds a secret.
func (f *Fetcher) Open(ctx context.Context, link, byteRange string) (*Audio, error) {
	ctx, end := context.WithTimeout(ctx, fetchTimeout)
	a, err := f.open(ctx, end, link, byteRange)
	if err != nil {
		end()
	}
	return a, err
}

func (f *Fetcher) open(ctx context.Context, end context.CancelFunc, link, byteRange string) (*Audio, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, link, http.NoBody)
	if err != nil {
		return nil, refused("its link is not an address")
	}
	req.Header.Set("Accept", "audio/*")
	req.Header.Set("User-Agent", "Tandem")
	if byteRange != "" {
		req.Header.Set("Range", byteRange)
	}
	late := time.AfterFunc(beginTimeout, end)
	res, err := f.client.Do(req)
	if !late.Stop() && err == nil {
		_ = res.Body.Close()
		err = context.DeadlineExceeded
	}
	if err != nil {
		return nil, plain(err)
	}
	a := &Audio{Status: res.StatusCode, Length: res.ContentLength, Range: res.Header.Get("Content-Range"), body: res.Body, end: end, left: f.largest}
	if err := a.check(res, f.largest); err != nil {
		_ = res.Body.Close()
		return nil, err
	}
	return a, nil
}

func (a *Audio) check(res *http.Response, largest int64) error {
	switch res.StatusCode {
	case http.StatusRequestedRangeNotSatisfiable:
		a.Type, a.Length, a.left = "", 0, 0
		return nil
	case http.StatusOK, http.StatusPartialContent:
	case http.StatusNotFound, http.StatusGone:
		return tandem.Errorf(tandem.NotFound, "", "the recording is no longer where its link leads")
	case http.StatusUnauthorized, http.StatusForbidden:
		return refused("its link is refused (%d): it may have expired", res.StatusCode)
	default:
		return tandem.Errorf(tandem.Unavailable, "", "where the recording is kept answered %d", res.StatusCode)
	}
	kind, _, err := mime.ParseMediaType(res.Header.Get("Content-Type"))
	if err != nil || !strings.HasPrefix(kind, "audio/") {
		return refused("its link leads to %.60q; expected audio", kind)
	}
	a.Type = kind
	if res.ContentLength > largest {
		return refused("it has %d bytes; expected at most %d", res.ContentLength, largest)
	}
	return nil
}

// Read reads the audio. More than may be is an error.
func (a *Audio) Read(p []byte) (int, error) {
	if a.Status == http.StatusRequestedRangeNotSatisfiable {
		return 0, io.EOF
	}
	if a.left <= 0 {
		if n, _ := a.body.Read(make([]byte, 1)); n > 0 {
			return 0, errors.New("the recording is longer than may be passed on")
		}
		return 0, io.EOF
	}
	n, err := a.body.Read(p[:min(int64(len(p)), a.left)])
	a.left -= int64(n)
	return n, err
}

// Close ends the fetch.
func (a *Audio) Close() error {
	a.end()
	return a.body.Close()
}

// checked lets only requests through whose address may be asked: each redirect is a
// request of its own.
type checked struct {
	f    *Fetcher
	next http.RoundTripper
}

type hop struct{ plain, allowed bool }

type hopKey struct{}

func (c checked) RoundTrip(req *http.Request) (*http.Response, error) {
	h := hop{plain: req.URL.Scheme == "http", allowed: c.f.mayBePrivate(req.URL)}
	switch {
	case req.URL.Scheme != "https" && !h.plain:
		return nil, refused("its link leads to the scheme %.20q; expected https", req.URL.Scheme)
	case h.plain && !h.allowed:
		return nil, refused("its link leads to http; expected https")
	case req.URL.User != nil:
		return nil, refused("its link holds a user name")
	}
	return c.next.RoundTrip(req.WithContext(context.WithValue(req.Context(), hopKey{}, h)))
}

func (f *Fetcher) mayBePrivate(u *url.URL) bool {
	return slices.Contains(f.allowed, strings.ToLower(u.Hostname())) || slices.Contains(f.allowed, strings.ToLower(u.Host))
}

// dial connects to public addresses only. It looks at the address that is
// connected to, so that a name cannot mean one address when it is checked and
// another when it is used.
func (f *Fetcher) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	h, _ := ctx.Value(hopKey{}).(hop)
	d := net.Dialer{Timeout: beginTimeout, ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil {
			return fmt.Errorf("address %q: %w", address, err)
		}
		ip := at.Addr().Unmap()
		switch {
		case h.plain && !ip.IsLoopback():
			return refused("its link leads to http; expected https")
		case !h.allowed && !public(ip):
			return refused("its link leads to %s, which is no public address; --recording-hosts allows hosts of one's own", ip)
		}
		return nil
	}}
	return d.DialContext(ctx, network, addr)
}

// reserved are the networks that are global unicast by their form and not public by
// their purpose (IANA's special-purpose address registries).
var reserved = func() []netip.Prefix {
	var out []netip.Prefix
	for _, p := range []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
		"::/8", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10",
	} {
		out = append(out, netip.MustParsePrefix(p))
	}
	return out
}()

func public(ip netip.Addr) bool {
	return ip.IsGlobalUnicast() && !ip.IsPrivate() && ip.Zone() == "" &&
		!slices.ContainsFunc(reserved, func(p netip.Prefix) bool { return p.Contains(ip) })
}

func refused(format string, args ...any) error {
	return tandem.Errorf(tandem.Conflict, "", "the recording cannot be played: "+format, args...)
}

// plain takes the address out of an error.
func plain(err error) error {
	if e, ok := errors.AsType[*tandem.Error](err); ok {
		return e
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return tandem.Errorf(tandem.Unavailable, "", "where the recording is kept did not answer in time")
	}
	if e, ok := errors.AsType[*net.DNSError](err); ok {
		e.Name, e.Server = "", ""
		return &tandem.Error{Code: tandem.Unavailable, Message: "where the recording is kept cannot be found", Err: e}
	}
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err
	}
	return &tandem.Error{Code: tandem.Unavailable, Message: "where the recording is kept cannot be reached", Err: err}
}

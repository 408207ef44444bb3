// Package client speaks to Tandem's API: typed requests in, typed answers out,
// problem details turned into the errors of the domain.
//
// It knows HTTP and the shapes of the API and nothing else: no terminal, no
// files, no SIP. It keeps nothing between requests.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"tandem"
)

// Client is a client of one server with one key. It may be used by several
// goroutines at once.
type Client struct {
	base string
	key  string
	http *http.Client
}

// New makes a client of the server at base, such as "http://127.0.0.1:8080".
// key may be empty; hc nil is a client of its own with sane limits.
func New(base, key string, hc *http.Client) (*Client, error) {
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, tandem.Errorf(tandem.Invalid, "url", "is %q; expected an address such as http://127.0.0.1:8080", base)
	}
	if hc == nil {
		hc = &http.Client{Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: 64, IdleConnTimeout: time.Minute,
		}}
	}
	return &Client{base: strings.TrimRight(base, "/"), key: key, http: hc}, nil
}

// URL is the server's address.
func (c *Client) URL() string { return c.base }

// Close ends idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// maxAnswer bounds what is read of an answer: far past any page or sample.
const maxAnswer = 256 << 20

// request is one request to make.
type request struct {
	method string
	path   string // escaped
	query  url.Values
	// match is the revision that must be the stored one; 0 is any.
	match int64
	in    any
	// body and kind replace in where it is not JSON.
	body io.Reader
	kind string
}

// rawKeeper keeps the answer as it came.
type rawKeeper interface{ keep(raw []byte) }

// do makes the request and decodes the answer into out, if it is not nil.
func (c *Client) do(ctx context.Context, r request, out any) error {
	req, err := c.prepare(ctx, r)
	if err != nil {
		return err
	}
	res, err := c.http.Do(req)
	if err != nil {
		return c.unreachable(ctx, err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return c.unreachable(ctx, err)
	}
	if res.StatusCode >= 300 {
		return problem(res, raw)
	}
	if out == nil || len(raw) == 0 {
		return nil
	}
	if page, ok := out.(*[]byte); ok {
		*page = raw
		return nil
	}
	if err := json.Unmarshal(raw, out); err != nil {
		return fmt.Errorf("the answer of %s %s cannot be read: %w", r.method, r.path, err)
	}
	if k, ok := out.(rawKeeper); ok {
		k.keep(raw)
	}
	return nil
}

func (c *Client) prepare(ctx context.Context, r request) (*http.Request, error) {
	target := c.base + r.path
	if len(r.query) > 0 {
		target += "?" + r.query.Encode()
	}
	body, kind := r.body, r.kind
	if r.in != nil {
		raw, err := json.Marshal(r.in)
		if e, ok := errors.AsType[*json.UnsupportedValueError](err); ok {
			return nil, tandem.Errorf(tandem.Invalid, "", "%s is no number that can be sent", e.Str)
		}
		if err != nil {
			return nil, fmt.Errorf("the request %s %s cannot be written: %w", r.method, r.path, err)
		}
		body, kind = bytes.NewReader(raw), "application/json"
	}
	req, err := http.NewRequestWithContext(ctx, r.method, target, body)
	if err != nil {
		return nil, tandem.Errorf(tandem.Invalid, "", "%q is no address: %w", target, err)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	req.Header.Set("Accept", "application/json")
	if c.key != "" {
		req.Header.Set("Authorization", "Bearer "+c.key)
	}
	if r.match > 0 {
		req.Header.Set("If-Match", fmt.Sprintf("%q", fmt.Sprint(r.match)))
	}
	return req, nil
}

// unreachable says that the server does not answer. The error is Unavailable
// and wraps the cause.
func (c *Client) unreachable(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	cause := err
	if u, ok := errors.AsType[*url.Error](err); ok {
		cause = u.Err // the address is in the message already
	}
	return &tandem.Error{Code: tandem.Unavailable, Message: "no answer from " + c.base, Err: cause}
}

// List is one page of a list.
type List[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty"`
}

// Page asks for part of a list.
type Page struct {
	Cursor string
	Limit  int
}

func (p Page) into(q url.Values) url.Values {
	if q == nil {
		q = url.Values{}
	}
	if p.Cursor != "" {
		q.Set("cursor", p.Cursor)
	}
	if p.Limit > 0 {
		q.Set("limit", fmt.Sprint(p.Limit))
	}
	return q
}

// path joins escaped segments behind /v1.
func path(segments ...string) string {
	var b strings.Builder
	b.WriteString("/v1")
	for _, s := range segments {
		b.WriteByte('/')
		b.WriteString(url.PathEscape(s))
	}
	return b.String()
}

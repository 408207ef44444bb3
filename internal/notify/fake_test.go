package notify

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"tandem"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var secret = "whsec_" + base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 32))

// shelf is a store of deliveries in memory, with the rules of the real one.
type shelf struct {
	mu       sync.Mutex
	claims   []tandem.Claim
	away     bool          // it answers nothing
	lossy    int           // so many records to come are lost
	finished chan struct{} // told of each record; may be nil
}

func (s *shelf) put(webhook tandem.ID, url string, n tandem.Notice) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.claims = append(s.claims, tandem.Claim{
		Delivery: tandem.Delivery{Notice: n, WebhookID: webhook, State: tandem.DeliveryPending, NextAt: time.Now()}, URL: url, Secret: secret,
	})
}

var errAway = tandem.Errorf(tandem.Unavailable, "", "the database is away")

func (s *shelf) ClaimDeliveries(_ context.Context, now time.Time, lease time.Duration, limit int) ([]tandem.Claim, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.away {
		return nil, errAway
	}
	slices.SortStableFunc(s.claims, func(a, b tandem.Claim) int { return a.NextAt.Compare(b.NextAt) })
	var out []tandem.Claim
	for i := range s.claims {
		if c := &s.claims[i]; c.State == tandem.DeliveryPending && !c.NextAt.After(now) && len(out) < limit {
			c.NextAt = now.Add(lease)
			out = append(out, *c)
		}
	}
	return out, nil
}

func (s *shelf) FinishDelivery(_ context.Context, noticeID, webhookID tandem.ID, state tandem.DeliveryState, nextAt time.Time, lastError string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.away {
		return errAway
	}
	if s.lossy > 0 {
		s.lossy--
		return errors.New("the power failed")
	}
	for i := range s.claims {
		if c := &s.claims[i]; c.Notice.ID == noticeID && c.WebhookID == webhookID {
			c.State, c.NextAt, c.LastError = state, nextAt, lastError
			c.Attempts++
			if s.finished != nil {
				s.finished <- struct{}{}
			}
			return nil
		}
	}
	return tandem.Errorf(tandem.NotFound, "", "there is no such delivery")
}

// of gives a webhook's only delivery.
func (s *shelf) of(t *testing.T, webhook tandem.ID) tandem.Delivery {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []tandem.Delivery
	for _, c := range s.claims {
		if c.WebhookID == webhook {
			out = append(out, c.Delivery)
		}
	}
	if len(out) != 1 {
		t.Fatalf("webhook %s has %d deliveries, want one", webhook, len(out))
	}
	return out[0]
}

// pipes is a network in memory: whatever host is dialled, the server answers.
// Nothing in it waits on anything but the bubble's clock.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func newPipes() *pipes { return &pipes{conns: make(chan net.Conn), done: make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error { p.once.Do(func() { close(p.done) }); return nil }

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case p.conns <- theirs:
		return ours, nil
	case <-p.done:
		return nil, errors.New("connection refused")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// world is a courier at work in a bubble, with a shelf and a receiver.
type world struct {
	*shelf
	courier  *Courier
	underWay *underWay
	log      *logged
	stop     func() // ends Run and waits
	second   func() // puts a second courier to work, until the bubble ends
}

type logged struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(b)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// bubble runs test in a synctest bubble with a courier that works.
func bubble(t *testing.T, receiver http.HandlerFunc, test func(t *testing.T, w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		network := newPipes()
		server := &http.Server{Handler: receiver, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
		served := make(chan struct{})
		go func() { defer close(served); _ = server.Serve(network) }()

		w := &world{shelf: &shelf{}, log: &logged{}}
		w.courier = New(w.shelf, slog.New(slog.NewTextHandler(w.log, nil)))
		transport := &http.Transport{DialContext: network.dial}
		defer transport.CloseIdleConnections()
		w.underWay = &underWay{next: transport, now: map[string]int{}, most: map[byte]int{}}
		w.courier.client.Transport = w.underWay
		ctx, cancel := context.WithCancel(t.Context())
		ran := make(chan struct{})
		go func() { defer close(ran); w.courier.Run(ctx) }()
		w.stop = func() { cancel(); <-ran }

		var others sync.WaitGroup
		w.second = func() {
			c := New(w.shelf, slog.New(slog.DiscardHandler))
			c.client.Transport = w.underWay
			others.Go(func() { c.Run(ctx) })
		}

		test(t, w)
		w.stop()
		others.Wait()
		_ = server.Close()
		<-served
	})
}

// underWay counts the requests under way to each host, and of each notice.
type underWay struct {
	next http.RoundTripper
	mu   sync.Mutex
	now  map[string]int
	most map[byte]int // by what a key begins with: h for a host, n for a notice
}

func (u *underWay) RoundTrip(r *http.Request) (*http.Response, error) {
	for _, key := range []string{"host " + r.Host, "notice " + r.Header.Get("webhook-id")} {
		u.add(key, 1)
		defer u.add(key, -1)
	}
	return u.next.RoundTrip(r)
}

func (u *underWay) add(key string, n int) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.now[key] += n
	u.most[key[0]] = max(u.most[key[0]], u.now[key])
}

func (u *underWay) mostToOneHost() int { u.mu.Lock(); defer u.mu.Unlock(); return u.most['h'] }

func (u *underWay) mostOfOneNotice() int { u.mu.Lock(); defer u.mu.Unlock(); return u.most['n'] }

// notice gives notice number n.
func notice(n int) tandem.Notice {
	at := time.Date(2026, 5, 4, 12, 0, n, 0, time.UTC)
	return tandem.Notice{
		ID: tandem.DeriveCallID("notify", string(rune('a'+n)), at), Kind: tandem.NoticeVerdict, At: at,
		TestID: "0196a000-0000-7000-8000-000000000001", RouteID: "0196a000-0000-7000-8000-000000000002",
		Text: "B is better.", Data: []byte(`{"status":"better","arm":"B"}`),
	}
}

package notify

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"tandem"
)

const hook = tandem.ID("hook-1")

// request seen by a receiver.
type seen struct {
	at   time.Time
	id   string
	sent string // webhook-timestamp
}

// receiver answers with a status and remembers what it saw.
type receiver struct {
	mu     sync.Mutex
	seen   []seen
	answer func(n int, w http.ResponseWriter, r *http.Request) // n counts from 1
}

func (v *receiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v.mu.Lock()
	v.seen = append(v.seen, seen{time.Now(), r.Header.Get("webhook-id"), r.Header.Get("webhook-timestamp")})
	n := len(v.seen)
	v.mu.Unlock()
	v.answer(n, w, r)
}

func (v *receiver) requests() []seen {
	v.mu.Lock()
	defer v.mu.Unlock()
	return append([]seen(nil), v.seen...)
}

func status(code int) func(int, http.ResponseWriter, *http.Request) {
	return func(_ int, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func TestANoticeArrivesSignedAndInTheShapeOfTheStandard(t *testing.T) {
	var body string
	var header http.Header
	var invalid error
	receive := func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		key, _ := standardwebhooks.NewWebhook(secret)
		body, header, invalid = string(b), r.Header.Clone(), key.Verify(b, r.Header)
		w.WriteHeader(http.StatusNoContent)
	}
	bubble(t, receive, func(t *testing.T, w *world) {
		n := notice(1)
		w.put(hook, "http://receiver.example/hook", n)
		w.courier.Wake()
		synctest.Wait()
		if invalid != nil {
			t.Errorf("the signature does not hold: %v", invalid)
		}
		want := `{"type":"verdict","timestamp":"2026-05-04T12:00:01Z","data":{"id":"` + string(n.ID) + `","kind":"verdict","at":"2026-05-04T12:00:01Z",` +
			`"test_id":"0196a000-0000-7000-8000-000000000001","route_id":"0196a000-0000-7000-8000-000000000002","text":"B is better.","data":{"status":"better","arm":"B"}}}`
		if body != want {
			t.Errorf("body\n%s\nwant\n%s", body, want)
		}
		if header.Get("webhook-id") != string(n.ID) || header.Get("Content-Type") != "application/json" {
			t.Errorf("headers %v", header)
		}
		if header.Get("webhook-timestamp") != strconv.FormatInt(time.Now().Unix(), 10) {
			t.Errorf("webhook-timestamp %s is not the time of the attempt", header.Get("webhook-timestamp"))
		}
		d := w.of(t, hook)
		if d.State != tandem.DeliveryDelivered || d.Attempts != 1 || d.LastError != "" || w.courier.Counts() != (Counts{Delivered: 1}) {
			t.Errorf("delivery %+v, counts %+v", d, w.courier.Counts())
		}
	})
}

func TestADeliveryIsRetriedAtTheTimesOfTheStandardAndThenGivenUp(t *testing.T) {
	v := &receiver{answer: status(http.StatusInternalServerError)}
	bubble(t, v.ServeHTTP, func(t *testing.T, w *world) {
		start := time.Now()
		w.put(hook, "http://receiver.example/hook", notice(1))
		time.Sleep(14 * 24 * time.Hour)
		got := v.requests()
		if len(got) != 10 {
			t.Fatalf("%d attempts in two weeks; want 10", len(got))
		}
		last := start
		for i, r := range got {
			gap := r.at.Sub(last)
			want := time.Duration(0)
			if i > 0 {
				want = waits[i-1]
			}
			if gap < want-want/10 || gap > want+want/10+pollEvery {
				t.Errorf("attempt %d came after %v; want about %v", i+1, gap, want)
			}
			if r.id != string(notice(1).ID) || r.sent != strconv.FormatInt(r.at.Unix(), 10) {
				t.Errorf("attempt %d is %+v; want the same webhook-id and its own time", i+1, r)
			}
			last = r.at
		}
		d := w.of(t, hook)
		if d.State != tandem.DeliveryFailed || d.Attempts != 10 || d.LastError != "answered 500 Internal Server Error" {
			t.Errorf("delivery %+v", d)
		}
		if c := w.courier.Counts(); c != (Counts{Retried: 9, Failed: 1}) {
			t.Errorf("counts %+v", c)
		}
	})
}

func TestWhatAReceiverAnswersDecides(t *testing.T) {
	for name, c := range map[string]struct {
		answer func(n int, w http.ResponseWriter, r *http.Request)
		state  tandem.DeliveryState
		tries  int
		reason string // how LastError begins
	}{
		"200 is delivered": {status(200), tandem.DeliveryDelivered, 1, ""},
		"202 is delivered": {status(202), tandem.DeliveryDelivered, 1, ""},
		"410 is given up at once": {
			status(410), tandem.DeliveryFailed, 1, "answered 410 Gone",
		},
		"400 is tried again": {
			status(400), tandem.DeliveryPending, 2, "answered 400 Bad Request",
		},
		"a redirect is not followed": {func(_ int, w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/elsewhere" {
				w.WriteHeader(http.StatusOK)
				return
			}
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		}, tandem.DeliveryPending, 2, "answered 307 Temporary Redirect (redirects are not followed)"},
		"a connection that closes is tried again": {func(_ int, w http.ResponseWriter, _ *http.Request) {
			conn, _, _ := w.(http.Hijacker).Hijack()
			_ = conn.Close()
		}, tandem.DeliveryPending, 2, "EOF"},
		"what is no HTTP is tried again": {func(_ int, w http.ResponseWriter, _ *http.Request) {
			conn, _, _ := w.(http.Hijacker).Hijack()
			_, _ = conn.Write([]byte("220 mail.example ESMTP\r\n"))
			_ = conn.Close()
		}, tandem.DeliveryPending, 2, "net/http: HTTP/1.x transport connection broken: malformed HTTP"},
		"an answer without end is delivered": {func(_ int, w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write(make([]byte, 1<<10)); err != nil {
					return
				}
				w.(http.Flusher).Flush()
				time.Sleep(time.Second)
			}
		}, tandem.DeliveryDelivered, 1, ""},
		"a second attempt that works is delivered": {func(n int, w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(map[bool]int{true: 503, false: 200}[n == 1])
		}, tandem.DeliveryDelivered, 2, ""},
	} {
		t.Run(name, func(t *testing.T) {
			v := &receiver{answer: c.answer}
			bubble(t, v.ServeHTTP, func(t *testing.T, w *world) {
				w.put(hook, "http://receiver.example/hook", notice(1))
				time.Sleep(time.Minute) // the first retry, not yet the second
				d := w.of(t, hook)
				if d.State != c.state || d.Attempts != c.tries || len(v.requests()) != c.tries {
					t.Errorf("%s after %d attempts, %d requests (%s); want %s after %d", d.State, d.Attempts, len(v.requests()), d.LastError, c.state, c.tries)
				}
				if !strings.HasPrefix(d.LastError, c.reason) || c.reason == "" && d.LastError != "" {
					t.Errorf("last error %q; want %q", d.LastError, c.reason)
				}
			})
		})
	}
}

func TestAReceiverThatHangsIsLeftAfterItsTime(t *testing.T) {
	v := &receiver{answer: func(_ int, _ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}}
	bubble(t, v.ServeHTTP, func(t *testing.T, w *world) {
		w.put(hook, "http://receiver.example/hook", notice(1))
		w.courier.Wake()
		time.Sleep(postTimeout - time.Second)
		if d := w.of(t, hook); d.Attempts != 0 {
			t.Errorf("given up before its time: %+v", d)
		}
		time.Sleep(2 * time.Second)
		if d := w.of(t, hook); d.Attempts != 1 || d.State != tandem.DeliveryPending || d.LastError != "no answer within 15s" {
			t.Errorf("delivery %+v", d)
		}
	})
}

func TestAReceiverCanAskForMoreTime(t *testing.T) {
	for name, c := range map[string]struct {
		header string
		want   time.Duration
	}{
		"in seconds":                    {"600", 10 * time.Minute},
		"by a date":                     {time.Date(2000, 1, 1, 1, 0, 0, 0, time.UTC).Format(http.TimeFormat), time.Hour},
		"but not for less than its due": {"1", 5 * time.Second},
		"but not for ever":              {"999999999", 24 * time.Hour},
		"but only in words it knows":    {"soon", 5 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			v := &receiver{answer: func(_ int, w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", c.header)
				w.WriteHeader(http.StatusServiceUnavailable)
			}}
			bubble(t, v.ServeHTTP, func(t *testing.T, w *world) { // whose clock begins on 1 January 2000
				w.put(hook, "http://receiver.example/hook", notice(1))
				time.Sleep(c.want + c.want/10 + 2*pollEvery)
				got := v.requests()
				if len(got) < 2 {
					t.Fatalf("%d attempts", len(got))
				}
				if gap := got[1].at.Sub(got[0].at); gap < c.want-c.want/10 || gap > c.want+c.want/10+pollEvery {
					t.Errorf("tried again after %v; want about %v", gap, c.want)
				}
			})
		})
	}
}

func TestALongAnswerIsNotReadToItsEnd(t *testing.T) {
	var written atomic.Int64
	v := &receiver{answer: func(_ int, w http.ResponseWriter, _ *http.Request) {
		for written.Load() < 16<<20 {
			n, err := w.Write(make([]byte, 4<<10))
			if written.Add(int64(n)); err != nil {
				return
			}
		}
	}}
	bubble(t, v.ServeHTTP, func(t *testing.T, w *world) {
		w.put(hook, "http://receiver.example/hook", notice(1))
		time.Sleep(2 * pollEvery)
		if d := w.of(t, hook); d.State != tandem.DeliveryDelivered {
			t.Errorf("delivery %+v", d)
		}
		if n := written.Load(); n > 4*maxAnswer {
			t.Errorf("%d bytes were read; want about %d", n, maxAnswer)
		}
	})
}

func TestADeliveryCrossesARealNetwork(t *testing.T) {
	received := make(chan error, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		key, _ := standardwebhooks.NewWebhook(secret)
		received <- key.Verify(b, r.Header)
	}))
	defer server.Close()
	s := &shelf{finished: make(chan struct{}, 1)}
	s.put(hook, server.URL+"/hook", notice(1))
	c := New(s, slog.New(slog.DiscardHandler))
	c.client.Transport.(*http.Transport).Proxy = nil
	ran := make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { defer close(ran); c.Run(ctx) }()
	if err := <-received; err != nil {
		t.Errorf("the signature does not hold: %v", err)
	}
	<-s.finished
	cancel()
	<-ran
	if d := s.of(t, hook); d.State != tandem.DeliveryDelivered {
		t.Errorf("delivery %+v", d)
	}
}

package api_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tandem"
	"tandem/internal/api"
)

// BenchmarkReportHandler is what one event costs in this package: no network,
// no store behind it.
func BenchmarkReportHandler(b *testing.B) {
	s := start(b)
	h := api.New(api.Deps{Store: s.store, Ingester: discard{}, Hub: s.hub})
	path := "/v1/calls/" + string(tandem.NewID(time.Now())) + "/events"
	body := []byte(`{"id":"evt-1","origin":"retell","kind":"ended","at":"2026-01-02T03:05:05.123Z","ended":{"by":"caller","duration_ms":61234,"cause":"user_hangup"}}`)
	r := httptest.NewRequest(http.MethodPost, path, nil)
	r.Header.Set("Authorization", "Bearer "+s.ingest)
	b.ReportAllocs()
	for b.Loop() {
		r.Body = io.NopCloser(bytes.NewReader(body))
		w := &sink{header: http.Header{}}
		h.ServeHTTP(w, r)
		if w.status != 0 && w.status != 200 {
			b.Fatal(w.status)
		}
	}
}

type discard struct{}

func (discard) Ingest(context.Context, []tandem.Event) error { return nil }

type sink struct {
	header http.Header
	status int
}

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) WriteHeader(status int)      { s.status = status }
func (s *sink) Write(p []byte) (int, error) { return len(p), nil }

// BenchmarkAcknowledgedEvents posts events one by one from 64 clients over
// HTTP to a SQLite file with full durability; an event counts when its answer
// is there.
func BenchmarkAcknowledgedEvents(b *testing.B) {
	s := start(b)
	r, test := s.running("+14155550100", 50)
	const clients = 64
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}}
	defer client.CloseIdleConnections()
	calls := s.assigned(r, test, b.N/4+1)
	kinds := []string{
		`"kind":"answered"`, `"kind":"ended","ended":{"by":"caller","duration_ms":%d}`,
		`"kind":"analysis","analysis":{"booked":true,"reason":"new","sentiment":0.25}`, `"kind":"latency","latency":{"p50_ms":%d}`,
	}
	var next, failed atomic.Int64
	var mu sync.Mutex
	var took []time.Duration
	b.ResetTimer()
	began := time.Now()
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			var mine []time.Duration
			for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
				kind := kinds[n%int64(len(kinds))]
				if strings.Contains(kind, "%d") {
					kind = fmt.Sprintf(kind, n%60_000)
				}
				body := fmt.Sprintf(`{"id":"e%d","origin":"platform","at":"2026-01-02T03:05:05Z",%s}`, n, kind)
				req, _ := http.NewRequest(http.MethodPost, s.url+"/v1/calls/"+string(calls[n/4])+"/events", strings.NewReader(body))
				req.Header.Set("Authorization", "Bearer "+s.ingest)
				sent := time.Now()
				resp, err := client.Do(req)
				if err != nil {
					failed.Add(1)
					continue
				}
				_, _ = io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
				if resp.StatusCode != http.StatusOK {
					failed.Add(1)
				}
				mine = append(mine, time.Since(sent))
			}
			mu.Lock()
			took = append(took, mine...)
			mu.Unlock()
		})
	}
	all.Wait()
	b.StopTimer()
	if failed.Load() > 0 {
		b.Fatalf("%d events failed", failed.Load())
	}
	b.ReportMetric(float64(b.N)/time.Since(began).Seconds(), "events/s")
	report(b, took)
}

// BenchmarkBulk posts a thousand lines at a time from 4 clients.
func BenchmarkBulk(b *testing.B) {
	s := start(b)
	var lines bytes.Buffer
	const size = 1000
	for i := range size {
		fmt.Fprintf(&lines, `{"id":"e%d","origin":"dialer","foreign_id":"call-%d-ROUND","kind":"ended","at":"2026-01-02T03:05:05Z","ended":{"by":"agent","duration_ms":%d}}`+"\n", i, i, i)
	}
	var next atomic.Int64
	began := time.Now()
	b.ResetTimer()
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
				body := bytes.ReplaceAll(lines.Bytes(), []byte("ROUND"), fmt.Append(nil, n))
				a := s.do(s.ingest, "POST", "/v1/events", body, "Content-Type", "application/x-ndjson")
				if a.status != 200 {
					b.Errorf("%d %s", a.status, a.body)
				}
			}
		})
	}
	all.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N*size)/time.Since(began).Seconds(), "events/s")
}

// assigned stores n calls of the test, to report about.
func (s *server) assigned(r tandem.Route, t tandem.Test, n int) []tandem.ID {
	s.t.Helper()
	calls := make([]tandem.ID, n)
	events := make([]tandem.Event, n)
	now := time.Now().UTC()
	for i := range calls {
		calls[i] = tandem.NewID(now)
		arm := t.Phase().Split.Pick(t.Salt, string(calls[i]))
		if arm < 0 {
			s.t.Fatal("the test has no split")
		}
		events[i] = tandem.Event{ID: "a", Origin: "bench", CallID: calls[i], Kind: tandem.EventAssigned, At: now, Assigned: &tandem.Assignment{
			RouteID: r.ID, TestID: t.ID, Phase: 1, Arm: t.Arms[arm].Key, VersionID: t.Arms[arm].VersionID, Probability: 0.5, UnitKind: tandem.PerCall,
		}}
	}
	for chunk := range slices.Chunk(events, 500) {
		if err := s.ingester.Ingest(context.Background(), chunk); err != nil {
			s.t.Fatal(err)
		}
	}
	return calls
}

// report adds the middle and the tail of what requests took.
func report(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	if len(took) == 0 {
		return
	}
	at := func(q float64) float64 { return float64(took[int(q*float64(len(took)-1))].Microseconds()) / 1000 }
	b.ReportMetric(at(0.5), "p50-ms")
	b.ReportMetric(at(0.99), "p99-ms")
}

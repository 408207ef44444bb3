package analyze

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tandem"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var quiet = slog.New(slog.DiscardHandler)

// memory is a store in memory that keeps the contract of the real one.
type memory struct {
	mu       sync.Mutex
	rows     map[tandem.ID]*tandem.CallAnalysis
	turns    map[tandem.ID][]tandem.Turn
	days     map[int64]tandem.AnalysisDay
	setting  json.RawMessage
	revision int64
	away     error
	claims   int
	again    []tandem.Reanalysis
}

const versionID = tandem.ID("018f0000-0000-7000-8000-000000000001")

var no = false

// versionFields are those of the only version there is.
var versionFields = []tandem.Field{
	{Name: "booked", Type: tandem.Boolean, Rule: &tandem.Rule{Keywords: []string{"booked"}, Otherwise: &no}},
	{Name: "mood", Type: tandem.Text},
}

func newMemory(calls int) *memory {
	m := &memory{rows: map[tandem.ID]*tandem.CallAnalysis{}, turns: map[tandem.ID][]tandem.Turn{}, days: map[int64]tandem.AnalysisDay{}}
	for n := range calls {
		m.add(n, "Yes please, that is great.")
	}
	return m
}

func callID(n int) tandem.ID { return tandem.ID(fmt.Sprintf("018f0000-0000-7000-8000-%012d", n)) }

// add makes call n due.
func (m *memory) add(n int, said string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now().UTC().Add(time.Duration(n) * time.Microsecond)
	m.rows[callID(n)] = &tandem.CallAnalysis{CallID: callID(n), State: tandem.AnalysisDue, AskedAt: now, NextAt: now}
	m.turns[callID(n)] = []tandem.Turn{{Role: tandem.RoleCaller, Text: said}, {Role: tandem.RoleAgent, Text: "It is booked."}}
}

func (m *memory) set(s tandem.AnalyzerSettings) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.setting, _ = json.Marshal(Stored{AnalyzerSettings: s})
	m.revision++
}

func (m *memory) fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.away = err
}

func (m *memory) row(n int) tandem.CallAnalysis {
	m.mu.Lock()
	defer m.mu.Unlock()
	return *m.rows[callID(n)]
}

func (m *memory) states() (due, done, failed int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range m.rows {
		switch r.State {
		case tandem.AnalysisDue:
			due++
		case tandem.AnalysisDone:
			done++
		case tandem.AnalysisFailed:
			failed++
		}
	}
	return due, done, failed
}

func (m *memory) today() tandem.AnalysisDay {
	d, _ := m.AnalysisDay(context.Background(), time.Now())
	return d
}

func (m *memory) use(fn func() error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.away != nil {
		return m.away
	}
	return fn()
}

func (m *memory) ConfigVersion(context.Context) (v int64, err error) {
	return v, m.use(func() error { v = m.revision; return nil })
}

func (m *memory) Setting(context.Context, tandem.SettingName) (body json.RawMessage, v int64, err error) {
	return body, v, m.use(func() error { body, v = m.setting, m.revision; return nil })
}

func (m *memory) ClaimAnalyses(_ context.Context, now time.Time, lease time.Duration, limit int) (out []tandem.CallAnalysis, err error) {
	return out, m.use(func() error {
		m.claims++
		rows := slices.SortedFunc(maps.Values(m.rows), func(a, b *tandem.CallAnalysis) int {
			return cmp.Or(a.NextAt.Compare(b.NextAt), cmp.Compare(a.CallID, b.CallID))
		})
		for _, r := range rows {
			if r.State == tandem.AnalysisDue && !r.NextAt.After(now) && len(out) < limit {
				r.NextAt = now.Add(lease)
				out = append(out, *r)
			}
		}
		return nil
	})
}

// same gives the stored row if it is of the claim's ask and due.
func (m *memory) same(c tandem.CallAnalysis) *tandem.CallAnalysis {
	if r := m.rows[c.CallID]; r != nil && r.AskedAt.Equal(c.AskedAt) && r.State == tandem.AnalysisDue {
		return r
	}
	return nil
}

func (m *memory) ExtendAnalyses(_ context.Context, claims []tandem.CallAnalysis, until time.Time) (held []tandem.CallAnalysis, err error) {
	return held, m.use(func() error {
		for _, c := range claims {
			if r := m.same(c); r != nil && r.NextAt.Equal(c.NextAt) {
				r.NextAt, c.NextAt = until, until
				held = append(held, c)
			}
		}
		return nil
	})
}

func (m *memory) count(u *tandem.AnalysisUsage, done int64) {
	d := m.days[dayOf(time.Now())]
	d.Analyses += done
	if u != nil {
		d.Usage.Add(*u)
	}
	m.days[dayOf(time.Now())] = d
}

func (m *memory) KeepAnalysis(_ context.Context, c tandem.CallAnalysis, found tandem.Analysis) (out tandem.Analysis, err error) {
	return out, m.use(func() error {
		m.count(found.Usage, 0)
		r := m.same(c)
		if r == nil {
			return tandem.Errorf(tandem.Conflict, "asked_at", "moved on")
		}
		if !r.Kept {
			r.Kept, r.Analysis = true, &found
		}
		out = *r.Analysis
		return nil
	})
}

func (m *memory) FinishAnalyses(_ context.Context, claims []tandem.CallAnalysis) error {
	return m.use(func() error {
		for _, c := range claims {
			if r := m.same(c); r != nil {
				r.State, r.Analysis, r.LastError = tandem.AnalysisDone, c.Analysis, ""
				m.count(nil, 1)
			}
		}
		return nil
	})
}

func (m *memory) FillAnalyses(_ context.Context, claims []tandem.CallAnalysis, until time.Time) error {
	return m.use(func() error {
		for _, c := range claims {
			if r := m.same(c); r != nil {
				r.Analysis, r.NextAt = c.Analysis, until
			}
		}
		return nil
	})
}

func (m *memory) FailAnalysis(_ context.Context, c tandem.CallAnalysis, f tandem.AnalysisFailure) error {
	return m.use(func() error {
		m.count(&f.Used, 0)
		r := m.same(c)
		if r == nil {
			return nil
		}
		if f.Counts {
			r.Attempts++
		}
		r.LastError, r.NextAt = f.Reason, f.NextAt
		if f.NextAt.IsZero() {
			r.State = tandem.AnalysisFailed
		}
		return nil
	})
}

func (m *memory) Spend(_ context.Context, u tandem.AnalysisUsage) error {
	return m.use(func() error { m.count(&u, 0); return nil })
}

func (m *memory) AnalysisSources(_ context.Context, ids []tandem.ID) (map[tandem.ID]tandem.AnalysisSource, error) {
	out := map[tandem.ID]tandem.AnalysisSource{}
	return out, m.use(func() error {
		for _, id := range ids {
			if turns, ok := m.turns[id]; ok {
				out[id] = tandem.AnalysisSource{CallID: id, VersionID: versionID, Turns: turns}
			}
		}
		return nil
	})
}

func (m *memory) Version(context.Context, string) (tandem.Version, error) {
	return tandem.Version{ID: versionID, Content: tandem.Content{Fields: versionFields}}, nil
}

func (m *memory) AnalysisDay(_ context.Context, at time.Time) (d tandem.AnalysisDay, err error) {
	return d, m.use(func() error { d = m.days[dayOf(at)]; return nil })
}

func (m *memory) PendingAnalyses(context.Context) (due, failed int64, err error) {
	d, _, f := m.states()
	return int64(d), int64(f), nil
}

func (m *memory) RunningReanalyses(context.Context) (out []tandem.Reanalysis, err error) {
	return out, m.use(func() error {
		for _, r := range m.again {
			if r.State == tandem.ReanalysisRunning {
				for _, row := range m.rows {
					if row.State == tandem.AnalysisDue {
						r.Pending++
					}
				}
				out = append(out, r)
			}
		}
		return nil
	})
}

func (m *memory) StepReanalysis(_ context.Context, r tandem.Reanalysis, limit int) (n int, err error) {
	return n, m.use(func() error {
		a := &m.again[0]
		for ; n < limit && int(a.Asked) < len(m.rows); n++ {
			row := m.rows[callID(int(a.Asked))]
			row.State, row.AskedAt, row.NextAt, row.Kept = tandem.AnalysisDue, row.AskedAt.Add(time.Microsecond), time.Now(), false
			a.Asked++
		}
		return nil
	})
}

func (m *memory) CloseReanalysis(_ context.Context, _ tandem.ID, state tandem.ReanalysisState, note string) error {
	return m.use(func() error { m.again[0].State, m.again[0].Note = state, note; return nil })
}

func (m *memory) BeginReanalysis(_ context.Context, r tandem.Reanalysis) error {
	return m.use(func() error { m.again = append(m.again, r); return nil })
}

func (m *memory) CountAnalyzable(context.Context, tandem.ID) (int64, error) {
	return int64(len(m.rows)), nil
}

func (m *memory) SampleAnalyzable(_ context.Context, _ tandem.ID, limit int) (ids []tandem.ID, err error) {
	for n := range min(limit, len(m.rows)) {
		ids = append(ids, callID(n))
	}
	return ids, nil
}

// records joins events as ingest does.
type records struct {
	mu     sync.Mutex
	calls  map[tandem.ID]*tandem.Call
	events []tandem.Event
	err    func(events []tandem.Event) error
}

func (r *records) Ingest(_ context.Context, events []tandem.Event) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err != nil {
		if err := r.err(events); err != nil {
			return err
		}
	}
	for _, e := range events {
		if err := e.Validate(); err != nil {
			return err
		}
		if r.calls == nil {
			r.calls = map[tandem.ID]*tandem.Call{}
		}
		c := r.calls[e.CallID]
		if c == nil {
			c = &tandem.Call{ID: e.CallID}
			r.calls[e.CallID] = c
		}
		c.Apply(e)
		r.events = append(r.events, e)
	}
	return nil
}

func (r *records) value(n int, field string) (v any, origin string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := r.calls[callID(n)]
	if c == nil {
		return nil, ""
	}
	return c.Values[field].Value, c.Values[field].Origin
}

// reader is a model; answer makes what the nth question about a call gets.
type reader struct {
	mu     sync.Mutex
	asked  map[string]int
	atOnce int
	most   int
	takes  time.Duration
	answer func(task tandem.AnalysisTask, nth int) (tandem.Analysis, error)
}

var cost = tandem.AnalysisUsage{Requests: 1, InputTokens: 900, OutputTokens: 100, Cost: 0.01}

// reads is what a model finds when all is well.
func reads() tandem.Analysis {
	used := cost
	return tandem.Analysis{Analyzer: "llm/1", Model: "m", Usage: &used, Findings: map[string]tandem.Finding{
		"booked": {Value: true}, "mood": {Value: "fine"}, tandem.SentimentField: {Value: 0.5}, tandem.SuccessField: {Value: true},
	}}
}

func (m *reader) Analyze(ctx context.Context, task tandem.AnalysisTask) (tandem.Analysis, error) {
	said := task.Turns[0].Text
	m.mu.Lock()
	if m.asked == nil {
		m.asked = map[string]int{}
	}
	m.asked[said]++
	nth := m.asked[said]
	m.atOnce++
	m.most = max(m.most, m.atOnce)
	m.mu.Unlock()
	defer func() {
		m.mu.Lock()
		m.atOnce--
		m.mu.Unlock()
	}()
	if m.takes > 0 {
		select {
		case <-time.After(m.takes):
		case <-ctx.Done():
			return tandem.Analysis{}, ctx.Err()
		}
	}
	if m.answer != nil {
		return m.answer(task, nth)
	}
	return reads(), nil
}

func (m *reader) Estimate(tandem.AnalysisTask) tandem.AnalysisUsage { return cost }

func (m *reader) times() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := 0
	for _, k := range m.asked {
		n += k
	}
	return n
}

var errAway = &tandem.Error{Code: tandem.Unavailable, Message: "away"}

// runner makes a Runner on memory with a model.
func runner(m *memory, r *records, model Model) *Runner {
	out := New(m, r, nil, nil, quiet)
	out.newModel = func(tandem.AnalyzerSettings, Secrets) (Model, error) {
		if model == nil {
			return nil, errors.New("no model")
		}
		return model, nil
	}
	return out
}

// run has it run until the returned function is called.
func run(t *testing.T, r *Runner) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	all.Go(func() { r.Run(ctx) })
	all.Go(func() { r.Redo(ctx) })
	return func() { cancel(); all.Wait() }
}

var withModel = tandem.AnalyzerSettings{Kind: tandem.AnalyzerLLM, BaseURL: "http://model.invalid/v1", Model: "m", InputPrice: 1, OutputPrice: 1}

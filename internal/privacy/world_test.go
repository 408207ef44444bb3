package privacy

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tandem"
	"tandem/internal/analyze/dialogue"
	"tandem/internal/ingest"
	"tandem/internal/pgtest"
	"tandem/internal/phone"
	"tandem/internal/redact"
	"tandem/internal/results"
	"tandem/internal/store"
	"tandem/internal/store/storetest"
	"tandem/internal/topics"
)

// The PostgreSQL server that tests share runs until the program ends.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("tandem/internal/pgtest.(*Server).Start.func2"))
}

var (
	ctx   = context.Background()
	quiet = slog.New(slog.DiscardHandler)
)

// real is redact's redactor, as the server has it.
type real struct{ *redact.Redactor }

func (r real) Text(s string) (string, tandem.Redactions) {
	out, n := r.Redactor.Text(s)
	return out, inWords(n)
}

func (r real) Turns(turns []tandem.Turn) ([]tandem.Turn, tandem.Redactions) {
	out, n := r.Redactor.Turns(turns)
	return out, inWords(n)
}

func inWords(n redact.Counts) tandem.Redactions {
	out := tandem.Redactions{}
	for k, v := range n {
		out[string(k)] = v
	}
	return out
}

func options(secret []byte) Options {
	return Options{
		Secret: secret,
		Redactor: func(s tandem.RedactSettings) (Redactor, error) {
			var cfg redact.Config
			for _, k := range s.Kinds {
				cfg.Kinds = append(cfg.Kinds, redact.Kind(k))
			}
			cfg.Names = s.Names
			r, err := redact.New(cfg)
			return real{r}, err
		},
		Number: func(caller string) string {
			if n, err := phone.Normalise(caller, "US"); err == nil {
				return n
			}
			return caller
		},
		Forget: topics.Forget, RedactGroups: topics.Redact,
	}
}

// world is a store with a test that is sticky by caller or not, and all that events
// pass on their way into it.
type world struct {
	t        *testing.T
	file     string // of SQLite
	store    *store.Store
	test     tandem.Test
	versions []tandem.Version
	keeper   *Keeper
	worker   *Worker
	ingester *ingest.Ingester
	now      time.Time
}

// engines lists how a world is stored.
var engines = map[string]func(testing.TB) string{
	"sqlite":   func(tb testing.TB) string { return "sqlite:" + filepath.Join(tb.TempDir(), "tandem.db") },
	"postgres": pgtest.Start,
}

// goalOnText rests on a text that a purge deletes.
const goalOnText = `fields.booked || fields.note == "call back on 212-555-0188"`

func newWorld(t *testing.T, url string, unit tandem.Unit) *world {
	t.Helper()
	s := storetest.Open(t, url)
	w := &world{t: t, file: strings.TrimPrefix(url, "sqlite:"), store: s, now: storetest.Start.Add(40 * 24 * time.Hour)}
	agent := storetest.NewAgent("front-desk")
	agent.Draft.Fields = []tandem.Field{
		{Name: "booked", Type: tandem.Boolean},
		{Name: "note", Type: tandem.Text},
		{Name: "amount", Type: tandem.Number},
		{Name: "topic", Type: tandem.Selector, Choices: []string{"opening hours", "billing"}},
	}
	w.must(s.CreateAgent(ctx, "t", agent))
	spec := tandem.TestSpec{Goal: goalOnText, Unit: unit}
	for range 2 {
		v, err := s.Publish(ctx, "t", agent.ID, 0, "")
		w.must(err)
		w.versions = append(w.versions, v)
		spec.Arms = append(spec.Arms, tandem.ArmSpec{VersionID: v.ID, Weight: 50})
	}
	route := storetest.NewRoute("+14155550100", w.versions[0].ID)
	w.must(s.CreateRoute(ctx, "t", route))
	var err error
	w.test, err = tandem.NewTest(route, spec, storetest.Start)
	w.must(err)
	w.must(s.StartTest(ctx, "t", w.test))

	secret, err := s.Secret(ctx)
	w.must(err)
	w.keeper = NewKeeper(s, options(secret), quiet)
	w.must(w.keeper.Reload(ctx))
	counter := results.NewCounter(s)
	w.ingester = ingest.NewPrivate(s, counter, dialogue.Measure, ingest.Privacy{Redact: w.keeper.Redact, Hide: tandem.Hider{Hash: w.keeper.Hash}}, quiet, nil)
	t.Cleanup(w.ingester.Close)
	w.worker = NewWorker(w.keeper, s, counter, quiet, nil)
	w.worker.now = func() time.Time { return w.now }
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// set changes the settings and puts them in force.
func (w *world) set(s tandem.PrivacySettings) {
	w.t.Helper()
	s, err := s.Validate()
	w.must(err)
	body, err := json.Marshal(s)
	w.must(err)
	_, err = w.store.UpdateSetting(ctx, "ann", tandem.SettingPrivacy, 0, func(json.RawMessage) (tandem.SettingChange, error) {
		return tandem.SettingChange{Body: body}, nil
	})
	w.must(err)
	w.must(w.keeper.Reload(ctx))
}

// events of call n, in full: by caller n mod 7, n hours after the start.
func (w *world) events(n int) []tandem.Event {
	at := storetest.Start.Add(time.Duration(n) * time.Hour)
	id := tandem.DeriveCallID("t", fmt.Sprint(n), at)
	caller := fmt.Sprintf("+1415555013%d", n%7)
	arm := n % 2
	if w.test.Unit == tandem.PerCaller {
		arm = n % 7 % 2
	}
	a := tandem.Assignment{
		RouteID: w.test.RouteID, TestID: w.test.ID, Phase: 1, Arm: w.test.Arms[arm].Key, VersionID: w.versions[arm].ID,
		Probability: 0.5, UnitKind: w.test.Unit, Unit: string(id), Number: "+14155550100", Caller: caller,
	}
	if w.test.Unit == tandem.PerCaller {
		a.Unit = caller
	}
	ms := int64(30_000 + 1000*n)
	note := "call back on 212-555-0188"
	if n%3 == 0 {
		note = "Anna Secretname will write"
	}
	event := func(kind tandem.EventKind, origin string, fill func(*tandem.Event)) tandem.Event {
		e := tandem.Event{ID: fmt.Sprintf("%s-of-platformcall%d", kind, n), Origin: origin, CallID: id, ForeignID: fmt.Sprintf("platformcall%d", n), Kind: kind, At: at}
		fill(&e)
		return e
	}
	start, end := int64(0), int64(1000)
	return []tandem.Event{
		event(tandem.EventAssigned, tandem.OriginSIP, func(e *tandem.Event) { e.Assigned = &a }),
		event(tandem.EventAnswered, tandem.OriginSIP, func(*tandem.Event) {}),
		event(tandem.EventTranscript, tandem.OriginAPI, func(e *tandem.Event) {
			e.Transcript = []tandem.Turn{
				{Role: tandem.RoleAgent, Text: "What number can we reach you on?", StartMS: &start, EndMS: &end},
				{Role: tandem.RoleCaller, Text: fmt.Sprintf("It's 415-555-01%02d, secretword%dx", n%100, n), StartMS: &end, EndMS: &ms},
				{Role: tandem.RoleAgent, Text: fmt.Sprintf("So that is 415-555-01%02d?", n%100)},
				{Role: tandem.RoleCaller, Text: "No, 415-555-0199."},
				{Role: tandem.RoleAgent, Text: "So that is 415-555-0199?"},
			}
		}),
		event(tandem.EventRecording, tandem.OriginAPI, func(e *tandem.Event) {
			e.Recording = &tandem.Recording{URL: fmt.Sprintf("https://rec.example.com/secretaudio%dx.mp3", n)}
		}),
		event(tandem.EventAnalysis, tandem.OriginAPI, func(e *tandem.Event) {
			e.Analysis = map[string]any{"booked": n%5 == 0, "note": note, "amount": float64(n), "topic": []string{"opening hours", "billing"}[n%2], "sentiment": 0.1, "free": "secretfree, 415-555-0132"}
		}),
		event(tandem.EventEnded, tandem.OriginSIP, func(e *tandem.Event) {
			e.At = at.Add(time.Minute)
			e.Ended = &tandem.Ending{By: tandem.ByCaller, DurationMS: &ms, Cause: "hung up, told 415-555-0132"}
		}),
		event(tandem.EventTransferred, tandem.OriginSIP, func(e *tandem.Event) {
			e.Transferred = &tandem.Transfer{State: tandem.TransferFailed, To: "sip:+14155550177@example.com"}
		}),
	}
}

func (w *world) report(events ...tandem.Event) {
	w.t.Helper()
	w.must(w.ingester.Ingest(ctx, events))
}

// calls stores calls first to last, each with an analysis by a language model, notes
// by people, and a judge's reasons about it beside the one before it.
func (w *world) calls(first, last int) (ids []tandem.ID) {
	w.t.Helper()
	for n := first; n <= last; n++ {
		e := w.events(n)
		w.report(e...)
		ids = append(ids, e[0].CallID)
	}
	w.judge(ids, first)
	for {
		claims, err := w.store.ClaimAnalyses(ctx, time.Now().Add(time.Hour), time.Minute, 100)
		w.must(err)
		if len(claims) == 0 {
			return ids
		}
		for _, c := range claims {
			c.Analysis = &tandem.Analysis{Analyzer: "t/1", Summary: "secretsummary", Findings: map[string]tandem.Finding{
				"note": {Value: "call back", Quote: "secretquote 415-555-0132", Reason: "secretreason"},
			}}
			w.must(w.store.FinishAnalyses(ctx, []tandem.CallAnalysis{c}))
		}
	}
}

// judge has somebody rate calls, of which the first is call number first, and pairs of
// them, and a judge judge the pairs.
func (w *world) judge(ids []tandem.ID, first int) {
	w.t.Helper()
	var pairs []tandem.JudgedPair
	for i, id := range ids {
		note := fmt.Sprintf("secretnote%dx 415-555-0132", first+i)
		w.must(w.store.RateCall(ctx, tandem.CallRating{CallID: id, Rater: "ann", Scores: tandem.Scores{Naturalness: new(4)}, Note: note, RatedAt: storetest.Start}))
		if i%2 == 0 {
			continue
		}
		p := tandem.Pair{First: tandem.PairedCall{Arm: "A", CallID: ids[i-1]}, Second: tandem.PairedCall{Arm: "B", CallID: id}}
		_, err := w.store.RatePair(ctx, tandem.PairRating{ID: tandem.NewID(storetest.Start), TestID: w.test.ID, Pair: p, Rater: "ann", Winner: "A", Note: note, RatedAt: storetest.Start})
		w.must(err)
		pairs = append(pairs, tandem.JudgedPair{Similarity: 1, Pair: p})
	}
	j, err := w.store.StartJudging(ctx, "ann", tandem.Judging{TestID: w.test.ID, Arms: [2]string{"A", "B"}, Judge: "j", StartedAt: storetest.Start}, pairs, false)
	w.must(err)
	for i := range pairs {
		for order := range 2 {
			w.must(w.store.RecordStep(ctx, j, tandem.JudgingStep{Number: int64(i + 1), Order: order, Opinion: &tandem.Opinion{
				Criteria: map[string]tandem.Preference{tandem.OverallCriterion: {Prefers: tandem.PrefersOne, Reason: fmt.Sprintf("secretreason%dx", first+2*i), Quote: fmt.Sprintf("secretword%dx", first+2*i)}},
			}}))
		}
	}
}

var clocks = regexp.MustCompile(`"(as_of|computed_at|now|sequence|at|until)":("[^"]*"|\d+)`)

// results gives all results with their evidence, folded anew from what is stored.
func (w *world) results() string {
	w.t.Helper()
	r, err := results.NewReader(w.store, results.NewFolder(w.store, quiet, nil)).Results(ctx, w.test.ID)
	w.must(err)
	if r.Evidence.Calls == 0 {
		w.t.Fatal("no evidence was folded")
	}
	raw, err := json.Marshal(r)
	w.must(err)
	return clocks.ReplaceAllString(string(raw), `"$1":0`)
}

func (w *world) verify() results.Report {
	w.t.Helper()
	r, err := results.NewReader(w.store, nil).Verify(ctx, "", nil)
	w.must(err)
	if !r.OK() {
		w.t.Errorf("verify: %+v", r)
	}
	return r
}

// work does all the work there is.
func (w *world) work() {
	w.t.Helper()
	w.must(w.worker.look(ctx))
}

func (w *world) call(id tandem.ID) tandem.Call {
	w.t.Helper()
	c, err := w.store.Call(ctx, id)
	w.must(err)
	return c
}

// onDisk counts a text in the files of the database.
func (w *world) onDisk(text string) int {
	w.t.Helper()
	n := 0
	for _, suffix := range []string{"", "-wal"} {
		raw, err := os.ReadFile(w.file + suffix)
		if err != nil && !os.IsNotExist(err) {
			w.t.Fatal(err)
		}
		n += strings.Count(string(raw), text)
	}
	return n
}

// ingestOld is how calls were stored before callers had keys.
func ingestOld(w *world) *ingest.Ingester {
	return ingest.New(w.store, results.NewCounter(w.store), dialogue.Measure, quiet, nil)
}

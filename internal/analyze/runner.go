package analyze

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"tandem"
)

// Queue is where analyses wait. A claim names an ask about a call; what comes of
// one that was overtaken by a later ask is forgotten.
type Queue interface {
	// ClaimAnalyses takes analyses that are due, at most limit, the longest due
	// first. For the length of the lease nobody else gets them; then they are due
	// again.
	ClaimAnalyses(ctx context.Context, now time.Time, lease time.Duration, limit int) ([]tandem.CallAnalysis, error)
	// ExtendAnalyses holds claims until then and gives those that are held still.
	ExtendAnalyses(ctx context.Context, claims []tandem.CallAnalysis, until time.Time) ([]tandem.CallAnalysis, error)
	// KeepAnalysis stores what a model found, ahead of the call's record, counts
	// what it used, and gives what is stored for the ask. Conflict when that was
	// overtaken.
	KeepAnalysis(ctx context.Context, claim tandem.CallAnalysis, found tandem.Analysis) (tandem.Analysis, error)
	// FinishAnalyses says that calls' records have what is in Analysis.
	FinishAnalyses(ctx context.Context, claims []tandem.CallAnalysis) error
	// FillAnalyses stores what stands in until then.
	FillAnalyses(ctx context.Context, claims []tandem.CallAnalysis, until time.Time) error
	FailAnalysis(ctx context.Context, claim tandem.CallAnalysis, f tandem.AnalysisFailure) error
	// Spend adds to the day what a language model took for something else.
	Spend(ctx context.Context, u tandem.AnalysisUsage) error
}

// Calls is what is read of calls, and what was spent on them.
type Calls interface {
	// AnalysisSources gives what is to be analysed; a call of which there is
	// nothing is absent.
	AnalysisSources(ctx context.Context, ids []tandem.ID) (map[tandem.ID]tandem.AnalysisSource, error)
	Version(ctx context.Context, idOrRef string) (tandem.Version, error)
	// AnalysisDay gives what was analysed in the UTC day of at, on all nodes.
	AnalysisDay(ctx context.Context, at time.Time) (tandem.AnalysisDay, error)
	// PendingAnalyses counts those that are due, and those set aside.
	PendingAnalyses(ctx context.Context) (due, failed int64, err error)
}

// Store is all that a Runner needs of the store.
type Store interface {
	Queue
	Calls
	Settings
	Redo
}

// Reporter gives events to calls' records, all of them or none.
type Reporter interface {
	Ingest(ctx context.Context, events []tandem.Event) error
}

const (
	// pollEvery is how often the store is asked for what is due. What comes within
	// it is worked on together, which costs the store little.
	pollEvery = 250 * time.Millisecond
	// lease is how long a claim is held; it is renewed while the work lasts.
	lease      = 45 * time.Second
	renewEvery = 10 * time.Second
	// offlineBatch bounds one claim of the analyser without a model: a few
	// hundredths of a second of work, in which ingest waits for its share of it.
	offlineBatch = 128
	// restFor is how many times as long as a batch took nothing is done after it, so
	// that ingest has most of the machine while much is due.
	restFor = 2
	// storeTimeout bounds one question to the store.
	storeTimeout = 15 * time.Second
	// putOffFor is how long what could not be written waits.
	putOffFor = 5 * time.Second
)

// Runner makes analyses that are due. Make one with New; Run has it work.
type Runner struct {
	queue    Queue
	calls    Calls
	settings Settings
	redo     Redo
	report   Reporter
	box      Sealer
	log      *slog.Logger
	newModel func(tandem.AnalyzerSettings, Secrets) (Model, error)
	offline  func(context.Context, tandem.AnalysisTask) (tandem.Analysis, error)
	redact   func([]tandem.Turn) []tandem.Turn
	counted  counter

	freed   chan struct{} // holds a token when a job has ended
	working sync.WaitGroup
	renewed time.Time // Run's own
	fields  fields    // Run's own

	mu    sync.Mutex
	setup *setup // replaced, never written through but for version
	gate  gate
	held  map[tandem.ID]tandem.CallAnalysis // what models are asked about
	taken map[tandem.ID]tandem.AnalysisUsage
}

// New makes a Runner. The client is how models are reached; nil is a default.
func New(store Store, report Reporter, box Sealer, client *http.Client, log *slog.Logger) *Runner {
	return &Runner{
		queue: store, calls: store, settings: store, redo: store, report: report, box: box, log: log,
		newModel: func(s tandem.AnalyzerSettings, secrets Secrets) (Model, error) { return NewModel(s, secrets, client) },
		offline:  Offline{}.Analyze,
		redact:   func(turns []tandem.Turn) []tandem.Turn { return turns },
		freed:    make(chan struct{}, 1), fields: fields{},
		held: map[tandem.ID]tandem.CallAnalysis{}, taken: map[tandem.ID]tandem.AnalysisUsage{},
	}
}

// Through has what was said pass through redact before anybody reads it, whenever it
// was stored. Call it before Run.
func (r *Runner) Through(redact func([]tandem.Turn) []tandem.Turn) { r.redact = redact }

// Run makes analyses until ctx ends. Questions to a model are cut off then, and
// their calls given back.
func (r *Runner) Run(ctx context.Context) {
	defer r.giveBack()
	defer r.working.Wait()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	away := false
	for {
		more, err := r.round(ctx)
		if ctx.Err() != nil {
			return
		}
		if (err != nil) != away {
			if away = err != nil; away {
				r.log.Warn("analyses cannot be made now; they wait in the store", "error", err)
			} else {
				r.log.Info("analyses are made again")
			}
		}
		if more && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-r.freed:
		case <-tick.C:
		}
	}
}

// rest waits in proportion to how long a batch took that began then.
func rest(ctx context.Context, began time.Time) {
	pause := time.NewTimer(restFor * time.Since(began))
	defer pause.Stop()
	select {
	case <-ctx.Done():
	case <-pause.C:
	}
}

// round claims what can be worked on at once; more says whether there may be more
// of it.
func (r *Runner) round(ctx context.Context) (more bool, err error) {
	if err := r.refresh(ctx); err != nil {
		return false, err
	}
	if err := r.renew(ctx); err != nil {
		return false, err
	}
	if r.setup.offline() {
		n, err := r.batch(ctx, time.Time{})
		return n == offlineBatch, err
	}
	return r.ask(ctx)
}

// claim takes at most limit analyses that are due, with what there is to analyse.
// Those of which there is nothing are set aside.
func (r *Runner) claim(ctx context.Context, limit int) ([]job, error) {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	claims, err := r.queue.ClaimAnalyses(ctx, time.Now().UTC(), lease, limit)
	if err != nil || len(claims) == 0 {
		return nil, err
	}
	jobs, err := r.load(ctx, claims)
	if err != nil {
		r.putOff(ctx, claims, putOffFor)
		return nil, err
	}
	return jobs, nil
}

// job is an analysis in hand.
type job struct {
	claim  tandem.CallAnalysis
	task   tandem.AnalysisTask
	values func(tandem.Analysis) map[string]any // to report of it; nil is all
}

func (r *Runner) load(ctx context.Context, claims []tandem.CallAnalysis) ([]job, error) {
	ids := make([]tandem.ID, len(claims))
	for i, c := range claims {
		ids[i] = c.CallID
	}
	sources, err := r.calls.AnalysisSources(ctx, ids)
	if err != nil {
		return nil, err
	}
	jobs := make([]job, 0, len(claims))
	for _, c := range claims {
		source, ok := sources[c.CallID]
		var fields []tandem.Field
		var err error
		if ok {
			fields, err = r.fields.of(ctx, r.calls, source.VersionID)
		}
		switch {
		case tandem.CodeOf(err) == tandem.NotFound, !ok:
			r.fail(ctx, c, tandem.AnalysisFailure{Reason: "the call's transcript or version is not there any more", Counts: true})
		case err != nil:
			return nil, err
		default:
			jobs = append(jobs, job{claim: c, task: tandem.AnalysisTask{Fields: fields, Turns: r.redact(source.Turns)}})
		}
	}
	return jobs, nil
}

// fields are those of versions, which never change.
type fields map[tandem.ID][]tandem.Field

// maxFields bounds how many versions are remembered.
const maxFields = 1000

func (f fields) of(ctx context.Context, calls Calls, version tandem.ID) ([]tandem.Field, error) {
	if list, ok := f[version]; ok {
		return list, nil
	}
	v, err := calls.Version(ctx, string(version))
	if err != nil {
		return nil, err
	}
	if len(f) >= maxFields {
		clear(f)
	}
	f[version] = v.Content.Fields
	return v.Content.Fields, nil
}

package topics

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"tandem"
)

const (
	// pollEvery is how often the store is asked for what is due.
	pollEvery = 5 * time.Second
	// lease is how long a claim is held after each batch of calls.
	lease = 2 * time.Minute
	// maxAttempts is how often a grouping is tried before it is set aside.
	maxAttempts = 4
	// firstDelay goes before the second attempt; it doubles.
	firstDelay = 10 * time.Second
	// storeTimeout bounds one question to the store by the loop.
	storeTimeout = 10 * time.Second
	// nameTimeout bounds naming.
	nameTimeout = 90 * time.Second
	// seed starts the random numbers of k-means; any does.
	seed = 7
)

// The steps of a run.
const (
	stepReading  = "reading"
	stepGrouping = "grouping"
	stepCounting = "counting"
	stepNaming   = "naming"
)

// Grouper makes groups that were asked for. One at a time on each node.
type Grouper struct {
	Deps
	wake chan struct{}
}

// NewGrouper makes a Grouper; Run has it work.
func NewGrouper(d Deps) *Grouper {
	if d.Now == nil {
		d.Now = func() time.Time { return time.Now().UTC() }
	}
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	if d.Redact == nil {
		d.Redact = func(turns []tandem.Turn) []tandem.Turn { return turns }
	}
	return &Grouper{Deps: d, wake: make(chan struct{}, 1)}
}

// Wake says that a grouping is due.
func (g *Grouper) Wake() {
	select {
	case g.wake <- struct{}{}:
	default:
	}
}

// Run makes groups until ctx ends. What is under way then is due again when its
// lease ends.
func (g *Grouper) Run(ctx context.Context) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	away := false
	for {
		worked, err := g.Once(ctx)
		if ctx.Err() != nil {
			return
		}
		if (err != nil) != away {
			if away = err != nil; away {
				g.Log.Warn("groupings cannot be read; they wait in the store", "error", err)
			} else {
				g.Log.Info("groupings can be read again")
			}
		}
		if worked && err == nil {
			continue // there may be more
		}
		select {
		case <-ctx.Done():
			return
		case <-g.wake:
		case <-tick.C:
		}
	}
}

// Once makes the grouping that is longest due, and says whether there was one. The
// error is the store's; what goes wrong with a grouping is stored with it.
func (g *Grouper) Once(ctx context.Context) (worked bool, err error) {
	claimCtx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	claim, err := g.Store.ClaimGrouping(claimCtx, g.Now(), lease)
	if err != nil || claim == nil {
		return false, err
	}
	r := &run{Grouper: g, g: *claim}
	failure := r.safely(ctx)
	switch {
	case failure == nil:
		g.Log.Info("calls are grouped", "test_id", claim.TestID, "by", claim.By, "calls", r.g.Progress.Done)
		return true, nil
	case ctx.Err() != nil:
		return true, ctx.Err()
	case tandem.CodeOf(failure) == tandem.Conflict:
		return true, nil // somebody else has it now
	}
	g.Log.Warn("calls cannot be grouped", "test_id", claim.TestID, "by", claim.By, "error", failure)
	var next time.Time
	if claim.Attempts+1 < maxAttempts {
		next = g.Now().Add(firstDelay << claim.Attempts)
	}
	return true, g.Store.FailGrouping(ctx, *claim, next, failure.Error())
}

// run is one attempt at a grouping.
type run struct {
	*Grouper
	g     tandem.Grouping
	test  tandem.Test
	spans []span
	model *model
	count *count
}

// safely keeps a run that panics from taking the server with it.
func (r *run) safely(ctx context.Context) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("a fault of the program: %v", p)
		}
	}()
	return r.do(ctx)
}

func (r *run) do(ctx context.Context) error {
	at := r.Now()
	if err := r.begin(ctx); err != nil {
		return err
	}
	r.model = readModel(r.g.Model)
	fresh := r.model == nil || r.g.Again || r.g.K > 0 && r.g.K != r.model.Fit.K
	if fresh {
		if err := r.make(ctx, at); err != nil {
			return err
		}
	}
	if err := r.counting(ctx); err != nil {
		return err
	}
	var notes []string
	// What could not be named when it was made is named now.
	if r.model != nil && (fresh || r.model.Fit.NamedBy == byWords) {
		var err error
		if notes, err = r.name(ctx); err != nil {
			return err
		}
	}
	report := r.report(at)
	report.Notes = append(report.Notes, notes...)
	var err error
	if r.g.Report, err = json.Marshal(report); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	r.g.Model = nil
	if r.model != nil {
		if r.g.Model, err = json.Marshal(r.model); err != nil {
			return fmt.Errorf("write the model: %w", err)
		}
	}
	return r.Store.FinishGrouping(ctx, r.g)
}

// begin reads how many calls there are; those that come later are not in it.
func (r *run) begin(ctx context.Context) error {
	var err error
	if r.test, err = r.Store.Test(ctx, r.g.TestID); err != nil {
		return fmt.Errorf("test: %w", err)
	}
	r.g.Progress = tandem.GroupingProgress{Step: stepReading}
	for _, a := range r.test.Arms {
		n, err := r.Store.ArmSize(ctx, r.g.TestID, a.Key)
		if err != nil {
			return fmt.Errorf("size of arm %s: %w", a.Key, err)
		}
		r.spans = append(r.spans, span{a.Key, n})
		r.g.Progress.Total += n
	}
	return r.keep(ctx, nil)
}

// make makes groups anew.
func (r *run) make(ctx context.Context, at time.Time) error {
	texts, by, err := r.sample(ctx)
	if err != nil {
		return err
	}
	r.g.Progress.Step = stepGrouping
	if err := r.keep(ctx, nil); err != nil {
		return err
	}
	if r.model, err = fit(ctx, texts, by, r.g.K, seed); r.model != nil {
		r.model.Fit.At = at
	}
	return err
}

// counting has every call join its groups.
func (r *run) counting(ctx context.Context) error {
	r.g.Progress.Step = stepCounting
	r.count = newCount(r)
	return r.each(ctx, func(calls []heard) error {
		var members []tandem.GroupMember
		for i := range calls {
			groups, err := r.count.add(ctx, &calls[i])
			if err != nil {
				return err
			}
			for _, key := range groups {
				members = append(members, tandem.GroupMember{Group: key, CallID: calls[i].ID, Arm: calls[i].Assigned.Value.Arm, Ordinal: calls[i].Ordinal})
			}
		}
		return r.keep(ctx, members)
	})
}

// keep records how far it has come.
func (r *run) keep(ctx context.Context, members []tandem.GroupMember) error {
	return r.Store.KeepGrouping(ctx, r.g, r.Now().Add(lease), members)
}

// text gives what a call is grouped by.
func (r *run) text(turns []tandem.Turn) string {
	if r.g.By == tandem.ByFailure {
		return failureText(turns, r.Trouble(turns))
	}
	return intentText(turns)
}

// key names a group of the model.
func (r *run) key(group int) string { return fmt.Sprintf("%s.%d", r.g.By, group+1) }

// saidOf bounds what is shown of a call, in bytes.
const saidOf = 400

// name has somebody name the groups. Without anybody, or where that fails, their
// words have to do.
func (r *run) name(ctx context.Context) ([]string, error) {
	if r.Namer == nil {
		return nil, nil
	}
	namer, err := r.Namer(ctx)
	if err != nil || namer == nil {
		return nil, err
	}
	r.g.Progress.Step = stepNaming
	if err := r.keep(ctx, nil); err != nil {
		return nil, err
	}
	sketches, err := r.sketches(ctx)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, nameTimeout) // within the lease
	defer cancel()
	names, usage, err := namer.NameGroups(ctx, sketches)
	if err == nil && len(names) != len(sketches) {
		err = errors.New("it named another number of groups")
	}
	if err != nil {
		return []string{"The language model could not name the groups, which have their words for names: " + err.Error()}, nil
	}
	for g, n := range names {
		r.model.Groups[g].GroupName, r.model.Groups[g].From = n, r.shown(g)
	}
	r.model.Fit.NamedBy, r.model.Fit.NameCost = "language model", usage.Cost
	return nil, nil
}

func (r *run) sketches(ctx context.Context) ([]tandem.GroupSketch, error) {
	out := make([]tandem.GroupSketch, len(r.model.Groups))
	for g, d := range r.model.Groups {
		out[g].Terms = d.Telling
		ids := r.shown(g)
		said, err := r.Store.Transcripts(ctx, ids)
		if err != nil {
			return nil, fmt.Errorf("typical calls: %w", err)
		}
		for _, id := range ids {
			out[g].Said = append(out[g].Said, opening(r.text(r.Redact(said[id]))))
		}
	}
	return out, nil
}

// shown lists the calls that whoever names a group is shown.
func (r *run) shown(group int) []tandem.ID {
	var ids []tandem.ID
	for _, t := range r.count.typical[group] {
		ids = append(ids, t.id)
	}
	return ids
}

// opening is the beginning of a text, on one line.
func opening(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > saidOf {
		text = strings.ToValidUTF8(text[:saidOf], "") + " ..."
	}
	return text
}

func sortByID[T any](list []T, id func(T) tandem.ID) {
	slices.SortFunc(list, func(a, b T) int { return cmp.Compare(id(a), id(b)) })
}

package privacy

import (
	"context"
	"time"

	"tandem"
)

const causeRetention, causeErasure = "retention", "erasure"

// purgeBatch deletes one kind of data of the next calls that are older than its
// retention, or goes on to the next kind.
func (w *Worker) purgeBatch(ctx context.Context, job *tandem.PrivacyJob) error {
	kinds := tandem.AllPersonalData()
	for job.Step < len(kinds) && job.Settings.Retention.Days(kinds[job.Step]) == 0 {
		job.Step, job.After = job.Step+1, tandem.Position{}
	}
	if job.Step == len(kinds) {
		return w.finish(ctx, job)
	}
	d := kinds[job.Step]
	days := job.Settings.Retention.Days(d)
	before := job.At.Add(-time.Duration(days) * 24 * time.Hour)
	log := tandem.Purge{JobID: job.ID, Data: d, Cause: causeRetention, Days: days, Setting: job.Setting, At: w.now(), Before: before}
	calls, err := w.store.HoldingCalls(ctx, d, before, job.After, batch)
	if err != nil {
		return err
	}
	if len(calls) == 0 {
		left, err := w.store.CountHolding(ctx, d, before)
		if err != nil {
			return err
		}
		log.Left = &left
		job.Step, job.After = job.Step+1, tandem.Position{}
		return w.commit(ctx, tandem.CallChanges{}, job, log)
	}
	var ch tandem.CallChanges
	versions := map[tandem.ID][]tandem.Field{}
	for _, c := range calls {
		job.Looked++
		job.After = position(c)
		removed, err := w.strip(ctx, versions, c, d, &ch)
		switch {
		case err != nil:
			return err
		case removed.refused:
			job.Refused++
			w.log.Error("personal data of a call is left alone, for the results would change", "call_id", c.ID, "data", d)
		case removed.any:
			job.Changed++
			noted(&log, c)
		}
	}
	if err := w.forget(ctx, &ch); err != nil {
		return err
	}
	return w.commit(ctx, ch, job, log)
}

// noted counts a call of which something was deleted.
func noted(p *tandem.Purge, c tandem.Call) {
	p.Calls++
	at := c.Date()
	if p.Oldest.IsZero() || at.Before(p.Oldest) {
		p.Oldest = at
	}
	if at.After(p.Newest) {
		p.Newest = at
	}
}

// position is the call's place in the order in which stored calls are gone through.
func position(c tandem.Call) tandem.Position {
	p := tandem.Position{ID: c.ID}
	if c.Assigned != nil {
		p.At = c.Assigned.At
	}
	return p
}

type stripped struct{ any, refused bool }

// strip adds to ch what deletes a kind of data of a call. It is refused where the
// results would change.
func (w *Worker) strip(ctx context.Context, versions map[tandem.ID][]tandem.Field, c tandem.Call, d tandem.PersonalData, ch *tandem.CallChanges) (stripped, error) {
	h, err := w.hider(ctx, versions, &c)
	if err != nil {
		return stripped{}, err
	}
	after := c
	out := stripped{any: after.Remove(d, w.now(), h)}
	changes, err := w.protect(ctx, c, &after)
	if err != nil {
		return stripped{}, err
	}
	if len(changes) > 0 {
		return stripped{refused: true}, nil
	}
	r := tandem.Removal{CallID: c.ID}
	switch d {
	case tandem.DataTranscripts:
		r.Transcript = true
	case tandem.DataRecords:
		r.Transcript, r.Analysis, r.Words, r.Foreign = true, true, wordless, c.Foreign
	case tandem.DataAnalyses:
		r.Analysis, r.Words = true, wordless
	}
	if !out.any && r.Analysis {
		found, err := w.store.CallAnalysis(ctx, c.ID)
		if err != nil && tandem.CodeOf(err) != tandem.NotFound {
			return stripped{}, err
		}
		out.any = err == nil && (found.Analysis != nil || found.LastError != "")
	}
	if !out.any && r.Words != nil {
		n, err := w.notesOf(ctx, c.ID)
		if err != nil {
			return stripped{}, err
		}
		out.any = len(n.texts()) > 0
	}
	ch.Calls = append(ch.Calls, after)
	ch.Removals = append(ch.Removals, r)
	return out, nil
}

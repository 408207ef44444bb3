package privacy

import (
	"context"
	"maps"
	"time"

	"tandem"
)

// lag is how long after the settings changed another node may still have stored a call
// by the old ones.
const lag = time.Minute

// redactBatch redacts the next stored calls as their events would be today.
func (w *Worker) redactBatch(ctx context.Context, job *tandem.PrivacyJob, r Redactor) error {
	calls, err := w.store.HoldingCalls(ctx, "", job.At.Add(lag), job.After, batch)
	if err != nil {
		return err
	}
	if len(calls) == 0 {
		if err := w.redactGroups(ctx, r); err != nil {
			return err
		}
		return w.finish(ctx, job)
	}
	job.Redacted = maps.Clone(job.Redacted)
	if job.Redacted == nil {
		job.Redacted = map[string]int{}
	}
	var ch tandem.CallChanges
	for _, c := range calls {
		job.Looked++
		job.After = position(c)
		if c.Closed() {
			continue
		}
		p := past{Call: c}
		if err := p.redact(ctx, w, job.Settings, r); err != nil {
			return err
		}
		if !p.changed {
			continue
		}
		changes, err := w.protect(ctx, c, &p.Call)
		if err != nil {
			return err
		}
		if len(changes) > 0 {
			job.Refused++
			w.log.Error("a call is not redacted, for the results would change", "call_id", c.ID)
			continue
		}
		job.Changed++
		for kind, n := range p.found {
			job.Redacted[kind] += n
		}
		ch.Calls = append(ch.Calls, p.Call)
		if p.transcript != nil {
			ch.Transcripts = append(ch.Transcripts, *p.transcript)
		}
		ch.Removals = append(ch.Removals, p.removal)
	}
	return w.commit(ctx, ch, job)
}

// past is a stored call on its way to being redacted.
type past struct {
	tandem.Call
	changed    bool
	found      tandem.Redactions
	transcript *tandem.Transcript // nil leaves it
	removal    tandem.Removal
}

// redact takes out what the settings name. How the conversation went was measured by
// what was said, and stays.
func (p *past) redact(ctx context.Context, w *Worker, s tandem.PrivacySettings, r Redactor) error {
	p.removal.CallID = p.ID
	if s.DiscardCallers {
		p.changed = p.Remove(tandem.DataCallers, w.now(), tandem.Hider{}) || p.changed
	}
	if s.DiscardRecordings {
		p.changed = p.Remove(tandem.DataRecordings, w.now(), tandem.Hider{}) || p.changed
	}
	if r == nil {
		return nil
	}
	if err := p.redactTranscript(ctx, w, r); err != nil {
		return err
	}
	if p.Ended != nil {
		f := *p.Ended
		if p.text(r, &f.Value.Cause, &f.Redacted) {
			p.Ended = &f
		}
	}
	if p.Transfer != nil {
		f := *p.Transfer
		if p.text(r, &f.Value.To, &f.Redacted) {
			p.Transfer = &f
		}
	}
	values := maps.Clone(p.Values)
	for name, f := range values {
		if s, ok := f.Value.(string); ok && p.text(r, &s, &f.Redacted) {
			f.Value = s
			values[name] = f
		}
	}
	p.Values = values
	if err := p.redactAnalysis(ctx, w, r); err != nil {
		return err
	}
	return p.redactNotes(ctx, w, r)
}

// redactNotes redacts what people and judges wrote. What of it is about a pair is
// counted with the first of its calls.
func (p *past) redactNotes(ctx context.Context, w *Worker, r Redactor) error {
	n, err := w.notesOf(ctx, p.ID)
	if err != nil {
		return err
	}
	for _, s := range n.texts() {
		if p.text(r, &s, nil) {
			p.removal.Words = func(text string) string { text, _ = r.Text(text); return text }
		}
	}
	return nil
}

func (p *past) redactTranscript(ctx context.Context, w *Worker, r Redactor) error {
	if !p.HasTranscript() {
		return nil
	}
	t, err := w.store.Transcript(ctx, p.ID)
	if tandem.CodeOf(err) == tandem.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	turns, n := r.Turns(t.Turns)
	if len(n) == 0 {
		return nil
	}
	f := *p.Turns
	f.Redacted = sum(f.Redacted, n)
	p.Turns, p.transcript = &f, &tandem.Transcript{CallID: p.ID, Turns: turns}
	p.note(n)
	p.removal.Overtake = true // an analysis under way has read it as it was
	return nil
}

func (p *past) redactAnalysis(ctx context.Context, w *Worker, r Redactor) error {
	a, err := w.store.CallAnalysis(ctx, p.ID)
	if tandem.CodeOf(err) == tandem.NotFound || err == nil && a.Analysis == nil {
		return nil
	}
	if err != nil {
		return err
	}
	found := *a.Analysis
	any := p.text(r, &found.Summary, nil)
	found.Findings = maps.Clone(found.Findings)
	for name, f := range found.Findings {
		here := p.text(r, &f.Reason, nil)
		here = p.text(r, &f.Quote, nil) || here
		if s, ok := f.Value.(string); ok && p.text(r, &s, nil) {
			f.Value, here = s, true
		}
		if here {
			found.Findings[name], any = f, true
		}
	}
	if any {
		p.removal.Rewritten, p.removal.Overtake = &found, true // what is under way may write it as it was
	}
	return nil
}

// text redacts one text in place and says whether anything was found.
func (p *past) text(r Redactor, s *string, counts *tandem.Redactions) bool {
	out, n := r.Text(*s)
	if len(n) == 0 {
		return false
	}
	*s = out
	if counts != nil {
		*counts = sum(*counts, n)
	}
	p.note(n)
	return true
}

func (p *past) note(n tandem.Redactions) {
	p.changed = true
	p.found = sum(p.found, n)
}

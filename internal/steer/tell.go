package steer

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem"
)

// tell stores every notice that the test as it stands gives cause for. The
// store keeps the first of each key, so telling again is nothing; keys that are
// known to be stored are not even asked about.
func (p *Pilot) tell(ctx context.Context, t tandem.Test, r Reading, now time.Time) error {
	last, told, err := p.store.LastVerdict(ctx, t.ID)
	if err != nil {
		return fmt.Errorf("read the last verdict told: %w", err)
	}
	for _, n := range notices(t, r, last, told) {
		if p.told[t.ID][n.Key] {
			continue
		}
		if r.About != "" {
			n.Text = r.About + ": " + n.Text
		}
		n.ID, n.At, n.TestID, n.RouteID = tandem.NewID(now), now, t.ID, t.RouteID
		// A verdict that JSON cannot write (it has no such numbers) would be told
		// without its figures rather than not at all.
		n.Data, _ = json.Marshal(r.Verdict)
		isNew, err := p.store.Announce(ctx, n, nil)
		if err != nil {
			return fmt.Errorf("announce: %w", err)
		}
		if p.told[t.ID] == nil {
			p.told[t.ID] = map[string]bool{}
		}
		p.told[t.ID][n.Key] = true
		if isNew {
			p.log.Info("a notice was stored", "test_id", t.ID, "route_id", t.RouteID, "kind", n.Kind)
			p.onNotice()
		}
	}
	return nil
}

// notices lists what there is to tell of a test, with key, kind and text. It is
// derived from what is stored and never from what was just done, so that a
// crash in between leaves nothing untold.
func notices(t tandem.Test, r Reading, last tandem.Notice, told int) []tandem.Notice {
	out := slices.Concat(rampNotices(t), guardrailNotices(t, r.Verdict))
	if !r.Rebuilding {
		out = slices.Concat(out, alarmNotices(t, r.Verdict), verdictNotices(t, r.Verdict, last, told))
	}
	return out
}

// key names what is told: a second notice with the same key is none.
func key(t tandem.Test, parts ...string) string {
	return parts[0] + "/" + string(t.ID) + "/" + strings.Join(parts[1:], "/")
}

// verdictNotices tells of a conclusion when it is another than the last one told, and
// of its withdrawal when nothing can be concluded any more: an outcome was corrected,
// or an interval grew past the margin. Checks that fail and guardrails that are
// breached are told as what they are and withdraw nothing. Notices are numbered, so
// that a conclusion can be told again after it was withdrawn, and of two nodes that
// tell the next one at the same time, one does.
func verdictNotices(t tandem.Test, v tandem.Verdict, last tandem.Notice, told int) []tandem.Notice {
	var was tandem.Verdict
	if last.Kind == tandem.NoticeVerdict {
		// One that cannot be read is as good as none: it is told again.
		_ = json.Unmarshal(last.Data, &was)
	}
	next := tandem.Notice{Key: key(t, "verdict", strconv.Itoa(told+1)), Kind: tandem.NoticeVerdict, Text: v.Text}
	switch v.Status {
	case tandem.Better, tandem.NoDifference:
		if was.Status != v.Status || was.Arm != v.Arm {
			return []tandem.Notice{next}
		}
	case tandem.Collecting:
		if last.Kind == tandem.NoticeVerdict {
			next.Kind, next.Text = tandem.NoticeWithdrawn, "The verdict is withdrawn. It was: "+last.Text+" Now: "+v.Text
			return []tandem.Notice{next}
		}
	}
	return nil
}

func alarmNotices(t tandem.Test, v tandem.Verdict) []tandem.Notice {
	var out []tandem.Notice
	for _, a := range v.OpenAlarms() {
		kind := tandem.NoticeAlarm
		switch a.Check {
		case tandem.CheckSampleRatio:
			kind = tandem.NoticeSplit
		case tandem.CheckCoverage:
			kind = tandem.NoticeOutcomes
		}
		// One that is open again, since it is about more than what was acknowledged,
		// is told again.
		parts := []string{"alarm", string(a.Check)}
		if n := acknowledged(t, a.Check); n > 0 {
			parts = append(parts, strconv.Itoa(n))
		}
		out = append(out, tandem.Notice{Key: key(t, parts...), Kind: kind, Text: a.Text})
	}
	return out
}

// acknowledged counts the acknowledgements of a check.
func acknowledged(t tandem.Test, check tandem.Check) (n int) {
	for _, a := range t.Acknowledged {
		if a.Check == check {
			n++
		}
	}
	return n
}

// guardrailNotices tells of breaches: those that gave all calls to A from the
// test's own memory, the others from the verdict. A breach that was told and
// causes a rollback later, because its arm got calls again, is told again.
func guardrailNotices(t tandem.Test, v tandem.Verdict) []tandem.Notice {
	var out []tandem.Notice
	for _, b := range t.RolledBackFor {
		text := fmt.Sprintf("The guardrail on %s was breached in arm %s.", b.Metric, b.Arm)
		if i := slices.IndexFunc(v.Guardrails, func(g tandem.GuardrailState) bool {
			return g.Breached && breach(g) == (tandem.Breach{Metric: b.Metric, Worse: b.Worse, Arm: b.Arm})
		}); i >= 0 {
			text = v.Guardrails[i].Text
		}
		text += " All calls were given to A at " + b.At.UTC().Format("2 Jan 15:04") + " UTC."
		out = append(out, tandem.Notice{Key: key(t, "rollback", b.Metric, string(b.Worse), b.Arm), Kind: tandem.NoticeGuardrail, Text: text})
	}
	for _, g := range v.Breached() {
		if _, done := t.RollbackFor(breach(g)); !done {
			out = append(out, tandem.Notice{Key: key(t, "guardrail", g.Metric, string(g.Worse), g.Arm), Kind: tandem.NoticeGuardrail, Text: g.Text})
		}
	}
	return out
}

// rampNotices tells of each step that a ramp went on to: those up to the one in
// force or, once the ramp is over, those whose splits the test's phases began
// with.
func rampNotices(t tandem.Test) []tandem.Notice {
	reached := t.RampStep
	if reached == 0 {
		for reached < min(len(t.Ramp), len(t.Phases)) && slices.Equal(t.Ramp[reached].Weights, t.Phases[reached].Weights) {
			reached++
		}
	}
	var out []tandem.Notice
	for step := 2; step <= reached; step++ {
		out = append(out, tandem.Notice{
			Key: key(t, "ramp", strconv.Itoa(step)), Kind: tandem.NoticeRamp,
			Text: fmt.Sprintf("The ramp went on to step %d of %d: %s.", step, len(t.Ramp), shares(t, t.Ramp[step-1].Weights)),
		})
	}
	return out
}

// shares writes a split as A 70 %, B 30 %.
func shares(t tandem.Test, weights []float64) string {
	parts := make([]string, len(weights))
	for i, w := range weights {
		parts[i] = t.Arms[i].Key + " " + strconv.FormatFloat(w, 'f', -1, 64) + " %"
	}
	return strings.Join(parts, ", ")
}

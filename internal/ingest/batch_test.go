package ingest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem"
)

// said says what a call says about its end and its values, and nothing else.
type said struct{ err error }

func (s said) Forget() {}

func (s said) Count(_ context.Context, before tandem.Call, after *tandem.Call) ([]tandem.TallyChange, error) {
	if before.Stage() == after.Stage() && len(before.Values) == len(after.Values) {
		return nil, s.err
	}
	return []tandem.TallyChange{{Add: &tandem.Observation{Metric: tandem.MetricEnded}}}, s.err
}

func TestABatchNamesTheCallsForWhichEvidenceMustBeFoldedAnew(t *testing.T) {
	start := assigned(1)
	stored := tandem.Call{ID: start.CallID, Revision: 1}
	stored.Apply(start)
	of := func(kind tandem.EventKind, fill func(*tandem.Event)) tandem.Event {
		e := tandem.Event{ID: "x", Origin: tandem.OriginImport, CallID: start.CallID, Kind: kind, At: start.At}
		fill(&e)
		return e
	}
	assignedAs := func(fill func(*tandem.Assignment)) tandem.Event {
		return of(tandem.EventAssigned, func(e *tandem.Event) {
			a := *start.Assigned
			fill(&a)
			e.Assigned = &a
		})
	}
	for name, c := range map[string]struct {
		event            tandem.Event
		written, counted bool
	}{
		"the same event again":         {start, false, false},
		"an end":                       {of(tandem.EventEnded, func(e *tandem.Event) { e.Ended = &tandem.Ending{By: tandem.ByAgent} }), true, true},
		"a value":                      {of(tandem.EventAnalysis, func(e *tandem.Event) { e.Analysis = map[string]any{"x": 1.0} }), true, true},
		"a transcript":                 {of(tandem.EventTranscript, func(e *tandem.Event) { e.Transcript = []tandem.Turn{{Text: "hi"}} }), true, false},
		"a start":                      {of(tandem.EventStarted, func(*tandem.Event) {}), true, false},
		"another arm":                  {assignedAs(func(a *tandem.Assignment) { a.Arm = "B" }), true, true},
		"another probability":          {assignedAs(func(a *tandem.Assignment) { a.Probability = 0.25 }), true, true},
		"another caller":               {assignedAs(func(a *tandem.Assignment) { a.Caller = "+1" }), true, true},
		"another time":                 {of(tandem.EventAssigned, func(e *tandem.Event) { e.Assigned = start.Assigned; e.At = e.At.Add(time.Millisecond) }), true, true},
		"the same from another origin": {assignedAs(func(*tandem.Assignment) {}), true, false},
		"a new call":                   {assigned(2), true, true},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBatch(unredacted(c.event), tandem.Hider{})
			b.join(map[tandem.CallRef]tandem.Call{{ID: start.CallID}: stored})
			out, _, err := b.changes(context.Background(), said{})
			if err != nil {
				t.Fatal(err)
			}
			var want []tandem.ID
			if c.counted {
				want = []tandem.ID{c.event.CallID}
			}
			if d := cmp.Diff(want, out.Counted); d != "" || len(out.Calls) == 1 != c.written {
				t.Errorf("%d calls written; counted (-want +got):\n%s", len(out.Calls), d)
			}
		})
	}
}

func TestABatchThatCannotBeCountedIsNotWritten(t *testing.T) {
	b := newBatch(unredacted(assigned(1)), tandem.Hider{})
	b.join(nil)
	refused := errors.New("no such test")
	if _, _, err := b.changes(context.Background(), said{refused}); !errors.Is(err, refused) {
		t.Errorf("error is %v; expected the counter's", err)
	}
}

func TestTheTranscriptThatWinsIsMeasured(t *testing.T) {
	say := func(id string, at time.Duration, turns int) tandem.Event {
		return tandem.Event{ID: id, Origin: "web", CallID: assigned(1).CallID, Kind: tandem.EventTranscript, At: t0.Add(at), Transcript: make([]tandem.Turn, turns)}
	}
	early, late := say("1", time.Minute, 5), say("2", time.Hour, 7)
	for name, batches := range map[string][][]tandem.Event{
		"in order":         {{early, late}},
		"the other way":    {{late, early}},
		"one by one":       {{early}, {late}},
		"the late before":  {{late}, {early}},
		"with other facts": {{late}, {early, assigned(1)}},
	} {
		t.Run(name, func(t *testing.T) {
			var stored tandem.Call
			for _, events := range batches {
				b := newBatch(unredacted(events...), tandem.Hider{})
				loaded := map[tandem.CallRef]tandem.Call{}
				if stored.ID != "" {
					loaded[tandem.CallRef{ID: stored.ID}] = stored
				}
				b.join(loaded)
				out, _, err := b.changes(context.Background(), said{})
				if err != nil {
					t.Fatal(err)
				}
				if len(out.Calls) > 0 {
					stored = out.Calls[0]
				}
			}
			if stored.Turns.Value != 7 || stored.Conversation == nil || stored.Conversation.Turns != 7 {
				t.Errorf("%d turns, measured %+v; want those of the late transcript", stored.Turns.Value, stored.Conversation)
			}
		})
	}
}

func unredacted(events ...tandem.Event) []report {
	return (&Ingester{measure: countTurns}).reports(events)
}

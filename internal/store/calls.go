package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"strconv"
	"time"

	"tandem"
)

// Call gives the record of a call, or NotFound.
func (s *Store) Call(ctx context.Context, id tandem.ID) (tandem.Call, error) {
	c, err := scanCall(s.read.QueryRowContext(ctx, `SELECT `+callColumns+` FROM calls c WHERE c.id = $1`, string(id)).Scan)
	return c, s.fault("read a call", missing(err, "call", string(id)))
}

// Calls lists the calls that the filter keeps, the last assigned first; calls
// whose assignment is not known come last. Errors are Invalid{Field: "cursor"}
// or {Field: "goal"}, and Unavailable. A filter by field looks at every call
// that the rest of the filter keeps, until the page is full. A filter by length
// looks at [maxLooked] of them at most, so that its pages may be short, or empty,
// before the end.
func (s *Store) Calls(ctx context.Context, f tandem.CallFilter, p tandem.Page) ([]tandem.Call, string, error) {
	if f.ByLength() {
		return s.callsOfLength(ctx, f, p)
	}
	return s.calls(ctx, f, p)
}

// maxLooked is how many calls a page by length looks at: about a tenth of a second.
const maxLooked = 20_000

// callsOfLength looks at the calls one by one: a length is derived from the record,
// and no column has it.
func (s *Store) callsOfLength(ctx context.Context, f tandem.CallFilter, p tandem.Page) ([]tandem.Call, string, error) {
	out, size := []tandem.Call{}, p.Size()
	batch := tandem.Page{Cursor: p.Cursor, Limit: tandem.MaxLimit}
	for looked := 0; ; {
		calls, next, err := s.calls(ctx, f, batch)
		if err != nil {
			return nil, "", err
		}
		for _, c := range calls {
			if !f.Match(c) {
				continue
			}
			if len(out) == size {
				return out, callCursor(out[size-1]), nil
			}
			out = append(out, c)
		}
		if looked += len(calls); next == "" || looked >= maxLooked {
			return out, next, nil
		}
		batch.Cursor = next
	}
}

// callCursor is the cursor behind a call of a list.
func callCursor(c tandem.Call) string {
	at := int64(0)
	if c.Assigned != nil {
		at = micros(c.Assigned.At)
	}
	return encodeCursor([2]any{at, string(c.ID)})
}

func (s *Store) calls(ctx context.Context, f tandem.CallFilter, p tandem.Page) ([]tandem.Call, string, error) {
	l := list[tandem.Call]{
		selects: `SELECT c.assigned_at, ` + callColumns + ` FROM calls c`,
		key:     [2]string{"c.assigned_at", "c.id"}, down: true, into: timeKey,
		scan: func(scan func(...any) error) (tandem.Call, [2]any, error) {
			var at int64
			var r callRow
			if err := scan(append([]any{&at}, r.places()...)...); err != nil {
				return tandem.Call{}, [2]any{}, err
			}
			c, err := r.call()
			return c, [2]any{at, r.id}, err
		},
	}
	if err := filterCalls(f, &l.where); err != nil {
		return nil, "", err
	}
	calls, next, err := l.page(ctx, s.read, p)
	return calls, next, s.fault("list the calls", err)
}

// filterCalls writes f in SQL. It keeps what [tandem.CallFilter.Match] keeps, of the
// group that f names.
func filterCalls(f tandem.CallFilter, w *conditions) error {
	for _, equal := range []struct{ column, value string }{
		{"c.route_id", string(f.RouteID)},
		{"c.test_id", string(f.TestID)},
		{"c.arm", f.Arm},
		{"c.version_id", string(f.VersionID)},
		{"c.stage", string(f.Stage)},
		{"c.ended_by", string(f.EndedBy)},
	} {
		if equal.value != "" {
			w.add(equal.column+" = ?", equal.value)
		}
	}
	if f.Transferred != nil {
		w.add("c.transferred = ?", *f.Transferred)
	}
	switch f.Goal {
	case "":
	case tandem.GoalMet, tandem.GoalNotMet:
		w.add("c.goal = ?", f.Goal == tandem.GoalMet)
	case tandem.GoalUnknown:
		w.add("c.goal IS NULL")
	default:
		return tandem.Errorf(tandem.Invalid, "goal", "is %q; expected met, not_met or unknown", f.Goal)
	}
	if !f.Since.IsZero() {
		w.add("c.assigned_at >= ? AND c.assigned_at <> 0", ceilMicros(f.Since))
	}
	if !f.Before.IsZero() {
		w.add("c.assigned_at < ? AND c.assigned_at <> 0", ceilMicros(f.Before))
	}
	if f.HasTranscript {
		w.add("c.has_transcript")
	}
	if f.Group != "" {
		w.add("EXISTS (SELECT 1 FROM group_members m JOIN groupings g ON g.run = m.run WHERE m.call_id = c.id AND g.test_id = c.test_id AND m.group_name = ?)", f.Group)
	}
	if f.Field != "" {
		filterField(f.Field, f.Value, w)
	}
	return nil
}

// ceilMicros rounds up: the first stored time that is not before t.
func ceilMicros(t time.Time) int64 {
	return micros(t.Add(time.Microsecond - time.Nanosecond))
}

// filterField keeps calls whose analysis value of that name reads as text. Both
// engines give a part of the record as the JSON text that was stored, so it is
// compared with the texts that such a value can have.
func filterField(name, text string, w *conditions) {
	values := []any{text}
	if b, err := strconv.ParseBool(text); err == nil && strconv.FormatBool(b) == text {
		values = append(values, b)
	}
	if x, err := strconv.ParseFloat(text, 64); err == nil && strconv.FormatFloat(x, 'f', -1, 64) == text {
		values = append(values, x)
	}
	in := ""
	for i, v := range values {
		raw, err := json.Marshal(v)
		if err != nil {
			continue // Inf: no stored value is
		}
		if i > 0 {
			in += ", "
		}
		in += w.arg(string(raw))
	}
	w.add("CAST(c.record -> 'values' -> CAST(? AS TEXT) -> 'value' AS TEXT) IN ("+in+")", name)
}

// Transcript gives what was said in a call, or NotFound.
func (s *Store) Transcript(ctx context.Context, id tandem.ID) (tandem.Transcript, error) {
	t := tandem.Transcript{CallID: id}
	var turns string
	err := s.read.QueryRowContext(ctx, `SELECT turns FROM transcripts WHERE call_id = $1`, string(id)).Scan(&turns)
	if err != nil {
		return tandem.Transcript{}, s.fault("read a transcript", missing(err, "transcript of call", string(id)))
	}
	return t, json.Unmarshal([]byte(turns), &t.Turns)
}

// EachCall gives every call of a test, or of all when testID is "", to fn, as
// of one moment and in no order. It reads as it goes, and holds that moment
// until fn has seen the last call; SQLite's log cannot shrink meanwhile. fn's
// first error ends it and is returned.
func (s *Store) EachCall(ctx context.Context, testID tandem.ID, fn func(tandem.Call) error) error {
	var w conditions
	if testID != "" {
		w.add("c.test_id = ?", string(testID))
	}
	return s.fault("read the calls", s.view(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT `+callColumns+` FROM calls c`+w.String(), w.args...)
		if err != nil {
			return err
		}
		return each(rows, func(scan func(...any) error) error {
			c, err := scanCall(scan)
			if err != nil {
				return err
			}
			return fn(c)
		})
	}))
}

// OverdueCalls lists at most limit calls in stage assigned whose deadline, the
// assignment plus the route's maximum call length at that time plus
// [tandem.LostGrace], is before now; the longest overdue first.
func (s *Store) OverdueCalls(ctx context.Context, now time.Time, limit int) ([]tandem.ID, error) {
	ids := []tandem.ID{}
	rows, err := s.read.QueryContext(ctx, `
		SELECT id FROM calls WHERE stage = 'assigned' AND deadline < $1 ORDER BY deadline LIMIT $2`, micros(now), limit)
	if err == nil {
		err = each(rows, func(scan func(...any) error) error {
			var id tandem.ID
			err := scan(&id)
			ids = append(ids, id)
			return err
		})
	}
	return ids, s.fault("list the overdue calls", err)
}

package store

import (
	"cmp"
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
// or {Field: "goal"}, and Unavailable.
//
// Only the route, the test and the times lead to calls; by anything else calls are
// looked at one by one. A page looks at so many and no more, so that it may be short,
// or empty, before the end.
func (s *Store) Calls(ctx context.Context, f tandem.CallFilter, p tandem.Page) ([]tandem.Call, string, error) {
	l := list[tandem.Call]{
		selects: `SELECT c.assigned_at, ` + callColumns + ` FROM calls c`,
		key:     [2]string{"c.assigned_at", "c.id"}, down: true, into: timeKey,
		scan: func(scan func(...any) error) (tandem.Call, [2]any, error) {
			var at int64
			var r callRow
			if err := scan(append([]any{&at}, r.places()...)...); err != nil {
				return tandem.Call{}, [2]any{}, err
			}
			if passes, err := r.lasts(f); err != nil || !passes {
				return tandem.Call{}, [2]any{}, cmp.Or(err, errRefused)
			}
			c, err := r.call()
			return c, [2]any{at, r.id}, err
		},
		refuses: f.ByLength(),
	}
	leadTo(f, &l.where)
	var err error
	if looked := s.looks.of(f); looked > 0 {
		if l.until, err = l.reach(ctx, s.read, "SELECT c.assigned_at, c.id FROM calls c", p, looked); err != nil {
			return nil, "", s.fault("look through the calls", err)
		}
	}
	if err := filterCalls(f, &l.where); err != nil {
		return nil, "", err
	}
	calls, next, err := l.page(ctx, s.read, p)
	return calls, next, s.fault("list the calls", err)
}

// looks is how many calls a page looks at: less than a tenth of a second each.
type looks struct {
	columns int // where columns tell
	records int // where the record has to be read
}

var defaultLooks = looks{columns: 20_000, records: 2_000}

// of gives how many calls a page by f looks at; 0 where all that it looks at pass.
func (l looks) of(f tandem.CallFilter) int {
	switch {
	case f.Field != "" || f.Group != "" || f.ByLength():
		return l.records
	case f.Arm != "" || f.VersionID != "" || f.Stage != "" || f.EndedBy != "" || f.Transferred != nil || f.Goal != "" || f.HasTranscript,
		f.TestID != "" && f.RouteID != "":
		return l.columns
	}
	return 0
}

// leadTo writes what of f an index leads to, in SQL.
func leadTo(f tandem.CallFilter, w *conditions) {
	switch {
	case f.TestID != "":
		w.add("c.test_id = ?", string(f.TestID))
	case f.RouteID != "":
		w.add("c.route_id = ?", string(f.RouteID))
	}
	if !f.Since.IsZero() {
		w.add("c.assigned_at >= ? AND c.assigned_at <> 0", ceilMicros(f.Since))
	}
	if !f.Before.IsZero() {
		w.add("c.assigned_at < ? AND c.assigned_at <> 0", ceilMicros(f.Before))
	}
}

// filterCalls writes the rest of f in SQL. Both together keep what
// [tandem.CallFilter.Match] keeps, of the group that f names; but for lengths, which
// no column has.
func filterCalls(f tandem.CallFilter, w *conditions) error {
	if f.TestID != "" && f.RouteID != "" {
		w.add("c.route_id = ?", string(f.RouteID))
	}
	for _, equal := range []struct{ column, value string }{
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

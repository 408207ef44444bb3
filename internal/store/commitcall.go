package store

import (
	"cmp"
	"encoding/json"
	"slices"

	"tandem"
)

// The deadline of a call is set when its assignment is stored; a later change
// of the route's maximum call length leaves it.
const insertCall = `
	INSERT INTO calls (id, revision, route_id, test_id, phase, arm, version_id, ordinal, stage, assigned_at, ended_at,
		deadline, ended_by, transferred, goal, has_transcript, foreign_count, record, holds, dated_at, caller_key)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,
		CAST($12 AS BIGINT) + COALESCE((SELECT max_call_seconds FROM routes WHERE id = $3), $13) * CAST(1000000 AS BIGINT),
		$14, $15, $16, $17, $18, $19, $20, $21, $22)
	ON CONFLICT (id) DO NOTHING`

const updateCall = `
	UPDATE calls SET revision = $2, route_id = $3, test_id = $4, phase = $5, arm = $6, version_id = $7, ordinal = $8,
		stage = $9, assigned_at = $10, ended_at = $11,
		deadline = CAST($12 AS BIGINT) + COALESCE((SELECT max_call_seconds FROM routes WHERE id = $3), $13) * CAST(1000000 AS BIGINT),
		ended_by = $14, transferred = $15, goal = $16, has_transcript = $17, foreign_count = $18, record = $19,
		holds = $20, dated_at = $21, caller_key = $22
	WHERE id = $1 AND revision = $2 - 1`

// updateFacts leaves the assignment, and with it most indexes, alone.
const updateFacts = `
	UPDATE calls SET revision = $2, stage = $3, ended_at = $4, ended_by = $5, transferred = $6, goal = $7,
		has_transcript = $8, foreign_count = $9, record = $10, holds = $11, dated_at = $12
	WHERE id = $1 AND revision = $2 - 1`

// insertForeign gives a foreign id to one call for good, but for SIP Call-IDs:
// load generators and PBXs that restarted use them again, and the id then means
// the newer call.
const insertForeign = `
	INSERT INTO foreign_ids (origin, foreign_id, call_id) VALUES ($1, $2, $3)
	ON CONFLICT (origin, foreign_id) DO UPDATE SET call_id = excluded.call_id
	WHERE foreign_ids.call_id = excluded.call_id OR foreign_ids.origin = '` + tandem.OriginSIP + `'`

const saveTranscript = `
	INSERT INTO transcripts (call_id, turns) VALUES ($1, $2) ON CONFLICT (call_id) DO UPDATE SET turns = excluded.turns`

// callWrite is one call of a batch.
type callWrite struct {
	id         tandem.ID
	test       tandem.ID
	call       *tandem.Call
	assigned   tandem.Assignment
	assignedAt int64 // 0 while not known
	record     string
	counted    bool // its say in the tallies changes

	was     storedCall
	ordinal int64
	whole   bool // the assignment changed: all columns are written
	news    bool // foreign ids that are not stored yet
}

func newCallWrite(call *tandem.Call) (callWrite, error) {
	w := callWrite{id: call.ID, call: call, ordinal: call.Ordinal}
	if !call.ID.Valid() {
		return w, tandem.Errorf(tandem.Invalid, "call_id", "is %q; expected a UUID", call.ID)
	}
	if call.Assigned != nil {
		w.assigned, w.assignedAt = call.Assigned.Value, micros(call.Assigned.At)
		w.test = w.assigned.TestID
	}
	for _, key := range [...]struct{ field, text string }{
		{"assigned.route_id", string(w.assigned.RouteID)},
		{"assigned.test_id", string(w.test)},
		{"assigned.arm", w.assigned.Arm},
		{"assigned.version_id", string(w.assigned.VersionID)},
		{"assigned.caller_key", w.assigned.CallerKey},
	} {
		if !storable(key.text) {
			return w, tandem.Errorf(tandem.Invalid, key.field, "is not UTF-8 text without NUL characters")
		}
	}
	for origin, id := range call.Foreign {
		if !storable(origin) || !storable(id) {
			return w, tandem.Errorf(tandem.Invalid, "foreign_id", "is not UTF-8 text without NUL characters")
		}
	}
	var err error
	w.record, err = encodeRecord(call)
	return w, err
}

// storedCall is what is stored of a call that changes.
type storedCall struct {
	revision     int64
	assigned     tandem.Assignment // what has columns
	assignedAt   int64
	foreignCount int
}

func scanStored(scan func(...any) error) (tandem.ID, storedCall, error) {
	var id string
	var s storedCall
	var route, test, version string
	err := scan(&id, &s.revision, &route, &test, &s.assigned.Phase, &s.assigned.Arm, &version, &s.assignedAt, &s.foreignCount, &s.assigned.CallerKey)
	s.assigned.RouteID, s.assigned.TestID, s.assigned.VersionID = tandem.ID(route), tandem.ID(test), tandem.ID(version)
	return tandem.ID(id), s, err
}

// compare decides how w is written, from what is stored.
func (c *commit) compare(w *callWrite) {
	var s storedCall
	if w.call.Revision > 0 {
		s = c.stored[w.id]
		if s.revision != w.call.Revision {
			c.err = moved(w.id)
			return
		}
	}
	w.was = s
	a := w.assigned
	w.whole = w.call.Revision == 0 || s.assignedAt != w.assignedAt || s.assigned.RouteID != a.RouteID || s.assigned.TestID != a.TestID ||
		s.assigned.Phase != a.Phase || s.assigned.Arm != a.Arm || s.assigned.VersionID != a.VersionID || s.assigned.CallerKey != a.CallerKey
	w.news = s.foreignCount != len(w.call.Foreign)
	w.ordinal = w.call.Ordinal
	if a.TestID == "" || a.Arm == "" {
		w.ordinal = 0
	} else if w.ordinal == 0 || s.assigned.TestID != a.TestID || s.assigned.Arm != a.Arm {
		c.grow(armKey{a.TestID, a.Arm}, w)
	}
}

func moved(id tandem.ID) error {
	return tandem.Errorf(tandem.Conflict, "revision", "call %s was changed by somebody else: load it again", id)
}

// step writes the call's row.
func (w *callWrite) step() step {
	c := w.call
	st := step{rows: 1, otherwise: moved(w.id)}
	stage, revision := string(c.Stage()), c.Revision+1
	var endedAt, endedBy, goal any
	if c.Ended != nil {
		endedAt, endedBy = micros(c.Ended.At), absent(c.Ended.Value.By)
	}
	if c.Goal != nil {
		goal = *c.Goal
	}
	if !w.whole {
		st.text = updateFacts
		st.args = []any{
			string(w.id), revision, stage, endedAt, endedBy, c.Transferred(), goal, c.HasTranscript(), len(c.Foreign), w.record,
			holds(c), storedMicros(c.Date()),
		}
		return st
	}
	var limitFrom any // without an assignment there is no deadline
	if w.assignedAt != 0 {
		limitFrom = w.assignedAt + tandem.LostGrace.Microseconds()
	}
	st.text = insertCall
	if c.Revision > 0 {
		st.text = updateCall
	}
	st.args = []any{
		string(w.id), revision, absent(w.assigned.RouteID), absent(w.test), w.assigned.Phase, absent(w.assigned.Arm),
		absent(w.assigned.VersionID), w.ordinal, stage, w.assignedAt, endedAt, limitFrom, tandem.DefaultMaxCallSeconds,
		endedBy, c.Transferred(), goal, c.HasTranscript(), len(c.Foreign), w.record,
		holds(c), storedMicros(c.Date()), w.assigned.CallerKey,
	}
	return st
}

// holds gives what the call holds of personal data, -1 while its caller has no key.
func holds(c *tandem.Call) int {
	if c.Assigned != nil && c.Assigned.Value.Caller != "" && c.Assigned.Value.CallerKey == "" {
		return -1
	}
	return c.Holds()
}

// foreignSteps stores the foreign ids of calls that have new ones.
func (c *commit) foreignSteps() []step {
	var ids []foreignID
	for i := range c.calls {
		if w := &c.calls[i]; w.news {
			for origin, id := range w.call.Foreign {
				ids = append(ids, foreignID{origin, id, w.id})
			}
		}
	}
	slices.SortFunc(ids, func(a, b foreignID) int {
		return cmp.Or(cmp.Compare(a.origin, b.origin), cmp.Compare(a.id, b.id))
	})
	steps := make([]step, len(ids))
	for i, f := range ids {
		steps[i] = step{
			text: insertForeign, args: []any{f.origin, f.id, string(f.call)},
			rows: 1, otherwise: tandem.Errorf(tandem.Conflict, "foreign_id", "%q of origin %q is the id of another call than %s", f.id, f.origin, f.call),
		}
	}
	return steps
}

type foreignID struct {
	origin, id string
	call       tandem.ID
}

func transcriptSteps(transcripts []tandem.Transcript) []step {
	sorted := slices.SortedStableFunc(slices.Values(transcripts), func(a, b tandem.Transcript) int { return cmp.Compare(a.CallID, b.CallID) })
	steps := make([]step, 0, len(sorted))
	for _, t := range sorted {
		if t.Turns == nil {
			t.Turns = []tandem.Turn{}
		}
		turns, err := json.Marshal(t.Turns)
		if err != nil {
			panic("store: " + err.Error()) // text, integers and booleans always encode
		}
		steps = append(steps, step{text: saveTranscript, args: []any{string(t.CallID), string(turns)}})
	}
	return steps
}

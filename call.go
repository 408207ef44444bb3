package tandem

import (
	"cmp"
	"encoding/json"
	"maps"
	"strings"
	"time"
)

// Stage is where a call is on its way through Tandem.
type Stage string

// The stages of a call.
const (
	StageAssigned Stage = "assigned"
	StageEnded    Stage = "ended"
	StageAnalyzed Stage = "analyzed"
	StageLost     Stage = "lost"
)

// Fact is one thing known about a call, and from whom.
type Fact[T any] struct {
	Value   T         `json:"value"`
	Origin  string    `json:"origin"`
	At      time.Time `json:"at"`
	EventID string    `json:"event_id,omitempty"`
	// Redacted is what was taken out of the value; of Turns, out of the transcript.
	Redacted Redactions `json:"redacted,omitempty" doc:"How many pieces of personal data were taken out of it, by kind"`
}

// Call is the record of one call: a join of facts. Applying the same events in
// any order, any number of times, gives the same record.
type Call struct {
	ID ID `json:"id"`
	// Foreign holds the ids other origins have for this call.
	Foreign map[string]string `json:"foreign,omitempty"`

	Assigned *Fact[Assignment] `json:"assigned,omitempty"`
	Started  *Fact[struct{}]   `json:"started,omitempty"`
	Answered *Fact[struct{}]   `json:"answered,omitempty"`
	Ended    *Fact[Ending]     `json:"ended,omitempty"`
	Transfer *Fact[Transfer]   `json:"transfer,omitempty"`
	Failover *Fact[Failover]   `json:"failover,omitempty"`
	Lost     *Fact[struct{}]   `json:"lost,omitempty"`
	// Reported is the version that took the call, where somebody said so.
	Reported *Fact[ID] `json:"reported_version,omitempty"`
	// Turns is how many turns the transcript has; the transcript itself is
	// stored beside the call.
	Turns   *Fact[int]           `json:"turns,omitempty"`
	Values  map[string]Fact[any] `json:"values,omitempty"`
	Cost    *Fact[Cost]          `json:"cost,omitempty"`
	Latency *Fact[Latency]       `json:"latency,omitempty"`

	Recording *Fact[Recording] `json:"recording,omitempty"`
	// Removed says what was deleted of the call's personal data; nil for nothing.
	Removed *Removed `json:"removed,omitempty"`

	// Conversation is derived from the call's transcript; nil without one.
	Conversation *Conversation `json:"conversation,omitempty"`
	// Goal is whether the test's goal was met; nil when it cannot be known. It
	// is derived from the facts, not one of them.
	Goal *bool `json:"goal,omitempty"`
	// GoalEdition is the edition of the test's goal that Goal was just derived
	// under; 0 for a record that was read. It is not stored.
	GoalEdition int `json:"-"`
	// Ordinal counts the calls of one test and arm from 1, in the order in
	// which they were first stored; 0 outside tests. Samples are drawn by it.
	Ordinal int64 `json:"ordinal,omitempty"`
	// Revision grows with every stored change; 0 before the first.
	Revision int64 `json:"revision"`
}

// Apply joins the event's facts to the record and says whether anything
// changed, and whether the event's transcript is now the call's. Where two
// events state the same fact, the one with the higher rank of origin wins;
// within one rank the earliest answer and end (of a conversation before that of
// an attempt), and the latest of anything else; then the event id decides, so that the order of arrival never does.
func (c *Call) Apply(e Event) (changed, transcript bool) {
	if have := c.Foreign[e.Origin]; e.ForeignID != "" && (have == "" || e.ForeignID < have) {
		foreign := map[string]string{}
		maps.Copy(foreign, c.Foreign)
		foreign[e.Origin] = e.ForeignID // the least of several, whichever came first
		c.Foreign = foreign
		changed = true
	}
	was := changed
	switch e.Kind {
	case EventAssigned:
		changed = set(&c.Assigned, e, *e.Assigned, first)
	case EventStarted:
		changed = set(&c.Started, e, struct{}{}, first)
	case EventAnswered:
		changed = set(&c.Answered, e, struct{}{}, first)
	case EventEnded:
		changed = set(&c.Ended, e, *e.Ended, answeredFirst)
	case EventTransferred:
		changed = set(&c.Transfer, e, *e.Transferred, furthest)
	case EventFailover:
		changed = set(&c.Failover, e, *e.Failover, last)
	case EventLost:
		changed = set(&c.Lost, e, struct{}{}, first)
	case EventTranscript:
		changed = set(&c.Turns, e, len(e.Transcript), last)
		if transcript = changed; changed && c.Removed != nil && c.Removed.Transcript != nil {
			again := *c.Removed
			again.Transcript = nil
			c.Removed = &again
		}
	case EventAnalysis:
		changed = c.applyValues(e)
	case EventCost:
		changed = set(&c.Cost, e, *e.Cost, last)
	case EventLatency:
		changed = set(&c.Latency, e, *e.Latency, last)
	case EventRecording:
		changed = set(&c.Recording, e, *e.Recording, last)
	}
	if e.VersionID != "" && set(&c.Reported, e, e.VersionID, last) {
		changed = true
	}
	return changed || was, transcript
}

func (c *Call) applyValues(e Event) (changed bool) {
	values := make(map[string]Fact[any], len(c.Values)+len(e.Analysis))
	for name, f := range c.Values {
		values[name] = f
	}
	for name, v := range e.Analysis {
		var have *Fact[any]
		if f, ok := values[name]; ok {
			have = &f
		}
		if setRanked(&have, e, v, last, valueRank(name)) {
			have.Redacted = e.Redacted[name]
			values[name] = *have
			changed = true
		}
	}
	if changed {
		c.Values = values
		if c.Removed != nil && c.Removed.Analysis != nil {
			again := *c.Removed
			again.Analysis = nil // there may be new text
			c.Removed = &again
		}
	}
	return changed
}

// An order says which of two facts of the same rank wins: the sign of a
// comparison, positive when b beats a.
type order[T any] func(a, b *Fact[T]) int

func first[T any](a, b *Fact[T]) int { return a.At.Compare(b.At) }

// answeredFirst has the end of a conversation beat the end of an attempt that
// nobody answered: a caller's system may try again under the same id.
func answeredFirst(a, b *Fact[Ending]) int {
	return cmp.Or(cmp.Compare(unanswered(a), unanswered(b)), first(a, b))
}

func unanswered(f *Fact[Ending]) int {
	if f.Value.Answered != nil && !*f.Value.Answered {
		return 1
	}
	return 0
}

func last[T any](a, b *Fact[T]) int { return b.At.Compare(a.At) }

func furthest(a, b *Fact[Transfer]) int {
	return cmp.Or(cmp.Compare(transferOrder[b.Value.State], transferOrder[a.Value.State]), last(a, b))
}

// set puts the event's value into slot if it wins over what is there. It
// replaces the pointer and never writes through it, so that a copy of a call
// stays what it was.
func set[T any](slot **Fact[T], e Event, v T, by order[T]) bool {
	return setRanked(slot, e, v, by, originRank)
}

func setRanked[T any](slot **Fact[T], e Event, v T, by order[T], rank func(origin string) int) bool {
	f := &Fact[T]{Value: v, Origin: e.Origin, At: e.At, EventID: e.ID, Redacted: e.Redacted[""]}
	have := *slot
	if have != nil {
		wins := cmp.Or(
			cmp.Compare(rank(f.Origin), rank(have.Origin)),
			by(have, f),
			cmp.Compare(f.Origin, have.Origin),
			cmp.Compare(f.EventID, have.EventID),
		)
		if wins == 0 { // the same event again: its content decides, whichever came first
			wins = cmp.Compare(string(encode(f.Value)), string(encode(have.Value)))
		}
		if wins <= 0 {
			return false
		}
	}
	*slot = f
	return true
}

// Stage derives the call's stage from its facts.
func (c Call) Stage() Stage {
	switch {
	case c.Ended != nil && len(c.Values) > 0:
		return StageAnalyzed
	case c.Ended != nil:
		return StageEnded
	case c.Lost != nil:
		return StageLost
	}
	return StageAssigned
}

// WasAnswered says whether somebody answered; known is false while that cannot
// be told.
func (c Call) WasAnswered() (answered, known bool) {
	switch {
	case c.Answered != nil:
		return true, true
	case c.Ended == nil:
		return false, false
	case c.Ended.Value.Answered != nil:
		return *c.Ended.Value.Answered, true
	case c.Ended.Value.DurationMS != nil:
		return *c.Ended.Value.DurationMS > 0, true
	}
	return false, c.Ended.Origin == OriginSIP
}

// Duration gives the length of the conversation, from answer to end, and
// whether it is known. A call that nobody answered has none.
func (c Call) Duration() (time.Duration, bool) {
	if c.Ended == nil {
		return 0, false
	}
	if ms := c.Ended.Value.DurationMS; ms != nil {
		return time.Duration(*ms) * time.Millisecond, true
	}
	if c.Answered == nil {
		return 0, false
	}
	return max(0, c.Ended.At.Sub(c.Answered.At)), true
}

// ReachedVoicemail says whether a machine took the call: as the origin of its end
// has it, else by the end's cause. False where nothing says so.
func (c Call) ReachedVoicemail() bool {
	if c.Ended == nil {
		return false
	}
	if said := c.Ended.Value.Voicemail; said != nil {
		return *said
	}
	return voicemailCauses[causeWords.Replace(strings.ToLower(c.Ended.Value.Cause))]
}

var causeWords = strings.NewReplacer("-", "_", " ", "_")

// NotRandomised gives why the call is counted apart, or "".
func (c Call) NotRandomised() Reason {
	if c.Failover != nil {
		return c.Failover.Value.Reason
	}
	if c.Assigned == nil {
		return ""
	}
	a := &c.Assigned.Value
	if a.NotRandomised == "" && c.Reported != nil && a.VersionID != "" && c.Reported.Value != a.VersionID {
		return ReasonVersionMismatch
	}
	return a.NotRandomised
}

// Transferred says whether the call was handed on, completed or not known to
// have failed.
func (c Call) Transferred() bool {
	return c.Transfer != nil && c.Transfer.Value.State != TransferFailed
}

// MarshalJSON adds what is derived (stage, duration, not_randomised) for
// readers.
func (c Call) MarshalJSON() ([]byte, error) {
	type plain Call
	view := struct {
		plain
		Stage           Stage    `json:"stage"`
		DurationSeconds *float64 `json:"duration_seconds,omitempty"`
		NotRandomised   Reason   `json:"not_randomised,omitempty"`
	}{plain: plain(c), Stage: c.Stage(), NotRandomised: c.NotRandomised()}
	if d, ok := c.Duration(); ok {
		s := d.Seconds()
		view.DurationSeconds = &s
	}
	return json.Marshal(view)
}

// Transcript is what was said in a call.
type Transcript struct {
	CallID ID     `json:"call_id"`
	Turns  []Turn `json:"turns"`
}

// CallChanges is what one batch of events changed, written in one transaction.
type CallChanges struct {
	// Calls carry the revision they were loaded with; a call stored meanwhile
	// by another node makes the whole batch a Conflict.
	Calls       []Call
	Transcripts []Transcript
	Tallies     []TallyChange
	// Counted names the calls of Calls whose say in the tallies or whose
	// assignment changes: those for which evidence must be folded anew.
	Counted []ID
	// Unread names ended calls with a version whose transcript is to be analysed.
	Unread []ID
	// Removals delete what is stored beside calls, in the same transaction.
	Removals []Removal
	// Groupings take the place of the reports and models that are stored of them, as
	// long as those are the ones of their DoneAt: else the batch is a Conflict.
	Groupings []Grouping
}

// Removal says what is deleted of what is stored beside a call's record.
type Removal struct {
	CallID     ID
	Transcript bool
	// Analysis deletes what was found; what is due stays due.
	Analysis bool
	// Rewritten takes the place of what was found; nil leaves it.
	Rewritten *Analysis
	// Foreign are the ids that other systems have for the call as they are stored so
	// far; they give way to those in its record.
	Foreign map[string]string
	// Overtake makes an analysis that is under way one that was overtaken, and a
	// grouping of the call's test begin anew.
	Overtake bool
	// Words rewrites what people and judges wrote about the call, and about pairs of
	// it with others: notes, reasons, quotes. Nil leaves them. It may be asked about a
	// text more than once.
	Words func(text string) string
}

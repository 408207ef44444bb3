package tandem

import (
	"cmp"
	"encoding/json"
	"errors"
	"maps"
	"math"
	"regexp"
	"time"
)

// EventKind is what an event reports.
type EventKind string

// The kinds of events. Each carries the facts of the same name.
const (
	EventAssigned    EventKind = "assigned"
	EventStarted     EventKind = "started"
	EventAnswered    EventKind = "answered"
	EventEnded       EventKind = "ended"
	EventTransferred EventKind = "transferred"
	EventFailover    EventKind = "failover"
	EventTranscript  EventKind = "transcript"
	EventAnalysis    EventKind = "analysis"
	EventCost        EventKind = "cost"
	EventLatency     EventKind = "latency"
	EventLost        EventKind = "lost"
)

// Origins of events that Tandem itself knows. A connector adds its own name;
// users choose theirs (lower-case letters, digits, dash).
const (
	OriginSIP    = "sip"
	OriginAPI    = "api"
	OriginReplay = "replay"
	OriginImport = "import"
	OriginReaper = "reaper"
)

// originRank says whom to believe when origins contradict each other about the
// same fact. The gateway sees who hung up; a platform guesses from a status. A
// replayed or imported recording is the truth by construction.
func originRank(origin string) int {
	switch origin {
	case OriginReplay, OriginImport:
		return 3
	case OriginSIP:
		return 2
	case OriginReaper:
		return 0
	}
	return 1
}

// Event is one report about one call. The call is named by Tandem's id, or by
// the origin's own id for it. Events of a call may come in any order, late,
// and any number of times: see [Call.Apply].
type Event struct {
	// ID makes the event recognisable within its origin.
	ID        string    `json:"id" doc:"Unique within the origin; the same id sent again changes nothing"`
	Origin    string    `json:"origin,omitempty" doc:"Who reports; default api" example:"api"`
	CallID    ID        `json:"call_id,omitempty" doc:"Tandem's id of the call"`
	ForeignID string    `json:"foreign_id,omitempty" doc:"The origin's own id of the call, when Tandem's is not known"`
	Kind      EventKind `json:"kind" enum:"assigned,started,answered,ended,transferred,failover,transcript,analysis,cost,latency"`
	At        time.Time `json:"at" doc:"When it happened"`

	Assigned    *Assignment    `json:"assigned,omitempty"`
	Ended       *Ending        `json:"ended,omitempty"`
	Transferred *Transfer      `json:"transferred,omitempty"`
	Failover    *Failover      `json:"failover,omitempty"`
	Transcript  []Turn         `json:"transcript,omitempty"`
	Analysis    map[string]any `json:"analysis,omitempty" doc:"Field name to value: text, number, boolean or null for unknown"`
	Cost        *Cost          `json:"cost,omitempty"`
	Latency     *Latency       `json:"latency,omitempty"`
}

// Assignment is which arm a call got, why, and with what chance.
type Assignment struct {
	RouteID   ID     `json:"route_id"`
	TestID    ID     `json:"test_id,omitempty" doc:"Empty when no test ran on the route"`
	Phase     int    `json:"phase,omitempty"`
	Arm       string `json:"arm,omitempty"`
	VersionID ID     `json:"version_id,omitempty"`
	// Probability is the chance, above 0 to 1, that this call got its arm.
	Probability float64 `json:"probability,omitempty"`
	// UnitKind is what was randomised; a withheld caller makes it the call.
	UnitKind Unit   `json:"unit_kind,omitempty"`
	Unit     string `json:"unit,omitempty" doc:"What was hashed: the call's id or the caller"`
	Number   string `json:"number,omitempty" doc:"The number that was called"`
	Caller   string `json:"caller,omitempty"`
	// NotRandomised is why the arm was not left to chance; empty when it was.
	NotRandomised Reason `json:"not_randomised,omitempty"`
}

// Reason says why a call was not randomised.
type Reason string

// The reasons for which a call is counted apart.
const (
	// ReasonLimit: the version had as many calls as the route allows.
	ReasonLimit Reason = "limit_reached"
	// ReasonTargetDown: the version's target could not be reached.
	ReasonTargetDown Reason = "target_down"
	// ReasonTargetError: the version's target answered 5xx.
	ReasonTargetError Reason = "target_error"
	// ReasonTargetSilent: no provisional answer in time.
	ReasonTargetSilent Reason = "target_silent"
	// ReasonNoTarget: the version has no target that this way of calling can
	// reach.
	ReasonNoTarget Reason = "no_target"
)

// EndedBy says who ended a call.
type EndedBy string

// Who ends calls.
const (
	ByCaller  EndedBy = "caller"
	ByAgent   EndedBy = "agent"
	BySystem  EndedBy = "system"
	ByUnknown EndedBy = "unknown"
)

// Ending is how a call ended.
type Ending struct {
	By EndedBy `json:"by" enum:"caller,agent,system,unknown"`
	// DurationMS is the length of the conversation as the origin measured it.
	// Without it the duration is the time from answer to end.
	DurationMS *int64 `json:"duration_ms,omitempty" minimum:"0"`
	Cause      string `json:"cause,omitempty" doc:"The origin's own word for the reason"`
	SIPStatus  int    `json:"sip_status,omitempty" doc:"Final status of a call that failed"`
	// Answered says whether anybody answered, where the origin knows it
	// without an answered event.
	Answered *bool `json:"answered,omitempty"`
}

// TransferState is how far a transfer came.
type TransferState string

// The states of a transfer, in rising order: a later report never takes a
// transfer back to an earlier state.
const (
	TransferAttempted TransferState = "attempted"
	TransferFailed    TransferState = "failed"
	TransferCompleted TransferState = "completed"
)

var transferOrder = map[TransferState]int{TransferAttempted: 1, TransferFailed: 2, TransferCompleted: 3}

// Transfer is a call handed on to somebody else.
type Transfer struct {
	State TransferState `json:"state" enum:"attempted,failed,completed"`
	To    string        `json:"to,omitempty"`
}

// ServedByFallback is what a Failover calls the route's fallback URI.
const ServedByFallback = "fallback"

// Failover says that the assigned version did not take the call and what did.
type Failover struct {
	Reason Reason `json:"reason"`
	// ServedBy is the version that took the call, or "fallback" for the
	// route's fallback URI.
	ServedBy string `json:"served_by" doc:"Version id, or fallback"`
}

// Role says who speaks.
type Role string

// Who speaks in a transcript.
const (
	RoleAgent  Role = "agent"
	RoleCaller Role = "caller"
	RoleTool   Role = "tool"
)

// Turn is one turn of a conversation. Times are milliseconds from the start of
// the conversation; both are nil where the origin has no timing.
type Turn struct {
	Role        Role   `json:"role" enum:"agent,caller,tool"`
	Text        string `json:"text"`
	StartMS     *int64 `json:"start_ms,omitempty"`
	EndMS       *int64 `json:"end_ms,omitempty"`
	Interrupted bool   `json:"interrupted,omitempty" doc:"Agent turns: the caller barged in"`
}

// Cost is what a call cost. Tandem does not convert currencies.
type Cost struct {
	Amount   float64 `json:"amount" minimum:"0"`
	Currency string  `json:"currency" doc:"ISO 4217" example:"USD"`
}

// Latency is how long the agent took to reply, in milliseconds.
type Latency struct {
	P50MS float64 `json:"p50_ms" minimum:"0"`
	P90MS float64 `json:"p90_ms,omitempty" minimum:"0"`
}

// Validate checks an event from outside.
func (e Event) Validate() error {
	var errs []error
	if e.ID == "" || len(e.ID) > 200 {
		errs = append(errs, Errorf(Invalid, "id", "has %d bytes; expected 1 to 200 that are unique within the origin", len(e.ID)))
	}
	if !originForm(e.Origin) {
		errs = append(errs, Errorf(Invalid, "origin", "is %q; expected 1 to 32 lower-case letters, digits and dashes", clip(e.Origin)))
	}
	if e.CallID != "" && !e.CallID.Valid() {
		errs = append(errs, Errorf(Invalid, "call_id", "is %q; expected a UUID", clip(string(e.CallID))))
	}
	if e.CallID == "" && e.ForeignID == "" || len(e.ForeignID) > 200 {
		errs = append(errs, Errorf(Invalid, "foreign_id", "has %d bytes; expected call_id, or foreign_id of 1 to 200 bytes", len(e.ForeignID)))
	}
	if e.At.IsZero() || e.At.Year() < 1990 || e.At.Year() > 2200 {
		errs = append(errs, Errorf(Invalid, "at", "is %s; expected the time at which it happened", e.At.Format(time.RFC3339)))
	}
	missing := func(absent bool) {
		if absent {
			errs = append(errs, Errorf(Invalid, string(e.Kind), "is missing; an event of this kind carries it"))
		}
	}
	switch e.Kind {
	case EventStarted, EventAnswered, EventLost:
	case EventAssigned:
		missing(e.Assigned == nil)
	case EventFailover:
		if missing(e.Failover == nil); e.Failover != nil {
			errs = append(errs, under("failover", e.Failover.validate()))
		}
	case EventEnded:
		if missing(e.Ended == nil); e.Ended != nil {
			errs = append(errs, under("ended", e.Ended.validate()))
		}
	case EventTransferred:
		if missing(e.Transferred == nil); e.Transferred != nil && transferOrder[e.Transferred.State] == 0 {
			errs = append(errs, Errorf(Invalid, "transferred.state", "is %q; expected attempted, failed or completed", e.Transferred.State))
		}
	case EventTranscript:
		missing(e.Transcript == nil)
		for i, t := range e.Transcript {
			errs = append(errs, under("transcript"+index(i), t.validate()))
		}
	case EventAnalysis:
		missing(len(e.Analysis) == 0)
		for name, v := range e.Analysis {
			errs = append(errs, under("analysis", validateValue(name, v)))
		}
	case EventCost:
		if missing(e.Cost == nil); e.Cost != nil && (!finite(e.Cost.Amount) || e.Cost.Amount < 0 || !currencyForm.MatchString(e.Cost.Currency)) {
			errs = append(errs, Errorf(Invalid, "cost", "is %v %q; expected an amount of 0 or more and a currency of three capital letters", e.Cost.Amount, clip(e.Cost.Currency)))
		}
	case EventLatency:
		if missing(e.Latency == nil); e.Latency != nil && (!finite(e.Latency.P50MS) || !finite(e.Latency.P90MS) || e.Latency.P50MS < 0 || e.Latency.P90MS < 0) {
			errs = append(errs, Errorf(Invalid, "latency", "is %v; expected milliseconds of 0 or more", *e.Latency))
		}
	default:
		errs = append(errs, Errorf(Invalid, "kind", "is %q; expected assigned, started, answered, ended, transferred, failover, transcript, analysis, cost or latency", clip(string(e.Kind))))
	}
	return errors.Join(errs...)
}

var currencyForm = regexp.MustCompile(`^[A-Z]{3}$`)

func originForm(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return len(s) >= 1 && len(s) <= 32
}

func (e Ending) validate() error {
	switch e.By {
	case ByCaller, ByAgent, BySystem, ByUnknown:
	default:
		return Errorf(Invalid, "by", "is %q; expected caller, agent, system or unknown", clip(string(e.By)))
	}
	if e.DurationMS != nil && (*e.DurationMS < 0 || *e.DurationMS > 7*24*3600*1000) {
		return Errorf(Invalid, "duration_ms", "is %d; expected 0 to 604800000 (a week)", *e.DurationMS)
	}
	return nil
}

func (f Failover) validate() error {
	switch f.Reason {
	case ReasonLimit, ReasonTargetDown, ReasonTargetError, ReasonTargetSilent, ReasonNoTarget:
	default:
		return Errorf(Invalid, "reason", "is %q; expected limit_reached, target_down, target_error, target_silent or no_target", clip(string(f.Reason)))
	}
	if f.ServedBy != ServedByFallback && !ID(f.ServedBy).Valid() {
		return Errorf(Invalid, "served_by", "is %q; expected a version's id or %s", clip(f.ServedBy), ServedByFallback)
	}
	return nil
}

func (t Turn) validate() error {
	switch t.Role {
	case RoleAgent, RoleCaller, RoleTool:
	default:
		return Errorf(Invalid, "role", "is %q; expected agent, caller or tool", clip(string(t.Role)))
	}
	if t.StartMS != nil && t.EndMS != nil && (*t.StartMS < 0 || *t.EndMS < *t.StartMS) {
		return Errorf(Invalid, "end_ms", "is %d with start_ms %d; expected 0 <= start <= end", *t.EndMS, *t.StartMS)
	}
	return nil
}

func validateValue(name string, v any) error {
	if !fieldForm.MatchString(name) {
		return Errorf(Invalid, clip(name), "is not the name of a field: expected lower-case letters, digits and underscores")
	}
	switch x := v.(type) {
	case nil, bool, string:
		if name == SentimentField && v != nil {
			return Errorf(Invalid, name, "is %v; expected a number from -1 to 1", v)
		}
	case float64:
		if !finite(x) || name == SentimentField && math.Abs(x) > 1 {
			return Errorf(Invalid, name, "is %v; expected a finite number, for sentiment -1 to 1", x)
		}
	default:
		return Errorf(Invalid, name, "is a %T; expected text, a number, a boolean or null", v)
	}
	return nil
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

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
	// Turns is how many turns the transcript has; the transcript itself is
	// stored beside the call.
	Turns   *Fact[int]           `json:"turns,omitempty"`
	Values  map[string]Fact[any] `json:"values,omitempty"`
	Cost    *Fact[Cost]          `json:"cost,omitempty"`
	Latency *Fact[Latency]       `json:"latency,omitempty"`

	// Goal is whether the test's goal was met; nil when it cannot be known. It
	// is derived from the facts, not one of them.
	Goal *bool `json:"goal,omitempty"`
	// Ordinal counts the calls of one test and arm from 1, in the order in
	// which they were first stored; 0 outside tests. Samples are drawn by it.
	Ordinal int64 `json:"ordinal,omitempty"`
	// Revision grows with every stored change; 0 before the first.
	Revision int64 `json:"revision"`
}

// CallRef names a call by Tandem's id, or by an origin's own.
type CallRef struct {
	ID        ID
	Origin    string
	ForeignID string
}

// Ref gives how the event names its call.
func (e Event) Ref() CallRef {
	if e.CallID != "" {
		return CallRef{ID: e.CallID}
	}
	return CallRef{Origin: e.Origin, ForeignID: e.ForeignID}
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
		transcript = changed
	case EventAnalysis:
		changed = c.applyValues(e)
	case EventCost:
		changed = set(&c.Cost, e, *e.Cost, last)
	case EventLatency:
		changed = set(&c.Latency, e, *e.Latency, last)
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
		if set(&have, e, v, last) {
			values[name] = *have
			changed = true
		}
	}
	if changed {
		c.Values = values
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
	f := &Fact[T]{Value: v, Origin: e.Origin, At: e.At, EventID: e.ID}
	have := *slot
	if have != nil {
		wins := cmp.Or(
			cmp.Compare(originRank(f.Origin), originRank(have.Origin)),
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

// NotRandomised gives why the call is counted apart, or "".
func (c Call) NotRandomised() Reason {
	if c.Failover != nil {
		return c.Failover.Value.Reason
	}
	if c.Assigned != nil {
		return c.Assigned.Value.NotRandomised
	}
	return ""
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
}

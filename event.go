package tandem

import (
	"errors"
	"math"
	"net/url"
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
	EventRecording   EventKind = "recording"
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
	// OriginOffline is Tandem's own analysis by word lists and rules.
	OriginOffline = "offline"
	// OriginLLM is Tandem's own analysis by a language model.
	OriginLLM = "llm"
)

// originRank says whom to believe when origins contradict each other about the
// same fact. The gateway sees who hung up; a platform guesses from a status. A
// replayed or imported recording is the truth by construction.
func originRank(origin string) int {
	switch origin {
	case OriginReplay, OriginImport:
		return 5
	case OriginSIP:
		return 4
	case OriginLLM:
		return 1
	case OriginReaper, OriginOffline: // whoever else knows, knows better
		return 0
	}
	return 2
}

// valueRank is originRank for what analysis found. Tandem's own analysers read
// the words of a call, so whoever reports one of a version's own fields (a booking
// system, a platform) knows better. The standard fields are judgements by one
// rubric: they compare only as long as one judge passes them on all arms, so
// Tandem's model comes before what a platform makes of its own calls. A model
// comes before a word list, whenever either read the call.
func valueRank(field string) func(origin string) int {
	if _, standard := standardField(field); !standard {
		return originRank
	}
	return func(origin string) int {
		if origin == OriginLLM {
			return 3
		}
		return originRank(origin)
	}
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
	Kind      EventKind `json:"kind" enum:"assigned,started,answered,ended,transferred,failover,transcript,analysis,cost,latency,recording"`
	At        time.Time `json:"at" doc:"When it happened"`

	// VersionID is the version that took the call, of answered and ended events.
	VersionID   ID             `json:"version_id,omitempty" doc:"answered and ended: the version that took the call, where the reporter knows it. Another than the assigned one is a mismatch: the call is counted apart"`
	Assigned    *Assignment    `json:"assigned,omitempty"`
	Ended       *Ending        `json:"ended,omitempty"`
	Transferred *Transfer      `json:"transferred,omitempty"`
	Failover    *Failover      `json:"failover,omitempty"`
	Transcript  []Turn         `json:"transcript,omitempty"`
	Analysis    map[string]any `json:"analysis,omitempty" doc:"Field name to value: text, number, boolean or null for unknown"`
	Cost        *Cost          `json:"cost,omitempty"`
	Latency     *Latency       `json:"latency,omitempty"`
	Recording   *Recording     `json:"recording,omitempty"`

	// Redacted is what was taken out of the event's text, of an analysis by field,
	// else under "". Nobody outside can say so.
	Redacted map[string]Redactions `json:"redacted,omitempty" hidden:"true"`
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
	Unit     string `json:"unit,omitempty" doc:"What was randomised: the call's id, or the caller's key"`
	Number   string `json:"number,omitempty" doc:"The number that was called"`
	Caller   string `json:"caller,omitempty" doc:"Absent where numbers are not kept"`
	// CallerKey is a keyed hash of the caller: it tells whose calls belong together,
	// also when the number is no longer kept.
	CallerKey string `json:"caller_key,omitempty" doc:"Keyed hash of the caller, made by Tandem: calls with the same are of one caller"`
	// NotRandomised is why the arm was not left to chance; empty when it was.
	NotRandomised Reason `json:"not_randomised,omitempty"`
}

// Reason says why a call was not randomised.
type Reason string

// The reasons for which a call is counted apart.
const (
	// ReasonLimit: a version of the test had as many calls as the route allows,
	// this call's or another arm's.
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
	// ReasonVersionMismatch: another version took the call than the assigned one, as
	// its reporter says.
	ReasonVersionMismatch Reason = "version_mismatch"
	// ReasonForced: whoever asked for the assignment named the arm.
	ReasonForced Reason = "forced_arm"
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
	// Voicemail says whether a machine took the call, where the origin knows it;
	// without it the cause decides.
	Voicemail *bool `json:"voicemail,omitempty" doc:"A machine took the call; left out: by the cause"`
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
	if e.VersionID != "" && (!e.VersionID.Valid() || e.Kind != EventAnswered && e.Kind != EventEnded) {
		errs = append(errs, Errorf(Invalid, "version_id", "is %q; expected a version's id, of an answered or ended event", clip(string(e.VersionID))))
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
	case EventRecording:
		if missing(e.Recording == nil); e.Recording != nil {
			errs = append(errs, e.Recording.validate())
		}
	default:
		errs = append(errs, Errorf(Invalid, "kind", "is %q; expected assigned, started, answered, ended, transferred, failover, transcript, analysis, cost, latency or recording", clip(string(e.Kind))))
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

func (r Recording) validate() error {
	u, err := url.Parse(r.URL)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || len(r.URL) > 4000 {
		return Errorf(Invalid, "recording.url", "is %q; expected an http or https address of at most 4000 bytes", clip(r.URL))
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
	if f, ok := standardField(name); ok {
		return f.Accepts(v)
	}
	switch x := v.(type) {
	case nil, bool, string:
	case float64:
		if !finite(x) {
			return Errorf(Invalid, name, "is %v; expected a finite number", x)
		}
	default:
		return Errorf(Invalid, name, "is a %T; expected text, a number, a boolean or null", v)
	}
	return nil
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

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

package tandem

import (
	"encoding/hex"
	"maps"
	"strings"
	"time"
)

// Recording is where a call can be heard. Tandem keeps the link, never the audio.
type Recording struct {
	URL string `json:"url" doc:"Empty where links are not kept" example:"https://example.com/recording.mp3"`
}

// Redactions is how many pieces of personal data were taken out of something, by
// kind.
type Redactions map[string]int

// Removed says what of a call's personal data was deleted, and when.
type Removed struct {
	Transcript *time.Time `json:"transcript,omitempty"`
	Analysis   *time.Time `json:"analysis,omitempty"`
	Recording  *time.Time `json:"recording,omitempty"`
	Caller     *time.Time `json:"caller,omitempty"`
	// Record is set when nothing personal is left; later events bring none back.
	Record *time.Time `json:"record,omitempty"`
	// Goal says that the goal stands as it was judged: what it was judged by is gone.
	Goal bool `json:"goal,omitempty" doc:"The goal stands as it was judged, for what it was judged by is gone"`
	// GoalEdition is the edition of the goal that it was judged by: under a later
	// one it is unknown.
	GoalEdition int `json:"goal_edition,omitempty" doc:"Of the goal that it was judged by: a changed goal is unknown for it"`
}

// RemovedText stands in the place of text that was deleted, so that it still counts
// as given.
const RemovedText = "[removed]"

// Redactions gives what was taken out of the call's text, in all.
func (c Call) Redactions() Redactions {
	out := Redactions{}
	add := func(r Redactions) {
		for k, n := range r {
			out[k] += n
		}
	}
	if c.Turns != nil {
		add(c.Turns.Redacted)
	}
	if c.Ended != nil {
		add(c.Ended.Redacted)
	}
	if c.Transfer != nil {
		add(c.Transfer.Redacted)
	}
	for _, f := range c.Values {
		add(f.Redacted)
	}
	return out
}

// Closed says whether all personal data of the call was deleted, for good.
func (c Call) Closed() bool { return c.Removed != nil && c.Removed.Record != nil }

// Date is when the call was: when it was assigned, or else the earliest that is
// known of it.
func (c Call) Date() time.Time {
	if c.Assigned != nil {
		return c.Assigned.At
	}
	var at time.Time
	earliest := func(t time.Time) {
		if at.IsZero() || t.Before(at) {
			at = t
		}
	}
	for _, f := range []*Fact[struct{}]{c.Started, c.Answered, c.Lost} {
		if f != nil {
			earliest(f.At)
		}
	}
	if c.Ended != nil {
		earliest(c.Ended.At)
	}
	if c.Turns != nil {
		earliest(c.Turns.At)
	}
	for _, f := range c.Values {
		earliest(f.At)
	}
	for _, f := range []*time.Time{factTime(c.Transfer), factTime(c.Failover), factTime(c.Recording), factTime(c.Cost), factTime(c.Latency)} {
		if f != nil {
			earliest(*f)
		}
	}
	return at
}

func factTime[T any](f *Fact[T]) *time.Time {
	if f == nil {
		return nil
	}
	return &f.At
}

// Holds says which kinds of personal data the call may hold, a bit for each:
// [PersonalData.Bit]. What analysers wrote beside the record is not in it.
func (c Call) Holds() int {
	if c.Closed() {
		return 0
	}
	bits := DataRecords.Bit()
	if c.HasTranscript() {
		bits |= DataTranscripts.Bit()
	}
	if c.Recording != nil && c.Recording.Value.URL != "" {
		bits |= DataRecordings.Bit()
	}
	if c.Assigned != nil && c.Assigned.Value.Caller != "" {
		bits |= DataCallers.Bit()
	}
	if c.Removed != nil && c.Removed.Analysis != nil {
		return bits // what text there is are choices
	}
	for _, f := range c.Values {
		if s, ok := f.Value.(string); ok && s != "" && s != RemovedText {
			bits |= DataAnalyses.Bit()
		}
	}
	return bits
}

// Hider says how what names somebody is replaced.
type Hider struct {
	// Hash gives a keyed hash of another system's id. Hashing a hash gives it back.
	Hash func(id string) string
	// Choice says whether a text value is one of those that its field's definition
	// names, which results count and which name nobody.
	Choice func(field, text string) bool
}

func (h Hider) hash(id string) string {
	if h.Hash == nil || id == "" {
		return ""
	}
	return h.Hash(id)
}

func (h Hider) choice(field, text string) bool { return h.Choice != nil && h.Choice(field, text) }

// Remove deletes a kind of personal data from the record and says whether there was
// any. What the results count stays: that something was said, that a text was given,
// numbers, choices, times, and by what the caller's calls are known to belong
// together. It replaces what it changes, so that a copy of the call stays what it was.
// Where there was none to delete, [Call.Holds] may still have become certain of that.
func (c *Call) Remove(d PersonalData, at time.Time, h Hider) bool {
	had := c.Holds()&d.Bit() != 0
	gone := Removed{}
	if c.Removed != nil {
		gone = *c.Removed
	}
	mark := func(slot **time.Time) {
		if had {
			*slot = &at
		}
	}
	switch d {
	case DataTranscripts:
		mark(&gone.Transcript)
	case DataRecordings:
		mark(&gone.Recording)
		if had {
			f := *c.Recording
			f.Value.URL = ""
			c.Recording = &f
		}
	case DataCallers:
		mark(&gone.Caller)
		if had {
			f := *c.Assigned
			f.Value.Caller = ""
			c.Assigned = &f
		}
	case DataAnalyses:
		if had {
			had = c.removeTexts(h) // choices alone are nothing personal
			gone.Analysis = &at
			c.Removed = &gone
		}
	case DataRecords:
		if !had {
			return false
		}
		for _, part := range personalData[:len(personalData)-1] {
			c.Remove(part, at, h)
		}
		if c.Removed != nil {
			gone = *c.Removed
		}
		c.hideIDs(h)
		gone.Record = &at
	}
	if had {
		c.Removed = &gone
	}
	return had
}

func (c *Call) removeTexts(h Hider) (removed bool) {
	values := maps.Clone(c.Values)
	for name, f := range values {
		s, ok := f.Value.(string)
		if !ok || s == "" || s == RemovedText || h.choice(name, s) {
			continue
		}
		f.Value = RemovedText
		values[name], removed = f, true
	}
	if removed {
		c.Values = values
	}
	return removed
}

// hideIDs hashes what other systems call the call and their events, and deletes what
// they wrote about it.
func (c *Call) hideIDs(h Hider) {
	foreign := make(map[string]string, len(c.Foreign))
	for origin, id := range c.Foreign {
		foreign[origin] = h.hash(id)
	}
	if c.Foreign != nil {
		c.Foreign = foreign
	}
	hideFact(&c.Assigned, h)
	hideFact(&c.Started, h)
	hideFact(&c.Answered, h)
	hideFact(&c.Ended, h)
	hideFact(&c.Transfer, h)
	hideFact(&c.Failover, h)
	hideFact(&c.Lost, h)
	hideFact(&c.Turns, h)
	hideFact(&c.Recording, h)
	hideFact(&c.Cost, h)
	hideFact(&c.Latency, h)
	if c.Ended != nil {
		c.Ended.Value.Cause = "" // hideFact made the fact this call's own
	}
	if c.Transfer != nil {
		c.Transfer.Value.To = ""
	}
	values := maps.Clone(c.Values)
	for name, f := range values {
		f.EventID = h.hash(f.EventID)
		values[name] = f
	}
	c.Values = values
}

func hideFact[T any](slot **Fact[T], h Hider) {
	if *slot == nil {
		return
	}
	f := **slot
	f.EventID = h.hash(f.EventID)
	*slot = &f
}

// Rekey gives the call another key of its caller, as all calls of the caller get
// that are erased together: they still count as one caller's, and nothing leads from
// the number to them.
func (c *Call) Rekey(key string) {
	if c.Assigned == nil {
		return
	}
	f := *c.Assigned
	if f.Value.UnitKind == PerCaller {
		f.Value.Unit = key
	}
	f.Value.CallerKey = key
	c.Assigned = &f
}

// Admit gives what of an event may still be told of a closed call, and whether
// anything is left: what can be counted, and nothing that names anybody.
func (c Call) Admit(e Event, h Hider) (Event, bool) {
	e.ID, e.ForeignID, e.Redacted = h.hash(e.ID), "", nil
	switch e.Kind {
	case EventTranscript, EventRecording:
		return e, false
	case EventAnalysis:
		values := map[string]any{}
		for name, v := range e.Analysis {
			if _, text := v.(string); !text {
				values[name] = v
			}
		}
		e.Analysis = values
		return e, len(values) > 0
	case EventEnded:
		end := *e.Ended
		end.Cause = ""
		e.Ended = &end
	case EventTransferred:
		to := *e.Transferred
		to.To = ""
		e.Transferred = &to
	case EventAssigned:
		a := *e.Assigned
		a.Caller, a.CallerKey = "", ""
		if a.UnitKind == PerCaller {
			a.Unit = ""
		}
		if c.Assigned != nil {
			if a.CallerKey = c.Assigned.Value.CallerKey; a.UnitKind == PerCaller {
				a.Unit = c.Assigned.Value.Unit
			}
		}
		e.Assigned = &a
	}
	return e, true
}

// callerKeyPrefix tells a caller's key from a number or a name.
const callerKeyPrefix = "caller-"

// CallerKey makes the key of a caller from the 16 bytes of a keyed hash, or of
// chance.
func CallerKey(b [16]byte) string { return callerKeyPrefix + hex.EncodeToString(b[:]) }

// IsCallerKey says whether text is a caller's key.
func IsCallerKey(text string) bool {
	rest, ok := strings.CutPrefix(text, callerKeyPrefix)
	return ok && len(rest) == 32 && strings.Trim(rest, "0123456789abcdef") == ""
}

// Who tells a caller's calls apart from others': the caller's key, or in records of
// before there were keys the caller; "" when withheld.
func (a Assignment) Who() string {
	if a.CallerKey != "" {
		return a.CallerKey
	}
	return a.Caller
}

package replay

import (
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
	"time"

	"tandem"
)

// record is a line of a file of conversations. Members that are not listed are
// ignored: recordings carry much that replaying does not need.
type record struct {
	ID         string           `json:"id"`
	Arm        map[string]any   `json:"arm"`
	CallerID   string           `json:"caller_id"`
	StartedAt  string           `json:"started_at"`
	DurationMS *float64         `json:"duration_ms"`
	EndedBy    tandem.EndedBy   `json:"ended_by"`
	Transfer   *tandem.Transfer `json:"transfer"`
	Analysis   map[string]any   `json:"analysis"`
	Outcome    struct {
		Success         *bool    `json:"success"`
		LastTransaction *string  `json:"last_transaction"`
		Sentiment       *float64 `json:"sentiment"`
	} `json:"outcome"`
	Turns []turn `json:"turns"`
}

type turn struct {
	Role        string   `json:"role"`
	Text        string   `json:"text"`
	StartMS     *float64 `json:"start_ms"`
	EndMS       *float64 `json:"end_ms"`
	Interrupted *bool    `json:"interrupted"`
}

// maxID leaves room in a call's foreign id, 200 bytes, for what else goes in.
const maxID = 120

// roles are the names recordings use for who speaks.
var roles = map[string]tandem.Role{
	"agent": tandem.RoleAgent, "assistant": tandem.RoleAgent, "bot": tandem.RoleAgent, "system": tandem.RoleAgent,
	"caller": tandem.RoleCaller, "user": tandem.RoleCaller, "customer": tandem.RoleCaller, "human": tandem.RoleCaller,
	"tool": tandem.RoleTool, "function": tandem.RoleTool,
}

// Decode reads one conversation from a JSON object. Unknown members are
// ignored and missing ones stay unknown; what is there must make sense, else
// the error is Invalid with the member as its field.
//
// The members it reads: id, arm, caller_id, started_at (RFC 3339, or without
// zone, taken as UTC), duration_ms, ended_by, transfer, analysis, outcome
// {success, sentiment, last_transaction}, turns [{role, text, start_ms,
// end_ms, interrupted}].
func Decode(line []byte) (Conversation, error) {
	var r record
	if err := json.Unmarshal(line, &r); err != nil {
		if t, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			return Conversation{}, tandem.Errorf(tandem.Invalid, t.Field, "is a %s; expected a %s", t.Value, t.Type)
		}
		return Conversation{}, tandem.Errorf(tandem.Invalid, "", "is not a JSON object: %v", err)
	}
	c := Conversation{
		ID: r.ID, Arm: r.Arm, CallerID: r.CallerID, By: r.EndedBy, Transfer: r.Transfer, Analysis: r.Analysis,
		Success: r.Outcome.Success, Sentiment: r.Outcome.Sentiment,
	}
	var errs []error
	if r.ID == "" || len(r.ID) > maxID {
		errs = append(errs, tandem.Errorf(tandem.Invalid, "id", "has %d bytes; expected 1 to %d that no other conversation in the file has", len(r.ID), maxID))
	}
	if last := r.Outcome.LastTransaction; c.Success == nil && last != nil {
		met := *last == "success"
		c.Success = &met
	}
	var err error
	if c.StartedAt, err = startTime(r.StartedAt); err != nil {
		errs = append(errs, err)
	}
	if c.DurationMS, err = milliseconds("duration_ms", r.DurationMS); err != nil {
		errs = append(errs, err)
	}
	for i, t := range r.Turns {
		decoded, err := t.decode("turns[" + strconv.Itoa(i) + "].")
		if err != nil {
			errs = append(errs, err)
		}
		c.BargeInsKnown = c.BargeInsKnown || t.Interrupted != nil
		c.Turns = append(c.Turns, decoded)
	}
	if len(errs) == 0 {
		errs = append(errs, c.check())
	}
	return c, errors.Join(errs...)
}

func (t turn) decode(at string) (tandem.Turn, error) {
	out := tandem.Turn{Role: roles[strings.ToLower(t.Role)], Text: t.Text}
	if out.Role == "" {
		return out, tandem.Errorf(tandem.Invalid, at+"role", "is %q; expected agent, caller or tool", t.Role)
	}
	var errs []error
	var err error
	if out.StartMS, err = milliseconds(at+"start_ms", t.StartMS); err != nil {
		errs = append(errs, err)
	}
	if out.EndMS, err = milliseconds(at+"end_ms", t.EndMS); err != nil {
		errs = append(errs, err)
	}
	out.Interrupted = t.Interrupted != nil && *t.Interrupted && out.Role == tandem.RoleAgent
	return out, errors.Join(errs...)
}

// check holds the conversation against the rules of the events it will become,
// so that a bad line is found before anything is sent.
func (c Conversation) check() error {
	var errs []error
	for _, e := range c.outcome(tandem.Event{Origin: tandem.OriginReplay, ForeignID: "x", At: time.Unix(1e9, 0)}, "x", 0) {
		errs = append(errs, e.Validate())
	}
	return errors.Join(errs...)
}

// startForms are the ways a start is written; without a zone it is UTC.
var startForms = []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999"}

func startTime(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	for _, form := range startForms {
		if t, err := time.Parse(form, s); err == nil {
			return t.UTC().Truncate(time.Microsecond), nil
		}
	}
	return time.Time{}, tandem.Errorf(tandem.Invalid, "started_at", "is %q; expected a time such as 2026-03-27T01:04:16Z", s)
}

// week bounds what can be a time within a conversation.
const week = 7 * 24 * 3600 * 1000

func milliseconds(field string, x *float64) (*int64, error) {
	switch {
	case x == nil:
		return nil, nil
	case math.IsNaN(*x) || *x < 0 || *x > week:
		return nil, tandem.Errorf(tandem.Invalid, field, "is %v; expected milliseconds from 0 to a week", *x)
	}
	ms := int64(math.Round(*x))
	return &ms, nil
}

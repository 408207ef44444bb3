package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"time"

	"tandem"
)

// maxEvents bounds a request that carries events of one call, and one line of
// a bulk request: a transcript of several hours fits.
const maxEvents = 4 << 20

// decodeEvents reads one event or a list of them, strictly: a misspelt property
// is an outcome lost. Fields of errors are relative to the body: "[2].ended.by".
func decodeEvents(data []byte) (events []tandem.Event, many bool, err error) {
	data = bytes.TrimLeft(data, " \t\r\n")
	if len(data) > 0 && data[0] == '[' {
		var raw []json.RawMessage
		if err := json.Unmarshal(data, &raw); err != nil {
			return nil, true, unreadable(err)
		}
		events = make([]tandem.Event, len(raw))
		var errs []error
		for i := range raw {
			if err := decodeEvent(raw[i], &events[i]); err != nil {
				errs = append(errs, within(fmt.Sprintf("[%d]", i), err))
			}
		}
		return events, true, errors.Join(errs...)
	}
	events = make([]tandem.Event, 1)
	return events, false, decodeEvent(data, &events[0])
}

func decodeEvent(data []byte, e *tandem.Event) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(e); err != nil {
		return unreadable(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return malformed("there is more behind the event; send several as a list, or as lines to /v1/events")
	}
	return nil
}

// unreadable turns what encoding/json says into what the sender can act on.
func unreadable(err error) error {
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return tandem.Errorf(tandem.Invalid, e.Field, "is a %s; expected %s", e.Value, jsonKind(e.Type))
	}
	if e, ok := errors.AsType[*json.SyntaxError](err); ok {
		return malformed(fmt.Sprintf("it is not valid JSON: %s, at byte %d", e.Error(), e.Offset))
	}
	if _, ok := errors.AsType[*time.ParseError](err); ok {
		return tandem.Errorf(tandem.Invalid, "at", "is not a time; expected RFC 3339, such as 2026-01-02T15:04:05.678Z")
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return malformed("it ends before the JSON does")
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return tandem.Errorf(tandem.Invalid, strings.Trim(name, `"`), "is not a property of an event")
	}
	return tandem.Errorf(tandem.Invalid, "", "the event cannot be read: %s", strings.TrimPrefix(err.Error(), "json: "))
}

func malformed(why string) error {
	return newProblem(http.StatusBadRequest, "the body cannot be read: "+why)
}

func jsonKind(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	case reflect.Slice:
		return "a list"
	}
	return "an object"
}

// clockSkew is how far ahead a reporter's clock may be. An end far in the
// future would make one call's duration spoil its arm's average.
const clockSkew = 10 * time.Minute

// settle fills in what an event may leave out and says what keeps it from
// being taken.
func (a *api) settle(r *http.Request, who *caller, e *tandem.Event, now time.Time) error {
	if e.Origin == "" {
		e.Origin = tandem.OriginAPI
	}
	e.Redacted = nil // not for senders to say
	if e.At.IsZero() {
		e.At = now
	} else {
		e.At = e.At.UTC().Truncate(time.Microsecond)
	}
	if e.ID == "" {
		return tandem.Errorf(tandem.Invalid, "id", "is missing; give each event an id of your own, unique within its origin, so that sending it again changes nothing")
	}
	if err := e.Validate(); err != nil {
		return err
	}
	if ahead := e.At.Sub(now); ahead > clockSkew {
		return tandem.Errorf(tandem.Invalid, "at", "is %s ahead of this server's clock; expected a time that has passed", ahead.Round(time.Second))
	}
	switch e.Origin {
	case tandem.OriginSIP, tandem.OriginReaper, tandem.OriginOffline, tandem.OriginLLM:
		return tandem.Errorf(tandem.Invalid, "origin", "is %q, which only Tandem itself reports as; expected a name of your own", e.Origin)
	case tandem.OriginReplay, tandem.OriginImport:
		if err := permit(who, tandem.ScopeWrite); err != nil {
			return tandem.Errorf(tandem.Forbidden, "origin", "is %q, which overrules every other origin; %q needs the scope write for it", e.Origin, who.name())
		}
	}
	switch e.Kind {
	case tandem.EventLost:
		return tandem.Errorf(tandem.Invalid, "kind", "is lost, which only Tandem itself concludes")
	case tandem.EventAssigned:
		return a.settleAssigned(r, e)
	}
	return nil
}

// settleAssigned lets assignments in from outside only for tests that were
// imported: a running test's arms are Tandem's to give (POST /v1/assignments).
func (a *api) settleAssigned(r *http.Request, e *tandem.Event) error {
	if e.Origin != tandem.OriginImport {
		return tandem.Errorf(tandem.Invalid, "kind", "is assigned, which only origin import may report; ask POST /v1/assignments which arm a call gets")
	}
	t, err := a.recordedTest(r, e.Assigned.TestID)
	if err != nil {
		return err
	}
	as := e.Assigned
	as.CallerKey = "" // not for senders to say
	i := t.Arm(as.Arm)
	switch {
	case as.RouteID != t.RouteID:
		return tandem.Errorf(tandem.Invalid, "assigned.route_id", "is %.40q; the test is on route %s", as.RouteID, t.RouteID)
	case i < 0:
		return tandem.Errorf(tandem.Invalid, "assigned.arm", "is %.40q; expected one of the test's arms", as.Arm)
	case as.VersionID != t.Arms[i].VersionID:
		return tandem.Errorf(tandem.Invalid, "assigned.version_id", "is %.40q; arm %s has version %s", as.VersionID, as.Arm, t.Arms[i].VersionID)
	case as.Phase != 1:
		return tandem.Errorf(tandem.Invalid, "assigned.phase", "is %d; an imported test has phase 1", as.Phase)
	case !(as.Probability > 0 && as.Probability <= 1):
		return tandem.Errorf(tandem.Invalid, "assigned.probability", "is %v; expected above 0 to 1", as.Probability)
	}
	return nil
}

func (a *api) recordedTest(r *http.Request, id tandem.ID) (tandem.Test, error) {
	if t, ok := a.recorded.Load(id); ok {
		return t.(tandem.Test), nil
	}
	t, err := a.test(r.Context(), id)
	switch {
	case tandem.CodeOf(err) == tandem.NotFound:
		return t, tandem.Errorf(tandem.Invalid, "assigned.test_id", "is %.40q; no test has that id", id)
	case err != nil:
		return t, err
	case t.Status != tandem.Recorded:
		return t, tandem.Errorf(tandem.Conflict, "assigned.test_id", "names a test that is %s; only an imported test takes assignments from outside", t.Status)
	}
	a.recorded.Store(id, t)
	return t, nil
}

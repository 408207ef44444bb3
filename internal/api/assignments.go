package api

import (
	"context"
	"net/http"

	"tandem"
	"tandem/internal/assign"
	"tandem/internal/phone"
)

type askAssignment struct {
	Body struct {
		Route  string      `json:"route" doc:"Id, phone number or name of the route" example:"spring-campaign"`
		Call   callRequest `json:"call,omitzero" doc:"Which call. Left out, a new one: keep the answer's call_id for its events"`
		Caller string      `json:"caller,omitempty" maxLength:"200" doc:"The caller, or for outbound calls the one who is called; a test that is sticky by caller gives all calls of one caller the same arm"`
		Arm    string      `json:"arm,omitempty" maxLength:"8" doc:"Give this arm, to try a version out: nothing is drawn, and the call is counted apart (forced_arm)" example:"B"`
	}
}

// callRequest names a call, by Tandem's id or by the caller's own.
type callRequest struct {
	ID        tandem.ID `json:"id,omitempty" doc:"Tandem's id of the call"`
	Origin    string    `json:"origin,omitempty" doc:"Who has the foreign id; default api" example:"dialer"`
	ForeignID string    `json:"foreign_id,omitempty" maxLength:"200" doc:"Your own id of the call: asking again with it gives the same answer"`
}

// AssignmentAnswer says which version takes a call.
type AssignmentAnswer struct {
	CallID        tandem.ID      `json:"call_id" doc:"Tandem's id of the call, for its events"`
	RouteID       tandem.ID      `json:"route_id"`
	TestID        tandem.ID      `json:"test_id,omitempty" doc:"Absent when no test runs on the route"`
	Arm           string         `json:"arm,omitempty" example:"B"`
	Phase         int            `json:"phase,omitempty"`
	Probability   float64        `json:"probability,omitempty" doc:"The chance with which the call got its arm"`
	NotRandomised tandem.Reason  `json:"not_randomised,omitempty" doc:"Why the arm was not left to chance; the call is counted apart"`
	Version       *VersionAnswer `json:"version,omitempty" doc:"Takes the call; absent when only the route's fallback is left"`
	FallbackURI   string         `json:"fallback_uri,omitempty" doc:"Takes the call when the version's target does not answer"`
}

// VersionAnswer names a version and how a call reaches it.
type VersionAnswer struct {
	ID     tandem.ID     `json:"id"`
	Ref    string        `json:"ref" example:"front-desk@2"`
	Target tandem.Target `json:"target"`
}

// callWords: requests keep what names the call together.
func callWords(field string) string {
	switch field {
	case "call_id":
		return "call.id"
	case "origin", "foreign_id":
		return "call." + field
	}
	return field
}

func (a *api) assignments() {
	register(a, operation{
		id: "assign", method: http.MethodPost, path: "/v1/assignments", tag: tagAssignments, scope: tandem.ScopeIngest,
		summary: "Ask which version takes a call", words: callWords,
		description: "The assignment is recorded before the answer. The same call gets the same answer however often it is asked.",
	}, a.assignment)
}

func (a *api) assignment(ctx context.Context, in *askAssignment) (*plain[AssignmentAnswer], error) {
	e, fresh, err := a.assignmentEvent(in.Body.Call)
	if err != nil {
		return nil, err
	}
	if !fresh {
		stored, err := a.assigned(ctx, e.Ref())
		if err != nil {
			return nil, err
		}
		if stored.Assigned != nil {
			return a.answer(ctx, stored)
		}
		if stored.ID != "" { // something else was reported of the call already
			e.CallID = stored.ID
		}
	}
	if e.CallID == "" {
		e.CallID = tandem.DeriveCallID(e.Origin, e.ForeignID, e.At)
	}
	d, err := a.decide(ctx, in.Body.Route, in.Body.Caller, e.CallID, in.Body.Arm)
	if err != nil {
		return nil, err
	}
	if arm := in.Body.Arm; arm != "" && d.Assignment.Arm != arm {
		return nil, tandem.Errorf(tandem.Invalid, "arm", "is %q; expected an arm of the test that runs on the route", arm)
	}
	e.Assigned = &d.Assignment
	if err := a.Ingester.Ingest(ctx, assignmentEvents(e, d)); err != nil {
		return nil, err
	}
	if fresh {
		return answer(e.CallID, &d.Assignment, d.Version, d.Route.FallbackURI), nil
	}
	// Another request for the same call may have come first; what is stored is
	// the answer that everybody gets.
	stored, err := a.assigned(ctx, tandem.CallRef{ID: e.CallID})
	if err != nil {
		return nil, err
	}
	if stored.Assigned == nil || sameDraw(stored.Assigned.Value, d.Assignment) {
		return answer(e.CallID, &d.Assignment, d.Version, d.Route.FallbackURI), nil
	}
	return a.answer(ctx, stored)
}

// assignmentEvent starts the record of an assignment; fresh says that the call
// is a new one that nobody else can name.
func (a *api) assignmentEvent(call callRequest) (e tandem.Event, fresh bool, err error) {
	now := a.Now()
	e = tandem.Event{
		ID: "assignment", Origin: call.Origin, CallID: call.ID, ForeignID: call.ForeignID,
		Kind: tandem.EventAssigned, At: now, Assigned: &tandem.Assignment{},
	}
	if e.Origin == "" {
		e.Origin = tandem.OriginAPI
	}
	switch e.Origin {
	case tandem.OriginSIP, tandem.OriginReaper, tandem.OriginOffline, tandem.OriginLLM, tandem.OriginReplay, tandem.OriginImport:
		return e, false, tandem.Errorf(tandem.Invalid, "origin", "is %q, which is Tandem's own; expected a name of yours", e.Origin)
	}
	if e.CallID == "" && e.ForeignID == "" {
		e.CallID, fresh = tandem.NewID(now), true
	}
	return e, fresh, e.Validate()
}

// assignmentEvents is what is recorded. Where another than the drawn version
// takes the call, that is told too, so that the same question has the same
// answer later.
func assignmentEvents(e tandem.Event, d assign.Decision) []tandem.Event {
	events := []tandem.Event{e}
	if d.Assignment.NotRandomised != "" && d.Assignment.NotRandomised != tandem.ReasonForced {
		f := e
		f.ID, f.Kind, f.Assigned = e.ID+"/failover", tandem.EventFailover, nil
		f.Failover = &tandem.Failover{Reason: d.Assignment.NotRandomised, ServedBy: tandem.ServedByFallback}
		if d.Version != nil {
			f.Failover.ServedBy = string(d.Version.ID)
		}
		events = append(events, f)
	}
	return events
}

// decide asks for the arm. The route is named without asking the store, except
// by name; a caller that is a telephone number is the same however written.
func (a *api) decide(ctx context.Context, route, caller string, call tandem.ID, arm string) (assign.Decision, error) {
	r := assign.Request{Caller: caller, CallID: call, Arm: arm}
	if number, err := phone.Normalise(caller, a.Region); err == nil {
		r.Caller = number
	}
	if tandem.ID(route).Valid() {
		r.RouteID = tandem.ID(route)
	} else if number, err := phone.Normalise(route, a.Region); err == nil {
		r.Number = number
	}
	if r.RouteID != "" || r.Number != "" {
		if d, ok := a.Assigner.Assign(r); ok {
			return d, nil
		}
	}
	named, err := a.namedRoute(ctx, route)
	if err != nil {
		return assign.Decision{}, err
	}
	r.RouteID, r.Number = named.ID, ""
	if d, ok := a.Assigner.Assign(r); ok {
		return d, nil
	}
	// The store knows it and this node does not yet: a change of this moment.
	return assign.Decision{}, tandem.Errorf(tandem.Unavailable, "", "route %s is not in force on this node yet", named.ID)
}

// sameDraw compares but for what names the caller, which is not stored as it is asked.
func sameDraw(a, b tandem.Assignment) bool {
	a.Caller, a.CallerKey, a.Unit = b.Caller, b.CallerKey, b.Unit
	return a == b
}

func (a *api) assigned(ctx context.Context, ref tandem.CallRef) (tandem.Call, error) {
	found, err := a.Store.LoadCalls(ctx, []tandem.CallRef{ref})
	return found[ref], err
}

// answer tells what a call got before.
func (a *api) answer(ctx context.Context, c tandem.Call) (*plain[AssignmentAnswer], error) {
	as := c.Assigned.Value
	r, err := a.Store.Route(ctx, string(as.RouteID))
	if err != nil {
		return nil, err
	}
	taking := string(as.VersionID)
	if c.Failover != nil {
		taking = c.Failover.Value.ServedBy
	}
	if taking == tandem.ServedByFallback {
		return answer(c.ID, &as, nil, r.FallbackURI), nil
	}
	v, err := a.Store.Version(ctx, taking)
	if err != nil {
		return nil, err
	}
	return answer(c.ID, &as, &v, r.FallbackURI), nil
}

func answer(call tandem.ID, as *tandem.Assignment, v *tandem.Version, fallback string) *plain[AssignmentAnswer] {
	out := AssignmentAnswer{
		CallID: call, RouteID: as.RouteID, TestID: as.TestID, Arm: as.Arm, Phase: as.Phase,
		Probability: as.Probability, NotRandomised: as.NotRandomised, FallbackURI: fallback,
	}
	if v != nil {
		out.Version = &VersionAnswer{ID: v.ID, Ref: v.Ref(), Target: v.Content.Target}
	}
	return &plain[AssignmentAnswer]{Body: out}
}

package api

import (
	"context"
	"net/http"
	"time"

	"tandem"
)

// CallPath names a call.
type CallPath struct {
	Call tandem.ID `path:"call" doc:"Tandem's id of the call"`
}

// Narrowing are the filters that lists and samples of calls share.
type Narrowing struct {
	Goal        string         `query:"goal" enum:"met,not_met,unknown" doc:"Whether the test's goal was met"`
	EndedBy     tandem.EndedBy `query:"ended_by" enum:"caller,agent,system,unknown" doc:"Who ended the call"`
	Transferred string         `query:"transferred" enum:"true,false" doc:"Whether it was handed on"`
	Field       string         `query:"field" doc:"Name of an analysis field; with value" example:"reason"`
	Value       string         `query:"value" doc:"What the field is, as text: true, 42, opening hours"`
	Group       string         `query:"group" doc:"Key of a group of the test's calls, as its topics list them" example:"intent.2"`
	MinSeconds  float64        `query:"min_seconds" minimum:"0" maximum:"604800" doc:"Lasted at least so long; calls of unknown length do not pass"`
	MaxSeconds  float64        `query:"max_seconds" minimum:"0" maximum:"604800" doc:"Lasted at most so long; calls of unknown length do not pass"`
	Since       time.Time      `query:"since" doc:"Assigned at this time or later"`
	Before      time.Time      `query:"before" doc:"Assigned before this time"`
}

func (n Narrowing) narrow(f *tandem.CallFilter) error {
	f.Goal, f.EndedBy, f.Field, f.Value, f.Group = n.Goal, n.EndedBy, n.Field, n.Value, n.Group
	f.Since, f.Before = n.Since, n.Before
	f.MinLength, f.MaxLength = seconds(n.MinSeconds), seconds(n.MaxSeconds)
	if f.MaxLength > 0 && f.MinLength > f.MaxLength {
		return tandem.Errorf(tandem.Invalid, "min_seconds", "is %v, more than max_seconds, %v; expected at most as much", n.MinSeconds, n.MaxSeconds)
	}
	if n.Transferred != "" {
		yes := n.Transferred == "true"
		f.Transferred = &yes
	}
	if n.Group != "" {
		if err := tandem.ValidateGroup(n.Group); err != nil {
			return err
		}
	}
	if f.Field == "" && f.Value != "" {
		return tandem.Errorf(tandem.Invalid, "field", "is missing; value says what a field is, so name the field")
	}
	return nil
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

type listCalls struct {
	Paged
	Narrowing
	Route      string       `query:"route" doc:"Id, phone number or name of the route"`
	Test       tandem.ID    `query:"test" doc:"Id of the test"`
	Arm        string       `query:"arm" doc:"Key of the arm" example:"B"`
	Version    string       `query:"version" doc:"Assigned version: id, or agent@number"`
	Stage      tandem.Stage `query:"stage" enum:"assigned,ended,analyzed,lost" doc:"Where the call is on its way; assigned: in progress"`
	Transcript bool         `query:"has_transcript" doc:"Only calls with a transcript"`
}

func (a *api) calls() {
	register(a, operation{
		id: "list-calls", method: http.MethodGet, path: "/v1/calls", tag: tagCalls, scope: tandem.ScopeRead,
		summary: "List calls, newest first", description: "A page may hold fewer calls than were asked for, or none, and still name a next one: with filters other than the route, the test and the times it looks at so many calls and no more.",
	}, a.listCalls)
	register(a, operation{
		id: "get-call", method: http.MethodGet, path: "/v1/calls/{call}", tag: tagCalls, scope: tandem.ScopeRead,
		summary: "Read the record of a call",
	}, func(ctx context.Context, in *CallPath) (*plain[tandem.Call], error) {
		if !in.Call.Valid() {
			return nil, noCall(in.Call)
		}
		return onePlain(a.Store.Call(ctx, in.Call))
	})
	register(a, operation{
		id: "get-transcript", method: http.MethodGet, path: "/v1/calls/{call}/transcript", tag: tagCalls, scope: tandem.ScopeRead,
		summary: "Read what was said in a call",
	}, func(ctx context.Context, in *CallPath) (*plain[tandem.Transcript], error) {
		if !in.Call.Valid() {
			return nil, noCall(in.Call)
		}
		return onePlain(a.Store.Transcript(ctx, in.Call))
	})
}

func noCall(id tandem.ID) error {
	return tandem.Errorf(tandem.NotFound, "", "no call has the id %.120q", id)
}

func (a *api) listCalls(ctx context.Context, in *listCalls) (*listResponse[tandem.Call], error) {
	f := tandem.CallFilter{
		TestID: in.Test, Arm: in.Arm, Stage: in.Stage, HasTranscript: in.Transcript,
	}
	if err := in.narrow(&f); err != nil {
		return nil, err
	}
	if in.Test != "" && !in.Test.Valid() {
		return nil, tandem.Errorf(tandem.Invalid, "test", "is %.120q; expected the id of a test", in.Test)
	}
	if in.Group != "" && in.Test == "" {
		return nil, tandem.Errorf(tandem.Invalid, "test", "is missing; a group is one of a test's")
	}
	if in.Route != "" {
		r, err := a.namedRoute(ctx, in.Route)
		if err != nil {
			return nil, err
		}
		f.RouteID = r.ID
	}
	if in.Version != "" {
		v, err := a.published(ctx, "version", in.Version)
		if err != nil {
			return nil, err
		}
		f.VersionID = v.ID
	}
	items, next, err := a.Store.Calls(ctx, f, in.page())
	return pageOf(&in.Paged, items, next, err)
}

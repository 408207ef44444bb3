package api

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"tandem"
)

// operation is one thing the API can do, as the OpenAPI document tells it.
type operation struct {
	id, method, path string
	summary          string
	description      string
	tag              string
	scope            tandem.Scope
	status           int   // of success; 0 is 200
	refusals         []int // statuses beyond those that follow from the method
	maxBody          int64 // bytes; 0 is 1 MiB
	// produces lists the types of the answer where it is not JSON.
	produces []string
	// words turns a domain field into the request's own name for it, where
	// they differ.
	words func(field string) string
}

// Tags group the operations; in the order of the reference.
const (
	tagAgents      = "Agents"
	tagRoutes      = "Routes"
	tagTests       = "Tests"
	tagResults     = "Results"
	tagCalls       = "Calls"
	tagEvents      = "Events"
	tagAssignments = "Assignments"
	tagAnalyses    = "Analyses"
	tagQuality     = "Quality"
	tagNotices     = "Notices"
	tagPrivacy     = "Privacy"
	tagKeys        = "Keys"
	tagAccounts    = "Accounts"
	tagServer      = "Server"
)

func tags() []*huma.Tag {
	return []*huma.Tag{
		{Name: tagAgents, Description: "An agent has a draft, which is edited freely, and published versions, which never change. A version is named by its id or as \"front-desk@3\"."},
		{Name: tagRoutes, Description: "A route is a phone number or a campaign. Its live version takes every call that no test assigns. A route is named by its id, number or name."},
		{Name: tagTests, Description: "A test gives each call of a route to one of two or more published versions, at random, by a split that can change while it runs. Ending it makes the winner the route's live version."},
		{Name: tagResults, Description: "What the arms of a test came to, and transcripts to read side by side."},
		{Name: tagCalls, Description: "The record of each call: what is known, and who reported it."},
		{Name: tagEvents, Description: "Reports about calls. They may come in any order, late, and any number of times: the same id from the same origin changes nothing. An answer means that they are stored."},
		{Name: tagAssignments, Description: "For dialers and stacks that route calls themselves: which version takes this call?"},
		{Name: tagAnalyses, Description: "What was found in the transcripts of ended calls, by a language model or by word lists and rules, and how that goes."},
		{Name: tagQuality, Description: "What people and a language model say of calls and of pairs of calls: a description beside the results."},
		{Name: tagNotices, Description: "What a test came to, told once: in a list, and to webhooks."},
		{Name: tagPrivacy, Description: "What is redacted and how long personal data is kept; a caller's data handed out and erased."},
		{Name: tagKeys, Description: "API keys and the audit log. A revoked key is refused within five seconds on every node."},
		{Name: tagAccounts, Description: "Users, how they sign in, and their sessions. A session may do what its user's role includes: `viewer` the scope `read`, `operator` also `write`, `admin` everything."},
		{Name: tagServer, Description: "The server itself."},
	}
}

// register adds an operation whose requests and responses are Go structs.
func register[I, O any](a *api, op operation, handle func(context.Context, *I) (*O, error)) {
	h := op.huma()
	h.Middlewares = huma.Middlewares{a.gate(op)}
	var where locate
	huma.Register(a.huma, h, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err == nil {
			return out, nil
		}
		p := problemFor(err, where)
		a.logProblem(ctx, p, err, op.method, op.path)
		return nil, p
	})
	where = op.locate(a.huma.OpenAPI())
	op.describeContent(a.huma.OpenAPI())
}

// describeContent tells the answer's types where it is a page rather than JSON.
func (o operation) describeContent(doc *huma.OpenAPI) {
	if o.produces == nil {
		return
	}
	ok := doc.Paths[o.path].Get.Responses["200"]
	ok.Content = map[string]*huma.MediaType{}
	for _, t := range o.produces {
		ok.Content[t] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString}}
	}
}

// gate lets only keys and sessions with the operation's scope through, before anything of
// the request is read.
func (a *api) gate(op operation) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		r, w := humago.Unwrap(ctx)
		w.Header().Set("Cache-Control", "no-store")
		if op.scope == anybody {
			next(ctx)
			return
		}
		c, err := a.keyring.admit(r, op.scope)
		if err != nil {
			a.fail(w, r, err, inBody)
			return
		}
		next(huma.WithValue(ctx, callerContext{}, c))
	}
}

// describe adds an operation to the OpenAPI document only: its handler is
// registered by hand.
func (a *api) describe(op operation, fill func(*huma.Operation)) {
	h := op.huma()
	fill(&h)
	problem := a.schema(Problem{})
	for _, status := range h.Errors {
		h.Responses[statusText(status)] = &huma.Response{
			Description: http.StatusText(status),
			Content:     map[string]*huma.MediaType{problemType: {Schema: problem}},
		}
	}
	a.huma.OpenAPI().AddOperation(&h)
}

func (o operation) huma() huma.Operation {
	return huma.Operation{
		OperationID: o.id, Method: o.method, Path: o.path,
		Summary: o.summary, Description: o.describedScope(), Tags: []string{o.tag},
		DefaultStatus: o.status, MaxBodyBytes: o.maxBody, Errors: o.errors(),
		Security:                     o.security(),
		Responses:                    map[string]*huma.Response{},
		RejectUnknownQueryParameters: true,
		Extensions:                   map[string]any{"x-scope": string(o.scope)},
	}
}

func (o operation) describedScope() string {
	return strings.TrimSpace(o.description + "\n\n" + o.needs())
}

// errors lists the statuses that the operation may refuse with.
func (o operation) errors() []int {
	list := append([]int{401, 403, 422, 429, 500, 503}, o.refusals...)
	if strings.Contains(o.path, "{") {
		list = append(list, 404)
	}
	if o.method != http.MethodGet {
		list = append(list, 409)
	}
	if o.method != http.MethodGet && o.method != http.MethodDelete {
		list = append(list, 400, 413)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// locate knows the operation's parameters: a field that bears the name of one
// is in the path, the query or a header; any other is in the body.
func (o operation) locate(doc *huma.OpenAPI) locate {
	at := map[string]string{}
	var registered *huma.Operation
	switch item := doc.Paths[o.path]; o.method {
	case http.MethodGet:
		registered = item.Get
	case http.MethodPost:
		registered = item.Post
	case http.MethodPut:
		registered = item.Put
	case http.MethodPatch:
		registered = item.Patch
	case http.MethodDelete:
		registered = item.Delete
	}
	for _, p := range registered.Parameters {
		at[p.Name] = p.In + "." + p.Name
	}
	return func(field string) string {
		if o.words != nil {
			field = o.words(field)
		}
		if place, ok := at[field]; ok {
			return place
		}
		return inBody(field)
	}
}

package api

import (
	"context"
	"net/http"
	"strconv"

	"tandem"
)

func (a *api) versions() {
	register(a, operation{
		id: "list-versions", method: http.MethodGet, path: "/v1/agents/{agent}/versions", tag: tagAgents, scope: tandem.ScopeRead,
		summary: "List an agent's published versions, newest first",
	}, a.listVersions)
	register(a, operation{
		id: "get-agent-version", method: http.MethodGet, path: "/v1/agents/{agent}/versions/{number}", tag: tagAgents, scope: tandem.ScopeRead,
		summary: "Read a version by its number",
	}, func(ctx context.Context, in *struct {
		AgentPath
		Number int `path:"number" minimum:"1" doc:"Number of the version" example:"2"`
	},
	) (*plain[tandem.Version], error) {
		agent, err := a.Store.Agent(ctx, in.Agent)
		if err != nil {
			return nil, err
		}
		return onePlain(a.Store.Version(ctx, agent.Name+"@"+strconv.Itoa(in.Number)))
	})
	register(a, operation{
		id: "get-version", method: http.MethodGet, path: "/v1/versions/{version}", tag: tagAgents, scope: tandem.ScopeRead,
		summary: "Read a version",
	}, func(ctx context.Context, in *struct {
		Version string `path:"version" doc:"Id, or agent@number" example:"front-desk@3"`
	},
	) (*plain[tandem.Version], error) {
		return onePlain(a.Store.Version(ctx, in.Version))
	})
	register(a, operation{
		id: "diff-versions", method: http.MethodGet, path: "/v1/agents/{agent}/diff", tag: tagAgents, scope: tandem.ScopeRead,
		summary: "Compare two versions field by field",
	}, a.diff)
}

func onePlain[T any](v T, err error) (*plain[T], error) {
	if err != nil {
		return nil, err
	}
	return &plain[T]{Body: v}, nil
}

type listVersions struct {
	AgentPath
	Paged
}

func (a *api) listVersions(ctx context.Context, in *listVersions) (*listResponse[tandem.Version], error) {
	agent, err := a.Store.Agent(ctx, in.Agent)
	if err != nil {
		return nil, err
	}
	items, next, err := a.Store.Versions(ctx, agent.ID, in.page())
	return pageOf(&in.Paged, items, next, err)
}

type diffRequest struct {
	AgentPath
	From string `query:"from" required:"true" doc:"A version's number, or draft" example:"1"`
	To   string `query:"to" required:"true" doc:"A version's number, or draft" example:"draft"`
}

type differences struct {
	From        string              `json:"from" example:"front-desk@1"`
	To          string              `json:"to" example:"front-desk@2"`
	Differences []tandem.Difference `json:"differences" doc:"Ordered by path; empty when the two are the same"`
}

func (a *api) diff(ctx context.Context, in *diffRequest) (*plain[differences], error) {
	agent, err := a.Store.Agent(ctx, in.Agent)
	if err != nil {
		return nil, err
	}
	from, err := a.content(ctx, agent, "from", in.From)
	if err != nil {
		return nil, err
	}
	to, err := a.content(ctx, agent, "to", in.To)
	if err != nil {
		return nil, err
	}
	found := tandem.Diff(from, to)
	if found == nil {
		found = []tandem.Difference{}
	}
	return &plain[differences]{Body: differences{
		From: agent.Name + "@" + in.From, To: agent.Name + "@" + in.To, Differences: found,
	}}, nil
}

func (a *api) content(ctx context.Context, agent tandem.Agent, field, which string) (tandem.Content, error) {
	if which == "draft" {
		return agent.Draft, nil
	}
	n, err := strconv.Atoi(which)
	if err != nil || n < 1 {
		return tandem.Content{}, tandem.Errorf(tandem.Invalid, field, "is %.40q; expected a version's number, or draft", which)
	}
	v, err := a.Store.Version(ctx, agent.Name+"@"+which)
	if tandem.CodeOf(err) == tandem.NotFound {
		return tandem.Content{}, tandem.Errorf(tandem.Invalid, field, "is %d; the agent's versions are 1 to %d", n, agent.LatestVersion)
	}
	return v.Content, err
}

// published finds the version that a request names by id or as agent@number.
// Whatever keeps it from being used is Invalid under field.
func (a *api) published(ctx context.Context, field, idOrRef string) (tandem.Version, error) {
	if idOrRef == "" {
		return tandem.Version{}, tandem.Errorf(tandem.Invalid, field, "is missing; expected a published version, by id or as agent@number")
	}
	v, err := a.Store.Version(ctx, idOrRef)
	switch tandem.CodeOf(err) {
	case tandem.NotFound:
		return v, tandem.Errorf(tandem.Invalid, field, "is %.120q; no published version has that id or name", idOrRef)
	case tandem.Invalid:
		e := *leaves(err)[0]
		e.Field = field
		return v, &e
	}
	return v, err
}

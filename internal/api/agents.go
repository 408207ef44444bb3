package api

import (
	"context"
	"net/http"
	"strconv"

	"tandem"
	"tandem/internal/live"
)

// AgentPath names an agent.
type AgentPath struct {
	Agent string `path:"agent" doc:"Id or name of the agent" example:"front-desk"`
}

type createAgent struct {
	Body struct {
		Name  string         `json:"name" doc:"Unique among agents; letters, digits, space, dot, dash and underscore" example:"front-desk"`
		Draft tandem.Content `json:"draft,omitzero" doc:"May be incomplete: what is missing is told when it is published"`
	}
}

func (a *api) agents() {
	register(a, operation{
		id: "create-agent", method: http.MethodPost, path: "/v1/agents", tag: tagAgents, scope: tandem.ScopeWrite,
		summary: "Create an agent", status: http.StatusCreated, maxBody: maxDraft,
	}, a.createAgent)
	register(a, operation{
		id: "list-agents", method: http.MethodGet, path: "/v1/agents", tag: tagAgents, scope: tandem.ScopeRead,
		summary: "List agents",
	}, func(ctx context.Context, in *Paged) (*listResponse[tandem.Agent], error) {
		items, next, err := a.Store.Agents(ctx, in.page())
		return pageOf(in, items, next, err)
	})
	register(a, operation{
		id: "get-agent", method: http.MethodGet, path: "/v1/agents/{agent}", tag: tagAgents, scope: tandem.ScopeRead,
		summary: "Read an agent and its draft",
	}, func(ctx context.Context, in *AgentPath) (*one[tandem.Agent], error) {
		agent, err := a.Store.Agent(ctx, in.Agent)
		return oneAgent(agent, err)
	})
	register(a, operation{
		id: "put-draft", method: http.MethodPut, path: "/v1/agents/{agent}/draft", tag: tagAgents, scope: tandem.ScopeWrite,
		summary: "Replace the draft", description: "The published versions stay as they are.",
		refusals: []int{412}, maxBody: maxDraft,
	}, a.putDraft)
	register(a, operation{
		id: "patch-agent", method: http.MethodPatch, path: "/v1/agents/{agent}", tag: tagAgents, scope: tandem.ScopeWrite,
		summary: "Rename an agent", refusals: []int{412},
	}, a.patchAgent)
	register(a, operation{
		id: "publish-agent", method: http.MethodPost, path: "/v1/agents/{agent}/publish", tag: tagAgents, scope: tandem.ScopeWrite,
		summary: "Publish the draft as the next version", status: http.StatusCreated, refusals: []int{412},
		description: "The version can never be changed. The draft stays, ready to be edited further. With If-Match, the draft that was read is the one that is published.",
	}, a.publish)
}

// maxDraft bounds a request that carries a draft: the content's own limit of a
// mebibyte, and room for what JSON escapes.
const maxDraft = 4 << 20

func oneAgent(agent tandem.Agent, err error) (*one[tandem.Agent], error) {
	if err != nil {
		return nil, err
	}
	return &one[tandem.Agent]{ETag: etag(agent.Revision), Body: agent}, nil
}

func (a *api) createAgent(ctx context.Context, in *createAgent) (*made[tandem.Agent], error) {
	now := a.Now()
	agent := tandem.Agent{ID: tandem.NewID(now), Name: in.Body.Name, Draft: in.Body.Draft, CreatedAt: now, UpdatedAt: now}
	if err := tandem.ValidateName("name", agent.Name); err != nil {
		return nil, err
	}
	if err := agent.Draft.ValidateDraft(); err != nil {
		return nil, within("draft", err)
	}
	if err := a.Store.CreateAgent(ctx, actor(ctx), agent); err != nil {
		return nil, err
	}
	stored, err := a.Store.Agent(ctx, string(agent.ID))
	if err != nil {
		return nil, err
	}
	a.tell(live.Agent, stored.ID)
	return &made[tandem.Agent]{Location: "/v1/agents/" + string(stored.ID), ETag: etag(stored.Revision), Body: stored}, nil
}

type putDraft struct {
	AgentPath
	IfMatch
	Body tandem.Content
}

func (a *api) putDraft(ctx context.Context, in *putDraft) (*one[tandem.Agent], error) {
	if err := in.Body.ValidateDraft(); err != nil {
		return nil, err
	}
	return a.editAgent(ctx, in.Agent, in.IfMatch, "agent.draft", func(agent *tandem.Agent) error {
		agent.Draft = in.Body
		return nil
	})
}

type patchAgent struct {
	AgentPath
	IfMatch
	Body struct {
		Name optional[string] `json:"name,omitzero" doc:"Unique among agents"`
	}
}

func (a *api) patchAgent(ctx context.Context, in *patchAgent) (*one[tandem.Agent], error) {
	return a.editAgent(ctx, in.Agent, in.IfMatch, "agent.rename", func(agent *tandem.Agent) error {
		if err := in.Body.Name.set(&agent.Name, "name", false); err != nil {
			return err
		}
		return tandem.ValidateName("name", agent.Name)
	})
}

func (a *api) editAgent(ctx context.Context, idOrName string, m IfMatch, action string, change func(*tandem.Agent) error) (*one[tandem.Agent], error) {
	revision, err := m.revision()
	if err != nil {
		return nil, err
	}
	agent, err := a.Store.Agent(ctx, idOrName)
	if err != nil {
		return nil, err
	}
	agent, err = a.Store.UpdateAgent(ctx, actor(ctx), action, agent.ID, revision, change)
	if err == nil {
		a.tell(live.Agent, agent.ID)
	}
	return oneAgent(agent, err)
}

type publish struct {
	AgentPath
	IfMatch
	Body *struct {
		Note string `json:"note,omitempty" maxLength:"2000" doc:"What changed, in your words"`
	}
}

func (a *api) publish(ctx context.Context, in *publish) (*made[tandem.Version], error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	agent, err := a.Store.Agent(ctx, in.Agent)
	if err != nil {
		return nil, err
	}
	note := ""
	if in.Body != nil {
		note = in.Body.Note
	}
	v, err := a.Store.Publish(ctx, actor(ctx), agent.ID, revision, note)
	if err != nil {
		return nil, err
	}
	a.inForce(ctx)
	a.tell(live.Agent, agent.ID)
	return &made[tandem.Version]{Location: "/v1/agents/" + string(agent.ID) + "/versions/" + strconv.Itoa(v.Number), Body: v}, nil
}

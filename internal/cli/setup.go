package cli

import (
	"context"
	"net"
	"strconv"
	"strings"

	"tandem"
	"tandem/internal/cli/client"
)

// plan is what a replay or the demo needs on the server.
type plan struct {
	agent    string
	versions int
	// draft gives what to publish as version n, reached at uri.
	draft func(n int, uri string) tandem.Content
	note  func(n int) string
	// number is the route's, E.164.
	number string
	goal   string
	name   string
	rules  tandem.Rules
	// inWork says that the agent's draft is one version further than what is published.
	inWork bool
}

// agentAddress finds the address at which the agent's published versions are
// to be reached; "" when there are none yet.
func (p plan) agentAddress(ctx context.Context, api *client.Client) (string, error) {
	list, err := api.Versions(ctx, p.agent, client.Page{Limit: 1})
	if tandem.CodeOf(err) == tandem.NotFound {
		return "", nil
	}
	if err != nil || len(list.Items) == 0 {
		return "", err
	}
	target := list.Items[0].Content.Target.SIP
	if target == nil {
		return "", tandem.Errorf(tandem.Conflict, "", "the agent %s is there already and is not reached by SIP", p.agent)
	}
	_, addr, ok := strings.Cut(target.URI, "@")
	if !ok {
		addr = strings.TrimPrefix(target.URI, "sip:")
	}
	addr, _, _ = strings.Cut(addr, ";")
	if _, _, err := net.SplitHostPort(addr); err != nil {
		return "", tandem.Errorf(tandem.Conflict, "", "the agent %s is there already with the target %s; expected sip:HOST:PORT of this machine", p.agent, target.URI)
	}
	return addr, nil
}

// apply makes what is missing: agent, versions, route, test. uri gives the
// target of version n.
func (p plan) apply(ctx context.Context, api *client.Client, uri func(n int) string) error {
	if err := p.publish(ctx, api, uri); err != nil {
		return err
	}
	route, err := api.Route(ctx, p.number)
	if tandem.CodeOf(err) == tandem.NotFound {
		route, err = api.CreateRoute(ctx, client.NewRoute{Number: p.number, LiveVersion: p.ref(1)})
	}
	if err != nil {
		return err
	}
	tests, err := api.Tests(ctx, string(route.ID), client.Page{Limit: 1})
	if err != nil {
		return err
	}
	if len(tests.Items) > 0 && tests.Items[0].Status == tandem.Running {
		return nil
	}
	spec := client.NewTest{Name: p.name, Goal: p.goal, Rules: p.rules}
	for n := 1; n <= p.versions; n++ {
		spec.Arms = append(spec.Arms, client.Arm{Version: p.ref(n)})
	}
	_, err = api.StartTest(ctx, string(route.ID), spec)
	return err
}

func (p plan) ref(n int) string { return p.agent + "@" + strconv.Itoa(n) }

// publish brings the agent to as many versions as the plan has.
func (p plan) publish(ctx context.Context, api *client.Client, uri func(n int) string) error {
	a, err := api.Agent(ctx, p.agent)
	if tandem.CodeOf(err) == tandem.NotFound {
		a, err = api.CreateAgent(ctx, p.agent, p.draft(1, uri(1)))
	}
	if err != nil {
		return err
	}
	made := a.LatestVersion < p.versions
	for n := a.LatestVersion + 1; n <= p.versions; n++ {
		if a, err = api.PutDraft(ctx, p.agent, 0, p.draft(n, uri(n))); err != nil {
			return err
		}
		if _, err = api.Publish(ctx, p.agent, a.Revision, p.note(n)); err != nil {
			return err
		}
	}
	if made && p.inWork {
		_, err = api.PutDraft(ctx, p.agent, 0, p.draft(p.versions+1, uri(p.versions+1)))
	}
	return err
}

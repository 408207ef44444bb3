package api

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"tandem"
	"tandem/internal/phone"
)

// TestCaller calls an agent's target to see whether it answers. What goes wrong on
// the way is told in what it gives; errors are about the target and the number.
type TestCaller interface {
	Call(ctx context.Context, target tandem.Target, number string) (tandem.TestCall, error)
}

// Test calls reach out to an address that somebody typed in, so they are few.
const (
	testCallEvery    = 6 * time.Second
	testCallBurst    = 5
	testCallsAtOnce  = 2
	testCallsRetryIn = 10 * time.Second
)

// testCalls lets few test calls through.
type testCalls struct {
	mu      sync.Mutex
	limiter *rate.Limiter
	placed  int // in progress
}

func newTestCalls() *testCalls {
	return &testCalls{limiter: rate.NewLimiter(rate.Every(testCallEvery), testCallBurst)}
}

// begin counts a call in; end must be called after it.
func (c *testCalls) begin(now time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.placed >= testCallsAtOnce || !c.limiter.AllowN(now, 1) {
		p := newProblem(http.StatusTooManyRequests, "many test calls were placed just now; try again in a while")
		p.header.Set("Retry-After", strconv.Itoa(int(testCallsRetryIn.Seconds())))
		return p
	}
	c.placed++
	return nil
}

func (c *testCalls) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.placed--
}

type placeTestCall struct {
	AgentPath
	Body *struct {
		Version int    `json:"version,omitempty" minimum:"1" doc:"Number of the version to call; left out: the draft"`
		Number  string `json:"number,omitempty" doc:"The number that the call is for, in any common way of writing; only needed for a target without a user part" example:"+14155550100"`
	}
}

func (a *api) testCall() {
	limits := newTestCalls()
	register(a, operation{
		id: "place-test-call", method: http.MethodPost, path: "/v1/agents/{agent}/test-call", tag: tagAgents, scope: tandem.ScopeWrite,
		summary: "Place a test call",
		description: "Calls the SIP target of the draft, or of a version, from this server: once, at one address, without following redirects and without a password. " +
			"An agent that answers is held for three seconds, in which nothing is said, and hung up on. The request takes as long, at most about ten seconds. " +
			"It is answered with 200 whatever became of the call, which is for no route and counted nowhere; its INVITE bears X-Tandem-Test. A few calls a minute are let through; more are refused with 429. Not to be repeated without asking: every request calls again.",
	}, func(ctx context.Context, in *placeTestCall) (*plain[tandem.TestCall], error) {
		agent, err := a.Store.Agent(ctx, in.Agent)
		if err != nil {
			return nil, err
		}
		which, number := "draft", ""
		if in.Body != nil {
			if in.Body.Version > 0 {
				which = strconv.Itoa(in.Body.Version)
			}
			if in.Body.Number != "" {
				if number, err = phone.Normalise(in.Body.Number, a.Region); err != nil {
					return nil, err
				}
			}
		}
		content, err := a.content(ctx, agent, "version", which)
		if err != nil {
			return nil, err
		}
		if a.TestCalls == nil {
			return nil, tandem.Errorf(tandem.Unavailable, "", "this server places no calls")
		}
		if err := limits.begin(a.Now()); err != nil {
			return nil, err
		}
		defer limits.end()
		call, err := a.TestCalls.Call(ctx, content.Target, number)
		if err == nil {
			a.log.InfoContext(ctx, "a test call was placed", "by", actor(ctx), "agent", agent.Name, "version", which, "uri", call.URI, "outcome", call.Outcome)
		}
		return onePlain(call, err)
	})
}

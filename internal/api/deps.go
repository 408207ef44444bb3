package api

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"tandem"
	"tandem/internal/account"
	"tandem/internal/assign"
	"tandem/internal/live"
	"tandem/internal/sample"
)

// Deps is what the API stands on.
type Deps struct {
	Store    Store
	Assigner Assigner
	Ingester Ingester
	Results  Results
	Sampler  Sampler
	Analysis Analysis
	// Box seals secrets for the database.
	Box     Box
	Privacy Privacy
	Topics  Topics
	// Recordings may be nil: none are fetched then.
	Recordings Recordings
	// Seal hides which arm is which in blind samples; Desk has pairs judged.
	Seal *sample.Seal
	Desk Desk
	// TestCalls tries agents out; nil: nobody can.
	TestCalls TestCaller
	Hub       *live.Hub
	// Region is the country (ISO 3166) whose national numbers are understood;
	// "" takes international numbers only.
	Region string
	// Release is Tandem's version, told in the OpenAPI document.
	Release string
	Log     *slog.Logger
	// Now is the clock; nil is time.Now in UTC.
	Now func() time.Time
	// Proxies may say for whom they forward a request, and that it came by TLS.
	Proxies []netip.Prefix
	// Console serves every path that is not the API's; nil answers 404.
	Console http.Handler
	// Metrics serves /metrics; nil answers 404.
	Metrics http.Handler
	// Status describes the running server; nil leaves out what it would say.
	Status func(ctx context.Context) Status
	// GoalChanged hears of each goal that was changed; nil tells nobody.
	GoalChanged func()
	// Ready says why the server cannot serve, or nil; it may be nil itself.
	Ready func(ctx context.Context) error
}

// Store is all that the API asks of the store.
type Store interface {
	Agents
	Versions
	Routes
	Tests
	Calls
	Keys
	Audit
	Notices
	Settings
	Analyses
	PersonalData
	Users
	account.Store
	Ratings
	Judged
}

// Agents are read and edited. The change func of an update applies the rules
// and may refuse; a revision other than 0 must be the stored one, else Stale.
type Agents interface {
	CreateAgent(ctx context.Context, actor string, a tandem.Agent) error
	Agent(ctx context.Context, idOrName string) (tandem.Agent, error)
	Agents(ctx context.Context, p tandem.Page) ([]tandem.Agent, string, error)
	UpdateAgent(ctx context.Context, actor, action string, id tandem.ID, revision int64, change func(*tandem.Agent) error) (tandem.Agent, error)
	Publish(ctx context.Context, actor string, agentID tandem.ID, revision int64, note string) (tandem.Version, error)
}

// Versions are read.
type Versions interface {
	Version(ctx context.Context, idOrRef string) (tandem.Version, error)
	Versions(ctx context.Context, agentID tandem.ID, p tandem.Page) ([]tandem.Version, string, error)
}

// Routes are read and edited.
type Routes interface {
	CreateRoute(ctx context.Context, actor string, r tandem.Route) error
	Route(ctx context.Context, idOrNumberOrName string) (tandem.Route, error)
	Routes(ctx context.Context, p tandem.Page) ([]tandem.Route, string, error)
	UpdateRoute(ctx context.Context, actor, action string, id tandem.ID, revision int64, change func(*tandem.Route) error) (tandem.Route, error)
}

// Tests are started, read and changed.
type Tests interface {
	StartTest(ctx context.Context, actor string, t tandem.Test) error
	Test(ctx context.Context, id tandem.ID) (tandem.Test, error)
	Tests(ctx context.Context, routeID tandem.ID, p tandem.Page) ([]tandem.Test, string, error)
	UpdateTest(ctx context.Context, actor, action string, id tandem.ID, revision int64, change func(*tandem.Test, *tandem.Route) error) (tandem.Test, error)
	// Decision gives what was known when a test was ended.
	Decision(ctx context.Context, testID tandem.ID) (tandem.Decision, error)
}

// Calls are read.
type Calls interface {
	LoadCalls(ctx context.Context, refs []tandem.CallRef) (map[tandem.CallRef]tandem.Call, error)
	Call(ctx context.Context, id tandem.ID) (tandem.Call, error)
	Calls(ctx context.Context, f tandem.CallFilter, p tandem.Page) ([]tandem.Call, string, error)
	Transcript(ctx context.Context, id tandem.ID) (tandem.Transcript, error)
}

// Keys are made, found and revoked.
type Keys interface {
	CreateKey(ctx context.Context, actor string, k tandem.Key) error
	KeyByHash(ctx context.Context, hash [32]byte) (tandem.Key, error)
	Keys(ctx context.Context) ([]tandem.Key, error)
	RevokeKey(ctx context.Context, actor string, id tandem.ID) error
}

// Audit is read.
type Audit interface {
	Audit(ctx context.Context, object tandem.ID, p tandem.Page) ([]tandem.AuditEntry, string, error)
}

// Assigner decides which version takes a call, and takes up changes at once.
type Assigner interface {
	Assign(r assign.Request) (assign.Decision, bool)
	Reload(ctx context.Context) error
}

// Ingester commits events, all of them or none, before it returns.
type Ingester interface {
	Ingest(ctx context.Context, events []tandem.Event) error
}

// Notices are told to webhooks.
type Notices interface {
	CreateWebhook(ctx context.Context, actor string, w tandem.Webhook) error
	Webhooks(ctx context.Context) ([]tandem.Webhook, error)
	DeleteWebhook(ctx context.Context, actor string, id tandem.ID) error
	// Announce stores a notice, once for its key, for the webhooks with these
	// ids; nil is all that want it.
	Announce(ctx context.Context, n tandem.Notice, to []tandem.ID) (isNew bool, err error)
	Notices(ctx context.Context, testID tandem.ID, p tandem.Page) ([]tandem.Notice, string, error)
	Deliveries(ctx context.Context, webhookID tandem.ID, p tandem.Page) ([]tandem.Delivery, string, error)
}

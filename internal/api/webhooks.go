package api

import (
	"context"
	"net/http"
	"slices"

	"tandem"
)

type createWebhook struct {
	Body struct {
		URL   string              `json:"url" doc:"Where notices are posted" example:"https://example.com/tandem"`
		Kinds []tandem.NoticeKind `json:"kinds,omitempty" enum:"verdict,verdict.withdrawn,guardrail.breached,split.broken,outcomes.missing,alarm,ramp.advanced" doc:"What it hears; left out: everything"`
	}
}

// NewWebhook is a webhook and its secret.
type NewWebhook struct {
	tandem.Webhook
	Secret string `json:"secret" doc:"Signs deliveries as Standard Webhooks describe. Shown only now: it cannot be read again"`
}

// WebhookPath names a webhook.
type WebhookPath struct {
	Webhook tandem.ID `path:"webhook" doc:"Id of the webhook"`
}

func (p WebhookPath) check() error {
	if !p.Webhook.Valid() {
		return tandem.Errorf(tandem.NotFound, "", "no webhook has the id %.120q", p.Webhook)
	}
	return nil
}

func (a *api) webhooks() {
	register(a, operation{
		id: "create-webhook", method: http.MethodPost, path: "/v1/webhooks", tag: tagNotices, scope: tandem.ScopeAdmin,
		summary: "Create a webhook", status: http.StatusCreated,
		description: "It hears every notice from now on, signed as Standard Webhooks describe, and again for about three days until it answers 2xx. The same notice may come twice after a crash, with the same webhook-id.",
	}, a.createWebhook)
	register(a, operation{
		id: "list-webhooks", method: http.MethodGet, path: "/v1/webhooks", tag: tagNotices, scope: tandem.ScopeAdmin,
		summary: "List webhooks", description: "Never their secrets.",
	}, func(ctx context.Context, _ *struct{}) (*listResponse[tandem.Webhook], error) {
		hooks, err := a.Store.Webhooks(ctx)
		return pageOf(&Paged{}, hooks, "", err)
	})
	register(a, operation{
		id: "delete-webhook", method: http.MethodDelete, path: "/v1/webhooks/{webhook}", tag: tagNotices, scope: tandem.ScopeAdmin,
		summary: "Delete a webhook", status: http.StatusNoContent, description: "What was waiting for it is dropped.",
	}, func(ctx context.Context, in *WebhookPath) (*struct{}, error) {
		if err := in.check(); err != nil {
			return nil, err
		}
		return nil, a.Store.DeleteWebhook(ctx, actor(ctx), in.Webhook)
	})
	register(a, operation{
		id: "ping-webhook", method: http.MethodPost, path: "/v1/webhooks/{webhook}/ping", tag: tagNotices, scope: tandem.ScopeAdmin,
		summary: "Try a webhook", status: http.StatusAccepted, description: "Sends it a notice of kind ping, through the same queue as all others; its deliveries tell what became of it.",
	}, a.pingWebhook)
	register(a, operation{
		id: "list-deliveries", method: http.MethodGet, path: "/v1/webhooks/{webhook}/deliveries", tag: tagNotices, scope: tandem.ScopeAdmin,
		summary: "List what a webhook was sent, newest first",
	}, func(ctx context.Context, in *struct {
		WebhookPath
		Paged
	},
	) (*listResponse[tandem.Delivery], error) {
		if err := a.hasWebhook(ctx, in.WebhookPath); err != nil {
			return nil, err
		}
		items, next, err := a.Store.Deliveries(ctx, in.Webhook, in.page())
		return pageOf(&in.Paged, items, next, err)
	})
	register(a, operation{
		id: "list-notices", method: http.MethodGet, path: "/v1/notices", tag: tagNotices, scope: tandem.ScopeRead,
		summary: "List notices, newest first", description: "Verdicts, breached guardrails, alarms and ramp steps, each told once.",
	}, func(ctx context.Context, in *struct {
		Paged
		Test tandem.ID `query:"test" doc:"Only notices of the test with this id"`
	},
	) (*listResponse[tandem.Notice], error) {
		if in.Test != "" && !in.Test.Valid() {
			return nil, tandem.Errorf(tandem.Invalid, "test", "is %.120q; expected an id", in.Test)
		}
		items, next, err := a.Store.Notices(ctx, in.Test, in.page())
		return pageOf(&in.Paged, items, next, err)
	})
}

func (a *api) createWebhook(ctx context.Context, in *createWebhook) (*plain[NewWebhook], error) {
	w, err := tandem.NewWebhook(in.Body.URL, in.Body.Kinds, a.Now())
	if err != nil {
		return nil, err
	}
	if err := a.Store.CreateWebhook(ctx, actor(ctx), w); err != nil {
		return nil, err
	}
	return &plain[NewWebhook]{Body: NewWebhook{Webhook: w, Secret: w.Secret}}, nil
}

// hasWebhook refuses a path that names no webhook.
func (a *api) hasWebhook(ctx context.Context, p WebhookPath) error {
	if err := p.check(); err != nil {
		return err
	}
	hooks, err := a.Store.Webhooks(ctx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(hooks, func(w tandem.Webhook) bool { return w.ID == p.Webhook }) {
		return tandem.Errorf(tandem.NotFound, "", "no webhook has the id %s", p.Webhook)
	}
	return nil
}

func (a *api) pingWebhook(ctx context.Context, in *WebhookPath) (*plain[tandem.Notice], error) {
	if err := a.hasWebhook(ctx, *in); err != nil {
		return nil, err
	}
	now := a.Now()
	n := tandem.Notice{ID: tandem.NewID(now), Kind: tandem.NoticePing, At: now, Text: "A test of this webhook, asked for by " + actor(ctx) + "."}
	n.Key = "ping/" + string(n.ID)
	if _, err := a.Store.Announce(ctx, n, []tandem.ID{in.Webhook}); err != nil {
		return nil, err
	}
	return &plain[tandem.Notice]{Body: n}, nil
}

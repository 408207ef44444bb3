package api

import (
	"context"
	"net/http"

	"tandem"
)

type createKey struct {
	Body struct {
		Name   string         `json:"name" doc:"Who or what uses it; stands in the audit log" example:"retell-webhook"`
		Scopes []tandem.Scope `json:"scopes" enum:"read,write,ingest,admin" minItems:"1" doc:"What it may do: read; write agents, routes and tests; ingest events and ask for assignments; admin: everything"`
	}
}

// NewKey is a key and its secret.
type NewKey struct {
	tandem.Key
	Secret string `json:"secret" doc:"Shown only now: it cannot be read again"`
}

func (a *api) keys() {
	register(a, operation{
		id: "create-key", method: http.MethodPost, path: "/v1/keys", tag: tagKeys, scope: tandem.ScopeAdmin,
		summary: "Create an API key", status: http.StatusCreated,
	}, func(ctx context.Context, in *createKey) (*plain[NewKey], error) {
		k, secret, err := tandem.NewKey(in.Body.Name, in.Body.Scopes, a.Now())
		if err != nil {
			return nil, err
		}
		if err := a.Store.CreateKey(ctx, actor(ctx), k); err != nil {
			return nil, err
		}
		return &plain[NewKey]{Body: NewKey{Key: k, Secret: secret}}, nil
	})
	register(a, operation{
		id: "list-keys", method: http.MethodGet, path: "/v1/keys", tag: tagKeys, scope: tandem.ScopeAdmin,
		summary: "List API keys", description: "All of them, the revoked too; never their secrets.",
	}, func(ctx context.Context, _ *struct{}) (*listResponse[tandem.Key], error) {
		keys, err := a.Store.Keys(ctx)
		return pageOf(&Paged{}, keys, "", err)
	})
	register(a, operation{
		id: "revoke-key", method: http.MethodDelete, path: "/v1/keys/{key}", tag: tagKeys, scope: tandem.ScopeAdmin,
		summary: "Revoke an API key", status: http.StatusNoContent,
		description: "In force at once on this node, within five seconds on every other. Revoking a revoked key changes nothing.",
	}, func(ctx context.Context, in *struct {
		Key tandem.ID `path:"key" doc:"Id of the key"`
	},
	) (*struct{}, error) {
		if !in.Key.Valid() {
			return nil, tandem.Errorf(tandem.NotFound, "", "no key has the id %.120q", in.Key)
		}
		if err := a.Store.RevokeKey(ctx, actor(ctx), in.Key); err != nil {
			return nil, err
		}
		a.keyring.forgetAll()
		return nil, nil
	})
}

type listAudit struct {
	Paged
	Object tandem.ID `query:"object" doc:"Only changes of the agent, route, test or key with this id"`
}

func (a *api) audit() {
	register(a, operation{
		id: "list-audit", method: http.MethodGet, path: "/v1/audit", tag: tagKeys, scope: tandem.ScopeAdmin,
		summary: "Read the audit log, newest first", description: "Who changed what, when, and what it was before and after.",
	}, func(ctx context.Context, in *listAudit) (*listResponse[tandem.AuditEntry], error) {
		if in.Object != "" && !in.Object.Valid() {
			return nil, tandem.Errorf(tandem.Invalid, "object", "is %.120q; expected an id", in.Object)
		}
		items, next, err := a.Store.Audit(ctx, in.Object, in.page())
		return pageOf(&in.Paged, items, next, err)
	})
}

package api

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"tandem"
	"tandem/internal/live"
	"tandem/internal/phone"
)

// RoutePath names a route.
type RoutePath struct {
	Route string `path:"route" doc:"Id, phone number or name of the route" example:"+14155550100"`
}

type createRoute struct {
	Body struct {
		Kind           tandem.RouteKind `json:"kind,omitempty" enum:"inbound,outbound" default:"inbound"`
		Number         string           `json:"number,omitempty" doc:"Inbound only; in any common way of writing" example:"+1 415 555 0100"`
		Name           string           `json:"name,omitempty" doc:"Default: the number without its plus"`
		LiveVersion    string           `json:"live_version" doc:"Takes every call that no test assigns: id, or agent@number" example:"front-desk@1"`
		FallbackURI    string           `json:"fallback_uri,omitempty" doc:"SIP URI that takes the call when the version's target does not answer"`
		SIPMode        tandem.SIPMode   `json:"sip_mode,omitempty" enum:"proxy,redirect" default:"proxy"`
		MaxCallSeconds int              `json:"max_call_seconds,omitempty" minimum:"10" maximum:"86400" default:"3600" doc:"A call that has not ended by then, plus a grace period, is marked lost"`
		VersionLimit   int              `json:"version_limit,omitempty" minimum:"0" doc:"Most calls in progress per version; 0: no limit"`
	}
}

func (a *api) routes() {
	register(a, operation{
		id: "create-route", method: http.MethodPost, path: "/v1/routes", tag: tagRoutes, scope: tandem.ScopeWrite,
		summary: "Create a route", status: http.StatusCreated, words: routeWords,
	}, a.createRoute)
	register(a, operation{
		id: "list-routes", method: http.MethodGet, path: "/v1/routes", tag: tagRoutes, scope: tandem.ScopeRead,
		summary: "List routes",
	}, func(ctx context.Context, in *Paged) (*listResponse[tandem.Route], error) {
		items, next, err := a.Store.Routes(ctx, in.page())
		return pageOf(in, items, next, err)
	})
	register(a, operation{
		id: "get-route", method: http.MethodGet, path: "/v1/routes/{route}", tag: tagRoutes, scope: tandem.ScopeRead,
		summary: "Read a route",
	}, func(ctx context.Context, in *RoutePath) (*one[tandem.Route], error) {
		route, err := a.route(ctx, in.Route)
		if err != nil {
			return nil, err
		}
		return &one[tandem.Route]{ETag: etag(route.Revision), Body: route}, nil
	})
	register(a, operation{
		id: "patch-route", method: http.MethodPatch, path: "/v1/routes/{route}", tag: tagRoutes, scope: tandem.ScopeWrite,
		summary: "Change a route", description: "Properties left out stay as they are. The change is in force from the next call.",
		refusals: []int{412}, words: routeWords,
	}, a.patchRoute)
}

// routeWords: requests name a version in any way, so they do not say id.
func routeWords(field string) string {
	if field == "live_version_id" {
		return "live_version"
	}
	return field
}

// route finds a route by id, number in any way of writing, or name.
func (a *api) route(ctx context.Context, which string) (tandem.Route, error) {
	if !tandem.ID(which).Valid() {
		if number, err := phone.Normalise(which, a.Region); err == nil {
			r, err := a.Store.Route(ctx, number)
			if tandem.CodeOf(err) != tandem.NotFound {
				return r, err
			}
		}
	}
	return a.Store.Route(ctx, which)
}

func (a *api) createRoute(ctx context.Context, in *createRoute) (*made[tandem.Route], error) {
	now, b := a.Now(), in.Body
	r := tandem.Route{
		ID: tandem.NewID(now), Kind: b.Kind, Number: b.Number, Name: b.Name, FallbackURI: b.FallbackURI,
		SIPMode: b.SIPMode, MaxCallSeconds: b.MaxCallSeconds, VersionLimit: b.VersionLimit, CreatedAt: now, UpdatedAt: now,
	}
	var errs []error
	if r.Number != "" {
		number, err := phone.Normalise(r.Number, a.Region)
		if err != nil {
			errs = append(errs, err)
		}
		r.Number = number
	}
	if r.Name == "" {
		r.Name = strings.TrimPrefix(r.Number, "+")
	}
	v, err := a.published(ctx, "live_version", b.LiveVersion)
	r.LiveVersionID = v.ID
	errs = append(errs, err)
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if err := r.Validate(); err != nil {
		return nil, err
	}
	if err := a.Store.CreateRoute(ctx, actor(ctx), r); err != nil {
		return nil, err
	}
	a.inForce(ctx)
	r, err = a.Store.Route(ctx, string(r.ID))
	if err != nil {
		return nil, err
	}
	a.tell(live.Route, r.ID)
	return &made[tandem.Route]{Location: "/v1/routes/" + string(r.ID), ETag: etag(r.Revision), Body: r}, nil
}

type routePatch struct {
	Number         optional[string]         `json:"number,omitzero" doc:"Inbound only; in any common way of writing"`
	Name           optional[string]         `json:"name,omitzero"`
	LiveVersion    optional[string]         `json:"live_version,omitzero" doc:"Id, or agent@number. A running test goes on; ending it makes its winner the live version"`
	FallbackURI    optional[string]         `json:"fallback_uri,omitzero" doc:"null: none"`
	SIPMode        optional[tandem.SIPMode] `json:"sip_mode,omitzero" doc:"proxy or redirect"`
	MaxCallSeconds optional[int]            `json:"max_call_seconds,omitzero"`
	VersionLimit   optional[int]            `json:"version_limit,omitzero" doc:"null or 0: no limit"`
}

// apply changes r as the patch says and checks the outcome. live is the
// version that the patch names, if it names one.
func (p routePatch) apply(r *tandem.Route, liveVersion tandem.ID) error {
	if p.LiveVersion.given {
		r.LiveVersionID = liveVersion
	}
	err := errors.Join(
		p.Number.set(&r.Number, "number", false),
		p.Name.set(&r.Name, "name", false),
		p.FallbackURI.set(&r.FallbackURI, "fallback_uri", true),
		p.SIPMode.set(&r.SIPMode, "sip_mode", false),
		p.MaxCallSeconds.set(&r.MaxCallSeconds, "max_call_seconds", false),
		p.VersionLimit.set(&r.VersionLimit, "version_limit", true),
	)
	if err != nil {
		return err
	}
	return r.Validate()
}

type patchRoute struct {
	RoutePath
	IfMatch
	Body routePatch
}

func (a *api) patchRoute(ctx context.Context, in *patchRoute) (*one[tandem.Route], error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	r, err := a.route(ctx, in.Route)
	if err != nil {
		return nil, err
	}
	p := in.Body
	if p.Number.given && !p.Number.null {
		if p.Number.value, err = phone.Normalise(p.Number.value, a.Region); err != nil {
			return nil, err
		}
	}
	var liveVersion tandem.Version
	if p.LiveVersion.given {
		if liveVersion, err = a.published(ctx, "live_version", p.LiveVersion.value); err != nil {
			return nil, err
		}
	}
	r, err = a.Store.UpdateRoute(ctx, actor(ctx), "route.change", r.ID, revision, func(r *tandem.Route) error {
		return p.apply(r, liveVersion.ID)
	})
	if err != nil {
		return nil, err
	}
	a.inForce(ctx)
	a.tell(live.Route, r.ID)
	return &one[tandem.Route]{ETag: etag(r.Revision), Body: r}, nil
}

// inForce puts a change in force on this node before its request is answered.
// If the store will not say now, the assigner's own polling follows shortly.
func (a *api) inForce(ctx context.Context) {
	if err := a.Assigner.Reload(ctx); err != nil {
		a.log.WarnContext(ctx, "a change is stored but not in force yet", "error", err)
	}
}

// tell lets listeners know.
func (a *api) tell(kind live.Kind, id tandem.ID) {
	if a.Hub != nil {
		a.Hub.Publish(live.Change{Kind: kind, ID: id})
	}
}

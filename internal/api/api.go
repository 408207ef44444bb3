package api

import (
	"log/slog"
	"net/http"
	"reflect"
	"strconv"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"tandem"
	"tandem/internal/account"
	"tandem/internal/oidc"
)

// The security schemes in the OpenAPI document.
const (
	keyScheme    = "key"
	cookieScheme = "session"
)

type api struct {
	Deps
	log     *slog.Logger
	mux     *http.ServeMux
	huma    huma.API
	keyring *keyring
	door    *account.Door
	oidc    *oidc.Client
	// recorded remembers tests that were imported: they never change back.
	recorded sync.Map // tandem.ID -> tandem.Test
}

// New gives the handler of everything Tandem serves over HTTP. Its streams
// (/v1/events) end when d.Hub closes.
func New(d Deps) http.Handler {
	a := newAPI(d)
	return a.guard(a.mux)
}

// Document gives the OpenAPI document of a release, as JSON, without a server.
func Document(release string) []byte { return newAPI(Deps{Release: release}).document() }

func newAPI(d Deps) *api {
	if d.Now == nil {
		d.Now = func() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }
	}
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	a := &api{Deps: d, log: d.Log, mux: http.NewServeMux(), door: account.New(d.Store, d.Now), oidc: oidc.New(d.Now)}
	a.keyring = newKeyring(d.Store, a.door, d.Now)
	a.huma = humago.New(a.mux, config(d.Release))
	a.agents()
	a.versions()
	a.testCall()
	a.routes()
	a.tests()
	a.goals()
	a.plans()
	a.results()
	a.report()
	a.calls()
	a.recordings()
	a.events()
	a.stream()
	a.assignments()
	a.topics()
	a.webhooks()
	a.analyses()
	a.analyzer()
	a.personalData()
	a.ratings()
	a.judgements()
	a.keys()
	a.audit()
	a.setup()
	a.sessions()
	a.users()
	a.openID()
	a.server()
	a.documents()
	return a
}

func config(release string) huma.Config {
	if release == "" {
		release = "0"
	}
	registry := huma.NewMapRegistry("#/components/schemas/", schemaName)
	registry.RegisterTypeAlias(reflect.TypeFor[tandem.Call](), reflect.TypeFor[Call]())
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "Tandem", Version: release,
				Description: "A/B testing for phone voice agents: calls of a route are given to published versions at random, and the results stand side by side.",
			},
			Components: &huma.Components{
				Schemas: registry,
				SecuritySchemes: map[string]*huma.SecurityScheme{
					keyScheme:    {Type: "http", Scheme: "bearer", Description: "An API key, made by `tandem key create` or POST /v1/keys. Its scopes say what it may do."},
					cookieScheme: {Type: "apiKey", In: "cookie", Name: cookieName, Description: "A session, begun by POST /v1/session; over TLS the name begins with " + hostPrefix + ". Pages of other sites cannot use it to change anything."},
				},
			},
			Tags: tags(),
		},
		Formats:       huma.DefaultFormats,
		DefaultFormat: "application/json",
	}
}

// schema gives the schema of v's type, as a reference into the document.
func (a *api) schema(v any) *huma.Schema {
	return a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeOf(v), true, "")
}

func statusText(status int) string { return strconv.Itoa(status) }

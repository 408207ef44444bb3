package cli

import (
	"strconv"

	"tandem"
	"tandem/internal/cli/client"
)

type routeCommand struct {
	List   routeList   `cmd:"" help:"List routes."`
	Create routeCreate `cmd:"" help:"Create a route: a phone number, or a campaign."`
	Show   routeShow   `cmd:"" help:"Show a route."`
	Set    routeSet    `cmd:"" help:"Change a route."`
}

type routeList struct{ paging }

func (c *routeList) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	routes, err := api.Routes(s.ctx, c.page())
	if err != nil {
		return err
	}
	defer s.more(routes.Next)
	refs := refs{s: s}
	return s.show(routes, func() {
		today := callsToday(s, api)
		g := s.grid("NAME", "NUMBER", "LIVE VERSION", "CALLS TODAY", "MODE", "ID")
		g.right[3] = true
		for _, r := range routes.Items {
			number := r.Number
			if r.Kind == tandem.Outbound {
				number = "outbound"
			}
			g.row(r.Name, number, refs.of(r.LiveVersionID), today(r.ID), string(r.SIPMode), string(r.ID))
		}
		g.print("There are no routes. Create one: tandem route create +14155550100 --live front-desk@1")
	})
}

// callsToday gives how many calls a route had since midnight here; nothing where the
// server does not say.
func callsToday(s *session, api *client.Client) func(tandem.ID) string {
	zone := first(s.Getenv("TZ"), "UTC")
	volume, err := api.CallsPerDay(s.ctx, 1, zone)
	if err != nil && zone != "UTC" {
		volume, err = api.CallsPerDay(s.ctx, 1, "UTC")
	}
	known := map[tandem.ID]int64{}
	for _, r := range volume.Routes {
		known[r.RouteID] = r.Today
	}
	return func(id tandem.ID) string {
		if err != nil {
			return ""
		}
		return count(known[id])
	}
}

// refs turns ids of versions into agent@number, asking for each once.
type refs struct {
	s    *session
	seen map[tandem.ID]string
}

func (r *refs) of(id tandem.ID) string {
	if ref, ok := r.seen[id]; ok {
		return ref
	}
	ref := string(id)
	if api, err := r.s.client(); err == nil {
		if v, err := api.Version(r.s.ctx, string(id)); err == nil {
			ref = v.Ref()
		}
	}
	if r.seen == nil {
		r.seen = map[tandem.ID]string{}
	}
	r.seen[id] = ref
	return ref
}

type routeCreate struct {
	Number   string `arg:"" optional:"" help:"Phone number, in any common way of writing."`
	Campaign string `help:"Name of an outbound campaign, instead of a number." placeholder:"NAME"`
	Name     string `help:"Name; default: the number." placeholder:"NAME"`
	Live     string `required:"" help:"Version that takes every call that no test assigns, such as front-desk@1." placeholder:"VERSION"`
	routeOptions
}

// routeOptions are what creating and changing have in common.
type routeOptions struct {
	Fallback string `help:"SIP URI that takes the call when the version's target does not answer." placeholder:"URI"`
	Mode     string `help:"proxy (sees the whole call) or redirect (302)." enum:"proxy,redirect," default:"" placeholder:"MODE"`
	MaxCall  int    `name:"max-call-seconds" help:"A call without an end by then is marked lost." placeholder:"N"`
	Limit    int    `name:"version-limit" help:"Most calls in progress per version; 0 is no limit." default:"-1" placeholder:"N"`
}

func (*routeCreate) Help() string {
	return `For example:

  tandem route create "+1 415 555 0100" --live front-desk@1
  tandem route create --campaign reminders --live reminder@4`
}

func (c *routeCreate) Run(s *session) error {
	if (c.Number == "") == (c.Campaign == "") {
		return tandem.Errorf(tandem.Invalid, "number", "or --campaign: expected one of the two")
	}
	api, err := s.client()
	if err != nil {
		return err
	}
	r := client.NewRoute{
		Number: c.Number, Name: c.Name, LiveVersion: c.Live, FallbackURI: c.Fallback,
		SIPMode: tandem.SIPMode(c.Mode), MaxCallSeconds: c.MaxCall, VersionLimit: max(0, c.Limit),
	}
	if c.Campaign != "" {
		r.Kind, r.Name = tandem.Outbound, first(c.Name, c.Campaign)
	}
	made, err := api.CreateRoute(s.ctx, r)
	if err != nil {
		return err
	}
	return s.show(made, func() { s.printf("Created %s. Calls go to %s.\n", routeWord(made), c.Live) })
}

func routeWord(r tandem.Route) string { return first(r.Number, r.Name) }

type routeShow struct {
	Route string `arg:"" help:"Number, name or id of the route."`
}

func (c *routeShow) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	r, err := api.Route(s.ctx, c.Route)
	if err != nil {
		return err
	}
	refs := refs{s: s}
	return s.show(r, func() {
		g := s.grid("ROUTE", routeWord(r))
		g.row("name", r.Name)
		g.row("kind", string(r.Kind))
		g.row("live version", refs.of(r.LiveVersionID))
		g.row("mode", string(r.SIPMode))
		g.row("fallback", first(r.FallbackURI, "none"))
		g.row("longest call", strconv.Itoa(r.MaxCallSeconds)+" s")
		limit := "none"
		if r.VersionLimit > 0 {
			limit = strconv.Itoa(r.VersionLimit)
		}
		g.row("version limit", limit)
		g.row("id", string(r.ID))
		g.print("")
		if t, err := s.latestTest(string(r.ID)); err == nil && t.Status == tandem.Running {
			s.printf("A test is running: tandem results %s\n", routeWord(r))
		}
	})
}

type routeSet struct {
	Route      string `arg:"" help:"Number, name or id of the route."`
	Number     string `help:"Another phone number." placeholder:"NUMBER"`
	Name       string `help:"Another name." placeholder:"NAME"`
	Live       string `help:"Another live version, such as front-desk@2." placeholder:"VERSION"`
	NoFallback bool   `help:"Take the fallback away."`
	routeOptions
}

func (*routeSet) Help() string {
	return `What is not named stays as it is. In force from the next call.

  tandem route set +14155550100 --live front-desk@2
  tandem route set +14155550100 --fallback sip:operator@pbx.example.com`
}

func (c *routeSet) Run(s *session) error {
	change := map[string]any{}
	for name, v := range map[string]string{
		"number": c.Number, "name": c.Name, "live_version": c.Live, "fallback_uri": c.Fallback, "sip_mode": c.Mode,
	} {
		if v != "" {
			change[name] = v
		}
	}
	if c.NoFallback {
		change["fallback_uri"] = nil
	}
	if c.MaxCall != 0 {
		change["max_call_seconds"] = c.MaxCall
	}
	if c.Limit >= 0 {
		change["version_limit"] = c.Limit
	}
	if len(change) == 0 {
		return tandem.Errorf(tandem.Invalid, "", "nothing to change; see tandem route set --help")
	}
	api, err := s.client()
	if err != nil {
		return err
	}
	r, err := api.PatchRoute(s.ctx, c.Route, 0, change)
	if err != nil {
		return err
	}
	return s.show(r, func() { s.printf("Changed %s.\n", routeWord(r)) })
}

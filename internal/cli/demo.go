package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"tandem"
	"tandem/internal/cli/client"
	"tandem/internal/demo"
	"tandem/internal/replay"
)

type demoCommand struct {
	Data  string        `help:"Folder to keep the data in, to go on another time; default: a new one that is thrown away." placeholder:"DIR"`
	HTTP  string        `name:"http" help:"Address of the API and the console; port 0 is any free one (default 127.0.0.1:8080)." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	SIP   string        `name:"sip" help:"Address of the SIP gateway; port 0 is any free one (default 127.0.0.1:0)." default:"127.0.0.1:0" placeholder:"HOST:PORT"`
	Rate  float64       `help:"Calls a second (default 5)." default:"5" placeholder:"N"`
	Speed float64       `help:"How many times faster than in life the conversations go; durations are reported as in life (default 20)." default:"20" placeholder:"N"`
	For   time.Duration `help:"Stop after so long; default: at Ctrl-C." placeholder:"DURATION"`
	Every time.Duration `help:"How often results are written when the output is no terminal (default 5s)." default:"5s" placeholder:"DURATION"`
	Seed  uint64        `help:"Have the callers of this seed call; default: others each time." placeholder:"N"`
}

func (*demoCommand) Help() string {
	return `Starts a server, publishes two versions of a dental practice's front desk, starts a test between
them on +1 415 555 0100, and has made-up callers call it by real SIP calls. Nothing leaves this
machine. Results move while you watch; Ctrl-C stops everything. A test of the last two weeks at
another number is there too, imported; recordings hum in the rhythm of what was said, and
are heard for as long as the demo that made them runs.

  tandem demo
  tandem demo --data demo-data --rate 10`
}

const (
	demoGrace = 5 * time.Second // for calls in progress when it stops
	demoStop  = 15 * time.Second
	demoCalls = 500 // at once, far past what the rate needs
)

func (c *demoCommand) Run(s *session) (err error) {
	if !(c.Rate > 0) || !(c.Speed > 0) || c.Every <= 0 {
		return tandem.Errorf(tandem.Invalid, "--rate", "and --speed and --every have to be above 0")
	}
	server, err := s.server()
	if err != nil {
		return err
	}
	dir, clean, err := c.folder()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, clean()) }()
	logFile, err := os.OpenFile(filepath.Join(dir, "demo.log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer logFile.Close()
	sound, err := serveRecordings(s.ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, sound.Close()) }()
	local, err := server.StartLocal(s.ctx, LocalOptions{Data: dir, HTTP: c.HTTP, SIP: c.SIP, Recordings: sound.Addr, Log: logFile})
	if err != nil {
		return err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), demoStop)
		defer cancel()
		err = errors.Join(err, local.Stop(ctx))
	}()
	return c.play(s, local, "http://"+sound.Addr)
}

// folder gives the folder for the data and how to leave it.
func (c *demoCommand) folder() (string, func() error, error) {
	if c.Data != "" {
		return c.Data, func() error { return nil }, os.MkdirAll(c.Data, 0o700)
	}
	dir, err := os.MkdirTemp("", "tandem-demo-*")
	return dir, func() error { return os.RemoveAll(dir) }, err
}

var demoPlan = plan{
	agent: demo.AgentName, versions: demo.Versions, draft: demo.Draft, note: demo.Note,
	number: demo.Number, goal: demo.Goal, name: "greeting", inWork: true,
	rules: tandem.Rules{Guardrails: []tandem.Guardrail{{Metric: "transfer", Margin: 0.1}}},
}

// serveRecordings serves what calls sound like at a free port of this machine.
func serveRecordings(ctx context.Context) (*http.Server, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	srv := &http.Server{Addr: l.Addr().String(), Handler: demo.Recordings(), ReadHeaderTimeout: demoGrace}
	go func() { _ = srv.Serve(l) }()
	return srv, nil
}

// play sets the server up, has calls come in until told to stop, and shows the
// results. recordings is where calls are heard.
func (c *demoCommand) play(s *session, local *LocalServer, recordings string) (err error) {
	api, err := client.New(local.URL, local.Key, s.HTTP)
	if err != nil {
		return err
	}
	s.api = api // closed with the session
	at, err := demoPlan.agentAddress(s.ctx, api)
	if err != nil {
		return err
	}
	player, err := replay.NewPlayer(replay.Config{Gateway: local.SIP, Agent: at, Speed: c.Speed})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, player.Close()) }()
	// A test that somebody ended in an earlier run is followed by a new one.
	if err := demoPlan.apply(s.ctx, api, func(n int) string { return player.AgentURI(demo.AgentName + "-" + strconv.Itoa(n)) }); err != nil {
		return err
	}
	if err := importPast(s, api, recordings); err != nil {
		return err
	}
	key, err := api.CreateKey(s.ctx, "demo "+s.Now().UTC().Format("20060102-150405.000"), []tandem.Scope{tandem.ScopeRead, tandem.ScopeWrite})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(s.ctx)
	if c.For > 0 {
		ctx, cancel = context.WithTimeout(s.ctx, c.For)
	}
	defer cancel()
	c.greet(s, local, key.Secret)
	return c.traffic(ctx, s, player, api, recordings)
}

// importPast puts the branch's experiment in, where it is not there yet. One that was
// cut short stays as it is.
func importPast(s *session, api *client.Client, recordings string) error {
	route, err := api.Route(s.ctx, demo.BranchNumber)
	if tandem.CodeOf(err) == tandem.NotFound {
		route, err = api.CreateRoute(s.ctx, client.NewRoute{Number: demo.BranchNumber, LiveVersion: demoPlan.ref(1)})
	}
	if err != nil {
		return err
	}
	if _, found, err := findRecorded(s, string(route.ID), demo.BranchTest); err != nil || found {
		return err
	}
	all := demo.Past(s.Now(), recordings)
	var span period
	shares, err := replay.Arms(span.watch(all), demo.ArmBy)
	if err != nil {
		return err
	}
	spec := client.RecordedTest{Route: string(route.ID), Name: demo.BranchTest, Goal: demo.Goal, Intended: true, StartedAt: span.from, EndedAt: span.to}
	half := 50.0
	for i := range shares {
		shares[i].Share = half / 100
		spec.Arms = append(spec.Arms, client.Arm{Version: demo.AgentName + "@" + shares[i].Value, Weight: &half})
	}
	test, err := api.RecordTest(s.ctx, spec)
	if err != nil {
		return err
	}
	return postRecorded(s.ctx, api, replay.RecordedTest{Test: test, Number: route.Number, By: demo.ArmBy, Shares: shares}, all, nil)
}

// greet tells what can be done now.
func (c *demoCommand) greet(s *session, local *LocalServer, secret string) {
	s.printf("%s\n", s.strong("Tandem demo: two versions of a front desk answer "+demo.Number))
	s.printf("console          %s/sign-in#link=%s\n", local.URL, local.Link)
	s.printf("API              %s/docs\n", local.URL)
	s.printf("SIP gateway      %s\n\n", local.SIP)
	s.printf("In another terminal:\n")
	s.printf("  export TANDEM_URL=%s TANDEM_KEY=%s\n", local.URL, secret)
	s.printf("  tandem results %s --watch\n", demo.Number)
	s.printf("  tandem sample %s\n", demo.Number)
	s.printf("  tandem agent diff %s 1 2\n", demo.AgentName)
	s.printf("  tandem test split %s 20/80\n", demo.Number)
	s.printf("  tandem test end %s --winner B\n\n", demo.Number)
	s.printf("%s\n\n", s.dim("Ctrl-C stops."))
}

// traffic has calls come in until ctx ends, which is how the demo is meant to
// end.
func (c *demoCommand) traffic(ctx context.Context, s *session, player *replay.Player, api *client.Client, recordings string) error {
	seed := c.Seed
	if seed == 0 {
		seed = uint64(s.Now().UnixMicro())
	}
	var sum replay.Summary
	ran := make(chan error, 1)
	go func() {
		var err error
		sum, err = player.Run(ctx, demo.Traffic(ctx, demo.Number, c.Rate, seed, recordings), demoCalls, demoGrace, api, nil)
		ran <- err
	}()
	show := newScreen(s.Env)
	err := c.showUntil(ctx, s, show, api)
	if !s.cmd.JSON {
		show.note("Stopping: calls in progress come to their end first.")
	}
	if rerr := <-ran; err == nil && !ended(rerr) {
		err = rerr
	}
	if err != nil {
		return err
	}
	final, cancel := context.WithTimeout(context.WithoutCancel(ctx), demoGrace)
	defer cancel()
	return c.farewell(final, s, show, api, sum)
}

func ended(err error) bool {
	return err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// showUntil shows results until ctx ends.
func (c *demoCommand) showUntil(ctx context.Context, s *session, show *screen, api *client.Client) error {
	every := c.Every
	if _, _, tty := s.Terminal(); tty {
		every = time.Second
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		r, err := api.Results(ctx, demo.Number)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			show.note(explain(err)[0])
		case s.cmd.JSON:
			if err := s.writeJSON(nil, r.Raw); err != nil {
				return err
			}
		default:
			s.drawResults(show, r)
		}
	}
}

// farewell shows the final results and what became of the calls.
func (c *demoCommand) farewell(ctx context.Context, s *session, show *screen, api *client.Client, sum replay.Summary) error {
	r, err := api.Results(ctx, demo.Number)
	if err != nil {
		return fmt.Errorf("final results: %w", err)
	}
	if s.cmd.JSON {
		return s.writeJSON(nil, r.Raw)
	}
	s.drawResults(show, r)
	s.printf("\n%s", summaryText(sum))
	return nil
}

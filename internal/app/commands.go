package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"

	"tandem"
	"tandem/internal/api"
	"tandem/internal/cli"
	"tandem/internal/config"
	"tandem/internal/results"
	"tandem/internal/store"
)

// Commands gives the command line what needs a server, or its database, in this
// process. Log is where servers log.
type Commands struct{ Log io.Writer }

var _ cli.Server = Commands{}

const serveHelp = `Run Tandem: the SIP gateway, the API and the console.

Without settings it listens on loopback only and keeps everything in one SQLite file. While nobody can sign in yet,
it writes a link that makes the first administrator. For programs, make an API key:
tandem key create admin --scope admin`

// localActor is who the audit log names for changes made on the server's own
// command line.
const localActor = "command line"

// Serve runs a server until ctx ends, then drains it.
func (c Commands) Serve(ctx context.Context, args []string) error {
	cfg, err := config.Parse("tandem serve", serveHelp, args, os.Stdout)
	if errors.Is(err, config.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	a, err := c.start(ctx, cfg)
	if err != nil {
		return err
	}
	<-ctx.Done()
	a.log.Info("stopping; calls that are being set up finish first")
	return drained(ctx, a)
}

func (c Commands) start(ctx context.Context, cfg config.Config) (*App, error) {
	log := cfg.Logger(c.Log)
	a, err := Start(ctx, cfg, log)
	if err != nil {
		return nil, err
	}
	a.askForSetup(ctx)
	log.Info("Tandem serves", "release", Release(), "http", "http://"+a.HTTPAddr(), "sip", a.listenerNames(), "data", cfg.Data)
	return a, nil
}

func drained(ctx context.Context, a *App) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainFor)
	defer cancel()
	return a.Stop(ctx)
}

// CreateKey makes an API key straight in the database: the way to the first.
func (Commands) CreateKey(ctx context.Context, args []string, name string, scopes []tandem.Scope) (tandem.Key, string, error) {
	s, err := open(ctx, "tandem key create", args, true)
	if err != nil {
		return tandem.Key{}, "", err
	}
	k, secret, err := createKey(ctx, s, name, scopes)
	return k, secret, errors.Join(err, s.Close())
}

func createKey(ctx context.Context, s *store.Store, name string, scopes []tandem.Scope) (tandem.Key, string, error) {
	k, secret, err := tandem.NewKey(name, scopes, time.Now().UTC().Truncate(time.Microsecond))
	if err != nil {
		return tandem.Key{}, "", err
	}
	return k, secret, s.CreateKey(ctx, localActor, k)
}

// OpenAPI gives the API's description.
func (Commands) OpenAPI() []byte { return api.Document(Release()) }

// Verify recounts every tally and goal from the calls and lists what differs
// from what is stored.
func (Commands) Verify(ctx context.Context, args []string, asJSON bool, out io.Writer) (bool, error) {
	s, err := open(ctx, "tandem verify", args, false)
	if err != nil {
		return false, err
	}
	report, err := results.NewReader(s, nil).Verify(ctx, "", nil)
	if err = errors.Join(err, s.Close()); err != nil {
		return false, err
	}
	if asJSON {
		enc := json.NewEncoder(out)
		enc.SetIndent("", "  ")
		return report.OK(), enc.Encode(report)
	}
	writeReport(out, report)
	return report.OK(), nil
}

func writeReport(out io.Writer, r results.Report) {
	for _, d := range r.Differences {
		where := "test " + string(d.TestID)
		if d.CallID != "" {
			where += ", call " + string(d.CallID)
		}
		if d.Arm != "" {
			where += fmt.Sprintf(", phase %d, arm %s", d.Phase, d.Arm)
		}
		fmt.Fprintf(out, "%s: %s, %s: stored %s, recomputed %s\n", where, d.Metric, d.What, d.Stored, d.Counts)
	}
	for _, id := range r.Moving {
		fmt.Fprintf(out, "test %s: its calls kept changing while they were read; try again in a quieter moment\n", id)
	}
	if r.More > 0 {
		fmt.Fprintf(out, "and %d more differences\n", r.More)
	}
	if r.GoalsTaken > 0 {
		fmt.Fprintf(out, "%d calls have lost what their goal was judged by, to retention or erasure: their goal was taken as stored\n", r.GoalsTaken)
	}
	fmt.Fprintf(out, "%d tests, %d calls, %d tallies: ", r.Tests, r.Calls, r.Cells)
	if r.OK() {
		fmt.Fprintln(out, "everything agrees")
		return
	}
	fmt.Fprintln(out, "not everything agrees")
}

// open opens the database that args name. A SQLite file that does not exist yet
// is made where create says so (a first key may come before the first start)
// and refused elsewhere: an empty database proves nothing.
func open(ctx context.Context, command string, args []string, create bool) (*store.Store, error) {
	cfg, err := config.Parse(command, "", args, io.Discard)
	if err != nil {
		return nil, err
	}
	if path, isFile := strings.CutPrefix(cfg.Database, "sqlite:"); isFile && !create {
		if _, err := os.Stat(strings.TrimPrefix(path, "//")); err != nil {
			return nil, tandem.Errorf(tandem.NotFound, "database", "cannot be read: %v", err)
		}
	}
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return nil, tandem.Errorf(tandem.Invalid, "data", "cannot be made: %v", err)
	}
	return store.Open(ctx, cfg.Database)
}

// StartLocal starts a server in this process, for demos and trials.
func (c Commands) StartLocal(ctx context.Context, o cli.LocalOptions) (*cli.LocalServer, error) {
	args := []string{"--data=" + o.Data, "--http=" + o.HTTP, "--sip=udp:" + o.SIP + ",tcp:" + o.SIP, "--log-level=warn"}
	if o.Recordings != "" {
		args = append(args, "--recording-hosts="+o.Recordings)
	}
	cfg, err := config.Parse("tandem serve", "", args, io.Discard)
	if err != nil {
		return nil, err
	}
	a, err := Start(ctx, cfg, cfg.Logger(o.Log))
	if err != nil {
		return nil, err
	}
	_, secret, err := createKey(ctx, a.store, "demo "+time.Now().UTC().Format("2006-01-02 15.04.05.000"), []tandem.Scope{tandem.ScopeAdmin})
	if err != nil {
		return nil, errors.Join(err, drained(ctx, a))
	}
	link, err := a.demoLink(ctx)
	if err != nil {
		return nil, errors.Join(err, drained(ctx, a))
	}
	return &cli.LocalServer{URL: "http://" + a.HTTPAddr(), SIP: a.udpAddr(), Key: secret, Link: link, Stop: a.Stop}, nil
}

// udpAddr gives the gateway's first UDP listener.
func (a *App) udpAddr() string {
	for _, l := range a.SIPAddrs() {
		if l.Network == "udp" {
			return l.Addr
		}
	}
	return net.JoinHostPort("127.0.0.1", "0")
}

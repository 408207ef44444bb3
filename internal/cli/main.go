package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/alecthomas/kong"

	"tandem"
	"tandem/internal/cli/client"
)

// commands is the command line.
type commands struct {
	URL  string `help:"Address of the server ($$TANDEM_URL; default http://127.0.0.1:8080)." placeholder:"URL"`
	Key  string `help:"API key. Better given as $$TANDEM_KEY, which other users of this machine cannot see." placeholder:"SECRET"`
	JSON bool   `name:"json" help:"Write JSON."`

	Serve   serveCommand   `cmd:"" passthrough:"" help:"Run the server: SIP gateway, API and console." group:"server"`
	Demo    demoCommand    `cmd:"" help:"Start a server with a sample agent and place calls to it." group:"server"`
	Verify  verifyCommand  `cmd:"" help:"Recompute all results from the calls and compare." group:"server"`
	OpenAPI openapiCommand `cmd:"" name:"openapi" help:"Print the API's OpenAPI document." group:"server"`
	Webhook webhookCommand `cmd:"" help:"Addresses that hear what tests come to." group:"server"`
	Privacy privacyCommand `cmd:"" help:"Personal data: redaction, retention, export, erasure." group:"server"`
	Keys    keyCommand     `cmd:"" name:"key" help:"Make, list and revoke API keys." group:"server"`

	Settings  settingsCommand  `cmd:"" help:"What the workspace has chosen." group:"server"`
	SetupCode setupCodeCommand `cmd:"" help:"Make a code for the first administrator." group:"server"`
	User      userCommand      `cmd:"" help:"Who signs in: invite, list, change, remove." group:"server"`

	Agent agentCommand `cmd:"" help:"Agents, their drafts and versions." group:"experiment"`
	Route routeCommand `cmd:"" help:"Phone numbers and campaigns." group:"experiment"`
	Test  testCommand  `cmd:"" help:"A/B tests: start, split, end." group:"experiment"`
	Goal  goalCommand  `cmd:"" help:"Check goals before they are used." group:"experiment"`
	Plan  planCommand  `cmd:"" help:"How many calls and days a test takes." group:"experiment"`

	Results  resultsCommand  `cmd:"" help:"Results of a test, side by side." group:"reading"`
	Topics   topicsCommand   `cmd:"" help:"A test by groups of its calls: intents, failures, situations." group:"reading"`
	Sample   sampleCommand   `cmd:"" help:"Transcripts at random, side by side." group:"reading"`
	Rate     rateCommand     `cmd:"" help:"Rate pairs of transcripts, blind." group:"reading"`
	Ratings  ratingsCommand  `cmd:"" help:"What people and the judge say." group:"reading"`
	Judge    judgeCommand    `cmd:"" help:"Pairs of calls judged by a language model." group:"reading"`
	Calls    callsCommand    `cmd:"" help:"Calls and what was said in them." group:"reading"`
	Analysis analysisCommand `cmd:"" help:"What was found in calls, and how that goes." group:"reading"`
	Report   reportCommand   `cmd:"" help:"A test's results as a page to pass on." group:"reading"`
	Notices  noticesCommand  `cmd:"" help:"What tests came to, each told once." group:"reading"`
	Calc     calcCommand     `cmd:"" help:"Every test and interval for figures in a file." group:"reading"`

	Replay replayCommand `cmd:"" help:"Play recorded conversations as real SIP calls." group:"recordings"`
	Import importCommand `cmd:"" help:"Load a finished experiment." group:"recordings"`

	Version versionCommand `cmd:"" help:"Print Tandem's version." group:"server"`
}

type versionCommand struct{}

func (*versionCommand) Run(s *session) error {
	return s.show(map[string]string{"version": s.Release}, func() { s.printf("tandem %s\n", s.Release) })
}

// session is one command being run.
type session struct {
	*Env
	ctx context.Context
	cmd *commands
	api *client.Client
}

// exited is how kong's wish to exit travels out of its parser.
type exited int

// Main runs one command and gives the program's exit code.
func Main(ctx context.Context, env Env) (code int) {
	env.defaults()
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(exited)
			if !ok {
				panic(r)
			}
			code = int(e)
		}
	}()
	var cmd commands
	parser, err := newParser(&cmd, &env)
	if err != nil {
		return env.fail(fmt.Errorf("command line: %w", err))
	}
	parsed, err := parser.Parse(env.Args)
	if err != nil {
		return usage(&env, err)
	}
	s := &session{Env: &env, ctx: ctx, cmd: &cmd}
	err = parsed.Run(s)
	if s.api != nil && env.HTTP == nil {
		s.api.Close()
	}
	return env.fail(err)
}

func newParser(cmd *commands, env *Env) (*kong.Kong, error) {
	return kong.New(cmd,
		kong.Name("tandem"),
		kong.Description("A/B testing for phone voice agents.\n\nStart with `tandem demo`. Against your own server, set TANDEM_URL and TANDEM_KEY."),
		kong.Writers(env.Stdout, env.Stderr),
		kong.Exit(func(code int) { panic(exited(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true, WrapUpperBound: 100}),
		kong.ExplicitGroups([]kong.Group{
			{Key: "server", Title: "Server"},
			{Key: "experiment", Title: "Experiments"},
			{Key: "reading", Title: "Reading"},
			{Key: "recordings", Title: "Recordings"},
		}),
	)
}

// usage tells what is wrong with the command line and where help is.
func usage(env *Env, err error) int {
	fmt.Fprintf(env.Stderr, "tandem: %v\n", err)
	at := "tandem"
	if p, ok := errors.AsType[*kong.ParseError](err); ok && p.Context != nil {
		if path := p.Context.Command(); path != "" {
			at += " " + commandWords(path)
		}
	}
	fmt.Fprintf(env.Stderr, "Run `%s --help` for what it takes.\n", at)
	return exitUsage
}

// fail tells err, if there is one, and gives the exit code.
func (e *Env) fail(err error) int {
	if err == nil {
		return exitOK
	}
	if errors.Is(err, errDiffers) {
		return exitFailed // already told
	}
	for _, line := range explain(err) {
		fmt.Fprintln(e.Stderr, "tandem: "+line)
	}
	switch tandem.CodeOf(err) {
	case tandem.Unavailable:
		return exitAway
	default:
		return exitFailed
	}
}

// client gives the client of the server that the command is told of.
func (s *session) client() (*client.Client, error) {
	if s.api != nil {
		return s.api, nil
	}
	address := first(s.cmd.URL, s.Getenv("TANDEM_URL"), "http://127.0.0.1:8080")
	var err error
	s.api, err = client.New(address, first(s.cmd.Key, s.Getenv("TANDEM_KEY")), s.HTTP)
	return s.api, err
}

// server gives what only a program with a server inside can do.
func (s *session) server() (Server, error) {
	if s.Server == nil {
		return nil, tandem.Errorf(tandem.Invalid, "", "this program has no server inside")
	}
	return s.Server, nil
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

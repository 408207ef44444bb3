package cli

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"tandem"
	"tandem/internal/replay"
)

type replayCommand struct {
	File        string `arg:"" help:"Conversations as JSON lines, gzipped or not." type:"existingfile"`
	Route       string `required:"" help:"Phone number to call." placeholder:"NUMBER"`
	SIP         string `name:"sip" help:"The gateway (default 127.0.0.1:5060)." default:"127.0.0.1:5060" placeholder:"HOST:PORT"`
	Transport   string `help:"udp or tcp." enum:"udp,tcp" default:"udp"`
	Username    string `help:"Digest user name, if the gateway asks for one." placeholder:"NAME"`
	Speed       speed  `help:"How many times faster than recorded the calls are held, or max (default 1)." default:"1" placeholder:"N"`
	Concurrency int    `help:"Calls at once (default 50)." default:"50" placeholder:"N"`
	Limit       int    `help:"Conversations to play; 0 is all." placeholder:"N"`
	Agent       string `help:"Where the agent end point listens: the address that the versions' targets name." placeholder:"HOST:PORT"`
	Setup       bool   `help:"Make an agent with two versions that reach the end point, the route and a test, where they are missing."`
	Password    string `help:"Digest password. Better given as $$TANDEM_SIP_PASSWORD." placeholder:"SECRET"`
}

func (*replayCommand) Help() string {
	return `Each conversation becomes a real SIP call to the number, through the gateway, to an agent end
point that this command also plays: answered, held as long as recorded (or faster), ended by the
side that ended it. Then transcript, outcome and analysis are reported as a platform would. The
conversation's id travels in the header X-Replay-Id; the key needs the scopes read, ingest and
write.

  tandem replay calls.jsonl.gz --route +14155550100 --setup --speed max
  tandem replay calls.jsonl --route +14155550100 --agent 192.0.2.7:5070 --speed 10`
}

// speed is a factor; 0 is as fast as possible.
type speed float64

// UnmarshalText reads a factor or max.
func (v *speed) UnmarshalText(text []byte) error {
	if string(text) == "max" {
		*v = 0
		return nil
	}
	x, err := strconv.ParseFloat(string(text), 64)
	if err != nil || !(x > 0) {
		return fmt.Errorf("%q is no speed; expected a factor such as 10, or max", text)
	}
	*v = speed(x)
	return nil
}

// replayGrace is how long calls in progress may go on after Ctrl-C.
const replayGrace = 3 * time.Second

// replayPlan is what --setup makes.
func replayPlan(number string) plan {
	return plan{
		agent: "replay", versions: 2, number: number, name: "replay", goal: "fields." + replay.FieldSuccess + " == true",
		note: func(n int) string { return "Plays what was recorded, version " + strconv.Itoa(n) },
		draft: func(n int, uri string) tandem.Content {
			return tandem.Content{
				Prompt: "Plays recorded conversations.", Fields: replayFields(),
				Target: tandem.Target{Kind: tandem.TargetSIP, SIP: &tandem.SIPTarget{URI: uri, Headers: map[string]string{"X-Version": strconv.Itoa(n)}}},
			}
		},
	}
}

// replayFields are the analysis values that recordings give.
func replayFields() []tandem.Field {
	return []tandem.Field{
		{Name: replay.FieldSuccess, Type: tandem.Boolean, Instruction: "The caller got what they wanted"},
		{Name: replay.FieldTurns, Type: tandem.Number, Instruction: "Turns spoken"},
		{Name: replay.FieldBargeIns, Type: tandem.Number, Instruction: "Agent turns that the caller interrupted"},
	}
}

func (c *replayCommand) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	player, number, err := c.player(s)
	if err != nil {
		return err
	}
	bar := newProgress(s.Env)
	sum, err := player.Run(s.ctx, replay.Calls(replay.ReadFile(c.File), number, c.Limit), c.Concurrency, replayGrace, api, func(sum replay.Summary) {
		bar.show(fmt.Sprintf("%d placed, %d answered, %d failed, %d reported", sum.Placed, sum.Answered, sum.Failed, sum.Posted))
	})
	bar.done()
	err = errors.Join(err, player.Close())
	if serr := s.show(sum, func() { s.printf("%s", summaryText(sum)) }); serr != nil {
		return serr
	}
	if err == nil && sum.Posted < sum.Placed {
		err = tandem.Errorf(tandem.Invalid, "", "%d of %d calls were not played and reported", sum.Placed-sum.Posted, sum.Placed)
	}
	return err
}

// player opens both ends of the calls and gives the number to call.
func (c *replayCommand) player(s *session) (*replay.Player, string, error) {
	api, err := s.client()
	if err != nil {
		return nil, "", err
	}
	p := replayPlan(c.Route)
	if c.Setup && c.Agent == "" {
		if c.Agent, err = p.agentAddress(s.ctx, api); err != nil {
			return nil, "", err
		}
	}
	if !c.Setup && c.Agent == "" {
		return nil, "", tandem.Errorf(tandem.Invalid, "--agent", "is missing; expected the address that the versions' targets name, or --setup")
	}
	player, err := replay.NewPlayer(replay.Config{
		Gateway: c.SIP, Transport: c.Transport, Username: c.Username, Password: first(c.Password, s.Getenv("TANDEM_SIP_PASSWORD")),
		Agent: c.Agent, Speed: float64(c.Speed),
	})
	if err != nil {
		return nil, "", err
	}
	number, err := c.prepare(s, p, player)
	if err != nil {
		return nil, "", errors.Join(err, player.Close())
	}
	return player, number, nil
}

func (c *replayCommand) prepare(s *session, p plan, player *replay.Player) (string, error) {
	if err := player.Check(s.ctx); err != nil {
		return "", err
	}
	api, err := s.client()
	if err != nil {
		return "", err
	}
	if c.Setup {
		if err := p.apply(s.ctx, api, func(n int) string { return player.AgentURI("replay-" + strconv.Itoa(n)) }); err != nil {
			return "", err
		}
	}
	route, err := api.Route(s.ctx, c.Route)
	if err != nil {
		return "", err
	}
	if route.Number == "" {
		return "", tandem.Errorf(tandem.Invalid, "--route", "is the campaign %s; calls can be placed only to a number", route.Name)
	}
	return route.Number, nil
}

func summaryText(sum replay.Summary) string {
	var out lines
	rate := ""
	if sec := sum.Elapsed.Seconds(); sec > 0 {
		rate = fmt.Sprintf(", %.1f calls/s", float64(sum.Placed)/sec)
	}
	out.add("%d calls placed in %s%s", sum.Placed, sum.Elapsed.Round(100*time.Millisecond), rate)
	out.add("%d answered and played to their end", sum.Answered)
	out.add("%d failed", sum.Failed)
	out.add("%d outcomes reported", sum.Posted)
	for _, text := range slices.Sorted(maps.Keys(sum.Errors)) {
		out.add("  %d x %s", sum.Errors[text], text)
	}
	return out.String() + "\n"
}

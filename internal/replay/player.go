package replay

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"net"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"

	"tandem"
)

// Config says how a [Player] plays.
type Config struct {
	// Gateway is where calls are placed: "host:port".
	Gateway string
	// Transport is udp (default) or tcp.
	Transport string
	// Username and Password answer a digest challenge of the gateway, if any.
	Username, Password string
	// Agent is the address at which the agent end point listens; default: a
	// free port of the address that faces the gateway.
	Agent string
	// Speed is how many times faster than recorded the calls are held; 0 holds
	// them not at all.
	Speed float64
	// AnswerTimeout bounds the time from INVITE to answer; default 10 s.
	AnswerTimeout time.Duration
	// Log receives what the SIP stack has to say; default: nothing.
	Log *slog.Logger
}

const defaultAnswerTimeout = 10 * time.Second

// Player plays both ends of conversations as SIP calls through a gateway.
type Player struct {
	cfg    Config
	caller *caller
	agent  *agent

	mu      sync.Mutex
	pending map[string]*pending
	copies  int
}

// quiet keeps the SIP stack from writing to the program's own log: some of its
// parts know no other logger than the stack's default.
var quiet sync.Once

// NewPlayer opens both ends. Its errors are about addresses: Invalid with
// fields "gateway" and "transport", or what the system refuses to listen on.
func NewPlayer(cfg Config) (*Player, error) {
	p, err := prepare(cfg)
	if err != nil {
		return nil, err
	}
	p.serve()
	return p, nil
}

func (p *Player) serve() {
	p.caller.serve()
	p.agent.serve()
}

// prepare opens both ends and does not serve yet.
func prepare(cfg Config) (*Player, error) {
	if cfg.Transport == "" {
		cfg.Transport = "udp"
	}
	if cfg.Transport != "udp" && cfg.Transport != "tcp" {
		return nil, tandem.Errorf(tandem.Invalid, "transport", "is %q; expected udp or tcp", cfg.Transport)
	}
	if cfg.AnswerTimeout == 0 {
		cfg.AnswerTimeout = defaultAnswerTimeout
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	quiet.Do(func() { sip.SetDefaultLogger(cfg.Log) })
	gateway, local, err := locate(cfg.Gateway)
	if err != nil {
		return nil, err
	}
	if cfg.Agent == "" {
		cfg.Agent = net.JoinHostPort(local, "0")
	}
	p := &Player{cfg: cfg, pending: map[string]*pending{}}
	ear, err := newEndpoint("caller", net.JoinHostPort(local, "0"), cfg.Log)
	if err != nil {
		return nil, err
	}
	other, err := newEndpoint("agent", cfg.Agent, cfg.Log)
	if err != nil {
		return nil, errors.Join(err, ear.close())
	}
	p.caller = newCaller(ear, gateway, cfg.Transport, cfg.Username, cfg.Password)
	p.agent = newAgent(other, p.find)
	return p, nil
}

// locate reads the gateway's address and finds the local one that faces it.
func locate(gateway string) (sip.Uri, string, error) {
	host, port, err := net.SplitHostPort(gateway)
	n, perr := strconv.Atoi(port)
	if err != nil || perr != nil || n < 1 || n > 65535 || host == "" {
		return sip.Uri{}, "", tandem.Errorf(tandem.Invalid, "gateway", "is %q; expected host:port such as 127.0.0.1:5060", gateway)
	}
	probe, err := net.Dial("udp", gateway) // sends nothing: it only asks for the way
	if err != nil {
		return sip.Uri{}, "", tandem.Errorf(tandem.Invalid, "gateway", "%q cannot be reached: %w", gateway, err)
	}
	local := probe.LocalAddr().(*net.UDPAddr).IP.String()
	_ = probe.Close()
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	return sip.Uri{Scheme: "sip", Host: host, Port: n}, local, nil
}

// AgentURI is a target that reaches the player's agent. user may be empty.
func (p *Player) AgentURI(user string) string {
	if user != "" {
		user = strings.ReplaceAll(url.QueryEscape(user), "+", "%20") + "@"
	}
	return fmt.Sprintf("sip:%s%s:%d", user, p.agent.host(), p.agent.addr.Port())
}

// Check asks the gateway whether it is there; Unavailable if it does not
// answer within three seconds.
func (p *Player) Check(ctx context.Context) error { return p.caller.check(ctx) }

// Call is a call to place.
type Call struct {
	// ID is what the agent end point learns the conversation by.
	ID string
	// Number is the number that is called.
	Number string
	// From is the caller's number; empty withholds it.
	From string
	// Script decides how the conversation goes once the agent is reached.
	Script Script
}

// Play places one call, holds it for the conversation's length divided by the
// speed, and returns once it has ended. ctx ending hangs up. An error means
// that the conversation did not take place as the script has it.
func (p *Player) Play(ctx context.Context, c Call) (Played, error) {
	id, w := p.expect(c)
	defer p.forget(id)
	from := c.From
	if from == "" {
		from = "anonymous"
	}
	session, err := p.caller.dial(ctx, p.cfg.AnswerTimeout, c.Number, from, id)
	if err != nil {
		return Played{}, err
	}
	defer p.caller.forget(session)
	leg, conv, answered, ok := w.conversation()
	if !ok {
		return Played{}, errors.Join(
			tandem.Errorf(tandem.Unavailable, "", "the call to %s was answered by someone other than the replay's agent", c.Number),
			p.caller.hangUp(ctx, session))
	}
	early := p.hold(ctx, session.Context(), conv)
	err = p.caller.hangUp(ctx, session)
	switch {
	case ctx.Err() != nil:
		return Played{}, ctx.Err()
	case err != nil:
		return Played{}, fmt.Errorf("end the call to %s: %w", c.Number, err)
	case early:
		return Played{}, tandem.Errorf(tandem.Unavailable, "", "the call to %s did not end as recorded", c.Number)
	}
	return Played{
		Conversation: conv, CallID: leg.CallID, User: leg.User, Headers: leg.Headers,
		AnsweredAt: answered, EndedAt: time.Now(),
	}, nil
}

// patience is how much longer than the conversation the caller waits for the
// agent's BYE: as long as a SIP transaction may take (timer F).
const patience = 32 * time.Second

// hold keeps the caller on the line and says whether the conversation ended in
// another way than it should: the agent left early, or never did.
func (p *Player) hold(ctx, dialog context.Context, c Conversation) (early bool) {
	if callerEnds(c) {
		return !wait(p.length(c), dialog, ctx)
	}
	return wait(p.length(c)+patience, dialog, ctx) || dialog.Err() == nil
}

func (p *Player) length(c Conversation) time.Duration {
	if p.cfg.Speed <= 0 {
		return 0
	}
	return time.Duration(float64(c.Length()) / p.cfg.Speed)
}

// expect notes a call that the agent is to take and gives the id that the call
// carries: the conversation's, made unique while the same one is being played,
// and free of what a header cannot carry.
func (p *Player) expect(c Call) (string, *pending) {
	w := &pending{script: c.Script, hold: p.length}
	id := c.ID
	if strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		id = url.PathEscape(id)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pending[id] != nil {
		p.copies++
		id += "#" + strconv.Itoa(p.copies)
	}
	p.pending[id] = w
	return id, w
}

func (p *Player) find(id string) *pending {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.pending[id]
}

func (p *Player) forget(id string) {
	p.mu.Lock()
	delete(p.pending, id)
	p.mu.Unlock()
}

// Close closes both ends. Calls in progress must have been ended, by ending
// the contexts they are played in.
func (p *Player) Close() error {
	return errors.Join(p.agent.close(), p.caller.close())
}

// CallerNumber gives a number to call from that stays the same for one caller:
// their own if they are known by one, else a fictional one made from what they
// are known by.
func (c Conversation) CallerNumber() string {
	if c.CallerID == "" || tandem.ValidE164(c.CallerID) {
		return c.CallerID
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(c.CallerID))
	return fmt.Sprintf("+1555%07d", h.Sum32()%10_000_000) // 555 is no area code
}

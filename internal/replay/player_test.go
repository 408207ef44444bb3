package replay

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
	"github.com/google/go-cmp/cmp"

	"tandem"
)

// talk is a conversation of the given length that by ends.
func talk(id string, by tandem.EndedBy, length time.Duration) Conversation {
	ms := length.Milliseconds()
	return Conversation{
		ID: id, By: by, DurationMS: &ms, CallerID: "someone",
		Turns: []tandem.Turn{{Role: tandem.RoleAgent, Text: "Hello"}, {Role: tandem.RoleCaller, Text: "Bye"}},
	}
}

func scripted(c Conversation) Script { return func(Leg) Conversation { return c } }

// freePort finds a port that both UDP and TCP of ip can listen on.
func freePort(t *testing.T, ip string) string {
	t.Helper()
	udp, tcp, err := listenBoth(net.JoinHostPort(ip, "0"))
	if err != nil {
		t.Fatal(err)
	}
	defer udp.Close()
	defer tcp.Close()
	return udp.LocalAddr().String()
}

// direct is a player whose caller calls its own agent, without a gateway.
func direct(t *testing.T, cfg Config, before ...func(*Player)) *Player {
	t.Helper()
	if cfg.Gateway == "" {
		cfg.Gateway = freePort(t, "127.0.0.1")
	}
	cfg.Agent = cfg.Gateway
	return open(t, cfg, before...)
}

// open makes a player; before is told of it before it reads messages.
func open(t *testing.T, cfg Config, before ...func(*Player)) *Player {
	t.Helper()
	p, err := prepare(cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range before {
		f(p)
	}
	p.serve()
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return p
}

func TestCallsAreHeldAndEndedByTheSideThatEndedThem(t *testing.T) {
	for name, tc := range map[string]struct {
		cfg Config
		by  tandem.EndedBy
	}{
		"the caller hangs up, UDP":           {Config{Speed: 10}, tandem.ByCaller},
		"the agent hangs up, UDP":            {Config{Speed: 10}, tandem.ByAgent},
		"the system ends it, UDP":            {Config{Speed: 10}, tandem.BySystem},
		"the caller hangs up, TCP":           {Config{Speed: 10, Transport: "tcp"}, tandem.ByCaller},
		"the agent hangs up, TCP":            {Config{Speed: 10, Transport: "tcp"}, tandem.ByAgent},
		"the caller hangs up at once":        {Config{}, tandem.ByCaller},
		"the agent hangs up at once":         {Config{}, tandem.ByAgent},
		"the agent hangs up at once, by TCP": {Config{Transport: "tcp"}, tandem.ByAgent},
	} {
		t.Run(name, func(t *testing.T) {
			var byes arrivals
			p := direct(t, tc.cfg, byes.watch)
			c := talk("t/1", tc.by, time.Second)
			got, err := p.Play(t.Context(), Call{ID: c.ID, Number: "+14155550100", From: "+15550001111", Script: scripted(c)})
			if err != nil {
				t.Fatal(err)
			}
			if got.User != "+14155550100" || got.Headers[HeaderReplay] != "t/1" {
				t.Errorf("the agent saw user %q and headers %v", got.User, got.Headers)
			}
			if d := got.EndedAt.Sub(got.AnsweredAt); tc.cfg.Speed > 0 && d < 100*time.Millisecond {
				t.Errorf("a second at speed 10 was held for %v", d)
			}
			want := "caller"
			if tc.by == tandem.ByCaller {
				want = "agent"
			}
			if got := byes.at(); got != want {
				t.Errorf("BYE arrived at the %s; expected at the %s", got, want)
			}
		})
	}
}

// arrivals tells which ends received a BYE.
type arrivals struct {
	mu   sync.Mutex
	ends []string
}

func (a *arrivals) watch(p *Player) {
	note := func(end string, next sipgo.RequestHandler) sipgo.RequestHandler {
		return func(req *sip.Request, tx sip.ServerTransaction) {
			a.mu.Lock()
			a.ends = append(a.ends, end)
			a.mu.Unlock()
			next(req, tx)
		}
	}
	p.caller.server.OnBye(note("caller", p.caller.onBye))
	p.agent.server.OnBye(note("agent", p.agent.onBye))
}

func (a *arrivals) at() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return strings.Join(a.ends, ",")
}

func TestIPv6Works(t *testing.T) {
	if l, err := net.Listen("tcp", "[::1]:0"); err != nil {
		t.Skip("this machine has no IPv6 loopback:", err)
	} else {
		_ = l.Close()
	}
	p := direct(t, Config{Gateway: freePort(t, "::1")})
	c := talk("six", tandem.ByAgent, 0)
	if err := p.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := p.Play(t.Context(), Call{ID: c.ID, Number: "+14155550100", Script: scripted(c)}); err != nil {
		t.Error(err)
	}
}

func TestManyCallsAtOnce(t *testing.T) {
	p := direct(t, Config{})
	var wg sync.WaitGroup
	errs := make(chan error, 200)
	for i := range 200 {
		wg.Go(func() {
			by := []tandem.EndedBy{tandem.ByCaller, tandem.ByAgent}[i%2]
			c := talk(fmt.Sprint("n", i/4), by, 0) // four at a time share an id
			_, err := p.Play(t.Context(), Call{ID: c.ID, Number: "+14155550100", Script: scripted(c)})
			errs <- err
		})
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
	if n := len(p.pending); n != 0 {
		t.Errorf("%d calls are still expected", n)
	}
}

func TestStoppingHangsUp(t *testing.T) {
	p := direct(t, Config{Speed: 1})
	ctx, cancel := context.WithCancel(t.Context())
	c := talk("long", tandem.ByAgent, time.Hour)
	c2 := c
	_, err := p.Play(ctx, Call{ID: c.ID, Number: "+14155550100", Script: func(Leg) Conversation {
		time.AfterFunc(50*time.Millisecond, cancel)
		return c2
	}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v; expected context.Canceled", err)
	}
}

func TestWhoDoesNotAnswerIsNamed(t *testing.T) {
	p := open(t, Config{Gateway: freePort(t, "127.0.0.1")})
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	err := p.Check(ctx)
	if tandem.CodeOf(err) != tandem.Unavailable || !strings.Contains(err.Error(), "does not answer SIP over udp") {
		t.Errorf("got %v", err)
	}
}

func TestACallThatNobodyAnswersIsGivenUp(t *testing.T) {
	for name, ring := range map[string]bool{"nothing is heard": false, "it only rings": true} {
		t.Run(name, func(t *testing.T) {
			cancelled := make(chan bool, 1)
			p := direct(t, Config{AnswerTimeout: 200 * time.Millisecond}, func(p *Player) {
				p.agent.server.OnInvite(func(req *sip.Request, tx sip.ServerTransaction) {
					if ring {
						tx.OnCancel(func(*sip.Request) { cancelled <- true })
						answer(req, tx, sip.StatusRinging, "Ringing")
					}
					<-tx.Done()
				})
			})
			_, err := p.Play(t.Context(), Call{ID: "x", Number: "+14155550100", Script: scripted(Conversation{})})
			if err == nil || !strings.Contains(err.Error(), "was not answered within 200ms") {
				t.Errorf("got %v", err)
			}
			if ring {
				<-cancelled
			}
		})
	}
}

func TestARefusalIsAnErrorWithTheStatus(t *testing.T) {
	p := direct(t, Config{}, func(p *Player) {
		p.agent.server.OnInvite(func(req *sip.Request, tx sip.ServerTransaction) { answer(req, tx, 403, "Forbidden") })
	})
	_, err := p.Play(t.Context(), Call{ID: "x", Number: "+14155550100", Script: scripted(Conversation{})})
	if err == nil || !strings.Contains(err.Error(), "403 Forbidden") {
		t.Errorf("got %v", err)
	}
}

func TestBadAddressesAreRefused(t *testing.T) {
	for _, cfg := range []Config{{Gateway: "nowhere"}, {Gateway: "127.0.0.1:0"}, {Gateway: ":5060"}, {Gateway: "127.0.0.1:5060", Transport: "smoke"}} {
		p, err := NewPlayer(cfg)
		if tandem.CodeOf(err) != tandem.Invalid {
			t.Errorf("%+v: got %v; expected Invalid", cfg, err)
		}
		if p != nil {
			_ = p.Close()
		}
	}
}

// redirector is a gateway that sends every call on to the agent with a 302.
func redirector(t *testing.T) (addr string, agent *atomic.Value) {
	t.Helper()
	agent = new(atomic.Value)
	e, err := newEndpoint("gateway", "127.0.0.1:0", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.close() })
	e.server.OnAck(func(*sip.Request, sip.ServerTransaction) {})
	e.server.OnInvite(func(req *sip.Request, tx sip.ServerTransaction) {
		id := tandem.DeriveCallID("sip", req.CallID().Value(), time.Now())
		res := sip.NewResponseFromRequest(req, 302, "Moved Temporarily", nil)
		res.AppendHeader(sip.NewHeader("Contact", "<"+agent.Load().(string)+"?X-Tandem-Call="+string(id)+"&X-Version=a%20b&Subject=no>"))
		_ = tx.Respond(res)
	})
	e.serve()
	return e.addr.String(), agent
}

// posts keeps what was posted.
type posts struct {
	mu     sync.Mutex
	events []tandem.Event
}

func (p *posts) Post(_ context.Context, events []tandem.Event) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.events = append(p.events, events...)
	return nil
}

func seq(calls []Conversation) iter.Seq2[Conversation, error] {
	return func(yield func(Conversation, error) bool) {
		for _, c := range calls {
			if !yield(c, nil) {
				return
			}
		}
	}
}

func TestRunPlaysAndPostsEachCallOnce(t *testing.T) {
	gateway, agent := redirector(t)
	p := open(t, Config{Gateway: gateway})
	agent.Store(p.AgentURI("v1"))
	var all []Conversation
	for i := range 40 {
		all = append(all, talk(fmt.Sprint("c", i), []tandem.EndedBy{tandem.ByCaller, tandem.ByAgent}[i%2], time.Minute))
	}
	var post posts
	ticks := 0
	sum, err := p.Run(t.Context(), Calls(seq(all), "+14155550100", 30), 8, 0, &post, func(Summary) { ticks++ })
	if err != nil {
		t.Fatal(err)
	}
	sum.Elapsed = 0
	if diff := cmp.Diff(Summary{Placed: 30, Answered: 30, Posted: 30}, sum); diff != "" {
		t.Error(diff)
	}
	if ticks != 30 {
		t.Errorf("progress was told %d times of 30 calls", ticks)
	}
	ended := map[string]tandem.EndedBy{}
	for _, e := range post.events {
		if err := e.Validate(); err != nil {
			t.Errorf("event %s: %v", e.ID, err)
		}
		if e.Kind == tandem.EventEnded {
			ended[string(e.CallID)] = e.Ended.By
			if *e.Ended.DurationMS != 60_000 {
				t.Errorf("duration %d ms was reported; 60000 was recorded", *e.Ended.DurationMS)
			}
		}
	}
	if len(ended) != 30 {
		t.Errorf("%d calls ended; expected 30", len(ended))
	}
}

func TestTheAgentSeesTheHeadersThatTheGatewayAdds(t *testing.T) {
	gateway, agent := redirector(t)
	p := open(t, Config{Gateway: gateway})
	agent.Store(p.AgentURI("front desk@2"))
	c := talk("h", tandem.ByCaller, 0)
	got, err := p.Play(t.Context(), Call{ID: "odd id\r\n", Number: "+14155550100", Script: scripted(c)})
	if err != nil {
		t.Fatal(err)
	}
	if got.Headers["X-Version"] != "a b" || !got.CallID.Valid() || got.Headers[HeaderReplay] != "odd%20id%0D%0A" {
		t.Errorf("headers %v", got.Headers)
	}
	if user, err := url.PathUnescape(got.User); err != nil || user != "front desk@2" {
		t.Errorf("user %q", got.User)
	}
}

func TestWithoutAGatewayNothingIsPosted(t *testing.T) {
	p := direct(t, Config{})
	var post posts
	sum, err := p.Run(t.Context(), Calls(seq([]Conversation{talk("a", tandem.ByCaller, 0)}), "+14155550100", 0), 1, 0, &post, nil)
	if err != nil || len(post.events) != 0 || sum.Answered != 1 || sum.Posted != 0 || len(sum.Errors) != 1 {
		t.Errorf("summary %+v, %d events, error %v", sum, len(post.events), err)
	}
}

func TestRunEndsWhenToldAndLetsCallsFinish(t *testing.T) {
	p := direct(t, Config{Speed: 1})
	ctx, cancel := context.WithCancel(t.Context())
	endless := func(yield func(Conversation, error) bool) {
		for i := 0; yield(talk(fmt.Sprint(i), tandem.ByCaller, 200*time.Millisecond), nil); i++ {
		}
	}
	time.AfterFunc(100*time.Millisecond, cancel)
	sum, err := p.Run(ctx, Calls(endless, "+14155550100", 0), 4, 10*time.Second, &posts{}, nil)
	if !errors.Is(err, context.Canceled) || sum.Placed == 0 || sum.Failed != 0 {
		t.Errorf("got %+v, %v; expected cancelled with no failed call", sum, err)
	}
}

func TestTheAgentTakesATestCall(t *testing.T) {
	p := direct(t, Config{})
	ctx, cancel := context.WithTimeout(context.Background(), defaultAnswerTimeout)
	defer cancel()
	target := *p.caller.gateway.Clone()
	target.User = "front-desk"
	if _, err := p.caller.invite(&dialling{ctx: ctx}, target, "udp", "somebody", nil); err == nil {
		t.Fatal("a call that is neither replayed nor a test is taken")
	}
	session, err := p.caller.invite(&dialling{ctx: ctx}, target, "udp", "tester", []sip.Header{sip.NewHeader(HeaderTest, "yes")})
	if err != nil {
		t.Fatal(err)
	}
	defer p.caller.forget(session)
	if err := p.caller.hangUp(ctx, session); err != nil {
		t.Error(err)
	}
}

package sip

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"tandem"
	"tandem/internal/assign"
	"tandem/internal/sip/wire"
)

// Assigner decides which version takes a call; false when no route has the
// number.
type Assigner interface {
	Assign(r assign.Request) (assign.Decision, bool)
}

// Recorder takes the gateway's events. It never blocks.
type Recorder interface {
	Record(e tandem.Event)
}

// Gateway is the SIP gateway. Make it with New; Start and Stop it once.
type Gateway struct {
	cfg      Config
	assigner Assigner
	recorder Recorder
	log      *slog.Logger

	listeners []*listener
	ours      map[string]*listener // by "host:port"
	table     table
	streams   *streams
	resolver  *resolver
	targets   targets
	numbers   numbers
	admission admission
	overload  overload
	transfers transfers
	stats     counters

	tokenKey, branchKey, tagKey *key
	node                        uint32 // tells this process's tokens from others'
	retryAfter                  string
	born                        time.Time
	draining                    atomic.Bool
	workers                     sync.Pool

	readers sync.WaitGroup // UDP readers
	running sync.WaitGroup // everything else
	stop    context.CancelFunc
	stopped context.Context
}

// New makes a gateway. It gives an Invalid error that names the field of cfg
// at fault.
func New(cfg Config, a Assigner, r Recorder, log *slog.Logger) (*Gateway, error) {
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	cfg.Timers.defaults()
	cfg.Limits.defaults(runtime.GOMAXPROCS(0))
	g := &Gateway{
		cfg: cfg, assigner: a, recorder: r, log: log,
		numbers:    numbers{region: cfg.Region},
		overload:   overload{queue: cfg.Limits.Queue, spike: cfg.Limits.Spike},
		tokenKey:   newKey(cfg.Secret, "route"),
		branchKey:  newKey(cfg.Secret, "branch"),
		tagKey:     newKey(cfg.Secret, "tag"),
		node:       rand.Uint32(),
		born:       time.Now(),
		retryAfter: "Retry-After: " + strconv.Itoa(max(1, int(cfg.Limits.RetryAfter.Seconds()))) + crlf,
	}
	g.admission = admission{trunks: cfg.Trunks, digest: &digest{key: newKey(cfg.Secret, "nonce"), life: cfg.Timers.Nonce, now: time.Now}}
	g.table.init(0)
	g.streams = newStreams(g, cfg.Limits.Connections)
	g.resolver = newResolver(net.DefaultResolver, time.Now)
	g.stopped, g.stop = context.WithCancel(context.Background())
	return g, nil
}

// Start binds the listeners and begins to answer. After an error nothing is
// left running.
func (g *Gateway) Start(ctx context.Context) error {
	for _, c := range g.cfg.Listen {
		l, err := g.open(ctx, c)
		if err != nil {
			for _, l := range g.listeners {
				l.close()
			}
			g.listeners = nil
			return err
		}
		g.listeners = append(g.listeners, l)
	}
	g.ours = g.names()
	for _, l := range g.listeners {
		for i, s := range l.socks {
			g.readers.Go(func() { s.read(g.newWorker(i)) })
		}
		if l.stream != nil {
			g.running.Go(func() { l.acceptLoop() })
		}
	}
	g.running.Go(g.tickLoop)
	return nil
}

// Addrs gives the addresses as bound, with the ports that port 0 became.
func (g *Gateway) Addrs() []Listener {
	var out []Listener
	for _, l := range g.listeners {
		out = append(out, Listener{Network: l.network, Addr: l.addr.String(), Advertise: l.hostport})
	}
	return out
}

// drainPoll is how often a draining gateway looks whether it is done.
const drainPoll = 50 * time.Millisecond

// Stop refuses new calls, waits until every request in hand has its final
// answer or ctx ends, then closes everything and waits for its goroutines. It
// gives ctx's error when calls were cut off.
func (g *Gateway) Stop(ctx context.Context) error {
	g.draining.Store(true)
	err := g.drain(ctx)
	g.stop()
	for _, l := range g.listeners {
		if l.stream != nil {
			_ = l.stream.Close()
		}
		for _, s := range l.socks {
			s.stop()
		}
	}
	// In this order, so that nobody who still runs finds closed what he needs.
	g.readers.Wait()
	g.streams.close()
	g.running.Wait()
	g.resolver.close()
	for _, l := range g.listeners {
		l.close()
	}
	return err
}

func (g *Gateway) drain(ctx context.Context) error {
	poll := time.NewTicker(drainPoll)
	defer poll.Stop()
	for {
		if !g.table.inHand() {
			return nil
		}
		select {
		case <-poll.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (l *listener) close() {
	for _, s := range l.socks {
		s.close()
	}
	if l.stream != nil {
		_ = l.stream.Close()
	}
}

func (l *listener) acceptLoop() {
	for {
		c, err := l.stream.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // out of descriptors: wait for some to be closed
			select {
			case <-l.g.stopped.Done():
				return
			case <-time.After(drainPoll):
			}
			continue
		}
		l.g.streams.accept(c, l)
	}
}

// tickLoop drives the transactions' timers and looks at the limits.
func (g *Gateway) tickLoop() {
	t := time.NewTicker(tickLength)
	defer t.Stop()
	w := g.newWorker(0)
	for {
		select {
		case <-g.stopped.Done():
			return
		case <-t.C:
		}
		w.begin()
		held, pending := 0, 0
		for i := range g.table.shards {
			sh := &g.table.shards[i]
			sh.mu.Lock()
			sh.wheel.advance(w, w.tick)
			held += len(sh.servers) + len(sh.clients)
			pending += sh.pending
			sh.mu.Unlock()
		}
		g.overload.full.Store(held >= g.cfg.Limits.Transactions || pending >= g.cfg.Limits.Pending)
	}
}

// later runs fn soon, outside all locks, before Stop returns.
func (g *Gateway) later(fn func(*worker)) {
	if g.stopped.Err() != nil {
		return
	}
	g.running.Go(func() {
		w := g.borrow()
		fn(w)
		g.giveBack(w)
	})
}

// worker is what handling one message after another needs: the time and
// memory to use again. It belongs to one goroutine.
type worker struct {
	g     *Gateway
	index int // of the socket to send from
	now   time.Time
	tick  tick
	m     wire.Message // the message in hand
	n     wire.Message // a stored request that it leads back to
	out   []byte       // a message being written
	reply []byte
	part  [3][]byte // parts of it: Request-URI, Via, Record-Route
	add   []byte    // header lines to add
	edits edits
}

func (g *Gateway) newWorker(index int) *worker {
	w := &worker{g: g, index: index}
	w.begin()
	return w
}

// begin takes the time for what comes next.
func (w *worker) begin() {
	w.now = time.Now()
	w.tick = tick(w.now.Sub(w.g.born) / tickLength)
}

func (w *worker) after(d time.Duration) tick {
	return w.tick + tick((d+tickLength-1)/tickLength)
}

// borrow gives a worker to a goroutine that has none.
func (g *Gateway) borrow() *worker {
	if w, ok := g.workers.Get().(*worker); ok {
		w.begin()
		return w
	}
	return g.newWorker(0)
}

func (g *Gateway) giveBack(w *worker) { g.workers.Put(w) }

package sip

import (
	"crypto/tls"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"tandem"
)

// Networks that a Listener may have.
const (
	UDP = "udp"
	TCP = "tcp"
	TLS = "tls"
)

// Config says how the gateway listens, whom it admits and where its limits
// are. Zero values of Timers and Limits fields take the defaults.
type Config struct {
	Listen []Listener
	// TLS holds the certificate for tls listeners and the roots for outgoing
	// connections; it may be nil when neither is used.
	TLS    *tls.Config
	Trunks []Trunk
	// Secret is shared by all nodes, 32 bytes: it signs Record-Route tokens,
	// branches and digest nonces.
	Secret []byte
	// Region is the country (ISO 3166, such as "US") by which national numbers
	// are read; "" understands international ones only.
	Region string
	Timers Timers
	Limits Limits
}

// Listener is an address that the gateway listens on.
type Listener struct {
	Network string // UDP, TCP or TLS
	// Addr is "host:port"; an empty host is every IPv4 address, "[::]" every
	// IPv6 address.
	Addr string
	// Advertise is the "host:port" that others reach the listener by, where it
	// differs from Addr.
	Advertise string
}

// Trunk is a peer that may send calls. It is admitted by source address, by
// digest, or, when both are given, by both together.
type Trunk struct {
	Name     string
	Sources  []netip.Prefix
	Username string
	Password string
}

// Timers are RFC 3261's timers and the gateway's own.
type Timers struct {
	// T1 is the round-trip estimate, default 500 ms; a transaction lasts 64*T1.
	T1 time.Duration
	// T2 is the longest time between two retransmissions, default 4 s.
	T2 time.Duration
	// T4 is how long a message may stay in the network, default 5 s.
	T4 time.Duration
	// Provisional is how long a target may take until its first provisional
	// answer before the next one is tried, default 4 s.
	Provisional time.Duration
	// Ring is how long a target may ring (timer C), default 3 min.
	Ring time.Duration
	// Idle is how long a connection may be silent, default 5 min.
	Idle time.Duration
	// Nonce is how long a digest nonce is good for, default 60 s.
	Nonce time.Duration
	// Connect is how long setting up a connection may take, default 3 s.
	Connect time.Duration
}

// Limits bound what the gateway takes on. Past each of them a new call is
// answered 503 with Retry-After; requests within a call still pass.
type Limits struct {
	// Pending is the most calls without a final answer, default 20,000.
	Pending int
	// Transactions is the most transactions held, those only waiting for
	// retransmissions among them, default 1,000,000 (about 600 bytes each).
	Transactions int
	// Queue is how long messages may have waited in the socket before new
	// calls are refused, default 100 ms; a spike that is gone within Spike
	// does not count.
	Queue time.Duration
	Spike time.Duration
	// Connections is the most TCP and TLS connections, default 10,000; one
	// source may make an eighth of them, but always 100.
	Connections int
	// RetryAfter is what refused callers are told, default 2 s.
	RetryAfter time.Duration
	// Readers is how many sockets share a UDP address, default one per
	// processor, at most 8.
	Readers int
}

const mostReaders = 8

func (t *Timers) defaults() {
	def(&t.T1, 500*time.Millisecond)
	def(&t.T2, 4*time.Second)
	def(&t.T4, 5*time.Second)
	def(&t.Provisional, 4*time.Second)
	def(&t.Ring, 3*time.Minute)
	def(&t.Idle, 5*time.Minute)
	def(&t.Nonce, time.Minute)
	def(&t.Connect, 3*time.Second)
}

func (l *Limits) defaults(processors int) {
	def(&l.Pending, 20_000)
	def(&l.Transactions, 1_000_000)
	def(&l.Queue, 100*time.Millisecond)
	def(&l.Spike, 500*time.Millisecond)
	def(&l.Connections, 10_000)
	def(&l.RetryAfter, 2*time.Second)
	def(&l.Readers, min(processors, mostReaders))
}

func def[T int | time.Duration](v *T, value T) {
	if *v <= 0 {
		*v = value
	}
}

// validate checks what New is given. Fields are those of Config in the words
// of the configuration file.
func (c Config) validate() error {
	if len(c.Secret) != 32 {
		return tandem.Errorf(tandem.Invalid, "secret", "has %d bytes; expected 32", len(c.Secret))
	}
	for i, l := range c.Listen {
		at := "listen[" + strconv.Itoa(i) + "]"
		switch l.Network {
		case UDP, TCP:
		case TLS:
			if c.TLS == nil || len(c.TLS.Certificates) == 0 && c.TLS.GetCertificate == nil {
				return tandem.Errorf(tandem.Invalid, at+".network", "is tls but there is no certificate")
			}
		default:
			return tandem.Errorf(tandem.Invalid, at+".network", "is %q; expected udp, tcp or tls", l.Network)
		}
		if l.Advertise != "" {
			if err := tandem.ValidateSIPURI(at+".advertise", "sip:"+l.Advertise); err != nil || strings.ContainsAny(l.Advertise, "@;") {
				return tandem.Errorf(tandem.Invalid, at+".advertise", "is %q; expected host:port", l.Advertise)
			}
		}
	}
	return validateTrunks(c.Trunks)
}

func validateTrunks(trunks []Trunk) error {
	seen := map[string]bool{}
	for i, t := range trunks {
		at := "trunks[" + strconv.Itoa(i) + "]"
		switch {
		case len(t.Sources) == 0 && t.Username == "":
			return tandem.Errorf(tandem.Invalid, at, "names neither sources nor a username; it would admit everybody")
		case t.Username != "" && t.Password == "":
			return tandem.Errorf(tandem.Invalid, at+".password", "is missing")
		case strings.ContainsAny(t.Username, "\"\\\r\n\x00"):
			return tandem.Errorf(tandem.Invalid, at+".username", "holds quotes or control characters")
		case t.Username != "" && seen[t.Username]:
			return tandem.Errorf(tandem.Invalid, at+".username", "is the username of another trunk")
		}
		seen[t.Username] = true
	}
	return nil
}

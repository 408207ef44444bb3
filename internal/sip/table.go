package sip

import (
	"hash/maphash"
	"math/rand/v2"
	"sync"

	"tandem/internal/sip/wire"
)

// shardCount keeps readers out of each other's way; a power of two.
const shardCount = 64

// table holds the transactions. Both sides of one proxied request live in one
// shard, under one lock.
type table struct {
	seed   maphash.Seed
	shards [shardCount]shard
}

type shard struct {
	mu      sync.Mutex
	servers map[uint64]*server
	clients map[uint64]*client
	wheel   wheel
	index   uint64
	lastID  uint64
	pending int // INVITEs without a final answer
}

func (t *table) init(now tick) {
	t.seed = maphash.MakeSeed()
	for i := range t.shards {
		sh := &t.shards[i]
		sh.servers, sh.clients = map[uint64]*server{}, map[uint64]*client{}
		sh.index = uint64(i)
		// A random start keeps a response to an earlier process's branch from
		// finding a transaction of this one.
		sh.lastID = rand.Uint64() / shardCount
		sh.wheel.init(now)
	}
}

// serverKey identifies the transaction that a request belongs to (RFC 3261
// section 17.2.3). An ACK and a CANCEL have the key of their INVITE. The hash
// is keyed with a random seed, so nobody can choose two requests that collide.
func (t *table) serverKey(m *wire.Message) uint64 {
	var h maphash.Hash
	h.SetSeed(t.seed)
	method := m.Method
	if method == wire.Ack || method == wire.Cancel {
		method = wire.Invite
	}
	_ = h.WriteByte(byte(method))
	if method == wire.Extension {
		_, _ = h.Write(m.Name)
	}
	v := &m.Top
	_ = h.WriteByte(byte(v.Port >> 8))
	_ = h.WriteByte(byte(v.Port))
	_, _ = h.Write(v.Host)
	_ = h.WriteByte(0)
	_, _ = h.Write(v.Branch)
	if !v.Compliant() { // RFC 2543: the request itself identifies it
		for _, part := range [...][]byte{m.URI, m.FromTag, m.Value(wire.CallID)} {
			_ = h.WriteByte(0)
			_, _ = h.Write(part)
		}
		for n := m.CSeqNumber; n > 0; n >>= 8 {
			_ = h.WriteByte(byte(n))
		}
	}
	return h.Sum64()
}

// at gives the shard of a server key; a client's number carries its shard in
// the low bits too.
func (t *table) at(key uint64) *shard { return &t.shards[key%shardCount] }

// newID gives the number of the shard's next client transaction.
func (sh *shard) newID() uint64 {
	sh.lastID++
	return sh.lastID*shardCount + sh.index
}

// counts sums the table up for the limits and the statistics.
func (t *table) counts() (servers, clients, pending int) {
	for i := range t.shards {
		sh := &t.shards[i]
		sh.mu.Lock()
		servers += len(sh.servers)
		clients += len(sh.clients)
		pending += sh.pending
		sh.mu.Unlock()
	}
	return servers, clients, pending
}

// inHand says whether a request still waits for its final answer. Transactions
// that are only there for retransmissions do not count.
func (t *table) inHand() bool {
	for i := range t.shards {
		if t.shards[i].inHand() {
			return true
		}
	}
	return false
}

func (sh *shard) inHand() bool {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	for _, s := range sh.servers {
		if s.state == proceeding {
			return true
		}
	}
	return false
}

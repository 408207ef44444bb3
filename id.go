package tandem

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"time"
)

// ID names an agent, version, route, test, call or key. It is a UUID in
// lower-case text form (RFC 9562), made in Go so that both stores agree.
type ID string

// NewID makes a UUIDv7: the millisecond of now in front, 74 random bits behind,
// so that ids sort by creation and rows land near each other.
func NewID(now time.Time) ID {
	var b [16]byte
	_, _ = rand.Read(b[6:]) // never fails: crypto/rand aborts the program instead
	putMillis(&b, now.UnixMilli())
	return format(b, 7)
}

// callIDEpoch is how long the time in front of a derived call id stands still.
// A retransmission that reaches another node within it derives the same id.
const callIDEpoch = 1 << 20 // milliseconds, about 17 minutes

// DeriveCallID gives the id of a call that is first known by an origin's own
// id for it, such as a SIP Call-ID: a UUIDv8 of the SHA-256 of both, behind the
// time cut to about 17 minutes. Every node derives the same id from the same
// call without asking another; rows of one hour land near each other; and an
// origin that reuses an id on another day gets another call.
func DeriveCallID(origin, foreignID string, at time.Time) ID {
	var buf [256]byte
	in := append(buf[:0], origin...)
	in = append(in, 0)
	in = append(in, foreignID...)
	sum := sha256.Sum256(in)
	var b [16]byte
	copy(b[6:], sum[:10])
	putMillis(&b, at.UnixMilli()&^(callIDEpoch-1))
	return format(b, 8)
}

// Valid says whether id has the form of a UUID as this package writes it.
func (id ID) Valid() bool {
	if len(id) != 36 {
		return false
	}
	for i := range len(id) {
		c := id[i]
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if c != '-' {
				return false
			}
			continue
		}
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// Bytes gives the 16 bytes of id and whether id is valid.
func (id ID) Bytes() (b [16]byte, ok bool) {
	if !id.Valid() {
		return b, false
	}
	var h [32]byte
	n := 0
	for i := range len(id) {
		if id[i] != '-' {
			h[n] = id[i]
			n++
		}
	}
	_, err := hex.Decode(b[:], h[:])
	return b, err == nil
}

// IDFromBytes is the inverse of [ID.Bytes].
func IDFromBytes(b [16]byte) ID { return text(b) }

func putMillis(b *[16]byte, ms int64) {
	var t [8]byte
	binary.BigEndian.PutUint64(t[:], uint64(ms))
	copy(b[:6], t[2:])
}

func format(b [16]byte, version byte) ID {
	b[6] = b[6]&0x0f | version<<4
	b[8] = b[8]&0x3f | 0x80
	return text(b)
}

func text(b [16]byte) ID {
	var t [36]byte
	hex.Encode(t[:8], b[:4])
	hex.Encode(t[9:13], b[4:6])
	hex.Encode(t[14:18], b[6:8])
	hex.Encode(t[19:23], b[8:10])
	hex.Encode(t[24:], b[10:])
	t[8], t[13], t[18], t[23] = '-', '-', '-', '-'
	return ID(t[:])
}

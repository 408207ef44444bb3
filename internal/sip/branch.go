package sip

import (
	"encoding/binary"
	"encoding/hex"
	"net/netip"

	"tandem/internal/sip/wire"
)

// A branch made by this gateway is branchMark, then in hexadecimal: the client
// transaction's number (8 bytes), the loop mark (4 bytes) and a signature (6
// bytes). The signature lets an INVITE's 2xx find its way without any
// transaction, after a restart or through another node, and nothing else.
const (
	branchMark  = wire.MagicCookie + "-tandem-"
	branchBytes = 8 + 4 + 6
	branchLen   = len(branchMark) + 2*branchBytes
)

// branch is a branch of ours, decoded.
type branch struct {
	id   uint64
	loop uint32
	sig  [6]byte
}

func (b branch) append(dst []byte) []byte {
	var raw [branchBytes]byte
	binary.BigEndian.PutUint64(raw[:], b.id)
	binary.BigEndian.PutUint32(raw[8:], b.loop)
	copy(raw[12:], b.sig[:])
	dst = append(dst, branchMark...)
	return hex.AppendEncode(dst, raw[:])
}

// parseBranch decodes a branch that looks like ours.
func parseBranch(text []byte) (b branch, ok bool) {
	if len(text) != branchLen || string(text[:len(branchMark)]) != branchMark {
		return b, false
	}
	var raw [branchBytes]byte
	if _, err := hex.Decode(raw[:], text[len(branchMark):]); err != nil {
		return b, false
	}
	b.id, b.loop = binary.BigEndian.Uint64(raw[:]), binary.BigEndian.Uint32(raw[8:])
	copy(b.sig[:], raw[12:])
	return b, true
}

// sealBranch signs the branch for the call and the address that its responses
// go back to.
func (g *Gateway) sealBranch(b branch, callID []byte, back netip.AddrPort) branch {
	copy(b.sig[:], g.branchSignature(b, callID, back))
	return b
}

func (g *Gateway) branchSignature(b branch, callID []byte, back netip.AddrPort) []byte {
	var buf [8 + 4 + 16 + 2]byte
	binary.BigEndian.PutUint64(buf[:], b.id)
	binary.BigEndian.PutUint32(buf[8:], b.loop)
	addr := back.Addr().As16()
	copy(buf[12:], addr[:])
	binary.BigEndian.PutUint16(buf[28:], back.Port())
	sum := g.branchKey.sign(buf[:], callID)
	return sum[:6]
}

package sip

import (
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"math"
	"strconv"
	"strings"
	"time"

	"tandem"
)

// A token is what a call's later requests carry to us in the user part of our
// Record-Route URI: which call it is and what it was assigned, so that any
// node can report on it. It is signed together with the Call-ID. Layout, big
// endian, then base64url:
//
//	version+flags 1 | node 4 | caller's From-tag 4 | assigned at, us 8 |
//	call 16 | route 16 | version 16 | number 7 | reason 1 |
//	[test 16 | phase 2 | arm 1 | probability in 1/10000 2] |
//	[caller 7, or length 1 and text] | signature 8
const (
	tokenFormat    = 0x10
	tokenHasTest   = 1
	tokenPerCaller = 2
	tokenCallerNum = 4
	tokenCallerTxt = 8

	tokenFixed     = 1 + 4 + 4 + 8 + 16 + 16 + 16 + 7 + 1
	tokenTest      = 16 + 2 + 1 + 2
	tokenSignature = 8
	// maxCallerText is the longest caller that is no number and still travels.
	maxCallerText = 32
	maxToken      = tokenFixed + tokenTest + 1 + maxCallerText + tokenSignature
)

// tokenLife is how long after the assignment a token is honoured: twice the
// longest call that a route may allow.
const tokenLife = 48 * time.Hour

var tokenEncoding = base64.RawURLEncoding

// reasons numbers the reasons for the wire; never reorder.
var reasons = [...]tandem.Reason{
	"", tandem.ReasonLimit, tandem.ReasonTargetDown, tandem.ReasonTargetError,
	tandem.ReasonTargetSilent, tandem.ReasonNoTarget,
}

// token is a decoded token.
type token struct {
	node      uint32
	callerTag uint32
	at        time.Time
	callID    tandem.ID
	raw       [maxToken]byte
	n         int // of raw, without the signature
}

// tagMark shortens a From-tag; it tells the caller's side from the agent's.
func tagMark(tag []byte) uint32 { return crc32.ChecksumIEEE(tag) }

// appendToken makes the token for a call.
func (g *Gateway) appendToken(dst []byte, c *call, callerTag, sipCallID []byte) []byte {
	var buf [maxToken]byte
	a := &c.decision.Assignment
	b := append(buf[:0], tokenFormat)
	b = binary.BigEndian.AppendUint32(b, g.node)
	b = binary.BigEndian.AppendUint32(b, tagMark(callerTag))
	b = binary.BigEndian.AppendUint64(b, uint64(c.at.UnixMicro()))
	for _, id := range [...]tandem.ID{c.id, a.RouteID, a.VersionID} {
		b = appendID(b, id)
	}
	b = appendDigits(b, a.Number)
	b = append(b, reasonCode(a.NotRandomised))
	if a.TestID != "" {
		b[0] |= tokenHasTest
		b = appendID(b, a.TestID)
		b = binary.BigEndian.AppendUint16(b, uint16(a.Phase))
		b = append(b, firstByte(a.Arm))
		b = binary.BigEndian.AppendUint16(b, uint16(math.Round(a.Probability*tandem.Buckets)))
		if a.UnitKind == tandem.PerCaller {
			b[0] |= tokenPerCaller
		}
	}
	switch {
	case tandem.ValidE164(a.Caller):
		b[0] |= tokenCallerNum
		b = appendDigits(b, a.Caller)
	case a.Caller != "" && len(a.Caller) <= maxCallerText:
		b[0] |= tokenCallerTxt
		b = append(b, byte(len(a.Caller)))
		b = append(b, a.Caller...)
	}
	sum := g.tokenKey.sign(b, sipCallID)
	b = append(b, sum[:tokenSignature]...)
	return tokenEncoding.AppendEncode(dst, b)
}

// openToken decodes and verifies a token for this Call-ID.
func (g *Gateway) openToken(text, sipCallID []byte, now time.Time) (t token, ok bool) {
	if tokenEncoding.DecodedLen(len(text)) > maxToken {
		return t, false
	}
	n, err := tokenEncoding.Decode(t.raw[:], text)
	if err != nil || n < tokenFixed+tokenSignature || t.raw[0]&0xf0 != tokenFormat {
		return t, false
	}
	t.n = n - tokenSignature
	sum := g.tokenKey.sign(t.raw[:t.n], sipCallID)
	if string(sum[:tokenSignature]) != string(t.raw[t.n:n]) {
		return t, false
	}
	t.node = binary.BigEndian.Uint32(t.raw[1:])
	t.callerTag = binary.BigEndian.Uint32(t.raw[5:])
	t.at = time.UnixMicro(int64(binary.BigEndian.Uint64(t.raw[9:]))).UTC()
	t.callID = readID(t.raw[17:])
	return t, now.Sub(t.at) < tokenLife
}

// assignment gives back what the call was assigned.
func (t *token) assignment() tandem.Assignment {
	b := t.raw[33:t.n]
	a := tandem.Assignment{RouteID: readID(b), VersionID: readID(b[16:]), Number: readDigits(b[32:])}
	if code := b[39]; int(code) < len(reasons) {
		a.NotRandomised = reasons[code]
	}
	b = b[40:]
	if t.raw[0]&tokenHasTest != 0 && len(b) >= tokenTest {
		a.TestID, a.Phase = readID(b), int(binary.BigEndian.Uint16(b[16:]))
		a.Arm = string(rune(b[18]))
		a.Probability = float64(binary.BigEndian.Uint16(b[19:])) / tandem.Buckets
		a.UnitKind, a.Unit = tandem.PerCall, string(t.callID)
		b = b[tokenTest:]
	}
	switch {
	case t.raw[0]&tokenCallerNum != 0 && len(b) >= 7:
		a.Caller = readDigits(b)
	case t.raw[0]&tokenCallerTxt != 0 && len(b) >= 1 && len(b) > int(b[0]):
		a.Caller = string(b[1 : 1+b[0]])
	}
	if t.raw[0]&tokenPerCaller != 0 {
		a.UnitKind, a.Unit = tandem.PerCaller, a.Caller
	}
	return a
}

func reasonCode(r tandem.Reason) byte {
	for i, have := range reasons {
		if have == r {
			return byte(i)
		}
	}
	return 0
}

func firstByte(s string) byte {
	if s == "" {
		return 0
	}
	return s[0]
}

func appendID(b []byte, id tandem.ID) []byte {
	raw, _ := id.Bytes()
	return append(b, raw[:]...)
}

func readID(b []byte) tandem.ID {
	raw := [16]byte(b)
	if raw == [16]byte{} {
		return ""
	}
	return tandem.IDFromBytes(raw)
}

// appendDigits packs an E.164 number, at most 15 digits, into 7 bytes.
func appendDigits(b []byte, number string) []byte {
	var n uint64
	for _, c := range strings.TrimPrefix(number, "+") {
		if c < '0' || c > '9' {
			n = 0
			break
		}
		n = n*10 + uint64(c-'0')
	}
	var raw [8]byte
	binary.BigEndian.PutUint64(raw[:], n)
	return append(b, raw[1:]...)
}

func readDigits(b []byte) string {
	var raw [8]byte
	copy(raw[1:], b[:7])
	n := binary.BigEndian.Uint64(raw[:])
	if n == 0 {
		return ""
	}
	return "+" + strconv.FormatUint(n, 10)
}

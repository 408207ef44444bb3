package wire

// Span is a stretch of a message's bytes; the zero Span is empty.
type Span struct{ Start, End int32 }

// Empty says whether the span holds nothing.
func (s Span) Empty() bool { return s.End <= s.Start }

// ViaValue is one value of a Via header (RFC 3261 section 20.42).
type ViaValue struct {
	Transport []byte // "UDP", as written
	Host      []byte // an IPv6 address without its brackets
	Port      int    // 0 when not given
	Branch    []byte
	Received  []byte
	RPort     []byte
	HasRPort  bool
	// End is where the value ends in the message: at its comma, or at the
	// header's end.
	End int32
	// RPortAt is where "rport" ends, for a value to be put in; ReceivedAt is
	// the whole received parameter with its semicolon.
	RPortAt    Span
	ReceivedAt Span
}

// MagicCookie starts the branch of every element that follows RFC 3261.
const MagicCookie = "z9hG4bK"

// Compliant says whether the branch identifies the transaction by itself
// (RFC 3261 section 17.2.3).
func (v *ViaValue) Compliant() bool {
	return len(v.Branch) > len(MagicCookie) && string(v.Branch[:len(MagicCookie)]) == MagicCookie
}

// via reads the Via value that starts at offset i of raw and ends before
// limit.
func via(raw []byte, i, limit int) (v ViaValue, ok bool) {
	b := raw[:limit]
	for part := range 3 { // SIP / 2.0 / transport
		i = skipSpace(b, i)
		start := i
		for i < limit && tokenChar[b[i]] {
			i++
		}
		word := b[start:i]
		switch part {
		case 0:
			ok = equalFold(word, "sip")
		case 1:
			ok = string(word) == "2.0"
		case 2:
			v.Transport, ok = word, len(word) > 0
		}
		if !ok {
			return v, false
		}
		if part < 2 {
			if i = skipSpace(b, i); i == limit || b[i] != '/' {
				return v, false
			}
			i++
		}
	}
	start := skipSpace(b, i)
	if start == i {
		return v, false
	}
	for i = start; i < limit && b[i] != ';' && b[i] != ','; i++ {
	}
	if v.Host, v.Port, ok = sentBy(b[start:i]); !ok {
		return v, false
	}
	return v, v.params(b, i)
}

// sentBy reads host[:port] with white space around the colon.
func sentBy(b []byte) (host []byte, port int, ok bool) {
	b = Trim(b)
	for i := range b {
		if space(b[i]) { // rare: "host : 5060"
			packed := make([]byte, 0, len(b))
			for _, c := range b {
				if !space(c) {
					packed = append(packed, c)
				}
			}
			return HostPort(packed)
		}
	}
	return HostPort(b)
}

func (v *ViaValue) params(b []byte, i int) bool {
	for i < len(b) && b[i] == ';' {
		semicolon := i
		start := skipSpace(b, i+1)
		if i = until(b, start, ';', ','); i < 0 {
			return false
		}
		name, value, _ := cut(b[start:i], '=')
		switch {
		case len(name) == 0:
			return false
		case equalFold(name, "branch"):
			v.Branch = value
		case equalFold(name, "received"):
			v.Received = value
			v.ReceivedAt = Span{int32(semicolon), int32(i)}
		case equalFold(name, "rport"):
			v.RPort, v.HasRPort = value, true
			v.RPortAt = Span{int32(start), int32(i)}
		}
	}
	v.End = int32(i)
	return i == len(b) || b[i] == ','
}

// EachVia calls fn with every Via value of the message in order until fn gives
// false. It stops at a value that it cannot read and then gives false.
func (m *Message) EachVia(fn func(n int, v *ViaValue) bool) bool {
	n := 0
	for i := range m.Headers {
		h := &m.Headers[i]
		if h.ID != Via {
			continue
		}
		for at := int(h.Value); at < int(h.ValueEnd); {
			v, ok := via(m.Raw, at, int(h.ValueEnd))
			if !ok {
				return false
			}
			if !fn(n, &v) {
				return true
			}
			n++
			at = int(v.End) + 1
		}
	}
	return true
}

// SecondVia gives the Via value below the topmost.
func (m *Message) SecondVia() (second ViaValue, ok bool) {
	m.EachVia(func(n int, v *ViaValue) bool {
		if n == 1 {
			second, ok = *v, true
		}
		return n < 1
	})
	return second, ok
}

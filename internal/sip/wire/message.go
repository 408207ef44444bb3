package wire

import (
	"bytes"
	"errors"
)

// ErrNoise is given for bytes that are no SIP message at all, or a response
// that breaks the rules: there is nobody to answer, so they are dropped.
var ErrNoise = errors.New("not a SIP message")

// DefectError is what is wrong with a request, as the answer that it deserves.
type DefectError struct {
	// Status is the response's status code, 400 to 505.
	Status int
	// Reason is the response's reason phrase and names what is wrong.
	Reason string
}

// Error implements error.
func (d *DefectError) Error() string { return d.Reason }

func bad(reason string) *DefectError { return &DefectError{Status: 400, Reason: reason} }

// maxHeaders bounds the work that one message can cause.
const maxHeaders = 256

// Message is an index over the bytes of one SIP message. It is made to be used
// again: Parse overwrites everything, and all spans are valid as long as Raw.
type Message struct {
	// Raw is the message from its start line to the end of its body.
	Raw []byte
	// Status is the status code of a response, 100 to 699; 0 for a request.
	Status int
	// Method, Name and URI are the request line's; Method is also the CSeq
	// method of a response.
	Method Method
	Name   []byte
	URI    []byte
	// HeadersAt and BodyAt are where the first header and the body start.
	HeadersAt, BodyAt int
	// Headers are in the order in which they came.
	Headers []Header
	// CSeqNumber and CSeqMethod are the CSeq header's parts.
	CSeqNumber uint32
	CSeqMethod []byte
	// Top is the topmost Via value.
	Top ViaValue
	// FromTag and ToTag are the tags of From and To; nil when absent.
	FromTag, ToTag []byte
	// Hops is the value of Max-Forwards, -1 when absent.
	Hops int

	first [headerKinds]int16 // index+1 of the first header of a kind
	count [headerKinds]uint8
}

// IsRequest says whether the message is a request.
func (m *Message) IsRequest() bool { return m.Status == 0 }

// Has says whether there is a header of this kind.
func (m *Message) Has(id HeaderID) bool { return m.first[id] != 0 }

// First gives the index in Headers of the first header of this kind, or -1.
func (m *Message) First(id HeaderID) int { return int(m.first[id]) - 1 }

// Value gives the value of the first header of this kind; nil when absent.
func (m *Message) Value(id HeaderID) []byte {
	i := m.first[id]
	if i == 0 {
		return nil
	}
	return m.ValueOf(&m.Headers[i-1])
}

// ValueOf gives the value of a header of this message.
func (m *Message) ValueOf(h *Header) []byte { return m.Raw[h.Value:h.ValueEnd] }

// Line gives the whole first header of this kind with its CRLF.
func (m *Message) Line(id HeaderID) []byte {
	i := m.first[id]
	if i == 0 {
		return nil
	}
	h := &m.Headers[i-1]
	return m.Raw[h.Start:h.End]
}

// NameOf gives the name of a header of this message as it was written.
func (m *Message) NameOf(h *Header) []byte {
	return m.Raw[h.Start : h.Start+int32(h.NameLen)]
}

// Body gives the message's body.
func (m *Message) Body() []byte { return m.Raw[m.BodyAt:] }

// Parse indexes raw, one datagram or one framed message of a stream. It gives
// nil, ErrNoise, or a *DefectError, in which case as much is indexed as could be
// read, so that an answer can be made from it.
func (m *Message) Parse(raw []byte) error {
	m.reset(raw)
	lineEnd, next := line(raw, 0)
	if lineEnd < 0 {
		return ErrNoise
	}
	m.HeadersAt, m.BodyAt = next, len(raw)
	start := raw[:lineEnd]
	if len(start) > 8 && equalFold(start[:8], "sip/2.0 ") {
		if !m.statusLine(start) || m.index() != nil || m.finish() != nil {
			return ErrNoise
		}
		return nil
	}
	if !bytes.Contains(start, []byte("SIP/")) {
		return ErrNoise
	}
	defect := m.requestLine(start)
	if d := m.index(); defect == nil {
		defect = d
	}
	if d := m.finish(); defect == nil {
		defect = d
	}
	if defect != nil {
		return defect
	}
	return nil
}

func (m *Message) reset(raw []byte) {
	headers := m.Headers[:0]
	*m = Message{Raw: raw, Headers: headers, Hops: -1}
}

// line finds the end of the line that starts at from (without CRLF) and the
// start of the next. A line that ends in a bare LF, or holds a bare CR, is no
// line: whoever reads it otherwise would see other headers than we do.
func line(raw []byte, from int) (end, next int) {
	n := bytes.IndexByte(raw[from:], '\n')
	if n < 1 || raw[from+n-1] != '\r' {
		return -1, -1
	}
	return from + n - 1, from + n + 1
}

func (m *Message) statusLine(b []byte) bool {
	b = b[8:]
	if len(b) < 3 || len(b) > 3 && b[3] != ' ' {
		return false
	}
	n, ok := number(b[:3], 699)
	m.Status = n
	return ok && n >= 100
}

func (m *Message) requestLine(b []byte) *DefectError {
	b = bytes.TrimRight(b, " ")
	sp := bytes.IndexByte(b, ' ')
	last := bytes.LastIndexByte(b, ' ')
	if sp < 1 || last == sp {
		return bad("Bad Request Line")
	}
	m.Name, m.Method = b[:sp], MethodOf(b[:sp])
	if !isToken(m.Name) {
		return bad("Bad Method")
	}
	if v := b[last+1:]; !equalFold(v, "sip/2.0") {
		if len(v) > 4 && equalFold(v[:4], "sip/") {
			return &DefectError{Status: 505, Reason: "Version Not Supported"}
		}
		return bad("Bad SIP Version")
	}
	m.URI = b[sp+1 : last]
	if bytes.IndexByte(m.URI, ' ') >= 0 || bytes.IndexByte(m.URI, '\t') >= 0 {
		return bad("White Space In Request-URI")
	}
	return nil
}

// index finds the headers and the body.
func (m *Message) index() *DefectError {
	raw := m.Raw
	at := m.HeadersAt
	for {
		end, next := line(raw, at)
		if end < 0 {
			if at == len(raw) { // no blank line at the end: tolerated, there is no body
				m.BodyAt = at
				return nil
			}
			return bad("Header Line Without CRLF")
		}
		if end == at {
			m.BodyAt = next
			return nil
		}
		for next < len(raw) && (raw[next] == ' ' || raw[next] == '\t') {
			if end, next = line(raw, next); end < 0 {
				return bad("Header Line Without CRLF")
			}
		}
		if d := m.header(at, end, next); d != nil {
			return d
		}
		at = next
	}
}

func (m *Message) header(start, end, next int) *DefectError {
	if len(m.Headers) == maxHeaders {
		return bad("Too Many Headers")
	}
	b := m.Raw[start:end]
	n := 0
	for n < len(b) && tokenChar[b[n]] {
		n++
	}
	colon := n
	for colon < len(b) && (b[colon] == ' ' || b[colon] == '\t') {
		colon++
	}
	if n == 0 || colon == len(b) || b[colon] != ':' {
		return bad("Bad Header Line")
	}
	value, valueEnd := colon+1, len(b)
	for value < valueEnd && space(b[value]) {
		value++
	}
	for valueEnd > value && space(b[valueEnd-1]) {
		valueEnd--
	}
	if bareCR(b[value:valueEnd]) {
		return bad("Carriage Return In Header")
	}
	id := headerID(b[:n])
	m.Headers = append(m.Headers, Header{
		ID: id, NameLen: uint16(min(n, 1<<16-1)), Start: int32(start), End: int32(next),
		Value: int32(start + value), ValueEnd: int32(start + valueEnd),
	})
	if id != Other {
		if m.first[id] == 0 {
			m.first[id] = int16(len(m.Headers))
		}
		if m.count[id] < 255 {
			m.count[id]++
		}
	}
	return nil
}

// bareCR says whether a carriage return stands anywhere but before a line
// feed.
func bareCR(b []byte) bool {
	for {
		i := bytes.IndexByte(b, '\r')
		if i < 0 {
			return false
		}
		if i+1 == len(b) || b[i+1] != '\n' {
			return true
		}
		b = b[i+2:]
	}
}

func space(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

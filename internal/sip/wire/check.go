package wire

import "bytes"

// maxCSeq is the largest CSeq number (RFC 3261 section 8.1.1.5).
const maxCSeq = 1<<31 - 1

// finish reads the headers that every message must have and checks that each
// stands there once. It reads on after a defect as far as it can, because the
// answer needs the rest.
func (m *Message) finish() *DefectError {
	var defect *DefectError
	note := func(reason string) {
		if defect == nil {
			defect = bad(reason)
		}
	}
	if h := m.First(Via); h < 0 {
		note("Missing Via")
	} else if v, ok := via(m.Raw, int(m.Headers[h].Value), int(m.Headers[h].ValueEnd)); ok {
		m.Top = v
	} else {
		note("Bad Via")
	}
	for _, h := range [...]struct {
		id               HeaderID
		missing, several string
	}{
		{From, "Missing From", "Several From"},
		{To, "Missing To", "Several To"},
		{CallID, "Missing Call-ID", "Several Call-ID"},
		{CSeq, "Missing CSeq", "Several CSeq"},
	} {
		switch m.count[h.id] {
		case 0:
			note(h.missing)
		case 1:
		default:
			note(h.several)
		}
	}
	if !m.cseq() {
		note("Bad CSeq")
	}
	var ok bool
	if m.FromTag, ok = m.tag(From); !ok {
		note("Bad From")
	}
	if m.ToTag, ok = m.tag(To); !ok {
		note("Bad To")
	}
	if v := m.Value(CallID); len(v) == 0 || bytes.ContainsAny(v, " \t\r\n") {
		note("Bad Call-ID")
	}
	if d := m.length(); defect == nil {
		defect = d
	}
	if m.IsRequest() && defect == nil {
		defect = m.request()
	}
	return defect
}

func (m *Message) cseq() bool {
	v := m.Value(CSeq)
	i := 0
	for i < len(v) && !space(v[i]) {
		i++
	}
	n, ok := number(v[:i], maxCSeq)
	m.CSeqNumber, m.CSeqMethod = uint32(n), Trim(v[i:])
	if !ok || !isToken(m.CSeqMethod) {
		return false
	}
	if !m.IsRequest() {
		m.Method = MethodOf(m.CSeqMethod)
	}
	return true
}

func (m *Message) tag(id HeaderID) ([]byte, bool) {
	a, ok := ParseAddress(m.Value(id))
	if !ok {
		return nil, false
	}
	tag, _ := Param(a.Params, "tag")
	return tag, true
}

// length cuts the message where Content-Length says; bytes after it are
// ignored (RFC 3261 section 18.3).
func (m *Message) length() *DefectError {
	if m.count[ContentLength] == 0 {
		return nil
	}
	n, ok := number(m.Value(ContentLength), 1<<30)
	if !ok || m.count[ContentLength] > 1 {
		return bad("Bad Content-Length")
	}
	if n > len(m.Raw)-m.BodyAt {
		return bad("Content-Length Exceeds Message")
	}
	m.Raw = m.Raw[:m.BodyAt+n]
	return nil
}

// request checks what is asked of requests only.
func (m *Message) request() *DefectError {
	if !bytes.Equal(m.Name, m.CSeqMethod) {
		return bad("CSeq Method Differs From Request")
	}
	if m.Has(MaxForwards) {
		n, ok := number(m.Value(MaxForwards), 255)
		if !ok || m.count[MaxForwards] > 1 {
			return bad("Bad Max-Forwards")
		}
		m.Hops = n
	}
	if len(m.URI) == 0 || m.URI[0] == '<' {
		return bad("Bad Request-URI")
	}
	u, ok := ParseURI(m.URI)
	switch {
	case len(u.Scheme) > 0 && !u.IsSIP() && !equalFold(u.Scheme, "tel"),
		len(u.Scheme) == 0 && bytes.Contains(m.URI, []byte("://")):
		return &DefectError{Status: 416, Reason: "Unsupported URI Scheme"}
	case !ok:
		return bad("Bad Request-URI")
	case u.Headers != nil:
		return bad("Headers In Request-URI")
	}
	return m.contact()
}

// contact refuses a Contact without angle brackets whose URI has headers: it
// cannot be told whose they are (RFC 3261 section 20.10).
func (m *Message) contact() *DefectError {
	v := m.Value(Contact)
	if v == nil || bytes.IndexByte(v, '?') < 0 {
		return nil
	}
	first, _, ok := List(v)
	if !ok {
		return bad("Bad Contact")
	}
	a, ok := ParseAddress(first)
	if !ok || !a.Bracketed && bytes.IndexByte(a.URI, '?') >= 0 {
		return bad("Bad Contact")
	}
	return nil
}

// ContentLengthLine reads a header line if it is a Content-Length; n is -1
// when its value is no number. It serves to cut messages out of a stream
// before they are parsed.
func ContentLengthLine(line []byte) (n int, ok bool) {
	name, value, found := cut(line, ':')
	if !found || headerID(name) != ContentLength {
		return 0, false
	}
	if n, ok = number(value, 1<<30); !ok {
		n = -1
	}
	return n, true
}

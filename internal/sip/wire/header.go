package wire

// HeaderID names the headers that the gateway looks at. All others are Other
// and pass untouched.
type HeaderID uint8

// The headers that are looked at.
const (
	Other HeaderID = iota
	Via
	From
	To
	CallID
	CSeq
	MaxForwards
	Contact
	Route
	RecordRoute
	ContentLength
	ContentType
	Require
	ProxyRequire
	ProxyAuthorization
	Authorization
	AssertedIdentity
	Event
	ReferTo
	Reason
	Accept
	Tandem // X-Tandem-*
	headerKinds
)

// Header is the place of one header in a message, as offsets into its bytes.
// Start to End is the whole header with folded lines and the last CRLF; Value
// to ValueEnd is its value without surrounding white space.
type Header struct {
	ID         HeaderID
	NameLen    uint16
	Start, End int32
	Value      int32
	ValueEnd   int32
}

const tandemPrefix = "x-tandem-"

// headerID finds a header by its long or compact name, in any case. name holds
// token characters only.
func headerID(name []byte) HeaderID {
	switch len(name) {
	case 1:
		return compactID(name[0] | 0x20)
	case 2:
		return pick(name, "to", To)
	case 3:
		return pick(name, "via", Via)
	case 4:
		if name[0]|0x20 == 'f' {
			return pick(name, "from", From)
		}
		return pick(name, "cseq", CSeq)
	case 5:
		if name[0]|0x20 == 'r' {
			return pick(name, "route", Route)
		}
		return pick(name, "event", Event)
	case 6:
		if name[0]|0x20 == 'a' {
			return pick(name, "accept", Accept)
		}
		return pick(name, "reason", Reason)
	case 7:
		switch name[2] | 0x20 {
		case 'l':
			return pick(name, "call-id", CallID)
		case 'n':
			return pick(name, "contact", Contact)
		}
		return pick(name, "require", Require)
	case 8:
		return pick(name, "refer-to", ReferTo)
	}
	return longID(name)
}

func longID(name []byte) HeaderID {
	switch len(name) {
	case 12:
		switch name[0] | 0x20 {
		case 'm':
			return pick(name, "max-forwards", MaxForwards)
		case 'r':
			return pick(name, "record-route", RecordRoute)
		case 'c':
			return pick(name, "content-type", ContentType)
		}
	case 13:
		if name[0]|0x20 == 'p' {
			return pick(name, "proxy-require", ProxyRequire)
		}
		if id := pick(name, "authorization", Authorization); id != Other {
			return id
		}
	case 14:
		if id := pick(name, "content-length", ContentLength); id != Other {
			return id
		}
	case 19:
		if name[1] == '-' {
			return pick(name, "p-asserted-identity", AssertedIdentity)
		}
		if id := pick(name, "proxy-authorization", ProxyAuthorization); id != Other {
			return id
		}
	}
	if len(name) > len(tandemPrefix) && equalFold(name[:len(tandemPrefix)], tandemPrefix) {
		return Tandem
	}
	return Other
}

// compactID is the compact form of RFC 3261 section 7.3.3 and its extensions.
func compactID(c byte) HeaderID {
	switch c {
	case 'v':
		return Via
	case 'f':
		return From
	case 't':
		return To
	case 'i':
		return CallID
	case 'm':
		return Contact
	case 'l':
		return ContentLength
	case 'c':
		return ContentType
	case 'o':
		return Event
	case 'r':
		return ReferTo
	}
	return Other
}

func pick(name []byte, want string, id HeaderID) HeaderID {
	if equalFold(name, want) {
		return id
	}
	return Other
}

// equalFold compares b with want, which is lower-case ASCII.
func equalFold(b []byte, want string) bool {
	if len(b) != len(want) {
		return false
	}
	for i := range b {
		c := b[i]
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		if c != want[i] {
			return false
		}
	}
	return true
}

// EqualFold compares b with want, which is lower-case ASCII, in any case.
func EqualFold(b []byte, want string) bool { return equalFold(b, want) }

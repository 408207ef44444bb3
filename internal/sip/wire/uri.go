package wire

import "bytes"

// URI is the parts of a sip, sips or tel URI, as they are written.
type URI struct {
	Scheme []byte
	// User is the user part without password; a tel URI's number.
	User []byte
	// HasUser tells an empty user part from none.
	HasUser bool
	Host    []byte // an IPv6 address without its brackets
	Port    int    // 0 when not given
	// Params is ";name=value..."; Headers what follows "?".
	Params, Headers []byte
}

// ParseURI splits a SIP, SIPS or tel URI. Other schemes give only Scheme and
// ok.
func ParseURI(b []byte) (u URI, ok bool) {
	colon := bytes.IndexByte(b, ':')
	if colon < 1 || !isToken(b[:colon]) {
		return u, false
	}
	u.Scheme = b[:colon]
	rest := b[colon+1:]
	if equalFold(u.Scheme, "tel") {
		u.User, u.HasUser = rest, true
		if i := bytes.IndexByte(rest, ';'); i >= 0 {
			u.User, u.Params = rest[:i], rest[i:]
		}
		return u, len(u.User) > 0
	}
	if !u.IsSIP() {
		return u, len(rest) > 0
	}
	if at := bytes.IndexByte(rest, '@'); at >= 0 {
		u.HasUser, u.User, rest = true, rest[:at], rest[at+1:]
		if i := bytes.IndexByte(u.User, ':'); i >= 0 {
			u.User = u.User[:i]
		}
		if len(u.User) == 0 {
			return u, false
		}
	}
	if i := bytes.IndexByte(rest, '?'); i >= 0 {
		u.Headers, rest = rest[i+1:], rest[:i]
	}
	if i := bytes.IndexByte(rest, ';'); i >= 0 {
		u.Params, rest = rest[i:], rest[:i]
	}
	u.Host, u.Port, ok = HostPort(rest)
	return u, ok
}

// IsSIP says whether the scheme is sip or sips.
func (u URI) IsSIP() bool { return equalFold(u.Scheme, "sip") || u.Secure() }

// Secure says whether the scheme is sips.
func (u URI) Secure() bool { return equalFold(u.Scheme, "sips") }

// HostPort splits "host", "host:port", "[v6]" or "[v6]:port"; port is 0 when
// not given. The host is a name, an IPv4 address or an IPv6 address without
// its brackets; whether an address is well-formed is not checked, only its
// characters.
func HostPort(b []byte) (host []byte, port int, ok bool) {
	if len(b) > 0 && b[0] == '[' {
		end := bytes.IndexByte(b, ']')
		if end < 2 {
			return nil, 0, false
		}
		host, b = b[1:end], b[end+1:]
		for _, c := range host {
			if !hexChar(c) && c != ':' && c != '.' {
				return nil, 0, false
			}
		}
		if len(b) == 0 {
			return host, 0, true
		}
		if b[0] != ':' {
			return nil, 0, false
		}
		port, ok = number(b[1:], 65535)
		return host, port, ok && port > 0
	}
	host = b
	if i := bytes.IndexByte(b, ':'); i >= 0 {
		host = b[:i]
		if port, ok = number(b[i+1:], 65535); !ok || port == 0 {
			return nil, 0, false
		}
	}
	for _, c := range host {
		if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') && c != '.' && c != '-' && c != '_' {
			return nil, 0, false
		}
	}
	return host, port, len(host) > 0
}

func hexChar(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f'
}

// Address is a name-addr or addr-spec with its header parameters, as in From,
// To, Contact, Route and Refer-To.
type Address struct {
	URI []byte
	// Params is what follows the URI, ";tag=..."; of an address without angle
	// brackets all parameters belong to the header (RFC 3261 section 20.10).
	Params []byte
	// Bracketed says whether the URI stood in angle brackets.
	Bracketed bool
}

// ParseAddress reads one address. ok is false when quotes or brackets do not
// close, or there is no URI.
func ParseAddress(b []byte) (a Address, ok bool) {
	i := bracket(b)
	if i < 0 {
		return a, false
	}
	if i < len(b) { // '<' at i
		end := bytes.IndexByte(b[i:], '>')
		if end < 0 {
			return a, false
		}
		a.Bracketed = true
		a.URI = Trim(b[i+1 : i+end])
		a.Params = Trim(b[i+end+1:])
		if len(a.Params) > 0 && a.Params[0] != ';' {
			return a, false
		}
		return a, len(a.URI) > 0
	}
	a.URI = Trim(b)
	if i := bytes.IndexByte(b, ';'); i >= 0 {
		a.URI, a.Params = Trim(b[:i]), b[i:]
	}
	for _, c := range a.URI {
		if c == '"' || c == '>' || space(c) {
			return a, false
		}
	}
	return a, len(a.URI) > 0
}

// bracket finds the '<' that opens the URI, past a quoted display name; len(b)
// when there is none, -1 when a quote is not closed.
func bracket(b []byte) int {
	for i := 0; i < len(b); {
		switch b[i] {
		case '<':
			return i
		case '"':
			if i = quoted(b, i); i < 0 {
				return -1
			}
		default:
			i++
		}
	}
	return len(b)
}

// IsTel says whether the scheme is tel (RFC 3966).
func (u URI) IsTel() bool { return equalFold(u.Scheme, "tel") }

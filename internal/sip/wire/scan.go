package wire

// tokenChar holds the characters of a token (RFC 3261 section 25.1).
var tokenChar = func() (t [256]bool) {
	for c := byte('0'); c <= '9'; c++ {
		t[c] = true
	}
	for c := byte('a'); c <= 'z'; c++ {
		t[c], t[c-0x20] = true, true
	}
	for _, c := range []byte("-.!%*_+`'~") {
		t[c] = true
	}
	return t
}()

func isToken(b []byte) bool {
	for _, c := range b {
		if !tokenChar[c] {
			return false
		}
	}
	return len(b) > 0
}

// number reads decimal digits up to limit.
func number(b []byte, limit int) (int, bool) {
	if len(b) == 0 {
		return 0, false
	}
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		if n = n*10 + int(c-'0'); n > limit {
			return 0, false
		}
	}
	return n, true
}

// Number reads decimal digits, at most limit.
func Number(b []byte, limit int) (int, bool) { return number(b, limit) }

// Trim takes white space, line folds among it, from both ends.
func Trim(b []byte) []byte {
	for len(b) > 0 && space(b[0]) {
		b = b[1:]
	}
	for len(b) > 0 && space(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}

// skipSpace gives the index of the first byte at or after i that is no white
// space.
func skipSpace(b []byte, i int) int {
	for i < len(b) && space(b[i]) {
		i++
	}
	return i
}

// quoted gives the index past the quoted string that starts at i, or -1 when
// its end is missing.
func quoted(b []byte, i int) int {
	for i++; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return -1
}

// until gives the index of the first of the two stop characters at or after i
// that stands outside quoted strings and angle brackets, or len(b); -1 when a
// quote or bracket is not closed.
func until(b []byte, i int, stop, stop2 byte) int {
	for i < len(b) {
		switch b[i] {
		case stop, stop2:
			return i
		case '"':
			if i = quoted(b, i); i < 0 {
				return -1
			}
		case '<':
			for i++; i < len(b) && b[i] != '>'; i++ {
			}
			if i == len(b) {
				return -1
			}
			i++
		default:
			i++
		}
	}
	return i
}

// List splits off the first element of a comma-separated value: the element,
// trimmed, and the rest after its comma; rest is nil after the last. ok is
// false when a quote or bracket is not closed.
func List(b []byte) (element, rest []byte, ok bool) {
	i := until(b, 0, ',', ',')
	if i < 0 {
		return nil, nil, false
	}
	if i == len(b) {
		return Trim(b), nil, true
	}
	return Trim(b[:i]), b[i+1:], true
}

// Param finds a parameter in ";name=value;name" and gives its value without
// quotes. name is lower-case. ok says whether it is there; a parameter without
// a value has a nil one.
func Param(params []byte, name string) (value []byte, ok bool) {
	i := skipSpace(params, 0)
	for i < len(params) && params[i] == ';' {
		start := skipSpace(params, i+1)
		end := until(params, start, ';', ';')
		if end < 0 {
			return nil, false
		}
		n, v, _ := cut(params[start:end], '=')
		if equalFold(n, name) {
			if len(v) > 1 && v[0] == '"' {
				v = v[1 : len(v)-1]
			}
			return v, true
		}
		i = end
	}
	return nil, false
}

func cut(b []byte, sep byte) (before, after []byte, ok bool) {
	for i, c := range b {
		if c == sep {
			return Trim(b[:i]), Trim(b[i+1:]), true
		}
	}
	return Trim(b), nil, false
}

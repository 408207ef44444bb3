package sip

import (
	"crypto/md5" //nolint:gosec // RFC 8760 keeps MD5 for clients that know nothing else
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"strings"
	"sync"
	"time"

	"tandem/internal/sip/wire"
)

// realm is what clients are asked to authenticate for.
const realm = "tandem"

// digest authenticates by RFC 7616 with the algorithms SHA-256 and MD5 (RFC
// 8760) and qop "auth". A nonce carries its own time and signature, so that
// any node knows it; which counts of a nonce were used is remembered on each
// node alone.
type digest struct {
	key  *key
	life time.Duration
	now  func() time.Time
	seen replays
}

type result int

const (
	absent result = iota // no usable credentials
	good
	old   // right password, nonce too old or count used before
	wrong // anything else
)

const (
	nonceRandom = 8
	nonceBytes  = 8 + nonceRandom + 12
)

var nonceEncoding = base64.RawURLEncoding

// nonce makes a nonce.
func (d *digest) nonce() string {
	var b [nonceBytes]byte
	binary.BigEndian.PutUint64(b[:], uint64(d.now().UnixMilli()))
	_, _ = rand.Read(b[8 : 8+nonceRandom])
	sum := d.key.sign(b[:8+nonceRandom], nil)
	copy(b[8+nonceRandom:], sum[:])
	return nonceEncoding.EncodeToString(b[:])
}

// age gives how old a nonce of ours is; ok is false for one that we never
// made.
func (d *digest) age(nonce string) (time.Duration, bool) {
	var b [nonceBytes]byte
	if len(nonce) != nonceEncoding.EncodedLen(nonceBytes) {
		return 0, false
	}
	if _, err := nonceEncoding.Decode(b[:], []byte(nonce)); err != nil {
		return 0, false
	}
	sum := d.key.sign(b[:8+nonceRandom], nil)
	if subtle.ConstantTimeCompare(sum[:nonceBytes-8-nonceRandom], b[8+nonceRandom:]) != 1 {
		return 0, false
	}
	return d.now().Sub(time.UnixMilli(int64(binary.BigEndian.Uint64(b[:])))), true
}

// challenge gives the Proxy-Authenticate lines, the stronger algorithm first.
func (d *digest) challenge(stale bool) string {
	var b strings.Builder
	nonce := d.nonce()
	for _, algorithm := range [...]string{"SHA-256", "MD5"} {
		b.WriteString(`Proxy-Authenticate: Digest realm="` + realm + `", nonce="` + nonce + `", algorithm=` + algorithm + `, qop="auth"`)
		if stale {
			b.WriteString(", stale=true")
		}
		b.WriteString(crlf)
	}
	return b.String()
}

// check looks for credentials for our realm and verifies them. It answers in
// the same way for a user who does not exist as for a wrong password.
func (d *digest) check(m *wire.Message, password func(string) (string, bool)) (username string, r result) {
	for i := range m.Headers {
		h := &m.Headers[i]
		if h.ID != wire.ProxyAuthorization {
			continue
		}
		c, ok := parseCredentials(m.ValueOf(h))
		if !ok || c["realm"] != realm {
			continue
		}
		secret, known := password(c["username"])
		r = d.verify(string(m.Name), c, secret)
		if !known {
			r = wrong
		}
		return c["username"], r
	}
	return "", absent
}

func (d *digest) verify(method string, c map[string]string, password string) result {
	var hash func(string) string
	switch algorithm := c["algorithm"]; {
	case strings.EqualFold(algorithm, "SHA-256"):
		hash = func(s string) string { sum := sha256.Sum256([]byte(s)); return hex.EncodeToString(sum[:]) }
	case algorithm == "" || strings.EqualFold(algorithm, "MD5"):
		hash = func(s string) string { sum := md5.Sum([]byte(s)); return hex.EncodeToString(sum[:]) } //nolint:gosec
	default:
		return wrong
	}
	age, ours := d.age(c["nonce"])
	if !ours {
		return wrong
	}
	ha1 := hash(c["username"] + ":" + realm + ":" + password)
	ha2 := hash(method + ":" + c["uri"])
	var want string
	var count uint64
	switch c["qop"] {
	case "auth":
		n, err := strconv.ParseUint(c["nc"], 16, 32)
		if err != nil || n == 0 {
			return wrong
		}
		count = n
		want = hash(ha1 + ":" + c["nonce"] + ":" + c["nc"] + ":" + c["cnonce"] + ":auth:" + ha2)
	case "": // RFC 2069 clients
		want = hash(ha1 + ":" + c["nonce"] + ":" + ha2)
	default:
		return wrong
	}
	if subtle.ConstantTimeCompare([]byte(want), []byte(strings.ToLower(c["response"]))) != 1 {
		return wrong
	}
	if age < 0 || age > d.life || !d.seen.fresh(c["nonce"], count, d.now(), d.life) {
		return old
	}
	return good
}

// hasRealm says whether a Proxy-Authorization value is for this realm.
func hasRealm(value []byte, want string) bool {
	c, ok := parseCredentials(value)
	return ok && c["realm"] == want
}

// parseCredentials reads a Digest credentials value; names come out in lower
// case.
func parseCredentials(value []byte) (map[string]string, bool) {
	const scheme = "digest"
	if len(value) <= len(scheme) || !wire.EqualFold(value[:len(scheme)], scheme) {
		return nil, false
	}
	c := map[string]string{}
	for rest := value[len(scheme):]; rest != nil; {
		var part []byte
		var ok bool
		if part, rest, ok = wire.List(rest); !ok {
			return nil, false
		}
		name, v, found := strings.Cut(string(part), "=")
		if !found {
			return nil, false
		}
		v = strings.TrimSpace(v)
		if len(v) > 1 && v[0] == '"' && v[len(v)-1] == '"' {
			v = unescape(v[1 : len(v)-1])
		}
		c[strings.ToLower(strings.TrimSpace(name))] = v
	}
	return c, true
}

// unescape takes the backslashes out of a quoted string.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// replays remembers the highest count used with each nonce, in two
// generations, so that what is older than a nonce lives is forgotten whole.
type replays struct {
	mu       sync.Mutex
	young    map[string]uint64
	previous map[string]uint64
	turned   time.Time
}

// maxReplays bounds one generation; only clients with the right password put
// anything in.
const maxReplays = 100_000

// fresh notes the use of count with nonce and says whether it was higher than
// all before. Clients without counts (RFC 2069) may use a nonce once.
func (r *replays) fresh(nonce string, count uint64, now time.Time, life time.Duration) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.young == nil || now.Sub(r.turned) > life || len(r.young) >= maxReplays {
		r.previous, r.young, r.turned = r.young, map[string]uint64{}, now
	}
	if count == 0 {
		count = 1
	}
	if count <= max(r.young[nonce], r.previous[nonce]) {
		return false
	}
	r.young[nonce] = count
	return true
}

package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"tandem"
)

// How passwords are hashed: Argon2id (RFC 9106) with the first of the settings
// that OWASP's Password Storage Cheat Sheet holds to be equally good.
const (
	hashMemory = 19 * 1024 // KiB
	hashPasses = 2
	hashLanes  = 1
	hashBytes  = 32
	saltBytes  = 16
)

// Hashing takes 19 MiB and some tens of milliseconds of a core. So many run at once, whoever
// asks, and so many more wait; the rest are asked to come again.
const (
	hashesAtOnce = 4
	hashesInLine = 64
)

var hashing = struct {
	slots chan struct{}
	line  chan struct{}
}{make(chan struct{}, hashesAtOnce), make(chan struct{}, hashesAtOnce+hashesInLine)}

// derive runs Argon2id when it is this caller's turn.
func derive(ctx context.Context, password string, salt []byte, s settings) ([]byte, error) {
	select {
	case hashing.line <- struct{}{}:
	default:
		return nil, tandem.Errorf(tandem.Unavailable, "", "too many people sign in at this moment; try again")
	}
	defer func() { <-hashing.line }()
	select {
	case hashing.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-hashing.slots }()
	return argon2.IDKey(normal(password), salt, s.passes, s.memory, s.lanes, hashBytes), nil
}

// normal has a password typed on another keyboard be the same (NIST SP 800-63B,
// 5.1.1.2 asks for NFKC or NFKD).
func normal(password string) []byte { return norm.NFKC.Bytes([]byte(password)) }

type settings struct {
	memory, passes uint32
	lanes          uint8
}

var current = settings{hashMemory, hashPasses, hashLanes}

// hash gives what is stored of a password, in the PHC string format:
// $argon2id$v=19$m=19456,t=2,p=1$salt$hash.
func hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt)
	sum, err := derive(ctx, password, salt, current)
	if err != nil {
		return "", err
	}
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, current.memory, current.passes, current.lanes,
		enc.EncodeToString(salt), enc.EncodeToString(sum)), nil
}

// decoy is a hash that no password has, so that somebody unknown takes as long
// as a wrong password.
var decoy = sync.OnceValue(func() parsed {
	return parsed{settings: current, salt: make([]byte, saltBytes), sum: make([]byte, hashBytes), decoy: true}
})

type parsed struct {
	settings
	salt, sum []byte
	decoy     bool
}

// check says whether password is the one that stored is the hash of, and whether
// it should be hashed anew because the settings have moved on. stored "" is
// nobody's.
func check(ctx context.Context, stored, password string) (good, old bool, err error) {
	p := decoy()
	if stored != "" {
		if p, err = parse(stored); err != nil {
			return false, false, err
		}
	}
	if len(password) > maxPasswordBytes {
		password = "" // not worth hashing: none that long was ever taken
	}
	sum, err := derive(ctx, password, p.salt, p.settings)
	if err != nil {
		return false, false, err
	}
	good = subtle.ConstantTimeCompare(sum, p.sum) == 1 && !p.decoy
	return good, good && p.settings != current, nil
}

var errHash = errors.New("a stored password hash cannot be read")

func parse(stored string) (parsed, error) {
	var p parsed
	var version int
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return p, errHash
	}
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return p, errHash
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.memory, &p.passes, &p.lanes); err != nil || p.passes < 1 || p.lanes < 1 || p.memory > math.MaxInt32 {
		return p, errHash
	}
	var errSalt, errSum error
	p.salt, errSalt = base64.RawStdEncoding.DecodeString(parts[4])
	p.sum, errSum = base64.RawStdEncoding.DecodeString(parts[5])
	if errSalt != nil || errSum != nil || len(p.sum) != hashBytes {
		return p, errHash
	}
	return p, nil
}

// The bounds of a password, in characters, and what they come to in bytes.
const (
	minPassword      = 10
	maxPassword      = 200
	maxPasswordBytes = maxPassword * utf8.UTFMax
)

// CheckPassword refuses passwords that are too short, too long or among the
// first that anybody tries. Errors are Invalid{Field: "password"}.
func CheckPassword(password, email string) error {
	n := utf8.RuneCountInString(password)
	name, _, _ := strings.Cut(email, "@")
	bare, lower := simple(password), strings.ToLower(password)
	switch {
	case !utf8.ValidString(password):
		return tandem.Errorf(tandem.Invalid, "password", "holds bytes that are no text")
	case n < minPassword || n > maxPassword:
		return tandem.Errorf(tandem.Invalid, "password", "has %d characters; expected %d to %d", n, minPassword, maxPassword)
	case tried[bare] || repeats(lower) || strings.Contains(ladders, lower):
		return tandem.Errorf(tandem.Invalid, "password", "is one of those that are tried first; expected one that is yours alone")
	case bare == simple(email) || bare == simple(name):
		return tandem.Errorf(tandem.Invalid, "password", "is little more than your e-mail address; expected one that is yours alone")
	}
	return nil
}

// simple takes away what people add to a word to make it look like a password:
// capitals, look-alikes, and digits and marks at the end.
func simple(s string) string {
	s = strings.ToLower(s)
	if strings.ContainsFunc(s, func(r rune) bool { return r >= 'a' && r <= 'z' }) {
		if cut := strings.TrimRight(s, "0123456789!?.*#$@_- "); cut != "" {
			s = cut
		}
	}
	return strings.NewReplacer("@", "a", "0", "o", "$", "s", "3", "e", "1", "i", "5", "s", " ", "", "-", "", "_", "", ".", "").Replace(s)
}

// repeats says whether s is one to four characters over and over.
func repeats(s string) bool {
	for n := 1; n <= 4 && n < len(s); n++ {
		if strings.Repeat(s[:n], len(s)/n+1)[:len(s)] == s {
			return true
		}
	}
	return false
}

// ladders are runs of keys and of the alphabet, there and back.
const ladders = "01234567890123456789 98765432109876543210 abcdefghijklmnopqrstuvwxyz zyxwvutsrqponmlkjihgfedcba " +
	"qwertyuiopasdfghjklzxcvbnm qwertzuiopasdfghjklyxcvbnm azertyuiopqsdfghjklmwxcvbn 1q2w3e4r5t6y7u8i9o0p " +
	"1qaz2wsx3edc4rfv5tgb6yhn7ujm qazwsxedcrfvtgbyhnujmikolp"

// tried are words, as simple leaves them, that with a few digits behind them are
// among the first guesses.
var tried = func() map[string]bool {
	all := map[string]bool{}
	for w := range strings.FieldsSeq(`
		password passwort passwords passwordpassword motdepasse contrasena mypassword thepassword yourpassword newpassword
		changeme changemenow changeit default defaultpassword secret secretpassword topsecret letmein letmeinnow welcome
		welcomehome welcometandem admin adminadmin administrator administrateur root rootroot superuser superadmin sysadmin
		tandem tandemtandem tandemadmin tandempassword user useruser username test testtest testing testpassword demo
		demodemo guest guestguest login loginlogin qwerty qwertyqwerty azerty qwertz asdfgh asdfasdf zxcvbn iloveyou
		iloveyoubaby ilovejesus sunshine sunshinesunshine princess football baseball basketball superman batman dragon
		monkey monkeymonkey shadow master michael jennifer jordan trustno trustnoi starwars pokemon liverpool arsenal
		chelsea manchester barcelona realmadrid summer winter spring autumn summersummer january february march april june
		july august september october november december company companyname callcenter callcentre voiceagent telephone
		correcthorsebatterystaple`) {
		all[simple(w)] = true
	}
	return all
}()

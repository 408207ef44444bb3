package sip

import (
	"net/netip"

	"tandem/internal/sip/wire"
)

// admission decides who may send calls.
type admission struct {
	trunks []Trunk
	digest *digest
}

// verdict is what admission says of a request.
type verdict int

const (
	forbidden verdict = iota
	admitted
	challenged
)

// admit judges a request by its source and its credentials. stale tells a
// challenged client that only its nonce was too old; trunk is the admitted
// one.
func (a *admission) admit(m *wire.Message, source netip.Addr) (v verdict, stale bool, trunk *Trunk) {
	byDigest := false
	for i := range a.trunks {
		t := &a.trunks[i]
		switch inside := t.contains(source); {
		case t.Username == "" && inside:
			return admitted, false, t
		case t.Username != "" && (inside || len(t.Sources) == 0):
			byDigest = true
		}
	}
	if !byDigest {
		return forbidden, false, nil
	}
	username, result := a.digest.check(m, a.password)
	if result == good {
		for i := range a.trunks {
			if t := &a.trunks[i]; t.Username == username && (len(t.Sources) == 0 || t.contains(source)) {
				return admitted, false, t
			}
		}
	}
	return challenged, result == old, nil
}

func (t *Trunk) contains(a netip.Addr) bool {
	for _, p := range t.Sources {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

func (a *admission) password(username string) (string, bool) {
	for i := range a.trunks {
		if t := &a.trunks[i]; t.Username == username && username != "" {
			return t.Password, true
		}
	}
	return "", false
}

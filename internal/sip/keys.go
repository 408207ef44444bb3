package sip

import "crypto/sha256"

// key signs short values: HMAC-SHA-256 (RFC 2104) with the padded keys kept
// ready, because it runs for every request and must not allocate.
type key struct {
	inner, outer [sha256.BlockSize]byte
}

// newKey derives a key for one purpose from the nodes' shared secret, so that
// a signature made for one purpose is worthless for another.
func newKey(secret []byte, purpose string) *key {
	derived := sha256.Sum256(append([]byte(purpose+"\x00"), secret...))
	k := &key{}
	for i := range k.inner {
		var b byte
		if i < len(derived) {
			b = derived[i]
		}
		k.inner[i], k.outer[i] = b^0x36, b^0x5c
	}
	return k
}

// sign gives the signature of a and b together; the length of a keeps the two
// apart. It does not allocate while they take less than 400 bytes.
func (k *key) sign(a, b []byte) [sha256.Size]byte {
	var buf [512]byte
	in := append(buf[:0], k.inner[:]...)
	in = append(in, byte(len(a)>>8), byte(len(a)))
	in = append(in, a...)
	in = append(in, b...)
	sum := sha256.Sum256(in)
	in = append(buf[:0], k.outer[:]...)
	in = append(in, sum[:]...)
	return sha256.Sum256(in)
}

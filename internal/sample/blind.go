package sample

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"

	"tandem"
)

// BlindPair is two transcripts that do not say which arm is which. It may still be
// told from what is said, and by who looks the calls up.
type BlindPair struct {
	Token string    `json:"token" doc:"Names the pair when it is rated; it tells nothing before"`
	Left  BlindCall `json:"left"`
	Right BlindCall `json:"right"`
}

// BlindCall is one side of a blind pair.
type BlindCall struct {
	Turns []tandem.Turn `json:"turns"`
}

// Seal hides which arm is which, and tells it again to who has the secret: a token
// is the pair itself, encrypted. It is safe for concurrent use.
type Seal struct{ aead cipher.AEAD }

// NewSeal makes a Seal from 32 secret bytes that all nodes share.
func NewSeal(secret []byte) *Seal {
	key, err := hkdf.Key(sha256.New, secret, nil, "tandem blind pair 1", 32)
	if err != nil {
		panic("sample: " + err.Error()) // only for keys longer than SHA-256 allows
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		panic("sample: " + err.Error()) // only for keys of another length
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic("sample: " + err.Error()) // only for other block sizes
	}
	return &Seal{aead}
}

// hidden is what a token says. Tokens of the same arms are of the same length.
type hidden struct {
	TestID      tandem.ID   `json:"t"`
	Pair        tandem.Pair `json:"p"`
	SecondFirst int         `json:"s"` // 1: the second call is on the left
}

// Hide puts the calls of a pair on two sides by chance.
func (s *Seal) Hide(testID tandem.ID, pair tandem.Pair, first, second []tandem.Turn) BlindPair {
	var coin [1]byte
	_, _ = rand.Read(coin[:]) // never fails
	h := hidden{TestID: testID, Pair: pair, SecondFirst: int(coin[0] & 1)}
	text, err := json.Marshal(h)
	if err != nil {
		panic("sample: " + err.Error()) // texts and numbers always encode
	}
	out := BlindPair{Token: base64.RawURLEncoding.EncodeToString(s.aead.Seal(nil, nil, text, nil))}
	out.Left.Turns, out.Right.Turns = first, second
	if h.SecondFirst == 1 {
		out.Left.Turns, out.Right.Turns = second, first
	}
	return out
}

// Open tells which pair of a test a token names, and its arm on the left.
//
// Errors: Invalid with field "token".
func (s *Seal) Open(testID tandem.ID, token string) (pair tandem.Pair, left string, err error) {
	bad := tandem.Errorf(tandem.Invalid, "token", "is not a token that a blind draw of this test gave")
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return pair, "", bad
	}
	text, err := s.aead.Open(nil, nil, raw, nil)
	if err != nil {
		return pair, "", bad
	}
	var h hidden
	if err := json.Unmarshal(text, &h); err != nil || h.TestID != testID {
		return pair, "", bad
	}
	if h.SecondFirst == 1 {
		return h.Pair, h.Pair.Second.Arm, nil
	}
	return h.Pair, h.Pair.First.Arm, nil
}

// Blind hides a sample's arms: its calls of the two arms in pairs, in the order in
// which they were drawn, and nothing else of them.
func (s *Seal) Blind(whole Sample, arms [2]string) Sample {
	var sides [2][]SampledCall
	for _, a := range whole.Arms {
		for i, key := range arms {
			if a.Arm == key {
				sides[i] = a.Calls
			}
		}
	}
	out := Sample{TestID: whole.TestID, Seed: whole.Seed, PerArm: whole.PerArm, AsOf: whole.AsOf, Arms: []ArmSample{}, Pairs: []BlindPair{}}
	for i := range min(len(sides[0]), len(sides[1])) {
		first, second := sides[0][i], sides[1][i]
		pair := tandem.Pair{First: tandem.PairedCall{Arm: arms[0], CallID: first.Call.ID}, Second: tandem.PairedCall{Arm: arms[1], CallID: second.Call.ID}}
		out.Pairs = append(out.Pairs, s.Hide(whole.TestID, pair, first.Turns, second.Turns))
	}
	return out
}

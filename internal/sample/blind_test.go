package sample

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"tandem"
)

func TestABlindPairTellsItsArmsOnlyToTheSeal(t *testing.T) {
	m := newMemory(40)
	whole := draw(t, m, Query{Seed: 3, PerArm: 20, Filter: tandem.CallFilter{HasTranscript: true}})
	seal := NewSeal(bytes.Repeat([]byte{7}, 32))
	blind := seal.Blind(whole, [2]string{"A", "B"})
	if len(blind.Pairs) != 20 || len(blind.Arms) != 0 || blind.AsOf["A"] != 40 {
		t.Fatalf("%+v", blind)
	}
	lefts := map[string]int{}
	for i, p := range blind.Pairs {
		pair, left, err := seal.Open(m.test.ID, p.Token)
		if err != nil {
			t.Fatal(err)
		}
		first, second := whole.Arms[0].Calls[i], whole.Arms[1].Calls[i]
		if want := (tandem.Pair{First: tandem.PairedCall{Arm: "A", CallID: first.Call.ID}, Second: tandem.PairedCall{Arm: "B", CallID: second.Call.ID}}); pair != want {
			t.Errorf("pair %+v; want %+v", pair, want)
		}
		lefts[left]++
		shown := p.Left.Turns[0].Text
		if want := map[string]string{"A": first.Turns[0].Text, "B": second.Turns[0].Text}[left]; shown != want {
			t.Errorf("%s is said to be on the left, where %q stands", left, shown)
		}
		raw, err := json.Marshal(BlindPair{Token: p.Token})
		if err != nil || strings.Contains(string(raw), string(first.Call.ID)) || len(p.Token) != len(blind.Pairs[0].Token) {
			t.Errorf("the token tells: %s", raw)
		}
	}
	if lefts["A"] < 2 || lefts["B"] < 2 { // all but 1 in 12,000 draws
		t.Errorf("on the left: %v", lefts)
	}
	if again := seal.Blind(whole, [2]string{"A", "B"}); again.Pairs[0].Token == blind.Pairs[0].Token {
		t.Error("a token comes twice, so that it could be remembered")
	}
}

func TestTokensOfOthersAreRefused(t *testing.T) {
	m := newMemory(1)
	seal := NewSeal(bytes.Repeat([]byte{7}, 32))
	token := seal.Hide(m.test.ID, tandem.Pair{}, nil, nil).Token
	if _, _, err := seal.Open(m.test.ID, token); err != nil {
		t.Fatal(err)
	}
	raw, _ := base64.RawURLEncoding.DecodeString(token)
	flipped := slices.Clone(raw)
	flipped[len(flipped)-1] ^= 1
	for name, bad := range map[string]string{
		"nothing": "", "no base64": "!", "too short": "AAAA", "a flipped bit": base64.RawURLEncoding.EncodeToString(flipped),
		"another secret": NewSeal(bytes.Repeat([]byte{8}, 32)).Hide(m.test.ID, tandem.Pair{}, nil, nil).Token,
		"another test":   seal.Hide("other", tandem.Pair{}, nil, nil).Token,
	} {
		if _, _, err := seal.Open(m.test.ID, bad); tandem.CodeOf(err) != tandem.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCandidatesHaveTranscriptsAndFewerAreTheFirstOfMore(t *testing.T) {
	m := newMemory(100)
	s := NewSampler(m)
	many, err := s.Candidates(t.Context(), m.test.ID, "B", 80, 5)
	if err != nil || len(many) != 50 { // every second call has one
		t.Fatalf("%d, %v", len(many), err)
	}
	few, err := s.Candidates(t.Context(), m.test.ID, "B", 7, 5)
	if err != nil || len(few) != 7 {
		t.Fatalf("%d, %v", len(few), err)
	}
	for i, c := range few {
		if c.Call.ID != many[i].Call.ID || len(c.Turns) == 0 || c.Call.Assigned.Value.Arm != "B" {
			t.Errorf("%d: %+v", i, c)
		}
	}
}

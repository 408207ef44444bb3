package phone

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/nyaruka/phonenumbers"
)

// The fast path must be a shortcut, never another opinion.
func TestNumbersThatNeedNoParsingParseToThemselves(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	fast := 0
	for _, code := range slices.Sorted(maps.Keys(phonenumbers.GetSupportedCallingCodes())) {
		for n := 4; n <= 14; n++ {
			for range 30 {
				number := "+" + strconv.Itoa(code)
				for range n {
					number += strconv.Itoa(rng.IntN(10))
				}
				if !plain(number) {
					continue
				}
				fast++
				if got, err := parse(number, ""); err != nil || got != number {
					t.Fatalf("plain(%q), but it parses to %q, %v", number, got, err)
				}
			}
		}
	}
	if fast < 5_000 {
		t.Errorf("only %d numbers took the fast path", fast)
	}
}

func TestPlain(t *testing.T) {
	for number, want := range map[string]bool{
		"+14155550100": true, "+18005550100": true, "+442079460958": true, "+5511961234567": true,
		"+1415555010": false, "+141555501000": false, "14155550100": false, "+49030231251": false,
		"+1 4155550100": false, "+": false, "": false, "+99912345678": false, "+1415555010x": false,
	} {
		if got := plain(number); got != want {
			t.Errorf("plain(%q) = %v, want %v", number, got, want)
		}
	}
}

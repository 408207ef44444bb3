package api

import (
	"encoding/json"
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"tandem"
)

func FuzzDecodeEvents(f *testing.F) {
	for _, s := range []string{
		`{"id":"1","kind":"started"}`, `[{"id":"1","kind":"ended","ended":{"by":"caller"}}]`, `[]`, `[1]`, `null`, `[null]`,
		`{"id":"1","analysis":{"a":[1]}}`, `{"at":"x"}`, `{"transcript":[{"role":"agent","start_ms":1e400}]}`, ` `, `{"id":1}`, `{"x":1}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		events, many, err := decodeEvents(data)
		if err == nil && !many && len(events) != 1 {
			t.Fatalf("%d events without a list", len(events))
		}
		if err != nil {
			if p := problemFor(err, inBody); p.Status != 400 && p.Status != 422 {
				t.Fatalf("%q: %d %v", data, p.Status, err)
			}
			return
		}
		for _, e := range events {
			_ = e.Validate() // must not panic on anything that decodes
		}
	})
}

func TestSharesOfAnySizeScaleToAHundred(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shares := rapid.SliceOfN(rapid.Float64Range(0, 1e9), 2, 10).Draw(t, "shares")
		total := 0.0
		for _, s := range shares {
			total += s
		}
		if total == 0 {
			t.Skip("nothing to scale")
		}
		got := toHundred(shares)
		if _, err := tandem.NewSplit(got); err != nil {
			t.Fatalf("%v scales to %v: %v", shares, got, err)
		}
		for i, s := range shares {
			if d := math.Abs(got[i] - 100*s/total); d > 0.02 {
				t.Fatalf("share %d of %v is %v, off by %v", i, shares, got[i], d)
			}
			if s == 0 && got[i] != 0 {
				t.Fatalf("an arm without calls got %v", got[i])
			}
		}
	})
}

func TestSharesThatCannotScaleAreLeftForTheRulesToRefuse(t *testing.T) {
	for _, shares := range [][]float64{{0, 0}, {-1, 101}, {math.NaN(), 1}, {math.Inf(1), 1}, {math.MaxFloat64, math.MaxFloat64}} {
		if _, err := tandem.NewSplit(toHundred(shares)); err == nil {
			t.Errorf("%v was accepted", shares)
		}
	}
}

func TestProblemsOfJoinedAndWrappedErrors(t *testing.T) {
	a := tandem.Errorf(tandem.Invalid, "a", "is wrong")
	b := tandem.Errorf(tandem.Invalid, "[1].b", "is wrong too")
	for _, c := range []struct {
		name   string
		err    error
		status int
		errors int
	}{
		{"one", a, 422, 1},
		{"joined", errors.Join(nil, a, b), 422, 2},
		{"within", within("arms", errors.Join(a, b)), 422, 2},
		{"of no kind", errors.New("x"), 500, 0},
		{"internal with a message", &tandem.Error{Code: tandem.Internal, Message: "secret"}, 500, 0},
		{"without a field", tandem.Errorf(tandem.NotFound, "", "no such thing"), 404, 0},
		{"conflict", tandem.Errorf(tandem.Conflict, "name", "is taken"), 409, 1},
		{"stale", tandem.Errorf(tandem.Stale, "", "is older"), 412, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := problemFor(c.err, inBody)
			data, err := json.Marshal(p)
			if err != nil || p.Status != c.status || len(p.Errors) != c.errors || p.Detail == "" || p.Detail == "secret" {
				t.Errorf("%s, %v", data, err)
			}
		})
	}
}

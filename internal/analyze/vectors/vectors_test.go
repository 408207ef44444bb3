package vectors

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestAVectorWeighsRareWordsMore(t *testing.T) {
	m := Fit([]string{"book a table", "a refund", "A table, a table!"})
	v := m.Vector("a table table unheard")
	// By hand: a is in 3 of 3 texts, table in 2; table occurs twice.
	a, table := math.Log(4.0/4)+1, (1+math.Log(2))*(math.Log(4.0/3)+1)
	length := math.Hypot(a, table)
	want := Vector{Terms: []int32{0, 3}, Weights: []float64{a / length, table / length}}
	near := cmp.Comparer(func(x, y float64) bool { return math.Abs(x-y) < 1e-12 })
	if d := cmp.Diff(want, v, near); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"a", "book", "refund", "table"}, m.Terms()); d != "" {
		t.Error(d)
	}
}

func TestTextsAreLikeThemselvesAndUnlikeOthers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom([]string{"a", "b", "c", "dé", "e"})
		text := rapid.Custom(func(t *rapid.T) string {
			s := ""
			for _, w := range rapid.SliceOfN(word, 1, 8).Draw(t, "words") {
				s += w + " "
			}
			return s
		})
		docs := rapid.SliceOfN(text, 2, 10).Draw(t, "docs")
		m := Fit(docs)
		a, b := m.Vector(docs[0]), m.Vector(docs[1])
		if x := Cosine(a, a); math.Abs(x-1) > 1e-12 {
			t.Fatalf("a text and itself: %v", x)
		}
		if x, y := Cosine(a, b), Cosine(b, a); x != y || x < 0 || x > 1 {
			t.Fatalf("%v one way, %v the other", x, y)
		}
		raw, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		var kept Model
		if err := json.Unmarshal(raw, &kept); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(a, kept.Vector(docs[0])); d != "" {
			t.Fatal(d)
		}
	})
}

func TestATextWithoutKnownWordsIsEmpty(t *testing.T) {
	m := Fit([]string{"one two"})
	if v := m.Vector("three!"); len(v.Terms) != 0 || Cosine(v, m.Vector("one")) != 0 {
		t.Errorf("%+v", v)
	}
}

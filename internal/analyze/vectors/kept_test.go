package vectors

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestAKeptModelGivesTheSameVectors(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		docs := rapid.SliceOfN(rapid.StringMatching(`([a-eé]{1,2} ){0,6}`), 0, 12).Draw(t, "docs")
		m := Fit(docs)
		raw, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		var again Model
		if err := json.Unmarshal(raw, &again); err != nil {
			t.Fatal(err)
		}
		for _, d := range docs {
			if diff := cmp.Diff(m.Vector(d), again.Vector(d)); diff != "" {
				t.Fatal(diff)
			}
		}
	})
}

func TestAModelWithoutRareTermsHoldsJustTheOthers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		docs := rapid.SliceOfN(rapid.StringMatching(`([b-f] ){0,5}`), 1, 40).Draw(t, "docs")
		least := rapid.IntRange(1, 6).Draw(t, "least")
		m := Fit(docs)
		count := map[string]int{}
		for _, d := range docs {
			for _, w := range m.Vector(d) {
				count[m.Term(w.Term)]++
			}
		}
		var want []string
		for term, n := range count {
			if n >= least {
				want = append(want, term)
			}
		}
		slices.Sort(want)
		common := m.Common(len(docs), least)
		var got []string
		for i := range common.Len() {
			got = append(got, common.Term(i))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestAModelThatIsNoneIsRefused(t *testing.T) {
	for _, raw := range []string{`[]`, `{"terms":["a"],"idf":[]}`} {
		if err := json.Unmarshal([]byte(raw), &Model{}); err == nil {
			t.Errorf("%s is read", raw)
		}
	}
}

package vectors

import (
	"encoding/json"
	"slices"
	"strings"
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
		by := make([]string, len(docs))
		for i := range by {
			by[i] = rapid.StringMatching(`[a-h]`).Draw(t, "by")
		}
		m := Fit(docs)
		users := map[string]map[string]bool{}
		for i, d := range docs {
			for _, w := range m.Vector(d) {
				if users[m.Term(w.Term)] == nil {
					users[m.Term(w.Term)] = map[string]bool{}
				}
				users[m.Term(w.Term)][by[i]] = true
			}
		}
		var want []string
		for term, who := range users {
			if len(who) >= least {
				want = append(want, term)
			}
		}
		slices.Sort(want)
		common := m.Common(docs, by, least)
		var got []string
		for i := range common.Len() {
			got = append(got, common.Term(i))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestAHiddenTermIsNotKeptAndMovesNoOther(t *testing.T) {
	m := Fit([]string{"anna books", "books table"})
	before := m.Vector("books table")
	if m.Hide(func(string) bool { return false }) || !m.Hide(func(term string) bool { return strings.Contains(term, "anna") }) {
		t.Error("it says wrongly whether a term was hidden")
	}
	raw, err := json.Marshal(m)
	if err != nil || strings.Contains(string(raw), "anna") {
		t.Errorf("%s, %v", raw, err)
	}
	var again Model
	if err := json.Unmarshal(raw, &again); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(before, again.Vector("books table")); d != "" || len(again.Vector("anna")) != 0 {
		t.Error(d, again.Vector("anna"))
	}
}

func TestAModelThatIsNoneIsRefused(t *testing.T) {
	for _, raw := range []string{`[]`, `{"terms":["a"],"idf":[]}`} {
		if err := json.Unmarshal([]byte(raw), &Model{}); err == nil {
			t.Errorf("%s is read", raw)
		}
	}
}

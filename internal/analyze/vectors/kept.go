package vectors

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Common gives m, fitted to docs, without the terms that fewer than least of those
// whose docs they are use: they make a large model and tell little, and may be
// somebody's name. by says whose each doc is.
func (m *Model) Common(docs, by []string, least int) *Model {
	theirs := map[string][]string{}
	for i, doc := range docs {
		theirs[by[i]] = append(theirs[by[i]], doc)
	}
	users := map[string]int{}
	for _, docs := range theirs {
		used := map[string]bool{}
		for _, doc := range docs {
			for term := range occurrences(doc) {
				used[term] = true
			}
		}
		for term := range used {
			users[term]++
		}
	}
	out := &Model{index: map[string]int{}}
	for i, term := range m.terms {
		if users[term] >= least {
			out.index[term] = len(out.terms)
			out.terms, out.idf = append(out.terms, term), append(out.idf, m.idf[i])
		}
	}
	return out
}

// Hide has the model no longer know some of its terms. The places of the others stay.
func (m *Model) Hide(hidden func(term string) bool) (changed bool) {
	terms := slices.Clone(m.terms)
	for i, term := range terms {
		if hidden(term) {
			// No text holds such a term.
			terms[i], changed = fmt.Sprintf("[removed %d]", i), true
		}
	}
	m.terms, m.index = terms, make(map[string]int, len(terms))
	for i, term := range terms {
		m.index[term] = i
	}
	return changed
}

// kept is a Model as it is stored.
type kept struct {
	Terms []string  `json:"terms"`
	IDF   []float64 `json:"idf"`
}

// MarshalJSON keeps a model, so that later texts can be compared with earlier ones.
func (m *Model) MarshalJSON() ([]byte, error) { return json.Marshal(kept{m.terms, m.idf}) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (m *Model) UnmarshalJSON(raw []byte) error {
	var k kept
	if err := json.Unmarshal(raw, &k); err != nil {
		return err
	}
	if len(k.Terms) != len(k.IDF) {
		return fmt.Errorf("a model of %d terms has %d rarities", len(k.Terms), len(k.IDF))
	}
	m.terms, m.idf, m.index = k.Terms, k.IDF, make(map[string]int, len(k.Terms))
	for i, term := range m.terms {
		m.index[term] = i
	}
	return nil
}

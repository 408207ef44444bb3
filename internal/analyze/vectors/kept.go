package vectors

import (
	"encoding/json"
	"fmt"
	"math"
)

// Common gives m, fitted to so many docs, without the terms that fewer than least of
// them hold: they make a large model and tell little, and may be somebody's name.
func (m *Model) Common(docs, least int) *Model {
	// Rounding must not decide: rarities of two numbers of docs are further apart.
	rarest := math.Log(float64(1+docs)/(float64(least)+0.5)) + 1
	out := &Model{index: map[string]int{}}
	for i, term := range m.terms {
		if m.idf[i] <= rarest {
			out.index[term] = len(out.terms)
			out.terms, out.idf = append(out.terms, term), append(out.idf, m.idf[i])
		}
	}
	return out
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

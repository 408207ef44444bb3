// Package vectors makes texts comparable by the words that tell them apart.
//
// Texts flow in, sparse vectors of TF-IDF weights flow out. The same texts give the
// same vectors on every machine. It knows no language and no calls.
package vectors

import (
	"encoding/json"
	"math"
	"slices"
	"strings"

	"tandem/internal/analyze/words"
)

// Vector is a text by its terms: their numbers in the model, ascending, and their
// weights, of which the squares add up to 1. The zero Vector is a text without any
// term of the model.
type Vector struct {
	Terms   []int32
	Weights []float64
}

// Model knows how rare each term is.
type Model struct {
	docs  int
	terms []string // in order
	in    []int    // how many texts hold each
	at    map[string]int32
}

// Fit makes the model of texts.
func Fit(docs []string) *Model {
	in := map[string]int{}
	for _, doc := range docs {
		for term := range frequencies(doc) {
			in[term]++
		}
	}
	m := &Model{docs: len(docs)}
	for term := range in {
		m.terms = append(m.terms, term)
	}
	slices.Sort(m.terms)
	for _, term := range m.terms {
		m.in = append(m.in, in[term])
	}
	m.index()
	return m
}

func (m *Model) index() {
	m.at = make(map[string]int32, len(m.terms))
	for i, term := range m.terms {
		m.at[term] = int32(i)
	}
}

// Terms lists the model's terms by their numbers. It must not be changed.
func (m *Model) Terms() []string { return m.terms }

// Vector gives the vector of a text, which need not be one of those of Fit: terms
// that the model has not met are left out. Weights are (1 + ln tf) times
// ln((1 + n)/(1 + df)) + 1, made to length 1: Salton & Buckley (1988), Information
// Processing & Management 24, 513-523, with the counts one larger.
func (m *Model) Vector(doc string) Vector {
	var v Vector
	tf := map[int32]int{}
	for term, n := range frequencies(doc) {
		if i, known := m.at[term]; known {
			tf[i] = n
			v.Terms = append(v.Terms, i)
		}
	}
	slices.Sort(v.Terms)
	var squares float64
	for _, i := range v.Terms {
		idf := math.Log(float64(1+m.docs)/float64(1+m.in[i])) + 1
		w := (1 + math.Log(float64(tf[i]))) * idf
		v.Weights = append(v.Weights, w)
		squares += w * w
	}
	for i := range v.Weights {
		v.Weights[i] /= math.Sqrt(squares)
	}
	return v
}

// Cosine says how alike two texts of one model are, 0 to 1; 0 where one is empty.
func Cosine(a, b Vector) float64 {
	var sum float64
	for i, j := 0, 0; i < len(a.Terms) && j < len(b.Terms); {
		switch {
		case a.Terms[i] < b.Terms[j]:
			i++
		case a.Terms[i] > b.Terms[j]:
			j++
		default:
			sum += a.Weights[i] * b.Weights[j]
			i, j = i+1, j+1
		}
	}
	return min(1, sum)
}

func frequencies(doc string) map[string]int {
	out := map[string]int{}
	for term := range strings.FieldsSeq(words.Fold(doc)) {
		out[term]++
	}
	return out
}

// stored is a Model as it is kept.
type stored struct {
	Docs  int      `json:"docs"`
	Terms []string `json:"terms"`
	In    []int    `json:"in"`
}

// MarshalJSON keeps a model, so that later texts can be compared with earlier ones.
func (m *Model) MarshalJSON() ([]byte, error) { return json.Marshal(stored{m.docs, m.terms, m.in}) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (m *Model) UnmarshalJSON(raw []byte) error {
	var s stored
	if err := json.Unmarshal(raw, &s); err != nil {
		return err
	}
	m.docs, m.terms, m.in = s.Docs, s.Terms, s.In[:min(len(s.In), len(s.Terms))]
	for len(m.in) < len(m.terms) {
		m.in = append(m.in, 0)
	}
	m.index()
	return nil
}

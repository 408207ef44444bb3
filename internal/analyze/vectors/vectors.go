// Package vectors makes texts comparable by the words they share.
//
// Texts flow in; a model of how rare each word and each pair of neighbouring words
// is among them comes out, and by it any text becomes a vector. Everything is a
// function of the texts: the same ones give the same bytes on every machine. It
// knows no meaning: two ways to say the same thing in other words are far apart.
package vectors

import (
	"math"
	"slices"
	"strings"

	"tandem/internal/analyze/words"
)

// Weight is how much one term counts in a text. Term is an index into the model.
type Weight struct {
	Term  int
	Value float64
}

// Vector holds a text's terms, in ascending order of index, scaled to length 1.
// A text without a known term has none.
type Vector []Weight

// Model knows terms, single words and pairs of neighbours, and how rare each is.
type Model struct {
	terms []string
	index map[string]int
	idf   []float64
}

// Fit makes a model of the terms of docs.
//
// A term's rarity is ln((1+n)/(1+d)) + 1 with d of n docs having it, and its weight
// in a text that rarity times 1 + ln of how often it occurs there: Salton & Buckley
// (1988), Information Processing & Management 24, 513-523, smoothed as if one more
// doc held every term.
func Fit(docs []string) *Model {
	count := map[string]int{}
	for _, doc := range docs {
		for term := range occurrences(doc) {
			count[term]++
		}
	}
	m := &Model{terms: make([]string, 0, len(count)), index: make(map[string]int, len(count))}
	for term := range count {
		m.terms = append(m.terms, term)
	}
	slices.Sort(m.terms)
	m.idf = make([]float64, len(m.terms))
	for i, term := range m.terms {
		m.index[term] = i
		m.idf[i] = math.Log(float64(1+len(docs))/float64(1+count[term])) + 1
	}
	return m
}

// Len is how many terms the model knows.
func (m *Model) Len() int { return len(m.terms) }

// Term gives the word, or the two words, behind an index.
func (m *Model) Term(index int) string { return m.terms[index] }

// Vector gives a text's vector. Terms that no doc had are left out.
func (m *Model) Vector(doc string) Vector {
	var v Vector
	for term, n := range occurrences(doc) {
		if i, ok := m.index[term]; ok {
			v = append(v, Weight{i, m.idf[i] * (1 + math.Log(float64(n)))})
		}
	}
	slices.SortFunc(v, func(a, b Weight) int { return a.Term - b.Term })
	var squares float64
	for _, w := range v {
		squares += float64(w.Value * w.Value) // the conversion keeps the product from being fused
	}
	length := math.Sqrt(squares)
	for i := range v {
		v[i].Value /= length
	}
	return v
}

// Cosine gives how alike two vectors of one model are: 0 when they share no term,
// 1 when they are the same.
func Cosine(a, b Vector) float64 {
	var sum float64
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].Term < b[j].Term:
			i++
		case a[i].Term > b[j].Term:
			j++
		default:
			sum += float64(a[i].Value * b[j].Value)
			i++
			j++
		}
	}
	return min(1, sum)
}

// occurrences counts a text's terms: its words but for stop words, and the pairs of
// words that are neighbours once those are gone.
func occurrences(doc string) map[string]int {
	out := map[string]int{}
	before := ""
	for word := range strings.FieldsSeq(words.Fold(doc)) {
		if stop[word] {
			continue
		}
		out[word]++
		if before != "" {
			out[before+" "+word]++
		}
		before = word
	}
	return out
}

// stop are English words that say little of what a text is about. The list is
// short: no, not, how or where do say something of a caller's wish.
var stop = func() map[string]bool {
	out := map[string]bool{}
	for _, word := range strings.Fields(`
		a an the and or but so if then than that this these those there here
		i me my mine we us our you your he him his she her it its they them their
		am is are was were be been being im ive id ill youre its thats
		do does did have has had will would can could should may might shall
		to of in on at by for with from as into about just also
		oh uh um er ah hm well okay ok yes yeah please thanks thank hi hello hey`) {
		out[word] = true
	}
	return out
}()

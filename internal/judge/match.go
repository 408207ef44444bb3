package judge

import (
	"cmp"
	"slices"
	"strings"

	"tandem"
	"tandem/internal/analyze/vectors"
)

const (
	// openingTurns is how many of the caller's first turns say what they want.
	openingTurns = 3
	// leastAlike is the cosine below which two openings have next to nothing in
	// common: such calls are not the same situation, and are left out.
	leastAlike = 0.1
	// leftFactor bounds what is looked at of what is left, for each pair.
	leftFactor = 2
)

// opening gives what the caller says first.
func opening(turns []tandem.Turn) string {
	var said []string
	for _, t := range turns {
		if t.Role == tandem.RoleCaller && strings.TrimSpace(t.Text) != "" {
			if said = append(said, t.Text); len(said) == openingTurns {
				break
			}
		}
	}
	return strings.Join(said, "\n")
}

// matched is two calls, by their places in the two draws.
type matched struct {
	first, second int
	alike         float64
}

// match pairs calls of two arms by what their callers say first. The first calls of
// each draw are anchors, half of the pairs from either arm: they stand for all
// callers, as they were drawn at random. Each is given the call of the other arm
// that is most like it, the best matches first, every call at most once; anchors
// are not given to one another. Where that leaves pairs to be had, because the draws
// are small or other calls are not alike, whatever is left is matched.
func match(first, second []Drawn, pairs int) []matched {
	m := newMatching(first, second, min(pairs, len(first), len(second)))
	anchors := [2]int{(m.most + 1) / 2, m.most / 2}
	m.take(func(i, j int) bool { return (i < anchors[0]) != (j < anchors[1]) })
	if len(m.out) < m.most {
		m.take(func(i, j int) bool { return max(i, j) < leftFactor*m.most })
	}
	return m.out
}

// matching is the matching of two draws under way.
type matching struct {
	vectors [2][]vectors.Vector
	used    [2][]bool
	most    int
	out     []matched
}

func newMatching(first, second []Drawn, most int) *matching {
	m := &matching{most: most, used: [2][]bool{make([]bool, len(first)), make([]bool, len(second))}}
	var docs []string
	for _, d := range slices.Concat(first, second) {
		docs = append(docs, opening(d.Turns))
	}
	model := vectors.Fit(docs)
	for n, doc := range docs {
		side := 0
		if n >= len(first) {
			side = 1
		}
		m.vectors[side] = append(m.vectors[side], model.Vector(doc))
	}
	return m
}

// take matches calls that are free and may be matched, the most alike first, until
// there are enough.
func (m *matching) take(may func(i, j int) bool) {
	var all []matched
	for i, a := range m.vectors[0] {
		for j, b := range m.vectors[1] {
			if m.used[0][i] || m.used[1][j] || !may(i, j) {
				continue
			}
			if alike := vectors.Cosine(a, b); alike >= leastAlike {
				all = append(all, matched{i, j, alike})
			}
		}
	}
	slices.SortFunc(all, func(a, b matched) int {
		return cmp.Or(cmp.Compare(b.alike, a.alike), a.first-b.first, a.second-b.second)
	})
	for _, c := range all {
		if len(m.out) < m.most && !m.used[0][c.first] && !m.used[1][c.second] {
			m.used[0][c.first], m.used[1][c.second] = true, true
			m.out = append(m.out, c)
		}
	}
}

// alone gives how alike two calls are by themselves, where no others say which
// words are rare.
func alone(first, second Drawn) float64 {
	docs := []string{opening(first.Turns), opening(second.Turns)}
	m := vectors.Fit(docs)
	return vectors.Cosine(m.Vector(docs[0]), m.Vector(docs[1]))
}

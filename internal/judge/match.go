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
// are not given to one another. An anchor to which nothing is alike gets none.
func match(first, second []Drawn, pairs int) (out []matched) {
	most := min(pairs, len(first), len(second))
	half := [2]int{(most + 1) / 2, most / 2}
	docs := make([]string, 0, len(first)+len(second))
	for _, side := range [][]Drawn{first, second} {
		for _, d := range side {
			docs = append(docs, opening(d.Turns))
		}
	}
	model := vectors.Fit(docs)
	v := make([]vectors.Vector, len(docs))
	for i, doc := range docs {
		v[i] = model.Vector(doc)
	}
	var all []matched
	consider := func(i, j int) {
		if alike := vectors.Cosine(v[i], v[len(first)+j]); alike >= leastAlike {
			all = append(all, matched{i, j, alike})
		}
	}
	for i := range half[0] {
		for j := half[1]; j < len(second); j++ {
			consider(i, j)
		}
	}
	for j := range half[1] {
		for i := half[0]; i < len(first); i++ {
			consider(i, j)
		}
	}
	slices.SortFunc(all, func(a, b matched) int {
		return cmp.Or(cmp.Compare(b.alike, a.alike), a.first-b.first, a.second-b.second)
	})
	usedFirst, usedSecond := make([]bool, len(first)), make([]bool, len(second))
	for _, m := range all {
		if !usedFirst[m.first] && !usedSecond[m.second] {
			usedFirst[m.first], usedSecond[m.second] = true, true
			out = append(out, m)
		}
	}
	return out
}

// alone gives how alike two calls are by themselves, where no others say which
// words are rare.
func alone(first, second Drawn) float64 {
	docs := []string{opening(first.Turns), opening(second.Turns)}
	m := vectors.Fit(docs)
	return vectors.Cosine(m.Vector(docs[0]), m.Vector(docs[1]))
}

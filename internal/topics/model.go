package topics

import (
	"cmp"
	"context"
	"encoding/json"
	"math"
	"slices"
	"strings"

	"tandem"
	"tandem/internal/analyze/vectors"
)

const (
	// fewest is how many calls with words it takes to group them.
	fewest = 30
	// labelTerms is how many words are kept of a group.
	labelTerms = 8
	// nameTerms is how many of them make a group's name.
	nameTerms = 3
	// faint is the weight under which a word says nothing of where a group is.
	faint = 1e-4
)

// model assigns calls to groups by their words, and knows the groups' names.
type model struct {
	Words  *vectors.Model `json:"words"`
	Groups []direction    `json:"groups"`
	Fit    Fit            `json:"fit"`

	centroids [][]float64
}

// direction is a group of the model.
type direction struct {
	Terms   []int32   `json:"terms"` // of the centroid
	Weights []float32 `json:"weights"`
	Telling []string  `json:"telling"`
	tandem.GroupName
	// From are the calls that a language model was shown to name it; none where its
	// words are its name.
	From []tandem.ID `json:"from,omitempty"`
}

// fit makes a model of texts, each of somebody's call: k groups, or as many as suit
// when k is 0. It is nil where there are too few texts. The error is ctx's.
func fit(ctx context.Context, texts, by []string, k int, seed uint64) (*model, error) {
	if len(texts) < fewest {
		return nil, nil
	}
	docs := telling(texts, by)
	m := &model{Words: vectors.Fit(docs).Common(docs, by, rarest)}
	var vs []vectors.Vector
	var kept, whose []string
	for i, d := range docs {
		if v := m.Words.Vector(d); len(v) > 0 {
			vs, kept, whose = append(vs, v), append(kept, d), append(whose, by[i])
		}
	}
	if len(vs) < fewest {
		return nil, nil
	}
	terms := m.Words.Len()
	var c clustering
	var err error
	if k > 0 {
		c, err = cluster(ctx, vs, terms, k, seed)
	} else {
		c, m.Fit.Tried, err = choose(ctx, vs, terms, seed)
	}
	if err != nil {
		return nil, err
	}
	m.Fit.Sampled, m.Fit.Words, m.Fit.K, m.Fit.NamedBy = len(vs), terms, len(c.centroids), byWords
	labels := label(kept, whose, c.of, len(c.centroids))
	for g, centroid := range c.centroids {
		d := direction{Telling: labels[g]}
		for i, w := range centroid {
			if w >= faint {
				d.Terms, d.Weights = append(d.Terms, int32(i)), append(d.Weights, float32(w))
			}
		}
		d.byWords()
		m.Groups = append(m.Groups, d)
	}
	m.unfold()
	return m, nil
}

const byWords = "offline"

// byWords has the group's words for its name.
func (d *direction) byWords() {
	d.GroupName, d.From = tandem.GroupName{Name: strings.Join(d.Telling[:min(nameTerms, len(d.Telling))], ", ")}, nil
}

// unfold makes the centroids of what is stored of them.
func (m *model) unfold() {
	m.centroids = make([][]float64, len(m.Groups))
	for g, d := range m.Groups {
		m.centroids[g] = make([]float64, m.Words.Len())
		for i, term := range d.Terms[:min(len(d.Terms), len(d.Weights))] {
			if int(term) < len(m.centroids[g]) {
				m.centroids[g][term] = float64(d.Weights[i])
			}
		}
	}
}

// readModel reads a stored model; nil where there is none or none that this program
// can read.
func readModel(raw json.RawMessage) *model {
	var m model
	if raw == nil || json.Unmarshal(raw, &m) != nil || m.Words == nil || len(m.Groups) == 0 {
		return nil
	}
	m.unfold()
	return &m
}

// group gives the group of a text, and how much it is like it; -1 for a text
// without words of any group.
func (m *model) group(text string) (group int, cosine float64) {
	if group, cosine = nearest(m.centroids, m.Words.Vector(text)); cosine <= 0 {
		return -1, 0
	}
	return group, cosine
}

// label gives the most telling terms of each group by class-based TF-IDF:
// Grootendorst (2022), arXiv 2203.05794, equation 2, a group being a class: how
// often a term comes in the group, times ln(1 + A/f), with A the average number of
// words of a group and f how often the term comes in all. Terms of fewer than
// rarest callers' texts of a group are passed over; by says whose each text is.
func label(docs, by []string, of []int, k int) [][]string {
	in, all, held := make([]map[string]int, k), map[string]int{}, make([]callers, k)
	length := make([]int, k)
	total := 0
	for g := range k {
		in[g], held[g] = map[string]int{}, callers{}
	}
	for i, d := range docs {
		list := strings.Fields(d)
		for _, w := range list {
			in[of[i]][w]++
			all[w]++
			total++
		}
		length[of[i]] += len(list)
		for _, w := range slices.Compact(slices.Sorted(slices.Values(list))) {
			held[of[i]].note(w, by[i])
		}
	}
	out := make([][]string, k)
	for g := range k {
		weight := map[string]float64{}
		for w, n := range in[g] {
			if held[g].several(w) {
				weight[w] = float64(n) / float64(length[g]) * math.Log(1+float64(total)/float64(k)/float64(all[w]))
				out[g] = append(out[g], w)
			}
		}
		slices.SortFunc(out[g], func(a, b string) int {
			return cmp.Or(cmp.Compare(weight[b], weight[a]), strings.Compare(a, b))
		})
		out[g] = out[g][:min(len(out[g]), labelTerms)]
	}
	return out
}

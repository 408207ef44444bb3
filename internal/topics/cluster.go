package topics

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"tandem/internal/analyze/vectors"
)

const (
	// restarts is how often k-means begins anew; the best of them is kept.
	restarts = 4
	// rounds bounds one run, which mostly settles in a dozen.
	rounds = 40
	// silhouetteSample bounds the vectors that a silhouette looks at: it takes the
	// square of them.
	silhouetteSample = 800
)

// clustering is groups of vectors: the direction of each, and who is in it.
type clustering struct {
	centroids [][]float64 // by group and term, each of length 1
	of        []int       // the group of each vector
	coherence float64     // the sum of the cosines to the own centroid
}

// cluster groups vectors, none of them empty, into k groups by spherical k-means:
// Dhillon & Modha (2001), Machine Learning 42, 143-175, begun by k-means++: Arthur
// & Vassilvitskii (2007), SODA, 1027-1035, with 1 - cosine for the squared
// distance. It is a pure function of its arguments. Groups come out by their size,
// the largest first; fewer than k where not so many vectors differ. The error is
// ctx's.
func cluster(ctx context.Context, vs []vectors.Vector, terms, k int, seed uint64) (clustering, error) {
	var best clustering
	for run := range uint64(restarts) {
		if err := ctx.Err(); err != nil {
			return clustering{}, err
		}
		c := settle(vs, begin(vs, terms, k, rand.New(rand.NewPCG(seed, run))), terms)
		if run == 0 || c.coherence > best.coherence+1e-9 {
			best = c
		}
	}
	return best.ordered(), nil
}

// begin picks vectors to start from, each the likelier the less it is like those
// that were picked before.
func begin(vs []vectors.Vector, terms, k int, rng *rand.Rand) [][]float64 {
	far := make([]float64, len(vs))
	for i := range far {
		far[i] = 1
	}
	var picked [][]float64
	for len(picked) < min(k, len(vs)) {
		var total float64
		for _, d := range far {
			total += d
		}
		if total < 1e-9 {
			break // the others are like some that were picked
		}
		next, left := len(vs)-1, rng.Float64()*total
		for i, d := range far {
			if left -= d; left < 0 {
				next = i
				break
			}
		}
		c := make([]float64, terms)
		add(c, vs[next])
		picked = append(picked, c)
		for i, v := range vs {
			far[i] = min(far[i], max(0, 1-dot(c, v)))
		}
	}
	return picked
}

// settle moves vectors to the nearest centroid and centroids to their vectors'
// middle, until nobody moves.
func settle(vs []vectors.Vector, centroids [][]float64, terms int) clustering {
	c := clustering{centroids: centroids, of: make([]int, len(vs))}
	for i := range c.of {
		c.of[i] = -1
	}
	for range rounds {
		moved := false
		c.coherence = 0
		for i, v := range vs {
			g, near := nearest(c.centroids, v)
			c.coherence += near
			moved = moved || c.of[i] != g
			c.of[i] = g
		}
		if !moved {
			break
		}
		c.centroids = middles(vs, c.of, c.centroids, terms)
	}
	return c
}

// middles gives the directions of groups. One that lost all its vectors stays where
// it was.
func middles(vs []vectors.Vector, of []int, were [][]float64, terms int) [][]float64 {
	out := make([][]float64, len(were))
	filled := make([]bool, len(were))
	for g := range out {
		out[g] = make([]float64, terms)
	}
	for i, v := range vs {
		add(out[of[i]], v)
		filled[of[i]] = true
	}
	for g, c := range out {
		if !filled[g] {
			out[g] = were[g]
			continue
		}
		var squares float64
		for _, x := range c {
			squares += x * x
		}
		for i := range c {
			c[i] /= math.Sqrt(squares)
		}
	}
	return out
}

// nearest gives the group that v is most like, the first of equals, and how much.
func nearest(centroids [][]float64, v vectors.Vector) (group int, cosine float64) {
	group = -1
	for g, c := range centroids {
		if x := dot(c, v); group < 0 || x > cosine {
			group, cosine = g, x
		}
	}
	return group, cosine
}

func add(to []float64, v vectors.Vector) {
	for _, w := range v {
		to[w.Term] += w.Value
	}
}

func dot(c []float64, v vectors.Vector) (sum float64) {
	for _, w := range v {
		sum += float64(c[w.Term] * w.Value) // the conversion keeps the product from being fused
	}
	return sum
}

// ordered drops groups without vectors and numbers the others by their size, equal
// ones by their first vector.
func (c clustering) ordered() clustering {
	size, first := make([]int, len(c.centroids)), make([]int, len(c.centroids))
	for i := len(c.of) - 1; i >= 0; i-- {
		size[c.of[i]]++
		first[c.of[i]] = i
	}
	order := make([]int, 0, len(size))
	for g, n := range size {
		if n > 0 {
			order = append(order, g)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if size[a] != size[b] {
			return size[b] - size[a]
		}
		return first[a] - first[b]
	})
	now := make([]int, len(size))
	out := clustering{coherence: c.coherence, of: make([]int, len(c.of))}
	for n, g := range order {
		now[g] = n
		out.centroids = append(out.centroids, c.centroids[g])
	}
	for i, g := range c.of {
		out.of[i] = now[g]
	}
	return out
}

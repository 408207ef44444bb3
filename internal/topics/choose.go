package topics

import (
	"context"

	"tandem/internal/analyze/vectors"
)

const (
	// mostGroups is the most groups that are tried. More can be asked for.
	mostGroups = 20
	// perGroup is how many calls a group has on average at least.
	perGroup = 15
)

// choose groups vectors into the number of groups whose silhouette is largest, the
// smaller number of equals: Rousseeuw (1987), Journal of Computational and Applied
// Mathematics 20, 53-65, with 1 - cosine for the distance.
func choose(ctx context.Context, vs []vectors.Vector, terms int, seed uint64) (clustering, []GroupCount, error) {
	look := spread(len(vs), silhouetteSample)
	near := cosines(vs, look)
	var best clustering
	var tried []GroupCount
	top := -2.0
	for k := 2; k <= min(mostGroups, len(vs)/perGroup); k++ {
		c, err := cluster(ctx, vs, terms, k, seed)
		if err != nil {
			return clustering{}, nil, err
		}
		s := silhouette(near, look, c.of, len(c.centroids))
		tried = append(tried, GroupCount{K: k, Silhouette: s})
		if s > top+1e-9 {
			best, top = c, s
		}
	}
	return best, tried, nil
}

// spread gives at most most of the numbers below n, evenly spread.
func spread(n, most int) []int {
	most = min(n, most)
	out := make([]int, most)
	for i := range out {
		out[i] = i * n / most
	}
	return out
}

// cosines compares each of those looked at with each.
func cosines(vs []vectors.Vector, look []int) [][]float32 {
	out := make([][]float32, len(look))
	for i := range look {
		out[i] = make([]float32, len(look))
		for j := range i {
			x := float32(vectors.Cosine(vs[look[i]], vs[look[j]]))
			out[i][j], out[j][i] = x, x
		}
	}
	return out
}

// silhouette is the average over those looked at. One that is alone in its group
// counts 0.
func silhouette(near [][]float32, look, of []int, k int) float64 {
	var total float64
	sum, n := make([]float64, k), make([]int, k)
	for i := range look {
		clear(sum)
		clear(n)
		for j := range look {
			if i != j {
				g := of[look[j]]
				sum[g] += 1 - float64(near[i][j])
				n[g]++
			}
		}
		own, other := of[look[i]], 2.0
		if n[own] == 0 {
			continue
		}
		a := sum[own] / float64(n[own])
		for g := range k {
			if g != own && n[g] > 0 {
				other = min(other, sum[g]/float64(n[g]))
			}
		}
		if most := max(a, other); other < 2 && most > 0 {
			total += (other - a) / most
		}
	}
	return total / float64(max(1, len(look)))
}

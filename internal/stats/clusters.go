package stats

import (
	"fmt"
	"math"
)

// Clusters summarises numbers that come in clusters, such as calls by caller: all
// that the ratio (sum of all numbers)/(number of numbers) and its variance need.
// The zero Clusters is empty. Its fields are its whole state, and they are the
// same, bit for bit, on every machine that did the same in the same order.
//
// Of each cluster it keeps the size n, how many numbers it has, and the excess,
// by how much their sum exceeds Origin n. Origin is the first cluster's mean: with
// sums instead of excesses, numbers around 1e9 with a spread of 1 would cancel to
// nothing. Means and co-moments run as Welford's do.
type Clusters struct {
	// N is how many clusters there are.
	N int64
	// Origin is near the numbers' mean; 0 while there are none.
	Origin float64
	// Excess and Size are means over clusters.
	Excess, Size float64
	// EE, ES and SS add up, over clusters, the squares and the product of excess
	// and size, each less its mean.
	EE, ES, SS float64
}

// Add adds a cluster of n numbers with a sum. n is a whole number above 0.
//
// Errors: ErrInput for NaN, infinities or n <= 0; then nothing changes.
func (c *Clusters) Add(sum, n float64) error { return c.Replace(0, 0, sum, n) }

// Replace puts a cluster in the place of one that was added before. A size of 0
// stands for no cluster: as the old one it adds, as the new one it takes away.
//
// Errors: ErrInput for NaN, infinities, a negative size, a sum of no numbers, or
// when there is no cluster to take the place of; then nothing changes.
func (c *Clusters) Replace(oldSum, oldN, newSum, newN float64) error {
	if err := checkCluster(oldSum, oldN); err != nil {
		return err
	}
	if err := checkCluster(newSum, newN); err != nil {
		return err
	}
	next := *c
	switch {
	case oldN == 0 && newN == 0:
		return nil
	case oldN == 0:
		if next.N == 0 {
			next = Clusters{Origin: newSum / newN}
		}
		next.change(newSum, newN, 1)
	case c.N < 1:
		return fmt.Errorf("%w: no cluster to replace", ErrInput)
	case newN == 0:
		next.change(oldSum, oldN, -1)
	default:
		next.exchange(oldSum, oldN, newSum, newN)
	}
	if err := next.check(); err != nil {
		return err
	}
	*c = next
	return nil
}

func checkCluster(sum, n float64) error {
	if !finite(sum, n) || n < 0 || n == 0 && sum != 0 {
		return fmt.Errorf("%w: a cluster of %v numbers with the sum %v", ErrInput, n, sum)
	}
	return nil
}

// Products are converted to float64 before they are added, so that no compiler
// fuses the two steps and rounds differently from another.

// change adds a cluster (count 1) or takes it away (-1).
func (c *Clusters) change(sum, n float64, count int64) {
	c.N += count
	if c.N == 0 {
		*c = Clusters{}
		return
	}
	sign, all := float64(count), float64(c.N)
	e, s := sum-float64(c.Origin*n)-c.Excess, n-c.Size
	c.Excess += sign * e / all
	c.Size += sign * s / all
	// Distances from the mean before times those from the mean after.
	after := sum - float64(c.Origin*n) - c.Excess
	c.EE = max(0, c.EE+float64(sign*e*after))
	c.ES += float64(sign * s * after)
	c.SS = max(0, c.SS+float64(sign*s*(n-c.Size)))
}

// exchange moves one cluster's excess and size. The co-moment of x and y changes
// by (x-mean)dy + (y-mean)dx + dx dy(1-1/N).
func (c *Clusters) exchange(oldSum, oldN, newSum, newN float64) {
	all := float64(c.N)
	ds := newN - oldN
	de := newSum - oldSum - float64(c.Origin*ds)
	e, s := oldSum-float64(c.Origin*oldN)-c.Excess, oldN-c.Size
	rest := 1 - 1/all
	c.EE = max(0, c.EE+float64(de*(float64(2*e)+float64(de*rest))))
	c.ES += float64(e*ds) + float64(s*de) + float64(float64(de*ds)*rest)
	c.SS = max(0, c.SS+float64(ds*(float64(2*s)+float64(ds*rest))))
	c.Excess += de / all
	c.Size += ds / all
}

// Merge adds the clusters of o, none of which may be in c already: Chan, Golub &
// LeVeque (1983), American Statistician 37, 242-247.
func (c *Clusters) Merge(o Clusters) {
	switch {
	case o.N == 0:
		return
	case c.N == 0:
		*c = o
		return
	}
	o.moveOrigin(c.Origin)
	n, m := float64(c.N), float64(o.N)
	e, s, w := o.Excess-c.Excess, o.Size-c.Size, n*m/(n+m)
	c.EE += o.EE + float64(e*e*w)
	c.ES += o.ES + float64(e*s*w)
	c.SS += o.SS + float64(s*s*w)
	c.Excess += e * m / (n + m)
	c.Size += s * m / (n + m)
	c.N += o.N
}

// moveOrigin turns each excess e into e + by n.
func (c *Clusters) moveOrigin(origin float64) {
	by := c.Origin - origin
	c.EE = max(0, c.EE+float64(by*(float64(2*c.ES)+float64(by*c.SS))))
	c.ES += float64(by * c.SS)
	c.Excess += float64(by * c.Size)
	c.Origin = origin
}

func (c Clusters) check() error {
	if c.N < 0 || !finite(c.Origin, c.Excess, c.Size, c.EE, c.ES, c.SS) || c.Size < 0 || c.EE < 0 || c.SS < 0 {
		return fmt.Errorf("%w: clusters %+v", ErrInput, c)
	}
	return nil
}

// Numbers gives how many numbers the clusters have together.
func (c Clusters) Numbers() int64 { return int64(math.Round(c.Size * float64(c.N))) }

// Mean gives the mean of all numbers; 0 when there are none.
func (c Clusters) Mean() float64 {
	if c.N == 0 || c.Size <= 0 {
		return 0
	}
	return c.Origin + c.Excess/c.Size
}

// Variance gives the variance of Mean as an estimate, by the delta method for the
// ratio of two means over K clusters:
//
//	(var(S) - 2 R cov(S, n) + R^2 var(n)) / (K mean(n)^2), R the ratio,
//
// Deng, Knoblich & Lu (2018, arXiv 1803.06336), section 4. It is 0 below two
// clusters. With clusters of one number it is the ordinary variance of a mean.
func (c Clusters) Variance() float64 {
	if c.N < 2 || c.Size <= 0 {
		return 0
	}
	// With excesses in place of sums, R is what the ratio is above Origin.
	r := c.Excess / c.Size
	residual := max(0, c.EE-float64(2*r*c.ES)+float64(r*r*c.SS))
	return residual / float64(c.N-1) / float64(c.N) / (c.Size * c.Size)
}

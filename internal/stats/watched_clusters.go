package stats

// SkewedClusters are [Clusters] that know their third moments too: the sums over
// clusters of the products of three excesses or sizes. They are plain sums, of
// excesses over Origin, which is near the mean.
type SkewedClusters struct {
	Clusters
	EEE, EES, ESS, SSS float64
}

// Add is [Clusters.Add].
func (c *SkewedClusters) Add(sum, n float64) error { return c.Replace(0, 0, sum, n) }

// Replace is [Clusters.Replace].
func (c *SkewedClusters) Replace(oldSum, oldN, newSum, newN float64) error {
	if err := c.Clusters.Replace(oldSum, oldN, newSum, newN); err != nil {
		return err
	}
	if c.N == 0 {
		*c = SkewedClusters{}
		return nil
	}
	c.cubes(oldSum, oldN, -1)
	c.cubes(newSum, newN, 1)
	return nil
}

func (c *SkewedClusters) cubes(sum, n, sign float64) {
	e := sum - float64(c.Origin*n)
	ee, nn := float64(e*e), float64(n*n)
	c.EEE += float64(sign * float64(ee*e))
	c.EES += float64(sign * float64(ee*n))
	c.ESS += float64(sign * float64(nn*e))
	c.SSS += float64(sign * float64(nn*n))
}

// Residual is by how much a cluster's sum exceeds what the mean of all foretells.
func (c *SkewedClusters) Residual(sum, n float64) float64 { return sum - float64(c.Mean()*n) }

// third is the third central moment of Mean, to the order of [Clusters.Variance].
func (c *SkewedClusters) third() float64 {
	r := c.Excess / c.Size
	sum := c.EEE - float64(3*float64(r*c.EES)) + float64(3*float64(float64(r*r)*c.ESS)) - float64(float64(float64(r*r)*r)*c.SSS)
	return sum / cube(float64(c.N)) / cube(c.Size)
}

// pooledBy is the variance of the difference of two means over clusters when all
// of them, in both arms, are alike.
func pooledBy(all Clusters, na, nb int64) float64 {
	return float64(all.Variance() * float64(all.N) * (1/float64(na) + 1/float64(nb)))
}

// SpreadOfClusteredShares is [SpreadOfShares] by cluster: as if there had been two
// more clusters of the usual size in each arm, one with nothing but successes and
// one with nothing but failures, and in the pooled variance in both together. All 0
// while an arm is empty.
func SpreadOfClusteredShares(a, b Clusters) Spread {
	if a.N == 0 || b.N == 0 {
		return Spread{}
	}
	all := a
	all.Merge(b)
	na, nb := a.N, b.N
	for _, c := range [...]*Clusters{&a, &b, &all} {
		if c.Add(c.Size, c.Size) != nil || c.Add(0, c.Size) != nil {
			return Spread{}
		}
	}
	own := a.Variance() + b.Variance()
	return Spread{Variance: max(own, pooledBy(all, na, nb)), Own: own}
}

// SpreadOfClusteredMeans is [SpreadOfMeans] by cluster. extremes are the smallest
// and the largest [SkewedClusters.Residual] that a cluster had, [Unseen] where they
// are not known. All 0 with fewer than two clusters in an arm.
func SpreadOfClusteredMeans(a, b SkewedClusters, extremes Interval) Spread {
	if a.N < 2 || b.N < 2 || a.Size <= 0 || b.Size <= 0 {
		return Spread{}
	}
	all := a.Clusters
	all.Merge(b.Clusters)
	own := a.Variance() + b.Variance()
	s := Spread{Own: own, Third: b.third() - a.third()}
	s.Variance = max(own, pooledBy(all, a.N, b.N))
	if extremes.Low <= extremes.High {
		s.Variance = max(s.Variance, a.stretched(extremes)+b.stretched(extremes))
	}
	return s
}

// stretched is the variance of the mean with more clusters of the usual size at
// the extremes.
func (c SkewedClusters) stretched(extremes Interval) float64 {
	with, usual := c.Clusters, float64(c.Mean()*c.Size)
	for range extraExtremes {
		if with.Add(usual+extremes.Low, c.Size) != nil || with.Add(usual+extremes.High, c.Size) != nil {
			return 0
		}
	}
	return with.Variance()
}

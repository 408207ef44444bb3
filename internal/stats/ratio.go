package stats

// RatioDifference compares the means of all numbers of two samples that were
// drawn in clusters: the test for a split by caller, where calls of one caller
// are alike and a test by call would find differences that are not there. The
// variances are those of [Clusters.Variance]; interval and test are Welch's with
// clusters as the units, which they equal when each cluster has one number.
//
// Errors: ErrInput; ErrTooFew below two clusters on a side, or when neither side
// has any spread.
func RatioDifference(a, b Clusters, level float64) (Estimate, error) {
	return StratifiedRatios([]Stratum[Clusters]{{Weight: 1, A: a, B: b}}, level)
}

// StratifiedRatios compares the means of all numbers within each stratum and
// weighs the differences, like [StratifiedMeans]. Strata with fewer than two
// clusters on a side are left out. A caller that is in several strata is taken
// for a new one in each.
//
// Errors: those of RatioDifference.
func StratifiedRatios(strata []Stratum[Clusters], level float64) (Estimate, error) {
	moments := make([]Stratum[Moments], 0, len(strata))
	for _, s := range strata {
		if err := s.A.check(); err != nil {
			return Estimate{}, err
		}
		if err := s.B.check(); err != nil {
			return Estimate{}, err
		}
		moments = append(moments, Stratum[Moments]{Weight: s.Weight, A: s.A.moments(), B: s.B.moments()})
	}
	return StratifiedMeans(moments, level)
}

// moments gives numbers, one for each cluster, whose mean has the value and the
// variance of the clusters' mean: the residuals that the delta method linearises
// the ratio to.
func (c Clusters) moments() Moments {
	return Moments{N: c.N, Mean: c.Mean(), Variance: c.Variance() * float64(c.N)}
}

package stats

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Counted is a number that occurred N times: one of several equal ones, or a
// bucket of a histogram with the number that stands for it.
type Counted struct {
	Value float64
	N     int64
}

// CountValues sorts numbers and counts equal ones, for [QuantileDifference]. It
// leaves values as they are.
//
// Errors: ErrInput for NaN and infinities.
func CountValues(values []float64) ([]Counted, error) {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	if len(sorted) > 0 && !finite(sorted[0], sorted[len(sorted)-1]) {
		return nil, fmt.Errorf("%w: values from %v to %v", ErrInput, sorted[0], sorted[len(sorted)-1])
	}
	var out []Counted
	for _, x := range sorted {
		if last := len(out) - 1; last >= 0 && out[last].Value == x {
			out[last].N++
		} else {
			out = append(out, Counted{x, 1})
		}
	}
	return out, nil
}

// QuantileInterval gives the q-quantile of numbers, 0 < q < 1, and an interval
// for it at a confidence level such as 0.95. The interval assumes nothing of the
// distribution's form: its ends are the numbers whose ranks are nq -+
// z sqrt(nq(1-q)), Woodruff (1952), JASA 47, 635-646. Where nq(1-q) is below 5,
// a median of fewer than 20, its ends are the numbers of the exact ranks instead:
// the innermost that leave at most half of 1 - level outside on either side by the
// binomial distribution (David & Nagaraja 2003, Order Statistics, section 7.1).
//
// A quantile is read off the mid-distribution: each number stands at the middle
// of the ranks that it and its equals have, with straight lines in between.
// Without equal numbers that is Hazen's rule (type 5 in R), for q = 1/2 the
// ordinary median; with ties and buckets it goes on moving smoothly where a
// ranked value would jump from one number to the next, and its spread does not
// collapse to 0: Ma, Genton & Parzen (2011), Annals of the Institute of
// Statistical Mathematics 63, 227-243.
//
// The values must rise; those with a count of 0 do not matter. Errors: ErrInput;
// ErrTooFew when those ranks lie outside of the sample: at a level of 0.95 a
// median needs 6 numbers, the 90th percentile 36.
func QuantileInterval(a []Counted, q, level float64) (value float64, in Interval, err error) {
	al, err := alpha(level)
	if err != nil {
		return 0, Interval{}, err
	}
	m, err := midRanks(a, q)
	if err != nil {
		return 0, Interval{}, err
	}
	if m.n*q*(1-q) < roughBelow {
		return m.exactly(q, al/2)
	}
	return m.around(q, normalQuantile(al/2))
}

const (
	// roughBelow is the variance of a quantile's rank below which the normal
	// approximation of that rank gives way to the binomial.
	roughBelow = 5
	// comparedFrom is the variance from which quantiles are compared: medians of ten.
	comparedFrom = 2.5
)

// woodruffZ is how far from the quantile, in standard errors of its rank, the
// numbers are read whose distance gives the standard error: the quantile of
// 0.975, as in Deng, Knoblich & Lu. It does not follow the level, so that a
// p-value does not either.
const woodruffZ = 1.959963984540054

// QuantileDifference compares the q-quantile of two samples, 0 < q < 1: medians
// for 0.5. Each standard error is the width of a Woodruff interval
// ([QuantileInterval]) divided by that of a normal one, the method of Deng,
// Knoblich & Lu (2018, arXiv 1803.06336), section 5; interval and test of the
// difference b - a are Student's, with Satterthwaite's degrees of freedom for the
// sizes of the samples.
//
// Errors: those of QuantileInterval; ErrTooFew when neither side has any spread, or
// a side has fewer than 2.5/(q(1-q)) numbers: ten for medians.
func QuantileDifference(a, b []Counted, q, level float64) (Estimate, error) {
	al, err := alpha(level)
	if err != nil {
		return Estimate{}, err
	}
	var values [2]float64
	var parts [2]part
	for i, side := range [2][]Counted{a, b} {
		m, err := midRanks(side, q)
		if err != nil {
			return Estimate{}, err
		}
		if m.n*q*(1-q) < comparedFrom {
			return Estimate{}, m.tooFew(q)
		}
		value, in, err := m.around(q, woodruffZ)
		if err != nil {
			return Estimate{}, err
		}
		se := (in.High - in.Low) / (2 * woodruffZ)
		values[i], parts[i] = value, part{se * se, m.n - 1}
	}
	return estimateFrom(values[1]-values[0], parts[:], al, 1)
}

// middles is a sample as numbers with the middles of their ranks, from 0 to n.
type middles struct {
	n     float64
	rank  []float64
	value []float64
}

func midRanks(a []Counted, q float64) (middles, error) {
	if !(q > 0 && q < 1) {
		return middles{}, fmt.Errorf("%w: quantile %v; expected between 0 and 1", ErrInput, q)
	}
	m := middles{rank: make([]float64, 0, len(a)), value: make([]float64, 0, len(a))}
	var last Counted // the number before with its count so far
	for _, c := range a {
		if !finite(c.Value) || c.N < 0 {
			return middles{}, fmt.Errorf("%w: value %v with count %d", ErrInput, c.Value, c.N)
		}
		if c.N == 0 {
			continue
		}
		at := len(m.value) - 1
		switch {
		case at < 0 || c.Value > last.Value:
			last = c
			m.rank, m.value = append(m.rank, m.n+float64(c.N)/2), append(m.value, c.Value)
		case c.Value == last.Value:
			last.N += c.N
			m.rank[at] += float64(c.N) / 2
		default:
			return middles{}, fmt.Errorf("%w: value %v after %v; expected them to rise", ErrInput, c.Value, last.Value)
		}
		m.n += float64(c.N)
	}
	return m, nil
}

// around gives the q-quantile and the numbers z standard errors of its rank
// below and above.
func (m middles) around(q, z float64) (value float64, in Interval, err error) {
	half := z * math.Sqrt(m.n*q*(1-q))
	low, high := m.n*q-half, m.n*q+half
	if m.n == 0 || low < 0 || high > m.n {
		return 0, Interval{}, m.tooFew(q)
	}
	return m.at(m.n * q), Interval{m.at(low), m.at(high)}, nil
}

func (m middles) tooFew(q float64) error {
	return fmt.Errorf("%w: %v numbers are not enough around their quantile %v", ErrTooFew, m.n, q)
}

// exactly gives the q-quantile and the numbers of the innermost ranks outside of
// which it lies with a chance of at most tail on either side.
func (m middles) exactly(q, tail float64) (value float64, in Interval, err error) {
	below := distuv.Binomial{N: m.n, P: q}
	// The number of rank k lies above the quantile when fewer than k numbers lie
	// below it.
	low, high := 0.0, m.n+1
	for low+1 <= m.n && below.CDF(low) <= tail {
		low++
	}
	for high-1 >= 1 && 1-below.CDF(high-2) <= tail {
		high--
	}
	if m.n == 0 || low < 1 || high > m.n {
		return 0, Interval{}, m.tooFew(q)
	}
	return m.at(m.n * q), Interval{m.ranked(low), m.ranked(high)}, nil
}

// ranked is the number of a whole rank, from 1 to n.
func (m middles) ranked(rank float64) float64 {
	var before float64
	for i, at := range m.rank {
		// A number stands at the middle of its ranks.
		before += 2 * (at - before)
		if rank <= before {
			return m.value[i]
		}
	}
	return m.value[len(m.value)-1]
}

// at reads the number at a rank.
func (m middles) at(rank float64) float64 {
	i, _ := slices.BinarySearch(m.rank, rank)
	switch {
	case i == 0:
		return m.value[0]
	case i == len(m.rank):
		return m.value[i-1]
	}
	share := (rank - m.rank[i-1]) / (m.rank[i] - m.rank[i-1])
	return (1-share)*m.value[i-1] + share*m.value[i]
}

package results

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"tandem"
	"tandem/internal/stats"
)

// minExpected is the expected count under which the normal test of a 2 x 2
// table gives way to the exact one (Cochran 1954).
const minExpected = 5

// compare sets each other arm against the first, within phases, each weighted by
// what it tells ([stats.StratumWeight]), as in the evidence.
func compare(e entry, c cells, arms []tandem.Arm) []Comparison {
	if e.kind == tandem.Count {
		return nil
	}
	out := make([]Comparison, 0, len(arms)-1)
	first := c.of(e.name, arms[0].Key)
	for _, a := range arms[1:] {
		other := c.of(e.name, a.Key)
		d := Comparison{Arm: a.Key, Against: arms[0].Key, Label: FixedHorizon}
		ka, kb := kindOf(e, first), kindOf(e, other)
		switch {
		case ka != kb:
			d.Note = "the two versions define it with different types"
		case ka == tandem.Proportion:
			compareProportions(&d, first, other)
		case ka == tandem.Mean:
			compareMeans(&d, first, other)
		case ka == tandem.Category:
			compareCategories(&d, first, other)
		}
		out = append(out, d)
	}
	return out
}

// kindOf gives the kind of what was counted, before any call that of the
// metric.
func kindOf(e entry, at *cell) tandem.MetricKind {
	if at.total.N == 0 {
		return e.kind
	}
	return at.total.Kind
}

// strata pairs the phases of two arms.
func strata[T any](first, other *cell, as func(*tandem.Tally) T) []stats.Stratum[T] {
	out := make([]stats.Stratum[T], 0, len(first.phases))
	for _, p := range first.phases {
		b := other.phase(p.phase)
		out = append(out, stats.Stratum[T]{Weight: stats.StratumWeight(p.N, b.N), A: as(p.Tally), B: as(b)})
	}
	return out
}

func compareProportions(d *Comparison, first, other *cell) {
	pairs := strata(first, other, asProportion)
	est, err := stats.StratifiedProportions(pairs, Level)
	if err != nil {
		d.Note = whyNot(err)
		return
	}
	d.take(est, "newcombe", "pooled_z")
	d.relateProportions(pairs)
	d.believe(first, other)
	var one stats.Stratum[stats.Proportion]
	least := math.Inf(1)
	for _, s := range pairs {
		if s.A.N > 0 && s.B.N > 0 {
			one, least = s, min(least, stats.MinExpected(s.A, s.B))
		}
	}
	switch {
	case least >= minExpected:
	case est.Strata == 1:
		if exact, err := stats.Fisher(one.A, one.B); err == nil {
			d.Significance = significance(exact, "fisher_exact")
		}
	default:
		d.Note = fmt.Sprintf("a phase has fewer than %d expected in a cell: the p-value is rough", minExpected)
	}
	d.noteLeftOut(first, other)
}

func compareMeans(d *Comparison, first, other *cell) {
	pairs := strata(first, other, asMoments)
	est, err := stats.StratifiedMeans(pairs, Level)
	if err != nil {
		d.Note = whyNot(err)
		return
	}
	d.take(est, "welch_t", "welch_t")
	d.relateMeans(pairs)
	d.compareMedians(first, other)
	d.noteLeftOut(first, other)
}

func compareCategories(d *Comparison, first, other *cell) {
	test, phases, err := categories(first, other)
	if err != nil {
		d.Note = whyNot(err)
		return
	}
	d.Significance, d.Phases = significance(test, "chi_squared"), phases
	d.noteLeftOut(first, other)
}

// categories tests whether several arms share one distribution, within each
// phase in which at least two of them have data.
func categories(arms ...*cell) (test stats.Test, phases int, err error) {
	numbers := map[int]bool{}
	for _, at := range arms {
		for _, p := range at.phases {
			numbers[p.phase] = true
		}
	}
	var tables [][][]int64
	for _, phase := range slices.Sorted(maps.Keys(numbers)) {
		names, filled := map[string]bool{}, 0
		for _, at := range arms {
			t := at.phase(phase)
			for name := range t.Names {
				names[name] = true
			}
			if t.N > 0 {
				filled++
			}
		}
		if filled < 2 {
			continue
		}
		var table [][]int64
		for _, name := range slices.Sorted(maps.Keys(names)) {
			row := make([]int64, len(arms))
			for i, at := range arms {
				row[i] = at.phase(phase).Names[name]
			}
			table = append(table, row)
		}
		tables = append(tables, table)
	}
	if len(tables) == 0 {
		return stats.Test{}, 0, stats.ErrTooFew
	}
	test, err = stats.ChiSquaredStrata(tables)
	return test, len(tables), err
}

// overall compares all arms of a category at once, when there are three or
// more.
func overall(e entry, c cells, arms []tandem.Arm) *Significance {
	if e.kind != tandem.Category || len(arms) < 3 {
		return nil
	}
	all := make([]*cell, len(arms))
	for i, a := range arms {
		if all[i] = c.of(e.name, a.Key); kindOf(e, all[i]) != tandem.Category {
			return nil
		}
	}
	test, _, err := categories(all...)
	if err != nil {
		return nil
	}
	s := significance(test, "chi_squared")
	return &s
}

func (d *Comparison) take(est stats.Estimate, method, test string) {
	d.Value, d.Interval = number(est.Value), interval(est.Interval, method)
	d.Significance, d.Phases = significance(est.Test, test), est.Strata
}

// noteLeftOut says so when data of a phase could not be used.
func (d *Comparison) noteLeftOut(first, other *cell) {
	all := map[int]bool{}
	for _, p := range first.phases {
		all[p.phase] = true
	}
	for _, p := range other.phases {
		all[p.phase] = true
	}
	if left := len(all) - d.Phases; left > 0 {
		if d.Note != "" {
			d.Note += "; "
		}
		d.Note += fmt.Sprintf("%d of %d phases are left out: one of the arms has too few data there", left, len(all))
	}
}

func significance(t stats.Test, name string) Significance {
	return Significance{P: number(t.P), Log10P: number(t.LogP / math.Ln10), Test: name}
}

// whyNot says in words why there is no comparison.
func whyNot(err error) string {
	if errors.Is(err, stats.ErrTooFew) {
		return "not enough data in both arms yet"
	}
	return "the data cannot be compared: " + err.Error()
}

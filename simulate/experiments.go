package main

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"tandem/internal/stats"
)

const experimentPart = "Recorded web experiments (78, as checkpoints of counts, means and variances): called at some checkpoint, and not significant at the last"

// checkpoint is a series' figures at one moment.
type checkpoint struct{ c, t stats.Moments }

// readExperiments reads the checkpoints of each experiment, variant and metric,
// in order.
func readExperiments(path string) (series map[string][]checkpoint, experiments map[string]string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, nil, err
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, nil, fmt.Errorf("%s: %d rows: %w", path, len(rows), err)
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	series, experiments = map[string][]checkpoint{}, map[string]string{}
	for _, row := range rows[1:] {
		if slices.Contains(row, "") {
			continue // a checkpoint without a figure says nothing
		}
		var wrong error
		number := func(name string) float64 {
			x, err := strconv.ParseFloat(row[column[name]], 64)
			wrong = errors.Join(wrong, err)
			return x
		}
		moments := func(of string) stats.Moments {
			return stats.Moments{N: int64(number("count_" + of)), Mean: number("mean_" + of), Variance: number("variance_" + of)}
		}
		cp := checkpoint{moments("c"), moments("t")}
		if wrong != nil {
			return nil, nil, wrong
		}
		id := row[column["experiment_id"]]
		key := id + "/" + row[column["variant_id"]] + "/" + row[column["metric_id"]]
		series[key] = append(series[key], cp)
		experiments[key] = id
	}
	return series, experiments, nil
}

// called at some checkpoint and not significant at the last is no error by itself:
// where the truth is not known, it only shows how early a way of looking speaks up.
// So these rows have no bound.

// called is what one way of looking said of a series.
type called struct{ ever, atEnd bool }

func follow(all []checkpoint, look func(value, se float64, na, nb int64) (bool, error)) (called, error) {
	var out called
	for _, cp := range all {
		se := math.Sqrt(cp.c.Variance/float64(cp.c.N) + cp.t.Variance/float64(cp.t.N))
		out.atEnd = false
		if !(se > 0) {
			continue
		}
		yes, err := look(cp.t.Mean-cp.c.Mean, se, cp.c.N, cp.t.N)
		if err != nil {
			return out, err
		}
		out.atEnd = yes
		out.ever = out.ever || yes
	}
	return out, nil
}

func zLook(value, se float64, _, _ int64) (bool, error) {
	return math.Abs(value) > 1.959963984540054*se, nil
}

func sequenceLook(value, se float64, na, nb int64) (bool, error) {
	band, err := stats.Sequence(value, se, stats.EvenCalls(na, nb), alpha, stats.Tuning)
	if errors.Is(err, stats.ErrTooFew) {
		return false, nil
	}
	return err == nil && (band.Interval.Low > 0 || band.Interval.High < 0), err
}

func experiments(o options) []setting {
	path := filepath.Join(o.data, "ab", "asos_digital_experiments.csv.gz")
	compare := func(name string, keep func(key string) bool, look func(value, se float64, na, nb int64) (bool, error)) setting {
		return setting{experimentPart, name, func(*runner) (figure, string, error) {
			series, ids, err := readExperiments(path)
			if errors.Is(err, fs.ErrNotExist) {
				return figure{}, path + " is not there", nil
			}
			if err != nil {
				return figure{}, "", err
			}
			var ever, regretted, n int
			seen, which := map[string]bool{}, map[string]bool{}
			for key, all := range series {
				if !keep(key) {
					continue
				}
				c, err := follow(all, look)
				if err != nil {
					return figure{}, "", fmt.Errorf("%s: %w", key, err)
				}
				z, err := follow(all, zLook)
				if err != nil {
					return figure{}, "", err
				}
				n++
				seen[ids[key]] = true
				if c.ever {
					ever++
				}
				if c.ever && !z.atEnd {
					regretted++
					which[ids[key]] = true
				}
			}
			f := figure{
				how:   fmt.Sprintf("%d series of %d experiments", n, len(seen)),
				found: fmt.Sprintf("%d called, %d of them not significant at the end (in %d experiments)", ever, regretted, len(which)), held: true,
			}
			return f, "", nil
		}}
	}
	everything := func(string) bool { return true }
	first := func(key string) bool { return key[len(key)-2:] == "/1" }
	return []setting{
		compare("z-test at every checkpoint, all metrics", everything, zLook),
		compare("confidence sequence, all metrics", everything, sequenceLook),
		compare("z-test at every checkpoint, first metric", first, zLook),
		compare("confidence sequence, first metric", first, sequenceLook),
	}
}

package calc

import (
	"math"

	"tandem/internal/stats"
)

// overall adds what is about all arms of a metric at once.
func (c *computer) overall(m *metric, r *MetricReport) ([]Line, error) {
	var lines []Line
	if len(m.arms) > 2 && (m.kind == Category || m.kind == Proportion) && c.Unit == PerCall {
		all := m.everyArm()
		p := &pair{computer: c, m: m}
		test, small, err := m.table(all)
		p.take(chiSquared, err, func(l Line) Line {
			l = c.twoSidedOnly(l.of(test).p(TwoSided, test.LogP))
			if small {
				l.Note = "fewer than 5 expected in a cell: the p-value is rough"
			}
			return l
		})
		if p.err != nil {
			return nil, p.err
		}
		p.add(c.categoricalLine(all, m))
		lines = p.lines
	}
	if line, ok := c.sizesRatio(m); ok {
		lines = append(lines, line)
	}
	if len(r.Comparisons) > 1 {
		adjusted, err := c.overArms(m, r)
		if err != nil {
			return nil, err
		}
		lines = append(lines, adjusted...)
	}
	return lines, nil
}

// deciding are the methods whose p-values are adjusted, for one look and for
// every look: the first of each that is given.
var (
	decidingOnce   = []string{pooledZ, welch, chiSquared, ratioCluster}
	decidingAlways = []string{planned, betting, asymptotic, plannedRatio, asymptoticRatio, categoricalE}
)

// decides finds the line of a comparison that decides. Below 5 expected it is
// Fisher's.
func decides(cmp Comparison, methods []string) (Line, bool) {
	for _, method := range methods {
		for _, l := range cmp.Lines {
			if l.Method == method && l.NotGiven == "" && !math.IsNaN(l.logP) {
				if l.rough {
					if f, ok := decides(cmp, []string{fisherExact}); ok {
						return f, true
					}
				}
				return l, true
			}
		}
	}
	return Line{}, false
}

// overArms adjusts the p-values of the arms by Holm's method.
func (c *computer) overArms(m *metric, r *MetricReport) ([]Line, error) {
	var lines []Line
	for _, family := range []struct {
		methods []string
		holds   Holds
	}{{decidingOnce, OneLook}, {decidingAlways, EveryLook}} {
		found := candidates(r.Comparisons, family.methods)
		if len(found) < 2 {
			continue
		}
		adjusted, err := stats.HolmLog(logs(found))
		if err != nil {
			return nil, refused(m.name, holm, err)
		}
		for k, logP := range adjusted {
			l := newLine(holm).p(found[k].line.Sides, logP)
			if l.Holds = family.holds; found[k].line.Holds == Approximately {
				l.Holds = Approximately
			}
			l.Title = "Holm, " + found[k].cmp.Arm + ": " + found[k].line.Title
			l.Of = found[k].line.Method
			lines = append(lines, l)
		}
	}
	return lines, nil
}

// candidate is a p-value to be adjusted, with where it comes from.
type candidate struct {
	metric string
	cmp    Comparison
	line   Line
}

// candidates collects the lines that decide.
func candidates(cmps []Comparison, methods []string) (found []candidate) {
	for _, cmp := range cmps {
		if l, ok := decides(cmp, methods); ok {
			found = append(found, candidate{cmp: cmp, line: l})
		}
	}
	return found
}

func logs(found []candidate) []float64 {
	out := make([]float64, len(found))
	for i, f := range found {
		out[i] = f.line.logP
	}
	return out
}

// overMetrics adjusts over several metrics: what was looked for in many places
// is found in some by chance.
func (c *computer) overMetrics(metrics []MetricReport) ([]Line, error) {
	if len(metrics) < 2 {
		return nil, nil
	}
	var once, always []candidate
	for _, m := range metrics {
		for _, cmp := range m.Comparisons {
			if l, ok := decides(cmp, decidingOnce); ok {
				once = append(once, candidate{m.Metric, cmp, l})
			}
			if l, ok := decides(cmp, []string{betting, categoricalE}); ok && l.LogE != nil {
				always = append(always, candidate{m.Metric, cmp, l})
			}
		}
	}
	var lines []Line
	if len(once) > 1 {
		adjusted, err := stats.BenjaminiHochbergLog(logs(once))
		if err != nil {
			return nil, refused("metrics", benjamini, err)
		}
		for k, logP := range adjusted {
			l := newLine(benjamini).p(once[k].line.Sides, logP)
			l.Title, l.Of = l.Title+", "+once[k].title(), once[k].line.Method
			lines = append(lines, l)
		}
	}
	if len(always) > 1 {
		logE := make([]float64, len(always))
		for i, a := range always {
			logE[i] = *a.line.LogE
		}
		rejected, err := stats.EBH(logE, c.Alpha)
		if err != nil {
			return nil, refused("metrics", eBH, err)
		}
		for k, yes := range rejected {
			l := newLine(eBH)
			l.Title, l.Of = l.Title+", "+always[k].title(), always[k].line.Method
			l.LogE = finite(logE[k])
			l.Says = shown(yes, "a difference")
			lines = append(lines, l)
		}
	}
	return lines, nil
}

func (c candidate) title() string {
	return c.metric + " " + c.cmp.Arm + ": " + c.line.Title
}

package calc

import (
	"math"

	"tandem/internal/stats"
)

// Report is every test and interval that applies. Numbers are in full
// precision; a number that does not exist is absent.
type Report struct {
	Options Options        `json:"options"`
	Metrics []MetricReport `json:"metrics"`
	// Overall is about all metrics together, or about the calls.
	Overall []Line      `json:"overall,omitempty"`
	Plan    *PlanReport `json:"plan,omitempty"`
	Notes   []string    `json:"notes,omitempty"`
}

// MetricReport is one metric.
type MetricReport struct {
	Metric string `json:"metric"`
	Kind   Kind   `json:"kind"`
	// Phases counts the phases; above 1 comparisons are made within them.
	Phases int         `json:"phases"`
	Arms   []ArmReport `json:"arms"`
	// Comparisons set each other arm against the reference.
	Comparisons []Comparison `json:"comparisons,omitempty"`
	// Overall is about all arms at once.
	Overall []Line   `json:"overall,omitempty"`
	Notes   []string `json:"notes,omitempty"`
}

// ArmReport describes one arm, all phases together.
type ArmReport struct {
	Arm string `json:"arm"`
	// N counts values; Unknown counts rows without one.
	N         int64            `json:"n"`
	Unknown   int64            `json:"unknown,omitempty"`
	Callers   int64            `json:"callers,omitempty"`
	Successes *int64           `json:"successes,omitempty"`
	Value     *float64         `json:"value,omitempty"`
	SD        *float64         `json:"sd,omitempty"`
	Counts    map[string]int64 `json:"counts,omitempty"`
	// Shares are those of the categories, by name, with intervals that hold
	// together.
	Shares []CategoryShare `json:"shares,omitempty"`
	// Interval is two-sided at 1 - alpha, by Method.
	Interval *Interval `json:"interval,omitempty"`
	Method   string    `json:"method,omitempty"`
	// Expected is the share that the split gives the arm.
	Expected *float64 `json:"expected_share,omitempty"`
}

// CategoryShare is a category's share of an arm.
type CategoryShare struct {
	Category string    `json:"category"`
	Value    *float64  `json:"value,omitempty"`
	Interval *Interval `json:"interval,omitempty"`
}

// Comparison is one arm against the reference: Lines are other minus reference.
type Comparison struct {
	Arm     string `json:"arm"`
	Against string `json:"against"`
	Lines   []Line `json:"lines"`
}

// Interval is a confidence interval. An end is absent where it is unbounded.
type Interval struct {
	Low  *float64 `json:"low,omitempty"`
	High *float64 `json:"high,omitempty"`
}

// Line is what one method says.
type Line struct {
	Method string `json:"method"`
	Title  string `json:"title"`
	Holds  Holds  `json:"holds"`
	// Sides is that of the p-value and the interval; empty where neither has
	// any.
	Sides Sides `json:"sides,omitempty"`
	// Effect is "absolute" or "relative", where there is an estimate.
	Effect Effect `json:"effect,omitempty"`
	// Level is the interval's confidence, such as 0.95.
	Level    float64   `json:"level,omitempty"`
	Estimate *float64  `json:"estimate,omitempty"`
	Interval *Interval `json:"interval,omitempty"`
	// Statistic is z, t or chi-squared, with its degrees of freedom.
	Statistic *float64 `json:"statistic,omitempty"`
	DF        *float64 `json:"df,omitempty"`
	P         *float64 `json:"p,omitempty"`
	// Log10P is p's decimal logarithm, which is there when p underflows.
	Log10P *float64 `json:"log10_p,omitempty"`
	// Looks says, of a p that holds at every look, whether it is the least of
	// "all" looks or that of "this" one.
	Looks string `json:"looks,omitempty"`
	// Of is the method whose p-value or e-value was adjusted.
	Of string `json:"of,omitempty"`
	// LogE is the natural logarithm of an e-value or Bayes factor.
	LogE *float64 `json:"log_e,omitempty"`
	// Figures are what else the method says, by name.
	Figures []Figure `json:"figures,omitempty"`
	// Says is the conclusion in words, where the method comes to one.
	Says string `json:"says,omitempty"`
	// NotGiven says why the method does not apply here.
	NotGiven string `json:"not_given,omitempty"`
	Note     string `json:"note,omitempty"`

	logP float64 // natural; for adjustments over arms and metrics
	// rough says that the method's own condition is not met, so that another
	// decides.
	rough bool
}

// Figure is a named number.
type Figure struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
}

// finite gives a pointer to x; nil for what JSON cannot write.
func finite(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

func newLine(method string) Line {
	m := methodOf(method)
	return Line{Method: method, Title: m.Title, Holds: m.Holds, logP: math.NaN()}
}

// not says why a method gives nothing.
func not(method, why string) Line {
	l := newLine(method)
	l.NotGiven = why
	return l
}

// value sets the estimate.
func (l Line) value(effect Effect, x float64) Line {
	l.Effect, l.Estimate = effect, finite(x)
	return l
}

// within sets the interval.
func (l Line) within(level float64, sides Sides, in stats.Interval) Line {
	l.Level, l.Sides = level, sides
	l.Interval = &Interval{Low: finite(in.Low), High: finite(in.High)}
	return l
}

// p sets the p-value from its natural logarithm.
func (l Line) p(sides Sides, logP float64) Line {
	if math.IsNaN(logP) {
		return l
	}
	logP = min(0, logP)
	l.Sides, l.logP = sides, logP
	p, log10 := math.Exp(logP), logP/math.Ln10+0 // +0: no minus zero
	l.P, l.Log10P = &p, finite(log10)
	return l
}

// of sets statistic and degrees of freedom.
func (l Line) of(t stats.Test) Line {
	l.Statistic = finite(t.Statistic)
	if t.DF > 0 {
		l.DF = finite(t.DF)
	}
	return l
}

func (l Line) figure(name string, x float64) Line {
	if finite(x) != nil {
		l.Figures = append(l.Figures, Figure{name, x})
	}
	return l
}

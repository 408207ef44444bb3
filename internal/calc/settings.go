package calc

import (
	"maps"
	"slices"
	"strconv"

	"tandem"
)

// Sides says which differences count.
type Sides string

// The sides. One-sided: is the other arm greater, or less, than the reference?
const (
	TwoSided Sides = "two"
	Greater  Sides = "greater"
	Less     Sides = "less"
)

// Effect says how differences are written.
type Effect string

// The effects.
const (
	Absolute Effect = "absolute"
	Relative Effect = "relative"
	Both     Effect = "both"
)

// Unit says what was randomised.
type Unit string

// The units.
const (
	PerCall   Unit = "call"
	PerCaller Unit = "caller"
)

// Kind is how a metric is summarised.
type Kind string

// The kinds.
const (
	Proportion Kind = "proportion"
	Mean       Kind = "mean"
	Category   Kind = "category"
	// Ratio is a mean over calls known by its callers' totals only.
	Ratio Kind = "ratio"
)

// Share is an arm's expected share of the calls.
type Share struct {
	Arm   string  `json:"arm"`
	Share float64 `json:"share"`
}

// Bounds are the least and the greatest that an outcome can be.
type Bounds struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Settings says how to compute. What is nil or empty is not said.
type Settings struct {
	// Alpha is the error allowed, above 0 and below 1; default 0.05.
	Alpha  *float64
	Sides  *Sides
	Effect *Effect
	// Planned is the number of calls, in all arms, that a test was planned for.
	Planned *int64
	// Tuning is N* of the asymptotic sequence: the calls at which it is
	// narrowest; default 1000.
	Tuning *float64
	Unit   *Unit
	// Reference is the arm that others are compared with.
	Reference *string
	// Quantiles are compared where raw values are given; default the median
	// and the 90th percentile.
	Quantiles []float64
	// Shares is the split.
	Shares []Share
	// All says how to take every metric, Of how to take some.
	All MetricSettings
	Of  map[string]MetricSettings
}

// MetricSettings says how to take a metric.
type MetricSettings struct {
	// Kind settles what raw values are.
	Kind *Kind
	// Better is the way in which the metric is better; default higher.
	Better *tandem.Direction
	// Margin is that of non-inferiority and equivalence, in the metric's unit.
	Margin *float64
	// Bounds let the betting e-process bet on numbers.
	Bounds *Bounds
	// Cut has bets on durations, in seconds, wait for the first values and cut the
	// others at four times the longest of them, as the verdict does; default false.
	Cut *bool
}

func over[T any](first, second *T) *T {
	if first != nil {
		return first
	}
	return second
}

// over gives s, with o for what s does not say.
func (s MetricSettings) over(o MetricSettings) MetricSettings {
	return MetricSettings{
		Kind: over(s.Kind, o.Kind), Better: over(s.Better, o.Better),
		Margin: over(s.Margin, o.Margin), Bounds: over(s.Bounds, o.Bounds),
		Cut: over(s.Cut, o.Cut),
	}
}

// over gives s, with o for what s does not say. What s says of all metrics goes
// before what o says of one.
func (s Settings) over(o Settings) Settings {
	out := Settings{
		Alpha: over(s.Alpha, o.Alpha), Sides: over(s.Sides, o.Sides), Effect: over(s.Effect, o.Effect),
		Planned: over(s.Planned, o.Planned), Tuning: over(s.Tuning, o.Tuning), Unit: over(s.Unit, o.Unit),
		Reference: over(s.Reference, o.Reference), Quantiles: s.Quantiles, Shares: s.Shares,
		All: s.All.over(o.All), Of: map[string]MetricSettings{},
	}
	if out.Quantiles == nil {
		out.Quantiles = o.Quantiles
	}
	if out.Shares == nil {
		out.Shares = o.Shares
	}
	for _, name := range slices.Sorted(maps.Keys(o.Of)) {
		out.Of[name] = s.All.over(o.Of[name])
	}
	for _, name := range slices.Sorted(maps.Keys(s.Of)) {
		out.Of[name] = s.Of[name].over(out.Of[name])
	}
	return out
}

// of gives what is said of one metric.
func (s Settings) of(metric string) MetricSettings { return s.Of[metric].over(s.All) }

// leastAlpha is where 1 - alpha, the confidence level, begins to lose alpha's
// digits.
const leastAlpha = 1e-9

// NewAlpha checks an error rate.
func NewAlpha(at string, alpha float64) (*float64, error) {
	if !(alpha >= leastAlpha && alpha < 1) {
		return nil, tandem.Errorf(tandem.Invalid, at, "is %v; expected from 1e-9 to below 1", alpha)
	}
	return &alpha, nil
}

// oneOf checks a word against those that are known.
func oneOf[T ~string](at, text string, known ...T) (*T, error) {
	if i := slices.Index(known, T(text)); i >= 0 {
		return &known[i], nil
	}
	return nil, tandem.Errorf(tandem.Invalid, at, "is %s; expected %s", strconv.Quote(clip(text)), alternatives(known))
}

func alternatives[T ~string](known []T) string {
	out := ""
	for i, k := range known {
		switch {
		case i > 0 && i == len(known)-1:
			out += " or "
		case i > 0:
			out += ", "
		}
		out += string(k)
	}
	return out
}

// ParseSides reads two, greater or less. Like all that read settings it names
// at, where the text stands, when it refuses it.
func ParseSides(at, text string) (*Sides, error) { return oneOf(at, text, TwoSided, Greater, Less) }

// ParseEffect reads absolute, relative or both.
func ParseEffect(at, text string) (*Effect, error) {
	return oneOf(at, text, Absolute, Relative, Both)
}

// ParseUnit reads call or caller.
func ParseUnit(at, text string) (*Unit, error) { return oneOf(at, text, PerCall, PerCaller) }

// ParseKind reads proportion, mean or category.
func ParseKind(at, text string) (*Kind, error) {
	return oneOf(at, text, Proportion, Mean, Category)
}

// ParseBetter reads higher or lower.
func ParseBetter(at, text string) (*tandem.Direction, error) {
	return oneOf(at, text, tandem.Higher, tandem.Lower)
}

// ParseCut reads true or false.
func ParseCut(at, text string) (*bool, error) {
	word, err := oneOf(at, text, "true", "false")
	if err != nil {
		return nil, err
	}
	yes := *word == "true"
	return &yes, nil
}

// NewMargin checks a margin.
func NewMargin(at string, margin float64) (*float64, error) {
	if !(margin > 0) {
		return nil, tandem.Errorf(tandem.Invalid, at, "is %v; expected above 0", margin)
	}
	return &margin, nil
}

// NewPlanned checks a number of planned calls.
func NewPlanned(at string, calls int64) (*int64, error) {
	if calls < 2 || calls > maxCount {
		return nil, tandem.Errorf(tandem.Invalid, at, "is %d; expected 2 calls or more", calls)
	}
	return &calls, nil
}

// NewTuning checks N*.
func NewTuning(at string, calls float64) (*float64, error) {
	if !(calls >= 1 && calls <= maxCount) {
		return nil, tandem.Errorf(tandem.Invalid, at, "is %v; expected 1 call or more", calls)
	}
	return &calls, nil
}

// NewBounds checks bounds of an outcome.
func NewBounds(at string, low, high float64) (*Bounds, error) {
	if !(low < high) {
		return nil, tandem.Errorf(tandem.Invalid, at, "are %v and %v; expected the lower one first", low, high)
	}
	return &Bounds{low, high}, nil
}

// NewQuantiles checks quantiles.
func NewQuantiles(at string, qs []float64) ([]float64, error) {
	for i, q := range qs {
		if !(q > 0 && q < 1) {
			return nil, tandem.Errorf(tandem.Invalid, at+index(i), "is %v; expected above 0 and below 1", q)
		}
	}
	return qs, nil
}

// NewShares checks a split and turns it into fractions of 1.
func NewShares(at string, shares []Share) ([]Share, error) {
	var total float64
	seen := map[string]bool{}
	for _, s := range shares {
		if !(s.Share >= 0) {
			return nil, tandem.Errorf(tandem.Invalid, at+"."+s.Arm, "is %v; expected 0 or more", s.Share)
		}
		if seen[s.Arm] {
			return nil, tandem.Errorf(tandem.Invalid, at+"."+s.Arm, "is given twice")
		}
		seen[s.Arm] = true
		total += s.Share
	}
	const slack = 1e-6
	unit := 1.0
	if total > 2 {
		unit = 100
	}
	if d := total/unit - 1; d > slack || d < -slack {
		return nil, tandem.Errorf(tandem.Invalid, at, "add up to %v; expected 1, or 100 percent", total)
	}
	out := make([]Share, len(shares))
	for i, s := range shares {
		out[i] = Share{s.Arm, s.Share / total}
	}
	return out, nil
}

func index(i int) string { return "[" + strconv.Itoa(i) + "]" }

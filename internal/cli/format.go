package cli

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"tandem"
	"tandem/internal/cli/client"
)

// lines collects lines of text.
type lines struct{ all []string }

func (l *lines) add(format string, args ...any) {
	l.all = append(l.all, strings.TrimRight(fmt.Sprintf(format, args...), " "))
}

func (l *lines) String() string { return strings.Join(l.all, "\n") }

// unknown stands where a value is not known.
const unknown = "-"

// number writes x with as many digits as it needs, at most two decimals.
func number(x float64) string {
	return strconv.FormatFloat(math.Round(x*100)/100, 'f', -1, 64)
}

// count writes a whole number with thin groups: 12,345.
func count(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func label(m client.Metric) string { return first(m.Label, m.Name) }

// value writes a metric's value in its unit.
func value(m client.Metric, x *float64) string {
	switch {
	case x == nil:
		return unknown
	case m.Kind == tandem.Proportion:
		return fmt.Sprintf("%.1f %%", 100**x)
	case m.Kind == tandem.Count:
		return count(int64(math.Round(*x)))
	}
	return withUnit(significant(*x), m.Unit)
}

func withUnit(text, unit string) string {
	if unit == "" {
		return text
	}
	return text + " " + unit
}

// significant writes about three significant digits, and no more decimals than
// a reader can use.
func significant(x float64) string { return rounded(x, math.Abs(x)) }

// rounded writes x with the decimals that suit a number of the given size.
func rounded(x, size float64) string {
	switch {
	case size >= 100:
		return strconv.FormatFloat(x, 'f', 0, 64)
	case size >= 10:
		return strconv.FormatFloat(x, 'f', 1, 64)
	case size >= 0.01 || size == 0:
		return strconv.FormatFloat(x, 'f', 2, 64)
	}
	return strconv.FormatFloat(x, 'g', 2, 64)
}

// against gives the comparison of arm with the first, or nil.
func against(m client.Metric, arm string) *client.Comparison {
	i := slices.IndexFunc(m.Against, func(c client.Comparison) bool { return c.Arm == arm })
	if i < 0 {
		return nil
	}
	return &m.Against[i]
}

// signed writes a difference in the metric's unit, with the decimals that suit
// a number of the given size; those of shares are in percentage points.
func signed(m client.Metric, x, size float64) string {
	if m.Kind == tandem.Proportion {
		return unsignedZero(fmt.Sprintf("%+.1f", 100*x))
	}
	text := rounded(x, size)
	if x > 0 {
		text = "+" + text
	}
	return unsignedZero(text)
}

// unsignedZero takes the sign from what rounds to 0.
func unsignedZero(text string) string {
	if strings.Trim(text, "+-0.") == "" {
		return strings.TrimLeft(text, "+-")
	}
	return text
}

func difference(m client.Metric, c *client.Comparison) string {
	if c == nil || c.Value == nil {
		return ""
	}
	unit := m.Unit
	if m.Kind == tandem.Proportion || unit == "%" {
		unit = "pp" // percents differ by points
	}
	return withUnit(signed(m, *c.Value, math.Abs(*c.Value)), unit)
}

// withPoints writes a difference with its unit; shares differ by points.
func withPoints(m client.Metric, x float64) string {
	return difference(m, &client.Comparison{Value: &x})
}

// evidenceInterval writes the interval that holds at every look.
func evidenceInterval(m client.Metric, c *client.Comparison) string {
	if c == nil || c.Evidence == nil || c.Evidence.Interval == nil {
		return ""
	}
	return spanText(m, c.Evidence.Interval)
}

func spanText(m client.Metric, in *tandem.Span) string {
	size := max(math.Abs(in.Low), math.Abs(in.High))
	return signed(m, in.Low, size) + " to " + signed(m, in.High, size)
}

// evidenceP writes the p-value that holds at every look; of a metric that does
// not decide, the adjusted one.
func evidenceP(c *client.Comparison) string {
	switch {
	case c == nil || c.Evidence == nil:
		return ""
	case c.Evidence.Adjusted != nil && *c.Evidence.Adjusted > 0:
		log := math.Log10(*c.Evidence.Adjusted)
		return smallP(c.Evidence.Adjusted, &log)
	}
	return smallP(c.Evidence.P, c.Evidence.Log10P)
}

// anyP writes the p-value, valid at every look, that the arms differ at all.
func anyP(m client.Metric) string {
	if m.AnyDifference == nil || *m.AnyDifference <= 0 {
		return smallP(m.AnyDifference, nil)
	}
	return smallP(m.AnyDifference, new(math.Log10(*m.AnyDifference)))
}

// pText writes the p-value of a comparison that holds for one look.
func pText(c *client.Comparison) string {
	if c == nil {
		return ""
	}
	return smallP(c.P, c.Log10P)
}

// smallP writes a p-value; one too small to write, by its power of ten.
func smallP(p, log10 *float64) string {
	switch {
	case p == nil && log10 == nil:
		return ""
	case log10 != nil && *log10 < -4:
		power := math.Floor(*log10)
		return fmt.Sprintf("%.1fe%.0f", math.Pow(10, *log10-power), power)
	case p == nil:
		return ""
	case *p < 0.0001:
		return "<0.0001"
	case *p < 0.01:
		return strconv.FormatFloat(*p, 'f', 4, 64)
	}
	return strconv.FormatFloat(*p, 'f', 2, 64)
}

// maxNames is how many values of a category are shown.
const maxNames = 8

// names lists a category's values, the most frequent first; none when there is
// no room for them.
func names(m client.Metric, brief bool) []string {
	if brief {
		return nil
	}
	total := map[string]int64{}
	for _, a := range m.Arms {
		for _, s := range a.Shares {
			total[s.Name] += s.N
		}
	}
	out := make([]string, 0, len(total))
	for n := range total {
		out = append(out, n)
	}
	slices.SortFunc(out, func(a, b string) int {
		if total[a] != total[b] {
			return int(total[b] - total[a])
		}
		return strings.Compare(a, b)
	})
	return out[:min(len(out), maxNames)]
}

func share(a client.Summary, name string) string {
	for _, s := range a.Shares {
		if s.Name == name {
			return fmt.Sprintf("%.1f %%", 100*s.Share)
		}
	}
	if a.N == 0 {
		return unknown
	}
	return "0.0 %"
}

// shares writes a whole category in a line.
func shares(a client.Summary) string {
	parts := make([]string, 0, len(a.Shares))
	for _, s := range a.Shares {
		parts = append(parts, fmt.Sprintf("%s %.0f %%", s.Name, 100*s.Share))
	}
	return strings.Join(parts, ", ")
}

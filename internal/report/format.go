package report

import (
	"math"
	"strconv"
	"strings"
	"time"

	"tandem"
	"tandem/internal/results"
)

const (
	space = "\u00a0" // between a number and its unit
	minus = "\u2212"
	// unknown stands where nothing is known.
	unknown = "not known"
)

// count writes a whole number in groups: 12,345.
func count(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, s = minus, s[1:]
	}
	return sign + grouped(s)
}

func grouped(digits string) string {
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// calls writes how many calls.
func calls(n int64) string {
	if n == 1 {
		return "1 call"
	}
	return count(n) + " calls"
}

// maxDigits is the most digits behind the point: smaller numbers are written
// with a power of ten.
const maxDigits = 6

// digitsFor gives how many digits behind the point leave a number of this size
// three that matter.
func digitsFor(size float64) int {
	if size == 0 {
		return 2
	}
	return max(0, 2-int(math.Floor(math.Log10(size))))
}

// fixed writes x with so many digits behind the point, in groups, never as -0.
func fixed(x float64, digits int) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return unknown
	}
	if digits > maxDigits {
		return power(x)
	}
	text := strconv.FormatFloat(math.Abs(x), 'f', digits, 64)
	whole, behind, _ := strings.Cut(text, ".")
	if whole = grouped(whole); behind != "" {
		whole += "." + behind
	}
	if x < 0 && strings.ContainsAny(text, "123456789") {
		return minus + whole
	}
	return whole
}

// power writes x as 1.23 x 10^-7.
func power(x float64) string {
	if x == 0 {
		return "0"
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(x, 'e', 2, 64), "e")
	n, _ := strconv.Atoi(exponent)
	return strings.Replace(mantissa, "-", minus, 1) + space + "×" + space + "10" + superscript(n)
}

func superscript(n int) string {
	return strings.Map(func(c rune) rune {
		if c == '-' {
			return '⁻'
		}
		return []rune("⁰¹²³⁴⁵⁶⁷⁸⁹")[c-'0']
	}, strconv.Itoa(n))
}

// significant writes x with three digits that matter.
func significant(x float64) string { return fixed(x, digitsFor(math.Abs(x))) }

// percent writes a share of 0 to 1.
func percent(share float64) string { return fixed(share*100, 1) + space + "%" }

// weight writes a weight in percent, as short as it may be.
func weight(w float64) string {
	return strconv.FormatFloat(math.Round(w*100)/100, 'f', -1, 64) + space + "%"
}

// pValue writes a p-value; the smallest ones by their power of ten.
func pValue(p, log10 *float64) string {
	switch {
	case p == nil:
		return unknown
	case *p >= 0.1:
		return fixed(*p, 2)
	case *p >= 0.001:
		return fixed(*p, 3)
	case log10 != nil && *log10 < -4:
		return "<" + space + "10" + superscript(int(math.Ceil(*log10)))
	}
	return "<" + space + "0.001"
}

// log10Of is nil for what has no logarithm.
func log10Of(p *float64) *float64 {
	if p == nil || !(*p > 0) {
		return nil
	}
	log := math.Log10(*p)
	return &log
}

// moment writes a time of day, always in UTC: a report has readers elsewhere.
func moment(t time.Time) string { return t.UTC().Format("2 Jan 2006, 15:04") + " UTC" }

// clock writes seconds as minutes and seconds: 1:05.
func clock(seconds float64) string {
	s := int(math.Max(0, math.Round(seconds)))
	rest := strconv.Itoa(s % 60)
	if len(rest) < 2 {
		rest = "0" + rest
	}
	return strconv.Itoa(s/60) + ":" + rest
}

// figures is how the numbers that stand together are written: in one unit, with
// the same digits, so that they compare at a glance.
type figures struct {
	share  bool // shares are written in percent, their differences in points
	unit   string
	digits int
}

// longestUnit is how many letters of a unit there is room for beside a number.
const longestUnit = 16

// figuresOf suits all the numbers given, in the metric's unit.
func figuresOf(m *results.Metric, numbers ...*float64) figures {
	f := figures{share: m.Kind == tandem.Proportion, unit: short(plain(m.Unit), longestUnit)}
	if f.share {
		f.unit = inPoints
	}
	size := 0.0
	for _, x := range numbers {
		if x != nil {
			size = max(size, math.Abs(f.scaled(*x)))
		}
	}
	// A tenth of a point is as fine as shares are read, unless all are smaller.
	if f.digits = digitsFor(size); f.share && (size >= 1 || size == 0) {
		f.digits = 1
	}
	return f
}

// armFigures suits the metric's values in all arms.
func armFigures(m *results.Metric) figures {
	var all []*float64
	for i := range m.Arms {
		all = append(all, m.Arms[i].Value)
	}
	return figuresOf(m, all...)
}

// spanFigures suits differences with their intervals.
func spanFigures(m *results.Metric, values []*float64, spans ...*tandem.Span) figures {
	for _, s := range spans {
		if s != nil {
			values = append(values, &s.Low, &s.High)
		}
	}
	return figuresOf(m, values...)
}

func (f figures) scaled(x float64) float64 {
	if f.share {
		return 100 * x
	}
	return x
}

// plain writes a value without its unit; percent is part of a share.
func (f figures) plain(x float64) string {
	text := fixed(f.scaled(x), f.digits)
	if f.share {
		text += space + "%"
	}
	return text
}

// value writes a value with its unit.
func (f figures) value(x float64) string {
	if f.share || f.unit == "" {
		return f.plain(x)
	}
	return f.plain(x) + space + f.unit
}

// change writes a difference without its unit, with its sign.
func (f figures) change(x float64) string {
	text := fixed(f.scaled(x), f.digits)
	if x > 0 && strings.ContainsAny(text, "123456789") {
		return "+" + text
	}
	return text
}

// difference writes a difference with its unit.
func (f figures) difference(x float64) string {
	return f.change(x) + f.apart().suffix()
}

// amount writes the size of a difference, without sign, such as a margin.
func (f figures) amount(x float64) string {
	return fixed(f.scaled(x), f.digits) + f.apart().suffix()
}

// apart is how differences are written: those of a metric in percent are points. A
// relative difference is a share in percent and stays that.
func (f figures) apart() figures {
	if f.unit == "%" && !f.share {
		f.unit = inPoints
	}
	return f
}

// inPoints is the unit of a difference between shares.
const inPoints = "points"

// span writes an interval of a difference. Shares differ by 1 at most, so what
// an approximate interval holds beyond that is left out.
func (f figures) span(low, high float64) string {
	if f.unit == inPoints {
		low, high = max(-1, low), min(1, high)
	}
	return f.change(low) + " to " + f.change(high)
}

// between writes an interval of a value.
func (f figures) between(low, high float64) string {
	if f.share {
		return fixed(f.scaled(low), f.digits) + " to " + f.plain(high)
	}
	return f.plain(low) + " to " + f.plain(high)
}

package results

import (
	"math"
	"strconv"
	"strings"
	"time"

	"tandem"
)

// measure knows how the values of a metric are written: a share as a percentage
// and its differences in points, anything else in its unit.
type measure struct {
	share bool
	unit  string
}

func measureOf(kind tandem.MetricKind, unit string) measure {
	if kind == tandem.Proportion {
		return measure{share: true}
	}
	return measure{unit: unit}
}

// maxDecimals is as fine as a figure is written.
const maxDecimals = 6

// decimals gives how many digits behind the point tell differences of this size
// apart: two significant ones of a share, of which there is always one, and
// three of anything else.
func (m measure) decimals(size float64) int {
	size = math.Abs(size)
	if m.share {
		size *= 100
	}
	if size == 0 || math.IsInf(size, 0) || math.IsNaN(size) {
		return 1
	}
	magnitude := int(math.Floor(math.Log10(size)))
	if m.share {
		return min(max(1, 1-magnitude), maxDecimals)
	}
	return min(max(0, 2-magnitude), maxDecimals)
}

// value writes a value: "78.2 %", "181 s".
func (m measure) value(x float64, decimals int) string {
	if m.share {
		return digits(100*x, decimals) + " %"
	}
	return m.withUnit(digits(x, decimals))
}

// difference writes a difference with its sign: "+8.1 points", "-20.3 s".
func (m measure) difference(x float64, decimals int) string {
	if m.share {
		return signed(100*x, decimals) + " points"
	}
	return m.apart().withUnit(signed(x, decimals))
}

// amount writes a size that has no direction, as short as it goes: "2 points",
// "1 point", "10 s".
func (m measure) amount(x float64) string {
	if !m.share {
		return m.apart().withUnit(short(x))
	}
	if s := short(100 * x); s == "1" {
		return "1 point"
	} else {
		return s + " points"
	}
}

// level writes a value as short as it goes: "70 %", "180 s".
func (m measure) level(x float64) string {
	if m.share {
		return short(100*x) + " %"
	}
	return m.withUnit(short(x))
}

// ends writes the ends of an interval of differences: "+1.2 to +14.9".
func (m measure) ends(low, high float64, decimals int) string {
	if m.share {
		low, high = 100*low, 100*high
	}
	return signed(low, decimals) + " to " + signed(high, decimals)
}

// apart is the measure of differences: percents differ by points.
func (m measure) apart() measure {
	if m.unit == "%" {
		return measure{unit: "points"}
	}
	return m
}

func (m measure) withUnit(s string) string {
	if m.unit == "" {
		return s
	}
	return s + " " + m.unit
}

// digits writes x with so many decimals and thousands in groups; what rounds
// to 0 has no sign.
func digits(x float64, decimals int) string {
	s := strconv.FormatFloat(x, 'f', decimals, 64)
	if strings.Trim(s, "-0.") == "" {
		s = strings.TrimPrefix(s, "-")
	}
	whole, fraction, _ := strings.Cut(s, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	if fraction != "" {
		fraction = "." + fraction
	}
	return sign + inThousands(whole) + fraction
}

func signed(x float64, decimals int) string {
	s := digits(x, decimals)
	if strings.HasPrefix(s, "-") || strings.Trim(s, "0.") == "" {
		return s
	}
	return "+" + s
}

// short writes x with three significant digits and no zeros at the end.
func short(x float64) string {
	if x == 0 {
		return "0"
	}
	decimals := min(max(0, 2-int(math.Floor(math.Log10(math.Abs(x))+1e-9))), maxDecimals)
	s := digits(x, decimals)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// inThousands groups the digits of a whole number: 12,345.
func inThousands(s string) string {
	var out strings.Builder
	for i, d := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			out.WriteByte(',')
		}
		out.WriteRune(d)
	}
	return out.String()
}

// number in words.
func grouped(n int64) string { return digits(float64(n), 0) }

// plural writes a number of things: "1 call", "1,204 calls".
func plural(n int64, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return grouped(n) + " " + thing + "s"
}

// roughly rounds a number to two significant digits: more would promise what no
// estimate of a sample size keeps.
func roughly(n int64) int64 {
	unit := int64(1)
	for n/unit >= 100 {
		unit *= 10
	}
	return (n + unit/2) / unit * unit
}

// days writes a stretch of days: "6 days", "1 day", "under a day".
func days(d float64) string {
	switch {
	case d < 0.75:
		return "under a day"
	case d < 10:
		if n := int64(math.Round(d)); n == 1 {
			return "1 day"
		}
	}
	return plural(roughly(int64(math.Round(d))), "day")
}

// dateTime writes a time in UTC, with the year once nothing moves any more.
func dateTime(at time.Time, withYear bool) string {
	if withYear {
		return at.UTC().Format("2 Jan 2006 15:04 UTC")
	}
	return at.UTC().Format("2 Jan 15:04 UTC")
}

// lower begins a label in lower case, for the middle of a sentence.
func lower(label string) string {
	if label == "" {
		return label
	}
	return strings.ToLower(label[:1]) + label[1:]
}

// upper begins a sentence.
func upper(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

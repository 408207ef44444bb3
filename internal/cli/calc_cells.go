package cli

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"tandem/internal/calc"
)

func holds(h calc.Holds) string {
	switch h {
	case calc.EveryLook:
		return "valid at every look"
	case calc.Approximately:
		return "at every look, approximately"
	case calc.Description:
		return "a description"
	}
	return "only if you look once"
}

func methodTitle(name string) string {
	for _, m := range calc.Methods() {
		if m.Name == name {
			return m.Title
		}
	}
	return name
}

// estimate writes a difference; a relative one in percent.
func estimate(l calc.Line) string {
	switch {
	case l.Estimate == nil:
		return ""
	case l.Effect == calc.Relative:
		return plus(*l.Estimate) + fmt.Sprintf("%s %%", digits(100**l.Estimate))
	}
	return plus(*l.Estimate) + digits(*l.Estimate)
}

func plus(x float64) string {
	if x > 0 {
		return "+"
	}
	return ""
}

// intervalCell writes an interval, with its level where it is not the usual.
func intervalCell(l calc.Line, o calc.Options) string {
	if l.Interval == nil {
		return ""
	}
	text := span(l.Interval, l.Effect)
	if math.Abs(l.Level-(1-o.Alpha)) > 1e-12 {
		text = percentLevel(l.Level) + ": " + text
	}
	return text
}

func span(in *calc.Interval, effect calc.Effect) string {
	scale, unit := 1.0, ""
	if effect == calc.Relative {
		scale, unit = 100, " %"
	}
	end := func(x *float64) string {
		if in.Low != nil && in.High != nil {
			return digitsWithin(scale**x, scale*(*in.High-*in.Low))
		}
		return digits(scale * *x)
	}
	switch {
	case in.Low == nil && in.High == nil:
		return "any"
	case in.Low == nil:
		return "below " + end(in.High) + unit
	case in.High == nil:
		return "above " + end(in.Low) + unit
	}
	return end(in.Low) + " to " + end(in.High) + unit
}

func percentLevel(level float64) string {
	return strconv.FormatFloat(100*level, 'g', 6, 64) + " %"
}

func statistic(l calc.Line) string {
	switch {
	case l.Statistic == nil && l.LogE != nil:
		return "ln E " + digits(*l.LogE)
	case l.Statistic == nil:
		return ""
	case l.DF != nil:
		return digits(*l.Statistic) + ", df " + digits(*l.DF)
	}
	return digits(*l.Statistic)
}

// pCell writes a p-value, also where it is below what a float holds.
func pCell(l calc.Line) string {
	switch {
	case l.P == nil:
		return ""
	case *l.P >= 1e-4 || l.Log10P == nil:
		return strconv.FormatFloat(*l.P, 'f', 4, 64)
	}
	exponent := math.Floor(*l.Log10P)
	mantissa := strconv.FormatFloat(math.Pow(10, *l.Log10P-exponent), 'f', 2, 64)
	if mantissa == "10.00" {
		mantissa, exponent = "1.00", exponent+1
	}
	return mantissa + "e" + strconv.FormatFloat(exponent, 'f', 0, 64)
}

// figureWords name the figures of methods.
var figureWords = map[string]string{
	"p_greater": "P(this arm > reference)", "loss_if_taken": "expected loss if it is taken", "loss_if_not": "if it is not",
	"theta": "theta", "n_reference": "n of the reference", "n_other": "n of this arm", "folded": "calls folded", "cut": "longer values count as", "planned_even": "planned, in even calls",
}

// detail tells what the table has no column for.
func detail(l calc.Line) string {
	var parts []string
	if l.Says != "" {
		parts = append(parts, l.Says)
	}
	for _, f := range l.Figures {
		if words := figureWords[f.Name]; words != "" {
			parts = append(parts, words+" "+digits(f.Value))
		}
	}
	if l.Note != "" {
		parts = append(parts, l.Note)
	}
	return strings.Join(parts, ", ")
}

func figure(x *float64) string {
	if x == nil {
		return ""
	}
	return digits(*x)
}

// digitsWithin writes an end of an interval of this width, with enough decimals
// to tell the ends apart.
func digitsWithin(x, width float64) string {
	if width <= 0 || math.Abs(x) < 1e4*width {
		return digits(x)
	}
	decimals := min(max(2-int(math.Floor(math.Log10(width))), 0), 12)
	return strconv.FormatFloat(x, 'f', decimals, 64)
}

// digits writes a number for people who check it: five significant digits, and
// never fewer than the whole part has.
func digits(x float64) string {
	a := math.Abs(x)
	switch {
	case a == 0:
		return "0"
	case a >= 1e15 || a < 1e-4:
		return strconv.FormatFloat(x, 'g', 5, 64)
	}
	decimals := min(max(4-int(math.Floor(math.Log10(a))), 2), 8)
	text := strconv.FormatFloat(x, 'f', decimals, 64)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

package report

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem"
	"tandem/internal/results"
)

func TestNumbersAreWrittenForReading(t *testing.T) {
	shares := &results.Metric{Kind: tandem.Proportion}
	seconds := &results.Metric{Kind: tandem.Mean, Unit: "s"}
	difference := func(m *results.Metric, x, low, high float64) string {
		f := spanFigures(m, []*float64{&x}, &tandem.Span{Low: low, High: high})
		return f.difference(x) + ", " + f.span(low, high)
	}
	for _, c := range []struct{ name, got, want string }{
		{"a count has groups", count(1234567), "1,234,567"},
		{"a small count has none", count(999), "999"},
		{"one call is one call", calls(1), "1 call"},
		{"a share is a percentage", percent(0.78249), "78.2 %"},
		{"a weight is as short as it may be", weight(12.5), "12.5 %"},
		{"a difference of shares is in points", difference(shares, 0.0812, 0.0121, 0.1493), "+8.1 points, +1.2 to +14.9"},
		{"a tiny one shows its digits", difference(shares, 0.00041, -0.0002, 0.0011), "+0.041 points, −0.020 to +0.110"},
		{"shares differ by 100 points at most", difference(shares, -0.3, -1.2, 0.6), "−30.0 points, −100.0 to +60.0"},
		{"seconds have three digits", difference(seconds, -7.321, -10.94, -3.7), "−7.3 s, −10.9 to −3.7"},
		{"large numbers have groups", difference(seconds, 12345.6, 0, 23456.7), "+12,346 s, 0 to +23,457"},
		{"percents differ by points", difference(&results.Metric{Kind: tandem.Mean, Unit: "%"}, 1.17, 0.2, 2.1), "+1.17 points, +0.20 to +2.10"},
		{"nothing has no sign", difference(seconds, 0, -1, 1), "0.00 s, −1.00 to +1.00"},
		{"what rounds to nothing has none", difference(seconds, -0.0001, -1, 1), "0.00 s, −1.00 to +1.00"},
		{"very small numbers have a power of ten", significant(0.0000000123), "1.23 × 10⁻⁸"},
		{"a p-value has two or three digits", pValue(ptr(0.0123), nil), "0.012"},
		{"a large p-value has two", pValue(ptr(0.456), nil), "0.46"},
		{"a small one is bounded", pValue(ptr(0.0004), ptr(-3.4)), "< 0.001"},
		{"a tiny one by its power of ten", pValue(ptr(0.0), ptr(-412.7)), "< 10⁻⁴¹²"},
		{"an unknown one says so", pValue(nil, nil), "not known"},
		{"times are in UTC", moment(time.Date(2026, 11, 23, 1, 5, 0, 0, time.FixedZone("", 3600))), "23 Nov 2026, 00:05 UTC"},
		{"a conversation has minutes", clock(65), "1:05"},
		{"evidence against the split may be small", bayes(-2.9), "0.0550"},
		{"or beyond words", bayes(92.1), "10⁴⁰"},
	} {
		if diff := cmp.Diff(c.want, spaced(c.got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// spaced makes spaces of spaces that do not break.
func spaced(s string) string {
	out := []rune(s)
	for i, c := range out {
		if c == '\u00a0' {
			out[i] = ' '
		}
	}
	return string(out)
}

func TestMarksAreRoundAndInside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		low := rapid.Float64Range(-1e6, 1e6).Draw(t, "low")
		span := math.Pow(10, rapid.Float64Range(-6, 6).Draw(t, "span"))
		if low+span == low || span < math.Abs(low)*1e-6 {
			t.Skip("no room")
		}
		most := rapid.IntRange(2, 12).Draw(t, "most")
		all := marks(low, low+span, most)
		if len(all) > most+1 || len(all) < 1 && most > 4 {
			t.Fatalf("%d marks; want 1 to %d", len(all), most+1)
		}
		for _, m := range all {
			if m < low-span*1e-6 || m > low+span*(1+1e-6) {
				t.Fatalf("%v is outside %v to %v", m, low, low+span)
			}
		}
	})
}

func TestTimesToMarkAreRound(t *testing.T) {
	from := time.Date(2026, 11, 18, 22, 20, 0, 0, time.UTC)
	for _, c := range []struct {
		name string
		to   time.Duration
		want []string
	}{
		{"minutes", 20 * time.Minute, []string{"22:20", "22:25", "22:30", "22:35", "22:40"}},
		{"over midnight", 4 * time.Hour, []string{"23:00", "19 Nov", "01:00", "02:00"}},
		{"days", 4 * 24 * time.Hour, []string{"19 Nov", "20 Nov", "21 Nov", "22 Nov"}},
	} {
		var got []string
		for _, m := range timeMarks(from, from.Add(c.to), 4) {
			got = append(got, m.text)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestNamesAtTheEndsOfCurvesDoNotOverlap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		heights := rapid.SliceOfN(rapid.Float64Range(0, 200), 1, 8).Draw(t, "heights")
		for i := 1; i < len(heights); i++ {
			heights[i] = max(heights[i], heights[i-1])
		}
		got := apart(heights, 16, 200)
		for i, h := range got {
			if h > 200 || i > 0 && h-got[i-1] < 16-1e-9 {
				t.Fatalf("%v of %v", got, heights)
			}
		}
	})
}

package report

import (
	"math"
	"time"
)

// scale turns values into coordinates.
type scale struct{ from, to, start, end float64 }

func (s scale) at(v float64) float64 {
	if s.to == s.from {
		return (s.start + s.end) / 2
	}
	return s.start + (v-s.from)/(s.to-s.from)*(s.end-s.start)
}

// step gives the least step of 1, 2 or 5 times a power of ten that divides a
// range into at most so many parts.
func step(span float64, most int) float64 {
	if span <= 0 || most < 1 {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(span/float64(most))))
	for _, digit := range []float64{1, 2, 5} {
		if digit*power*float64(most) >= span*(1-1e-9) {
			return digit * power
		}
	}
	return 10 * power
}

// marks gives round values from low to high, about so many.
func marks(low, high float64, most int) []float64 {
	by := step(high-low, most)
	var out []float64
	for k := math.Ceil(low/by - 1e-9); k*by <= high+by*1e-9; k++ {
		out = append(out, k*by)
	}
	return out
}

var roundSeconds = []float64{1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600}

// secondMarks gives times of a conversation to mark, from 0 to end.
func secondMarks(end float64, most int) []float64 {
	by := math.Ceil(end/float64(most)/3600) * 3600
	for _, s := range roundSeconds {
		if s*float64(most) >= end {
			by = s
			break
		}
	}
	var out []float64
	for t := 0.0; by > 0 && t <= end*(1+1e-9); t += by {
		out = append(out, t)
	}
	return out
}

var roundSpans = []time.Duration{
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour,
	24 * time.Hour, 48 * time.Hour, 7 * 24 * time.Hour, 14 * 24 * time.Hour, 28 * 24 * time.Hour, 91 * 24 * time.Hour, 365 * 24 * time.Hour,
}

// timeMark is a moment to mark on an axis.
type timeMark struct {
	at   time.Time
	text string
}

// timeMarks gives round moments in UTC, at most about so many. Midnight is
// written as its day, other times of day as such.
func timeMarks(from, to time.Time, most int) []timeMark {
	by := roundSpans[len(roundSpans)-1]
	for _, s := range roundSpans {
		if to.Sub(from) <= s*time.Duration(most) {
			by = s
			break
		}
	}
	var out []timeMark
	for t := from.UTC().Truncate(by); !t.After(to) && len(out) <= most+1; t = t.Add(by) {
		if t.Before(from) {
			continue
		}
		text := t.Format("15:04")
		if t.Hour() == 0 && t.Minute() == 0 || by >= 24*time.Hour {
			text = t.Format("2 Jan")
		}
		out = append(out, timeMark{t, text})
	}
	return out
}

// apart moves rising heights where they are closer together than least: down,
// but none below the bottom.
func apart(heights []float64, least, bottom float64) []float64 {
	out := make([]float64, len(heights))
	for i, h := range heights {
		if out[i] = h; i > 0 {
			out[i] = max(h, out[i-1]+least)
		}
	}
	for i := len(out) - 1; i >= 0; i-- {
		out[i] = min(out[i], bottom)
		bottom = out[i] - least
	}
	return out
}

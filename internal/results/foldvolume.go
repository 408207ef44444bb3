package results

import "time"

const (
	dayMicros = int64(24 * time.Hour / time.Microsecond)
	// volumeDays is over how many days a test's recent volume is taken: a week,
	// since weekends are quieter.
	volumeDays = 7
	// leastSpan is the shortest time that a day's volume is reckoned from.
	leastSpan = int64(time.Hour / time.Microsecond)
)

// volume counts the randomised calls of the last days that had any.
type volume struct {
	first, last int64 // assignment times, microseconds
	days        []dayCalls
}

type dayCalls struct{ day, calls int64 } // day: since 1970

func (v *volume) add(at int64) {
	if len(v.days) == 0 {
		v.first = at
	}
	v.last = at
	day := at / dayMicros
	if n := len(v.days); n > 0 && v.days[n-1].day == day {
		v.days[n-1].calls++
		return
	}
	if len(v.days) == volumeDays {
		copy(v.days, v.days[1:])
		v.days = v.days[:volumeDays-1]
	}
	v.days = append(v.days, dayCalls{day, 1})
}

// perDay gives the calls a day over the last week of the test; 0 while it has
// less than an hour.
func (v *volume) perDay() float64 {
	if len(v.days) == 0 {
		return 0
	}
	from := v.last/dayMicros - volumeDays + 1
	start := max(v.first, from*dayMicros)
	var calls int64
	for _, d := range v.days {
		if d.day >= from {
			calls += d.calls
		}
	}
	if span := v.last - start; span >= leastSpan {
		return float64(calls) / (float64(span) / float64(dayMicros))
	}
	return 0
}

// instant is a time in microseconds since 1970 as a time; 0 is none.
func instant(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

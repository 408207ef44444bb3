package results

import (
	"context"
	"fmt"
	"sync"
	"time"

	"tandem"
)

// CallsPerDay is how many calls the routes had, day by day.
type CallsPerDay struct {
	Days   []string    `json:"days" doc:"The days in order, today last, as the time zone has them" example:"[\"2026-11-25\",\"2026-11-26\"]"`
	Routes []RouteDays `json:"routes" doc:"Every route that had a call; one that is not listed had none"`
}

// RouteDays is one route's calls per day.
type RouteDays struct {
	RouteID tandem.ID `json:"route_id"`
	Calls   []int64   `json:"calls" doc:"Calls assigned on each of the days"`
	Today   int64     `json:"today" doc:"The last of them"`
}

// MaxDays is over how many days calls are counted at once.
const MaxDays = 92

const (
	// dayKept is how long a day that is over is believed to have had so many
	// calls: reports that come late still change it.
	dayKept = 10 * time.Minute
	// todayKept is the same for a day that is going on.
	todayKept = 2 * time.Second
	// maxDaysKept bounds what is remembered, for all time zones together.
	maxDaysKept = 4 * MaxDays
)

// dayBook remembers the counts of days, so that a list of routes that many people
// watch asks the store about today and nothing else.
type dayBook struct {
	mu    sync.Mutex
	known map[daySpan]dayCount
}

type daySpan struct{ from, before int64 } // Unix seconds

type dayCount struct {
	calls map[tandem.ID]int64
	until time.Time // believed until then
}

// CallsPerDay counts every route's calls of the last days (1 to [MaxDays]),
// today included, as zone divides them. What it says of a day that is over may be
// ten minutes old, of today two seconds.
//
// Errors: Invalid with field "days"; the store's.
func (r *Reader) CallsPerDay(ctx context.Context, n int, zone *time.Location, now time.Time) (CallsPerDay, error) {
	if n < 1 || n > MaxDays {
		return CallsPerDay{}, tandem.Errorf(tandem.Invalid, "days", "is %d; expected 1 to %d", n, MaxDays)
	}
	out := CallsPerDay{Days: make([]string, n), Routes: []RouteDays{}}
	at := map[tandem.ID]int{}
	year, month, today := now.In(zone).Date()
	for i := range n {
		day := today - (n - 1 - i)
		from, before := time.Date(year, month, day, 0, 0, 0, 0, zone), time.Date(year, month, day+1, 0, 0, 0, 0, zone)
		out.Days[i] = from.Format(time.DateOnly)
		calls, err := r.days.of(ctx, r.store, from, before, now)
		if err != nil {
			return CallsPerDay{}, fmt.Errorf("calls per day: %w", err)
		}
		for id, c := range calls {
			k, seen := at[id]
			if !seen {
				k = len(out.Routes)
				at[id] = k
				out.Routes = append(out.Routes, RouteDays{RouteID: id, Calls: make([]int64, n)})
			}
			out.Routes[k].Calls[i] = c
		}
	}
	for i := range out.Routes {
		out.Routes[i].Today = out.Routes[i].Calls[n-1]
	}
	return out, nil
}

// of gives a day's counts; whoever comes meanwhile waits for the same answer.
func (d *dayBook) of(ctx context.Context, s Store, from, before, now time.Time) (map[tandem.ID]int64, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	span := daySpan{from.Unix(), before.Unix()}
	if c, ok := d.known[span]; ok && now.Before(c.until) {
		return c.calls, nil
	}
	calls, err := s.CallCounts(ctx, from, before)
	if err != nil {
		return nil, err
	}
	if d.known == nil || len(d.known) >= maxDaysKept {
		d.known = map[daySpan]dayCount{}
	}
	kept := dayKept
	if now.Before(before) {
		kept = todayKept
	}
	d.known[span] = dayCount{calls, now.Add(kept)}
	return calls, nil
}

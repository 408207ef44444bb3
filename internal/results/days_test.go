package results

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem"
)

func TestCallsPerDayFollowTheTimeZone(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("no time zones here: ", err)
	}
	// The night of 29 March 2026 has an hour less in Berlin.
	now := time.Date(2026, 3, 29, 22, 30, 0, 0, time.UTC) // the 30th, 00:30, in Berlin
	id := tandem.NewID(now)
	var asked []string
	m := &memory{counts: func(from, before time.Time) map[tandem.ID]int64 {
		asked = append(asked, from.UTC().Format("02T15")+" to "+before.UTC().Format("02T15"))
		return map[tandem.ID]int64{id: int64(before.Sub(from).Hours())}
	}}
	got, err := NewReader(m, nil).CallsPerDay(context.Background(), 3, zone, now)
	if err != nil {
		t.Fatal(err)
	}
	want := CallsPerDay{
		Days:   []string{"2026-03-28", "2026-03-29", "2026-03-30"},
		Routes: []RouteDays{{RouteID: id, Calls: []int64{24, 23, 24}, Today: 24}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"27T23 to 28T23", "28T23 to 29T22", "29T22 to 30T22"}, asked); diff != "" {
		t.Error(diff)
	}
}

func TestOnlyTodayIsCountedAgain(t *testing.T) {
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	id := tandem.NewID(now)
	asked := 0
	m := &memory{counts: func(time.Time, time.Time) map[tandem.ID]int64 {
		asked++
		return map[tandem.ID]int64{id: int64(asked)}
	}}
	r := NewReader(m, nil)
	for _, step := range []struct {
		name  string
		after time.Duration
		asked int
		today int64
	}{
		{"at first every day", 0, 14, 14},
		{"at once nothing", time.Second, 14, 14},
		{"soon today", 3 * time.Second, 15, 15},
		{"later every day, for calls that were told of late", 11 * time.Minute, 29, 29},
		{"the next day is another today", 12 * time.Hour, 43, 43},
	} {
		got, err := r.CallsPerDay(context.Background(), 14, time.UTC, now.Add(step.after))
		if err != nil {
			t.Fatal(err)
		}
		if asked != step.asked || got.Routes[0].Today != step.today {
			t.Errorf("%s: counted %d days and %d calls today; want %d and %d", step.name, asked, got.Routes[0].Today, step.asked, step.today)
		}
	}
}

func TestCallsPerDayRefusesTooManyDays(t *testing.T) {
	for _, n := range []int{0, -1, MaxDays + 1} {
		_, err := NewReader(&memory{}, nil).CallsPerDay(context.Background(), n, time.UTC, time.Now())
		if tandem.CodeOf(err) != tandem.Invalid {
			t.Errorf("%d days: %v", n, err)
		}
	}
}

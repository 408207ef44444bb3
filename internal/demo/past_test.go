package demo

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/replay"
)

func TestThePastIsOverAndTheSameEachTime(t *testing.T) {
	now := time.Date(2026, 11, 26, 9, 30, 0, 0, time.UTC)
	collect := func() (out []replay.Conversation) {
		for c, err := range Past(now, "http://127.0.0.1:1") {
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, c)
		}
		return out
	}
	calls := collect()
	if diff := cmp.Diff(calls, collect()); diff != "" {
		t.Fatal(diff)
	}
	arms, days := map[any]int{}, map[string]bool{}
	for _, c := range calls {
		arms[c.Arm[ArmBy]]++
		days[c.StartedAt.Format(time.DateOnly)] = true
		if end := c.StartedAt.Add(c.Length()); !end.Before(now.Truncate(24 * time.Hour)) {
			t.Errorf("a call ends at %s", end)
		}
	}
	if len(calls) != pastCalls || len(days) != pastDays || len(arms) != Versions || arms["1"] < pastCalls*2/5 || arms["2"] < pastCalls*2/5 {
		t.Errorf("%d calls on %d days, by arm %v", len(calls), len(days), arms)
	}
}

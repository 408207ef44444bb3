package demo

import (
	"iter"
	"math/rand/v2"
	"strconv"
	"time"

	"tandem/internal/replay"
)

// The experiment that the practice's branch made before the demo begins, as it is
// imported: which version had which call, and how it went.
const (
	BranchNumber = "+14155550142"
	BranchTest   = "Mission Street pilot"
	ArmBy        = "version"
	pastDays     = 13
	pastCalls    = 900
)

// Past makes up the calls of that experiment, at opening hours of the days before
// now: each version has about half of them. base is where recordings are, "" for none.
// On the same day it gives the same calls each time.
func Past(now time.Time, base string) iter.Seq2[replay.Conversation, error] {
	const seed = 4_000_000_000 // far from the callers of today
	midnight := now.UTC().Truncate(24 * time.Hour)
	return func(yield func(replay.Conversation, error) bool) {
		r := rand.New(rand.NewPCG(seed, 3))
		for i := range uint64(pastCalls) {
			number := 1 + r.IntN(Versions)
			caller := NewCaller(seed + i)
			c := recorded(Converse(caller, number), base, caller.Seed, number)
			c.Arm = map[string]any{ArmBy: strconv.Itoa(number)}
			// Most call around noon; the evening is quiet.
			opening := time.Duration((8 + 5*(r.Float64()+r.Float64())) * float64(time.Hour))
			c.StartedAt = midnight.AddDate(0, 0, -1-r.IntN(pastDays)).Add(opening).Truncate(time.Millisecond)
			if !yield(c, nil) {
				return
			}
		}
	}
}

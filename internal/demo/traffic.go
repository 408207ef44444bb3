package demo

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"time"

	"tandem/internal/replay"
)

// Traffic gives calls to number as they would come in: at random, rate a
// second on average, until ctx ends. Callers are those of seed and the seeds
// after it. recordings is where their sound is served, "" for nowhere.
func Traffic(ctx context.Context, number string, rate float64, seed uint64, recordings string) iter.Seq2[replay.Call, error] {
	return func(yield func(replay.Call, error) bool) {
		r := rand.New(rand.NewPCG(seed, 2))
		for ; ; seed++ {
			gap := time.NewTimer(time.Duration(r.ExpFloat64() / rate * float64(time.Second)))
			select {
			case <-gap.C:
			case <-ctx.Done():
				gap.Stop()
				return
			}
			c := NewCaller(seed)
			call := replay.Call{
				ID: fmt.Sprintf("demo-%d", seed), Number: number, From: c.Number,
				Script: func(leg replay.Leg) replay.Conversation {
					n := versionOf(leg)
					return recorded(Converse(c, n), recordings, c.Seed, n)
				},
			}
			if !yield(call, nil) {
				return
			}
		}
	}
}

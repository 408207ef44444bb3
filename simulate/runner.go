package main

import (
	"context"
	"hash/fnv"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
)

// runner runs one setting many times.
type runner struct {
	ctx context.Context
	options
	name string
}

// runs gives how many runs to make of a full number.
func (r *runner) runs(full int) int {
	if r.quick {
		return max(20, full/100)
	}
	return full
}

// each runs fn so many times, on all cores. Every run has random numbers of its
// own, which depend on the seed, the setting and the run alone.
func each[T any](r *runner, runs int, fn func(rng *rand.Rand) T) ([]T, error) {
	h := fnv.New64a()
	_, _ = h.Write([]byte(r.name))
	base := h.Sum64() ^ r.seed
	out := make([]T, runs)
	var next atomic.Int64
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for r.ctx.Err() == nil {
				i := next.Add(1) - 1
				if i >= int64(runs) {
					return
				}
				out[i] = fn(rand.New(rand.NewPCG(base, uint64(i))))
			}
		})
	}
	group.Wait()
	return out, r.ctx.Err()
}

// share counts how often fn says yes.
func share(r *runner, runs int, fn func(rng *rand.Rand) bool) (rate, error) {
	said, err := each(r, runs, fn)
	var out rate
	for _, yes := range said {
		out.n++
		if yes {
			out.yes++
		}
	}
	return out, err
}

package results

import (
	"context"
	"fmt"
	"time"

	"tandem"
)

const (
	// checkpointEvery is how many calls lie between two checkpoints, at least.
	checkpointEvery = 1024
	// checkpointShare: past 32,768 calls the distance grows with the calls, so
	// that what is written stays in proportion. A node that starts has to fold
	// a 16th of the calls again at most.
	checkpointShare = 32
	// keptEach is how many checkpoints are kept of each distance: every
	// 1,024 calls, every 2,048 and so on.
	keptEach = 2

	// memoryEvery is how many calls lie between two states in memory, for a
	// state of memoryBytes; a larger one is kept less often. They serve outcomes
	// that come soon after a call was folded.
	memoryEvery = 32
	memoryBytes = 1 << 18
	// keptStates is how many there are at most.
	keptStates = 8
)

// moment of a fold that it can go back to.
type pastState struct {
	calls int64
	last  time.Time // when the last call in it was assigned
	raw   []byte
}

// history holds such moments, the latest last.
type history []pastState

// before drops those that rest on a call assigned at that time or later.
func (h history) before(at time.Time) history {
	for len(h) > 0 && !h[len(h)-1].last.Before(at) {
		h = h[:len(h)-1]
	}
	return h
}

// add keeps a moment, and drops those that have become too many.
func (h history) add(p pastState, every int64) history {
	drop := worn(p.calls / every)
	out := make(history, 0, keptStates)
	for _, have := range h {
		if !contains(drop, have.calls/every) {
			out = append(out, have)
		}
	}
	if len(out) >= keptStates {
		out = out[len(out)-keptStates+1:]
	}
	return append(out, p)
}

func contains(list []int64, x int64) bool {
	for _, y := range list {
		if y == x {
			return true
		}
	}
	return false
}

// keep makes a checkpoint of the state, in the store or in memory, where one is
// due after so many calls. While there is much to fold, memory can wait.
func (d *Folder) keep(ctx context.Context, f *folding, much bool) error {
	calls := f.state.calls
	inStore, inMemory := calls%checkpointDistance(calls, d.checkpoints) == 0, !much && calls%f.memoryDistance(d.states) == 0
	if !inStore && !inMemory {
		return nil
	}
	raw, err := f.state.MarshalBinary()
	if err != nil {
		return err
	}
	f.history = f.history.add(pastState{calls, f.state.last.At, raw}, f.memoryDistance(d.states))
	if !inStore {
		return nil
	}
	drop := worn(calls / d.checkpoints)
	for i := range drop {
		drop[i] *= d.checkpoints
	}
	if f.replace {
		drop = append(drop, calls)
	}
	cp := tandem.Checkpoint{TestID: f.id, Calls: calls, Position: f.state.last, Sequence: f.sequence, State: raw}
	if _, err := d.store.SaveCheckpoint(ctx, cp, drop); err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	return nil
}

// memoryDistance is how many calls lie between two states in memory.
func (f *folding) memoryDistance(every int64) int64 {
	if n := len(f.history); n > 0 {
		for size := int64(len(f.history[n-1].raw)); size > memoryBytes; size /= 2 {
			every *= 2
		}
	}
	return every
}

// checkpointDistance is how many calls lie between two checkpoints after so many
// calls: a power of two times the least distance.
func checkpointDistance(calls, every int64) int64 {
	for 2*every <= calls/checkpointShare {
		every *= 2
	}
	return every
}

// worn lists which numbers up to k have had their time once k is kept: of the
// multiples of each power of two, all but the last keptEach. It goes a few
// further back than one step needs, and names some that were never kept. 0, the
// beginning, always stays.
func worn(k int64) []int64 {
	var drop []int64
	for j := 0; k>>j > 0; j++ {
		for i := int64(keptEach); i < 3*keptEach; i++ {
			m := (k>>j - i) << j
			if m > 0 && !lasting(m, k) && !contains(drop, m) {
				drop = append(drop, m)
			}
		}
	}
	return drop
}

// lasting says whether m is one of the last multiples, up to k, of some power of
// two that divides it.
func lasting(m, k int64) bool {
	for j := 0; m>>j<<j == m; j++ {
		if k>>j-m>>j < keptEach {
			return true
		}
	}
	return false
}

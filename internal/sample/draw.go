package sample

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"

	"tandem"
)

// The number of calls read at once: a few more than are wanted, since the
// filter will refuse some, within what one query reads well.
const (
	minBatch = 32
	maxBatch = 500
)

// among is the calls of an arm to draw from: those up to an ordinal, or the listed
// ones.
type among struct {
	size   int64
	listed []int64 // in order; nil for all
}

// among gives what to draw from of an arm's first size calls.
func (s *Sampler) among(ctx context.Context, arm string, size int64, q Query) (among, error) {
	if q.Filter.Group == "" {
		return among{size: size}, nil
	}
	all, err := s.store.GroupOrdinals(ctx, q.Filter.TestID, arm, q.Filter.Group)
	if err != nil {
		return among{}, fmt.Errorf("group %s: %w", q.Filter.Group, err)
	}
	end, _ := slices.BinarySearch(all, size+1)
	return among{size: int64(end), listed: all[:end:end]}, nil
}

// deal gives the ordinals that the numbers of a deck stand for.
func (m among) deal(numbers []int64) []int64 {
	if m.listed == nil {
		return numbers
	}
	for i, n := range numbers {
		numbers[i] = m.listed[n-1]
	}
	return numbers
}

// arm draws calls of one arm, looking at one batch after another.
func (s *Sampler) arm(ctx context.Context, a tandem.Arm, from among, q Query) (ArmSample, error) {
	out := ArmSample{Arm: a.Key, VersionID: a.VersionID, Calls: []SampledCall{}}
	deck := newDeck(q.Seed, a.Key, from.size)
	batch := min(max(2*q.PerArm, minBatch), maxBatch)
	for len(out.Calls) < q.PerArm && out.Looked < MaxLooked {
		ordinals := from.deal(deck.draw(int(min(int64(batch), MaxLooked-out.Looked))))
		if len(ordinals) == 0 {
			break
		}
		calls, err := s.store.CallsAt(ctx, q.Filter.TestID, a.Key, ordinals)
		if err != nil {
			return ArmSample{}, fmt.Errorf("calls: %w", err)
		}
		looked, err := s.keep(ctx, &out, ordinals, calls, q)
		if err != nil {
			return ArmSample{}, err
		}
		out.Looked += looked
		batch = min(2*batch, maxBatch) // a filter that refused most will go on doing so
	}
	out.Exhausted = out.Looked == from.size
	return out, nil
}

// keep adds those of calls that the query wants, in the order of the draw, and
// says how many ordinals it looked at.
func (s *Sampler) keep(ctx context.Context, out *ArmSample, ordinals []int64, calls []tandem.Call, q Query) (int64, error) {
	at := make(map[int64]*tandem.Call, len(calls))
	for i := range calls {
		at[calls[i].Ordinal] = &calls[i]
	}
	for i, ordinal := range ordinals {
		c := at[ordinal]
		if c == nil || c.NotRandomised() != "" || c.Removed != nil && c.Removed.Transcript != nil || !q.Filter.Match(*c) {
			continue
		}
		turns, err := s.turns(ctx, c)
		if err != nil {
			return 0, err
		}
		out.Calls = append(out.Calls, SampledCall{Call: *c, Turns: turns})
		if len(out.Calls) == q.PerArm {
			return int64(i) + 1, nil
		}
	}
	return int64(len(ordinals)), nil
}

func (s *Sampler) turns(ctx context.Context, c *tandem.Call) ([]tandem.Turn, error) {
	if !c.HasTranscript() {
		return []tandem.Turn{}, nil
	}
	t, err := s.store.Transcript(ctx, c.ID)
	if err != nil && tandem.CodeOf(err) != tandem.NotFound {
		return nil, fmt.Errorf("transcript of call %s: %w", c.ID, err)
	}
	if t.Turns == nil {
		return []tandem.Turn{}, nil
	}
	return t.Turns, nil
}

// deck deals the numbers 1 to n in a random order without writing them all
// down: Fisher and Yates' shuffle from the front, of which only the places that
// differ from their number are kept (Durstenfeld 1964, Algorithm 235).
type deck struct {
	rng  *rand.ChaCha8
	n    int64
	next int64 // numbers dealt so far
	// moved holds what lies at a place that is not its own number.
	moved map[int64]int64
}

// newDeck makes the deck of an arm. The order is a pure function of seed, arm
// and n: ChaCha8 keyed by the SHA-256 of the seed (8 bytes, big-endian) and the
// arm's key.
func newDeck(seed uint64, arm string, n int64) *deck {
	key := sha256.Sum256(append(binary.BigEndian.AppendUint64(nil, seed), arm...))
	return &deck{rng: rand.NewChaCha8(key), n: n, moved: map[int64]int64{}}
}

// draw deals up to k numbers, fewer at the end of the deck.
func (d *deck) draw(k int) []int64 {
	k = int(min(int64(k), d.n-d.next))
	out := make([]int64, 0, max(k, 0))
	for range k {
		i := d.next
		j := i + d.below(d.n-i)
		out = append(out, d.at(j)+1)
		// What lay here takes the place of what was dealt; this place is
		// never looked at again.
		d.moved[j] = d.at(i)
		delete(d.moved, i)
		d.next++
	}
	return out
}

func (d *deck) at(place int64) int64 {
	if number, ok := d.moved[place]; ok {
		return number
	}
	return place
}

// below gives a number from 0 to n-1, each equally likely: Lemire (2019), ACM
// Transactions on Modeling and Computer Simulation 29(1), algorithm 5. Written
// out here so that a draw does not depend on the version of a library.
func (d *deck) below(n int64) int64 {
	m := uint64(n)
	hi, lo := bits.Mul64(d.rng.Uint64(), m)
	if lo < m {
		for threshold := -m % m; lo < threshold; {
			hi, lo = bits.Mul64(d.rng.Uint64(), m)
		}
	}
	return int64(hi)
}

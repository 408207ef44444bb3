package topics

import (
	"cmp"
	"context"
	"fmt"

	"tandem"
)

const (
	// batch is how many calls are read at once.
	batch = 500
	// sampleSize is how many calls with words groups are made of.
	sampleSize = 4000
	// mostLooked bounds the calls that are looked at for them: of calls in which
	// something went wrong there may be few.
	mostLooked = 40_000
)

// span is an arm's calls up to an ordinal.
type span struct {
	arm  string
	size int64
}

// heard is a call with what was said in it; no turns where there is no transcript.
type heard struct {
	tandem.Call
	turns []tandem.Turn
}

// read gives the randomised calls that have ended among those of an arm with these
// ordinals.
func (r *run) read(ctx context.Context, arm string, ordinals []int64) ([]heard, error) {
	calls, err := r.Store.CallsAt(ctx, r.g.TestID, arm, ordinals)
	if err != nil {
		return nil, fmt.Errorf("calls: %w", err)
	}
	var out []heard
	var ids []tandem.ID
	for _, c := range calls {
		if c.Ended == nil || c.NotRandomised() != "" {
			continue
		}
		out = append(out, heard{Call: c})
		if c.HasTranscript() {
			ids = append(ids, c.ID)
		}
	}
	said, err := r.Store.Transcripts(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("transcripts: %w", err)
	}
	for i := range out {
		out[i].turns = said[out[i].ID]
	}
	return out, nil
}

// each gives all calls to fn, a batch at a time.
func (r *run) each(ctx context.Context, fn func([]heard) error) error {
	for _, s := range r.spans {
		for from := int64(1); from <= s.size; from += batch {
			var ordinals []int64
			for n := from; n < min(from+batch, s.size+1); n++ {
				ordinals = append(ordinals, n)
			}
			calls, err := r.read(ctx, s.arm, ordinals)
			if err == nil {
				err = fn(calls)
			}
			if err != nil {
				return err
			}
			r.g.Progress.Done += int64(len(ordinals))
		}
	}
	return nil
}

// stride deals the numbers 0 to n-1, each once and every stretch of them spread
// evenly: multiples of a number near n's golden section that has no factor in
// common with n.
type stride struct{ n, by, at, dealt int64 }

func newStride(n int64) *stride {
	by := max(1, int64(float64(n)*0.6180339887498949))
	for gcd(by, n) > 1 {
		by--
	}
	return &stride{n: n, by: by}
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func (s *stride) next() (int64, bool) {
	if s.dealt == s.n {
		return 0, false
	}
	s.dealt++
	at := s.at
	// Not (at + by) % n, which may overflow.
	if s.at -= s.n - s.by; s.at < 0 {
		s.at += s.n
	}
	return at, true
}

// sample gives texts of calls to make groups of, and whose calls they are, in the
// order of the calls' ids: it is the same whatever the arms are called. Calls of all
// arms are as likely. What is personal is taken out as it is to be now, whatever the
// store keeps.
func (r *run) sample(ctx context.Context) (texts, by []string, err error) {
	type said struct {
		id       tandem.ID
		text, by string
	}
	var found []said
	walk := newStride(r.g.Progress.Total)
	for looked := 0; len(found) < sampleSize && looked < mostLooked; {
		ordinals := make([][]int64, len(r.spans))
		dealt := 0
		for ; dealt < batch; dealt++ {
			n, ok := walk.next()
			if !ok {
				break
			}
			arm := 0
			for n >= r.spans[arm].size {
				n -= r.spans[arm].size
				arm++
			}
			ordinals[arm] = append(ordinals[arm], n+1)
		}
		if dealt == 0 {
			break
		}
		looked += dealt
		for i, s := range r.spans {
			if len(ordinals[i]) == 0 {
				continue
			}
			calls, err := r.read(ctx, s.arm, ordinals[i])
			if err != nil {
				return nil, nil, err
			}
			for _, c := range calls {
				if text := r.text(r.Redact(c.turns)); text != "" {
					found = append(found, said{c.ID, text, cmp.Or(c.Assigned.Value.Who(), string(c.ID))})
				}
			}
		}
		if err := r.keep(ctx, nil); err != nil {
			return nil, nil, err
		}
	}
	sortByID(found, func(s said) tandem.ID { return s.id })
	for _, s := range found {
		texts, by = append(texts, s.text), append(by, s.by)
	}
	return texts, by, nil
}

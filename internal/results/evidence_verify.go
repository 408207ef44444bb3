package results

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"strconv"
	"time"

	"tandem"
)

// Checkpoints gives what verifying evidence reads.
type Checkpoints interface {
	// Checkpoints gives all checkpoints of a test, that of the fewest calls
	// first.
	Checkpoints(ctx context.Context, testID tandem.ID) ([]tandem.Checkpoint, error)
	// Ledger gives the calls behind a position, and what was changed before it
	// since a sequence, as of one moment.
	Ledger(ctx context.Context, testID tandem.ID, after tandem.Position, since int64, limit int) (tandem.LedgerPage, error)
}

// evidence folds the test's calls from the first on and lists where a stored
// checkpoint is not, byte for byte, what they come to. It is false when the test
// was corrected meanwhile, each time it was tried.
func (v *verification) evidence(ctx context.Context, t tandem.Test) (bool, error) {
	for range verifyAttempts {
		found, still, err := v.compareCheckpoints(ctx, t)
		if err != nil {
			return false, err
		}
		if still {
			v.report.Differences = append(v.report.Differences, found...)
			return true, nil
		}
	}
	return false, nil
}

// compareCheckpoints tries once. still says that no call in the checkpoints was
// changed from before they were read until the calls were.
func (v *verification) compareCheckpoints(ctx context.Context, t tandem.Test) (found []Discrepancy, still bool, err error) {
	store := v.reader.store
	start, err := store.Ledger(ctx, t.ID, tandem.Position{}, 0, 0)
	if err != nil {
		return nil, false, fmt.Errorf("ledger: %w", err)
	}
	stored, err := store.Checkpoints(ctx, t.ID)
	if err != nil || len(stored) == 0 {
		return nil, true, err
	}
	fold, err := v.newRefold(ctx, t, stored)
	if err != nil {
		return nil, false, err
	}
	end := stored[len(stored)-1]
	for done := false; !done; {
		page, err := store.Ledger(ctx, t.ID, fold.state.last, start.Sequence, mostPage)
		if err != nil {
			return nil, false, fmt.Errorf("ledger: %w", err)
		}
		if fold.state.calls > 0 && page.Forgotten || page.Corrected != nil && !page.Corrected.After(end.Position.At) {
			return nil, false, nil
		}
		if done, err = fold.take(page.Calls); err != nil {
			return nil, false, err
		}
	}
	return fold.found, true, nil
}

// refold is a fold from the first call that passes checkpoints on its way.
type refold struct {
	test   tandem.Test
	state  *state
	stored []tandem.Checkpoint // those still ahead
	found  []Discrepancy
}

func (v *verification) newRefold(ctx context.Context, t tandem.Test, stored []tandem.Checkpoint) (*refold, error) {
	p, err := (&plans{source: v.reader.store}).of(ctx, t.ID)
	if err != nil {
		return nil, err
	}
	// The test may have got another phase since it was read.
	if t, err = v.reader.store.Test(ctx, t.ID); err != nil {
		return nil, fmt.Errorf("test: %w", err)
	}
	// What durations were bounded by stands in the checkpoints, the same in all.
	maxSeconds := tandem.DefaultMaxCallSeconds
	for _, cp := range stored {
		if n, ok := stateMaxSeconds(cp.State); ok {
			maxSeconds = n
			break
		}
	}
	out := &refold{test: t, state: newState(newFrame(t, p), maxSeconds), stored: stored}
	return out, out.pass()
}

// stateMaxSeconds reads what the durations in a state are bounded by.
func stateMaxSeconds(raw []byte) (int, bool) {
	u := &unpacker{b: raw}
	version, n := u.byte(), u.count()
	return int(n), u.err == nil && version == stateVersion && n > 0
}

// take folds the calls that follow and says whether that was all.
func (f *refold) take(calls []tandem.Call) (done bool, err error) {
	for i := range calls {
		if len(f.stored) == 0 {
			return true, nil
		}
		if err := f.state.fold(&calls[i]); err != nil {
			return false, fmt.Errorf("evidence of call %s: %w", calls[i].ID, err)
		}
		if err := f.pass(); err != nil {
			return false, err
		}
	}
	if len(calls) > 0 && len(f.stored) > 0 {
		return false, nil
	}
	for _, cp := range f.stored {
		f.differ("calls", strconv.FormatInt(cp.Calls, 10), strconv.FormatInt(f.state.calls, 10))
	}
	return true, nil
}

// pass compares with the checkpoint after this call, if there is one.
func (f *refold) pass() error {
	if len(f.stored) == 0 || f.stored[0].Calls > f.state.calls {
		return nil
	}
	cp := f.stored[0]
	f.stored = f.stored[1:]
	raw, err := f.state.MarshalBinary()
	if err != nil {
		return err
	}
	if cp.Position.ID != f.state.last.ID || !cp.Position.At.Equal(f.state.last.At) {
		f.differ("position", place(cp.Position), place(f.state.last))
	}
	if !bytes.Equal(cp.State, raw) {
		f.differ("state", digest(cp.State), digest(raw))
	}
	return nil
}

func (f *refold) differ(what, stored, folded string) {
	at := fmt.Sprintf("%s after %d calls: ", what, f.state.calls)
	f.found = append(f.found, Discrepancy{
		TestID: f.test.ID, Metric: f.test.PrimaryMetric, What: "evidence", Stored: at + stored, Counts: at + folded,
	})
}

func place(p tandem.Position) string {
	return p.At.Format(time.RFC3339Nano) + " " + string(p.ID)
}

// digest names bytes that are too long to show.
func digest(raw []byte) string {
	sum := sha256.Sum256(raw)
	return fmt.Sprintf("%d bytes, SHA-256 %x...", len(raw), sum[:8])
}

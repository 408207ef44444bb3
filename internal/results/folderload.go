package results

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"tandem"
)

// load puts the newest checkpoint before a time in the place of the state; the
// newest of all for the zero time. Without one the fold begins anew, with
// durations up to maxSeconds, or up to the route's longest call for 0.
//
// A checkpoint that cannot be read, of another version or damaged, is as good as
// none: an earlier one may do, and it is replaced on the way.
func (d *Folder) load(ctx context.Context, f *folding, before time.Time, maxSeconds int) error {
	fr, t, err := d.frame(ctx, f.id)
	if err != nil {
		return err
	}
	// What is in memory was right as of a sequence that is given up here.
	f.state, f.history, f.moved = nil, nil, true
	for {
		cp, err := d.store.Checkpoint(ctx, f.id, before)
		if tandem.CodeOf(err) == tandem.NotFound {
			break
		}
		if err != nil {
			return fmt.Errorf("checkpoint: %w", err)
		}
		s, err := readState(fr, cp.State)
		if err == nil && s.calls == cp.Calls {
			f.state, f.sequence, f.pinned = s, cp.Sequence, true
			return nil
		}
		d.log.Warn("a checkpoint cannot be read; the evidence is folded anew from before it",
			slog.String("test_id", string(f.id)), slog.Int64("calls", cp.Calls), "error", err)
		f.replace = true
		if cp.Calls == 0 || cp.Position.At.IsZero() {
			break
		}
		before = cp.Position.At
	}
	if maxSeconds == 0 {
		route, err := d.store.Route(ctx, string(t.RouteID))
		if err != nil {
			return fmt.Errorf("route: %w", err)
		}
		if maxSeconds = route.MaxCallSeconds; maxSeconds <= 0 {
			maxSeconds = tandem.DefaultMaxCallSeconds
		}
	}
	f.state, f.sequence, f.pinned = newState(fr, maxSeconds), 0, false
	return nil
}

func (d *Folder) frame(ctx context.Context, id tandem.ID) (*frame, tandem.Test, error) {
	p, err := d.plans.of(ctx, id)
	if err != nil {
		return nil, tandem.Test{}, err
	}
	t, err := d.store.Test(ctx, id)
	if err != nil {
		return nil, tandem.Test{}, fmt.Errorf("test: %w", err)
	}
	return newFrame(t, p), t, nil
}

// rewind takes the fold back to before a call that was changed. Whatever lies
// before all changes is right as of the page that told of them.
func (d *Folder) rewind(ctx context.Context, f *folding, corrected time.Time, sequence int64) error {
	f.history = f.history.before(corrected)
	if n := len(f.history); n > 0 {
		s, err := readState(f.state.frame, f.history[n-1].raw)
		if err != nil {
			return fmt.Errorf("state in memory: %w", err)
		}
		f.state, f.sequence, f.moved = s, sequence, true
		return nil
	}
	return d.load(ctx, f, corrected, f.state.maxSeconds)
}

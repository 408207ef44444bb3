package ingest

import (
	"context"
	"log/slog"
	"time"

	"tandem"
)

// reapEvery is how often overdue calls are looked for. They are overdue by the
// route's maximum call length plus tandem.LostGrace, so half a minute more is
// nothing.
const reapEvery = 30 * time.Second

// Reap marks calls lost that should have ended long ago, until ctx ends. A
// report that still comes later wins over the mark.
func (i *Ingester) Reap(ctx context.Context) {
	tick := time.NewTicker(reapEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := i.reap(ctx, time.Now().UTC()); err != nil && ctx.Err() == nil {
				i.log.Warn("overdue calls cannot be marked", "error", err)
			}
		}
	}
}

func (i *Ingester) reap(ctx context.Context, now time.Time) error {
	for {
		ids, err := i.store.OverdueCalls(ctx, now, maxBatch)
		if err != nil || len(ids) == 0 {
			return err
		}
		events := make([]tandem.Event, len(ids))
		for k, id := range ids {
			events[k] = tandem.Event{ID: string(id) + "/lost", Origin: tandem.OriginReaper, CallID: id, Kind: tandem.EventLost, At: now}
		}
		if err := i.Ingest(ctx, events); err != nil {
			return err
		}
		i.log.Info("calls without an end were marked lost", slog.Int("calls", len(ids)))
		if len(ids) < maxBatch {
			return nil
		}
	}
}

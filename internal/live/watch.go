package live

import (
	"context"
	"log/slog"
	"time"

	"tandem"
)

// pollEvery is how often the store is asked what other nodes did: people read
// "live" as within a second.
const pollEvery = 500 * time.Millisecond

// Source is where changes made by any node can be seen.
type Source interface {
	// Activity gives, for each test, a number that grows with every commit
	// that touches its calls.
	Activity(ctx context.Context) (map[tandem.ID]int64, error)
	// ConfigVersion grows with every change to routes, tests or versions.
	ConfigVersion(ctx context.Context) (int64, error)
	// Works gives, for each work on a test's calls in the background, a mark that is
	// another one whenever it got on.
	Works(ctx context.Context) (map[tandem.Work]string, error)
}

// Watch publishes what changed in the store until ctx ends. It asks only while
// somebody listens; the first listener after a pause hears of everything that
// moved in it.
func (h *Hub) Watch(ctx context.Context, src Source, log *slog.Logger) {
	w := watcher{hub: h, src: src, config: -1}
	away := false
	for {
		listening, wake := h.listeners()
		if !listening && w.config >= 0 {
			select {
			case <-ctx.Done():
				return
			case <-wake:
			}
		}
		err := w.look(ctx)
		if ctx.Err() != nil {
			return
		}
		if (err != nil) != away {
			if away = err != nil; away {
				log.Warn("changes in the store cannot be seen", "error", err)
			} else {
				log.Info("changes in the store are seen again")
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pollEvery):
		}
	}
}

type watcher struct {
	hub      *Hub
	src      Source
	config   int64 // -1 before the first look, which publishes nothing
	activity map[tandem.ID]int64
	works    map[tandem.Work]string
}

func (w *watcher) look(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 4*pollEvery)
	defer cancel()
	config, err := w.src.ConfigVersion(ctx)
	if err != nil {
		return err
	}
	activity, err := w.src.Activity(ctx)
	if err != nil {
		return err
	}
	works, err := w.src.Works(ctx)
	if err != nil {
		return err
	}
	first := w.config < 0
	if !first && config != w.config {
		w.hub.Publish(Change{Kind: Config})
	}
	for id, n := range activity {
		if !first && n != w.activity[id] {
			w.hub.Publish(Change{Kind: Results, ID: id})
		}
	}
	for work, mark := range works {
		if !first && mark != w.works[work] {
			w.hub.Publish(Change{Kind: Kind(work.Kind), ID: work.TestID})
		}
	}
	w.config, w.activity, w.works = config, activity, works
	return nil
}

package app

import (
	"context"
	"fmt"

	"tandem"
	"tandem/internal/live"
	"tandem/internal/results"
	"tandem/internal/steer"
)

// standings gives steer what it goes by of a test's results.
type standings struct{ reader *results.Reader }

// Reading implements steer.Results.
func (s standings) Reading(ctx context.Context, testID tandem.ID) (steer.Reading, error) {
	r, err := s.reader.Results(ctx, testID)
	if err != nil {
		return steer.Reading{}, err
	}
	out := steer.Reading{
		About: about(r), Verdict: r.Verdict, Covered: r.Evidence.Calls, Rebuilding: r.Evidence.Rebuilding || r.Recounting != nil, Calls: make(map[int]int64, len(r.Phases)),
	}
	for _, p := range r.Phases {
		out.Calls[p.Number] = p.Calls
	}
	return out, nil
}

// about names a test to whoever hears of it: "+14155550100, test \"spring\"".
func about(r results.Results) string {
	if r.Name == "" {
		return r.Route
	}
	return fmt.Sprintf("%s, test %q", r.Route, r.Name)
}

// evidenceMoved hears of each test whose evidence moved.
func (a *App) evidenceMoved(testID tandem.ID) {
	a.moves.Add(1)
	a.hub.Publish(live.Change{Kind: live.Results, ID: testID})
	a.pilot.Moved(testID)
}

// steered hears of each test that steer changed.
func (a *App) steered(t tandem.Test) {
	a.hub.Publish(live.Change{Kind: live.Test, ID: t.ID})
	a.hub.Publish(live.Change{Kind: live.Route, ID: t.RouteID})
}

package store

import (
	"context"
	"database/sql"
	"time"

	"tandem"
)

// volumeCalls bounds how many calls a volume is taken from. It is enough for a
// rate to within 1 %, and a few milliseconds of work.
const volumeCalls = 20_000

const (
	selectVolume = `
		SELECT COUNT(*), COALESCE(MIN(assigned_at), 0), COALESCE(MAX(assigned_at), 0) FROM (
			SELECT assigned_at FROM calls WHERE route_id = $1 AND assigned_at >= $2
			ORDER BY assigned_at DESC, id DESC LIMIT $3
		) AS latest`
	// selectCounts reads one range of calls_by_route for each route, and no row.
	selectCounts = `
		SELECT r.id, (SELECT COUNT(*) FROM calls c WHERE c.route_id = r.id AND c.assigned_at >= $1 AND c.assigned_at < $2) FROM routes r`
	selectEarlier = `SELECT EXISTS (SELECT 1 FROM calls WHERE route_id = $1 AND assigned_at < $2 AND assigned_at <> 0)`
)

// Volume counts the calls that a route had since a time: all of them up to
// 20,000, or else the last 20,000. The stretch that it is over ends now; it
// begins at since, or with the first call counted where there were more, or
// where the route had none before, so that a new route is not taken for a
// quiet one.
func (s *Store) Volume(ctx context.Context, routeID tandem.ID, since time.Time) (tandem.Volume, error) {
	v := tandem.Volume{From: since, To: s.now()}
	err := s.view(ctx, func(tx *sql.Tx) error {
		from := max(ceilMicros(since), 1) // 0 stands for an assignment that is not known
		var first, last int64
		if err := tx.QueryRowContext(ctx, selectVolume, string(routeID), from, volumeCalls).Scan(&v.Calls, &first, &last); err != nil || v.Calls == 0 {
			return err
		}
		var earlier bool
		if err := tx.QueryRowContext(ctx, selectEarlier, string(routeID), from).Scan(&earlier); err != nil {
			return err
		}
		if v.Calls == volumeCalls || !earlier {
			v.From = moment(first)
		}
		if last := moment(last); last.After(v.To) { // another machine's clock is ahead
			v.To = last
		}
		return nil
	})
	if err != nil {
		return tandem.Volume{}, s.fault("count a route's calls", err)
	}
	return v, nil
}

// CallCounts counts every route's calls that were assigned from one time until
// before another. Routes without any are left out.
func (s *Store) CallCounts(ctx context.Context, from, before time.Time) (map[tandem.ID]int64, error) {
	counts := map[tandem.ID]int64{}
	rows, err := s.read.QueryContext(ctx, selectCounts, max(ceilMicros(from), 1), ceilMicros(before))
	if err == nil {
		err = each(rows, func(scan func(...any) error) error {
			var id tandem.ID
			var n int64
			err := scan(&id, &n)
			if n > 0 {
				counts[id] = n
			}
			return err
		})
	}
	return counts, s.fault("count the calls of routes", err)
}

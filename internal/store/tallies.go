package store

import (
	"context"
	"encoding/json"

	"tandem"
)

const (
	selectTallies = `
		SELECT phase, arm, metric, kind, n, successes, mean, m2, hist, names
		FROM tallies WHERE test_id = $1 AND n <> 0 ORDER BY phase, arm, metric`
	selectActivity = `SELECT test_id, sequence FROM activity`
	selectArmSize  = `SELECT COALESCE((SELECT calls FROM arm_sizes WHERE test_id = $1 AND arm = $2), 0)`
)

// Tallies gives the cells of a test's results that rest on at least one call,
// by phase, arm and metric. It reads the test's cells and nothing else, however
// many calls are behind them.
func (s *Store) Tallies(ctx context.Context, testID tandem.ID) ([]tandem.TallyRow, error) {
	cells := []tandem.TallyRow{}
	rows, err := s.hot.tallies.QueryContext(ctx, string(testID))
	if err == nil {
		err = each(rows, func(scan func(...any) error) error {
			row := tandem.TallyRow{TallyKey: tandem.TallyKey{TestID: testID}}
			var c cellColumns
			err := scan(append([]any{&row.Phase, &row.Arm, &row.Metric}, c.places(&row.Tally)...)...)
			if err == nil {
				err = c.decode(&row.Tally)
			}
			cells = append(cells, row)
			return err
		})
	}
	return cells, s.fault("read the tallies", err)
}

// cellColumns are the columns of a cell that need decoding.
type cellColumns struct {
	hist, names []byte
}

func (c *cellColumns) places(t *tandem.Tally) []any {
	return []any{&t.Kind, &t.N, &t.Successes, &t.Mean, &t.M2, &c.hist, &c.names}
}

func (c *cellColumns) decode(t *tandem.Tally) error {
	if c.hist != nil {
		if err := t.Hist.UnmarshalBinary(c.hist); err != nil {
			return err
		}
	}
	if c.names == nil {
		return nil
	}
	return json.Unmarshal(c.names, &t.Names)
}

// ArmSize gives the highest ordinal that a call of the arm has, 0 before the
// first.
func (s *Store) ArmSize(ctx context.Context, testID tandem.ID, arm string) (int64, error) {
	var n int64
	err := s.hot.armSize.QueryRowContext(ctx, string(testID), arm).Scan(&n)
	return n, s.fault("read an arm's size", err)
}

// CallsAt gives the calls of an arm that have these ordinals, in no order. An
// ordinal that no call has is absent: a call whose assignment was corrected
// leaves its old ordinal empty.
func (s *Store) CallsAt(ctx context.Context, testID tandem.ID, arm string, ordinals []int64) ([]tandem.Call, error) {
	calls := make([]tandem.Call, 0, len(ordinals))
	rows, err := s.hot.callsAt.QueryContext(ctx, string(testID), arm, s.dialect.numbers(ordinals))
	if err == nil {
		err = each(rows, func(scan func(...any) error) error {
			c, err := scanCall(scan)
			calls = append(calls, c)
			return err
		})
	}
	return calls, s.fault("read calls by ordinal", err)
}

// Activity gives a number for each test that grows with each commit that
// touches it or its calls.
func (s *Store) Activity(ctx context.Context) (map[tandem.ID]int64, error) {
	out := map[tandem.ID]int64{}
	rows, err := s.hot.activity.QueryContext(ctx)
	if err == nil {
		err = each(rows, func(scan func(...any) error) error {
			var id tandem.ID
			var n int64
			err := scan(&id, &n)
			out[id] = n
			return err
		})
	}
	return out, s.fault("read the tests' activity", err)
}

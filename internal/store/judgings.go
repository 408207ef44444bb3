package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"tandem"
)

const (
	judgingColumns = `d.test_id, d.arm, d.state, d.judge, d.next_at, d.requests, d.input_tokens, d.output_tokens, d.cost, d.cost_limit,
		d.attempts, d.last_error, d.ended_at, d.body`
	selectJudging    = `SELECT ` + judgingColumns + ` FROM judgings d`
	thisJudging      = ` WHERE test_id = $1 AND arm = $2`
	countJudgedPairs = `SELECT state, COUNT(*) FROM judged_pairs` + thisJudging + ` GROUP BY state`
)

// judgingBody is what the body of a judging holds.
type judgingBody struct {
	First     string    `json:"first"`
	Seed      int64     `json:"seed"`
	StartedBy string    `json:"started_by"`
	StartedAt time.Time `json:"started_at"`
}

// StartJudging has a test's pairs judged: those that were left when an earlier
// start ended, and these, which get their numbers here. afresh removes what was
// there before. Usage goes on from an earlier start, and j's cost limit is what may
// be added to its cost.
//
// Errors: Conflict while it runs already, or, without afresh, when another judge
// began it (field "afresh"), or when one of the pairs is there already;
// Unavailable.
func (s *Store) StartJudging(ctx context.Context, actor string, j tandem.Judging, pairs []tandem.JudgedPair, afresh bool) (tandem.Judging, error) {
	clash := tandem.Errorf(tandem.Conflict, "", "somebody else asked for the same pairs at this moment; try again")
	test, arm := string(j.TestID), j.Arms[1]
	err := s.change(ctx, "start a judging", clash, func(tx *sql.Tx) error {
		before, err := scanJudging(tx.QueryRowContext(ctx, selectJudging+` WHERE d.test_id = $1 AND d.arm = $2`+s.dialect.lock, test, arm).Scan)
		switch {
		case errors.Is(err, sql.ErrNoRows):
		case err != nil:
			return err
		case before.State == tandem.JudgingRuns:
			return tandem.Errorf(tandem.Conflict, "", "the pairs of this test are being judged already; wait until that is done, or cancel it")
		case afresh:
		case before.Judge != j.Judge:
			return tandem.Errorf(tandem.Conflict, "afresh", "is false, and %s judged the test's pairs before; %s would judge by other measures: say afresh to drop what was judged", before.Judge, j.Judge)
		default:
			j.Usage = before.Usage
		}
		var last int64
		if err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(number), 0) FROM judged_pairs`+thisJudging, test, arm).Scan(&last); err != nil {
			return err
		}
		if afresh {
			if _, err := tx.ExecContext(ctx, `DELETE FROM judged_pairs`+thisJudging, test, arm); err != nil {
				return err
			}
		}
		for i, p := range pairs {
			_, err := tx.ExecContext(ctx, `
				INSERT INTO judged_pairs (test_id, arm, number, first_arm, first_call, second_call, similarity, state, attempts, last_error)
				VALUES ($1, $2, $3, $4, $5, $6, $7, 'due', 0, '')`,
				test, arm, last+int64(i)+1, p.First.Arm, string(p.First.CallID), string(p.Second.CallID), p.Similarity)
			if err != nil {
				return err
			}
		}
		limit := j.CostLimit
		if limit > 0 {
			limit += j.Usage.Cost
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO judgings (test_id, arm, state, judge, next_at, holder, requests, input_tokens, output_tokens, cost, cost_limit, attempts, last_error, ended_at, body)
			VALUES ($1, $2, 'running', $3, $4, '', $5, $6, $7, $8, $9, 0, '', NULL, $10)
			ON CONFLICT (test_id, arm) DO UPDATE SET state = 'running', judge = excluded.judge, next_at = excluded.next_at, holder = '',
				requests = excluded.requests, input_tokens = excluded.input_tokens, output_tokens = excluded.output_tokens, cost = excluded.cost,
				cost_limit = excluded.cost_limit, attempts = 0, last_error = '', ended_at = NULL, body = excluded.body`,
			test, arm, j.Judge, micros(j.StartedAt), j.Usage.Requests, j.Usage.InputTokens, j.Usage.OutputTokens, j.Usage.Cost, limit,
			string(document(judgingBody{j.Arms[0], j.Seed, j.StartedBy, j.StartedAt})))
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, actor, "judging.start", j.TestID, nil, document(map[string]any{
			"arm": arm, "judge": j.Judge, "new_pairs": len(pairs), "afresh": afresh, "cost_limit": limit,
		}))
	})
	if err != nil {
		return tandem.Judging{}, err
	}
	return s.Judging(ctx, j.TestID, arm)
}

// Judging gives where the judging of an arm stands, with its pairs counted.
// NotFound before the first start.
func (s *Store) Judging(ctx context.Context, testID tandem.ID, arm string) (tandem.Judging, error) {
	j, err := scanJudging(s.read.QueryRowContext(ctx, selectJudging+` WHERE d.test_id = $1 AND d.arm = $2`, string(testID), arm).Scan)
	if err != nil {
		return j, s.fault("read a judging", missing(err, "judging of arm", arm))
	}
	err = s.countPairs(ctx, &j)
	return j, err
}

func (s *Store) countPairs(ctx context.Context, j *tandem.Judging) error {
	rows, err := s.read.QueryContext(ctx, countJudgedPairs, string(j.TestID), j.Arms[1])
	if err == nil {
		err = each(rows, func(scan func(...any) error) error {
			var state string
			var n int64
			if err := scan(&state, &n); err != nil {
				return err
			}
			j.Pairs += n
			switch tandem.PairState(state) {
			case tandem.PairJudged:
				j.Judged = n
			case tandem.PairFailed:
				j.Failed = n
			}
			return nil
		})
	}
	return s.fault("count judged pairs", err)
}

// CancelJudging ends a judging that runs; what the judge is being asked at this
// moment is still kept. Errors: NotFound; Conflict when it does not run.
func (s *Store) CancelJudging(ctx context.Context, actor string, testID tandem.ID, arm string) error {
	return s.change(ctx, "cancel a judging", nil, func(tx *sql.Tx) error {
		j, err := scanJudging(tx.QueryRowContext(ctx, selectJudging+` WHERE d.test_id = $1 AND d.arm = $2`+s.dialect.lock, string(testID), arm).Scan)
		if err != nil {
			return missing(err, "judging of arm", arm)
		}
		if j.State != tandem.JudgingRuns {
			return tandem.Errorf(tandem.Conflict, "", "the judging does not run: it is %s", j.State)
		}
		if _, err := tx.ExecContext(ctx, `UPDATE judgings SET state = 'cancelled', holder = '', ended_at = $3`+thisJudging, string(testID), arm, micros(s.now())); err != nil {
			return err
		}
		return s.audit(ctx, tx, actor, "judging.cancel", testID, nil, document(map[string]any{"arm": arm}))
	})
}

// ClaimJudging takes a running judging that nobody works on, the one that waits the
// longest, for holder until now plus lease. ok is false when there is none.
func (s *Store) ClaimJudging(ctx context.Context, now time.Time, lease time.Duration, holder string) (j tandem.Judging, ok bool, err error) {
	var due bool // asked all the time, and mostly false: that takes no turn at writing
	if err := s.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM judgings WHERE state = 'running' AND next_at <= $1)`, micros(now)).Scan(&due); err != nil || !due {
		return j, false, s.fault("look for judgings", err)
	}
	err = s.change(ctx, "claim a judging", nil, func(tx *sql.Tx) error {
		j, err = scanJudging(tx.QueryRowContext(ctx, selectJudging+`
			WHERE d.state = 'running' AND d.next_at <= $1 ORDER BY d.next_at LIMIT 1`+s.dialect.claim, micros(now)).Scan)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		ok = true
		_, err = tx.ExecContext(ctx, `UPDATE judgings SET next_at = $3, holder = $4`+thisJudging, string(j.TestID), j.Arms[1], micros(now.Add(lease)), holder)
		return err
	})
	if err != nil || !ok {
		return j, false, err
	}
	err = s.countPairs(ctx, &j)
	return j, err == nil, err
}

// HoldJudging keeps a claim until a later time. ok is false when holder has it no
// more: it was cancelled, or another node took it.
func (s *Store) HoldJudging(ctx context.Context, j tandem.Judging, holder string, until time.Time) (ok bool, err error) {
	err = s.change(ctx, "hold a judging", nil, func(tx *sql.Tx) error {
		ok, err = changed(tx.ExecContext(ctx, `UPDATE judgings SET next_at = $3`+thisJudging+` AND holder = $4 AND state = 'running'`,
			string(j.TestID), j.Arms[1], micros(until), holder))
		return err
	})
	return ok && err == nil, err
}

// SettleJudging ends a claim: in a state to stay in, or running and to be looked at
// again at nextAt. Without effect when holder has it no more.
func (s *Store) SettleJudging(ctx context.Context, j tandem.Judging, holder string) error {
	return s.change(ctx, "settle a judging", nil, func(tx *sql.Tx) error {
		var ended any
		if j.State != tandem.JudgingRuns {
			ended = micros(s.now())
		}
		_, err := tx.ExecContext(ctx, `
			UPDATE judgings SET state = $3, next_at = $4, attempts = $5, last_error = $6, ended_at = $7, holder = ''`+thisJudging+` AND holder = $8 AND state = 'running'`,
			string(j.TestID), j.Arms[1], string(j.State), micros(j.NextAt), j.Attempts, keepable(j.LastError), ended, holder)
		return err
	})
}

// changed says whether a statement changed a row.
func changed(res sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

func scanJudging(scan func(...any) error) (tandem.Judging, error) {
	var j tandem.Judging
	var next int64
	var ended *int64
	var body string
	err := scan(&j.TestID, &j.Arms[1], &j.State, &j.Judge, &next, &j.Usage.Requests, &j.Usage.InputTokens, &j.Usage.OutputTokens, &j.Usage.Cost,
		&j.CostLimit, &j.Attempts, &j.LastError, &ended, &body)
	if err != nil {
		return j, err
	}
	var b judgingBody
	err = json.Unmarshal([]byte(body), &b)
	j.Arms[0], j.Seed, j.StartedBy, j.StartedAt, j.NextAt = b.First, b.Seed, b.StartedBy, b.StartedAt, moment(next)
	if ended != nil {
		at := moment(*ended)
		j.EndedAt = &at
	}
	return j, err
}

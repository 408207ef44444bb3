package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"tandem"
)

const selectJudgedPairs = `
	SELECT test_id, arm, number, first_arm, first_call, second_call, similarity, state, attempts, last_error, judged_at, forward, backward FROM judged_pairs`

const selectUnsaid = `
	SELECT EXISTS (SELECT 1 FROM calls c WHERE c.id IN (p.first_call, p.second_call) AND NOT c.has_transcript)
	FROM judged_pairs p WHERE p.test_id = $1 AND p.arm = $2 AND p.number = $3`

// DuePairs lists at most limit pairs that the judge has not answered in both
// orders, those that failed least often first.
func (s *Store) DuePairs(ctx context.Context, j tandem.Judging, limit int) ([]tandem.JudgedPair, error) {
	return s.judgedPairs(ctx, thisJudging+` AND state = 'due' ORDER BY attempts, number LIMIT $3`, string(j.TestID), j.Arms[1], limit)
}

// AllJudgedPairs gives every pair of a judging, in order of number.
func (s *Store) AllJudgedPairs(ctx context.Context, testID tandem.ID, arm string) ([]tandem.JudgedPair, error) {
	return s.judgedPairs(ctx, thisJudging+` ORDER BY number`, string(testID), arm)
}

// PairsOf gives the judged pairs that a call is in, of all tests.
func (s *Store) PairsOf(ctx context.Context, id tandem.ID) ([]tandem.JudgedPair, error) {
	return s.judgedPairs(ctx, ` WHERE first_call = $1 OR second_call = $1 ORDER BY test_id, arm, number`, string(id))
}

// JudgedPairs lists the pairs of a judging, in order of number. Errors are
// Invalid{Field: "cursor"} and Unavailable.
func (s *Store) JudgedPairs(ctx context.Context, testID tandem.ID, arm string, p tandem.Page) ([]tandem.JudgedPair, string, error) {
	l := list[tandem.JudgedPair]{
		selects: selectJudgedPairs, key: [2]string{"number", "arm"}, into: timeKey,
		scan: func(scan func(...any) error) (tandem.JudgedPair, [2]any, error) {
			pair, err := scanJudgedPair(scan)
			return pair, [2]any{pair.Number, pair.Second.Arm}, err
		},
	}
	l.where.add("test_id = ?", string(testID))
	l.where.add("arm = ?", arm)
	found, next, err := l.page(ctx, s.read, p)
	return found, next, s.fault("list judged pairs", err)
}

func (s *Store) judgedPairs(ctx context.Context, rest string, args ...any) ([]tandem.JudgedPair, error) {
	out := []tandem.JudgedPair{}
	rows, err := s.read.QueryContext(ctx, selectJudgedPairs+rest, args...)
	if err == nil {
		err = each(rows, func(scan func(...any) error) error {
			p, err := scanJudgedPair(scan)
			out = append(out, p)
			return err
		})
	}
	return out, s.fault("read judged pairs", err)
}

// RecordStep keeps what came of asking the judge about a pair, whatever became of
// the judging meanwhile: it is paid for, and counts in the day's budget. An answer that
// is there already stays. Where what was said in one of the calls was deleted
// meanwhile, the answer is kept without its words.
func (s *Store) RecordStep(ctx context.Context, j tandem.Judging, step tandem.JudgingStep) error {
	test, arm := string(j.TestID), j.Arms[1]
	return s.change(ctx, "record what the judge says", nil, func(tx *sql.Tx) error {
		exec := func(text string, args ...any) error {
			_, err := tx.ExecContext(ctx, text, append([]any{test, arm}, args...)...)
			return err
		}
		u := step.Usage
		err := exec(`UPDATE judgings SET requests = requests + $3, input_tokens = input_tokens + $4, output_tokens = output_tokens + $5, cost = cost + $6`+thisJudging,
			u.Requests, u.InputTokens, u.OutputTokens, u.Cost)
		if err == nil {
			err = s.spend(ctx, tx, u)
		}
		if err != nil {
			return err
		}
		if step.Opinion == nil {
			state, counts := tandem.PairDue, 0
			if step.Attempt {
				counts = 1
			}
			if step.Aside {
				state = tandem.PairFailed
			}
			return exec(`UPDATE judged_pairs SET attempts = attempts + $4, last_error = $5, state = $6`+thisJudging+` AND number = $3 AND state = 'due'`,
				step.Number, counts, keepable(step.Error), string(state))
		}
		column := "forward"
		if step.Order == 1 {
			column = "backward"
		}
		// Written first, so that who deletes the words of a call waits for this, or this
		// for them.
		body := string(document(step.Opinion))
		if err := exec(`UPDATE judged_pairs SET `+column+` = $4`+thisJudging+` AND number = $3 AND `+column+` IS NULL`, step.Number, body); err != nil {
			return err
		}
		var unsaid bool
		if err := tx.QueryRowContext(ctx, selectUnsaid, test, arm, step.Number).Scan(&unsaid); err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if unsaid {
			bare, err := wordless(body)
			if err == nil {
				err = exec(`UPDATE judged_pairs SET `+column+` = $5`+thisJudging+` AND number = $3 AND `+column+` = $4`, step.Number, body, bare)
			}
			if err != nil {
				return err
			}
		}
		return exec(`UPDATE judged_pairs SET state = 'judged', judged_at = $4, last_error = ''`+thisJudging+`
			AND number = $3 AND state <> 'judged' AND forward IS NOT NULL AND backward IS NOT NULL`, step.Number, micros(s.now()))
	})
}

func scanJudgedPair(scan func(...any) error) (tandem.JudgedPair, error) {
	var p tandem.JudgedPair
	var judged *int64
	var bodies [2]*string
	err := scan(&p.TestID, &p.Second.Arm, &p.Number, &p.First.Arm, &p.First.CallID, &p.Second.CallID, &p.Similarity, &p.State, &p.Attempts, &p.LastError,
		&judged, &bodies[0], &bodies[1])
	if err != nil {
		return p, err
	}
	if judged != nil {
		at := moment(*judged)
		p.JudgedAt = &at
	}
	for i, body := range bodies {
		if body == nil {
			continue
		}
		p.Opinions[i] = &tandem.Opinion{}
		if err := json.Unmarshal([]byte(*body), p.Opinions[i]); err != nil {
			return p, err
		}
	}
	return p, nil
}

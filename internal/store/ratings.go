package store

import (
	"context"
	"database/sql"
	"encoding/json"

	"tandem"
)

const (
	pairRatingColumns = `id, test_id, first_call, second_call, first_arm, second_arm, rater, winner, blind, note, rated_at`
	selectPairRatings = `SELECT ` + pairRatingColumns + ` FROM pair_ratings`
)

// callScores is what the body of a call's rating holds.
type callScores struct {
	Scores tandem.Scores `json:"scores"`
	Note   string        `json:"note,omitempty"`
}

// RateCall stores a rating in place of the rater's earlier one. NotFound when there
// is no such call.
func (s *Store) RateCall(ctx context.Context, r tandem.CallRating) error {
	return s.change(ctx, "store a rating", nil, func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, `SELECT 1 FROM calls WHERE id = $1`, string(r.CallID)).Scan(new(int)); err != nil {
			return missing(err, "call", string(r.CallID))
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO call_ratings (call_id, rater, rated_at, body) VALUES ($1, $2, $3, $4)
			ON CONFLICT (call_id, rater) DO UPDATE SET rated_at = excluded.rated_at, body = excluded.body`,
			string(r.CallID), r.Rater, micros(r.RatedAt), string(document(callScores{r.Scores, r.Note})))
		return err
	})
}

// CallRatings lists the ratings of a call, by their raters' names.
func (s *Store) CallRatings(ctx context.Context, id tandem.ID) ([]tandem.CallRating, error) {
	out := []tandem.CallRating{}
	rows, err := s.read.QueryContext(ctx, `SELECT call_id, rater, rated_at, body FROM call_ratings WHERE call_id = $1 ORDER BY rater`, string(id))
	if err == nil {
		err = each(rows, func(scan func(...any) error) error {
			r, err := scanCallRating(scan)
			out = append(out, r)
			return err
		})
	}
	return out, s.fault("list the ratings of a call", err)
}

// RatedCalls lists the ratings of a test's calls that are randomised, with what
// the calls' analyses say by the rubric.
func (s *Store) RatedCalls(ctx context.Context, testID tandem.ID) ([]tandem.RatedCall, error) {
	out := []tandem.RatedCall{}
	rows, err := s.read.QueryContext(ctx, `
		SELECT r.call_id, r.rater, r.rated_at, r.body, `+callColumns+`
		FROM call_ratings r JOIN calls c ON c.id = r.call_id WHERE c.test_id = $1 ORDER BY r.call_id, r.rater`, string(testID))
	if err == nil {
		err = each(rows, func(scan func(...any) error) error {
			var row callRow
			rating, err := scanCallRating(func(places ...any) error { return scan(append(places, row.places()...)...) })
			if err != nil {
				return err
			}
			c, err := row.call()
			if err != nil || c.NotRandomised() != "" || c.Assigned == nil {
				return err
			}
			rated := tandem.RatedCall{CallRating: rating, Arm: c.Assigned.Value.Arm, Analyzed: map[string]float64{}}
			for _, name := range tandem.RubricFields() {
				if score, ok := c.Values[name].Value.(float64); ok {
					rated.Analyzed[name] = score
				}
			}
			out = append(out, rated)
			return nil
		})
	}
	return out, s.fault("list the ratings of a test's calls", err)
}

func scanCallRating(scan func(...any) error) (tandem.CallRating, error) {
	var r tandem.CallRating
	var at int64
	var body string
	if err := scan(&r.CallID, &r.Rater, &at, &body); err != nil {
		return r, err
	}
	var said callScores
	err := json.Unmarshal([]byte(body), &said)
	r.RatedAt, r.Scores, r.Note = moment(at), said.Scores, said.Note
	return r, err
}

// RatePair stores a rating in place of the rater's earlier one of the same pair,
// whose id it keeps, and gives it as it is stored: one that says another winner
// than before is not blind.
func (s *Store) RatePair(ctx context.Context, r tandem.PairRating) (tandem.PairRating, error) {
	var stored tandem.PairRating
	err := s.change(ctx, "store a rating", nil, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO pair_ratings (`+pairRatingColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
			ON CONFLICT (first_call, second_call, rater) DO UPDATE SET
				blind = pair_ratings.blind AND pair_ratings.winner = excluded.winner,
				winner = excluded.winner, note = excluded.note, rated_at = excluded.rated_at`,
			string(r.ID), string(r.TestID), string(r.First.CallID), string(r.Second.CallID), r.First.Arm, r.Second.Arm,
			r.Rater, r.Winner, r.Blind, r.Note, micros(r.RatedAt))
		if err != nil {
			return err
		}
		stored, _, err = scanPairRating(tx.QueryRowContext(ctx,
			selectPairRatings+` WHERE first_call = $1 AND second_call = $2 AND rater = $3`,
			string(r.First.CallID), string(r.Second.CallID), r.Rater).Scan)
		return err
	})
	return stored, err
}

// PairRatings lists the ratings of a test's pairs, the last one first. Errors are
// Invalid{Field: "cursor"} and Unavailable.
func (s *Store) PairRatings(ctx context.Context, testID tandem.ID, p tandem.Page) ([]tandem.PairRating, string, error) {
	l := list[tandem.PairRating]{selects: selectPairRatings, key: [2]string{"rated_at", "id"}, down: true, into: timeKey, scan: scanPairRating}
	l.where.add("test_id = ?", string(testID))
	found, next, err := l.page(ctx, s.read, p)
	return found, next, s.fault("list the ratings of pairs", err)
}

// AllPairRatings gives every rating of a test's pairs, in the order of their pairs.
func (s *Store) AllPairRatings(ctx context.Context, testID tandem.ID) ([]tandem.PairRating, error) {
	return s.pairRatings(ctx, ` WHERE test_id = $1 ORDER BY first_call, second_call, rater`, string(testID))
}

// PairRatingsOf gives the ratings of the pairs that a call is in.
func (s *Store) PairRatingsOf(ctx context.Context, id tandem.ID) ([]tandem.PairRating, error) {
	return s.pairRatings(ctx, ` WHERE first_call = $1 OR second_call = $1 ORDER BY id`, string(id))
}

func (s *Store) pairRatings(ctx context.Context, rest string, args ...any) ([]tandem.PairRating, error) {
	out := []tandem.PairRating{}
	rows, err := s.read.QueryContext(ctx, selectPairRatings+rest, args...)
	if err == nil {
		err = each(rows, func(scan func(...any) error) error {
			r, _, err := scanPairRating(scan)
			out = append(out, r)
			return err
		})
	}
	return out, s.fault("read the ratings of pairs", err)
}

func scanPairRating(scan func(...any) error) (r tandem.PairRating, key [2]any, err error) {
	var at int64
	err = scan(&r.ID, &r.TestID, &r.First.CallID, &r.Second.CallID, &r.First.Arm, &r.Second.Arm, &r.Rater, &r.Winner, &r.Blind, &r.Note, &at)
	r.RatedAt = moment(at)
	return r, [2]any{at, string(r.ID)}, err
}

package store

import (
	"context"
	"fmt"

	"tandem"
)

// works tell how far work in the background has come, a few numbers and words for each
// row.
var works = []struct {
	kind tandem.WorkKind
	text string
}{
	{tandem.WorkReanalysis, `
		SELECT r.test_id, r.state, r.asked, r.requests, CASE WHEN r.state = 'running' THEN
			(SELECT COUNT(*) FROM analyses d WHERE d.reanalysis = r.id AND d.state = 'due') ELSE 0 END, r.id
		FROM reanalyses r ORDER BY r.id`},
	{tandem.WorkJudging, `SELECT j.test_id, j.state, j.requests, COALESCE(j.ended_at, 0), j.attempts, j.last_error || j.body FROM judgings j ORDER BY j.test_id, j.arm`},
	{tandem.WorkTopics, `SELECT g.test_id, g.state, g.asked_at, COALESCE(g.done_at, 0), g.attempts, g.progress FROM groupings g ORDER BY g.test_id, g.by_what`},
}

// Works gives, for each work on a test's calls in the background, a mark that is
// another one whenever it got on.
func (s *Store) Works(ctx context.Context) (map[tandem.Work]string, error) {
	out := map[tandem.Work]string{}
	for _, w := range works {
		rows, err := s.read.QueryContext(ctx, w.text)
		if err == nil {
			err = each(rows, func(scan func(...any) error) error {
				var test tandem.ID
				var state, words string
				var numbers [3]int64
				if err := scan(&test, &state, &numbers[0], &numbers[1], &numbers[2], &words); err != nil {
					return err
				}
				out[tandem.Work{Kind: w.kind, TestID: test}] += fmt.Sprintln(state, numbers, words)
				return nil
			})
		}
		if err != nil {
			return nil, s.fault("read how work gets on", err)
		}
	}
	return out, nil
}

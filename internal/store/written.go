package store

import (
	"encoding/json"
	"slices"

	"tandem"
)

const (
	// Words are left out of documents where there are none, and a name with its quotes
	// and colon is never within a text of a document.
	noted    = `r.body LIKE '%"note":%'`
	reasoned = `(p.last_error <> '' OR p.forward LIKE '%"reason":%' OR p.forward LIKE '%"quote":%' OR p.backward LIKE '%"reason":%' OR p.backward LIKE '%"quote":%')`

	updateCallRating  = `UPDATE call_ratings SET body = $3 WHERE call_id = $1 AND rater = $2`
	updatePairRating  = `UPDATE pair_ratings SET note = $2 WHERE id = $1`
	updateJudgedWords = `UPDATE judged_pairs SET forward = $4, backward = $5, last_error = $6 WHERE test_id = $1 AND arm = $2 AND number = $3`
)

// written rewrites what people and judges wrote about calls: their words, never what
// they chose.
type written struct {
	ids   []string // of the calls, in order
	words map[tandem.ID]func(string) string
	steps []step
}

func newWritten(removals []tandem.Removal) *written {
	w := &written{words: map[tandem.ID]func(string) string{}}
	for _, r := range removals {
		if r.Words != nil {
			w.ids, w.words[r.CallID] = append(w.ids, string(r.CallID)), r.Words
		}
	}
	if len(w.ids) == 0 {
		return nil
	}
	slices.Sort(w.ids)
	return w
}

// text rewrites what was written about some calls, of which not all need to be
// among those of w.
func (w *written) text(text string, about ...tandem.ID) string {
	for _, id := range about {
		if words := w.words[id]; words != nil && text != "" {
			text = words(text)
		}
	}
	return text
}

// readWritten reads, and holds, what was written about the calls.
func (c *commit) readWritten() []step {
	w := c.written
	if w == nil {
		return nil
	}
	w.steps = nil
	args := []any{c.dialect.texts(w.ids)}
	of := func(column string) string { return column + ` ` + c.dialect.member("$1") }
	pair := `(` + of("first_call") + ` OR ` + of("second_call") + `)`
	return []step{
		{
			text: `SELECT r.call_id, r.rater, r.rated_at, r.body FROM call_ratings r WHERE ` + of("r.call_id") + ` AND ` + noted + ` ORDER BY r.call_id, r.rater` + c.dialect.lock,
			args: args, row: w.callRating,
		},
		{text: selectPairRatings + ` WHERE note <> '' AND ` + pair + ` ORDER BY id` + c.dialect.lock, args: args, row: w.pairRating},
		{text: selectJudgedPairs + ` p WHERE ` + pair + ` AND ` + reasoned + ` ORDER BY test_id, arm, number` + c.dialect.lock, args: args, row: w.judgedPair},
	}
}

func (w *written) callRating(scan func(...any) error) error {
	r, err := scanCallRating(scan)
	if err != nil {
		return err
	}
	if note := w.text(r.Note, r.CallID); note != r.Note {
		w.steps = append(w.steps, step{text: updateCallRating, args: []any{string(r.CallID), r.Rater, string(document(callScores{r.Scores, note}))}})
	}
	return nil
}

func (w *written) pairRating(scan func(...any) error) error {
	r, _, err := scanPairRating(scan)
	if err != nil {
		return err
	}
	if note := w.text(r.Note, r.First.CallID, r.Second.CallID); note != r.Note {
		w.steps = append(w.steps, step{text: updatePairRating, args: []any{string(r.ID), note}})
	}
	return nil
}

func (w *written) judgedPair(scan func(...any) error) error {
	p, err := scanJudgedPair(scan)
	if err != nil {
		return err
	}
	words := func(text string) string { return w.text(text, p.First.CallID, p.Second.CallID) }
	var bodies [2]any
	changed := false
	for i, o := range p.Opinions {
		if o == nil {
			continue
		}
		o, differs := reworded(*o, words)
		changed = changed || differs
		bodies[i] = string(document(o))
	}
	if last := words(p.LastError); changed || last != p.LastError {
		w.steps = append(w.steps, step{text: updateJudgedWords, args: []any{string(p.TestID), p.Second.Arm, p.Number, bodies[0], bodies[1], last}})
	}
	return nil
}

// reworded gives an opinion in other words; what it prefers stays.
func reworded(o tandem.Opinion, words func(string) string) (tandem.Opinion, bool) {
	criteria, changed := make(map[string]tandem.Preference, len(o.Criteria)), false
	for name, p := range o.Criteria {
		q := tandem.Preference{Prefers: p.Prefers, Reason: words(p.Reason), Quote: words(p.Quote)}
		changed = changed || q != p
		criteria[name] = q
	}
	o.Criteria = criteria
	return o, changed
}

// rewrite stores what readWritten found to say something else now.
func (c *commit) rewrite() []step {
	if c.written == nil {
		return nil
	}
	return c.written.steps
}

// wordless gives an opinion without its words, as it is kept where a call's words
// are gone.
func wordless(body string) (string, error) {
	var o tandem.Opinion
	if err := json.Unmarshal([]byte(body), &o); err != nil {
		return "", err
	}
	o, _ = reworded(o, func(string) string { return "" })
	return string(document(o)), nil
}

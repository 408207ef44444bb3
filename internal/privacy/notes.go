package privacy

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tandem"
)

// wordless is what is left of what people and judges wrote about a call whose words
// are deleted. What they chose is not theirs to say but theirs to count, and stays.
func wordless(string) string { return "" }

// notes are what was written about one call beside its record and analysis.
type notes struct {
	ratings []tandem.CallRating
	pairs   []tandem.PairRating
	judged  []tandem.JudgedPair
}

func (w *Worker) notesOf(ctx context.Context, id tandem.ID) (n notes, err error) {
	if n.ratings, err = w.store.CallRatings(ctx, id); err != nil {
		return n, fmt.Errorf("ratings of call %s: %w", id, err)
	}
	if n.pairs, err = w.store.PairRatingsOf(ctx, id); err != nil {
		return n, fmt.Errorf("ratings of pairs with call %s: %w", id, err)
	}
	if n.judged, err = w.store.PairsOf(ctx, id); err != nil {
		return n, fmt.Errorf("judged pairs with call %s: %w", id, err)
	}
	return n, nil
}

// texts lists all that was written.
func (n notes) texts() (out []string) {
	add := func(text string) {
		if text != "" {
			out = append(out, text)
		}
	}
	for _, r := range n.ratings {
		add(r.Note)
	}
	for _, r := range n.pairs {
		add(r.Note)
	}
	for _, p := range n.judged {
		add(p.LastError)
		for _, o := range p.Opinions {
			if o == nil {
				continue
			}
			for _, said := range o.Criteria {
				add(said.Reason)
				add(said.Quote)
			}
		}
	}
	return out
}

// own leaves out of judged pairs the words of the other call: those are somebody
// else's.
func (n notes) own(turns []tandem.Turn) []tandem.JudgedPair {
	var said strings.Builder
	for _, t := range turns {
		said.WriteString(plain(t.Text) + "\n")
	}
	out := slices.Clone(n.judged)
	for i := range out {
		for k, o := range out[i].Opinions {
			if o == nil {
				continue
			}
			theirs := *o
			theirs.Criteria = make(map[string]tandem.Preference, len(o.Criteria))
			for name, p := range o.Criteria {
				if !strings.Contains(said.String(), plain(p.Quote)) {
					p.Quote = ""
				}
				theirs.Criteria[name] = p
			}
			out[i].Opinions[k] = &theirs
		}
	}
	return out
}

// plain is text as far as it is to be found again.
func plain(text string) string { return strings.ToLower(strings.Join(strings.Fields(text), " ")) }

// forget adds to ch what groups lose with the transcripts of its removals.
func (w *Worker) forget(ctx context.Context, ch *tandem.CallChanges) error {
	if w.keeper.o.Forget == nil {
		return nil
	}
	gone := map[tandem.ID]bool{}
	for _, r := range ch.Removals {
		gone[r.CallID] = r.Transcript
	}
	var tests []tandem.ID
	for _, c := range ch.Calls {
		if gone[c.ID] && c.Assigned != nil && c.Assigned.Value.TestID != "" {
			tests = append(tests, c.Assigned.Value.TestID)
		}
	}
	slices.Sort(tests)
	if tests = slices.Compact(tests); len(tests) == 0 {
		return nil
	}
	all, err := w.store.Groupings(ctx, tests)
	if err != nil {
		return fmt.Errorf("groups: %w", err)
	}
	for _, g := range all {
		g, changed, err := w.keeper.o.Forget(g, func(id tandem.ID) bool { return gone[id] })
		if err != nil {
			return fmt.Errorf("groups of test %s: %w", g.TestID, err)
		}
		if changed {
			ch.Groupings = append(ch.Groupings, g)
		}
	}
	return nil
}

// redactGroups redacts the names and words of all groups.
func (w *Worker) redactGroups(ctx context.Context, r Redactor) error {
	if w.keeper.o.RedactGroups == nil || r == nil {
		return nil
	}
	all, err := w.store.Groupings(ctx, nil)
	if err != nil {
		return fmt.Errorf("groups: %w", err)
	}
	for _, g := range all {
		g, changed, err := w.keeper.o.RedactGroups(g, func(text string) string { text, _ = r.Text(text); return text })
		if err == nil && changed {
			err = w.store.CommitPrivacy(ctx, tandem.CallChanges{Groupings: []tandem.Grouping{g}}, tandem.PrivacyProgress{})
		}
		if err != nil {
			return fmt.Errorf("groups of test %s: %w", g.TestID, err)
		}
	}
	return nil
}

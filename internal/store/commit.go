package store

import (
	"cmp"
	"context"
	"slices"

	"tandem"
)

// CommitCalls writes one batch of changed calls in one transaction, or nothing:
// records, transcripts and tallies. A call with revision 0 is new, any other
// must be stored with the same revision; either is stored with the next one. A
// call that is first known to be in an arm of a test gets the arm's next
// ordinal, which is set in ch as well.
//
// A call that is new, assigned anew or one of ch.Counted, and is or was at or
// before the time that a node has announced to fold ([Store.AnnounceFold]), is a
// correction: see [Store.Ledger].
//
// Errors: Conflict{Field: "revision"} when a call was stored meanwhile by
// somebody else (load again and redo); Conflict{Field: "foreign_id"} when an
// origin's id is another call's (a SIP Call-ID goes over to the newer call);
// [tandem.ErrGoalChanged] when calls were counted under a goal that was changed
// meanwhile; Invalid for what cannot be stored; Unavailable.
//
// Several nodes may commit at once. All take rows in the same order (stored
// calls by id, then tests by id, then new rows by key), so that they wait for
// each other and never in a circle. Whoever has a test's activity row has its
// tallies and its arms' ordinals.
func (s *Store) CommitCalls(ctx context.Context, ch tandem.CallChanges) error {
	return s.commitWith(ctx, ch, nil)
}

// commitWith commits calls and, in the same transaction, what more is to be written.
func (s *Store) commitWith(ctx context.Context, ch tandem.CallChanges, more []step) error {
	c, err := newCommit(s.dialect, ch)
	if err != nil || len(c.calls) == 0 && len(c.cells) == 0 && len(c.transcripts) == 0 && len(c.removals) == 0 && len(more) == 0 {
		return err
	}
	c.more = more
	c.now = micros(s.now())
	err = s.pipeline(ctx, "commit calls", func(w *work) error {
		for _, stage := range []func() []step{c.lock, c.prepare, c.write, c.readWritten, c.rewrite} {
			if err := w.run(ctx, stage()); err != nil {
				return err
			}
			if c.err != nil {
				return c.err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i := range c.calls {
		c.calls[i].call.Ordinal = c.calls[i].ordinal
	}
	return nil
}

// commit is a batch on its way into the database. Everything that can be
// worked out beforehand is, so that the transaction is short.
type commit struct {
	sql         statements
	dialect     *dialect
	calls       []callWrite // by id
	transcripts []step      // by call
	unread      []tandem.ID // in order
	removals    []step
	written     *written // nil where nothing is to be rewritten
	more        []step
	cells       []cell      // by key
	tests       []tandem.ID // touched, in order
	now         int64

	stored map[tandem.ID]storedCall
	held   []heldTest
	arms   map[armKey]*armGrowth
	err    error
}

func newCommit(d *dialect, ch tandem.CallChanges) (*commit, error) {
	c := &commit{sql: d.statements(), dialect: d, calls: make([]callWrite, len(ch.Calls))}
	touched := map[tandem.ID]bool{}
	var err error
	for i := range ch.Calls {
		if c.calls[i], err = newCallWrite(&ch.Calls[i]); err != nil {
			return nil, err
		}
		touched[c.calls[i].test] = true
	}
	c.markCounted(ch.Counted)
	slices.SortFunc(c.calls, func(a, b callWrite) int { return cmp.Compare(a.id, b.id) })
	for i := 1; i < len(c.calls); i++ {
		if c.calls[i].id == c.calls[i-1].id {
			return nil, tandem.Errorf(tandem.Invalid, "calls", "hold call %s twice; expected each once", c.calls[i].id)
		}
	}
	c.transcripts = transcriptSteps(ch.Transcripts)
	c.unread = slices.Sorted(slices.Values(ch.Unread))
	c.removals, err = removalSteps(ch)
	if err != nil {
		return nil, err
	}
	c.written = newWritten(ch.Removals)
	c.cells = newCells(ch.Tallies)
	for _, cell := range c.cells {
		touched[cell.key.TestID] = true
	}
	delete(touched, "")
	for id := range touched {
		c.tests = append(c.tests, id)
	}
	slices.Sort(c.tests)
	return c, nil
}

func (c *commit) markCounted(ids []tandem.ID) {
	if len(ids) == 0 {
		return
	}
	counted := make(map[tandem.ID]bool, len(ids))
	for _, id := range ids {
		counted[id] = true
	}
	for i := range c.calls {
		c.calls[i].counted = counted[c.calls[i].id]
	}
}

// lock holds the stored calls that change and reads what decides how.
func (c *commit) lock() []step {
	c.stored, c.arms, c.err = map[tandem.ID]storedCall{}, map[armKey]*armGrowth{}, nil
	var ids []string
	for i := range c.calls {
		if c.calls[i].call.Revision > 0 {
			ids = append(ids, string(c.calls[i].id))
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return []step{{
		text: c.sql.lockCalls, args: []any{c.dialect.texts(ids)},
		row: func(scan func(...any) error) error {
			id, s, err := scanStored(scan)
			c.stored[id] = s
			return err
		},
	}}
}

// prepare holds the tests, gives out ordinals and reads the cells.
func (c *commit) prepare() []step {
	for i := range c.calls {
		c.compare(&c.calls[i])
	}
	if c.err != nil {
		return nil
	}
	return append(append(c.holdTests(), c.growArms()...), c.readCells()...)
}

// write stores everything.
func (c *commit) write() []step {
	if c.refuseOldGoals(); c.err != nil {
		return nil
	}
	steps := make([]step, 0, 2*len(c.calls)+len(c.transcripts)+len(c.cells))
	for i := range c.calls {
		steps = append(steps, c.calls[i].step())
	}
	steps = append(append(steps, c.foreignSteps()...), c.transcripts...)
	steps = append(steps, askSteps(c.unread, c.now, "")...)
	steps = append(steps, c.removals...)
	for i := range c.cells {
		st, err := c.cells[i].step()
		if err != nil {
			c.err = err
			return nil
		}
		steps = append(steps, st)
	}
	return append(append(steps, c.corrections()...), c.more...)
}

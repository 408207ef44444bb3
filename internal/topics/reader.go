package topics

import (
	"context"
	"encoding/json"
	"fmt"

	"tandem"
)

// Reader reads what groupings came to, and asks for them. It is safe for concurrent
// use.
type Reader struct {
	store   Groupings
	trouble func([]tandem.Turn) []int
	wake    func()
}

// NewReader makes a Reader; wake hears that a grouping was asked for, and may be
// nil. trouble is that of [Deps].
func NewReader(store Groupings, trouble func([]tandem.Turn) []int, wake func()) *Reader {
	return &Reader{store: store, trouble: trouble, wake: wake}
}

// Topics reads a test by its groups.
//
// Errors: NotFound when there is no such test, or nobody asked for its groups yet;
// Invalid with field "by"; the store's.
func (r *Reader) Topics(ctx context.Context, testID tandem.ID, by tandem.GroupBy) (Topics, error) {
	t, err := r.check(ctx, testID, by)
	if err != nil {
		return Topics{}, err
	}
	g, err := r.store.Grouping(ctx, testID, by)
	if tandem.CodeOf(err) == tandem.NotFound {
		return Topics{}, tandem.Errorf(tandem.NotFound, "", "the calls of test %s are not grouped by %s yet; ask for it first", testID, by)
	}
	if err != nil {
		return Topics{}, fmt.Errorf("grouping: %w", err)
	}
	out := Topics{Grouping: g}
	if g.Report == nil {
		return out, nil
	}
	out.Report = &Report{}
	if err := json.Unmarshal(g.Report, out.Report); err != nil {
		return Topics{}, fmt.Errorf("read the report: %w", err)
	}
	for _, a := range t.Arms {
		n, err := r.store.ArmSize(ctx, testID, a.Key)
		if err != nil {
			return Topics{}, fmt.Errorf("size of arm %s: %w", a.Key, err)
		}
		out.CallsSince += max(0, n-out.Report.AsOf[a.Key])
	}
	return out, r.quote(ctx, g.By, out.Report)
}

// quote shows the beginnings of typical calls. They are read where they are kept,
// so that what was erased there is gone here.
func (r *Reader) quote(ctx context.Context, by tandem.GroupBy, report *Report) error {
	var ids []tandem.ID
	for _, g := range report.Groups {
		for _, t := range g.Typical {
			ids = append(ids, t.CallID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	said, err := r.store.Transcripts(ctx, ids)
	if err != nil {
		return fmt.Errorf("typical calls: %w", err)
	}
	for _, g := range report.Groups {
		for i := range g.Typical {
			turns := said[g.Typical[i].CallID]
			text := intentText(turns)
			if by == tandem.ByFailure {
				text = failureText(turns, r.trouble(turns))
			}
			g.Typical[i].Said = opening(text)
		}
	}
	return nil
}

// Ask asks for the groups of a test's calls: k of them, or as many as suit when k is
// 0. Where there are groups already, calls that came since join them, unless again
// is set or k is another number. It is done in the background.
//
// Errors: NotFound when there is no such test; Invalid with field "by" or "k"; the
// store's.
func (r *Reader) Ask(ctx context.Context, testID tandem.ID, by tandem.GroupBy, k int, again bool) (tandem.Grouping, error) {
	if k != 0 && (k < tandem.MinGroups || k > tandem.MaxGroups) {
		return tandem.Grouping{}, tandem.Errorf(tandem.Invalid, "k", "is %d; expected %d to %d groups, or 0 for as many as suit", k, tandem.MinGroups, tandem.MaxGroups)
	}
	if _, err := r.check(ctx, testID, by); err != nil {
		return tandem.Grouping{}, err
	}
	g, err := r.store.AskGrouping(ctx, testID, by, k, again)
	if err == nil && r.wake != nil {
		r.wake()
	}
	return g, err
}

func (r *Reader) check(ctx context.Context, testID tandem.ID, by tandem.GroupBy) (tandem.Test, error) {
	if !by.Valid() {
		return tandem.Test{}, tandem.Errorf(tandem.Invalid, "by", "is %q; expected intent or failure", by)
	}
	return r.store.Test(ctx, testID)
}

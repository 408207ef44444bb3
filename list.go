package tandem

import (
	"strconv"
	"time"
)

// Config is all that assignment needs to know, as of one moment.
type Config struct {
	// Version grows with every change to a route, test or version.
	Version  int64
	Routes   []Route
	Tests    []Test // the running ones
	Versions map[ID]Version
}

// Page asks for part of a list: at most Limit entries behind Cursor. The zero
// Page asks for the first DefaultLimit. Cursors are opaque and come from the
// page before.
type Page struct {
	Cursor string
	Limit  int
}

// The default and the largest number of entries in a page.
const (
	DefaultLimit = 50
	MaxLimit     = 500
)

// Size gives the page's limit with the default filled in and the maximum kept.
func (p Page) Size() int {
	if p.Limit <= 0 {
		return DefaultLimit
	}
	return min(p.Limit, MaxLimit)
}

// CallFilter narrows a list or sample of calls; zero fields do not narrow.
type CallFilter struct {
	RouteID     ID
	TestID      ID
	Arm         string
	VersionID   ID
	Stage       Stage
	EndedBy     EndedBy
	Transferred *bool
	// Goal is "met", "not_met" or "unknown".
	Goal string
	// Field and Value keep calls whose analysis value of that name, written as
	// text (true, 42, opening hours), equals Value.
	Field, Value  string
	Since, Before time.Time // by the time of assignment; Before is exclusive
	// HasTranscript keeps calls that have one.
	HasTranscript bool
	// MinLength and MaxLength keep calls whose conversation is known to have lasted
	// at least and at most so long; 0 is no bound.
	MinLength, MaxLength time.Duration
	// Group keeps calls of one of the test's groups, by its key. Who is in it stands
	// in no call's record, so Match does not look at it.
	Group string
}

// TallyRow is one cell of a test's results with its name.
type TallyRow struct {
	TallyKey
	Tally
}

// The values of CallFilter.Goal.
const (
	GoalMet     = "met"
	GoalNotMet  = "not_met"
	GoalUnknown = "unknown"
)

// Match says whether the filter keeps c. A call that is not yet known to be
// assigned has no route, test, arm, version or time, so it passes only filters
// that ask for none of them.
func (f CallFilter) Match(c Call) bool {
	var a Assignment
	var at time.Time
	if c.Assigned != nil {
		a, at = c.Assigned.Value, c.Assigned.At
	}
	return wants(f.RouteID, a.RouteID) && wants(f.TestID, a.TestID) && wants(f.Arm, a.Arm) &&
		wants(f.VersionID, a.VersionID) && wants(f.Stage, c.Stage()) && wants(f.EndedBy, c.endedBy()) &&
		wants(f.Goal, c.GoalState()) &&
		(f.Transferred == nil || *f.Transferred == c.Transferred()) &&
		(f.Field == "" || c.hasValue(f.Field, f.Value)) &&
		(f.Since.IsZero() || c.Assigned != nil && !at.Before(f.Since)) &&
		(f.Before.IsZero() || c.Assigned != nil && at.Before(f.Before)) &&
		(!f.HasTranscript || c.HasTranscript()) && f.lengthMatches(c)
}

// ByLength says whether the filter asks for a length.
func (f CallFilter) ByLength() bool { return f.MinLength > 0 || f.MaxLength > 0 }

func (f CallFilter) lengthMatches(c Call) bool {
	if !f.ByLength() {
		return true
	}
	d, known := c.Duration()
	return known && d >= f.MinLength && (f.MaxLength <= 0 || d <= f.MaxLength)
}

func wants[T ~string](want, have T) bool { return want == "" || want == have }

// GoalState says whether the call met its goal in the words of
// CallFilter.Goal.
func (c Call) GoalState() string {
	switch {
	case c.Goal == nil:
		return GoalUnknown
	case *c.Goal:
		return GoalMet
	}
	return GoalNotMet
}

// HasTranscript says whether something was said that can be read.
func (c Call) HasTranscript() bool {
	return c.Turns != nil && c.Turns.Value > 0 && (c.Removed == nil || c.Removed.Transcript == nil)
}

func (c Call) endedBy() EndedBy {
	if c.Ended == nil {
		return ""
	}
	return c.Ended.Value.By
}

func (c Call) hasValue(name, text string) bool {
	f, ok := c.Values[name]
	if !ok {
		return false
	}
	s, known := ValueText(f.Value)
	return known && s == text
}

// ValueText writes an analysis value as people filter by it: true, 42, opening
// hours. The unknown value has none.
func ValueText(v any) (text string, known bool) {
	switch x := v.(type) {
	case string:
		return x, true
	case bool:
		return strconv.FormatBool(x), true
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64), true
	}
	return "", false
}

package tandem

import "time"

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
}

// TallyRow is one cell of a test's results with its name.
type TallyRow struct {
	TallyKey
	Tally
}

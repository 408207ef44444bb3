package tandem

import (
	"encoding/json"
	"regexp"
	"time"
)

// GroupBy says by what a test's calls are grouped.
type GroupBy string

// The ways to group calls.
const (
	// ByIntent groups by what callers say.
	ByIntent GroupBy = "intent"
	// ByFailure groups calls in which something went wrong by what was said around
	// it.
	ByFailure GroupBy = "failure"
)

// Valid says whether there is such a way.
func (b GroupBy) Valid() bool { return b == ByIntent || b == ByFailure }

// GroupingState says how far a grouping has come.
type GroupingState string

// The states of a grouping.
const (
	GroupingDue    GroupingState = "due" // or under way
	GroupingDone   GroupingState = "done"
	GroupingFailed GroupingState = "failed"
)

// The fewest and the most groups that can be asked for.
const (
	MinGroups = 2
	MaxGroups = 50
)

// Grouping is where the grouping of a test's calls stands, and what came of it
// last.
type Grouping struct {
	TestID  ID            `json:"test_id"`
	By      GroupBy       `json:"by" enum:"intent,failure"`
	State   GroupingState `json:"state" enum:"due,done,failed"`
	K       int           `json:"k" doc:"Groups asked for; 0: as many as suit"`
	Again   bool          `json:"again" doc:"Whether groups are made anew; else calls that came since join those there are"`
	AskedAt time.Time     `json:"asked_at"`
	// Attempts counts those that failed; NextAt is when it is tried next, or when
	// whoever works on it is given up.
	Attempts  int              `json:"attempts"`
	NextAt    time.Time        `json:"-"`
	LastError string           `json:"last_error,omitempty"`
	Progress  GroupingProgress `json:"progress"`
	DoneAt    *time.Time       `json:"done_at,omitempty" doc:"When the groups that are shown were made"`

	// Claim names the attempt under way; only it may write.
	Claim ID `json:"-"`
	// Report is what came of it last, Model what assigns further calls to the same
	// groups; both are internal/topics' own documents, nil before the first.
	Report json.RawMessage `json:"-"`
	Model  json.RawMessage `json:"-"`
}

// GroupingProgress is how far an attempt has come.
type GroupingProgress struct {
	Step  string `json:"step,omitempty" doc:"What is being done: reading, grouping, naming or counting"`
	Done  int64  `json:"done" doc:"Calls so far"`
	Total int64  `json:"total" doc:"Calls in all"`
}

// GroupMember is a call in a group. A call may be in several.
type GroupMember struct {
	Group   string
	CallID  ID
	Arm     string
	Ordinal int64
}

var groupForm = regexp.MustCompile(`^((intent|failure)\.[1-9][0-9]?|situation\.[a-z_]{1,40})$`)

// ValidateGroup says whether key can name a group of a test.
func ValidateGroup(key string) error {
	if !groupForm.MatchString(key) {
		return Errorf(Invalid, "group", "is %q; expected the key of a group, such as intent.2 or situation.dead_end", clip(key))
	}
	return nil
}

// GroupSketch is what a group of calls is like.
type GroupSketch struct {
	Terms []string // the most telling words, the best first
	// Said is what was said in a few typical calls.
	Said []string
}

// GroupName is what a group of calls is about.
type GroupName struct {
	Name        string `json:"name"`
	Description string `json:"description"`
}

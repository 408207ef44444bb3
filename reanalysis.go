package tandem

import "time"

// ReanalysisState says how far the re-analysis of a test has come.
type ReanalysisState string

// The states of a re-analysis.
const (
	ReanalysisRunning   ReanalysisState = "running"
	ReanalysisDone      ReanalysisState = "done"
	ReanalysisStopped   ReanalysisState = "stopped" // at its cost limit
	ReanalysisCancelled ReanalysisState = "cancelled"
)

// Reanalysis reads all calls of a test again, in the order in which they were
// assigned, whatever their arm.
type Reanalysis struct {
	ID      ID              `json:"id"`
	TestID  ID              `json:"test_id"`
	State   ReanalysisState `json:"state" enum:"running,done,stopped,cancelled"`
	Actor   string          `json:"actor" doc:"Who asked for it"`
	AskedAt time.Time       `json:"asked_at"`
	// MaxCost is where it stops, in dollars; 0 is nowhere.
	MaxCost float64 `json:"max_cost,omitempty"`
	// CostPerCall is the estimate it goes by.
	CostPerCall float64 `json:"cost_per_call,omitempty"`

	Calls   int64         `json:"calls" doc:"Calls that there were when it began"`
	Asked   int64         `json:"asked" doc:"Calls whose turn has come"`
	Pending int64         `json:"pending" doc:"Calls whose turn has come and that are not done yet"`
	Failed  int64         `json:"failed" doc:"Calls that were set aside"`
	Usage   AnalysisUsage `json:"usage" doc:"What it took so far"`
	Note    string        `json:"note,omitempty" doc:"Why it stopped"`
}

// Over says whether nothing more comes of it.
func (r Reanalysis) Over() bool { return r.State != ReanalysisRunning }

// ReanalysisEstimate is what reading all calls of a test again would take.
type ReanalysisEstimate struct {
	Calls    int64         `json:"calls" doc:"Calls with a transcript"`
	Sampled  int64         `json:"sampled" doc:"Calls whose transcripts were measured for the estimate"`
	Usage    AnalysisUsage `json:"usage" doc:"Rather too high, without repairs; nothing when no model is asked"`
	Analyzer string        `json:"analyzer"`
}

// WorkKind is a kind of work on a test's calls that is done in the background.
type WorkKind string

// The kinds of work.
const (
	WorkReanalysis WorkKind = "reanalysis"
	WorkJudging    WorkKind = "judging"
	WorkTopics     WorkKind = "topics"
)

// Work is one kind of work on one test's calls.
type Work struct {
	Kind   WorkKind
	TestID ID
}

package analyze

import (
	"context"
	"sync"
	"time"

	"tandem"
)

// Counts is what this node did since it started.
type Counts struct {
	Done    int64                // analyses that were recorded
	Retried int64                // attempts that failed and are made again
	Failed  int64                // analyses that were set aside
	Usage   tandem.AnalysisUsage // of language models, whatever they were asked
}

// counter keeps Counts.
type counter struct {
	mu  sync.Mutex
	now Counts
}

func (c *counter) add(change func(*Counts)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change(&c.now)
}

func (c *counter) use(u tandem.AnalysisUsage) { c.add(func(n *Counts) { n.Usage.Add(u) }) }

// Counts gives what this node did since it started.
func (r *Runner) Counts() Counts {
	r.counted.mu.Lock()
	defer r.counted.mu.Unlock()
	return r.counted.now
}

// Due counts the analyses that wait, on all nodes, and those set aside.
func (r *Runner) Due(ctx context.Context) (due, failed int64, err error) {
	return r.calls.PendingAnalyses(ctx)
}

// Paused says whether this node asks no model at present: it does not answer, or the
// settings do not work.
func (r *Runner) Paused() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.setup != nil && !r.setup.offline() && (r.setup.fault != nil || time.Now().Before(r.gate.until))
}

package tandem

// MetricKind says how a metric is summarised.
type MetricKind string

// The kinds of metrics.
const (
	// Count counts calls.
	Count MetricKind = "count"
	// Proportion is a share of calls, 0 to 1.
	Proportion MetricKind = "proportion"
	// Mean is the average of a number, with its distribution.
	Mean MetricKind = "mean"
	// Category is a distribution over names.
	Category MetricKind = "category"
)

// The metrics every test has. A custom analysis field adds "field.<name>".
const (
	MetricCalls         = "calls"          // count: calls assigned
	MetricEnded         = "ended"          // count: calls with an end
	MetricLost          = "lost"           // count: calls given up waiting for
	MetricAnalyzed      = "analyzed"       // count: ended calls with analysis values
	MetricNotRandomised = "not_randomised" // category: calls counted apart, by reason
	MetricDuration      = "duration"       // mean, seconds: answered calls, answer to end
	MetricCompletion    = "completion"     // proportion: goal met
	MetricTransfer      = "transfer"       // proportion: handed on
	MetricSentiment     = "sentiment"      // mean, -1 to 1
	MetricEndedBy       = "ended_by"       // category
	MetricCallerHangup  = "caller_hangup"  // mean, seconds: when callers hang up
	MetricCost          = "cost"           // mean, in the currency named behind the dot
	MetricLatency       = "latency"        // mean, milliseconds: median reply of each call
	MetricFieldPrefix   = "field."         // custom analysis fields
	MetricUnknownPrefix = "unknown."       // count: calls whose analysis reported the field behind the dot as unknown
	MetricAnswered      = "answered"       // proportion: of ended calls
)

// The metrics of the standard fields but the sentiment, by the fields' names.
const (
	MetricSuccess     = SuccessField     // proportion: the caller got what they called for
	MetricNaturalness = NaturalnessField // mean, 1 to 5, as the two below
	MetricErrors      = ErrorField
	MetricOffScript   = OffScriptField
)

// The metrics of calls with a transcript: see [Conversation].
const (
	MetricLatencyP90        = "latency_p90"       // mean, milliseconds: 90th percentile of each call's replies
	MetricTurns             = "turns"             // mean: turns of a call
	MetricAgentTalk         = "agent_talk"        // mean, percent of the conversation's time
	MetricCallerTalk        = "caller_talk"       // mean, percent of the conversation's time
	MetricLongestSilence    = "longest_silence"   // mean, seconds
	MetricInterruptions     = "interruptions"     // mean: of a call
	MetricRepeatedPrompts   = "repeated_prompts"  // mean: of a call
	MetricMisunderstandings = "misunderstandings" // mean: of a call
	MetricDeadEnd           = "dead_end"          // proportion: conversations that ended in trouble
)

// Observation is what one call says about one metric.
type Observation struct {
	Metric string
	Kind   MetricKind
	// Number is the value of a Mean; 1 or 0 for a Proportion.
	Number float64
	// Name is the value of a Category.
	Name string
}

// TallyKey names one cell of a test's results.
type TallyKey struct {
	TestID ID
	Phase  int
	Arm    string
	Metric string
}

// TallyChange takes back what a call said about a metric before and adds what
// it says now. Either may be nil.
type TallyChange struct {
	Key    TallyKey
	Remove *Observation
	Add    *Observation
}

// Tally is the running sufficient statistics of one cell: order-free but for
// rounding, mergeable, and able to take a value back. The zero Tally is empty.
type Tally struct {
	Kind MetricKind
	// N is how many values it rests on.
	N int64
	// Successes, for a Proportion.
	Successes int64
	// Mean and M2 (sum of squared deviations from the mean), for a Mean, by
	// Welford's updates (Chan et al. 1983 for merging).
	Mean, M2 float64
	// Hist is the distribution of a Mean.
	Hist Histogram
	// Names counts the values of a Category.
	Names map[string]int64
}

// Change applies c to the tally.
func (t *Tally) Change(c TallyChange) {
	if c.Remove != nil {
		t.observe(*c.Remove, -1)
	}
	if c.Add != nil {
		t.observe(*c.Add, 1)
	}
}

func (t *Tally) observe(o Observation, sign int64) {
	t.Kind = o.Kind
	t.N += sign
	switch o.Kind {
	case Proportion:
		if o.Number != 0 {
			t.Successes += sign
		}
	case Mean:
		t.observeNumber(o.Number, sign)
	case Category:
		if t.Names == nil {
			t.Names = map[string]int64{}
		}
		t.Names[o.Name] += sign
		if t.Names[o.Name] == 0 {
			delete(t.Names, o.Name)
		}
	}
}

func (t *Tally) observeNumber(x float64, sign int64) {
	t.Hist.Add(bucketOf(x), sign)
	if t.N == 0 {
		t.Mean, t.M2 = 0, 0
		return
	}
	before := x - t.Mean
	t.Mean += float64(sign) * before / float64(t.N)
	t.M2 = max(0, t.M2+float64(sign)*before*(x-t.Mean))
}

// Merge adds the values of o to t.
func (t *Tally) Merge(o Tally) {
	if o.N == 0 {
		return
	}
	n := t.N + o.N
	d := o.Mean - t.Mean
	t.M2 += o.M2 + d*d*float64(t.N)*float64(o.N)/float64(n)
	t.Mean += d * float64(o.N) / float64(n)
	t.Kind, t.N, t.Successes = o.Kind, n, t.Successes+o.Successes
	for b, k := range o.Hist.All() {
		t.Hist.Add(b, k)
	}
	if o.Names != nil {
		if t.Names == nil {
			t.Names = map[string]int64{}
		}
		for name, k := range o.Names {
			t.Names[name] += k
		}
	}
}

// Variance gives the unbiased variance of a Mean; 0 below two values.
func (t Tally) Variance() float64 {
	if t.N < 2 {
		return 0
	}
	return t.M2 / float64(t.N-1)
}

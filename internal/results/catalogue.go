package results

import (
	"slices"
	"strings"

	"tandem"
)

// MetricInProgress counts calls that have neither ended nor been given up. It
// has no tally: it is calls less ended less lost.
const MetricInProgress = "in_progress"

// entry says what a metric is, before any call.
type entry struct {
	name, label string
	kind        tandem.MetricKind
	unit, base  string
	// of is the metric whose n is all that could have said something.
	of   string
	note string
	// field is the analysis field that it is of; text says that this holds text.
	field string
	text  bool
	// low and high bound the values, where both are not 0.
	low, high float64
}

const (
	ofCalls    = "calls"
	ofEnded    = "ended calls"
	ofAnswered = "answered calls whose duration is known"
)

// builtIn lists the metrics that every test shows, in the order in which they
// are shown. Those of cost, conversations and fields follow.
var builtIn = []entry{
	{name: tandem.MetricCalls, label: "Calls", kind: tandem.Count, base: ofCalls},
	{name: MetricInProgress, label: "In progress", kind: tandem.Count, base: ofCalls},
	{name: tandem.MetricEnded, label: "Ended", kind: tandem.Count, base: ofCalls},
	{name: tandem.MetricLost, label: "Lost", kind: tandem.Count, base: ofCalls},
	{name: tandem.MetricAnalyzed, label: "Analyzed", kind: tandem.Count, base: ofEnded},
	{name: tandem.MetricAnswered, label: "Answered", kind: tandem.Proportion, base: "ended calls of which it is known", of: tandem.MetricEnded},
	{name: tandem.MetricDuration, label: "Duration", kind: tandem.Mean, unit: "s", base: ofAnswered, of: tandem.MetricEnded},
	{name: tandem.MetricCompletion, label: "Completion rate", kind: tandem.Proportion, base: "ended calls whose goal is known", of: tandem.MetricEnded},
	{name: tandem.MetricTransfer, label: "Transfer rate", kind: tandem.Proportion, base: ofEnded, of: tandem.MetricEnded},
	{name: tandem.MetricSentiment, label: "Sentiment", kind: tandem.Mean, base: "ended calls whose sentiment is known", of: tandem.MetricEnded, field: tandem.SentimentField, low: -1, high: 1},
	{name: tandem.MetricEndedBy, label: "Ended by", kind: tandem.Category, base: ofEnded, of: tandem.MetricEnded},
	{name: tandem.MetricCallerHangup, label: "Caller hung up after", kind: tandem.Mean, unit: "s", base: "answered calls that the caller ended", of: tandem.MetricEnded},
}

// judged lists the metrics of the other standard fields. They are shown once a
// call has reported them, known or not.
var judged = []entry{
	{name: tandem.MetricSuccess, label: "Caller got what they called for", kind: tandem.Proportion, base: "ended calls of which it is known", of: tandem.MetricEnded, field: tandem.SuccessField},
	rating(tandem.NaturalnessField, "Language naturalness", "ended calls with a rating"),
	rating(tandem.ErrorField, "Error handling", "ended calls with a rating: those in which something went wrong"),
	rating(tandem.OffScriptField, "Off-script recovery", "ended calls with a rating: those in which the caller left the task"),
}

// rating is a standard field of 1 to 5.
func rating(field, label, base string) entry {
	d := standard[field]
	return entry{name: d.metric, label: label, kind: tandem.Mean, base: base, of: tandem.MetricEnded, field: field, low: *d.Min, high: *d.Max}
}

func reportedJudgements(reported []string) []entry {
	var out []entry
	for _, e := range judged {
		if slices.Contains(reported, e.name) || slices.Contains(reported, tandem.MetricUnknownPrefix+e.field) {
			out = append(out, e)
		}
	}
	return out
}

// catalogue lists the metrics of a test: the built-in ones, the fields its
// versions define in their order, and whatever else its calls have reported.
func catalogue(fields []tandem.Field, c cells) []entry {
	out := slices.Clone(builtIn)
	reported := slices.Sorted(slices.Values(c.metrics))
	for _, name := range reported {
		if currency, ok := strings.CutPrefix(name, tandem.MetricCost+"."); ok {
			out = append(out, entry{
				name: name, label: "Cost", kind: tandem.Mean, unit: currency,
				base: "ended calls whose cost is known in " + currency, of: tandem.MetricEnded,
			})
		}
	}
	out = append(out, reportedConversation(reported)...)
	out = append(out, reportedJudgements(reported)...)
	listed := map[string]int{}
	for _, f := range fields {
		e := fieldEntry(f)
		if i, again := listed[e.name]; again {
			if out[i].kind != e.kind {
				out[i].note = "the arms' versions define this field with different types, so it is not compared"
			}
			continue
		}
		listed[e.name] = len(out)
		out = append(out, e)
	}
	for _, name := range reported {
		if _, ok := listed[name]; !ok && strings.HasPrefix(name, tandem.MetricFieldPrefix) {
			out = append(out, undefinedEntry(name))
		}
	}
	tellFieldsApart(out)
	return out
}

// tellFieldsApart marks the fields that have the label of a metric of Tandem's own:
// the two need not be the same.
func tellFieldsApart(all []entry) {
	own := map[string]bool{}
	for _, e := range all {
		if !strings.HasPrefix(e.name, tandem.MetricFieldPrefix) {
			own[e.label] = true
		}
	}
	for i := range all {
		if e := &all[i]; strings.HasPrefix(e.name, tandem.MetricFieldPrefix) && own[e.label] {
			e.label += " (field)"
		}
	}
}

func fieldEntry(f tandem.Field) entry {
	e := entry{
		name: tandem.MetricFieldPrefix + f.Name, label: words(f.Name), unit: f.Unit,
		base: "ended calls of which it is known", of: tandem.MetricEnded, field: f.Name,
	}
	if f.Min != nil && f.Max != nil {
		e.low, e.high = *f.Min, *f.Max
	}
	switch f.Type {
	case tandem.Number:
		e.kind = tandem.Mean
	case tandem.Selector:
		e.kind = tandem.Category
	case tandem.Text:
		e.kind, e.base, e.text = tandem.Proportion, "ended calls whose analysis reported it", true
		e.note = "text is counted as given or not"
	default:
		e.kind = tandem.Proportion
	}
	return e
}

// undefinedEntry is a value reported under a name that no version defines.
func undefinedEntry(metric string) entry {
	name := strings.TrimPrefix(metric, tandem.MetricFieldPrefix)
	e := entry{
		name: metric, kind: tandem.Proportion, base: "ended calls of which it is known", of: tandem.MetricEnded,
		note: "reported by calls, defined by no version",
	}
	if number, ok := strings.CutSuffix(name, NumberSuffix); ok {
		name, e.kind = number, tandem.Mean
	}
	e.label = words(name)
	return e
}

// words makes a label of a field's name: appointment_booked is Appointment
// booked.
func words(name string) string {
	s := strings.ReplaceAll(name, "_", " ")
	return strings.ToUpper(s[:1]) + s[1:]
}

// plainNames drops NumberSuffix from every metric that is told apart without
// it.
func plainNames(metrics []Metric) {
	names := make(map[string]bool, len(metrics))
	for _, m := range metrics {
		names[m.Name] = true
	}
	for i := range metrics {
		if plain, ok := strings.CutSuffix(metrics[i].Name, NumberSuffix); ok && !names[plain] {
			metrics[i].Name = plain
		}
	}
}

package results

import (
	"maps"
	"math"
	"slices"

	"tandem"
)

// NumberSuffix ends the metric of a number that is reported under a name no
// version defines. Booleans under such a name have the plain metric; without
// the suffix a name that some calls report as a number and others as a boolean
// would put two kinds into one tally. Results leave it out where it is not
// needed to tell two metrics apart.
const NumberSuffix = ":number"

// maxUndefined bounds how many values under names that no version defines are
// counted for one call: names made up call by call would otherwise grow the
// tallies without end.
const maxUndefined = 32

// maxNumber is the largest number that counts. No measurement of a call comes
// near; past it, squares summed over many calls would overflow and spoil a
// tally for good.
const maxNumber = 1e15

func measurement(x float64) bool { return math.Abs(x) <= maxNumber }

// observe appends what a call says about every metric of its test. It is a pure
// function of the call's record and the plan, each metric at most once; the
// goal is the one in the record. A call outside tests says nothing. One whose
// arm was not left to chance says only why.
func (p *plan) observe(c *tandem.Call, out []tandem.Observation) []tandem.Observation {
	if c.Assigned == nil || c.Assigned.Value.TestID == "" {
		return out
	}
	if reason := c.NotRandomised(); reason != "" {
		return append(out, category(tandem.MetricNotRandomised, string(reason)))
	}
	out = append(out, count(tandem.MetricCalls))
	switch c.Stage() {
	case tandem.StageAssigned:
		return out // nothing counts before the end
	case tandem.StageLost:
		return append(out, count(tandem.MetricLost))
	case tandem.StageAnalyzed:
		out = append(out, count(tandem.MetricEnded), count(tandem.MetricAnalyzed))
	default:
		out = append(out, count(tandem.MetricEnded))
	}
	out = observeEnd(c, out)
	if c.Goal != nil {
		out = append(out, proportion(tandem.MetricCompletion, *c.Goal))
	}
	if c.Cost != nil && measurement(c.Cost.Value.Amount) {
		out = append(out, mean(tandem.MetricCost+"."+c.Cost.Value.Currency, c.Cost.Value.Amount))
	}
	out = observeConversation(c, out)
	return p.observeValues(c, out)
}

// byTransfer is what ended_by says of a call that left Tandem's hands by a
// transfer: the agent's BYE that follows is no hang-up.
const byTransfer = "transfer"

func endedBy(c *tandem.Call, by tandem.EndedBy) string {
	if by == tandem.ByAgent && c.Transferred() {
		return byTransfer
	}
	return string(by)
}

// observeEnd appends what the end of a call says.
func observeEnd(c *tandem.Call, out []tandem.Observation) []tandem.Observation {
	by := c.Ended.Value.By
	if by == "" {
		by = tandem.ByUnknown
	}
	out = append(out,
		proportion(tandem.MetricTransfer, c.Transferred()),
		category(tandem.MetricEndedBy, endedBy(c, by)))
	answered, known := c.WasAnswered()
	if known {
		out = append(out, proportion(tandem.MetricAnswered, answered))
	}
	if d, known := c.Duration(); known && answered {
		out = append(out, mean(tandem.MetricDuration, d.Seconds()))
		if by == tandem.ByCaller {
			out = append(out, mean(tandem.MetricCallerHangup, d.Seconds()))
		}
	}
	return out
}

// observeValues appends what analysis says.
func (p *plan) observeValues(c *tandem.Call, out []tandem.Observation) []tandem.Observation {
	arm := c.Assigned.Value.Arm
	undefined := 0
	for name, f := range c.Values {
		if def, ok := standard[name]; ok {
			out = observeField(def, f.Value, out)
		} else if def, ok := p.field(arm, name); ok {
			out = observeField(def, f.Value, out)
		} else {
			undefined++
		}
	}
	if undefined == 0 {
		return out
	}
	for name, v := range p.undefinedValues(c, undefined) {
		switch x := v.(type) {
		case bool:
			out = append(out, proportion(tandem.MetricFieldPrefix+name, x))
		case float64:
			if measurement(x) {
				out = append(out, mean(tandem.MetricFieldPrefix+name+NumberSuffix, x))
			}
		}
	}
	return out
}

// observeField appends what a defined field says. A value that its definition
// does not accept is as good as unknown, and counted with those. Texts are not
// compared by content; what counts is whether there is one.
func observeField(def fieldPlan, v any, out []tandem.Observation) []tandem.Observation {
	if v == nil || def.Accepts(v) != nil {
		out = append(out, count(def.unknown))
		if v != nil || def.Type != tandem.Text {
			return out
		}
	}
	if def.Type == tandem.Text {
		s, _ := v.(string)
		return append(out, proportion(def.metric, s != ""))
	}
	switch x := v.(type) {
	case bool:
		return append(out, proportion(def.metric, x))
	case float64:
		if measurement(x) {
			return append(out, mean(def.metric, x))
		}
	case string:
		return append(out, category(def.metric, x))
	}
	return out
}

// undefinedValues gives the values under names that no version defines; of more
// than maxUndefined the first by name, so that the choice is always the same.
func (p *plan) undefinedValues(c *tandem.Call, n int) map[string]any {
	out := make(map[string]any, n)
	for name, f := range c.Values {
		_, defined := p.field(c.Assigned.Value.Arm, name)
		if _, isStandard := standard[name]; !defined && !isStandard {
			out[name] = f.Value
		}
	}
	if len(out) > maxUndefined {
		for _, name := range slices.Sorted(maps.Keys(out))[maxUndefined:] {
			delete(out, name)
		}
	}
	return out
}

func count(metric string) tandem.Observation {
	return tandem.Observation{Metric: metric, Kind: tandem.Count}
}

func proportion(metric string, yes bool) tandem.Observation {
	o := tandem.Observation{Metric: metric, Kind: tandem.Proportion}
	if yes {
		o.Number = 1
	}
	return o
}

func mean(metric string, x float64) tandem.Observation {
	return tandem.Observation{Metric: metric, Kind: tandem.Mean, Number: x}
}

func category(metric, name string) tandem.Observation {
	return tandem.Observation{Metric: metric, Kind: tandem.Category, Name: name}
}

package results

import (
	"slices"
	"strings"

	"tandem"
)

// alwaysDecidable lists the built-in metrics that are shares or averages. When
// callers hang up is not among them: it is known only of calls that the caller
// ended, and which those are is what versions change. A version that keeps late
// leavers on the line would seem to be left sooner.
var alwaysDecidable = []string{
	tandem.MetricCompletion, tandem.MetricDuration, tandem.MetricTransfer, tandem.MetricSentiment,
	tandem.MetricAnswered, tandem.MetricSuccess, tandem.MetricNaturalness, tandem.MetricErrors, tandem.MetricOffScript,
}

// Decidable lists the metrics that a verdict or a guardrail can rest on, given
// the fields of all versions of a test: shares and averages, which have a
// difference with a direction. Categories and texts have none, and a field that
// two versions define with different types is never compared. Costs are not
// listed, since their currencies are not known before the first call:
// [IsDecidable] knows them.
func Decidable(fields []tandem.Field) []string {
	out := slices.Concat(alwaysDecidable, conversationNames())
	types := map[string]tandem.FieldType{}
	torn := map[string]bool{}
	for _, f := range fields {
		if have, again := types[f.Name]; again && have != f.Type {
			torn[f.Name] = true
		}
		types[f.Name] = f.Type
	}
	for _, f := range fields {
		name := tandem.MetricFieldPrefix + f.Name
		if (f.Type == tandem.Number || f.Type == tandem.Boolean) && !torn[f.Name] && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// IsDecidable says whether a verdict or a guardrail can rest on a metric: one of
// [Decidable], or the cost in some currency.
func IsDecidable(metric string, fields []tandem.Field) bool {
	currency, isCost := strings.CutPrefix(metric, tandem.MetricCost+".")
	return isCost && currency != "" || slices.Contains(Decidable(fields), metric)
}

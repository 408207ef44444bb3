package api

import (
	"encoding/json"
	"errors"
	"maps"
	"math"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"tandem"
)

// weights are percentages, as a list in the order of the arms or by arm:
// [80, 20] or {"A": 80, "B": 20}.
type weights struct {
	list  []float64
	byArm map[string]float64
}

// UnmarshalJSON takes both forms.
func (w *weights) UnmarshalJSON(data []byte) error {
	if err := json.Unmarshal(data, &w.list); err == nil {
		return nil
	}
	return json.Unmarshal(data, &w.byArm)
}

// Schema tells both forms.
func (weights) Schema(huma.Registry) *huma.Schema {
	// The range is left to the domain, which names the arm at fault.
	percent := func() *huma.Schema { return &huma.Schema{Type: huma.TypeNumber, Format: "double"} }
	list := &huma.Schema{Type: huma.TypeArray, Items: percent(), Description: "In the order of the arms"}
	byArm := &huma.Schema{Type: huma.TypeObject, AdditionalProperties: percent(), Description: "By the key of the arm"}
	for _, s := range []*huma.Schema{list, byArm, list.Items, byArm.AdditionalProperties.(*huma.Schema)} {
		s.PrecomputeMessages()
	}
	return &huma.Schema{
		Description: "Percent of calls for each arm, adding up to 100; at most two decimals",
		OneOf:       []*huma.Schema{list, byArm},
		Examples:    []any{[]any{80.0, 20.0}, map[string]any{"A": 80.0, "B": 20.0}},
	}
}

// forArms gives the weights in the order of the arms.
func (w weights) forArms(arms []tandem.Arm) ([]float64, error) {
	if w.byArm == nil {
		return w.list, nil
	}
	var errs []error
	out := make([]float64, len(arms))
	known := map[string]bool{}
	for i, arm := range arms {
		weight, ok := w.byArm[arm.Key]
		if !ok {
			errs = append(errs, tandem.Errorf(tandem.Invalid, "weights", "has no weight for arm %s; give 0 to an arm that gets no calls", arm.Key))
		}
		out[i] = weight
		known[arm.Key] = true
	}
	for _, key := range slices.Sorted(maps.Keys(w.byArm)) {
		if !known[key] {
			errs = append(errs, tandem.Errorf(tandem.Invalid, "weights", "has a weight for %.20q; the test has no such arm", key))
		}
	}
	return out, errors.Join(errs...)
}

// toHundred scales shares of any size to percentages with two decimals that
// add up to 100 exactly, by largest remainder. Nothing to scale (no positive
// share, or one that is no number) gives the shares back for the rules to
// refuse.
func toHundred(shares []float64) []float64 {
	total := 0.0
	for _, s := range shares {
		if !(s >= 0) || math.IsInf(s, 0) {
			return shares
		}
		total += s
	}
	if total == 0 || math.IsInf(total, 0) {
		return shares
	}
	units := make([]int, len(shares))
	order := make([]int, len(shares))
	rest := make([]float64, len(shares))
	left := tandem.Buckets
	for i, s := range shares {
		exact := s / total * tandem.Buckets
		units[i] = int(exact)
		rest[i], order[i] = exact-float64(units[i]), i
		left -= units[i]
	}
	slices.SortStableFunc(order, func(i, j int) int {
		switch {
		case rest[i] > rest[j]:
			return -1
		case rest[i] < rest[j]:
			return 1
		}
		return 0
	})
	for _, i := range order {
		if left > 0 && shares[i] > 0 {
			units[i]++
			left--
		}
	}
	out := make([]float64, len(shares))
	for i, u := range units {
		out[i] = float64(u) / (tandem.Buckets / 100)
	}
	return out
}

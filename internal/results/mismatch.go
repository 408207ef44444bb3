package results

import (
	"fmt"
	"slices"
	"strings"

	"tandem"
)

// Mismatch is a field that cannot be compared between two arms.
type Mismatch struct {
	Field   string `json:"field" example:"upsell_offered"`
	Arm     string `json:"arm"`
	Against string `json:"against"`
	Reason  string `json:"reason"`
}

// Definitions are the analysis fields of one arm's version.
type Definitions struct {
	Arm    string
	Fields []tandem.Field
}

func (d Definitions) field(name string) *tandem.Field {
	i := slices.IndexFunc(d.Fields, func(f tandem.Field) bool { return f.Name == name })
	if i < 0 {
		return nil
	}
	return &d.Fields[i]
}

// Mismatches lists the fields of other arms that cannot be compared with the
// first's, in the order in which versions define them. Two definitions can be compared when
// they have the same name and type, numbers the same unit, and selectors the same
// choices in whatever order: a choice that one version's analyser cannot give would make
// shares differ by itself. What the analyser is told, and a number's range, may
// differ.
func Mismatches(arms []Definitions) []Mismatch {
	var out []Mismatch
	for _, name := range fieldNames(arms) {
		for _, other := range arms[1:] {
			if why := mismatch(arms[0], other, name); why != "" {
				out = append(out, Mismatch{Field: name, Arm: other.Arm, Against: arms[0].Arm, Reason: why})
			}
		}
	}
	return out
}

// CommonFields gives the first arm's definitions of the fields that can be compared
// in all arms.
func CommonFields(arms []Definitions) []tandem.Field {
	torn := Mismatches(arms)
	var out []tandem.Field
	for _, name := range fieldNames(arms) {
		if !slices.ContainsFunc(torn, func(m Mismatch) bool { return m.Field == name }) {
			out = append(out, *arms[0].field(name))
		}
	}
	return out
}

func fieldNames(arms []Definitions) []string {
	var out []string
	for _, a := range arms {
		for _, f := range a.Fields {
			if !slices.Contains(out, f.Name) {
				out = append(out, f.Name)
			}
		}
	}
	return out
}

// mismatch says why a field cannot be compared between two arms; "" when it can,
// or when neither defines it.
func mismatch(first, other Definitions, name string) string {
	a, b := first.field(name), other.field(name)
	switch {
	case a == nil && b == nil:
		return ""
	case a == nil:
		return "only the version of " + other.Arm + " defines it"
	case b == nil:
		return "only the version of " + first.Arm + " defines it"
	case a.Type != b.Type:
		return fmt.Sprintf("the versions define it with different types: %s in %s, %s in %s", a.Type, first.Arm, b.Type, other.Arm)
	case a.Unit != b.Unit:
		return fmt.Sprintf("the units differ: %s in %s, %s in %s", unitName(a.Unit), first.Arm, unitName(b.Unit), other.Arm)
	}
	var parts []string
	for _, only := range []struct {
		arm       string
		has, have []string
	}{{first.Arm, a.Choices, b.Choices}, {other.Arm, b.Choices, a.Choices}} {
		missing := slices.DeleteFunc(slices.Clone(only.has), func(c string) bool { return slices.Contains(only.have, c) })
		if len(missing) > 0 {
			parts = append(parts, fmt.Sprintf("only %s has %s", only.arm, strings.Join(missing, ", ")))
		}
	}
	if len(parts) > 0 {
		return "the choices differ: " + strings.Join(parts, "; ")
	}
	return ""
}

func unitName(unit string) string {
	if unit == "" {
		return "no unit"
	}
	return unit
}

// apart leaves out comparisons of fields that cannot be compared, but for the metric
// that decides: such a test was started before that was refused.
func (a *account) apart(m *Metric) {
	for i := range m.Against {
		d := &m.Against[i]
		if why := a.mismatches[cellKey{m.Name, d.Arm}]; why != "" {
			*d = Comparison{Arm: d.Arm, Against: d.Against, Label: d.Label, Note: "not compared: " + why}
			m.Overall = nil
		}
	}
}

// compares says whether the metric may be compared in this arm.
func (a *account) compares(metric, arm string) bool { return a.mismatches[cellKey{metric, arm}] == "" }

func (a *account) comparesAll(metric string) bool {
	return !slices.ContainsFunc(a.others(), func(arm tandem.Arm) bool { return !a.compares(metric, arm.Key) })
}

package results

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"tandem"
)

// GoalCheck is what can be said of a text as the goal of a test.
type GoalCheck struct {
	OK       bool        `json:"ok"`
	Errors   []GoalFault `json:"errors" doc:"What keeps it from being a goal, each with its place"`
	Warnings []string    `json:"warnings" doc:"What it can do all the same, but may not be meant to"`
	// Names are what a goal can say.
	Names []GoalName `json:"names" doc:"What a goal over these versions can ask for: facts of calls, then fields"`
}

// GoalName is a name that a goal can use.
type GoalName struct {
	Name    string   `json:"name" example:"fields.appointment_booked"`
	Type    string   `json:"type" enum:"bool,double,int,string"`
	Doc     string   `json:"doc,omitempty"`
	Unit    string   `json:"unit,omitempty"`
	Choices []string `json:"choices,omitempty"`
}

// CheckGoalFor checks a goal for a test between versions, and lists the names that it
// can use: those that mean the same in all of them. A goal may ask for a field that
// not all versions define alike, which is warned of: in some arm it may never be
// known.
func CheckGoalFor(expr string, arms []Definitions) GoalCheck {
	out := GoalCheck{Errors: []GoalFault{}, Warnings: []string{}, Names: goalNames(arms)}
	var fields []tandem.Field
	for _, a := range arms {
		fields = append(fields, a.Fields...)
	}
	g, err := compileGoal(expr, fields)
	var faults goalErrors
	switch {
	case errors.As(err, &faults):
		out.Errors = faults
		return out
	case err != nil:
		out.Errors = []GoalFault{{1, 1, err.Error()}}
		return out
	}
	out.OK = true
	if g == nil {
		out.Warnings = append(out.Warnings, "there is no goal, so that no call's completion is ever known")
		return out
	}
	used := map[string]bool{}
	for name := range g.facts {
		used[strings.TrimPrefix(name, hasPrefix)] = true
	}
	torn := Mismatches(arms)
	for _, name := range slices.Sorted(maps.Keys(used)) {
		field, isField := strings.CutPrefix(name, "fields.")
		if !isField {
			continue
		}
		for _, m := range torn {
			if m.Field == field {
				out.Warnings = append(out.Warnings, name+" does not mean the same in "+m.Against+" and "+m.Arm+": "+m.Reason)
			}
		}
	}
	return out
}

func goalNames(arms []Definitions) []GoalName {
	var out []GoalName
	for _, f := range GoalFacts() {
		out = append(out, GoalName{Name: f.Name, Type: f.Type, Doc: f.Doc})
	}
	var common []tandem.Field
	if len(arms) > 0 {
		common = CommonFields(arms)
	}
	for _, f := range slices.Concat(tandem.StandardFields(), common) {
		out = append(out, GoalName{Name: "fields." + f.Name, Type: fieldTypes[f.Type].String(), Doc: f.Instruction, Unit: f.Unit, Choices: f.Choices})
	}
	return out
}

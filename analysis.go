package tandem

import (
	"errors"
	"math"
	"regexp"
	"slices"
)

// FieldType is the type of a post-call analysis field.
type FieldType string

// The types of analysis fields.
const (
	Text     FieldType = "text"
	Number   FieldType = "number"
	Boolean  FieldType = "boolean"
	Selector FieldType = "selector"
)

// Field is one thing that post-call analysis reports about a call. Every field
// may also be unknown.
type Field struct {
	Name        string    `json:"name" doc:"Lower-case letters, digits and underscores" example:"appointment_booked"`
	Type        FieldType `json:"type" enum:"text,number,boolean,selector"`
	Instruction string    `json:"instruction,omitempty" doc:"What the analyser is told"`
	Unit        string    `json:"unit,omitempty" doc:"Numbers only: the unit, such as EUR"`
	Min         *float64  `json:"min,omitempty" doc:"Numbers only"`
	Max         *float64  `json:"max,omitempty" doc:"Numbers only"`
	Choices     []string  `json:"choices,omitempty" doc:"Selectors only: at least two"`
}

// SentimentField is the reserved analysis value that holds the caller's
// sentiment, -1 (worst) to 1 (best). Every version has it.
const SentimentField = "sentiment"

var fieldForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)

func validateFields(fields []Field) error {
	var errs []error
	seen := map[string]bool{}
	for i, f := range fields {
		at := func(name string) string { return index(i) + "." + name }
		if !fieldForm.MatchString(f.Name) || seen[f.Name] || f.Name == SentimentField {
			errs = append(errs, Errorf(Invalid, at("name"), "is %q; expected lower-case letters, digits and underscores, a name that no other field has and not %q, which is built in", clip(f.Name), SentimentField))
		}
		seen[f.Name] = true
		switch f.Type {
		case Text, Number, Boolean:
			if len(f.Choices) > 0 {
				errs = append(errs, Errorf(Invalid, at("choices"), "is given for a field of type %s; only a selector has choices", f.Type))
			}
		case Selector:
			if c := slices.Compact(slices.Sorted(slices.Values(f.Choices))); len(c) < 2 || len(c) != len(f.Choices) || slices.Contains(c, "") {
				errs = append(errs, Errorf(Invalid, at("choices"), "has to list at least two different choices, none empty"))
			}
		default:
			errs = append(errs, Errorf(Invalid, at("type"), "is %q; expected text, number, boolean or selector", f.Type))
		}
		if f.Type != Number && (f.Min != nil || f.Max != nil || f.Unit != "") {
			errs = append(errs, Errorf(Invalid, at("min"), "and max and unit go with type number, not %s", f.Type))
		}
		if f.Min != nil && f.Max != nil && *f.Min > *f.Max {
			errs = append(errs, Errorf(Invalid, at("max"), "is %v, below min %v", *f.Max, *f.Min))
		}
	}
	return errors.Join(errs...)
}

// Accepts says why v cannot be a value of f, or nil. nil, the unknown value,
// is always accepted. Numbers are float64, as JSON decodes them.
func (f Field) Accepts(v any) error {
	if v == nil {
		return nil
	}
	switch x := v.(type) {
	case string:
		if f.Type == Text || f.Type == Selector && slices.Contains(f.Choices, x) {
			return nil
		}
		if f.Type == Selector {
			return Errorf(Invalid, f.Name, "is %q; expected one of %q", clip(x), f.Choices)
		}
	case bool:
		if f.Type == Boolean {
			return nil
		}
	case float64:
		if f.Type == Number {
			if math.IsNaN(x) || math.IsInf(x, 0) || f.Min != nil && x < *f.Min || f.Max != nil && x > *f.Max {
				return Errorf(Invalid, f.Name, "is %v, outside the field's range", x)
			}
			return nil
		}
	}
	return Errorf(Invalid, f.Name, "is a %T; expected a %s", v, f.Type)
}

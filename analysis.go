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
	Rule        *Rule     `json:"rule,omitempty" doc:"How the field is filled from the transcript's words, without a language model"`
}

var fieldForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)

func validateFields(fields []Field) error {
	var errs []error
	seen := map[string]bool{}
	for i, f := range fields {
		at := func(name string) string { return index(i) + "." + name }
		if !fieldForm.MatchString(f.Name) || seen[f.Name] {
			errs = append(errs, Errorf(Invalid, at("name"), "is %q; expected lower-case letters, digits and underscores, a name that no other field has", clip(f.Name)))
		}
		if _, standard := standardField(f.Name); standard {
			errs = append(errs, Errorf(Invalid, at("name"), "is %q, which every version has; expected another name", f.Name))
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
		if f.Rule != nil {
			errs = append(errs, under(index(i), f.Rule.validate(f)))
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

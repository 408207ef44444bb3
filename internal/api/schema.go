package api

import (
	"encoding/json"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"tandem"
)

// schemaName names a type in the OpenAPI document: its own name without the
// package, those of its type parameters behind it ("list[tandem.Agent]" is
// ListAgent).
func schemaName(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	name := t.Name()
	if name == "" {
		name = hint
	}
	if t == reflect.TypeFor[struct{}]() {
		name = "Moment" // a fact that has only a time
	}
	name = strings.NewReplacer("struct {}", "Moment", "interface {}", "Value").Replace(name)
	var out strings.Builder
	for part := range strings.FieldsFuncSeq(name, func(r rune) bool { return strings.ContainsRune("[]*, ", r) }) {
		part = part[strings.LastIndexAny(part, "./")+1:]
		if part != "" {
			out.WriteString(strings.ToUpper(part[:1]) + part[1:])
		}
	}
	return out.String()
}

// Call is a call as readers see it: the record, and what follows from it.
type Call struct{ tandem.Call }

// TransformSchema adds what tandem.Call's MarshalJSON derives.
func (Call) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	add := func(name string, p *huma.Schema, required bool) {
		s.Properties[name] = p
		if required {
			s.Required = append(s.Required, name)
		}
	}
	add("stage", &huma.Schema{Type: huma.TypeString, Enum: []any{"assigned", "ended", "analyzed", "lost"}, Description: "Where the call is on its way"}, true)
	add("duration_seconds", &huma.Schema{Type: huma.TypeNumber, Description: "From answer to end; absent while unknown"}, false)
	add("not_randomised", &huma.Schema{Type: huma.TypeString, Description: "Why the call is counted apart; absent when its arm was left to chance"}, false)
	return s
}

// optional is a property of a patch: absent, null and a value are three
// different things.
type optional[T any] struct {
	given bool
	null  bool
	value T
}

// UnmarshalJSON is called only for a property that is there.
func (o *optional[T]) UnmarshalJSON(data []byte) error {
	o.given = true
	if string(data) == "null" {
		o.null = true
		return nil
	}
	return json.Unmarshal(data, &o.value)
}

// Schema is that of the value.
func (o optional[T]) Schema(r huma.Registry) *huma.Schema {
	s := *r.Schema(reflect.TypeFor[T](), true, "")
	s.Nullable = s.Ref == ""
	return &s
}

// set changes target when the property is there; null sets what absence of the
// thing is, or is refused where the thing cannot be absent.
func (o optional[T]) set(target *T, field string, nullable bool) error {
	switch {
	case !o.given:
	case o.null && !nullable:
		return tandem.Errorf(tandem.Invalid, field, "is null; leave it out to keep what it is")
	default:
		*target = o.value // null: the zero value
	}
	return nil
}

package llm

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"tandem"
)

// form is what the model has to fill in: the version's fields and the standard
// ones, as a JSON schema in the subset that OpenAI's strict mode takes.
type form struct {
	fields []tandem.Field
	text   string                        // the schema
	whole  *jsonschema.Schema            // the same
	parts  map[string]*jsonschema.Schema // of it, by field
}

const schemaURL = "mem:///analysis.json"

// newForm makes the form for a version's own fields.
func newForm(own []tandem.Field) (*form, error) {
	return formOf(slices.Concat(own, tandem.StandardFields()), map[string]any{
		"summary": map[string]any{"type": "string", "description": "The call in two or three sentences."},
	})
}

// formOf makes the form for fields, and what else is asked beside them.
func formOf(fields []tandem.Field, beside map[string]any) (*form, error) {
	f := &form{fields: fields, parts: map[string]*jsonschema.Schema{}}
	properties := map[string]any{}
	for _, field := range f.fields {
		properties[field.Name] = schemaOf(field)
	}
	whole := map[string]any{"fields": object(properties)}
	maps.Copy(whole, beside)
	var err error
	if f.text, err = write(object(whole)); err != nil {
		return nil, fmt.Errorf("the answer's schema cannot be written: %w", err)
	}
	return f, f.compile()
}

func (f *form) compile() error {
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(f.text))
	if err != nil {
		return fmt.Errorf("the answer's schema cannot be read: %w", err)
	}
	c := jsonschema.NewCompiler()
	err = c.AddResource(schemaURL, doc)
	if err == nil {
		f.whole, err = c.Compile(schemaURL)
	}
	for _, field := range f.fields {
		if err == nil {
			f.parts[field.Name], err = c.Compile(schemaURL + "#/properties/fields/properties/" + field.Name)
		}
	}
	if err != nil {
		return fmt.Errorf("the answer's schema does not compile: %w", err)
	}
	return nil
}

// schemaOf gives a field's part of the schema. The model writes the properties in
// this order, the alphabet's: first what it rests on, then what follows from it.
func schemaOf(f tandem.Field) map[string]any {
	value := map[string]any{}
	switch f.Type {
	case tandem.Number:
		value["type"] = []string{"number", "null"}
	case tandem.Boolean:
		value["type"] = []string{"boolean", "null"}
	case tandem.Selector:
		choices := []any{}
		for _, c := range f.Choices {
			choices = append(choices, c)
		}
		value["type"], value["enum"] = []string{"string", "null"}, append(choices, nil)
	default:
		value["type"] = []string{"string", "null"}
	}
	out := object(map[string]any{
		"quote":  map[string]any{"type": []string{"string", "null"}},
		"reason": map[string]any{"type": "string"},
		"value":  value,
	})
	out["description"] = describe(f)
	return out
}

// describe says what is asked. The range is in words, for some servers' strict
// modes refuse minimum and maximum; [tandem.Field.Accepts] keeps it.
func describe(f tandem.Field) string {
	parts := []string{f.Instruction}
	if f.Instruction == "" {
		parts[0] = strings.ReplaceAll(f.Name, "_", " ") + "."
	}
	number := func(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
	if f.Unit != "" {
		parts = append(parts, "In "+f.Unit+".")
	}
	if f.Min != nil {
		parts = append(parts, "At least "+number(*f.Min)+".")
	}
	if f.Max != nil {
		parts = append(parts, "At most "+number(*f.Max)+".")
	}
	return strings.Join(parts, " ")
}

// object gives the schema of an object that has just these properties.
func object(properties map[string]any) map[string]any {
	required := []string{}
	for name := range properties {
		required = append(required, name)
	}
	slices.Sort(required)
	return map[string]any{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
}

// write gives v as JSON, with < and > as they are.
func write(v any) (string, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return strings.TrimSpace(out.String()), err
}

var english = message.NewPrinter(language.English)

// fault says in a line why something does not fit a schema.
func fault(err error) string {
	v, ok := errors.AsType[*jsonschema.ValidationError](err)
	if !ok {
		return err.Error()
	}
	for len(v.Causes) > 0 {
		v = v.Causes[0]
	}
	said := v.ErrorKind.LocalizedString(english)
	if at := strings.Join(v.InstanceLocation, "."); at != "" {
		said = at + ": " + said
	}
	return clean(said, maxFault)
}

package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// curl writes a command line that a reader can paste and fill in.
func (d *docsMaker) curl(op *huma.Operation) string {
	path := op.Path
	var query []string
	for _, p := range op.Parameters {
		example := exampleText(p.Example, p.Schema)
		switch {
		case p.In == "path" && example != "":
			path = strings.Replace(path, "{"+p.Name+"}", strings.ReplaceAll(example, "+", "%2B"), 1)
		case p.In == "query" && p.Required:
			query = append(query, p.Name+"="+example)
		}
	}
	if query != nil {
		path += "?" + strings.Join(query, "&")
	}
	var b strings.Builder
	b.WriteString("curl")
	if op.Method != http.MethodGet {
		b.WriteString(" -X " + op.Method)
	}
	if op.OperationID == "listen" {
		b.WriteString(" -N")
	}
	fmt.Fprintf(&b, " \"$TANDEM_URL%s\"", path)
	switch op.Extensions["x-scope"] {
	case string(anybody):
	case string(signedIn):
		b.WriteString(" \\\n  -b \"tandem_session=$TANDEM_SESSION\"")
	default:
		b.WriteString(" \\\n  -H \"Authorization: Bearer $TANDEM_KEY\"")
	}
	if op.RequestBody == nil {
		return b.String()
	}
	for mediaType, content := range op.RequestBody.Content {
		fmt.Fprintf(&b, " \\\n  -H 'Content-Type: %s'", mediaType)
		if mediaType != "application/json" {
			b.WriteString(" \\\n  --data-binary @events.ndjson")
			continue
		}
		s := content.Schema
		if len(s.OneOf) > 0 {
			s = s.OneOf[0]
		}
		if body, err := json.Marshal(d.example(s, 0)); err == nil {
			fmt.Fprintf(&b, " \\\n  -d '%s'", strings.ReplaceAll(string(body), "'", `'\''`))
		}
	}
	return b.String()
}

// example makes a value of the schema: its required properties and those that
// have an example of their own.
func (d *docsMaker) example(s *huma.Schema, depth int) any {
	s = d.resolve(s)
	switch {
	case s == nil || depth > 4:
		return nil
	case len(s.Examples) > 0:
		return s.Examples[0]
	case s.Default != nil:
		return s.Default
	case len(s.Enum) > 0:
		return s.Enum[0]
	case len(s.OneOf) > 0:
		return d.example(s.OneOf[0], depth)
	}
	switch s.Type {
	case huma.TypeString:
		if s.Format == "date-time" {
			return "2026-01-02T15:04:05Z"
		}
		return "..."
	case huma.TypeInteger, huma.TypeNumber:
		return 1
	case huma.TypeBoolean:
		return true
	case huma.TypeArray:
		return []any{d.example(s.Items, depth+1)}
	case huma.TypeObject:
		out := map[string]any{}
		for name, p := range s.Properties {
			target := d.resolve(p)
			if !p.ReadOnly && (slices.Contains(s.Required, name) || len(target.Examples) > 0) {
				out[name] = d.example(p, depth+1)
			}
		}
		return out
	}
	return map[string]any{}
}

func exampleText(example any, s *huma.Schema) string {
	if example == nil && s != nil && len(s.Examples) > 0 {
		example = s.Examples[0]
	}
	if example == nil {
		return ""
	}
	return fmt.Sprint(example)
}

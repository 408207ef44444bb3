package api

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// docsPolicy lets the reference load its own style sheet and nothing else.
const docsPolicy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

//go:embed docs.html
var docsHTML string

//go:embed docs.css
var docsCSS []byte

// The reference is made once, from the OpenAPI document, as a plain page: no
// script, nothing loaded from elsewhere.
type (
	docsPage struct {
		Title, Version, Description string
		Groups                      []docsGroup
		Schemas                     []docsSchema
	}
	docsGroup struct {
		Name, Anchor string
		Description  template.HTML
		Operations   []docsOperation
	}
	docsOperation struct {
		ID, Method, Path, Summary string
		Description               template.HTML
		Parameters                []docsProperty
		BodyTypes                 []docsBody
		Responses                 []docsResponse
		Refusals                  []docsResponse
		Curl                      string
	}
	docsBody struct {
		MediaType  string
		Type       template.HTML
		Properties []docsProperty
	}
	docsResponse struct {
		Status, Description string
		Type                template.HTML
	}
	docsSchema struct {
		Name, Anchor string
		Description  template.HTML
		Properties   []docsProperty
	}
	docsProperty struct {
		Name, In    string
		Required    bool
		Type        template.HTML
		Description template.HTML
		Notes       []string
	}
)

func reference(doc *huma.OpenAPI) ([]byte, error) {
	tmpl, err := template.New("docs").Parse(docsHTML)
	if err != nil {
		return nil, err
	}
	page := docsPage{Title: doc.Info.Title, Version: doc.Info.Version, Description: doc.Info.Description}
	d := &docsMaker{doc: doc, schemas: doc.Components.Schemas.Map()}
	for _, tag := range doc.Tags {
		page.Groups = append(page.Groups, d.group(tag))
	}
	for _, name := range slices.Sorted(maps.Keys(d.schemas)) {
		s := d.schemas[name]
		page.Schemas = append(page.Schemas, docsSchema{
			Name: name, Anchor: "schema-" + name, Description: prose(s.Description), Properties: d.properties(s),
		})
	}
	var out bytes.Buffer
	err = tmpl.Execute(&out, page)
	return out.Bytes(), err
}

type docsMaker struct {
	doc     *huma.OpenAPI
	schemas map[string]*huma.Schema
}

func (d *docsMaker) group(tag *huma.Tag) docsGroup {
	g := docsGroup{Name: tag.Name, Anchor: strings.ToLower(tag.Name), Description: prose(tag.Description)}
	for _, path := range slices.Sorted(maps.Keys(d.doc.Paths)) {
		item := d.doc.Paths[path]
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op != nil && slices.Contains(op.Tags, tag.Name) {
				g.Operations = append(g.Operations, d.operation(op))
			}
		}
	}
	return g
}

func (d *docsMaker) operation(op *huma.Operation) docsOperation {
	out := docsOperation{
		ID: op.OperationID, Method: op.Method, Path: op.Path, Summary: op.Summary,
		Description: prose(op.Description), Curl: d.curl(op),
	}
	for _, p := range op.Parameters {
		out.Parameters = append(out.Parameters, docsProperty{
			Name: p.Name, In: p.In, Required: p.Required, Type: d.typeOf(p.Schema),
			Description: prose(or(p.Description, p.Schema.Description)), Notes: notes(p.Schema),
		})
	}
	if op.RequestBody != nil {
		for _, mediaType := range slices.Sorted(maps.Keys(op.RequestBody.Content)) {
			s := op.RequestBody.Content[mediaType].Schema
			out.BodyTypes = append(out.BodyTypes, docsBody{MediaType: mediaType, Type: d.typeOf(s), Properties: d.properties(d.resolve(s))})
		}
	}
	for _, status := range slices.Sorted(maps.Keys(op.Responses)) {
		r := op.Responses[status]
		description := r.Description
		if n, err := strconv.Atoi(status); err == nil {
			description = or(description, http.StatusText(n))
		}
		resp := docsResponse{Status: status, Description: description}
		for _, mediaType := range slices.Sorted(maps.Keys(r.Content)) {
			resp.Type = d.typeOf(r.Content[mediaType].Schema)
		}
		if r.Content[problemType] != nil {
			out.Refusals = append(out.Refusals, resp)
		} else {
			out.Responses = append(out.Responses, resp)
		}
	}
	return out
}

func (d *docsMaker) resolve(s *huma.Schema) *huma.Schema {
	if s != nil && s.Ref != "" {
		return d.doc.Components.Schemas.SchemaFromRef(s.Ref)
	}
	return s
}

func (d *docsMaker) properties(s *huma.Schema) []docsProperty {
	if s == nil {
		return nil
	}
	var out []docsProperty
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		p := s.Properties[name]
		out = append(out, docsProperty{
			Name: name, Required: slices.Contains(s.Required, name), Type: d.typeOf(p),
			Description: prose(p.Description), Notes: notes(p),
		})
	}
	slices.SortStableFunc(out, func(a, b docsProperty) int { // what must be given first
		switch {
		case a.Required == b.Required:
			return 0
		case a.Required:
			return -1
		}
		return 1
	})
	return out
}

// typeOf writes a schema's type with links to the schemas it names.
func (d *docsMaker) typeOf(s *huma.Schema) template.HTML {
	switch {
	case s == nil:
		return "nothing"
	case s.Ref != "":
		name := s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]
		return template.HTML(fmt.Sprintf(`<a href="#schema-%s">%s</a>`, template.HTMLEscapeString(name), template.HTMLEscapeString(name))) // #nosec G203 -- names of Go types, escaped
	case len(s.OneOf) > 0:
		var parts []string
		for _, o := range s.OneOf {
			parts = append(parts, string(d.typeOf(o)))
		}
		return template.HTML(strings.Join(parts, " or ")) // #nosec G203 -- made of parts that are escaped
	case s.Type == huma.TypeArray:
		return "list of " + d.typeOf(s.Items)
	case s.Type == huma.TypeObject:
		if of, ok := s.AdditionalProperties.(*huma.Schema); ok {
			return "object, each value " + d.typeOf(of)
		}
		return "object"
	case s.Type == "":
		return "any JSON"
	case s.Format == "date-time":
		return "time (RFC 3339)"
	}
	return template.HTML(template.HTMLEscapeString(s.Type)) // #nosec G203 -- escaped
}

// notes are the constraints of a value.
func notes(s *huma.Schema) []string {
	var out []string
	for t := s; t != nil; t = t.Items {
		if len(t.Enum) > 0 {
			var names []string
			for _, e := range t.Enum {
				names = append(names, fmt.Sprint(e))
			}
			out = append(out, "one of "+strings.Join(names, ", "))
		}
		if t.Minimum != nil {
			out = append(out, fmt.Sprintf("at least %v", *t.Minimum))
		}
		if t.Maximum != nil {
			out = append(out, fmt.Sprintf("at most %v", *t.Maximum))
		}
		if t.MaxLength != nil {
			out = append(out, fmt.Sprintf("at most %d characters", *t.MaxLength))
		}
	}
	if s.Default != nil {
		out = append(out, fmt.Sprintf("default %v", s.Default))
	}
	if s.ReadOnly {
		out = append(out, "read only")
	}
	return out
}

// prose escapes text, sets what stands in backticks as code, and makes
// paragraphs.
func prose(text string) template.HTML {
	var out strings.Builder
	for i, paragraph := range strings.Split(strings.TrimSpace(text), "\n\n") {
		if i > 0 {
			out.WriteString("<br>")
		}
		for j, part := range strings.Split(paragraph, "`") {
			part = template.HTMLEscapeString(part)
			if j%2 == 1 {
				part = "<code>" + part + "</code>"
			}
			out.WriteString(part)
		}
	}
	return template.HTML(out.String()) // #nosec G203 -- every part is escaped
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

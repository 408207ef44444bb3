package api_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tandem"
)

// document is what the tests look at in the OpenAPI document.
type document struct {
	OpenAPI    string
	Info       struct{ Version string }
	Paths      map[string]map[string]documented
	Components struct {
		Schemas map[string]json.RawMessage
	}
}

type documented struct {
	OperationID string `json:"operationId"`
	Summary     string
	Tags        []string
	Security    []map[string][]string
	Scope       string `json:"x-scope"`
	Parameters  []struct {
		Name, In    string
		Description string
	}
	RequestBody *struct {
		Content map[string]json.RawMessage
	}
	Responses map[string]struct {
		Description string
		Content     map[string]struct {
			Schema struct {
				Ref string `json:"$ref"`
			}
		}
	}
}

type route struct{ method, path, scope string }

var parameter = regexp.MustCompile(`\{(\w+)\}`)

// fill puts something into the path's parameters.
func (r route) fill() string {
	return parameter.ReplaceAllString(r.path, "00000000-0000-7000-8000-000000000000")
}

func (s *server) document() document {
	s.t.Helper()
	var doc document
	s.do("", "GET", "/openapi.json", nil).want(200, &doc)
	return doc
}

func (s *server) operations() []route {
	var out []route
	for path, item := range s.document().Paths {
		for method, op := range item {
			out = append(out, route{strings.ToUpper(method), path, op.Scope})
		}
	}
	return out
}

func TestTheDocumentIsComplete(t *testing.T) {
	s := start(t)
	doc := s.document()
	if doc.OpenAPI != "3.1.0" || doc.Info.Version != "1.2.3" {
		t.Errorf("OpenAPI %q of release %q", doc.OpenAPI, doc.Info.Version)
	}
	seen := map[string]bool{}
	for path, item := range doc.Paths {
		for method, op := range item {
			what := method + " " + path
			if op.Summary == "" || len(op.Tags) != 1 || op.OperationID == "" || seen[op.OperationID] {
				t.Errorf("%s: summary %q, tags %q, id %q", what, op.Summary, op.Tags, op.OperationID)
			}
			seen[op.OperationID] = true
			switch {
			case op.Scope == "anybody" && len(op.Security) == 1 && len(op.Security[0]) == 0:
			case op.Scope == "session" && len(op.Security) == 1:
			case (op.Scope == "somebody" || slices.Contains(tandem.Scopes(), tandem.Scope(op.Scope))) && len(op.Security) == 2:
			default:
				t.Errorf("%s: security %v, scope %q", what, op.Security, op.Scope)
			}
			if op.Responses["302"].Description != "" {
				continue // an address that browsers are sent to: it refuses by sending them on
			}
			for _, status := range []string{"401", "403", "500", "503"} {
				if op.Responses[status].Content["application/problem+json"].Schema.Ref == "" {
					t.Errorf("%s: answer %s is not described as a problem", what, status)
				}
			}
			good := 0
			for status, r := range op.Responses {
				if status[0] == '2' && r.Description != "" {
					good++
				}
			}
			if good != 1 {
				t.Errorf("%s: %d successful answers", what, good)
			}
			for _, p := range op.Parameters {
				if p.Description == "" {
					t.Errorf("%s: parameter %s is not described", what, p.Name)
				}
			}
			if (method == "put" || method == "patch") && op.RequestBody == nil {
				t.Errorf("%s: no body", what)
			}
		}
	}
	if len(seen) < 35 {
		t.Errorf("only %d operations", len(seen))
	}
}

func TestSchemasHaveReadableNamesAndReferencesThatLead(t *testing.T) {
	s := start(t)
	doc := s.document()
	name := regexp.MustCompile(`^[A-Z][A-Za-z0-9]+$`)
	for n := range doc.Components.Schemas {
		if !name.MatchString(n) {
			t.Errorf("schema %q", n)
		}
	}
	raw := s.do("", "GET", "/openapi.json", nil).body
	for _, m := range regexp.MustCompile(`"\$ref": ?"#/components/schemas/([^"]+)"`).FindAllSubmatch(raw, -1) {
		if doc.Components.Schemas[string(m[1])] == nil {
			t.Errorf("reference to %s, which is not there", m[1])
		}
	}
	var call struct {
		Properties map[string]any
		Required   []string
	}
	if err := json.Unmarshal(doc.Components.Schemas["Call"], &call); err != nil {
		t.Fatal(err)
	}
	if call.Properties["stage"] == nil || call.Properties["duration_seconds"] == nil || !slices.Contains(call.Required, "stage") {
		t.Errorf("Call has %v", call.Properties)
	}
}

func TestTheReferenceIsAPageOfItsOwn(t *testing.T) {
	s := start(t)
	a := s.do("", "GET", "/docs", nil).want(200, nil)
	page := string(a.body)
	for _, want := range []string{`<html lang="en">`, `id="create-agent"`, `id="schema-Problem"`, "curl", "/v1/calls/{call}/events"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, op := range s.document().Paths {
		for _, o := range op {
			if !strings.Contains(page, `id="`+o.OperationID+`"`) {
				t.Errorf("the page lacks %s", o.OperationID)
			}
		}
	}
	if m := regexp.MustCompile(`(?i)<script|<style|style="|(src|href)="(https?:)?//`).FindString(page); m != "" {
		t.Errorf("the page has %q", m)
	}
	for _, m := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if !strings.Contains(page, `id="`+m[1]+`"`) {
			t.Errorf("a link leads to #%s, which is not there", m[1])
		}
	}
	if csp := a.header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
		t.Errorf("policy %q", csp)
	}
}

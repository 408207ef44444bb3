package llm

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tandem"
)

const (
	// maxText bounds a text that the model wrote, in characters.
	maxText = 2000
	// maxFault bounds what is said of something that does not fit.
	maxFault = 200
	// maxObjects bounds how often something that begins like an object is tried.
	maxObjects = 64
)

// reading is what an answer says, as far as it fits.
type reading struct {
	summary  string
	findings map[string]tandem.Finding
	faults   map[string]string // why a field's part does not fit
	whole    string            // why the answer as a whole does not
}

// read takes an answer apart. Quotes have to occur in the recording.
func (f *form) read(text string, rec recording) reading {
	r := reading{findings: map[string]tandem.Finding{}, faults: map[string]string{}}
	doc := jsonIn(text)
	if doc == nil {
		r.whole = "it is not a JSON object"
		for _, field := range f.fields {
			r.faults[field.Name] = r.whole
		}
		return r
	}
	r.summary, _ = doc["summary"].(string)
	r.summary = clean(r.summary, maxText)
	parts, _ := doc["fields"].(map[string]any)
	for _, field := range f.fields {
		if finding, why := f.fit(field, parts, rec); why == "" {
			r.findings[field.Name] = finding
		} else {
			r.faults[field.Name] = why
		}
	}
	if len(r.faults) == 0 {
		if err := f.whole.Validate(doc); err != nil {
			r.whole = fault(err)
		}
	}
	return r
}

// fit reads a field's part, or says why it does not fit.
func (f *form) fit(field tandem.Field, parts map[string]any, rec recording) (_ tandem.Finding, why string) {
	part, ok := parts[field.Name].(map[string]any)
	if !ok {
		return tandem.Finding{}, "it is missing"
	}
	if err := f.parts[field.Name].Validate(part); err != nil {
		return tandem.Finding{}, fault(err)
	}
	if err := field.Accepts(part["value"]); err != nil {
		return tandem.Finding{}, clean(err.Error(), maxFault)
	}
	quote, _ := part["quote"].(string)
	reason, _ := part["reason"].(string)
	return finding(field, part["value"], reason, quote, rec), ""
}

// unfounded is noted where the model quotes what nobody said.
const unfounded = "(The words that the model quotes do not occur in the call.)"

func finding(field tandem.Field, value any, reason, quote string, rec recording) tandem.Finding {
	out := tandem.Finding{Value: value, Reason: clean(reason, maxText)}
	if text, ok := value.(string); ok && field.Type == tandem.Text {
		if text = clean(text, maxText); text == "" {
			out.Value = nil
		} else {
			out.Value = text
		}
	}
	if out.Value == nil && out.Reason == "" {
		out.Reason = "the model found nothing in the call that says it"
	}
	quote = clean(linePrefix.ReplaceAllString(quote, ""), maxText)
	switch {
	case quote == "":
	case rec.holds(quote):
		out.Quote = quote
	default:
		out.Reason = strings.TrimSpace(out.Reason + " " + unfounded)
	}
	return out
}

// fits says whether nothing is left to repair.
func (r reading) fits() bool { return len(r.faults) == 0 && r.whole == "" }

// faultList lists what does not fit, for the model.
func (r reading) faultList() []string {
	if r.whole != "" {
		return []string{r.whole}
	}
	var out []string
	for name, why := range r.faults {
		out = append(out, name+": "+why)
	}
	slices.Sort(out)
	return out
}

// mended is r with what a later answer says better.
func (r reading) mended(by reading) reading {
	for name, finding := range by.findings {
		r.findings[name] = finding
		delete(r.faults, name)
	}
	for name, why := range by.faults {
		if _, ok := r.findings[name]; !ok {
			r.faults[name] = why
		}
	}
	if by.summary != "" {
		r.summary = by.summary
	}
	return r
}

// jsonIn finds the answer in what a model wrote, which may think aloud before it,
// fence it or chat around it: the last object that has fields, else the last one;
// nil when there is none.
func jsonIn(text string) map[string]any {
	if thought, ok := strings.CutPrefix(strings.TrimSpace(text), "<think>"); ok {
		_, text, _ = strings.Cut(thought, "</think>")
	}
	var found map[string]any
	for range maxObjects {
		i := strings.IndexByte(text, '{')
		if i < 0 {
			break
		}
		text = text[i:]
		dec := json.NewDecoder(strings.NewReader(text))
		var doc map[string]any
		if err := dec.Decode(&doc); errors.Is(err, io.ErrUnexpectedEOF) {
			break // half an answer; what is whole within it is not the answer
		} else if err != nil {
			text = text[1:]
			continue
		}
		text = text[dec.InputOffset():]
		if _, better := doc["fields"]; better || found == nil || found["fields"] == nil {
			found = doc
		}
	}
	return found
}

// clean makes what a model wrote storable: valid UTF-8 without controls, and at
// most so many characters.
func clean(text string, characters int) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	text = strings.TrimSpace(text)
	if utf8.RuneCountInString(text) > characters {
		text = string([]rune(text)[:characters])
	}
	return text
}

// clip cuts a text to so many bytes, or a few less.
func clip(text string, size int) string {
	if len(text) > size {
		text = text[:size]
	}
	return strings.ToValidUTF8(text, "")
}

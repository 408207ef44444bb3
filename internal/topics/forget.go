package topics

import (
	"encoding/json"
	"fmt"
	"slices"

	"tandem"
)

// Forget gives what came of a grouping without what rests on the words of calls that
// are gone: they are typical of no group, and a group that a language model named
// after seeing one of them has its words for a name. Numbers stay as they were. It
// says whether anything changed.
//
// Which calls are in a group is the store's to delete. A group's words stay: they are
// of several callers.
func Forget(g tandem.Grouping, gone func(tandem.ID) bool) (tandem.Grouping, bool, error) {
	return revise(g, func(r *Report, m *model) bool {
		changed := false
		for i := range r.Groups {
			was := len(r.Groups[i].Typical)
			r.Groups[i].Typical = slices.DeleteFunc(r.Groups[i].Typical, func(t TypicalCall) bool { return gone(t.CallID) })
			changed = changed || len(r.Groups[i].Typical) < was
		}
		for i := range m.Groups {
			if slices.ContainsFunc(m.Groups[i].From, gone) {
				m.Groups[i].byWords()
				if i < len(r.Groups) {
					r.Groups[i].Name, r.Groups[i].Description = m.Groups[i].Name, ""
				}
				changed = true
			}
		}
		return changed
	})
}

// Redact gives what came of a grouping with its groups' names, descriptions and words
// redacted. It says whether anything changed.
func Redact(g tandem.Grouping, redact func(string) string) (tandem.Grouping, bool, error) {
	return revise(g, func(r *Report, m *model) bool {
		found := func(text string) bool { return redact(text) != text }
		changed := m.Words != nil && m.Words.Hide(found)
		for i := range m.Groups {
			d := &m.Groups[i]
			was := len(d.Telling)
			d.Telling = slices.DeleteFunc(d.Telling, found)
			if name := (tandem.GroupName{Name: redact(d.Name), Description: redact(d.Description)}); len(d.Telling) == was && name == d.GroupName {
				continue
			} else if d.GroupName = name; len(d.From) == 0 {
				d.byWords()
			}
			changed = true
			if i < len(r.Groups) {
				r.Groups[i].Name, r.Groups[i].Description, r.Groups[i].Terms = d.Name, d.Description, d.Telling
			}
		}
		return changed
	})
}

// revise changes a grouping's report and model.
func revise(g tandem.Grouping, change func(*Report, *model) bool) (tandem.Grouping, bool, error) {
	if g.Report == nil {
		return g, false, nil
	}
	var report Report
	if err := json.Unmarshal(g.Report, &report); err != nil {
		return g, false, fmt.Errorf("read the report: %w", err)
	}
	m := readModel(g.Model)
	known := m != nil
	if !known {
		m = &model{}
	}
	if !change(&report, m) {
		return g, false, nil
	}
	var err error
	if g.Report, err = json.Marshal(report); err != nil {
		return g, false, fmt.Errorf("write the report: %w", err)
	}
	if known {
		if g.Model, err = json.Marshal(m); err != nil {
			return g, false, fmt.Errorf("write the model: %w", err)
		}
	}
	return g, true, nil
}

package tandem

import (
	"errors"
	"maps"
	"regexp"
	"slices"
)

// Rule fills a field from the words of a transcript, without a language model. It
// reads the turns in their order and takes the first match, or the last:
//
//   - boolean: true where a keyword or the pattern matches, else Otherwise;
//   - selector: the choice one of whose words or phrases matches;
//   - number: what Extract finds (amount or number), or the pattern's first group;
//   - text: what Extract finds, or the pattern's first group, or all of its match.
type Rule struct {
	Speaker  Role     `json:"speaker,omitempty" enum:"agent,caller" doc:"Whose turns are read; default: both"`
	Keywords []string `json:"keywords,omitempty" doc:"Booleans: words or phrases of which one has to occur, whole, whatever its case and accents"`
	Pattern  string   `json:"pattern,omitempty" doc:"Regular expression (RE2); case matters unless it begins with (?i)"`
	Extract  Extract  `json:"extract,omitempty" enum:"phone,email,amount,date,number" doc:"Texts and numbers: the kind of thing to find"`
	// Choices gives the words of each choice of a selector.
	Choices map[string][]string `json:"choices,omitempty" doc:"Selectors: words or phrases by choice"`
	Last    bool                `json:"last,omitempty" doc:"Take the last match, not the first"`
	// Otherwise is a boolean's value when nothing matches.
	Otherwise *bool `json:"otherwise,omitempty" doc:"Booleans: the value when nothing matches; unknown without it"`
}

// Extract is a kind of thing that rules find in text.
type Extract string

// The kinds of things.
const (
	ExtractPhone  Extract = "phone"  // a telephone number with its country code, as E.164
	ExtractEmail  Extract = "email"  // an address, in lower case
	ExtractAmount Extract = "amount" // a sum of money: its number
	ExtractDate   Extract = "date"   // as 2026-05-04, or --05-04 without a year
	ExtractNumber Extract = "number" // written in digits
)

// maxRuleWords bounds the words and phrases of a rule.
const maxRuleWords = 500

// validate checks the rule of f.
func (r Rule) validate(f Field) error {
	var errs []error
	refuse := func(field, format string, args ...any) {
		errs = append(errs, Errorf(Invalid, "rule."+field, format, args...))
	}
	if r.Speaker != "" && r.Speaker != RoleAgent && r.Speaker != RoleCaller {
		refuse("speaker", "is %q; expected agent or caller", clip(string(r.Speaker)))
	}
	pattern, err := regexp.Compile(r.Pattern)
	switch {
	case err != nil:
		refuse("pattern", "is no regular expression: %v", err)
	case r.Pattern != "" && f.Type == Number && pattern.NumSubexp() == 0:
		refuse("pattern", "has no group; expected one, around the number")
	}
	ways := 0
	for name, given := range map[string]bool{"keywords": len(r.Keywords) > 0, "pattern": r.Pattern != "", "extract": r.Extract != "", "choices": len(r.Choices) > 0} {
		if !given {
			continue
		}
		ways++
		if !slices.Contains(waysOf[f.Type], name) {
			refuse(name, "does not go with type %s; expected one of %v", f.Type, waysOf[f.Type])
		}
	}
	if ways == 0 || ways > 1 && f.Type != Boolean {
		refuse("pattern", "is one of %v, of which a %s needs one", waysOf[f.Type], f.Type)
	}
	if r.Extract != "" && !slices.Contains(extractsOf[f.Type], r.Extract) {
		refuse("extract", "is %q; a %s takes one of %v", clip(string(r.Extract)), f.Type, extractsOf[f.Type])
	}
	if r.Otherwise != nil && f.Type != Boolean {
		refuse("otherwise", "goes with type boolean, not %s", f.Type)
	}
	phrases := len(r.Keywords)
	for _, choice := range slices.Sorted(maps.Keys(r.Choices)) {
		phrases += len(r.Choices[choice])
		if !slices.Contains(f.Choices, choice) || len(r.Choices[choice]) == 0 {
			refuse("choices", "has words for %q, or none; expected some for choices among %q", clip(choice), f.Choices)
		}
	}
	if phrases > maxRuleWords {
		refuse("keywords", "are %d words and phrases; expected at most %d", phrases, maxRuleWords)
	}
	return errors.Join(errs...)
}

// waysOf lists how a field of each type can be filled.
var waysOf = map[FieldType][]string{
	Boolean: {"keywords", "pattern"}, Selector: {"choices"}, Number: {"extract", "pattern"}, Text: {"extract", "pattern"},
}

var extractsOf = map[FieldType][]Extract{
	Number: {ExtractAmount, ExtractNumber}, Text: {ExtractPhone, ExtractEmail, ExtractDate},
}

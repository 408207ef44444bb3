package rules

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem"
)

func said(texts ...string) []tandem.Turn {
	turns := make([]tandem.Turn, len(texts))
	for i, s := range texts {
		turns[i] = tandem.Turn{Role: []tandem.Role{tandem.RoleAgent, tandem.RoleCaller}[i%2], Text: s}
	}
	return turns
}

func TestRulesFillFields(t *testing.T) {
	no, ten := false, 10.0
	for _, c := range []struct {
		name  string
		field tandem.Field
		turns []tandem.Turn
		want  tandem.Finding
	}{
		{
			"a keyword, whatever its case and accents",
			tandem.Field{Type: tandem.Boolean, Rule: &tandem.Rule{Keywords: []string{"réservé"}}},
			said("C'est RESERVE!"),
			tandem.Finding{Value: true, Quote: "C'est RESERVE!", Reason: "said by the agent"},
		},
		{
			"a word is no part of another",
			tandem.Field{Type: tandem.Boolean, Rule: &tandem.Rule{Keywords: []string{"book"}}},
			said("No booking."),
			tandem.Finding{Reason: "nothing that the rule looks for was said"},
		},
		{
			"what nothing matches can be false",
			tandem.Field{Type: tandem.Boolean, Rule: &tandem.Rule{Pattern: `(?i)order #\d+`, Otherwise: &no}},
			said("Order 7."),
			tandem.Finding{Value: false, Reason: "nothing that the rule looks for was said"},
		},
		{
			"one speaker",
			tandem.Field{Type: tandem.Boolean, Rule: &tandem.Rule{Speaker: tandem.RoleCaller, Keywords: []string{"yes"}}},
			said("Yes?", "no"),
			tandem.Finding{Reason: "nothing that the rule looks for was said"},
		},
		{
			"a tool says nothing",
			tandem.Field{Type: tandem.Boolean, Rule: &tandem.Rule{Keywords: []string{"booked"}}},
			[]tandem.Turn{{Role: tandem.RoleTool, Text: "booked"}},
			tandem.Finding{Reason: "nothing that the rule looks for was said"},
		},
		{
			"a choice",
			tandem.Field{Type: tandem.Selector, Choices: []string{"sales", "support"}, Rule: &tandem.Rule{Choices: map[string][]string{"sales": {"buy", "price"}, "support": {"broken", "does not work"}}}},
			said("Buy, or is it broken?", "It does not work"),
			tandem.Finding{Value: "support", Quote: "It does not work", Reason: "said by the caller"},
		},
		{
			"the last amount",
			tandem.Field{Type: tandem.Number, Rule: &tandem.Rule{Extract: tandem.ExtractAmount, Last: true}},
			said("That is $ 1,234.50 or 20 euros; so €1.300, then.", "Fine"),
			tandem.Finding{Value: 1300.0, Quote: "€1.300", Reason: "said by the agent"},
		},
		{
			"a number in the pattern's group",
			tandem.Field{Type: tandem.Number, Rule: &tandem.Rule{Pattern: `(?i)party of (\d+)`}},
			said("A party of 6"),
			tandem.Finding{Value: 6.0, Quote: "party of 6", Reason: "said by the agent"},
		},
		{
			"a number out of its range",
			tandem.Field{Name: "people", Type: tandem.Number, Max: &ten, Rule: &tandem.Rule{Extract: tandem.ExtractNumber}},
			said("We are 60"),
			tandem.Finding{Reason: "what was found is no value of the field: people: is 60, outside the field's range"},
		},
		{
			"an address",
			tandem.Field{Type: tandem.Text, Rule: &tandem.Rule{Extract: tandem.ExtractEmail}},
			said("", "It is Ann.Lee+x@Mail.Example.COM."),
			tandem.Finding{Value: "ann.lee+x@mail.example.com", Quote: "Ann.Lee+x@Mail.Example.COM", Reason: "said by the caller"},
		},
		{
			"a telephone number",
			tandem.Field{Type: tandem.Text, Rule: &tandem.Rule{Extract: tandem.ExtractPhone}},
			said("0041 44 668 18 00, please"),
			tandem.Finding{Value: "+41446681800", Quote: "0041 44 668 18 00", Reason: "said by the agent"},
		},
		{
			"the last date",
			tandem.Field{Type: tandem.Text, Rule: &tandem.Rule{Extract: tandem.ExtractDate, Last: true}},
			said("Not 2026-02-30 and not May 4th, 2026, but the 5th of june."),
			tandem.Finding{Value: "--06-05", Quote: "5th of june.", Reason: "said by the agent"},
		},
		{
			"a date that can be read in two ways",
			tandem.Field{Type: tandem.Text, Rule: &tandem.Rule{Extract: tandem.ExtractDate}},
			said("04/05/2026"),
			tandem.Finding{Reason: "nothing that the rule looks for was said"},
		},
		{
			"a whole match",
			tandem.Field{Type: tandem.Text, Rule: &tandem.Rule{Pattern: `[A-Z]{2}-\d{4}`}},
			said("Your code is AB-1234."),
			tandem.Finding{Value: "AB-1234", Quote: "AB-1234", Reason: "said by the agent"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok := Fill(c.field, c.turns)
			if d := cmp.Diff(c.want, got); !ok || d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
		})
	}
	if _, ok := Fill(tandem.Field{Type: tandem.Text}, said("x")); ok {
		t.Error("a field without a rule was filled")
	}
}

func TestNumbersAreReadInEitherCustom(t *testing.T) {
	for text, want := range map[string]float64{
		"1": 1, "1.5": 1.5, "1,5": 1.5, "1,234": 1234, "1.234": 1234, "1,234.50": 1234.5, "1.234,50": 1234.5, "1 234,5": 1234.5,
		"12,34": 12.34, "1,234,567": 1234567, "0.125": 0.125, "-7": -7, "1'000": 1000,
	} {
		if got, ok := number(text); !ok || got != want {
			t.Errorf("%q is %v (%t), want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", ".", "a"} {
		if got, ok := number(text); ok {
			t.Errorf("%q is %v", text, got)
		}
	}
}

func FuzzFill(f *testing.F) {
	f.Add("That is $ 1,234.50 or 20 euros on May 4th, 2026, call +1 415 555 0100 or a@b.cd", true)
	f.Fuzz(func(t *testing.T, text string, last bool) {
		for typ, kinds := range map[tandem.FieldType][]tandem.Extract{
			tandem.Number: {tandem.ExtractAmount, tandem.ExtractNumber}, tandem.Text: {tandem.ExtractDate, tandem.ExtractEmail, tandem.ExtractPhone},
		} {
			for _, kind := range kinds {
				field := tandem.Field{Name: "x", Type: typ, Rule: &tandem.Rule{Extract: kind, Last: last}}
				got, _ := Fill(field, []tandem.Turn{{Role: tandem.RoleCaller, Text: text}})
				if err := field.Accepts(got.Value); err != nil {
					t.Errorf("%s in %q: %v", kind, text, err)
				}
			}
		}
	})
}

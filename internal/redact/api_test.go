package redact

import (
	"errors"
	"maps"
	"reflect"
	"slices"
	"testing"

	"tandem"
)

func TestRedactorsRefuseWhatTheyDoNotKnow(t *testing.T) {
	for _, c := range []struct {
		name, field string
		cfg         Config
	}{
		{"a kind that there is not", "kinds[1]", Config{Kinds: []Kind{Phone, "address"}}},
		{"a kind that comes twice", "kinds[2]", Config{Kinds: []Kind{Phone, Email, Phone}}},
		{"a name without letters", "names[1]", Config{Names: []string{"Anna", " - "}}},
		{"a region that there is not", "region", Config{Region: "XX"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := New(c.cfg)
			if e, ok := errors.AsType[*tandem.Error](err); !ok || e.Code != tandem.Invalid || e.Field != c.field {
				t.Errorf("got %v, want an Invalid error of %s", err, c.field)
			}
		})
	}
}

func TestPersonalDataIsReplacedByItsKind(t *testing.T) {
	everything := Kinds()
	for _, c := range []struct {
		name  string
		kinds []Kind
		text  string
		want  string
		count Counts
	}{
		{"nothing is found in nothing", nil, "", "", Counts{}},
		{"every kind", everything, "Anna, a@b.co, (415) 555-0132, 4242 4242 4242 4242, DE89 3704 0044 0532 0130 00 and 301-22-4401.", "[name], [email], [phone], [card], [iban] and [ssn].", Counts{Name: 1, Email: 1, Phone: 1, Card: 1, IBAN: 1, SSN: 1}},
		{"only the kinds asked for", []Kind{Email}, "Anna, a@b.co, (415) 555-0132", "Anna, [email], (415) 555-0132", Counts{Email: 1}},
		{"a possessive stays", nil, "ANNA’s number", "[name]’s number", Counts{Name: 1}},
		{"an e-mail address hides the name in it", nil, "anna at gmail dot com", "[email]", Counts{Email: 1}},
		{"a name of two words before the at", nil, "my email is john smith at gmail dot com", "my email is [email]", Counts{Email: 1}},
		{"an area code", nil, "area code four one five, five five five oh one three two", "area code [phone]", Counts{Phone: 1}},
		{"a plus goes with its number", nil, "it's plus four nine, three oh, two three one two five one hundred", "it's [phone]", Counts{Phone: 1}},
		{"digits of other scripts", nil, "phone ４１５ ５５５ ０１３２", "phone [phone]", Counts{Phone: 1}},
		{"what is no UTF-8 stays", nil, "\xff415-555-0132\xfe", "\xff[phone]\xfe", Counts{Phone: 1}},
		{"two numbers in a row", nil, "415-555-0132, 415-555-0133", "[phone], [phone]", Counts{Phone: 2}},
		{"a placeholder is no cue", nil, "[phone] 555 0132", "[phone] 555 0132", Counts{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := New(Config{Kinds: c.kinds, Names: listedNames})
			if err != nil {
				t.Fatal(err)
			}
			got, counts := r.Text(c.text)
			if got != c.want || !maps.Equal(counts, c.count) {
				t.Errorf("got %q, %v; want %q, %v", got, counts, c.want, c.count)
			}
		})
	}
}

func TestANumberGoesOnInTheNextTurnOfItsSpeaker(t *testing.T) {
	for _, c := range []struct {
		name  string
		turns []string // agent and caller in turn
		want  []string
		count Counts
	}{
		{"with an interjection between", []string{"Phone?", "uh, four one five", "mm-hm", "and five five five oh one three two, thanks"}, []string{"Phone?", "uh, [phone]", "mm-hm", "and [phone], thanks"}, Counts{Phone: 1}},
		{"over many turns", []string{"Card?", "4242", "yes", "4242.", "go on", "4242", "", "4242"}, []string{"Card?", "[card]", "yes", "[card].", "go on", "[card]", "", "[card]"}, Counts{Card: 1}},
		{"not when it was complete", []string{"Phone?", "415-555-0132", "When?", "9 am"}, []string{"Phone?", "[phone]", "When?", "9 am"}, Counts{Phone: 1}},
		{"not when the other says much", []string{"Phone?", "four one five", "One moment, there is something that I have to look up first", "five five five oh one three two people"}, nil, Counts{}},
		{"not when more than the number was said", []string{"When?", "at four one five", "go on", "for five people, five five oh one three two"}, nil, Counts{}},
		{"not of two speakers", []string{"415", "555 0132"}, nil, Counts{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var turns []tandem.Turn
			for i, s := range c.turns {
				turns = append(turns, tandem.Turn{Role: []tandem.Role{tandem.RoleAgent, tandem.RoleCaller}[i%2], Text: s})
			}
			if c.want == nil {
				c.want = c.turns
			}
			after, counts := all(t).Turns(turns)
			var got []string
			for _, turn := range after {
				got = append(got, turn.Text)
			}
			if !slices.Equal(got, c.want) || !maps.Equal(counts, c.count) {
				t.Errorf("got %q, %v; want %q, %v", got, counts, c.want, c.count)
			}
		})
	}
}

func TestWhoeverSpeaksIsRedacted(t *testing.T) {
	for _, role := range []tandem.Role{tandem.RoleAgent, tandem.RoleCaller, tandem.RoleTool, "", "narrator"} {
		after, _ := all(t).Turns([]tandem.Turn{{Role: role, Text: `{"phone": "+14155550132"}`}})
		if want := `{"phone": "[phone]"}`; after[0].Text != want {
			t.Errorf("%q: %s, want %s", role, after[0].Text, want)
		}
	}
}

func TestOnlyTextAmongValuesIsRedacted(t *testing.T) {
	r := all(t)
	for _, c := range []struct{ value, want any }{
		{"call 415-555-0132", "call [phone]"}, {4155550132.0, 4155550132.0}, {true, true}, {nil, nil},
	} {
		if got := r.Value(c.value); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%v became %v, want %v", c.value, got, c.want)
		}
	}
}

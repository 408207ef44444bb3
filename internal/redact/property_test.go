package redact

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tandem"
)

func all(t testing.TB) *Redactor {
	t.Helper()
	r, err := New(Config{Names: listedNames})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// pieces are what speech is drawn of: what matters to some form, and what does not.
var pieces = rapid.SampledFrom([]string{
	"four", "one", "five five five", "oh", "double", "triple", "hundred", "forty", "two", "4155550132", "555", "0132", "415-555-0132", "+49 30 23125 100", "(415)", "+",
	"4242 4242", "4111111111111111", "DE89 3704 0044 0532 0130 00", "D E eight nine", "301-22-4401", "301224401", "social", "order", "number", "phone", "call me",
	"john", "dot", "at", "example", "com", "gmail", "@", "a@b.co", "_", "anna", "Anna's", "García", "Jean", "Luc", "Mary Jane", "[phone]", "[name]", "[", "]",
	",", ".", "?", "!", "-", "/", "uh", "and", "is", "it's", "\xff", "é", "\u00a0", "$", "８", "x",
})

// speech draws texts in which forms meet one another.
func speech() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		var out strings.Builder
		for range rapid.IntRange(0, 25).Draw(t, "pieces") {
			out.WriteString(pieces.Draw(t, "piece"))
			out.WriteString(rapid.SampledFrom([]string{" ", " ", " ", "", ", "}).Draw(t, "gap"))
		}
		return out.String()
	})
}

func conversations() *rapid.Generator[[]tandem.Turn] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) tandem.Turn {
		start, end := rapid.Int64Range(0, 100).Draw(t, "start"), rapid.Int64Range(100, 200).Draw(t, "end")
		return tandem.Turn{
			Role: rapid.SampledFrom([]tandem.Role{tandem.RoleCaller, tandem.RoleAgent, tandem.RoleTool}).Draw(t, "role"),
			Text: speech().Draw(t, "text"), StartMS: &start, EndMS: &end, Interrupted: rapid.Bool().Draw(t, "interrupted"),
		}
	}), 0, 6)
}

func TestRedactedTextHasNothingMoreToFind(t *testing.T) {
	r := all(t)
	rapid.Check(t, func(t *rapid.T) {
		s := speech().Draw(t, "text")
		once, _ := r.Text(s)
		if twice, counts := r.Text(once); twice != once || len(counts) > 0 {
			t.Errorf("%q gives %q, that %q", s, once, twice)
		}
	})
}

func TestRedactedTurnsHaveNothingMoreToFind(t *testing.T) {
	r := all(t)
	rapid.Check(t, func(t *rapid.T) {
		once, _ := r.Turns(conversations().Draw(t, "turns"))
		if twice, counts := r.Turns(once); !reflect.DeepEqual(once, twice) || len(counts) > 0 {
			t.Errorf("%v gives %v", once, twice)
		}
	})
}

func TestOnlyTextsChange(t *testing.T) {
	r := all(t)
	rapid.Check(t, func(t *rapid.T) {
		turns := conversations().Draw(t, "turns")
		before := slices.Clone(turns)
		after, _ := r.Turns(turns)
		if !reflect.DeepEqual(turns, before) {
			t.Fatalf("the argument was changed")
		}
		if len(after) != len(turns) {
			t.Fatalf("%d turns became %d", len(turns), len(after))
		}
		for i := range after {
			if !between(turns[i].Text, after[i].Text) {
				t.Errorf("%q became %q", turns[i].Text, after[i].Text)
			}
			after[i].Text = turns[i].Text
		}
		if !reflect.DeepEqual(turns, after) {
			t.Errorf("more than texts changed")
		}
	})
}

// between says whether after is before with some of its parts replaced by
// placeholders: what is between the placeholders comes in before, in order, and the
// ends are the same.
func between(before, after string) bool {
	for _, p := range placeholders {
		after = strings.ReplaceAll(after, p, "\x00")
		before = strings.ReplaceAll(before, p, "\x00")
	}
	parts := strings.Split(after, "\x00")
	if len(parts) == 1 {
		return before == after
	}
	last := len(parts) - 1
	if !strings.HasPrefix(before, parts[0]) || !strings.HasSuffix(before, parts[last]) {
		return false
	}
	for _, p := range parts {
		_, rest, ok := strings.Cut(before, p)
		if !ok {
			return false
		}
		before = rest
	}
	return true
}

func FuzzText(f *testing.F) {
	for _, s := range []string{
		"call +49 (0)30 123 45 67 or four one five, five five five, oh one three two", "D E eight nine 3704 0044 0532 0130 00", "j underscore doe at gmail dot com",
		"4242 4242 4242 4242 and my social is 301224401", "Anna's José", "\xff\xfe[phone] \u0301", "ⅷ８ '’s", "a@b.co@c.de", "double", "hundred thousand", "(((555)-0132", "one hundred",
	} {
		f.Add(s)
	}
	r := all(f)
	f.Fuzz(func(t *testing.T, s string) {
		once, counts := r.Text(s)
		if twice, _ := r.Text(once); twice != once {
			t.Errorf("%q gives %q, that %q", s, once, twice)
		}
		if len(counts) == 0 && once != s {
			t.Errorf("%q became %q, though nothing was found", s, once)
		}
		if !between(s, once) {
			t.Errorf("%q became %q", s, once)
		}
	})
}

func FuzzTurns(f *testing.F) {
	f.Add("phone number? | four one five | go on | five five five | okay | oh one three two")
	f.Add("uh | 4242 | and | 4242 | | 4242 | 4242,")
	r := all(f)
	f.Fuzz(func(t *testing.T, s string) {
		var turns []tandem.Turn
		for i, text := range strings.Split(s, "|") {
			turns = append(turns, tandem.Turn{Role: []tandem.Role{tandem.RoleAgent, tandem.RoleCaller}[i%2], Text: text})
		}
		once, _ := r.Turns(turns)
		if twice, _ := r.Turns(once); !reflect.DeepEqual(once, twice) {
			t.Errorf("%v gives %v, that %v", turns, once, twice)
		}
	})
}

// TestALongTurnIsReadInLinearTime reads long turns of what would be slow if anything
// were read over and over: eight times as much may take 32 times as long, half of what
// quadratic time would.
func TestALongTurnIsReadInLinearTime(t *testing.T) {
	const short, times, most = 1 << 11, 8, 32
	german, err := New(Config{Region: "DE"})
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{
		"5", "1 ", "4, ", "4,", "one ", "oh, ", "415 ", "415, 555, 0132 ", "four one five five five five oh one three two, ", "+49 30 1, ", "0", "030 12, ", "x ", "a", "a ", "@", "a@", "a at ", "at dot ",
		"a.", "D E 8 9 ", "DE89", "IT60 ", "[", "[phone]", "(", "(1", "'", "a's", "hundred ", "uh ", "five uh uh ", "double ", "anna ", "mary jane ", "\xff", "\u0301", "!?", "social 301224401 ", "twenty-", "8a",
		"anna order at x dot com 4155550132 ",
	} {
		for _, r := range []*Redactor{all(t), german} {
			brief := max(quickest(r, strings.Repeat(part, short/len(part))), time.Millisecond)
			if long := quickest(r, strings.Repeat(part, times*short/len(part))); long > most*brief {
				t.Errorf("%d bytes of %q took %v, %d times as many %v", short, part, brief, times, long)
			}
		}
	}
}

// quickest is the least time of three that a text takes.
func quickest(r *Redactor, text string) time.Duration {
	least := time.Duration(math.MaxInt64)
	for range 3 {
		start := time.Now()
		r.Text(text)
		least = min(least, time.Since(start))
	}
	return least
}

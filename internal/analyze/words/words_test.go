package words

import (
	"strings"
	"testing"
)

func TestTextsAreComparedByWholeWords(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{" ?!", ""},
		{"Sorry, I didn't catch that!", " sorry i didnt catch that "},
		{"Sorry, I didn’t catch that", " sorry i didnt catch that "},
		{"Ça va? ÉTÉ", " ca va ete "},
		{"Tschüß", " tschuß "},
		{"a-b 3,50", " a b 3 50 "},
		{"私は 学生", " 私は 学生 "},
	} {
		if got := Fold(c.text); got != c.want {
			t.Errorf("%q folds to %q, want %q", c.text, got, c.want)
		}
	}
	book := NewPhrases("cancel", "book", "come again", "?")
	for text, want := range map[string]bool{"Yes: BOOK it.": true, "a booking": false, "": false, "come; come again": true, "come": false, "again": false} {
		if got := book.In(Fold(text)); got != want {
			t.Errorf("%q: found %t", text, got)
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"didn't", "Ça va", "\xff\xfe", "́a", "İ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		folded := Fold(s)
		if again := Fold(folded); again != folded {
			t.Errorf("%q folds to %q, that to %q", s, folded, again)
		}
		if folded != "" && (!strings.HasPrefix(folded, " ") || !strings.HasSuffix(folded, " ") || strings.Contains(folded, "  ")) {
			t.Errorf("%q folds to %q", s, folded)
		}
	})
}

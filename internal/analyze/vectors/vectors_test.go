package vectors

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem/internal/corpus"
)

var docs = []string{
	"I want to book a table for two tonight",
	"a table for four please, a big table",
	"cancel my booking",
	"Where is my parcel? My parcel is late",
}

// Reference: scikit-learn 1.2.1, TfidfVectorizer(ngram_range=(1,2),
// sublinear_tf=True) with the same stop words.
func TestVectorsMatchScikitLearn(t *testing.T) {
	m := Fit(docs)
	want := map[string]float64{
		"big": 0.3839924939369993, "big table": 0.3839924939369993, "four": 0.3839924939369993,
		"four big": 0.3839924939369993, "table": 0.5125903071656913, "table four": 0.3839924939369993,
	}
	got := map[string]float64{}
	for _, w := range m.Vector(docs[1]) {
		got[m.Term(w.Term)] = w.Value
	}
	if m.Len() != 23 || len(got) != len(want) {
		t.Fatalf("%d terms, of which %v", m.Len(), got)
	}
	for term, x := range want {
		near(t, term, got[term], x)
	}
	v := make([]Vector, len(docs))
	for i, doc := range docs {
		v[i] = m.Vector(doc)
	}
	near(t, "a table and a table", Cosine(v[0], v[1]), 0.13763522020660793)
	near(t, "nothing in common", Cosine(v[1], v[3]), 0)
	q := m.Vector("book the table tonight, a table by the window")
	near(t, "a text that was not fitted", Cosine(q, v[0]), 0.6311334673275655)
	near(t, "a text that was not fitted", Cosine(q, v[1]), 0.31290720758172297)
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-12 {
		t.Errorf("%s: %.17g; want %.17g", what, got, want)
	}
}

func TestWordsAreComparedWithoutCaseAccentsAndPunctuation(t *testing.T) {
	m := Fit([]string{"Café, réservation!", "something else"})
	if c := Cosine(m.Vector("CAFE reservation"), m.Vector("café — réservation")); math.Abs(c-1) > 1e-12 {
		t.Errorf("%v; want 1", c)
	}
}

func TestATextWithoutWordsIsLikeNothing(t *testing.T) {
	for _, m := range []*Model{Fit(nil), Fit([]string{""}), Fit(docs)} {
		for _, text := range []string{"", "?!", "the a of", "zebra"} {
			v := m.Vector(text)
			if len(v) != 0 || Cosine(v, v) != 0 || Cosine(v, m.Vector(docs[0])) != 0 {
				t.Errorf("%q: %v", text, v)
			}
		}
	}
}

func TestCosinesAreOfLengthOneAndKnowNoOrder(t *testing.T) {
	word := rapid.SampledFrom([]string{"table", "book", "Tonight", "late", "parcel", "the", "zwölf", "", "?"})
	text := rapid.Custom(func(t *rapid.T) string {
		var out string
		for _, w := range rapid.SliceOfN(word, 0, 12).Draw(t, "words") {
			out += w + " "
		}
		return out
	})
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(text, 1, 8).Draw(t, "docs")
		m := Fit(all)
		backwards := slices.Clone(all)
		slices.Reverse(backwards)
		if d := cmp.Diff(m.Vector(all[0]), Fit(backwards).Vector(all[0])); d != "" {
			t.Fatal("the order of the docs matters:", d)
		}
		a, b := m.Vector(all[0]), m.Vector(rapid.SampledFrom(all).Draw(t, "other"))
		c := Cosine(a, b)
		if c != Cosine(b, a) || c < 0 || c > 1 {
			t.Fatalf("%v and %v", c, Cosine(b, a))
		}
		if len(a) > 0 && math.Abs(Cosine(a, a)-1) > 1e-12 {
			t.Fatalf("%v with itself", Cosine(a, a))
		}
		if !slices.IsSortedFunc(a, func(x, y Weight) int { return x.Term - y.Term }) {
			t.Fatalf("%v", a)
		}
	})
}

// TestRecordedDialoguesAreNearestToOnesOfTheirKind looks for the nearest of 1,000
// recorded dialogues by what the caller says first, and asks whether it is about
// the same service, more often than pairs are at large.
func TestRecordedDialoguesAreNearestToOnesOfTheirKind(t *testing.T) {
	type dialogue struct {
		Task  struct{ Services []string }
		Turns []struct{ Role, Text string }
	}
	var openings []string
	var services [][]string
	for d := range corpus.All[dialogue](t, "calls/sgd.jsonl.gz") {
		opening, left := "", 3
		for _, turn := range d.Turns {
			if turn.Role == "caller" && left > 0 {
				opening += turn.Text + " "
				left--
			}
		}
		if openings, services = append(openings, opening), append(services, d.Task.Services); len(openings) == 1000 {
			break
		}
	}
	m := Fit(openings)
	v := make([]Vector, len(openings))
	for i, text := range openings {
		v[i] = m.Vector(text)
	}
	shared := func(i, j int) bool {
		return slices.ContainsFunc(services[i], func(s string) bool { return slices.Contains(services[j], s) })
	}
	nearest, chance := 0, 0
	for i := range v {
		best, at := -1.0, 0
		for j := range v {
			if j == i {
				continue
			}
			if c := Cosine(v[i], v[j]); c > best {
				best, at = c, j
			}
			if shared(i, j) {
				chance++
			}
		}
		if shared(i, at) {
			nearest++
		}
	}
	others := float64(chance) / float64(len(v)*(len(v)-1))
	t.Logf("%d of %d are nearest to one about the same service; of all pairs, %.1f %% are", nearest, len(v), 100*others)
	if nearest < 900 || others > 0.2 {
		t.Errorf("%d of %d are nearest to one about the same service, of all pairs %.3f", nearest, len(v), others)
	}
}

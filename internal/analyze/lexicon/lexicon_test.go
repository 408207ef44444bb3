package lexicon

import (
	"strconv"
	"strings"
	"sync"
	"testing"

	"tandem"
	"tandem/internal/corpus"
)

func caller(texts ...string) []tandem.Turn {
	turns := []tandem.Turn{{Role: tandem.RoleAgent, Text: "What a wonderful, great, amazing day!"}}
	for _, s := range texts {
		turns = append(turns, tandem.Turn{Role: tandem.RoleCaller, Text: s})
	}
	return turns
}

func TestOnlyTheCallerIsRated(t *testing.T) {
	for _, c := range []struct {
		name      string
		turns     []tandem.Turn
		low, high float64
		quote     string
	}{
		{"angry", caller("I want a table.", "This is terrible, I hate it!"), -0.9, -0.2, "This is terrible, I hate it!"},
		{"pleased", caller("Thank you so much, that is great."), 0.3, 1, "Thank you so much, that is great."},
		{"neither", caller("I want a table for two on Friday."), 0, 0.1, ""},
	} {
		got := Sentiment(c.turns)
		x, ok := got.Value.(float64)
		if !ok || x < c.low || x > c.high || c.quote != "" && got.Quote != c.quote {
			t.Errorf("%s: %+v; want %v to %v", c.name, got, c.low, c.high)
		}
	}
	for name, turns := range map[string][]tandem.Turn{
		"nothing was said": caller(), "no words": caller("...", ""),
		"German":  caller("Ich möchte einen Tisch für zwei Personen, das ist ja furchtbar.", "Was war das?"),
		"French":  caller("Je voudrais une table pour deux personnes, c'est affreux."),
		"Spanish": caller("Quiero una mesa para dos personas, no me gusta nada esto."),
	} {
		if got := Sentiment(turns); got.Value != nil || got.Reason == "" {
			t.Errorf("%s: %+v; want unknown, with a reason", name, got)
		}
	}
}

func TestManyMayRateAtOnce(t *testing.T) {
	want := Text("I am really not happy, but thank you!")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				if got := Text("I am really not happy, but thank you!"); got != want {
					t.Errorf("%v, then %v", want, got)
				}
			}
		})
	}
	all.Wait()
}

// TestHowWellTheListAgreesWithPeople says it, and that it is better than always
// guessing the most frequent answer. These are tweets, for which the list was
// made: calls will be harder.
func TestHowWellTheListAgreesWithPeople(t *testing.T) {
	// Three classes: people's average within half a point of 0 is neither; VADER's
	// authors draw the line for scores at 0.05.
	class := func(x, line float64) int {
		switch {
		case x >= line:
			return 2
		case x <= -line:
			return 0
		}
		return 1
	}
	var table [3][3]float64 // by people, by list
	header := true
	for line := range corpus.Lines(t, "sentiment/vader_tweets.tsv.gz") {
		if header {
			header = false
			continue
		}
		cols := strings.SplitN(string(line), "\t", 3)
		rating, err := strconv.ParseFloat(cols[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		table[class(rating, 0.5)][class(Text(cols[2]), 0.05)]++
	}
	var all, right, most, f1 float64
	for k := range table {
		var said, is float64
		for j := range table {
			is += table[k][j]
			said += table[j][k]
		}
		all += is
		right += table[k][k]
		most = max(most, is)
		f1 += 2 * table[k][k] / (is + said) / 3
	}
	t.Logf("%.0f tweets: accuracy %.3f, macro F1 %.3f; always the most frequent answer: accuracy %.3f", all, right/all, f1, most/all)
	if all != 4200 || right/all < most/all+0.1 {
		t.Errorf("accuracy %v over %v tweets, the most frequent answer %v", right/all, all, most/all)
	}
}

func BenchmarkSentiment(b *testing.B) {
	turns := caller("I would like to book a table for two, please.", "That is great, thank you!", "No, this does not work at all.")
	for b.Loop() {
		Sentiment(turns)
	}
}

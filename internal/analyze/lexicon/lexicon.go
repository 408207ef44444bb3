// Package lexicon rates the sentiment of what callers say with a word list:
// VADER (Hutto and Gilbert 2014, Eighth International AAAI Conference on Weblogs
// and Social Media, 216-225).
//
// Turns flow in, a finding flows out. It is a pure function. It knows English
// only, and counts words with weights: irony, and what a sentence means in its
// context, it cannot see.
package lexicon

import (
	"math"
	"strings"
	"sync"

	"github.com/jonreiter/govader"

	"tandem"
	"tandem/internal/analyze/words"
)

// Note says what this cannot do.
const Note = "Sentiment is rated by a list of English words (VADER): irony and context are not understood, and callers who speak another language have none."

var vader = sync.OnceValue(govader.NewSentimentIntensityAnalyzer)

// Text rates one English text: VADER's compound score, -1 (worst) to 1 (best).
func Text(text string) float64 {
	s := vader().PolarityScores(text).Compound
	if math.IsNaN(s) {
		return 0
	}
	return max(-1, min(1, s))
}

// Sentiment rates the caller's turns: the average of their scores, each with the
// weight of its words. It is unknown when the caller said nothing, or not in
// English.
func Sentiment(turns []tandem.Turn) tandem.Finding {
	var sum, weight, strongest float64
	var all strings.Builder
	quote := ""
	for _, t := range turns {
		if t.Role != tandem.RoleCaller {
			continue
		}
		folded := words.Fold(t.Text)
		n := float64(strings.Count(folded, " ") - 1)
		if n < 1 {
			continue
		}
		all.WriteString(folded)
		s := Text(t.Text)
		sum += n * s
		weight += n
		if math.Abs(s) > strongest {
			strongest, quote = math.Abs(s), t.Text
		}
	}
	switch {
	case weight == 0:
		return tandem.Finding{Reason: "the caller said nothing"}
	case !english(all.String()):
		return tandem.Finding{Reason: "the caller does not seem to speak English, the only language of the word list"}
	}
	f := tandem.Finding{Value: math.Round(sum/weight*1000) / 1000, Quote: quote, Reason: "average of the words' ratings"}
	if quote == "" {
		f.Reason = "no word of the list was said"
	}
	return f
}

// common are words that English sentences can hardly do without, and that are few
// in other languages.
var common = words.NewPhrases(
	"the", "a", "an", "of", "to", "in", "on", "at", "for", "with", "from", "is", "are", "was", "were", "be", "been", "have", "has", "had", "do", "does", "did", "dont", "didnt",
	"i", "im", "id", "ill", "ive", "you", "your", "youre", "we", "it", "its", "they", "this", "that", "thats", "these", "my", "me", "and", "or", "but", "not", "no", "yes", "yeah", "yep", "ok", "okay", "sure",
	"what", "when", "where", "which", "who", "how", "why", "can", "could", "would", "will", "want", "need", "like", "please", "thank", "thanks", "hello", "hi", "hey", "bye", "goodbye", "right", "just", "any", "some", "there", "here", "more", "as", "if", "so",
)

// leastCommon is the share of such words from which on a text is taken for
// English. English talk has about half; what German, French or Spanish share with
// it by chance (was, in, a, me, no) stays below a fifth.
const leastCommon = 0.2

// english says whether a folded text seems to be English. One of few words is
// given the benefit of the doubt.
func english(folded string) bool {
	n, known := 0, 0
	for word := range strings.FieldsSeq(folded) {
		n++
		if common.In(" " + word + " ") {
			known++
		}
	}
	return float64(known) >= leastCommon*float64(n) || n < 4
}

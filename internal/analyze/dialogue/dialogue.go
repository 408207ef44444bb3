// Package dialogue measures how a conversation went, from its transcript alone:
// who spoke how long, how fast the agent replied, and where the two did not
// understand each other.
//
// Turns flow in, a [tandem.Conversation] flows out. It is a pure function: the
// same turns give the same measures on every node and in every version of a
// record. It never judges whether a call was a success.
package dialogue

import (
	"cmp"
	"slices"
	"strings"

	"tandem"
	"tandem/internal/analyze/words"
)

// Measure measures a conversation; nil when nobody spoke.
func Measure(turns []tandem.Turn) *tandem.Conversation {
	spoken := spokenOf(turns)
	if len(spoken) == 0 {
		return nil
	}
	c := &tandem.Conversation{Turns: len(spoken)}
	trouble := troubles(spoken)
	troubled := make([]bool, len(spoken))
	for i, t := range trouble {
		if t.misunderstood {
			c.Misunderstandings++
		}
		if t.repeated {
			c.RepeatedPrompts++
		}
		troubled[i] = t.misunderstood || t.repeated
	}
	// With the last turn of each side nothing came of it any more.
	c.DeadEnd = slices.Contains(troubled[max(0, len(troubled)-2):], true)
	c.Interruptions = interruptions(spoken)
	c.ReplyP50MS, c.ReplyP90MS = replies(spoken)
	shares(c, spoken)
	return c
}

// Trouble gives the indices of the turns in which somebody says that they did not
// hear or understand, or the agent says again what it said shortly before: those
// that [Measure] counts. A dead end ends in them.
func Trouble(turns []tandem.Turn) []int {
	spoken := spokenOf(turns)
	var out []int
	for i, t := range troubles(spoken) {
		if t.misunderstood || t.repeated {
			out = append(out, spoken[i].at)
		}
	}
	return out
}

// spokenOf gives the turns of agent and caller.
func spokenOf(turns []tandem.Turn) []turn {
	spoken := make([]turn, 0, len(turns))
	for i, t := range turns {
		if t.Role == tandem.RoleAgent || t.Role == tandem.RoleCaller {
			spoken = append(spoken, turn{Turn: t, folded: words.Fold(t.Text), at: i})
		}
	}
	return spoken
}

// trouble is what is wrong with a turn.
type trouble struct{ misunderstood, repeated bool }

// troubles gives that of each turn.
func troubles(spoken []turn) []trouble {
	out := make([]trouble, len(spoken))
	prompts := make([][]string, 0, recall)
	for i, t := range spoken {
		out[i].misunderstood = t.misunderstood()
		if t.Role != tandem.RoleAgent {
			continue
		}
		prompt := wordsOf(t.folded)
		out[i].repeated = slices.ContainsFunc(prompts, func(before []string) bool { return samePrompt(before, prompt) })
		if len(prompts) == recall {
			prompts = slices.Delete(prompts, 0, 1)
		}
		prompts = append(prompts, prompt)
	}
	return out
}

// turn is what agent or caller said, with its words.
type turn struct {
	tandem.Turn
	folded string
	at     int // its index among all turns
}

// timed says whether the turn has both its times.
func (t turn) timed() bool {
	return t.StartMS != nil && t.EndMS != nil && *t.EndMS >= *t.StartMS
}

func (t turn) misunderstood() bool { return misunderstandings.In(t.folded) }

const (
	// recall is how many of the agent's turns before are looked at for a repeated
	// prompt: later, the same words may belong to another matter.
	recall = 3
	// leastWords are those of the shortest text that can be a repeated prompt. "All
	// right" is said often.
	leastWords = 4
	// padding is how many words more one of two texts may have that are taken for one
	// prompt, such as "sorry". A word put in place of another makes a new one: "no
	// thai restaurant" is not "no greek restaurant".
	padding = 3
)

// wordsOf gives the different words of a folded text, sorted.
func wordsOf(folded string) []string {
	return slices.Compact(slices.Sorted(strings.FieldsSeq(folded)))
}

// samePrompt says whether one of two sets of words, sorted, has all those of the
// other and few more.
func samePrompt(a, b []string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) < leastWords || len(b)-len(a) > padding {
		return false
	}
	i := 0
	for _, word := range b {
		if i < len(a) && a[i] == word {
			i++
		}
	}
	return i == len(a)
}

// interruptions counts the agent's turns into which the caller spoke: those that
// are said to be interrupted and those that a caller's turn begins in. nil where
// neither flags nor times can tell.
func interruptions(spoken []turn) *int {
	known, n := false, 0
	for i, t := range spoken {
		if t.Role != tandem.RoleAgent {
			continue
		}
		cut := t.Interrupted
		known = known || cut
		if i+1 < len(spoken) && spoken[i+1].Role == tandem.RoleCaller && t.timed() && spoken[i+1].timed() {
			known = true
			cut = cut || *spoken[i+1].StartMS < *t.EndMS
		}
		if cut {
			n++
		}
	}
	if !known {
		return nil
	}
	return &n
}

// replies gives the median and the 90th percentile of the agent's replies: the
// time from the end of what the caller said to the start of the agent's next
// turn. One that begins before the caller has finished took no time.
func replies(spoken []turn) (p50, p90 *float64) {
	var all []float64
	for i := 1; i < len(spoken); i++ {
		before, t := spoken[i-1], spoken[i]
		if before.Role == tandem.RoleCaller && t.Role == tandem.RoleAgent && before.timed() && t.timed() {
			all = append(all, float64(max(0, *t.StartMS-*before.EndMS)))
		}
	}
	if len(all) == 0 {
		return nil, nil
	}
	slices.Sort(all)
	return quantile(all, 0.5), quantile(all, 0.9)
}

// quantile interpolates between the two nearest of sorted values, which is R's
// type 7 and NumPy's default.
func quantile(sorted []float64, p float64) *float64 {
	at := p * float64(len(sorted)-1)
	i := int(at)
	x := sorted[i]
	if i+1 < len(sorted) {
		x += (at - float64(i)) * (sorted[i+1] - x)
	}
	return &x
}

// shares fills in talk shares and the longest silence. They need the times of
// every turn.
func shares(c *tandem.Conversation, spoken []turn) {
	var first, last int64
	talk := map[tandem.Role][]span{}
	var all []span
	for i, t := range spoken {
		if !t.timed() {
			return
		}
		s := span{*t.StartMS, *t.EndMS}
		if i == 0 {
			first, last = s.from, s.to
		}
		first, last = min(first, s.from), max(last, s.to)
		talk[t.Role] = append(talk[t.Role], s)
		all = append(all, s)
	}
	if last > first {
		length := float64(last - first)
		agent, caller := float64(covered(talk[tandem.RoleAgent]))/length, float64(covered(talk[tandem.RoleCaller]))/length
		c.AgentTalkShare, c.CallerTalkShare = &agent, &caller
	}
	silence := float64(gap(all)) / 1000
	c.LongestSilenceSeconds = &silence
}

// span is a stretch of time, in milliseconds.
type span struct{ from, to int64 }

// merged joins spans that overlap or touch, in order of time.
func merged(spans []span) []span {
	spans = slices.SortedFunc(slices.Values(spans), func(a, b span) int { return cmp.Compare(a.from, b.from) })
	var out []span
	for _, s := range spans {
		if n := len(out); n > 0 && s.from <= out[n-1].to {
			out[n-1].to = max(out[n-1].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}

// covered is the time that the spans cover.
func covered(spans []span) (ms int64) {
	for _, s := range merged(spans) {
		ms += s.to - s.from
	}
	return ms
}

// gap is the longest time between spans in which there is none.
func gap(spans []span) (ms int64) {
	all := merged(spans)
	for i := 1; i < len(all); i++ {
		ms = max(ms, all[i].from-all[i-1].to)
	}
	return ms
}

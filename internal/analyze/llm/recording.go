package llm

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tandem"
	"tandem/internal/analyze/words"
)

// recording is a transcript as the model sees it: a line for each turn, between
// two lines that hold a mark which nobody in the call can know.
type recording struct {
	text  string
	said  []string // the turns that are shown, without number and speaker
	left  int      // turns left out
	short bool     // some turn was cut
}

// gap stands for what was left out of a turn.
const gap = " [...] "

// record shows turns in at most room bytes or little more. What is too much is
// left out in the middle: calls tell what they are about first, and how they went
// last.
func record(turns []tandem.Turn, room int, mark string) recording {
	var r recording
	lines, said := lay(turns, math.MaxInt, mark)
	if size(lines) > room {
		var cut []string
		lines, cut = lay(turns, room/4, mark)
		r.short, said = !slices.Equal(cut, said), cut
	}
	from, to := middle(lines, room)
	r.left = to - from
	r.said = slices.Concat(said[:from], said[to:])
	r.text = bracket(lines[:from], r.left, lines[to:], mark)
	return r
}

// lay gives the lines, and what is said in them, of the turns that say anything;
// each has at most so many bytes of text, or little more.
func lay(turns []tandem.Turn, most int, mark string) (lines, said []string) {
	for i, t := range turns {
		if text := shorten(data(t.Text, mark), most); text != "" {
			said = append(said, text)
			lines = append(lines, fmt.Sprintf("[%d] %s: %s\n", i+1, speaker(t.Role), text))
		}
	}
	return lines, said
}

func size(texts []string) (n int) {
	for _, s := range texts {
		n += len(s)
	}
	return n
}

// bracket puts the lines between those with the mark.
func bracket(head []string, left int, tail []string, mark string) string {
	var out strings.Builder
	out.WriteString("<<<RECORDING " + mark + "\n" + strings.Join(head, ""))
	if left > 0 {
		fmt.Fprintf(&out, "[%d turns are left out here]\n", left)
	}
	out.WriteString(strings.Join(tail, "") + mark + " RECORDING>>>")
	return out.String()
}

// middle gives which lines to leave out so that the others fit: as many of the
// first as take half of the room, then as many of the last as take the rest.
func middle(lines []string, room int) (from, to int) {
	if size(lines) <= room {
		return len(lines), len(lines)
	}
	used := 0
	for from < len(lines) && used+len(lines[from]) <= room/2 {
		used += len(lines[from])
		from++
	}
	for to = len(lines); to > from && used+len(lines[to-1]) <= room; to-- {
		used += len(lines[to-1])
	}
	return from, to
}

func speaker(r tandem.Role) string {
	switch r {
	case tandem.RoleAgent, tandem.RoleCaller:
		return string(r)
	}
	return "tool output"
}

var angles = strings.NewReplacer("<<<", "‹", ">>>", "›")

// data makes what was said one line that can neither end the recording nor hide
// anything: no line breaks, controls and characters that nobody sees, no
// delimiters, and never the mark.
func data(text, mark string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Variation_Selector):
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	text = strings.ReplaceAll(angles.Replace(text), mark, " ")
	return strings.Join(strings.Fields(text), " ")
}

// shorten leaves out the middle of a text of more than room bytes.
func shorten(text string, room int) string {
	if len(text) <= room {
		return text
	}
	head, tail := room/2, len(text)-room/2
	for !utf8.RuneStart(text[head]) {
		head--
	}
	for tail < len(text) && !utf8.RuneStart(text[tail]) {
		tail++
	}
	return text[:head] + gap + text[tail:]
}

// note says what was not shown; empty when all was.
func (r recording) note() string {
	switch {
	case r.left > 0:
		return fmt.Sprintf("The call is too long for the model's input: %d turns in the middle were left out.", r.left)
	case r.short:
		return "Turns that are too long for the model's input were cut in the middle."
	}
	return ""
}

// linePrefix is what models copy along with a quote.
var linePrefix = regexp.MustCompile(`^\s*\[\d+\]\s*((agent|caller|tool output):)?\s*`)

// holds says whether a turn that was shown has the words of a quote, whole,
// whatever their case, accents, spaces and punctuation.
func (r recording) holds(quote string) bool {
	folded := words.Fold(quote)
	if folded == "" {
		return false
	}
	// Some scripts put no spaces between words: a quote begins anywhere.
	spaceless := strings.ContainsFunc(quote, func(c rune) bool {
		return unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
	})
	for _, said := range r.said {
		said = words.Fold(said)
		if strings.Contains(said, folded) || spaceless && strings.Contains(join(said), join(folded)) {
			return true
		}
	}
	return false
}

func join(folded string) string { return strings.ReplaceAll(folded, " ", "") }

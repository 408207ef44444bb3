package redact

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"tandem"
)

// listedNames are the names that the labelled dialogues are read with.
var listedNames = []string{"Anna", "John Smith", "García", "José", "Siobhan", "O'Brien", "Jean-Luc", "Müller", "Priya", "Mary Jane Watson"}

// dialogue is a line of a labelled file: turns parted by " | ", each with its
// speaker, the personal data in it as <kind:text>, and the region in front where it
// is not the US.
type dialogue struct {
	line   string
	region string
	turns  []tandem.Turn
	// want are the labelled spans of each turn.
	want [][]span
}

var label = regexp.MustCompile(`<(phone|email|card|iban|ssn|name):([^>]*)>`)

func dialogues(t testing.TB, file string) []dialogue {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var all []dialogue
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		d := dialogue{line: line, region: "US"}
		if line[0] == '(' {
			d.region, line = line[1:3], line[5:]
		}
		for part := range strings.SplitSeq(line, " | ") {
			role, said, ok := strings.Cut(part, ": ")
			if !ok || role != "agent" && role != "caller" {
				t.Fatalf("%s: nobody says %q", file, part)
			}
			text, spans := unlabel(said)
			d.turns = append(d.turns, tandem.Turn{Role: tandem.Role(role), Text: text})
			d.want = append(d.want, spans)
		}
		all = append(all, d)
	}
	return all
}

func unlabel(said string) (text string, spans []span) {
	var out strings.Builder
	at := 0
	for _, m := range label.FindAllStringSubmatchIndex(said, -1) {
		out.WriteString(said[at:m[0]])
		from := out.Len()
		out.WriteString(said[m[4]:m[5]])
		spans = append(spans, span{from, out.Len(), Kind(said[m[2]:m[3]])})
		at = m[1]
	}
	out.WriteString(said[at:])
	return out.String(), spans
}

// score is how well a kind is found.
type score struct{ found, missed, wrong int }

func (s score) precision() float64 { return share(s.found, s.found+s.wrong) }
func (s score) recall() float64    { return share(s.found, s.found+s.missed) }

func share(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}

// core is a span without punctuation at its ends: whether a bracket goes with a
// number is a matter of taste.
func core(text string, s span) span {
	part := text[s.from:s.to]
	s.from += len(part) - len(strings.TrimLeft(part, ` ().,+"'`))
	s.to = s.from + len(strings.Trim(part, ` ().,+"'`))
	return s
}

// rate compares what is found in the dialogues with the labels. A span is found when
// its kind and both of its ends are right: one that is too long or too short is
// missed, and wrongly taken.
func rate(t testing.TB, file string) map[Kind]score {
	t.Helper()
	scores := map[Kind]score{}
	for _, d := range dialogues(t, file) {
		r, err := New(Config{Names: listedNames, Region: d.region})
		if err != nil {
			t.Fatal(err)
		}
		got := r.read(d.turns).spans
		for i := range d.turns {
			text := d.turns[i].Text
			have := map[span]bool{}
			for _, s := range got[i] {
				have[core(text, s)] = true
			}
			for _, s := range d.want[i] {
				sc := scores[s.kind]
				if s := core(text, s); have[s] {
					sc.found++
					delete(have, s)
				} else {
					sc.missed++
					t.Logf("missed %s %q: %s", s.kind, text[s.from:s.to], d.line)
				}
				scores[s.kind] = sc
			}
			for s := range have {
				sc := scores[s.kind]
				sc.wrong++
				scores[s.kind] = sc
				t.Logf("wrongly %s %q: %s", s.kind, text[s.from:s.to], d.line)
			}
		}
	}
	return scores
}

func table(scores map[Kind]score) string {
	var out strings.Builder
	fmt.Fprintf(&out, "\n%-6s %6s %7s %6s %10s %7s\n", "kind", "found", "missed", "wrong", "precision", "recall")
	for _, k := range Kinds() {
		s := scores[k]
		fmt.Fprintf(&out, "%-6s %6d %7d %6d %10.3f %7.3f\n", k, s.found, s.missed, s.wrong, s.precision(), s.recall())
	}
	return out.String()
}

// TestLabelledDialogues holds what is reached in the dialogues that the forms were
// written with, and in those that were written before the forms, which were never tuned on them.
func TestLabelledDialogues(t *testing.T) {
	for _, c := range []struct {
		file   string
		floors map[Kind][2]float64 // precision, recall
	}{
		{"testdata/labelled.txt", map[Kind][2]float64{Phone: {0.97, 0.97}, Email: {0.96, 0.96}, Card: {0.96, 0.96}, IBAN: {0.96, 0.96}, SSN: {0.96, 0.96}, Name: {0.97, 0.97}}},
		{"testdata/heldout.txt", map[Kind][2]float64{Phone: {0.92, 0.96}, Email: {0.93, 0.93}, Card: {0.94, 0.94}, IBAN: {0.93, 0.93}, SSN: {0.93, 0.93}, Name: {0.93, 0.93}}},
	} {
		t.Run(c.file, func(t *testing.T) {
			scores := rate(t, c.file)
			t.Log(table(scores))
			for _, k := range Kinds() {
				floor := c.floors[k]
				if s := scores[k]; s.precision() < floor[0] || s.recall() < floor[1] {
					t.Errorf("%s: precision %.3f, recall %.3f; want at least %.3f, %.3f", k, s.precision(), s.recall(), floor[0], floor[1])
				}
			}
		})
	}
}

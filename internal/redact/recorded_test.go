package redact

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tandem"
	"tandem/internal/corpus"
)

// samples is how many findings of a kind are logged for the eye.
const samples = 40

// long finds what may be a number that was missed.
var long = regexp.MustCompile(`\+?[0-9][0-9 ()./-]{5,}[0-9]`)

// TestRecordedConversations tells what is found in conversations that hold little
// personal data but many numbers: restaurants' telephone numbers, prices, dates,
// times and addresses.
func TestRecordedConversations(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(corpus.Path(t, "calls"), "*.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			region := "US"
			if strings.HasPrefix(name, "dstc2") { // restaurants of Cambridge
				region = "GB"
			}
			r, err := New(Config{Region: region})
			if err != nil {
				t.Fatal(err)
			}
			calls := 0
			total := Counts{}
			left := map[string]int{}
			for call := range corpus.All[struct{ Turns []tandem.Turn }](t, "calls/"+name) {
				calls++
				after, counts := r.Turns(call.Turns)
				for i := range after {
					for _, number := range long.FindAllString(after[i].Text, -1) {
						left[number]++
					}
				}
				for k, n := range counts {
					if total[k] < samples {
						for i := range after {
							if strings.Contains(after[i].Text, placeholder(k)) {
								t.Logf("%s: %s", k, call.Turns[i].Text)
							}
						}
					}
					total[k] += n
				}
			}
			t.Logf("left: %v", left)
			for _, k := range Kinds() {
				t.Logf("%s: %d, %.1f in 1,000 calls", k, total[k], 1000*share(total[k], calls))
				if k != Phone && total[k] > 0 {
					t.Errorf("%d of kind %s were found where there are none", total[k], k)
				}
			}
		})
	}
}

func BenchmarkTurns(b *testing.B) {
	for _, c := range []struct {
		name  string
		lines []string
	}{
		{"nothing to find", []string{"There are three places in the south part of town; which one would you like?", "I would like the cheaper one, please"}},
		{"a number in each caller's turn", []string{"What is the best number to reach you?", "it's four one five, five five five, oh one three two"}},
	} {
		b.Run(c.name, func(b *testing.B) {
			r := all(b)
			var turns []tandem.Turn
			for i := range 14 {
				turns = append(turns, tandem.Turn{Role: []tandem.Role{tandem.RoleAgent, tandem.RoleCaller}[i%2], Text: c.lines[i%2]})
			}
			b.ReportAllocs()
			for b.Loop() {
				r.Turns(turns)
			}
		})
	}
}

package judge

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem"
	"tandem/internal/corpus"
)

func call(id, wish string) Drawn {
	return Drawn{tandem.ID(id), []tandem.Turn{{Role: tandem.RoleAgent, Text: "Hello, parcel table!"}, {Role: tandem.RoleCaller, Text: wish}}}
}

func TestCallsAreMatchedByWhatTheirCallersWant(t *testing.T) {
	first := []Drawn{call("1", "book a table tonight"), call("2", "where is my parcel"), call("3", "zebra crossing"), call("4", "book a table")}
	second := []Drawn{call("5", "parcel is late, where is it"), call("6", "a table for tonight, book it"), call("7", "gym membership"), call("8", "table book")}
	got := map[tandem.ID]tandem.ID{}
	for _, m := range match(first, second, 4) {
		got[first[m.first].CallID] = second[m.second].CallID
	}
	// 1 and 6 are both anchors, so that others are found for them, as long as there
	// are; 2 and 5 would be left without. 3 and 7 have nothing in common: what the
	// agents say does not count.
	if d := cmp.Diff(map[tandem.ID]tandem.ID{"1": "8", "2": "5", "4": "6"}, got); d != "" {
		t.Error(d)
	}
}

func TestTheOpeningIsTheCallersFirstThreeTurns(t *testing.T) {
	var turns []tandem.Turn
	for i := range 5 {
		turns = append(turns, tandem.Turn{Role: tandem.RoleCaller, Text: fmt.Sprint("c", i)}, tandem.Turn{Role: tandem.RoleCaller, Text: " "}, tandem.Turn{Role: tandem.RoleAgent, Text: "a"})
	}
	if got := opening(turns); got != "c0\nc1\nc2" {
		t.Errorf("%q", got)
	}
}

func TestAMatchingUsesNoCallTwiceAndKnowsNoSide(t *testing.T) {
	wish := rapid.SampledFrom([]string{"book a table", "book a table tonight", "lost parcel", "parcel late", "cancel gym", "", "zebra", "table parcel gym"})
	side := func(t *rapid.T, name string) (out []Drawn) {
		for i, w := range rapid.SliceOfN(wish, 0, 20).Draw(t, name) {
			out = append(out, call(fmt.Sprint(name, i), w))
		}
		return out
	}
	rapid.Check(t, func(t *rapid.T) {
		first, second := side(t, "a"), side(t, "b")
		pairs := 2 * rapid.IntRange(0, 12).Draw(t, "half of the pairs")
		got := match(first, second, pairs)
		if len(got) > min(pairs, len(first), len(second)) {
			t.Fatalf("%d pairs", len(got))
		}
		if d := cmp.Diff(got, match(first, second, pairs), cmp.AllowUnexported(matched{})); d != "" {
			t.Fatal(d)
		}
		used := map[string]bool{}
		for _, m := range got {
			a, b := fmt.Sprint("a", m.first), fmt.Sprint("b", m.second)
			if used[a] || used[b] || m.alike < leastAlike {
				t.Fatalf("%+v", got)
			}
			used[a], used[b] = true, true
		}
	})
}

// TestRecordedDialoguesAreMatchedWithOnesAboutTheSameService deals recorded
// dialogues to two arms and looks at what the pairs are about.
func TestRecordedDialoguesAreMatchedWithOnesAboutTheSameService(t *testing.T) {
	type dialogue struct {
		ID    tandem.ID
		Task  struct{ Services []string }
		Turns []tandem.Turn
	}
	var sides [2][]Drawn
	about := map[tandem.ID][]string{}
	for n, d := range slices.Collect(corpus.All[dialogue](t, "calls/sgd.jsonl.gz")) {
		about[d.ID] = d.Task.Services
		// Neighbours in the file are alike: deal them in a mixed order.
		sides[n%2] = append(sides[n%2], Drawn{d.ID, d.Turns})
	}
	stride := func(side []Drawn) (out []Drawn) { // 1,201 and the sizes have no common factor
		for i := range side {
			out = append(out, side[i*1201%len(side)])
		}
		return out
	}
	first, second := stride(sides[0])[:800], stride(sides[1])[:800]
	shared := func(a, b Drawn) bool {
		return slices.ContainsFunc(about[a.CallID], func(s string) bool { return slices.Contains(about[b.CallID], s) })
	}
	got := match(first, second, 200)
	same, chance := 0, 0
	var alike []float64
	for _, m := range got {
		alike = append(alike, m.alike)
		if shared(first[m.first], second[m.second]) {
			same++
		}
	}
	for i := range first {
		for j := range second {
			if shared(first[i], second[j]) {
				chance++
			}
		}
	}
	slices.Sort(alike)
	t.Logf("of %d pairs %d are about the same service; of all, %.1f %% are. Similarity: least %.2f, median %.2f", len(got), same, 100*float64(chance)/float64(len(first)*len(second)), alike[0], alike[len(alike)/2])
	if len(got) != 200 || same < 150 || chance*3 > len(first)*len(second) {
		t.Errorf("of %d pairs %d are about the same service", len(got), same)
	}
}

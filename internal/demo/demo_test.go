package demo

import (
	"context"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem"
	"tandem/internal/analyze/lexicon"
	"tandem/internal/analyze/rules"
	"tandem/internal/replay"
)

func TestEveryConversationIsWellFormed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		caller := NewCaller(rapid.Uint64().Draw(t, "seed"))
		number := rapid.IntRange(1, 3).Draw(t, "version")
		c := Converse(caller, number)
		if diff := cmp.Diff(c, Converse(caller, number)); diff != "" {
			t.Fatalf("the same caller and version gave another conversation: %s", diff)
		}
		now := int64(0)
		for i, turn := range c.Turns {
			if turn.Text == "" || *turn.StartMS < now || *turn.EndMS <= *turn.StartMS {
				t.Fatalf("turn %d (%q) runs from %d to %d; the one before ended at %d", i, turn.Text, *turn.StartMS, *turn.EndMS, now)
			}
			if turn.Interrupted && turn.Role != tandem.RoleAgent {
				t.Fatalf("turn %d of the %s is interrupted", i, turn.Role)
			}
			now = *turn.EndMS
		}
		if len(c.Turns) == 0 || c.Turns[0].Role != tandem.RoleAgent || *c.DurationMS != now {
			t.Fatalf("%d turns to %d ms in %d ms; expected a greeting first and the end last", len(c.Turns), now, *c.DurationMS)
		}
		if c.By != tandem.ByCaller && c.By != tandem.ByAgent {
			t.Fatalf("ended by %q", c.By)
		}
		booked, known := c.Analysis[FieldBooked].(bool)
		if wanted := caller.Wish == Book || caller.Wish == Move; !known || booked && !wanted {
			t.Fatalf("a caller who wants %s: booked is %v", caller.Wish, c.Analysis[FieldBooked])
		}
		if (c.Transfer != nil) && (caller.Wish != Pain || booked) {
			t.Fatalf("a caller who wants %s was transferred", caller.Wish)
		}
		content := Draft(number, "sip:agent@127.0.0.1:5090")
		for _, f := range content.Fields {
			if err := f.Accepts(c.Analysis[f.Name]); err != nil {
				t.Fatalf("the analysis does not suit the version's fields: %v", err)
			}
		}
		at := time.Unix(1e9, 0)
		played := replay.Played{Conversation: c, CallID: tandem.NewID(at), AnsweredAt: at, EndedAt: at}
		for _, e := range played.Events() {
			if e.Kind == tandem.EventAnalysis {
				t.Fatal("an analysis is reported; it is to be found in what was said")
			}
			if err := e.Validate(); err != nil {
				t.Fatalf("event %s: %v", e.Kind, err)
			}
		}
	})
}

// course sums up many conversations of a version.
type course struct{ completion, callerLeft, seconds, sentiment, transfer float64 }

func courseOf(number int, n uint64) course {
	var c course
	var known, total float64
	for seed := range n {
		talk := Converse(NewCaller(seed), number)
		total++
		if booked, ok := talk.Analysis[FieldBooked].(bool); ok {
			known++
			if booked {
				c.completion++
			}
		}
		if talk.By == tandem.ByCaller {
			c.callerLeft++
		}
		if talk.Transfer != nil {
			c.transfer++
		}
		c.seconds += float64(*talk.DurationMS) / 1000
		c.sentiment += *talk.Sentiment
	}
	return course{c.completion / known, c.callerLeft / total, c.seconds / total, c.sentiment / total, c.transfer / total}
}

func TestTheSecondVersionIsTrulyBetter(t *testing.T) {
	a, b := courseOf(1, 20_000), courseOf(2, 20_000)
	t.Logf("A %+v", a)
	t.Logf("B %+v", b)
	if d := b.completion - a.completion; d < 0.05 || d > 0.10 {
		t.Errorf("B completes %.3f more; expected about 0.07", d)
	}
	if b.callerLeft >= a.callerLeft-0.05 || b.seconds >= a.seconds-15 || b.sentiment <= a.sentiment+0.1 {
		t.Errorf("A %+v, B %+v; expected B shorter, happier and left by fewer callers", a, b)
	}
	if math.Abs(a.transfer-0.07) > 0.02 || math.Abs(b.transfer-0.07) > 0.02 {
		t.Errorf("%.3f and %.3f are transferred; expected about 0.07", a.transfer, b.transfer)
	}
}

func TestWhatIsTrueOfAConversationIsFoundInItsWords(t *testing.T) {
	const n = 3000
	var mood [Versions + 2]float64
	for number := 1; number <= Versions+1; number++ { // the draft too, which may be published
		fields := Draft(number, "sip:agent@127.0.0.1:5090").Fields
		agree, completed, rated := map[string]int{}, 0, 0
		for seed := range uint64(n) {
			c := Converse(NewCaller(seed), number)
			for _, f := range fields {
				found, ok := rules.Fill(f, c.Turns)
				if ok && found.Value == c.Analysis[f.Name] {
					agree[f.Name]++
				}
				if f.Name == FieldBooked && found.Value == true {
					completed++
				}
			}
			if x, ok := lexicon.Sentiment(c.Turns).Value.(float64); ok {
				mood[number] += x
				rated++
			}
		}
		mood[number] /= float64(rated)
		t.Logf("version %d: agree %v of %d, %.3f booked, sentiment %.3f", number, agree, n, float64(completed)/n, mood[number])
		for _, f := range fields {
			if agree[f.Name] < n*97/100 {
				t.Errorf("version %d: %s is found in %d of %d conversations", number, f.Name, agree[f.Name], n)
			}
		}
		if rated < n*99/100 {
			t.Errorf("version %d: the sentiment of %d of %d callers is known", number, rated, n)
		}
	}
	if mood[2] < mood[1]+0.03 {
		t.Errorf("by their words callers of A feel %.3f, of B %.3f; expected B to be happier", mood[1], mood[2])
	}
}

func TestCallersCallFromFictionalNumbers(t *testing.T) {
	seen := map[Wish]int{}
	for seed := range uint64(2000) {
		c := NewCaller(seed)
		if !tandem.ValidE164(c.Number) || c.Number[:9] != "+14155550" || c.Number[9] != '1' {
			t.Fatalf("%s is outside 555-0100 to 555-0199", c.Number)
		}
		seen[c.Wish]++
	}
	for _, w := range wishes {
		if got := float64(seen[w.wish]) / 20; math.Abs(got-float64(w.of)) > 4 {
			t.Errorf("%.1f %% want %s; expected about %d %%", got, w.wish, w.of)
		}
	}
}

func TestBothVersionsCanBePublished(t *testing.T) {
	for n := 1; n <= Versions; n++ {
		if err := Draft(n, "sip:agent@127.0.0.1:5090").Validate(); err != nil {
			t.Errorf("version %d: %v", n, err)
		}
	}
	if d := tandem.Diff(Draft(1, "sip:a@127.0.0.1"), Draft(2, "sip:a@127.0.0.1")); len(d) < 3 {
		t.Errorf("the versions differ in %d places", len(d))
	}
}

func TestTrafficComesAtItsRateAndEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 1000*time.Second)
		defer cancel()
		n := 0
		ids := map[string]bool{}
		for c, err := range Traffic(ctx, Number, 2, 7, "") {
			if err != nil {
				t.Fatal(err)
			}
			n++
			ids[c.ID] = true
			leg := replay.Leg{Headers: map[string]string{HeaderVersion: "2"}}
			if diff := cmp.Diff(Converse(NewCaller(6+uint64(n)), 2), c.Script(leg)); diff != "" {
				t.Fatal(diff)
			}
		}
		if math.Abs(float64(n)-2000) > 4*math.Sqrt(2000) || len(ids) != n {
			t.Errorf("%d calls with %d ids in 1000 s; expected about 2000", n, len(ids))
		}
	})
}

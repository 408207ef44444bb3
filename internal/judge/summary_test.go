package judge

import (
	"errors"
	"fmt"
	"math"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem"
)

var arms = [2]string{"A", "B"}

func opinion(prefers string) *tandem.Opinion {
	o := &tandem.Opinion{Criteria: map[string]tandem.Preference{}}
	for _, name := range tandem.Criteria() {
		o.Criteria[name] = tandem.Preference{Prefers: prefers}
	}
	return o
}

func pairOf(n int, forward, backward string) tandem.JudgedPair {
	return tandem.JudgedPair{
		Number: int64(n), State: tandem.PairJudged, Similarity: float64(n%10) / 10, Opinions: [2]*tandem.Opinion{opinion(forward), opinion(backward)},
		Pair: tandem.Pair{First: tandem.PairedCall{Arm: "A", CallID: tandem.ID(fmt.Sprint("a", n))}, Second: tandem.PairedCall{Arm: "B", CallID: tandem.ID(fmt.Sprint("b", n))}},
	}
}

func summed(pairs []tandem.JudgedPair, ratings []tandem.PairRating, calls []tandem.RatedCall) Judgements {
	s := Judgements{Arms: arms}
	s.summarise(pairs, ratings, calls)
	return s
}

// TestSwappingTheArmsMirrorsTheSummary gives the calls of A to B and those of B to
// A, whatever the judge and people said of them.
func TestSwappingTheArmsMirrorsTheSummary(t *testing.T) {
	answer := rapid.SampledFrom([]string{"one", "two", "tie", "", "one", "two"})
	winner := rapid.SampledFrom([]string{"A", "B", "tie"})
	swapped := map[string]string{"A": "B", "B": "A", "tie": "tie", "": ""}
	rapid.Check(t, func(t *rapid.T) {
		var pairs, mirrored []tandem.JudgedPair
		var ratings, mirroredRatings []tandem.PairRating
		for i := range rapid.IntRange(0, 60).Draw(t, "pairs") {
			p := pairOf(i, answer.Draw(t, "forward"), answer.Draw(t, "backward"))
			m := p
			m.First.CallID, m.Second.CallID = p.Second.CallID, p.First.CallID
			m.Opinions[0], m.Opinions[1] = p.Opinions[1], p.Opinions[0] // the second call is now the one that is shown first at first
			pairs, mirrored = append(pairs, p), append(mirrored, m)
			for _, rater := range []string{"ann", "bob"}[:rapid.IntRange(0, 2).Draw(t, "raters")] {
				r := tandem.PairRating{Pair: p.Pair, Rater: rater, Winner: winner.Draw(t, "winner")}
				ratings = append(ratings, r)
				r.Pair, r.Winner = m.Pair, swapped[r.Winner]
				mirroredRatings = append(mirroredRatings, r)
			}
		}
		got, back := summed(pairs, ratings, nil), summed(mirrored, mirroredRatings, nil)
		check := func(a, b *Preferred) {
			t.Helper()
			if (a == nil) != (b == nil) {
				t.Fatalf("%+v and %+v", a, b)
			}
			if a == nil {
				return
			}
			if a.Wins[0] != b.Wins[1] || a.Wins[1] != b.Wins[0] || a.Ties != b.Ties || a.Unknown != b.Unknown || swapped[a.Prefers] != b.Prefers {
				t.Fatalf("%+v and %+v", a, b)
			}
			opposite := func(x, y float64) {
				if math.Abs(x-(1-y)) > 1e-12 {
					t.Fatalf("%v is not 1 - %v: %+v and %+v", x, y, a, b)
				}
			}
			if a.HalfTies != nil {
				opposite(*a.HalfTies, *b.HalfTies)
			}
			if a.Share != nil {
				opposite(*a.Share, *b.Share)
				opposite(a.Once.Low, b.Once.High)
				opposite(a.Once.High, b.Once.Low)
				opposite(a.Always.Low, b.Always.High)
				opposite(a.Always.High, b.Always.Low)
			}
		}
		for i := range got.Judge {
			check(&got.Judge[i], &back.Judge[i])
		}
		check(got.People.Preferred, back.People.Preferred)
		if d := cmp.Diff(got.Position, back.Position); d != "" {
			t.Fatalf("a liking for places is the same whichever arm is which: %s", d)
		}
		if (got.Agreement == nil) != (back.Agreement == nil) {
			t.Fatal("agreement")
		}
		if got.Agreement != nil && got.Agreement.Kappa != nil && math.Abs(*got.Agreement.Kappa-*back.Agreement.Kappa) > 1e-12 {
			t.Fatalf("%+v and %+v", got.Agreement, back.Agreement)
		}
	})
}

func TestAPreferenceIsNamedOnlyWhenItHoldsAtEveryLook(t *testing.T) {
	for _, c := range []struct {
		a, b    int
		prefers string
	}{{0, 0, ""}, {1, 0, ""}, {0, 6, ""}, {0, 12, "B"}, {12, 0, "A"}, {40, 61, ""}, {500, 620, "B"}} {
		var pairs []tandem.JudgedPair
		for i := range c.a + c.b {
			if i < c.a {
				pairs = append(pairs, pairOf(i, "one", "two"))
			} else {
				pairs = append(pairs, pairOf(i, "two", "one"))
			}
		}
		pairs = append(pairs, pairOf(5000, "one", "one"))
		p := summed(pairs, nil, nil).Judge[0]
		if p.Prefers != c.prefers || p.Wins != [2]int64{int64(c.a), int64(c.b)} || p.Ties != 1 {
			t.Errorf("%d:%d: %+v", c.a, c.b, p)
		}
		// 61 of 101: one look would call it; looking again and again may not.
		if c.b == 61 && !(p.Once.Low > 0.5 && p.Always.Low < 0.5) {
			t.Errorf("%+v, %+v", p.Once, p.Always)
		}
	}
}

func TestPeopleAndTheJudgeAreComparedOverPairsThatBothSaw(t *testing.T) {
	// The table of the agreement test in stats, by items: people in rows.
	table := [3][3]int{{31, 4, 9}, {6, 22, 7}, {8, 10, 15}}
	answers := [3][2]string{{"one", "two"}, {"two", "one"}, {"one", "one"}}
	var pairs []tandem.JudgedPair
	var ratings []tandem.PairRating
	n := 0
	for i, row := range table {
		for j, count := range row {
			for range count {
				n++
				p := pairOf(n, answers[j][0], answers[j][1])
				pairs = append(pairs, p)
				ratings = append(ratings, tandem.PairRating{Pair: p.Pair, Rater: "ann", Blind: n%2 == 0, Winner: []string{"A", "B", tandem.Tie}[i]})
			}
		}
	}
	// One that only the judge saw, one that only a person did, and one of which two
	// people say opposite things.
	alone, unseen, split := pairOf(9000, "one", "two"), pairOf(9001, "", ""), pairOf(9002, "one", "one")
	pairs = append(pairs, alone, split)
	ratings = append(ratings, tandem.PairRating{Pair: unseen.Pair, Rater: "bob", Winner: "A"},
		tandem.PairRating{Pair: split.Pair, Rater: "ann", Winner: "A"}, tandem.PairRating{Pair: split.Pair, Rater: "bob", Winner: "B"})
	s := summed(pairs, ratings, nil)
	want := [][]int64{{31, 4, 9}, {6, 22, 7}, {8, 10, 16}}
	if d := cmp.Diff(want, s.Agreement.Table); d != "" || s.Agreement.N != 113 {
		t.Errorf("%d: %s", s.Agreement.N, d)
	}
	// statsmodels 0.13.5, inter_rater.cohens_kappa.
	if k := *s.Agreement.Kappa; math.Abs(k-0.4109702641867077) > 1e-12 {
		t.Errorf("kappa %.17g", k)
	}
	if s.People.Raters != 2 || s.People.Ratings != 115 || s.People.Blind != 56 || s.People.Preferred.Wins != [2]int64{45, 35} || s.People.Preferred.Ties != 34 {
		t.Errorf("%+v, %+v", s.People, s.People.Preferred)
	}
}

func TestScoresOfPeopleAreComparedWithTheAnalyses(t *testing.T) {
	rate := func(id tandem.ID, arm, rater string, score int, analyzed float64) tandem.RatedCall {
		out := tandem.RatedCall{Arm: arm, CallRating: tandem.CallRating{CallID: id, Rater: rater, Scores: tandem.Scores{Naturalness: &score}}, Analyzed: map[string]float64{}}
		if analyzed > 0 {
			out.Analyzed[tandem.NaturalnessField] = analyzed
		}
		return out
	}
	s := summed(nil, nil, []tandem.RatedCall{
		rate("1", "A", "ann", 2, 2), rate("1", "A", "bob", 3, 2), // a mean of 2.5 is 3
		rate("2", "B", "ann", 5, 4.4),
		rate("3", "B", "ann", 4, 0), // not analysed
		{Arm: "A", CallRating: tandem.CallRating{CallID: "4", Note: "no score"}},
		rate("5", "C", "ann", 1, 1), // another arm
	})
	if len(s.Scores) != 1 || s.Scores[0].Field != tandem.NaturalnessField {
		t.Fatalf("%+v", s.Scores)
	}
	got := s.Scores[0]
	if d := cmp.Diff([]ArmScore{{"A", 1, new(2.5)}, {"B", 2, new(4.5)}}, got.Arms); d != "" {
		t.Error(d)
	}
	if got.Agreement.N != 2 || got.Agreement.Table[2][1] != 1 || got.Agreement.Table[4][3] != 1 || got.Agreement.Kappa == nil {
		t.Errorf("%+v", got.Agreement)
	}
	if len(s.Judge) != 0 || s.Position != nil || s.Agreement != nil || s.People.Preferred != nil {
		t.Errorf("%+v", s)
	}
}

func TestWhatCannotBeJudgedIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := set(t, 20, able)
		for name, c := range map[string]struct {
			ask   Ask
			field string
		}{
			"no pairs":          {Ask{}, "pairs"},
			"too many":          {Ask{Pairs: MaxPairs + 1}, "pairs"},
			"the first arm":     {Ask{Pairs: 1, Arm: "A"}, "arm"},
			"no arm":            {Ask{Pairs: 1, Arm: "Z"}, "arm"},
			"less than nothing": {Ask{Pairs: 1, MaxCost: -1}, "max_cost"},
			"no number":         {Ask{Pairs: 1, MaxCost: math.NaN()}, "max_cost"},
		} {
			_, err := b.desk.Estimate(t.Context(), b.Test.ID, c.ask)
			if e, ok := errors.AsType[*tandem.Error](err); !ok || e.Code != tandem.Invalid || e.Field != c.field {
				t.Errorf("%s: %v", name, err)
			}
		}
		b.use(b.model("test-model", 0, 0))
		if _, err := b.desk.Estimate(t.Context(), b.Test.ID, Ask{Pairs: 1, MaxCost: 1}); tandem.CodeOf(err) != tandem.Invalid {
			t.Errorf("a limit without prices: %v", err)
		}
		if _, err := b.desk.Estimate(t.Context(), tandem.NewID(b.Test.StartedAt), Ask{Pairs: 1}); tandem.CodeOf(err) != tandem.NotFound {
			t.Errorf("no test: %v", err)
		}
		e, err := b.desk.Estimate(t.Context(), b.Test.ID, Ask{Pairs: 50})
		if err != nil || e.Pairs+e.Missing != 50 || e.Pairs > 20 || e.Pairs < 10 || e.Priced {
			t.Errorf("%+v, %v", e, err)
		}
		none := set(t, 0, able)
		if _, _, err := none.desk.Start(t.Context(), "ann", none.Test.ID, Ask{Pairs: 5}); tandem.CodeOf(err) != tandem.Conflict {
			t.Errorf("no calls: %v", err)
		}
	})
}

func TestPeopleAreShownPairsThatTheJudgeSawAndTheJudgePairsThatPeopleRated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := set(t, 40, able)
		rate := func(p tandem.Pair, rater string) {
			t.Helper()
			_, err := b.Store.RatePair(t.Context(), tandem.PairRating{ID: tandem.NewID(b.Test.StartedAt), TestID: b.Test.ID, Pair: p, Rater: rater, Winner: "B", RatedAt: b.Test.StartedAt})
			if err != nil {
				t.Fatal(err)
			}
		}
		byPeople := tandem.Pair{First: tandem.PairedCall{Arm: "A", CallID: b.Assigned(0, "A").CallID}, Second: tandem.PairedCall{Arm: "B", CallID: b.Assigned(3, "B").CallID}}
		rate(byPeople, "ann")
		b.start(Ask{Pairs: 6, Seed: 1, Rated: true})
		b.work(b.run)
		if pairs := b.pairs(); len(pairs) != 6 || pairs[0].Pair != byPeople {
			t.Fatalf("%+v", pairs)
		}
		if s := b.summary(); s.Agreement == nil || s.Agreement.N != 1 {
			t.Errorf("%+v", s.Agreement)
		}
		seen := map[tandem.Pair]bool{}
		for n := 5; n > 0; n-- {
			_, shown, err := b.desk.Unrated(t.Context(), b.Test.ID, "", "ann", 100, 7)
			if err != nil || len(shown) != n {
				t.Fatalf("%d pairs, want %d: %v", len(shown), n, err)
			}
			if seen[shown[0].Pair] || shown[0].Pair == byPeople || len(shown[0].First) != 3 {
				t.Errorf("%+v", shown[0])
			}
			seen[shown[0].Pair] = true
			rate(shown[0].Pair, "ann")
		}
		_, shown, err := b.desk.Unrated(t.Context(), b.Test.ID, "B", "bob", 4, 7)
		if err != nil || len(shown) != 4 {
			t.Errorf("%d, %v", len(shown), err)
		}
	})
}

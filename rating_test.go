package tandem

import (
	"strings"
	"testing"
)

func TestARatingSaysSomethingWithinTheRubric(t *testing.T) {
	for name, c := range map[string]struct {
		rating CallRating
		field  string // at fault
	}{
		"a score":          {CallRating{Scores: Scores{Naturalness: new(5)}}, ""},
		"all scores":       {CallRating{Scores: Scores{new(1), new(3), new(5)}}, ""},
		"a note alone":     {CallRating{Note: "Slow."}, ""},
		"nothing":          {CallRating{}, "scores"},
		"a blank note":     {CallRating{Note: " \n"}, "scores"},
		"a score of 0":     {CallRating{Scores: Scores{ErrorHandling: new(0)}}, "scores.error_handling"},
		"a score of 6":     {CallRating{Scores: Scores{OffScript: new(6)}}, "scores.off_script_recovery"},
		"a NUL":            {CallRating{Note: "a\x00"}, "note"},
		"a note too long":  {CallRating{Note: strings.Repeat("ü", 2001)}, "note"},
		"a note of 2,000":  {CallRating{Note: strings.Repeat("ü", 2000)}, ""},
		"text that is not": {CallRating{Note: "\xff"}, "note"},
	} {
		err := c.rating.Validate()
		if (err == nil) != (c.field == "") || err != nil && !strings.HasPrefix(err.Error(), c.field+": ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAPairIsOfTwoArmsInTheirOrder(t *testing.T) {
	test := Test{Arms: []Arm{{Key: "A"}, {Key: "B"}, {Key: "C"}}}
	rate := func(first, second, winner string) error {
		return PairRating{Pair: Pair{PairedCall{Arm: first}, PairedCall{Arm: second}}, Winner: winner}.Validate(test)
	}
	for _, winner := range []string{"A", "C", Tie} {
		if err := rate("A", "C", winner); err != nil {
			t.Error(err)
		}
	}
	for _, bad := range [][3]string{{"A", "B", "C"}, {"A", "B", ""}, {"B", "A", "A"}, {"A", "A", "A"}, {"A", "D", "A"}, {"", "", ""}} {
		if rate(bad[0], bad[1], bad[2]) == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

func TestAWinnerIsOneWhicheverCallIsShownFirst(t *testing.T) {
	opinion := func(prefers string) *Opinion {
		return &Opinion{Criteria: map[string]Preference{OverallCriterion: {Prefers: prefers}}}
	}
	for _, c := range []struct {
		forward, backward, winner string
		known                     bool
	}{
		{"one", "two", "A", true},
		{"two", "one", "B", true},
		{"one", "one", Tie, true}, // whichever is shown first
		{"two", "two", Tie, true},
		{"one", Tie, Tie, true},
		{Tie, Tie, Tie, true},
		{"one", "", "", false},
		{"", "", "", false},
		{"three", "one", "", false},
	} {
		p := JudgedPair{Pair: Pair{PairedCall{Arm: "A"}, PairedCall{Arm: "B"}}, Opinions: [2]*Opinion{opinion(c.forward), opinion(c.backward)}}
		if winner, known := p.Winner(OverallCriterion); winner != c.winner || known != c.known {
			t.Errorf("%+v: %q, %v", c, winner, known)
		}
		p.Opinions[1] = nil
		if _, known := p.Winner(OverallCriterion); known {
			t.Error("one answer is enough")
		}
	}
}

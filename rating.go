package tandem

import (
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Tie is the winner of a pair in which neither call is better.
const Tie = "tie"

// RubricFields lists the standard fields that rate an agent's conduct, 1 to 5.
func RubricFields() []string { return []string{NaturalnessField, ErrorField, OffScriptField} }

// Scores are somebody's ratings of one call by the rubric, 1 (worst) to 5 (best);
// nil is no rating, such as of error handling where nothing went wrong.
type Scores struct {
	Naturalness   *int `json:"language_naturalness,omitempty" minimum:"1" maximum:"5" doc:"How natural the agent's language is, 1 to 5"`
	ErrorHandling *int `json:"error_handling,omitempty" minimum:"1" maximum:"5" doc:"How the agent deals with what goes wrong, 1 to 5; left out when nothing did"`
	OffScript     *int `json:"off_script_recovery,omitempty" minimum:"1" maximum:"5" doc:"How the agent deals with what its task does not foresee, 1 to 5; left out when nothing was"`
}

// Score gives the rating by one of RubricFields, nil without one.
func (s Scores) Score(field string) *int {
	switch field {
	case NaturalnessField:
		return s.Naturalness
	case ErrorField:
		return s.ErrorHandling
	case OffScriptField:
		return s.OffScript
	}
	return nil
}

// CallRating is what one person says of one call. There is one of each rater and
// call; a later one replaces it.
type CallRating struct {
	CallID  ID        `json:"call_id"`
	Rater   string    `json:"rater" doc:"Name of the API key, or address of the user, that rated"`
	Scores  Scores    `json:"scores"`
	Note    string    `json:"note,omitempty"`
	RatedAt time.Time `json:"rated_at"`
}

// maxRatingNote bounds a note, in characters.
const maxRatingNote = 2000

// Validate says what is wrong with a rating, as a join of Invalid errors.
func (r CallRating) Validate() error {
	errs := []error{validateNote(r.Note)}
	given := strings.TrimSpace(r.Note) != ""
	for _, name := range RubricFields() {
		score := r.Scores.Score(name)
		given = given || score != nil
		if score != nil && (*score < 1 || *score > 5) {
			errs = append(errs, Errorf(Invalid, "scores."+name, "is %d; expected 1 (worst) to 5 (best)", *score))
		}
	}
	if !given {
		errs = append(errs, Errorf(Invalid, "scores", "is empty, and so is note; expected one of %s, or a note", strings.Join(RubricFields(), ", ")))
	}
	return errors.Join(errs...)
}

func validateNote(note string) error {
	switch {
	case !utf8.ValidString(note) || strings.ContainsRune(note, 0):
		return Errorf(Invalid, "note", "has characters that no text has; expected UTF-8 without NUL")
	case utf8.RuneCountInString(note) > maxRatingNote:
		return Errorf(Invalid, "note", "has %d characters; expected at most %d", utf8.RuneCountInString(note), maxRatingNote)
	}
	return nil
}

// RatedCall is a person's rating of a call beside what is known of the call.
type RatedCall struct {
	CallRating
	Arm string
	// Analyzed are the scores of the call's analysis, by rubric field.
	Analyzed map[string]float64
}

// PairedCall is one side of a pair.
type PairedCall struct {
	Arm    string `json:"arm" example:"A"`
	CallID ID     `json:"call_id"`
}

// Pair is two calls of one test to be compared. First is of the arm that comes
// first in the test.
type Pair struct {
	First  PairedCall `json:"first"`
	Second PairedCall `json:"second"`
}

// PairRating is what one person prefers of a pair. There is one of each rater and
// pair; a later one replaces it.
type PairRating struct {
	ID     ID `json:"id"`
	TestID ID `json:"test_id"`
	Pair
	Rater  string `json:"rater" doc:"Name of the API key, or address of the user, that rated"`
	Winner string `json:"winner" doc:"The arm whose call is better, or tie" example:"B"`
	// Blind says that the rater could not know which arm is which: the pair came
	// from a blind draw, and its arms had not been told to this rater before.
	Blind   bool      `json:"blind" doc:"Whether the rater could not know which arm is which"`
	Note    string    `json:"note,omitempty"`
	RatedAt time.Time `json:"rated_at"`
}

// Validate says what is wrong with a rating in a test, as a join of Invalid errors.
func (r PairRating) Validate(t Test) error {
	errs := []error{validateNote(r.Note)}
	first, second := t.Arm(r.First.Arm), t.Arm(r.Second.Arm)
	if first < 0 || second < 0 || first >= second {
		errs = append(errs, Errorf(Invalid, "second", "is of arm %q and first of %q; expected two of the test's arms in their order", r.Second.Arm, r.First.Arm))
	}
	if winners := []string{r.First.Arm, r.Second.Arm, Tie}; !slices.Contains(winners, r.Winner) {
		errs = append(errs, Errorf(Invalid, "winner", "is %q; expected one of %q", clip(r.Winner), winners))
	}
	return errors.Join(errs...)
}

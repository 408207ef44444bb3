package judge

import (
	"context"
	"math/rand/v2"
	"slices"

	"tandem"
)

// Shown is a pair to be shown to a person.
type Shown struct {
	tandem.Pair
	First, Second []tandem.Turn
}

// Unrated draws at most n of the pairs that the judge has judged and rater has not
// rated, each as likely as any other: so people and the judge see the same pairs.
// The same seed draws the same as long as nothing is judged or rated.
//
// Errors: NotFound when there is no such test; Invalid with field "arm".
func (d *Desk) Unrated(ctx context.Context, testID tandem.ID, arm, rater string, n int, seed uint64) (arms [2]string, out []Shown, err error) {
	t, err := d.store.Test(ctx, testID)
	if err != nil {
		return arms, nil, err
	}
	if arms, err = armsOf(t, arm); err != nil {
		return arms, nil, err
	}
	pairs, err := d.store.AllJudgedPairs(ctx, testID, arms[1])
	if err != nil {
		return arms, nil, err
	}
	ratings, err := d.store.AllPairRatings(ctx, testID)
	if err != nil {
		return arms, nil, err
	}
	rated := map[tandem.Pair]bool{}
	for _, r := range ratings {
		if r.Rater == rater {
			rated[r.Pair] = true
		}
	}
	pairs = slices.DeleteFunc(pairs, func(p tandem.JudgedPair) bool { return p.State != tandem.PairJudged || rated[p.Pair] })
	rand.New(rand.NewPCG(seed, 0)).Shuffle(len(pairs), func(i, j int) { pairs[i], pairs[j] = pairs[j], pairs[i] })
	for _, p := range pairs {
		if len(out) == n {
			break
		}
		first, err := d.store.Transcript(ctx, p.First.CallID)
		var second tandem.Transcript
		if err == nil {
			second, err = d.store.Transcript(ctx, p.Second.CallID)
		}
		if tandem.CodeOf(err) == tandem.NotFound {
			continue
		}
		if err != nil {
			return arms, nil, err
		}
		out = append(out, Shown{p.Pair, first.Turns, second.Turns})
	}
	return arms, out, nil
}

// Arms gives the arms that are compared: the first and arm, "" being the second.
// Errors: NotFound when there is no such test; Invalid with field "arm".
func (d *Desk) Arms(ctx context.Context, testID tandem.ID, arm string) ([2]string, error) {
	t, err := d.store.Test(ctx, testID)
	if err != nil {
		return [2]string{}, err
	}
	return armsOf(t, arm)
}

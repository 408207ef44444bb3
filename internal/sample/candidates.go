package sample

import (
	"context"
	"fmt"

	"tandem"
)

// Candidates draws at most n calls of an arm that have a transcript, for a program
// to look through; fewer when it has no more, or none more within MaxLooked. The
// first k of n are the ones that k would have drawn.
//
// Errors: the store's.
func (s *Sampler) Candidates(ctx context.Context, testID tandem.ID, arm string, n int, seed uint64) ([]SampledCall, error) {
	size, err := s.store.ArmSize(ctx, testID, arm)
	if err != nil {
		return nil, fmt.Errorf("size of arm %s: %w", arm, err)
	}
	drawn, err := s.arm(ctx, tandem.Arm{Key: arm}, among{size: size}, Query{
		Seed: seed, PerArm: n, Filter: tandem.CallFilter{TestID: testID, Arm: arm, HasTranscript: true},
	})
	if err != nil {
		return nil, fmt.Errorf("arm %s: %w", arm, err)
	}
	return drawn.Calls, nil
}

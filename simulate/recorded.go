package main

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"

	"tandem/internal/replay"
)

const recordedPart = "Recorded telephone calls, arms drawn anew each time, a look after every call"

// recordedCall is what counts of a recorded call.
type recordedCall struct {
	caller   string
	duration float64 // seconds
	success  float64
}

// readCalls reads recorded calls. why says what is missing, if anything.
func readCalls(path string) (calls []recordedCall, why string, err error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, path + " is not there", nil
	}
	for c, err := range replay.ReadFile(path) {
		if err != nil {
			return nil, "", err
		}
		r := recordedCall{caller: c.CallerID, duration: c.Length().Seconds()}
		if c.Success != nil && *c.Success {
			r.success = 1
		}
		calls = append(calls, r)
	}
	return calls, "", nil
}

// recorded tries equal versions on real calls: what was said and how long it
// took are real, only the arms are made up.
func recorded(o options) []setting {
	path := filepath.Join(o.data, "calls", "dstc2.train.jsonl.gz")
	const runs = 10_000
	bound := func(name string, fn func(calls []recordedCall) func(rng *rand.Rand) bool, limited bool) setting {
		return setting{recordedPart, name, func(r *runner) (figure, string, error) {
			calls, why, err := readCalls(path)
			if err != nil || why != "" {
				return figure{}, why, err
			}
			got, err := share(r, r.runs(runs), fn(calls))
			how := fmt.Sprintf("%d x %d", r.runs(runs), len(calls))
			if !limited {
				return contrast(got, how), "", err
			}
			return atMost(got, alpha, how), "", err
		}}
	}
	duration := func(c recordedCall) float64 { return min(longest, c.duration) }
	success := func(c recordedCall) float64 { return c.success }
	return []setting{
		// Its cut is 637 s on a median of 50: hardly anything can be found, false or
		// true. The sequence below is the row that tells.
		bound("duration, as the verdict bets on it (with little power: the cut is twelve times the median)", func(calls []recordedCall) func(*rand.Rand) bool {
			return yes(cutBets(len(calls), relabelled(calls, duration)))
		}, true),
		bound("success as the callers reported it", betOnSuccess(success), true),
		bound("duration, asymptotic sequence", sequenceOn(duration), true),
		bound("duration, sticky, by caller", callersOn(duration), true),
		bound("contrast: success, z-test at p < 0.05", peekOn(success), false),
	}
}

func betOnSuccess(y func(recordedCall) float64) func([]recordedCall) func(*rand.Rand) bool {
	return func(calls []recordedCall) func(*rand.Rand) bool {
		return yes(bets(binary, len(calls), relabelled(calls, y)))
	}
}

func sequenceOn(y func(recordedCall) float64) func([]recordedCall) func(*rand.Rand) bool {
	return func(calls []recordedCall) func(*rand.Rand) bool {
		return yes(watched(numbersFrom, len(calls), relabelled(calls, y), sequence(ofMeans)))
	}
}

func peekOn(y func(recordedCall) float64) func([]recordedCall) func(*rand.Rand) bool {
	return func(calls []recordedCall) func(*rand.Rand) bool {
		return yes(watched(sharesFrom, len(calls), relabelled(calls, y), peekedZ))
	}
}

// relabelled gives recorded calls in their order, each with an arm of its own.
func relabelled(calls []recordedCall, y func(recordedCall) float64) source {
	return func(rng *rand.Rand, i int) call {
		return call{inB: rng.IntN(2) == 1, q: 0.5, y: y(calls[i])}
	}
}

// callersOn draws an arm for each caller and compares by caller.
func callersOn(y func(recordedCall) float64) func([]recordedCall) func(*rand.Rand) bool {
	return func(calls []recordedCall) func(*rand.Rand) bool {
		number := map[string]int{}
		who := make([]int, len(calls))
		for i, c := range calls {
			if _, met := number[c.caller]; !met {
				number[c.caller] = len(number)
			}
			who[i] = number[c.caller]
		}
		return func(rng *rand.Rand) bool {
			arm := make([]int, len(number))
			for i := range arm {
				arm[i] = rng.IntN(2)
			}
			l := newCallers(len(arm))
			for i, c := range calls {
				l.add(who[i], arm[who[i]] == 1, y(c))
				if w, ok := l.compared(false); ok && bySequence(w) {
					return true
				}
			}
			return false
		}
	}
}

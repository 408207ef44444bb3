package stats

// Bets can stake little on outcomes that might be an hour long when hardly any
// is past two minutes. So bets on durations wait for the first CutFrom values of
// all arms and take [Cut] of the longest of them for the longest there can be. It
// is fixed before any value that is bet on, so the evidence stays exact; it is
// about durations that are cut there.
const (
	CutFrom  = 50
	CutTimes = 4
	// LeastCut, in seconds, is for tests whose first calls were all cut short.
	LeastCut = 10
)

// Cut is what bets take for the longest duration, and count longer ones as, when
// the longest of the first was most and none can be longer than longest.
func Cut(most, longest float64) float64 {
	return min(longest, max(LeastCut, CutTimes*most))
}

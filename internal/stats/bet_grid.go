package stats

// The grid's shape. Differences are spread as a hyperbolic sine: evenly around
// 0 and in proportion to their size further out, where an interval is wide
// anyway.
const (
	// gridSide is the number of differences on each side of 0.
	gridSide = 100
	// wideFrom is the width from which bounds are taken for a safety limit far
	// above what is usual, such as 0 to 3600 seconds. Narrower ones are scales
	// that outcomes fill, such as -1 to 1 or 1 to 10.
	wideFrom = 10
	// exp(c/100) for c = 4 (outcomes fill their bounds) and c = 7 (they do not),
	// written out so that every machine has the same.
	narrowRatio = 1.0408107741923882
	wideRatio   = 1.0725081812542165
)

// Grid is the grid of differences b - a to judge outcomes within bounds on:
// 201 rising numbers, symmetric around an exact 0, up to the width of the
// bounds. Step j is width sinh(c j/100)/sinh(c). For a binary outcome the steps
// are 0.0015 near 0 and 0.004 near 0.1; for 0 to 3600 seconds, 0.5 near 0 and 2
// near 30. Bounds are those that [NewBet] accepts.
func Grid(bounds Bounds, binary bool) []float64 {
	width, ratio := bounds.width(), narrowRatio
	if binary {
		width = 1
	} else if width >= wideFrom {
		ratio = wideRatio
	}
	// 2 sinh(cj/J) is r^j - r^-j.
	var sinh [gridSide + 1]float64
	power := 1.0
	for j := 1; j <= gridSide; j++ {
		power = float64(power * ratio) // rounded: never fused with what follows
		sinh[j] = power - 1/power
	}
	grid := make([]float64, 2*gridSide+1)
	for j := 1; j <= gridSide; j++ {
		d := float64(width * (sinh[j] / sinh[gridSide]))
		grid[gridSide+j], grid[gridSide-j] = d, -d
	}
	return grid
}

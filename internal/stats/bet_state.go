package stats

import (
	"encoding/binary"
	"fmt"
	"math"
)

// betState is the first byte of a Bet's state: the version of its layout and of
// the rules by which it was folded.
const betState = 1

// largestGrid bounds what is read back.
const largestGrid = 1 << 16

// MarshalBinary gives the complete state: little-endian 64-bit words behind one
// byte for the version. Differences that are excluded have no wealth left to
// store. The same calls give the same bytes on every machine. The error is
// always nil.
func (b *Bet) MarshalBinary() ([]byte, error) {
	w := writer{betState}
	w.bool(b.binary)
	w.float(b.bounds.Low, b.bounds.High, b.alpha)
	w.int(b.n, b.ones)
	w.float(b.mean, b.squares, b.best.sum)
	w.int(b.best.scale, int64(len(b.grid)), int64(b.low), int64(b.high))
	w.bool(b.decided)
	w.float(b.grid...)
	for j := range b.wealth {
		if b.kept(j) {
			w.int(b.wealth[j].scale)
			w.float(b.wealth[j].stake[:]...)
		}
	}
	return w, nil
}

// kept says whether the wealth of difference j is still played.
func (b *Bet) kept(j int) bool { return j == b.zero || j >= b.low && j <= b.high }

// UnmarshalBinary replaces the whole state by one that MarshalBinary gave.
//
// Errors: ErrInput when the bytes are not such a state. Nothing has changed
// then.
func (b *Bet) UnmarshalBinary(data []byte) error {
	r := reader{data: data}
	if v := r.byte(); v != betState {
		return fmt.Errorf("%w: version %d of a bet's state; expected %d", ErrInput, v, betState)
	}
	head := Bet{binary: r.bool()}
	head.bounds = Bounds{r.float(), r.float()}
	head.alpha = r.float()
	head.n, head.ones = r.int(), r.int()
	head.mean, head.squares = r.float(), r.float()
	head.best = highest{r.float(), r.int()}
	size, low, high := r.int(), r.int(), r.int()
	head.decided = r.bool()
	if size < 0 || size > largestGrid || low < 0 || low > high+1 || high >= size {
		return fmt.Errorf("%w: differences %d to %d of %d in a bet's state", ErrInput, low, high, size)
	}
	grid := make([]float64, size)
	for j := range grid {
		grid[j] = r.float()
	}
	read, err := NewBet(head.bounds, head.binary, grid, head.alpha)
	if err != nil {
		return err
	}
	read.n, read.ones, read.mean, read.squares = head.n, head.ones, head.mean, head.squares
	read.best, read.decided = head.best, head.decided
	read.low, read.high = int(low), int(high)
	for j := range read.wealth {
		if read.kept(j) {
			read.wealth[j].read(&r, read.alpha)
		}
	}
	if err := read.checkState(&r); err != nil {
		return err
	}
	*b = *read
	return nil
}

func (w *wealth) read(r *reader, alpha float64) {
	w.scale = r.int()
	w.sum = 0
	for k := 0; k < len(w.stake); k += 2 {
		w.stake[k], w.stake[k+1] = r.float(), r.float()
		w.sum += w.stake[k] + w.stake[k+1]
	}
	w.setLimit(alpha)
}

// checkState refuses what no calls can lead to and would break the arithmetic.
func (b *Bet) checkState(r *reader) error {
	ok := r.err == nil && len(r.data) == 0 &&
		b.n >= 0 && b.ones >= 0 && b.ones <= b.n &&
		finite(b.mean, b.squares, b.best.sum) && b.squares >= 0 && b.best.sum > 0 &&
		b.decided == (b.zero < b.low || b.zero > b.high) && sane(b.best.scale)
	for j := range b.wealth {
		w := &b.wealth[j]
		ok = ok && finite(w.sum) && w.sum > 0 && sane(w.scale)
		for _, x := range w.stake {
			ok = ok && x >= 0
		}
	}
	if !ok {
		return fmt.Errorf("%w: not the state of a bet", ErrInput)
	}
	return nil
}

// sane bounds an exponent far above what a trillion calls can reach.
func sane(scale int64) bool { return scale > -1<<50 && scale < 1<<50 }

// writer appends state in a fixed layout.
type writer []byte

func (w *writer) bool(x bool) {
	var v byte
	if x {
		v = 1
	}
	*w = append(*w, v)
}

func (w *writer) int(xs ...int64) {
	for _, x := range xs {
		*w = binary.LittleEndian.AppendUint64(*w, uint64(x))
	}
}

func (w *writer) float(xs ...float64) {
	for _, x := range xs {
		*w = binary.LittleEndian.AppendUint64(*w, math.Float64bits(x))
	}
}

func (w *writer) string(s string) {
	w.int(int64(len(s)))
	*w = append(*w, s...)
}

// reader takes state apart again. The first thing missing sets err, and all
// that follows is zero.
type reader struct {
	data []byte
	err  error
}

func (r *reader) take(n int64) []byte {
	if n < 0 || n > int64(len(r.data)) {
		r.err = fmt.Errorf("%w: the state ends early", ErrInput)
		r.data = nil
		return nil
	}
	out := r.data[:n]
	r.data = r.data[n:]
	return out
}

func (r *reader) byte() byte {
	if b := r.take(1); b != nil {
		return b[0]
	}
	return 0
}

// bool accepts 0 and 1 only, so that a state has one spelling.
func (r *reader) bool() bool {
	v := r.byte()
	if v > 1 {
		r.err = fmt.Errorf("%w: %d in a state; expected 0 or 1", ErrInput, v)
	}
	return v == 1
}

func (r *reader) int() int64 {
	if b := r.take(8); b != nil {
		return int64(binary.LittleEndian.Uint64(b))
	}
	return 0
}

func (r *reader) float() float64 { return math.Float64frombits(uint64(r.int())) }

func (r *reader) string() string { return string(r.take(r.int())) }

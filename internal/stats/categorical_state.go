package stats

import "fmt"

// MarshalBinary gives the complete state: little-endian 64-bit words behind one
// byte for the version. Categories are in the order in which they appeared. The
// same calls give the same bytes on every machine. The error is always nil.
func (c *Categorical) MarshalBinary() ([]byte, error) {
	w := writer{categoricalState}
	w.int(int64(len(c.arms)), int64(len(c.names)), c.scale, c.best.scale)
	w.float(c.best.sum)
	w.float(c.wealth[:]...)
	for at, name := range c.names {
		w.string(name)
		w.int(c.counts[at]...)
	}
	return w, nil
}

// UnmarshalBinary replaces the whole state by one that MarshalBinary gave.
//
// Errors: ErrInput when the bytes are not such a state. Nothing has changed
// then.
func (c *Categorical) UnmarshalBinary(data []byte) error {
	r := reader{data: data}
	if v := r.byte(); v != categoricalState {
		return fmt.Errorf("%w: version %d of a categorical state; expected %d", ErrInput, v, categoricalState)
	}
	arms, names := r.int(), r.int()
	if arms < 2 || arms > 1000 {
		return fmt.Errorf("%w: %d arms in a categorical state", ErrInput, arms)
	}
	read, err := NewCategorical(int(arms))
	if err != nil {
		return err
	}
	read.scale = r.int()
	read.best.scale, read.best.sum = r.int(), r.float()
	for k := range read.wealth {
		read.wealth[k] = r.float()
	}
	for at := int64(0); at < names && r.err == nil; at++ {
		counts := read.category(r.string())
		for b := range counts {
			counts[b] = r.int()
			read.arms[b] += counts[b]
			read.n += counts[b]
			if counts[b] < 0 || read.n < 0 {
				return fmt.Errorf("%w: count %d in a categorical state", ErrInput, counts[b])
			}
		}
	}
	if r.err != nil || len(r.data) > 0 || int64(len(read.names)) != names || !read.possible() {
		return fmt.Errorf("%w: not a categorical state", ErrInput)
	}
	*c = *read
	return nil
}

func (c *Categorical) possible() bool {
	ok := finite(c.best.sum) && c.best.sum > 0 && sane(c.best.scale) && sane(c.scale) && c.sum() > 0
	for _, w := range c.wealth {
		ok = ok && finite(w) && w >= 0
	}
	return ok
}

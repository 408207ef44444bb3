package redact

import "slices"

// numbers takes what kind's test finds in the runs: from every place where a number
// can begin, the longest. A number that is complete in its turn does not go on in the
// next. Only windows of 7 to 19 digits are tested.
func (c *conversation) numbers(kind Kind, test func(window) bool) {
	for i := 0; i < len(c.said); {
		r, next := c.run(i)
		if i = next; r == nil || len(r.all) < leastDigits {
			continue
		}
		for first := 0; first < len(r.items); first++ {
			if w, ok := r.longest(first, test); ok {
				c.take(kind, w.start(c.said), w.stop())
				first = w.j - 1
			}
		}
	}
}

// longest gives the longest window from item i on that passes the test; one within
// a turn, with digits enough, before one that goes on.
func (r *run) longest(i int, test func(window) bool) (w window, ok bool) {
	if !r.cut(i) {
		return window{}, false
	}
	var later, same [mostDigits]window
	nLater, nSame, n := 0, 0, 0
	for j := i; j < len(r.items); j++ {
		if n += len(r.items[j].digits); n > mostDigits {
			break
		}
		switch w := (window{r, i, j + 1}); {
		case n < leastDigits || !r.cut(j+1):
		case r.items[j].turn == r.items[i].turn && n >= complete:
			same[nSame] = w
			nSame++
		default:
			later[nLater] = w
			nLater++
		}
	}
	for _, all := range [][]window{same[:nSame], later[:nLater]} {
		for _, w := range slices.Backward(all) {
			if test(w) {
				return w, true
			}
		}
	}
	return window{}, false
}

// Every kind that is looked for in runs has so many digits: a local telephone
// number the least, a card the most.
const leastDigits, mostDigits = 7, 19

// complete is how many digits may be all of a number. With fewer, what the next turn
// begins with belongs to it: a local number may be the beginning of a longer one.
const complete = 9

// window is the items from a run's i up to, not including, j.
type window struct {
	*run
	i, j int
}

func (w window) part() []item { return w.items[w.i:w.j] }

// digits gives the window's digits in a row.
func (w window) digits() string {
	last := w.items[w.j-1]
	return w.all[w.items[w.i].at : last.at+len(last.digits)]
}

// groups gives the lengths of the groups in which the digits come: as written, or
// as the pauses of speech part them.
func (w window) groups() []int {
	var out []int
	single := false
	for i, it := range w.part() {
		grows := i > 0 && it.gap != firm && (it.spoken || single && len(it.digits) == 1)
		if single = !it.spoken && len(it.digits) == 1; grows {
			out[len(out)-1] += len(it.digits)
		} else {
			out = append(out, len(it.digits))
		}
	}
	return out
}

// written says whether dashes, dots or brackets hold the digits together.
func (w window) written() bool {
	for i, it := range w.part() {
		if i > 0 && it.gap == glued && !it.spoken {
			return true
		}
	}
	return false
}

// leads says whether the run's plus is the window's.
func (w window) leads() bool { return w.plus && w.i == 0 }

// money says whether the window's first or last item is a sum of money.
func (w window) money() bool { return w.paid && w.i == 0 || w.sum && w.j == len(w.items) }

// start gives the window's first token: the plus or the bracket before the digits
// goes with them.
func (w window) start(said []token) int {
	first := w.items[w.i].first
	if w.leads() {
		first--
	}
	if first > 0 && said[first-1].text == "(" && said[first].tight && w.closes(said) {
		first--
	}
	return first
}

// closes says whether a bracket closes within the window before one opens.
func (w window) closes(said []token) bool {
	for _, t := range said[w.items[w.i].first : w.stop()+1] {
		if t.text == "(" {
			return false
		}
		if t.text == ")" {
			return true
		}
	}
	return false
}

func (w window) stop() int { return w.items[w.j-1].last }

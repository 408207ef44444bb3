package redact

import "strings"

// item is one number of a run, such as 42, "forty two" or "double five".
type item struct {
	digits string
	at     int // of the digits in the run's
	// first and last are the item's tokens.
	first, last int
	turn        int
	gap         gap // before the item
	spoken      bool
}

// gap is what parts two items of a run.
type gap uint8

const (
	glued gap = iota // a dash, a dot or a bracket without spaces: 555-0132
	weak             // no more than spaces, or a slash
	firm             // a comma, a full stop, a filler, another turn
)

// run is a row of numbers with nothing between that would end a number.
type run struct {
	items []item
	all   string // the digits of all items
	plus  bool   // a plus comes first
	// paid and sum say that a currency comes right before, and right after.
	paid, sum bool
}

// longestGap is how many tokens may part two items, fillers among them.
const longestGap = 8

// run reads the run that begins at token i, nil when token i is no number, and gives
// the token after it.
func (c *conversation) run(i int) (r *run, next int) {
	it, ok := c.item(i)
	if !ok {
		return nil, i + 1
	}
	r = &run{}
	var all strings.Builder
	for ok {
		it.at = all.Len()
		all.WriteString(it.digits)
		r.items = append(r.items, it)
		next = it.last + 1
		var gap gap
		if gap, i, ok = c.gapAt(next); ok {
			it, ok = c.item(i)
			it.gap = gap
		}
	}
	r.all = all.String()
	before, after := c.near(r.items[0].first-1), c.near(next)
	r.plus = before.text == "+" || before.text == "plus"
	r.paid, r.sum = currencies[before.text], currencies[after.text]
	return r, next
}

var currencies = set("$", "€", "£", "¥", "₹", "usd", "eur", "gbp", "chf", "dollars", "dollar", "euros", "euro", "pounds", "francs", "rupees", "yen", "bucks", "percent", "%")

// near gives token i, an empty one beyond the ends.
func (c *conversation) near(i int) token {
	if i < 0 || i >= len(c.said) || c.said[i].sort == wall {
		return ended
	}
	return c.said[i]
}

// item reads a number at token i. Digits next to letters, such as 8th or 22A, are
// none.
func (c *conversation) item(i int) (item, bool) {
	if i >= len(c.said) {
		return item{}, false
	}
	value, n := amount(c.said, i)
	if n == 0 {
		return item{}, false
	}
	first, after := c.said[i], c.near(i+n)
	if first.tight && c.near(i-1).sort == word || after.tight && after.sort <= digits {
		return item{}, false
	}
	return item{digits: value, first: i, last: i + n - 1, turn: first.turn, spoken: first.sort == word}, true
}

// gapMarks may stand in a number; of them, tieMarks do not part it.
const (
	gapMarks = "-–—‑./(),…;?"
	tieMarks = "-–—‑()"
)

// gapAt reads the gap that begins at token i, and gives the token after it; false
// when something else than a gap is there.
func (c *conversation) gapAt(i int) (g gap, next int, ok bool) {
	g = weak
	if i < len(c.said) && c.said[i].tight {
		g = glued
	}
	for n := 0; n < longestGap && i < len(c.said); n++ {
		t := c.said[i]
		switch {
		case t.sort == digits, t.sort == word && t.num.sort != filler:
			if !t.tight {
				g = max(g, weak)
			}
			return g, i, true
		case t.sort == wall, t.sort == mark && !strings.Contains(gapMarks, t.text):
			return 0, 0, false
		case t.sort == mark && strings.Contains(tieMarks, t.text), t.text == "." && t.tight && c.near(i+1).tight, t.text == "," && t.tight && c.near(i+1).tight:
			if !t.tight {
				g = max(g, weak)
			}
		case t.text == "/":
			g = max(g, weak)
		default:
			g = firm
		}
		i++
	}
	return 0, 0, false
}

// cut says whether a number can begin or end before item i: not within what is
// written in one piece, nor within a row of digits said one by one. An "oh" in
// front may be an exclamation.
func (r *run) cut(i int) bool {
	if i == 0 || i == len(r.items) {
		return true
	}
	a, b := r.items[i-1], r.items[i]
	switch {
	case i == 1 && a.spoken && a.digits == "0" && b.gap > glued:
		return true
	case b.gap == weak:
		return len(a.digits) > 1 || len(b.digits) > 1
	}
	return b.gap == firm
}

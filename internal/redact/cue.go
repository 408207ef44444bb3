package redact

import "slices"

// topic is what the talk is of where a number is said.
type topic uint8

const (
	nothing topic = iota
	telephone
	social // a Social Security number
	other  // an order, a booking, a date: a number that is nobody's
)

// cue is a word that tells what a number near it is.
type cue struct {
	topic topic
	from  int // byte of its turn
}

var topics = func() map[string]topic {
	m := map[string]topic{"ssn": social, "social": social}
	for _, w := range []string{
		"phone", "phones", "telephone", "cell", "cellphone", "mobile", "landline", "whatsapp", "fax", "call", "calls", "calling", "callback",
		"reach", "dial", "text", "texts", "sms", "ring", "tel", "contact",
	} {
		m[w] = telephone
	}
	for _, w := range []string{
		"order", "orders", "reference", "ref", "tracking", "invoice", "serial", "policy", "isbn", "imei", "pin", "code", "codes", "id",
		"zip", "postcode", "passport", "license", "licence", "birth", "birthday", "born", "dob", "flight", "account", "card", "iban", "cvc", "cvv",
		"model", "version", "routing", "sku", "plate", "employee", "total", "price", "balance",
	} {
		m[w] = other
	}
	return m
}()

// whose are the words after which "number" alone means that of a telephone.
var whose = set("my", "your", "his", "her", "their", "our", "the", "a", "what", "best", "good", "other", "new", "old", "home", "work", "office", "local", "direct", "this",
	"and", "or", "if", "is", "using", "on", "at")

// cuesOf finds the cues of a turn.
func cuesOf(turn []token) []cue {
	var all []cue
	for i, t := range turn {
		if t.sort != word {
			continue
		}
		before := token{}
		if i > 0 {
			before = turn[i-1]
		}
		about := topics[t.text]
		switch {
		case t.text == "order" && before.text == "in":
			about = nothing
		case t.text == "code" && (before.text == "area" || before.text == "country"):
			about = telephone
		case t.text == "number" || t.text == "numbers":
			about = number(before)
		}
		if about != nothing {
			all = append(all, cue{about, t.from})
		}
	}
	return all
}

// number tells what "number" means by the word before it.
func number(before token) topic {
	switch {
	case before.sort != word || topics[before.text] != nothing || before.text == "security":
		return nothing // "phone number": the phone has told already
	case whose[before.text]:
		return telephone
	}
	return other
}

// nearBefore is how many tokens before a number names it: "my number is".
const nearBefore = 3

// named says whether the words right before token i call what comes a telephone
// number.
func (c *conversation) named(i int) bool {
	for n := 1; n <= nearBefore; n++ {
		if t := c.near(i - n); t.text == "number" || topics[t.text] == telephone {
			return true
		}
	}
	return false
}

// nearAfter is how many tokens after a number a cue may follow: "... is my social".
const nearAfter = 5

// about tells what the talk is of where the window is: by the nearest word before
// it in its turn, else by one soon after, else by the last of the other's turn
// before.
func (c *conversation) about(w window) topic {
	first, last := c.said[w.items[w.i].first], c.said[w.items[w.j-1].last]
	cues := c.cues[first.turn]
	i, _ := slices.BinarySearchFunc(cues, first.from, func(q cue, from int) int { return q.from - from })
	if i > 0 {
		return cues[i-1].topic
	}
	if after := c.after(w.items[w.j-1].last, last.turn); after != nothing {
		return after
	}
	for t := first.turn - 1; t >= 0; t-- {
		if c.turns[t].Role != c.turns[first.turn].Role {
			if n := len(c.cues[t]); n > 0 {
				return c.cues[t][n-1].topic
			}
			break
		}
	}
	return nothing
}

// after tells what a word soon after token i says, up to the next "and".
func (c *conversation) after(i, turn int) topic {
	for n := 1; n <= nearAfter; n++ {
		t := c.near(i + n)
		if t.sort == wall || t.sort == pause || t.turn != turn || t.text == "and" || t.text == "or" || t.text == "but" {
			break
		}
		if about := topics[t.text]; t.sort == word && about != nothing {
			return about
		}
	}
	return nothing
}

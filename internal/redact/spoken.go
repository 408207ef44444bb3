package redact

import (
	"strconv"
	"strings"
)

// numeral is what a word is in a number.
type numeral struct {
	sort  numeralSort
	value string // its digits
	times int    // of a repeat
}

type numeralSort uint8

const (
	none   numeralSort = iota
	unit               // one digit
	teen               // two
	ten                // the first of two: forty
	repeat             // double, triple
	filler             // said within a number without being of it
)

// numerals are the words of numbers. "o" and "oh" are how zero is said in them.
var numerals = func() map[string]*numeral {
	m := map[string]*numeral{}
	for i, names := range []string{"zero oh o nought naught", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine niner"} {
		for name := range strings.FieldsSeq(names) {
			m[name] = &numeral{sort: unit, value: strconv.Itoa(i)}
		}
	}
	for i, name := range strings.Fields("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen") {
		m[name] = &numeral{sort: teen, value: strconv.Itoa(10 + i)}
	}
	for i, name := range strings.Fields("twenty thirty forty fifty sixty seventy eighty ninety") {
		m[name] = &numeral{sort: ten, value: strconv.Itoa(2 + i)}
	}
	for name, times := range map[string]int{"double": 2, "triple": 3, "treble": 3, "quadruple": 4} {
		m[name] = &numeral{sort: repeat, times: times}
	}
	for name := range strings.FieldsSeq("uh uhm um umm er erm ah eh hm hmm mm mhm and then so well like okay ok yeah yes yep right dash hyphen minus dot point space comma slash") {
		m[name] = &numeral{sort: filler}
	}
	return m
}()

func set(words ...string) map[string]bool {
	s := make(map[string]bool, len(words))
	for _, w := range words {
		s[w] = true
	}
	return s
}

// fills says whether the token may stand at the end of a part of a number without
// being of it.
func (t token) fills() bool { return t.sort == mark || t.num.sort == filler }

// amount reads the number said at token i: a digit, digits, "forty two", "double
// five", "eight hundred". It gives the digits and the number of tokens, 0 when
// there is none.
func amount(said []token, i int) (value string, n int) {
	t := said[i]
	if t.sort == digits {
		return t.text, 1
	}
	switch t.num.sort {
	case unit:
		return hundreds(said, i, t.num.value)
	case teen:
		return t.num.value, 1
	case ten:
		if j, u := unitAfter(said, i); u != "" && u != "0" {
			return t.num.value + u, j - i + 1
		}
		return t.num.value + "0", 1
	case repeat:
		if i+1 == len(said) {
			break
		}
		if next := said[i+1]; next.num.sort == unit {
			return strings.Repeat(next.num.value, t.num.times), 2
		} else if next.sort == digits && len(next.text) == 1 {
			return strings.Repeat(next.text, t.num.times), 2
		}
	}
	return "", 0
}

// unitAfter gives the digit said right after token i, or after a hyphen, and where.
func unitAfter(said []token, i int) (at int, v string) {
	i++
	if i+1 < len(said) && said[i].text == "-" && said[i].tight && said[i+1].tight {
		i++
	}
	if i < len(said) && said[i].num.sort == unit {
		return i, said[i].num.value
	}
	return i, ""
}

// hundreds reads on after a digit: "eight hundred", "five thousand", "six hundred
// one,". In "eight hundred five five five" the digits after are read one by one.
func hundreds(said []token, i int, v string) (value string, n int) {
	if i+1 >= len(said) || said[i+1].sort != word {
		return v, 1
	}
	switch said[i+1].text {
	case "thousand":
		return v + "000", 2
	case "hundred":
		at, u := unitAfter(said, i+1)
		if u == "" || u == "0" {
			return v + "00", 2
		}
		if at+1 < len(said) {
			if _, more := amount(said, at+1); more > 0 {
				return v + "00", 2
			}
		}
		return v + "0" + u, at - i + 1
	}
	return v, 1
}

package calc

import (
	"errors"
	"math"
	"math/big"
	"strconv"
	"strings"

	"tandem"
)

// cellKind says what stands in a cell.
type cellKind uint8

const (
	absent cellKind = iota
	number
	word
	flag
)

// cell is one value of a file: a field of CSV, or a scalar of JSON.
type cell struct {
	text string
	kind cellKind
}

// textCell reads a field of CSV, which does not say what it is.
func textCell(text string) cell {
	switch {
	case text == "":
		return cell{}
	case text == "true" || text == "false":
		return cell{text, flag}
	case isNumber(text):
		return cell{text, number}
	}
	return cell{text, word}
}

// isNumber says whether text is a decimal number as JSON and CSV write them:
// not hexadecimal, not an infinity, nothing with underscores.
func isNumber(text string) bool {
	digits := false
	for i := range len(text) {
		switch c := text[i]; {
		case c >= '0' && c <= '9':
			digits = true
		case c != '+' && c != '-' && c != '.' && c != 'e' && c != 'E':
			return false
		}
	}
	if !digits {
		return false
	}
	_, err := strconv.ParseFloat(text, 64)
	return err == nil || errors.Is(err, strconv.ErrRange)
}

// refuse says what is in the cell and what was expected.
func (c cell) refuse(at, expected string) error {
	is := "is " + clip(c.text)
	switch c.kind {
	case absent:
		is = "is missing"
	case word:
		is = "is " + strconv.Quote(clip(c.text))
	}
	return tandem.Errorf(tandem.Invalid, at, "%s; expected %s", is, expected)
}

// clip keeps long text out of messages.
func clip(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	r := []rune(s)
	return string(r[:min(len(r), most)]) + "..."
}

// float reads a finite number.
func (c cell) float(at string) (float64, error) {
	if c.kind != number {
		return 0, c.refuse(at, "a number")
	}
	x, err := strconv.ParseFloat(c.text, 64)
	if err != nil || math.IsInf(x, 0) {
		return 0, c.refuse(at, "a number that fits in 64 bits")
	}
	return x, nil
}

// exact reads a number to its last digit.
func (c cell) exact(at string) (*big.Rat, error) {
	if _, err := c.float(at); err != nil {
		return nil, err
	}
	x, ok := new(big.Rat).SetString(c.text)
	if !ok {
		return nil, c.refuse(at, "a number that fits in 64 bits")
	}
	return x, nil
}

// rounded says whether a number may have lost digits before it was written: one
// with a point or an exponent, or a whole one that is large and just what a float
// holds.
func (c cell) rounded() bool {
	if strings.ContainsAny(c.text, ".eE") {
		return true
	}
	const whole = 1 << 53 // floats hold every whole number up to here
	x, ok := new(big.Int).SetString(c.text, 10)
	if !ok || x.CmpAbs(big.NewInt(whole)) <= 0 {
		return false
	}
	_, accuracy := new(big.Float).SetInt(x).Float64()
	return accuracy == big.Exact
}

// maxCount bounds counts, so that sums of counts stay exact.
const maxCount = 1_000_000_000_000_000

// count reads a whole number, 0 or more.
func (c cell) count(at string) (int64, error) {
	const expected = "a whole number from 0 to 1e15"
	x, err := c.float(at)
	if err != nil {
		return 0, c.refuse(at, expected)
	}
	if x != math.Trunc(x) || x < 0 || x > maxCount {
		return 0, c.refuse(at, expected)
	}
	return int64(x), nil
}

// name reads a name: any scalar will do.
func (c cell) name(at string) (string, error) {
	if c.kind == absent {
		return "", c.refuse(at, "a name")
	}
	return c.text, nil
}

// Package redact takes personal data out of what is said in calls, before it is
// stored or shown to a language model.
//
// Text, turns and analysis values flow in; the same with every finding replaced
// by its kind in brackets, such as [phone], flows out. It reads numbers as speech
// recognisers write them (digits, or English words) and never keeps or logs what
// it found.
//
// It knows forms, not meanings. It misses what has no form of its own: names that
// are not on the list, addresses, dates of birth, a number of a form it does not
// know, and numbers that were misheard, for their check digits no longer fit.
package redact

import (
	"slices"
	"strconv"

	"tandem"
)

// Kind is a kind of personal data.
type Kind string

// The kinds of personal data.
const (
	// Phone is a telephone number: with a country code, or a valid one of the
	// region; where the talk is of a telephone, any of a length that can be called.
	Phone Kind = "phone"
	// Email is an e-mail address, written, or spoken: "ann dot lee at example dot com".
	Email Kind = "email"
	// Card is a payment card's number: an issuer's prefix and length, and the
	// check digit of ISO/IEC 7812-1 (Luhn).
	Card Kind = "card"
	// IBAN is a bank account's number, ISO 13616: the country's length, and the
	// check digits of ISO 7064 (mod 97-10).
	IBAN Kind = "iban"
	// SSN is a Social Security number of the United States: groups of 3, 2 and 4
	// digits, or nine digits where the talk is of one.
	SSN Kind = "ssn"
	// Name is a name of [Config.Names], and no other.
	Name Kind = "name"
)

// order is the order in which the kinds are looked for. What one takes, no later
// one sees: the digits of an IBAN are no telephone number.
var order = []Kind{Email, IBAN, Card, SSN, Phone, Name}

// Kinds gives all kinds.
func Kinds() []Kind { return []Kind{Phone, Email, Card, IBAN, SSN, Name} }

// Counts is how many of each kind were found. Kinds without any are absent.
type Counts map[Kind]int

// Config says what to take out.
type Config struct {
	// Kinds to look for; none means all.
	Kinds []Kind
	// Names are words or full names to take out, whatever their case and accents,
	// as whole words, also as possessives ("Anna's"). A list can't find names that
	// are not on it, other spellings, diminutives, plurals ("the Smiths") and
	// spelled names ("A N N A"), and can't tell a name from a word: with "Rose" on
	// it, the flower goes too.
	Names []string
	// Region is the ISO 3166 country, in two letters, whose numbers are said
	// without country code; US when empty.
	Region string
}

// Redactor takes personal data out. It is safe for concurrent use.
type Redactor struct {
	kinds []Kind
	names names
	plan  plan
}

// New makes a Redactor. A kind that there is not or that comes twice, a name
// without letters and an unknown region are Invalid errors that name the field,
// such as "kinds[1]".
func New(cfg Config) (*Redactor, error) {
	for i, k := range cfg.Kinds {
		if !slices.Contains(order, k) {
			return nil, tandem.Errorf(tandem.Invalid, at("kinds", i), "is %.40q; expected phone, email, card, iban, ssn or name", k)
		}
		if slices.Contains(cfg.Kinds[:i], k) {
			return nil, tandem.Errorf(tandem.Invalid, at("kinds", i), "is %q again; expected each kind once", k)
		}
	}
	listed, err := newNames(cfg.Names)
	if err != nil {
		return nil, err
	}
	plan, err := newPlan(cfg.Region)
	if err != nil {
		return nil, err
	}
	r := &Redactor{names: listed, plan: plan}
	for _, k := range order {
		if len(cfg.Kinds) == 0 || slices.Contains(cfg.Kinds, k) {
			r.kinds = append(r.kinds, k)
		}
	}
	return r, nil
}

// Text gives s without personal data, and what was found. Whatever is not found
// stays as it is, byte for byte. Text of the result changes nothing more.
func (r *Redactor) Text(s string) (string, Counts) {
	turns, counts := r.Turns([]tandem.Turn{{Text: s}})
	return turns[0].Text, counts
}

// Turns gives copies of the turns without personal data, and what was found. Only
// texts change. A number that is spread over consecutive turns of a speaker, with
// no more than an interjection of the other between, is found, leaves its mark in
// each of the turns and counts once. The other's turn before tells what a number
// is where the turn itself does not ("Your social, please?").
func (r *Redactor) Turns(turns []tandem.Turn) ([]tandem.Turn, Counts) {
	turns = slices.Clone(turns)
	counts := Counts{}
	// What is taken out may have hidden what makes something else a finding, such
	// as the "order" of an e-mail address before a telephone number. Each round
	// takes out letters or digits, so the rounds end; nearly always after one that
	// found something and one that did not.
	for {
		c := r.read(turns)
		if len(c.found) == 0 {
			return turns, counts
		}
		for k, n := range c.found {
			counts[k] += n
		}
		c.replace(turns)
	}
}

// Value gives an analysis value without personal data: text is redacted as by
// [Redactor.Text], all else is given back as it is.
func (r *Redactor) Value(v any) any {
	if s, ok := v.(string); ok {
		s, _ = r.Text(s)
		return s
	}
	return v
}

func at(field string, i int) string { return field + "[" + strconv.Itoa(i) + "]" }

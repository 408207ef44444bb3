package redact

import (
	"slices"
	"strings"

	"tandem"
)

// interjection is how many words the other may say between two turns of a speaker
// that hold one number: "okay, four one five, go on please".
const interjection = 8

// conversation is what one round of looking knows.
type conversation struct {
	*Redactor
	turns []tandem.Turn
	// said is all that is said, speaker by speaker, each speaker's turns in order.
	said []token
	// cues are the words of each turn that tell what a number is.
	cues [][]cue
	// mails says of each turn whether it speaks of e-mail.
	mails []bool
	// checks is how many more telephone numbers may be checked.
	checks int
	// found is how much was found, and spans where, by turn.
	found Counts
	spans [][]span
}

// span is a part of a turn's text that goes.
type span struct {
	from, to int
	kind     Kind
}

// read looks for all kinds in the turns.
func (r *Redactor) read(turns []tandem.Turn) *conversation {
	c := &conversation{Redactor: r, turns: turns, cues: make([][]cue, len(turns)), mails: make([]bool, len(turns)), found: Counts{}, spans: make([][]span, len(turns)), checks: leastChecks}
	for _, t := range turns {
		c.checks += len(t.Text) / bytesPerCheck
	}
	for _, role := range []tandem.Role{tandem.RoleCaller, tandem.RoleAgent, tandem.RoleTool, ""} {
		c.hear(role)
	}
	c.said = append(c.said, ended)
	for _, k := range r.kinds {
		switch k {
		case Email:
			c.emails()
		case IBAN:
			c.ibans()
		case Card:
			c.numbers(Card, c.card)
		case SSN:
			c.numbers(SSN, c.ssn)
		case Phone:
			c.numbers(Phone, c.phone)
		case Name:
			c.listed()
		}
	}
	return c
}

// ended is the end of a speaker's say.
var ended = token{sort: wall, turn: -1, num: &noNumeral}

// speaker gives the role of a turn; the empty one for a text alone and for roles
// that there are not.
func speaker(t tandem.Turn) tandem.Role {
	switch t.Role {
	case tandem.RoleCaller, tandem.RoleAgent, tandem.RoleTool:
		return t.Role
	}
	return ""
}

// hear adds a speaker's turns to what is said.
func (c *conversation) hear(role tandem.Role) {
	gap := ended
	between := 0 // words of others since the speaker's last turn
	for i, t := range c.turns {
		if speaker(t) != role {
			between += len(strings.Fields(t.Text))
			continue
		}
		if gap.turn = i; between > interjection || role == tandem.RoleTool {
			gap.sort = wall
		}
		c.said = append(c.said, gap)
		from := len(c.said)
		c.said = tokens(c.said, i, t.Text)
		c.cues[i] = cuesOf(c.said[from:])
		c.mails[i] = slices.ContainsFunc(c.said[from:], func(t token) bool { return t.text == "mail" || t.text == "email" || t.text == "emails" })
		gap.sort, between = pause, 0
	}
}

// take notes that tokens first to last are of a kind, and hides them from those who
// look later. Of a number that goes on in another turn, the fillers at the ends of
// turns stay.
func (c *conversation) take(kind Kind, first, last int) {
	c.found[kind]++
	for from := first; from <= last; from++ {
		to := from
		for to <= last && c.said[to].sort != pause {
			to++
		}
		part := c.said[from:to]
		for from > first && len(part) > 0 && part[0].fills() {
			part = part[1:]
		}
		for to <= last && len(part) > 0 && part[len(part)-1].fills() {
			part = part[:len(part)-1]
		}
		if len(part) > 0 {
			t := part[0].turn
			c.spans[t] = append(c.spans[t], span{part[0].from, part[len(part)-1].to, kind})
		}
		from = to
	}
	for i := first; i <= last; i++ {
		c.said[i].hide()
	}
}

// replace puts placeholders in the place of what was found.
func (c *conversation) replace(turns []tandem.Turn) {
	for i, spans := range c.spans {
		if len(spans) == 0 {
			continue
		}
		slices.SortFunc(spans, func(a, b span) int { return a.from - b.from })
		var out strings.Builder
		text, at := turns[i].Text, 0
		for _, s := range spans {
			out.WriteString(text[at:s.from])
			out.WriteString(placeholder(s.kind))
			at = s.to
		}
		out.WriteString(text[at:])
		turns[i].Text = out.String()
	}
}

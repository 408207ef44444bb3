package redact

import "strings"

// spokenAt and spokenDot are how "@" and "." are said; marks how the others are.
var (
	spokenAt  = set("@", "at", "arroba")
	spokenDot = set(".", "dot", "period", "punkt", "punto")
	marks     = set(".", "dot", "period", "point", "punkt", "punto", "_", "underscore", "-", "dash", "hyphen", "minus", "+", "plus", "'", "apostrophe")
)

// topLevel are the last parts of the domains that are read where an address is
// spoken. Written with "@" any will do.
var topLevel = set("com", "net", "org", "edu", "gov", "mil", "int", "info", "biz", "io", "co", "me", "app", "dev", "ai", "tv", "eu", "us", "uk", "ie", "ca", "au", "nz",
	"de", "at", "ch", "fr", "es", "it", "pt", "nl", "be", "lu", "dk", "se", "no", "fi", "is", "pl", "cz", "sk", "hu", "ro", "bg", "gr", "hr", "si", "ee", "lv", "lt",
	"tr", "ru", "ua", "il", "ae", "in", "cn", "jp", "kr", "sg", "hk", "tw", "mx", "br", "ar", "cl", "za", "example", "cloud", "online", "shop")

// providers are whose addresses people have.
var providers = set("gmail", "googlemail", "yahoo", "hotmail", "outlook", "icloud", "aol", "gmx", "protonmail", "proton", "live", "msn", "comcast", "verizon", "ymail")

// stops are words that are no part of an address: they come before one, or are
// somebody at a place.
var stops = set("a", "i", "is", "it", "that", "this", "to", "my", "me", "the", "email", "mail", "e", "address", "at", "be", "are", "am", "was", "were", "been", "use", "using",
	"send", "sent", "write", "reach", "on", "in", "of", "for", "or", "and", "so", "uh", "um", "er", "erm", "okay", "ok", "yes", "yeah", "sure", "please", "we", "you", "he", "she", "they", "us", "no",
	"him", "her", "them", "look", "looked", "looking", "saw", "see", "have", "has", "had", "would", "will", "should", "can", "as", "with", "by", "from", "its", "your", "his", "our", "their",
	"here", "there", "good", "not", "just", "well", "then", "what", "s", "out", "up", "shop", "buy", "bought", "got", "get", "order", "ordered", "found", "work", "works", "worked", "spell", "mailto", "under")

// leads are the words after which an address comes.
var leads = set("is", "to", "it", "s", "'s", "that", "be", "use", "email", "mail", "address", "mailto", "under")

// longestPart is how many tokens the part of an address before or after the "@"
// may have: 64 characters, spelled (RFC 5321 section 4.5.3.1).
const longestPart = 64

// emails takes addresses, written, spoken, or both mixed ("nina at gmail.com").
func (c *conversation) emails() {
	floor := 0 // the token after the last address
	for i, t := range c.said {
		if t.sort != word && t.sort != mark || !spokenAt[t.text] {
			continue
		}
		first, sure := c.local(i, floor)
		if first == i {
			continue
		}
		last, known := c.domain(i)
		if last > 0 && (t.sort == mark || sure || known || c.expected(first)) {
			c.take(Email, first, last)
			floor = last + 1
		}
	}
}

// expected says whether an address may well begin at token first: nothing of the
// sentence comes before, or a word that leads to one, or the talk is of e-mail.
func (c *conversation) expected(first int) bool {
	before := c.near(first - 1)
	if before.sort >= mark || leads[before.text] {
		return true
	}
	turn := c.said[first].turn
	if c.mails[turn] {
		return true
	}
	for t := turn - 1; t >= 0; t-- {
		if c.turns[t].Role != c.turns[turn].Role {
			return c.mails[t]
		}
	}
	return false
}

// atom says whether token i is letters or digits, such as a part of an address is
// made of.
func (c *conversation) atom(i int) bool { return c.near(i).sort <= digits }

// brief says whether token i is a letter, digits or a number's word: several of
// them are said in a row.
func (c *conversation) brief(i int) bool {
	if _, n := amount(c.said, i); n > 0 {
		return true
	}
	return len(c.said[i].text) == 1
}

// localMarks may stand in a written local part (RFC 5322 section 3.2.3, and the dot).
const localMarks = "._%+-'&=~*#!$^`{|}"

// local gives the first token of the local part that ends before token at; at when
// there is none. It is sure when it can hardly be anything else: it holds a mark
// or digits, or is spelled.
func (c *conversation) local(at, floor int) (first int, sure bool) {
	first = at - 1
	if first < floor || !c.atom(first) {
		return at, false
	}
	tied := c.said[at].sort == mark && c.said[at].tight // written in one piece
	plain := 0
	for first > floor && at-first < longestPart {
		t := c.said[first-1]
		switch {
		case tied && !c.said[first].tight:
			return first, sure
		case tied && (c.atom(first-1) || t.sort == mark && strings.Contains(localMarks, t.text)):
			first--
		case marks[t.text] && first-2 >= floor && c.atom(first-2) && (t.sort == word || t.tight && c.said[first].tight):
			first, sure = first-2, true
		case !c.atom(first - 1):
			return c.unstopped(first, at, sure)
		case c.said[first].tight, c.brief(first) && c.brief(first-1):
			first, sure = first-1, true
		case !stops[t.text] && plain < 2 && (c.brief(first) || plain > 0):
			first, sure = first-1, true
			plain++
		case plain == 0 && !stops[t.text] && c.mails[t.turn] && c.near(first-2).sort == word && leads[c.near(first-2).text]:
			first-- // "my email is john smith at"
			plain = 2
		default:
			return c.unstopped(first, at, sure)
		}
	}
	return c.unstopped(first, at, sure)
}

// unstopped refuses a local part that is one word of those that are none.
func (c *conversation) unstopped(first, at int, sure bool) (int, bool) {
	if first == at-1 && c.said[at].sort == word && stops[c.said[first].text] {
		return at, false
	}
	return first, sure
}

// domain gives the last token of the domain that begins after token at, 0 when
// there is none, and whether it is of a known provider.
func (c *conversation) domain(at int) (last int, known bool) {
	written := c.said[at].sort == mark
	dots, label := 0, ""
	for i := at + 1; i-at <= longestPart; i++ {
		t := c.near(i)
		hyphen := t.text == "-" && t.tight || t.text == "dash" || t.text == "hyphen" || t.text == "minus"
		switch {
		case label != "" && spokenDot[t.text] && (t.sort == word || c.near(i+1).tight):
			dots, label = dots+1, ""
			continue
		case label != "" && hyphen:
		case !c.atom(i), label != "" && !t.tight && (written || dots > 0):
			return last, known
		}
		label += t.text
		known = known || providers[label]
		// In "at 5 pm.Is that right?" a space is missing, no more.
		sentence := t.tight && stops[label] && !known
		if dots > 0 && (topLevel[label] && !sentence || written && t.sort == word && len(label) > 1) {
			last = i
		}
	}
	return last, known
}

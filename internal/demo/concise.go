package demo

// concise is version 2: it greets in a sentence, takes several things at once,
// says back what it understood, and asks which of two when it is not sure. The
// draft of version 3 offers two times from the start.
type concise struct{ offers bool }

const conciseGreeting = "Harbor Street Dental, this is Robin. How can I help?"

func (concise) open(t *talk) bool { return t.says(conciseGreeting) }

func (c concise) book(t *talk) {
	if !t.says(pick(t.Rand, []string{"Happy to. Can I get your name, and what you'd like to come in for?", "Sure thing. What's your name, and what is it about?"})) {
		return
	}
	t.replies(t.caller.Name + ". " + pick(t.Rand, reasons))
	c.schedule(t, "Thanks, "+firstOf(t.caller.Name)+". ")
}

// schedule asks for day and time together. A date it is unsure of it asks for
// again by choice, which leaves little to mishear.
func (c concise) schedule(t *talk, before string) {
	chance := t.caller.Mumble
	if c.offers {
		chance /= 2 // as when it asks again
		if !t.says(before + "Would " + t.caller.Day + " or " + other(t, t.caller.Day) + " at " + t.caller.Time + " suit you?") {
			return
		}
	} else if !t.says(before + "Which day and time suit you?") {
		return
	}
	t.replies(pick(t.Rand, []string{t.caller.Day + " around " + t.caller.Time + ".", "Is " + t.caller.Day + " at " + t.caller.Time + " free?", "Maybe " + t.caller.Day + ", " + t.caller.Time + "?"}))
	for range 4 {
		if !t.misheard(chance) {
			c.confirm(t)
			return
		}
		if !t.says("Sorry, was that " + t.caller.Day + " or " + other(t, t.caller.Day) + "?") {
			return
		}
		t.replies(pick(t.Rand, []string{t.caller.Day + ".", "The first. " + t.caller.Day + "."}))
		chance /= 2 // two words are easier to tell apart than five
	}
	t.says("I'm having trouble hearing you. A colleague will call you back today on this number to set the time. Goodbye.")
	t.ends()
}

// secondThoughts is how many callers do not book when the date is said back.
const secondThoughts = 0.05

func (concise) confirm(t *talk) {
	if !t.says("So that's " + t.caller.Day + " at " + t.caller.Time + ". Shall I book it?") {
		return
	}
	// To be asked makes some think again.
	if t.Float64() < secondThoughts {
		t.replies(pick(t.Rand, []string{"Hm, let me check with work first. I'll call back.", "Actually, I'll need to ask my husband. Never mind."}))
		t.settled(false)
		t.says("No problem. We're here until six. Goodbye.")
		t.ends()
		return
	}
	t.replies(pick(t.Rand, []string{"Yes, please.", "Perfect.", "Yes, that works."}))
	t.settled(true)
	if !t.says("Done. You'll get a text in a minute. Anything else?") {
		return
	}
	t.replies(t.feels([]string{"No, that's it, thanks.", "No, thank you."}, warm))
	t.says("See you on " + t.caller.Day + ". Goodbye.")
	t.ends()
}

func (c concise) move(t *talk) {
	if !t.says("Of course. Under which name is it?") {
		return
	}
	t.replies(t.caller.Name + ".")
	c.schedule(t, "Found it. ")
}

func (concise) cancel(t *talk) {
	if !t.says("I can do that. Under which name is it?") {
		return
	}
	t.replies(t.caller.Name + ".")
	if !t.says("Found it. Cancel it, or would you rather move it to another day?") {
		return
	}
	t.replies(pick(t.Rand, []string{"Cancel it, please.", "Just cancel, thanks."}))
	t.says("It's cancelled. Goodbye.")
	t.ends()
}

func (concise) hours(t *talk) {
	if !t.says("We open at eight, on Fridays at nine, and close at six. Wednesdays we're only here until one. Did you want to come in?") {
		return
	}
	t.replies("Not today, thanks.")
	t.says("Alright. Goodbye.")
	t.ends()
}

func (concise) insurance(t *talk) {
	if !t.says("Which insurer are you with?") {
		return
	}
	insurer := pick(t.Rand, insurers)
	t.replies(insurer + ".")
	if !t.says("Yes, we take " + insurer + ". Bring your card and we do the paperwork. Anything else?") {
		return
	}
	t.replies("No, that's great.")
	t.says("Goodbye.")
	t.ends()
}

func (concise) pain(t *talk) {
	if t.says("I'm sorry, that sounds bad. I'm putting you through to the practice right now, stay with me.") {
		t.transferred = true
		t.ends()
	}
}

func firstOf(name string) string {
	for i, r := range name {
		if r == ' ' {
			return name[:i]
		}
	}
	return name
}

package demo

import "strings"

// classic is version 1: it greets with a menu, asks for one thing at a time,
// and finds out late that it misheard.
type classic struct{}

const classicGreeting = "Thank you for calling Harbor Street Dental, where your smile is our passion. " +
	"This call may be recorded for quality and training. I can help you to book a new appointment, to change or cancel an appointment you have, " +
	"to hear our opening hours, or to answer questions about insurance. Please tell me which of these you would like."

func (classic) open(t *talk) bool { return t.says(classicGreeting) }

// identify asks for name and number, each by itself.
func (classic) identify(t *talk) bool {
	if !t.says(pick(t.Rand, []string{"Certainly. Please tell me your first and last name.", "I can help you with that. What is your full name, please?"})) {
		return false
	}
	t.replies(pick(t.Rand, []string{t.caller.Name + ".", "It's " + t.caller.Name + ".", "My name is " + t.caller.Name + "."}))
	if !t.says("Thank you. And what is the phone number we can reach you on?") {
		return false
	}
	t.replies("It's " + spoken(t.caller.Number) + ".")
	return !t.over
}

func (c classic) book(t *talk) {
	if !c.identify(t) || !t.says("Thank you. Have you been with us as a patient before?") {
		return
	}
	t.replies(pick(t.Rand, []string{"Yes, I have.", "No, this is my first time.", "Yes, last year."}))
	if !t.says("Thank you. What is the reason for your visit?") {
		return
	}
	t.replies(pick(t.Rand, reasons))
	c.schedule(t)
}

// schedule asks for day and time until the read-back is right; three times and
// it gives up.
func (c classic) schedule(t *talk) {
	for range 3 {
		if !t.says("On which day would you like to come in?") {
			return
		}
		t.replies(pick(t.Rand, []string{t.caller.Day + ", please.", "Could I come on " + t.caller.Day + "?", t.caller.Day + " would be best."}))
		if !t.says("Thank you. And at what time on that day would you like to come in?") {
			return
		}
		t.replies(pick(t.Rand, []string{"Around " + t.caller.Time + ".", t.caller.Time + ", if you have that."}))
		if !t.misheard(t.caller.Mumble) {
			if !t.says("Thank you. Please hold the line while I enter it in our system. You will receive a text message with the details.") {
				return
			}
			t.settled(true)
			if !t.says("Your appointment is entered. Is there anything else I can help you with?") {
				return
			}
			t.replies(t.feels([]string{"No, that's all.", "No, thank you.", "That was it."}, warm))
			t.says("Thank you for calling Harbor Street Dental. Goodbye.")
			t.ends()
			return
		}
		if !t.says("Thank you. I have entered your appointment for " + other(t, t.caller.Day) + ". Is that correct?") {
			return
		}
		t.replies(pick(t.Rand, []string{"No, I said " + t.caller.Day + ".", "That's not what I said. " + t.caller.Day + ".", "No. " + t.caller.Day + "! This is frustrating."}))
		if !t.says("I am sorry about that. Let us start again with the date.") {
			return
		}
	}
	t.says("I am sorry, I was not able to understand the date. Please call again during our opening hours to speak with a member of our team. Goodbye.")
	t.ends()
}

func (c classic) move(t *talk) {
	if !c.identify(t) || !t.says("Thank you. I have found your appointment. I will cancel it and we will make a new one.") {
		return
	}
	t.replies("Okay.")
	c.schedule(t)
}

func (c classic) cancel(t *talk) {
	if !c.identify(t) || !t.says("Thank you. I have found your appointment. Are you sure that you would like to cancel it? Please note that our practice asks for a notice of twenty-four hours.") {
		return
	}
	t.replies(pick(t.Rand, []string{"Yes, I'm sure.", "Yes, please cancel it."}))
	t.says("Your appointment is cancelled. Thank you for calling Harbor Street Dental. Goodbye.")
	t.ends()
}

func (classic) hours(t *talk) {
	if !t.says("Our practice is open on Monday, Tuesday and Thursday from eight in the morning to six in the evening, on Wednesday from eight in the morning to one, and on Friday from nine to five. On weekends the practice is closed. Is there anything else?") {
		return
	}
	t.replies("No, thanks.")
	t.says("Thank you for calling Harbor Street Dental. Goodbye.")
	t.ends()
}

func (classic) insurance(t *talk) {
	if !t.says("I can answer questions about insurance. What is the name of your insurance company?") {
		return
	}
	t.replies(pick(t.Rand, insurers) + ".")
	if !t.says("Thank you. We work with most insurance companies. Our team will look at your cover at the time of your visit. Please bring your insurance card with you. Is there anything else?") {
		return
	}
	t.replies("No, that's fine.")
	t.says("Thank you for calling Harbor Street Dental. Goodbye.")
	t.ends()
}

func (c classic) pain(t *talk) {
	if !c.identify(t) || !t.says("Thank you. On a scale from one to ten, how strong is your pain?") {
		return
	}
	t.replies(pick(t.Rand, []string{"Eight. It's really bad.", "Nine, I can't sleep.", "A seven, and it's getting worse."}))
	if t.says("I am sorry to hear that. I will connect you with a member of our team. Please stay on the line.") {
		t.transferred = true
		t.ends()
	}
}

// spoken writes a phone number as it is said.
func spoken(number string) string {
	digits := strings.TrimPrefix(number, "+1")
	return digits[:3] + " " + digits[3:6] + " " + digits[6:]
}

// other gives a day that was not asked for.
func other(t *talk, day string) string {
	for {
		if d := pick(t.Rand, days); d != day {
			return d
		}
	}
}

var (
	reasons  = []string{"Just a checkup and a cleaning.", "A filling came loose.", "A cleaning, please.", "My gums have been bleeding a bit.", "I chipped a tooth.", "It's a checkup for my son."}
	insurers = []string{"Bluewater Health", "Summit Mutual", "Evergreen Dental Plan", "Northgate"}
)

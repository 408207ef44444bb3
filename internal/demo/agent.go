package demo

import (
	"encoding/json"
	"strconv"

	"tandem"
	"tandem/internal/replay"
)

// The names and terms of the demo, as it sets itself up through the API.
const (
	AgentName = "front-desk"
	Number    = "+14155550100"
	Goal      = "fields." + FieldBooked + " == true"
)

// HeaderVersion carries the version's number from the target to the agent end
// point.
const HeaderVersion = "X-Version"

// Versions is how many published versions the demo's agent has. One more is in work:
// its draft.
const Versions = 2

// Draft gives what is published as version number of the agent, whose target
// is uri.
func Draft(number int, uri string) tandem.Content {
	greeting, prompt, temperature := classicGreeting, classicPrompt, 0.2
	switch number {
	case 2:
		greeting, prompt, temperature = conciseGreeting, concisePrompt, 0.4
	case 3:
		greeting, prompt, temperature = conciseGreeting, concisePrompt+offerPrompt, 0.4
	}
	return tandem.Content{
		Prompt: prompt, Greeting: greeting,
		LLM:         &tandem.LLM{Provider: "openai", Model: "gpt-4.1-mini", Temperature: &temperature},
		Voice:       &tandem.Speech{Provider: "elevenlabs", Voice: "Robin", Language: "en-US"},
		Transcriber: &tandem.Speech{Provider: "deepgram", Model: "nova-3", Language: "en-US"},
		Tools: []tandem.Tool{
			{Name: "find_appointment", Description: "Looks a patient's appointment up", Parameters: json.RawMessage(`{"type":"object","properties":{"name":{"type":"string"}},"required":["name"]}`)},
			{Name: "book", Description: "Books an appointment", Parameters: json.RawMessage(`{"type":"object","properties":{"day":{"type":"string"},"time":{"type":"string"}},"required":["day","time"]}`)},
			{Name: "transfer", Description: "Puts the caller through to the practice"},
		},
		Fields: []tandem.Field{
			{Name: FieldBooked, Type: tandem.Boolean, Instruction: "Was an appointment booked or moved?", Rule: bookedRule()},
			{Name: FieldReason, Type: tandem.Selector, Choices: Wishes(), Instruction: "Why did the caller call?", Rule: reasonRule()},
			{Name: FieldMisheard, Type: tandem.Boolean, Instruction: "Did the agent mishear the date?", Rule: misheardRule()},
		},
		Target: tandem.Target{Kind: tandem.TargetSIP, SIP: &tandem.SIPTarget{URI: uri, Headers: map[string]string{HeaderVersion: strconv.Itoa(number)}}},
	}
}

// The fields' rules know both versions' words, and judge them alike.

func bookedRule() *tandem.Rule {
	no := false
	return &tandem.Rule{
		Speaker: tandem.RoleAgent, Otherwise: &no,
		Keywords: []string{"your appointment is entered", "you'll get a text"}, Pattern: `^Done\b`,
	}
}

func misheardRule() *tandem.Rule {
	no := false
	return &tandem.Rule{
		Speaker: tandem.RoleAgent, Otherwise: &no,
		Keywords: []string{"I have entered your appointment for", "sorry, was that", "having trouble hearing you"},
	}
}

func reasonRule() *tandem.Rule {
	return &tandem.Rule{Speaker: tandem.RoleCaller, Choices: map[string][]string{
		string(Book):      {"book an appointment", "see a dentist", "get an appointment", "make an appointment"},
		string(Move):      {"reschedule", "move it", "change the day"},
		string(Cancel):    {"have to cancel", "like to cancel"},
		string(Hours):     {"are you open", "opening hours"},
		string(Insurance): {"insurance"},
		string(Pain):      {"toothache", "swollen", "in a lot of pain"},
	}}
}

// Note says what changed in a version.
func Note(number int) string {
	if number == 2 {
		return "Short greeting, several details at once, dates said back"
	}
	return "First version"
}

const classicPrompt = `You are the telephone assistant of Harbor Street Dental. Today is {{date}}.
Always open with the full greeting and the menu.
Ask for one detail at a time, in this order: name, phone number, known patient, reason, day, time.
Enter the appointment as soon as you have all of them.
If the date was wrong, begin again with the date. After three tries ask the caller to call again.
Transfer urgent pain to the practice after you have the caller's details.`

const concisePrompt = `You are Robin at the front desk of Harbor Street Dental. Today is {{date}}.
Greet in one short sentence and let the caller talk.
Ask for what belongs together in one question. The phone number is the one they call from.
Say day and time back before you book.
When you are not sure of a day, offer the two it could be.
Transfer urgent pain at once.`

const offerPrompt = `
Offer two free times instead of asking for one.`

// versionOf tells which version of the agent was called: by its target's
// header.
func versionOf(leg replay.Leg) int {
	n, err := strconv.Atoi(leg.Headers[HeaderVersion])
	if err != nil {
		return 1
	}
	return n
}

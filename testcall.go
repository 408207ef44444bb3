package tandem

import "time"

// TestCall is what became of a call that was placed to see whether an agent can be
// reached. It belongs to no route and no test, and is counted nowhere.
type TestCall struct {
	URI       string          `json:"uri" doc:"The SIP URI that was called" example:"sip:front-desk@agent.example.com"`
	Transport string          `json:"transport" enum:"udp,tcp,tls"`
	Address   string          `json:"address,omitempty" doc:"The address that was called; absent when the name has none" example:"192.0.2.10:5060"`
	Outcome   TestCallOutcome `json:"outcome" enum:"answered,refused,no_answer,unreachable"`
	Text      string          `json:"text" doc:"The outcome in a sentence, and what to do about it where that is known"`
	Status    int             `json:"status,omitempty" doc:"Status code of the final answer" example:"200"`
	Reason    string          `json:"reason,omitempty" doc:"Its reason phrase" example:"OK"`
	Codec     string          `json:"codec,omitempty" doc:"The audio format that the agent chose" example:"PCMU/8000"`
	Packets   int64           `json:"packets" doc:"Audio packets that came from the agent while the line was open"`
	Steps     []TestCallStep  `json:"steps" doc:"What happened, in order"`
	StartedAt time.Time       `json:"started_at"`
	Seconds   float64         `json:"seconds" doc:"How long it took in all, at most about ten"`
}

// TestCallOutcome says how a test call went.
type TestCallOutcome string

// The outcomes of test calls.
const (
	// TestAnswered is a call that the agent took.
	TestAnswered TestCallOutcome = "answered"
	// TestRefused is a call that was answered with 300 or above.
	TestRefused TestCallOutcome = "refused"
	// TestNoAnswer is a call that got no final answer in time.
	TestNoAnswer TestCallOutcome = "no_answer"
	// TestUnreachable is a call that got nowhere: no address, no connection.
	TestUnreachable TestCallOutcome = "unreachable"
)

// TestCallStep is one thing that happened in a test call.
type TestCallStep struct {
	Seconds float64 `json:"seconds" doc:"Since the begin"`
	Text    string  `json:"text" example:"180 Ringing"`
	Status  int     `json:"status,omitempty" doc:"Of a response: its status code"`
}

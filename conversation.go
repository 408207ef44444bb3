package tandem

// Conversation is how a conversation went, by the words and the times of its
// transcript alone. A pointer is nil where those do not tell; most need times.
type Conversation struct {
	Turns int `json:"turns" doc:"Turns of agent and caller"`
	// ReplyP50MS and ReplyP90MS are quantiles over the agent's replies of the
	// milliseconds from the end of a caller's turn to the start of the agent's
	// next. A reply that begins while the caller speaks took 0.
	ReplyP50MS *float64 `json:"reply_p50_ms,omitempty"`
	ReplyP90MS *float64 `json:"reply_p90_ms,omitempty"`
	// AgentTalkShare and CallerTalkShare are shares, 0 to 1, of the time from the
	// first turn's start to the last one's end. Both may speak at once, or nobody.
	AgentTalkShare        *float64 `json:"agent_talk_share,omitempty"`
	CallerTalkShare       *float64 `json:"caller_talk_share,omitempty"`
	LongestSilenceSeconds *float64 `json:"longest_silence_seconds,omitempty" doc:"Longest time between turns in which nobody speaks"`
	Interruptions         *int     `json:"interruptions,omitempty" doc:"Agent turns into which the caller spoke"`
	RepeatedPrompts       int      `json:"repeated_prompts" doc:"Agent turns that say again what the agent said shortly before"`
	Misunderstandings     int      `json:"misunderstandings" doc:"Turns in which somebody says that they did not hear or understand"`
	DeadEnd               bool     `json:"dead_end" doc:"Whether it ended in such trouble: in one of the last two turns a misunderstanding or a repeated prompt"`
}

package tandem

import "slices"

// The standard fields: what an analyser may report of every call, whatever fields
// its version has. Every analyser reports the sentiment; the others need a
// language model. Their names are reserved.
const (
	// SentimentField holds the caller's sentiment, -1 (worst) to 1 (best).
	SentimentField = "sentiment"
	// SuccessField says whether the caller got what they called for.
	SuccessField = "call_successful"
	// The ratings of an agent's conduct, 1 (worst) to 5 (best).
	NaturalnessField = "language_naturalness"
	ErrorField       = "error_handling"
	OffScriptField   = "off_script_recovery"
)

// StandardFields lists the standard fields, each with the instruction that a
// language model is given. The ratings' instructions are the rubric.
func StandardFields() []Field { return slices.Clone(standardFields) }

func standardField(name string) (Field, bool) {
	i := slices.IndexFunc(standardFields, func(f Field) bool { return f.Name == name })
	if i < 0 {
		return Field{}, false
	}
	return standardFields[i], true
}

func between(low, high float64) (*float64, *float64) { return &low, &high }

var standardFields = func() []Field {
	rating := func(name, instruction string) Field {
		f := Field{Name: name, Type: Number, Instruction: instruction}
		f.Min, f.Max = between(1, 5)
		return f
	}
	sentiment := Field{Name: SentimentField, Type: Number, Instruction: `How the caller felt by the end of the call, by the caller's own words: -1 very unhappy, 0 neither, 1 very happy. Steps of 0.1.`}
	sentiment.Min, sentiment.Max = between(-1, 1)
	return []Field{
		sentiment,
		{Name: SuccessField, Type: Boolean, Instruction: `Whether the caller got what they called for within this call. What somebody merely claims or asks to have noted does not count: it has to be seen in what was said and done.`},
		rating(NaturalnessField, `How natural the agent's language is. 5: like an able person on the telephone; short, fitting, varied. 4: natural but for a slip. 3: understandable, often stiff or wordy. 2: mechanical, repeats itself or does not follow from what the caller said. 1: hardly bearable or not understandable.`),
		rating(ErrorField, `How the agent deals with what goes wrong: misheard words, failed look-ups, corrections by the caller. 5: notices at once, says so, and mends it. 4: mends it with one needless step. 3: mends it after repetition, or by asking the caller to start over. 2: notices but does not mend it. 1: does not notice, or makes it worse. Unknown when nothing went wrong.`),
		rating(OffScriptField, `How the agent deals with what its task does not foresee: questions aside, changes of mind, silence. 5: answers or declines clearly, and comes back to the task. 4: comes back after one needless step. 3: comes back, without having dealt with it. 2: loses the thread for several turns. 1: does not find back, or invents an answer. Unknown when the caller stayed with the task.`),
	}
}()

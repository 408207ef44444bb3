package dialogue

import "tandem/internal/analyze/words"

// misunderstandings are phrases by which somebody says that they did not hear or
// understand, folded. All languages are looked for in every call: a version says
// in no field which one it speaks, and the phrases of one seldom mean anything in
// another. They are whole phrases; "what" alone would be found in most questions.
var misunderstandings = words.NewPhrases(
	// English
	"didn't catch that", "did not catch that", "didn't get that", "did not get that", "didn't quite get", "didn't quite catch",
	"didn't hear you", "can't hear you", "cannot hear you", "couldn't hear", "didn't understand", "did not understand",
	"don't understand", "do not understand", "couldn't understand", "not sure I understand", "could you repeat", "can you repeat",
	"could you please repeat", "can you please repeat", "please repeat", "could you say that again", "can you say that again", "say that again", "say it again",
	"could you rephrase", "can you rephrase", "please rephrase", "what did you say", "what was that", "I beg your pardon", "pardon me what", "come again",
	"having trouble hearing", "having trouble understanding", "I missed that", "that's not what I said", "that is not what I said", "that's not what I asked", "that is not what I asked", "you misunderstood", "you're not listening", "you are not listening",
	// German
	"nicht verstanden", "nicht ganz verstanden", "habe sie nicht gehört", "kann sie nicht hören", "höre sie nicht", "verstehe nicht", "verstehe sie nicht", "können sie das wiederholen",
	"könnten sie das wiederholen", "bitte wiederholen", "wie bitte", "noch einmal sagen", "nochmal sagen", "das habe ich nicht gesagt", "das meine ich nicht", "das meinte ich nicht",
	// French
	"pas compris", "pas bien compris", "je ne comprends pas", "pas entendu", "je ne vous entends pas", "pouvez vous répéter", "pourriez vous répéter", "veuillez répéter",
	"vous pouvez répéter", "ce n'est pas ce que j'ai dit",
	// Spanish
	"no entendí", "no he entendido", "no le entiendo", "no te entiendo", "no entiendo", "no le escucho", "no te escucho", "no le oigo", "no te oigo", "puede repetir", "puedes repetir", "podría repetir", "me lo repite", "no es lo que dije", "cómo dice",
	// Italian
	"non ho capito", "non capisco", "non la sento", "non ti sento", "non ho sentito", "può ripetere", "puoi ripetere", "potrebbe ripetere", "come dice", "come scusi",
	// Portuguese
	"não entendi", "não compreendi", "não percebi", "não estou ouvindo", "não consigo ouvir", "pode repetir", "poderia repetir", "não foi isso que eu disse",
	// Dutch
	"niet begrepen", "begrijp u niet", "begrijp ik niet", "ik begrijp het niet", "niet verstaan", "versta u niet", "kunt u dat herhalen", "kunt u herhalen", "wat zegt u", "dat zei ik niet",
	// Polish
	"nie zrozumiałam", "nie zrozumiałem", "nie rozumiem", "nie słyszę", "proszę powtórzyć", "czy może pan powtórzyć", "czy może pani powtórzyć",
)

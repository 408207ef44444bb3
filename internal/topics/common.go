package topics

import (
	"strings"

	"tandem/internal/analyze/words"
)

// common are words that say nothing of what a call is about, in the languages that
// misunderstandings are known in: of grammar, and of politeness. Words of one
// language that matter in another are left out of the list.
var common = map[string]bool{}

func init() {
	for _, list := range []string{
		// English
		`a about actually ah all alright also am an and any anything are aren't as at be been being but by bye can can't cannot could couldn't did didn't do does doesn't
		don't for from get give go going gonna good goodbye got great had has have haven't he hello help her here hey hi him his how i i'd i'll i'm i've if in is isn't it it's
		its just kindly know let let's like look looking make may maybe me mine more much my need needs nice no nope not now of oh ok okay on one or other our out perfect perhaps
		please really right say see she should so some something sorry sounds sure thank thanks that that's the their them then there there's these they thing things think this
		those to too uh uhm um umm up us very wanna want wants was wasn't we well were what what's when where which while who why will with won't would wouldn't yeah yep yes yet you you'd
		you're your yours`,
		// German
		`aber als also an auch auf aus bei bin bis bitte da danke dann das dass dem den der des dich die dir doch du ein eine einem einen einer er es für gut guten habe haben hallo
		hat ich ihnen ihr im ist ja jetzt kann kein keine können könnte man mein meine mich mir mit möchte nach nein nicht noch nur oder okay schon sehr sein sich sie sind so
		tag tschüss und uns vielen von vor war was wäre wenn wer wie wieder wir wird wo würde zu zum zur`,
		// French
		`au aux avec bonjour c'est ce cela ces cette d'accord dans de des donc du elle en est et être il ils j'ai je la le les leur lui mais me merci mes moi mon ne non nous on ou oui par pas
		plus pour que qui s'il sa se ses son sont sur te tu un une vos votre vous voudrais`,
		// Spanish
		`al bien buenas buenos como con cual cuando de del dias donde el ella en es esa ese esta está este esto gracias hay hola la las le lo los más me mi muy necesito no nos
		o para pero por porque puede puedo que qué quiero quisiera se ser si sí son su sus te tengo tu un una usted vale y ya yo`,
		// Italian, Portuguese, Dutch, Polish
		`allora anche buongiorno che chi ciao con cosa da dei del della di e è grazie gli ho il io lei ma mi nel non o per più posso prego quando questo sì sono un una vorrei
		a ao as boa bom com como da de do dos e ela ele em eu favor foi isso mais mas me meu minha não o obrigado obrigada olá os ou para por pode posso que quero se sem sim sua um uma você
		aan als bedankt ben dag dan dank dat de die dit een en er goed graag heb hebben het hij ik in is ja kan maar me met mijn naar nee niet nog of om ook op te u van voor wat we wel wil ze zijn
		aby ale bo był być co czy dla do dobry dzień dziękuję i ja jak jest jestem mam mi mnie na nie o od pan pani po proszę są się tak to tym w we z za że`,
	} {
		for w := range strings.FieldsSeq(list) {
			common[strings.TrimSpace(words.Fold(w))] = true
		}
	}
}

package llm

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"tandem"
)

const (
	// JudgeEdition names this judge; it changes when what it says may change.
	JudgeEdition = "llm-judge/1"
	// JudgePromptEdition changes when what the model is told of pairs changes.
	JudgePromptEdition = "1"
	// JudgeNote says what this cannot do.
	JudgeNote = "A language model compared the calls: it can be wrong, prefer what is shown first or what is longer, and be swayed by what people say in a call."
)

// JudgeName names the judge with its model and edition: opinions of another name
// are not to be mixed with its own.
func (a *Analyzer) JudgeName() string {
	return fmt.Sprintf("%s %s prompt %s", JudgeEdition, a.cfg.Model, JudgePromptEdition)
}

// Judge asks the model which of two calls was handled better, by each of
// [tandem.Criteria], under the same guards as [Analyzer.Analyze]: each call is
// data between lines with a mark, the answer has to fit a schema, and there is one
// repair. It is asked in the order given; models have a liking for places, so ask
// again the other way round. Errors are a *[RetryError], a *[RefusedError] or
// ctx's; with an error, too, the opinion tells what was used. Criteria for which
// nothing fits are without preference, with the reason.
func (a *Analyzer) Judge(ctx context.Context, task tandem.JudgementTask) (tandem.Opinion, error) {
	out := tandem.Opinion{Model: a.cfg.Model, Note: JudgeNote}
	f, err := newPairForm()
	if err != nil {
		return out, err
	}
	e := &exchange{Analyzer: a, form: f}
	pair, err := e.compare(ctx, task, &out)
	out.Usage = e.usage
	for _, note := range []string{pair[0].note(), pair[1].note(), e.note()} {
		if !strings.Contains(out.Note, note) {
			out.Note += " " + note
		}
	}
	return out, err
}

// compare asks, and asks again where the answer does not fit.
func (e *exchange) compare(ctx context.Context, task tandem.JudgementTask, out *tandem.Opinion) ([2]recording, error) {
	pair, so, first, err := e.openPair(ctx, task)
	if err != nil {
		return pair, err
	}
	if empty(pair) {
		e.form.prefer(out, reading{}, "nothing is said in one of the calls")
		return pair, nil
	}
	if first.model != "" {
		out.Model = first.model
	}
	if why := first.over(); why != "" {
		e.form.prefer(out, reading{}, why)
		return pair, nil
	}
	both := recording{said: append(append([]string{}, pair[0].said...), pair[1].said...)}
	r := e.form.read(first.text, both)
	if r.fits() {
		e.form.prefer(out, r, "")
		return pair, nil
	}
	second, err := e.ask(ctx, so.repair(first, r))
	if _, again := errors.AsType[*RetryError](err); again || ctx.Err() != nil && err != nil {
		return pair, err
	}
	why := second.over()
	if err == nil && why == "" {
		r = r.mended(e.form.read(second.text, both))
	}
	e.form.prefer(out, r, why)
	return pair, nil
}

// openPair sends both recordings, and less of them as long as that is too much for
// the model.
func (e *exchange) openPair(ctx context.Context, task tandem.JudgementTask) (pair [2]recording, so conversation, got answer, err error) {
	for room := e.pairRoom(e.form); ; room = max(leastRoom, room/2) {
		if pair, so = e.lay(e.form, task, room); empty(pair) {
			return pair, so, answer{}, nil
		}
		got, err = e.ask(ctx, so)
		if no, ok := errors.AsType[*RefusedError](err); !ok || !no.long || room == leastRoom {
			return pair, so, got, err
		}
	}
}

// lay writes both calls, each in at most so many tokens.
func (a *Analyzer) lay(f *form, task tandem.JudgementTask, room int) ([2]recording, conversation) {
	mark := a.mark()
	pair := [2]recording{record(task.One, room*bytesPerToken, mark), record(task.Two, room*bytesPerToken, mark)}
	return pair, f.openPair(pair, mark)
}

func empty(pair [2]recording) bool { return len(pair[0].said) == 0 || len(pair[1].said) == 0 }

// pairRoom is how many tokens of each call are sent.
func (a *Analyzer) pairRoom(f *form) int {
	_, so := a.lay(f, tandem.JudgementTask{}, 0)
	return max(leastRoom, (a.cfg.MaxInputTokens-int(tokens(so.size)))/2)
}

// prefer puts into out what fits. Other criteria are without preference: because
// of why, or because of what does not fit.
func (f *form) prefer(out *tandem.Opinion, r reading, why string) {
	var filled tandem.Analysis
	f.fill(&filled, r, why)
	out.Criteria = map[string]tandem.Preference{}
	for _, field := range f.fields {
		finding := filled.Findings[field.Name]
		prefers, _ := finding.Value.(string)
		out.Criteria[field.Name] = tandem.Preference{Prefers: prefers, Reason: finding.Reason, Quote: finding.Quote}
	}
}

// EstimateJudgement gives about how many tokens and dollars it takes to judge the
// calls in one order, without a repair, and without asking anybody. It is rather
// too high.
func (a *Analyzer) EstimateJudgement(task tandem.JudgementTask) tandem.AnalysisUsage {
	f, err := newPairForm()
	if err != nil {
		return tandem.AnalysisUsage{}
	}
	pair, so := a.lay(f, task, a.pairRoom(f))
	if empty(pair) {
		return tandem.AnalysisUsage{}
	}
	out := min(a.cfg.MaxOutputTokens, outputPerField*(len(f.fields)+1))
	usage := a.cfg.priced(tokens(so.size), int64(out))
	usage.Requests = 1
	return usage
}

// Priced says whether prices were given, so that costs are known.
func (a *Analyzer) Priced() bool { return a.cfg.InputPrice > 0 || a.cfg.OutputPrice > 0 }

package analyze

import (
	"context"
	"time"

	"tandem"
	"tandem/internal/analyze/llm"
)

// LanguageModel is the language model of the settings, for what else it is asked than
// analyses. What was said passes through the workspace's redactor first, and what is
// asked counts in the day's budget.
type LanguageModel struct {
	model  *llm.Analyzer
	runner *Runner
	budget tandem.AnalyzerBudget
}

// LanguageModel gives the language model that the settings name.
//
// Errors: Unavailable when none is set up; why the one that is does not work.
func (r *Runner) LanguageModel(ctx context.Context) (*LanguageModel, error) {
	version, err := r.settings.ConfigVersion(ctx)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	s := r.setup
	current := s != nil && s.version == version
	r.mu.Unlock()
	if !current {
		if s, err = r.read(ctx); err != nil {
			return nil, err
		}
	}
	if s.fault != nil {
		return nil, s.fault
	}
	model, ok := s.model.(*llm.Analyzer)
	if !ok {
		return nil, tandem.Errorf(tandem.Unavailable, "", "no language model is set up: see the settings of the analyser")
	}
	return &LanguageModel{model, r, s.settings.Budget}, nil
}

// SpentError says that the day's budget does not cover a question, which was not
// asked.
type SpentError struct{ Until time.Time }

// Error implements error.
func (e *SpentError) Error() string { return e.Unwrap().Error() }

// Unwrap gives the error that users are shown.
func (e *SpentError) Unwrap() error {
	return tandem.Errorf(tandem.Unavailable, "budget", "of the analyser for this day is used up, or does not cover the next question; try again from %s on", e.Until.Format("2006-01-02 15:04 MST"))
}

// RetryAfter gives how long it is until then.
func (e *SpentError) RetryAfter() time.Duration { return max(time.Second, time.Until(e.Until)) }

// Unasked says that nobody was asked.
func (e *SpentError) Unasked() bool { return true }

// busyFor is how long a question waits that the budget does not cover while others
// are asked, which may take less than was estimated.
const busyFor = time.Minute

// lend takes what a question may take out of the day's budget, until it is given
// back.
func (r *Runner) lend(ctx context.Context, b tandem.AnalyzerBudget, est tandem.AnalysisUsage) (back func(), err error) {
	now := time.Now().UTC()
	var spent tandem.AnalysisUsage
	if b.DayCost > 0 || b.DayTokens > 0 {
		ctx, cancel := context.WithTimeout(ctx, storeTimeout)
		defer cancel()
		day, err := r.calls.AnalysisDay(ctx, now)
		if err != nil {
			return nil, err
		}
		spent = day.Usage
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if b.Spent(spent) {
		return nil, &SpentError{tomorrow(now)}
	}
	for _, u := range r.taken {
		spent.Add(u)
	}
	if !covers(b, spent, est) {
		if len(r.taken) > 0 {
			return nil, &SpentError{now.Add(busyFor)}
		}
		return nil, &SpentError{tomorrow(now)}
	}
	id := tandem.NewID(now)
	r.taken[id] = est
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.taken, id)
	}, nil
}

// JudgeName is [llm.Analyzer.JudgeName].
func (m *LanguageModel) JudgeName() string { return m.model.JudgeName() }

// Priced says whether prices were given, so that costs are known.
func (m *LanguageModel) Priced() bool { return m.model.Priced() }

// Ready says why the model may not be asked now: a *[SpentError], or the store's.
func (m *LanguageModel) Ready(ctx context.Context) error {
	back, err := m.runner.lend(ctx, m.budget, tandem.AnalysisUsage{})
	if err == nil {
		back()
	}
	return err
}

func (m *LanguageModel) shown(task tandem.JudgementTask) tandem.JudgementTask {
	return tandem.JudgementTask{One: m.runner.redact(task.One), Two: m.runner.redact(task.Two)}
}

// EstimateJudgement is [llm.Analyzer.EstimateJudgement].
func (m *LanguageModel) EstimateJudgement(task tandem.JudgementTask) tandem.AnalysisUsage {
	return m.model.EstimateJudgement(m.shown(task))
}

// Judge is [llm.Analyzer.Judge]; who keeps the opinion adds to the day what it took.
// Another error is *[SpentError].
func (m *LanguageModel) Judge(ctx context.Context, task tandem.JudgementTask) (tandem.Opinion, error) {
	task = m.shown(task)
	back, err := m.runner.lend(ctx, m.budget, m.model.EstimateJudgement(task))
	if err != nil {
		return tandem.Opinion{}, err
	}
	defer back()
	out, err := m.model.Judge(ctx, task)
	m.runner.counted.use(out.Usage)
	return out, err
}

// NameGroups is [llm.Analyzer.NameGroups]; what it took is added to the day. Another
// error is *[SpentError].
func (m *LanguageModel) NameGroups(ctx context.Context, sketches []tandem.GroupSketch) ([]tandem.GroupName, tandem.AnalysisUsage, error) {
	sketches = m.sketched(sketches)
	back, err := m.runner.lend(ctx, m.budget, m.model.EstimateNames(sketches))
	if err != nil {
		return nil, tandem.AnalysisUsage{}, err
	}
	defer back()
	names, used, err := m.model.NameGroups(ctx, sketches)
	m.runner.counted.use(used)
	inTime, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
	defer cancel()
	if failed := m.runner.queue.Spend(inTime, used); failed != nil {
		m.runner.log.Warn("what naming groups took is not in the day's budget", "tokens", used.Tokens(), "cost", used.Cost, "error", failed)
	}
	return names, used, err
}

// sketched passes sketches through the redactor: their words one by one, and what was
// said as somebody's turn.
func (m *LanguageModel) sketched(sketches []tandem.GroupSketch) []tandem.GroupSketch {
	text := func(s string) string {
		return m.runner.redact([]tandem.Turn{{Role: tandem.RoleCaller, Text: s}})[0].Text
	}
	out := make([]tandem.GroupSketch, len(sketches))
	for i, s := range sketches {
		for _, term := range s.Terms {
			out[i].Terms = append(out[i].Terms, text(term))
		}
		for _, said := range s.Said {
			out[i].Said = append(out[i].Said, text(said))
		}
	}
	return out
}

package analyze

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tandem"
	"tandem/internal/analyze/llm"
)

func wantStates(t *testing.T, m *memory, due, done, failed int) {
	t.Helper()
	if d, n, f := m.states(); d != due || n != done || f != failed {
		t.Errorf("%d due, %d done, %d set aside; want %d, %d, %d", d, n, f, due, done, failed)
	}
}

func TestWithoutAModelCallsAreReadByWordsAndRules(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, rec := newMemory(600), &records{}
		m.add(600, "No.")
		stop := run(t, runner(m, rec, nil))
		time.Sleep(time.Second)
		stop()
		wantStates(t, m, 0, 601, 0)
		if v, origin := rec.value(3, "booked"); v != true || origin != tandem.OriginOffline {
			t.Errorf("booked is %v by %s", v, origin)
		}
		if v, _ := rec.value(3, tandem.SentimentField); v == nil || v.(float64) < 0.3 {
			t.Errorf("sentiment is %v", v)
		}
		if _, origin := rec.value(3, "mood"); origin != "" {
			t.Error("a field that has no rule is reported, though nobody looked")
		}
		a := m.row(3).Analysis
		if a.Analyzer != OfflineEdition || a.Note != OfflineNote || a.Findings["mood"].Reason != needsRule || a.Findings[tandem.NaturalnessField].Reason != needsModel {
			t.Errorf("%+v", a)
		}
		if m.claims > 9 { // five batches, and a look each quarter of a second
			t.Errorf("the store was asked %d times in a second", m.claims)
		}
		if m.today().Analyses != 601 {
			t.Errorf("%d analyses are counted", m.today().Analyses)
		}
	})
}

func TestAPoisonedTranscriptIsSetAsideAndStopsNothing(t *testing.T) {
	for name, poison := range map[string]func() (tandem.Analysis, error){
		"a panic":  func() (tandem.Analysis, error) { panic("poison") },
		"an error": func() (tandem.Analysis, error) { return tandem.Analysis{}, errors.New("poison") },
	} {
		for _, kind := range []string{"offline", "model"} {
			t.Run(name+" "+kind, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					m, rec := newMemory(20), &records{}
					m.add(7, "poison")
					model := &reader{answer: func(task tandem.AnalysisTask, _ int) (tandem.Analysis, error) {
						if task.Turns[0].Text == "poison" {
							return poison()
						}
						return reads(), nil
					}}
					r := runner(m, rec, model)
					r.offline = model.Analyze
					if kind == "model" {
						m.set(withModel)
					}
					stop := run(t, r)
					time.Sleep(10 * time.Second)
					wantStates(t, m, 1, 19, 0)
					time.Sleep(time.Hour)
					stop()
					wantStates(t, m, 0, 19, 1)
					if got := m.row(7); got.Attempts != maxAttempts || got.LastError == "" || model.asked["poison"] != maxAttempts {
						t.Errorf("after %d questions: %+v", model.asked["poison"], got)
					}
				})
			})
		}
	}
}

func TestWhatCannotBeRecordedFailsByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory(10)
		rec := &records{err: func(events []tandem.Event) error {
			for _, e := range events {
				if e.CallID == callID(4) {
					return tandem.Errorf(tandem.NotFound, "", "no such test")
				}
			}
			return nil
		}}
		stop := run(t, runner(m, rec, nil))
		time.Sleep(time.Hour)
		stop()
		wantStates(t, m, 0, 9, 1)
		if e := m.row(4).LastError; !strings.Contains(e, "no such test") {
			t.Errorf("last error %q", e)
		}
	})
}

func TestACallWhoseTranscriptIsGoneIsSetAside(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory(3)
		delete(m.turns, callID(1))
		stop := run(t, runner(m, &records{}, nil))
		time.Sleep(time.Second)
		stop()
		wantStates(t, m, 0, 2, 1)
	})
}

func TestWhileTheStoreIsAwayAnalysesWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, rec := newMemory(50), &records{}
		m.fail(errAway)
		stop := run(t, runner(m, rec, nil))
		time.Sleep(time.Minute)
		m.fail(nil)
		rec.mu.Lock()
		rec.err = func([]tandem.Event) error { return errAway }
		rec.mu.Unlock()
		time.Sleep(time.Minute)
		wantStates(t, m, 50, 0, 0)
		if a := m.row(1).Attempts; a != 0 {
			t.Errorf("%d attempts count though the store was away", a)
		}
		rec.mu.Lock()
		rec.err = nil
		rec.mu.Unlock()
		time.Sleep(time.Minute)
		stop()
		wantStates(t, m, 0, 50, 0)
	})
}

func TestAModelReadsSoManyCallsAtOnceAndNoMoreAreClaimed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, rec, model := newMemory(40), &records{}, &reader{takes: 10 * time.Second}
		s := withModel
		s.Concurrency = 3
		m.set(s)
		stop := run(t, runner(m, rec, model))
		time.Sleep(9 * time.Second)
		m.mu.Lock()
		claimed := 0
		for _, r := range m.rows {
			if r.NextAt.After(time.Now()) {
				claimed++
			}
		}
		m.mu.Unlock()
		if claimed != 3 {
			t.Errorf("%d calls are claimed; want those that the model reads", claimed)
		}
		time.Sleep(10 * time.Minute)
		stop()
		wantStates(t, m, 0, 40, 0)
		if model.most != 3 || model.times() != 40 {
			t.Errorf("%d at once, %d questions", model.most, model.times())
		}
		if v, origin := rec.value(39, tandem.SuccessField); v != true || origin != tandem.OriginLLM {
			t.Errorf("success is %v by %s", v, origin)
		}
		if u := m.today().Usage; u.Requests != 40 {
			t.Errorf("used %+v", u)
		}
	})
}

func TestAClaimIsHeldAsLongAsTheModelTakesAndGivenBackAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, model := newMemory(1), &reader{takes: 10 * time.Minute}
		m.set(withModel)
		stop := run(t, runner(m, &records{}, model))
		time.Sleep(time.Second)
		other := runner(m, &records{}, &reader{})
		stopOther := run(t, other)
		time.Sleep(9 * time.Minute)
		if len(other.inHand()) != 0 || model.times() != 1 {
			t.Errorf("another node took it; the model was asked %d times", model.times())
		}
		stopOther()
		stop() // cut off
		if got := m.row(0); got.State != tandem.AnalysisDue || got.Attempts != 0 || got.NextAt.After(time.Now()) {
			t.Errorf("after the end %+v; want it due at once, without an attempt", got)
		}
	})
}

func TestACrashBetweenAnswerAndRecordAsksNobodyTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, rec, model := newMemory(1), &records{}, &reader{}
		m.set(withModel)
		// A node that dies after it kept what was found, and one that dies after the
		// record got it: either way the ask is still due, and its answer is kept.
		for _, reported := range []bool{false, true} {
			claims, _ := m.ClaimAnalyses(context.Background(), time.Now(), lease, 1)
			if len(claims) == 0 {
				time.Sleep(2 * lease)
				claims, _ = m.ClaimAnalyses(context.Background(), time.Now(), lease, 1)
			}
			kept, err := m.KeepAnalysis(context.Background(), claims[0], reads())
			if err != nil {
				t.Fatal(err)
			}
			claims[0].Analysis = &kept
			if reported {
				if err := rec.Ingest(context.Background(), []tandem.Event{job{claim: claims[0]}.event()}); err != nil {
					t.Fatal(err)
				}
			}
		}
		before := *rec.calls[callID(0)]
		stop := run(t, runner(m, rec, model))
		time.Sleep(5 * time.Minute)
		stop()
		wantStates(t, m, 0, 1, 0)
		if model.times() != 0 || m.today().Analyses != 1 {
			t.Errorf("the model was asked %d times, %d analyses are counted", model.times(), m.today().Analyses)
		}
		if changed, _ := before.Apply(rec.events[len(rec.events)-1]); changed {
			t.Error("the same once more changes the record")
		}
	})
}

func TestALaterAskWinsWhicheverIsAnsweredFirst(t *testing.T) {
	early := tandem.CallAnalysis{CallID: callID(1), AskedAt: time.Unix(1e9, 0), Analysis: &tandem.Analysis{Analyzer: "llm/1", Findings: map[string]tandem.Finding{"mood": {Value: "old"}}}}
	late := early
	late.AskedAt = early.AskedAt.Add(time.Microsecond)
	late.Analysis = &tandem.Analysis{Analyzer: "llm/1", Findings: map[string]tandem.Finding{"mood": {Value: "new"}}}
	for _, order := range [][]tandem.CallAnalysis{{early, late}, {late, early}} {
		var c tandem.Call
		for _, a := range order {
			c.Apply(job{claim: a}.event())
		}
		if c.Values["mood"].Value != "new" {
			t.Errorf("mood is %v", c.Values["mood"].Value)
		}
	}
}

func TestWhenAnEndPointAsksToWaitAllWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var busy atomic.Bool
		busy.Store(true)
		m, rec := newMemory(30), &records{}
		model := &reader{answer: func(tandem.AnalysisTask, int) (tandem.Analysis, error) {
			if busy.Load() {
				return tandem.Analysis{Usage: &tandem.AnalysisUsage{Requests: 1}}, &llm.RetryError{After: 10 * time.Minute, Err: errors.New("429")}
			}
			return reads(), nil
		}}
		m.set(withModel)
		r := runner(m, rec, model)
		stop := run(t, r)
		time.Sleep(9 * time.Minute)
		if n := model.times(); n > 4 {
			t.Errorf("asked %d times; want those that were under way", n)
		}
		st, err := r.Status(context.Background())
		if err != nil || st.Paused == nil || st.Paused.Reason != "429" || st.Due != 30 {
			t.Errorf("%+v, %v", st, err)
		}
		busy.Store(false)
		time.Sleep(10 * time.Minute)
		stop()
		wantStates(t, m, 0, 30, 0)
		if st, _ = r.Status(context.Background()); st.Paused != nil {
			t.Errorf("still paused: %+v", st.Paused)
		}
	})
}

func TestAnEndPointThatFailsForHoursSetsNothingAside(t *testing.T) {
	for name, failure := range map[string]error{
		"away":            &llm.RetryError{Err: errors.New("503")},
		"a wrong key":     &llm.RefusedError{Status: 401, Err: errors.New("401")},
		"a wrong request": &llm.RefusedError{Status: 400, Err: errors.New("400")},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var away atomic.Bool
				away.Store(true)
				m := newMemory(50)
				model := &reader{answer: func(tandem.AnalysisTask, int) (tandem.Analysis, error) {
					if away.Load() {
						return tandem.Analysis{}, failure
					}
					return reads(), nil
				}}
				m.set(withModel)
				r := runner(m, &records{}, model)
				stop := run(t, r)
				time.Sleep(3*time.Hour + 2*time.Minute) // not when one is tried
				if n := model.times(); n > 60 {
					t.Errorf("asked %d times in 3 hours; want one in about five minutes", n)
				}
				if st, _ := r.Status(context.Background()); st.Paused == nil || st.Paused.Reason != failure.Error() {
					t.Errorf("%+v", st)
				}
				away.Store(false)
				time.Sleep(time.Hour)
				stop()
				wantStates(t, m, 0, 50, 0)
			})
		})
	}
}

func TestACallThatAnEndPointRefusesPausesNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory(30)
		m.add(3, "poison")
		model := &reader{answer: func(task tandem.AnalysisTask, _ int) (tandem.Analysis, error) {
			if task.Turns[0].Text == "poison" {
				return tandem.Analysis{}, &llm.RefusedError{Status: 400, Err: errors.New("400")}
			}
			return reads(), nil
		}}
		m.set(withModel)
		stop := run(t, runner(m, &records{}, model))
		time.Sleep(5 * time.Second)
		wantStates(t, m, 1, 29, 0)
		time.Sleep(2 * time.Hour)
		stop()
		wantStates(t, m, 0, 29, 1)
	})
}

func TestSettingsThatChangeAreTakenUpAndEndAPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory(5)
		model := &reader{answer: func(tandem.AnalysisTask, int) (tandem.Analysis, error) {
			return tandem.Analysis{}, &llm.RefusedError{Status: 401, Err: errors.New("401")}
		}}
		m.set(withModel)
		r := runner(m, &records{}, model)
		stop := run(t, r)
		time.Sleep(time.Second)
		wantStates(t, m, 5, 0, 0)
		m.set(tandem.AnalyzerSettings{Kind: tandem.AnalyzerOffline})
		time.Sleep(6 * time.Minute) // those that were refused wait as long as the pause
		stop()
		wantStates(t, m, 0, 5, 0)
	})
}

func TestSettingsThatCannotWorkPauseWithTheReason(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory(5)
		m.set(withModel)
		r := runner(m, &records{}, nil)
		stop := run(t, r)
		time.Sleep(time.Minute)
		stop()
		st, err := r.Status(context.Background())
		if err != nil || st.Paused == nil || st.Paused.Reason != "no model" || st.Due != 5 {
			t.Errorf("%+v, %v", st, err)
		}
	})
}

func TestADaysBudgetIsKept(t *testing.T) {
	for _, fill := range []bool{false, true} {
		t.Run(fmt.Sprint("fill in: ", fill), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m, rec, model := newMemory(25), &records{}, &reader{takes: time.Second}
				s := withModel
				s.Budget.DayCost, s.FillIn = 0.105, fill // ten calls and a half
				m.set(s)
				r := runner(m, rec, model)
				stop := run(t, r)
				time.Sleep(time.Hour)
				if n := model.times(); n != 10 {
					t.Errorf("the model was asked about %d calls on the first day; want 10", n)
				}
				st, err := r.Status(context.Background())
				if err != nil || !st.BudgetSpent || st.Due != 15 || st.Today.Usage.Cost > s.Budget.DayCost {
					t.Errorf("%+v, %v", st, err)
				}
				if _, origin := rec.value(24, "booked"); (origin == tandem.OriginOffline) != fill {
					t.Errorf("the last call has been read by %q", origin)
				}
				stop() // a restart forgets nothing
				r = runner(m, rec, model)
				stop = run(t, r)
				time.Sleep(time.Hour)
				if n := model.times(); n != 10 {
					t.Errorf("after a restart it was asked about %d calls", n)
				}
				stop()
				for range 2 {
					time.Sleep(23 * time.Hour)
					stop = run(t, runner(m, rec, model))
					time.Sleep(time.Hour)
					stop()
				}
				wantStates(t, m, 0, 25, 0)
				if _, origin := rec.value(24, "booked"); origin != tandem.OriginLLM {
					t.Errorf("in the end the last call has been read by %q", origin)
				}
			})
		})
	}
}

func TestACallBeyondTheBudgetForOneIsNotShownToTheModel(t *testing.T) {
	for _, fill := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			m, rec, model := newMemory(3), &records{}, &reader{}
			s := withModel
			s.Budget.CallTokens, s.FillIn = 999, fill
			m.set(s)
			stop := run(t, runner(m, rec, model))
			time.Sleep(time.Second)
			stop()
			wantStates(t, m, 0, 3, 0)
			v, origin := rec.value(1, "booked")
			a := m.row(1).Analysis
			if model.times() != 0 || !strings.Contains(a.Note, "about 1000 tokens") || fill != (v == true) || fill != (origin == tandem.OriginOffline) {
				t.Errorf("fill in %v: asked %d times, booked is %v by %s, note %q", fill, model.times(), v, origin, a.Note)
			}
		})
	}
}

func TestTheAnalyserIsToldNothingOfTestsAndArms(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory(1)
		var got tandem.AnalysisTask
		model := &reader{answer: func(task tandem.AnalysisTask, _ int) (tandem.Analysis, error) { got = task; return reads(), nil }}
		m.set(withModel)
		stop := run(t, runner(m, &records{}, model))
		time.Sleep(time.Second)
		stop()
		if text := fmt.Sprintf("%+v", got); strings.Contains(text, string(versionID)) || strings.Contains(text, string(callID(0))) || len(got.Turns) != 2 || len(got.Fields) != 2 {
			t.Errorf("told %s", text)
		}
	})
}

func TestAReanalysisGoesOnInBoundedStepsAndStopsAtItsCost(t *testing.T) {
	for _, c := range []struct {
		max   float64
		state tandem.ReanalysisState
		read  int
	}{{0, tandem.ReanalysisDone, 300}, {0.505, tandem.ReanalysisStopped, 50}, {100, tandem.ReanalysisDone, 300}} {
		synctest.Test(t, func(t *testing.T) {
			m, model := newMemory(300), &reader{takes: time.Second}
			for _, r := range m.rows {
				r.State = tandem.AnalysisDone
			}
			m.set(withModel)
			r := runner(m, &records{}, model)
			model.answer = func(tandem.AnalysisTask, int) (tandem.Analysis, error) {
				m.mu.Lock()
				defer m.mu.Unlock()
				due := 0
				for _, row := range m.rows {
					if row.State == tandem.AnalysisDue {
						due++
					}
				}
				if due > againAtOnceModel {
					t.Errorf("%d are due at once", due)
				}
				m.again[0].Usage.Add(cost)
				return reads(), nil
			}
			begun, err := r.Again(context.Background(), "ann", "test", c.max, time.Now())
			if err != nil || begun.Calls != 300 || math.Abs(begun.CostPerCall-cost.Cost) > 1e-9 {
				t.Fatalf("%+v, %v", begun, err)
			}
			stop := run(t, r)
			time.Sleep(time.Hour)
			stop()
			if got := m.again[0]; got.State != c.state || model.times() != c.read {
				t.Errorf("max %v: %d calls were read, %+v", c.max, model.times(), got)
			}
		})
	}
}

func TestAnEstimateIsThatOfTheSampleTimesAllCalls(t *testing.T) {
	m, model := newMemory(1000), &reader{}
	m.set(withModel)
	r := runner(m, &records{}, model)
	est, err := r.Estimate(context.Background(), "test")
	if err != nil || est.Calls != 1000 || est.Sampled != estimateFrom || est.Usage.Requests != 1000 || est.Usage.Tokens() != 1_000_000 || est.Usage.Cost < 9.99 || est.Usage.Cost > 10.01 {
		t.Errorf("%+v, %v", est, err)
	}
	if model.times() != 0 {
		t.Error("the model was asked")
	}
	m.set(tandem.AnalyzerSettings{})
	if est, err = r.Estimate(context.Background(), "test"); err != nil || est.Usage.Tokens() != 0 || est.Calls != 1000 {
		t.Errorf("offline: %+v, %v", est, err)
	}
	if _, err := r.Again(context.Background(), "ann", "test", 1, time.Now()); tandem.CodeOf(err) != tandem.Invalid {
		t.Errorf("a cost limit where nothing costs: %v", err)
	}
}

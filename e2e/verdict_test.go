package e2e

import (
	"strings"
	"testing"
)

// shortCalls are calls by SIP that callers soon end.
func shortCalls(calls int) load {
	return load{scenario: "caller-leaves", calls: calls, rate: 80, hold: 200}
}

func TestAVerdictIsReachedToldKeptAndReported(t *testing.T) {
	s := newServer(t, "")
	hook := s.listen()
	agents := map[string]*sipp{"A": answerWith(t, "agent"), "B": answerWith(t, "agent")}
	const number = "+14155550100"
	running := s.beginBetween(number, [2]string{agents["A"].uri("desk"), agents["B"].uri("desk")}, [2]float64{50, 50}, nil)
	wins := alike
	analysed := newAnalyser(s.client, agents, func(nth int, arm string) bool { return wins(nth, arm) })

	callers := place(t, s.sip, number, shortCalls(40))
	eventually(t, "40 calls are analysed", func() bool { return analysed.analyse() == 40 })
	callers.finished()
	eventually(t, "the first calls are covered", s.covers(running.ID, 40))
	if v := s.concluded(running.ID).Verdict; v.Status != "collecting" {
		t.Errorf("after 40 calls without a difference the verdict is %s: %s", v.Status, v.Text)
	}
	wins = better
	callers = place(t, s.sip, number, shortCalls(400))
	eventually(t, "440 calls are analysed", func() bool { return analysed.analyse() == 440 })
	callers.finished()
	// Nobody asks for the results meanwhile: the verdict is told by itself.
	eventually(t, "the verdict is told", func() bool { return len(hook.of("verdict")) > 0 })
	eventually(t, "all calls are covered", s.covers(running.ID, 440))
	v := s.concluded(running.ID).Verdict
	if v.Status != "better" || v.Arm != "B" || v.Interval == nil || v.Interval.Low <= 0 || v.P == nil || *v.P > 0.05 {
		t.Fatalf("after 440 calls the verdict is %+v", v)
	}
	t.Log(v.Text)
	s.sameAfterARestart(running.ID)

	c := console{server: s, dir: t.TempDir()}
	if out := c.ok("results", number); !strings.Contains(oneLine(out), v.Text) {
		t.Errorf("tandem results does not say %q:\n%s", v.Text, out)
	}
	if out := c.ok("notices", number); !strings.Contains(out, "verdict") {
		t.Errorf("tandem notices does not list it:\n%s", out)
	}
	c.ok("test", "end", number, "--winner", "B", "--note", "books more")
	report := c.ok("report", running.ID)
	for _, want := range []string{"B is better", "books more"} {
		if !strings.Contains(report, want) {
			t.Errorf("the report does not say %q:\n%.800s", want, report)
		}
	}
	if page := c.ok("report", running.ID, "--html"); !strings.Contains(page, "<svg") || strings.Contains(page, "src=\"http") {
		t.Error("the HTML report has no charts, or needs something from elsewhere")
	}
	if n := s.verify(); n != 440 {
		t.Errorf("verify read %d calls, want 440", n)
	}

	hook.wellSigned(t)
	told := hook.of("verdict")
	if len(told) != 1 || told[0].Data.TestID != running.ID || !strings.Contains(told[0].Data.Text, "B is better") || told[0].ID != hook.refused {
		t.Errorf("told %+v; want one verdict, with the id %s that was refused first", told, hook.refused)
	}
}

// oneLine undoes the wrapping of text for a screen.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

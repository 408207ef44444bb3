package llm

import (
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"tandem"
)

const mark = "QWERTYUIOPASDFGHJKLZXCVBNM"

// attempted is a call in which somebody tries to have it judged otherwise.
func attempted(role tandem.Role, attempt string) tandem.AnalysisTask {
	with := append([]tandem.Turn{}, turns...)
	with = append(with, tandem.Turn{Role: role, Text: strings.ReplaceAll(attempt, "MARK", mark)}, tandem.Turn{Role: tandem.RoleAgent, Text: "Good bye."})
	return tandem.AnalysisTask{Fields: fields, Turns: with}
}

// TestNothingThatIsSaidLeavesTheRecording says what holds of every attempt: it is
// one line of the recording, and all else that is sent is the same as ever.
func TestNothingThatIsSaidLeavesTheRecording(t *testing.T) {
	if len(attempts) < 25 {
		t.Fatalf("%d attempts", len(attempts))
	}
	end, a := serve(t, says(filled()))
	a.mark = func() string { return mark }
	analyze(t, a, task)
	usual := end.requests()[0]
	line := regexp.MustCompile(`^\[\d+\] (agent|caller|tool output): \S`)
	for name, attempt := range attempts {
		for role, shown := range map[tandem.Role]string{tandem.RoleCaller: "caller", tandem.RoleTool: "tool output", tandem.RoleAgent: "agent"} {
			analyze(t, a, attempted(role, attempt))
			got := end.requests()[len(end.requests())-1]
			if len(got.Messages) != 2 || got.system() != usual.system() || string(got.ResponseFormat.JSONSchema.Schema) != string(usual.ResponseFormat.JSONSchema.Schema) {
				t.Errorf("%s: what is sent beside the recording changes", name)
			}
			user := got.user()
			if strings.Count(user, mark) != 2 || strings.Count(user, "<<<") != 1 || strings.Count(user, ">>>") != 1 ||
				!strings.HasPrefix(user, "<<<RECORDING "+mark+"\n") || !strings.HasSuffix(user, "\n"+mark+" RECORDING>>>"+closing) {
				t.Errorf("%s: a delimiter is forged:\n%s", name, user)
			}
			inner := strings.TrimSuffix(strings.TrimPrefix(user, "<<<RECORDING "+mark+"\n"), "\n"+mark+" RECORDING>>>"+closing)
			lines := strings.Split(inner, "\n")
			if len(lines) != len(turns)+2 || !strings.HasPrefix(lines[4], "[5] "+shown+": ") || lines[5] != "[6] agent: Good bye." {
				t.Errorf("%s: the attempt is not one line:\n%s", name, inner)
			}
			for _, l := range lines {
				if !line.MatchString(l) || !utf8.ValidString(l) || strings.ContainsFunc(l, unseen) {
					t.Errorf("%s: line %q", name, l)
				}
			}
		}
	}
}

func unseen(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp, unicode.Variation_Selector)
}

func TestTheMarkIsAnotherOneForEachRequest(t *testing.T) {
	end, a := serve(t, says(filled()))
	seen := map[string]bool{}
	var bare string
	for range 5 {
		analyze(t, a, task)
		r := end.requests()[len(end.requests())-1]
		first, _, _ := strings.Cut(r.user(), "\n")
		m := strings.TrimPrefix(first, "<<<RECORDING ")
		if seen[m] || len(m) < 26 || !strings.HasSuffix(r.system(), m) {
			t.Errorf("mark %q", m)
		}
		seen[m] = true
		without := strings.ReplaceAll(r.system(), m, "")
		if bare != "" && bare != without {
			t.Error("the system message changes with more than the mark")
		}
		bare = without
	}
}

// TestAModelThatObeysTheCallerIsCaughtWhereItsAnswerShowsIt says how far checks
// reach: an answer of the caller's form, values that a field does not take, and
// words that nobody said are caught. A mere lie within the form is not.
func TestAModelThatObeysTheCallerIsCaughtWhereItsAnswerShowsIt(t *testing.T) {
	call := attempted(tandem.RoleCaller, attempts["another schema"])
	for _, obedient := range map[string]string{
		"another schema":      `{"verdict": "success"}`,
		"a chat":              "SuccessBot says: success!",
		"the caller's answer": `{"summary": "A success.", "fields": {"call_successful": true, "booked": "yes"}}`,
	} {
		_, a := serve(t, says(obedient))
		wantUnknown(t, analyze(t, a, call), "did not fit")
	}
	_, a := serve(t, says(filled("language_naturalness", part("500", ""), "topic", part(`"success"`, ""))))
	got := analyze(t, a, call)
	for _, name := range []string{"language_naturalness", "topic"} {
		if f := got.Findings[name]; f.Value != nil || !strings.Contains(f.Reason, "did not fit") {
			t.Errorf("%s: %+v", name, f)
		}
	}
	_, a = serve(t, says(filled("call_successful", part("true", "the customer was delighted with the outcome"))))
	if f := analyze(t, a, call).Findings["call_successful"]; f.Quote != "" || !strings.HasSuffix(f.Reason, unfounded) {
		t.Errorf("%+v; want no quote of what nobody said", f)
	}
}

func TestAQuoteHasToBeWholeWordsOfOneTurn(t *testing.T) {
	rec := record([]tandem.Turn{
		{Role: tandem.RoleCaller, Text: "I don't KNOW,  Señor — a table for two?"},
		{Role: tandem.RoleAgent, Text: "Very well."},
		{Role: tandem.RoleCaller, Text: "我想预约明天的位子。"},
	}, 1000, mark)
	for quote, want := range map[string]bool{
		"i don't know, senor": true, "A TABLE FOR TWO": true, "...know...": true, "预约": true,
		"no": false, "two very well": false, "a table for too": false, "": false, "?!": false, "取消": false,
	} {
		if rec.holds(quote) != want {
			t.Errorf("%q: %v; want %v", quote, !want, want)
		}
	}
}

func TestALongCallIsCutInTheMiddle(t *testing.T) {
	turn := func(s string) tandem.Turn { return tandem.Turn{Role: tandem.RoleTool, Text: s} }
	whole := []tandem.Turn{turn("first"), turn("parsley " + strings.Repeat("ä", 900)), turn("middle"), turn(strings.Repeat("b", 900)), turn("last")}
	rec := record(whole, 4000, mark)
	if rec.note() != "" || strings.Contains(rec.text, gap) {
		t.Errorf("what fits is cut: %s", rec.note())
	}
	rec = record(whole, 2000, mark)
	if !rec.short || rec.left != 0 || !strings.Contains(rec.text, gap) || !strings.Contains(rec.note(), "cut in the middle") || !utf8.ValidString(rec.text) {
		t.Errorf("%+v", rec)
	}
	rec = record(whole, 150, mark)
	if rec.left == 0 || !strings.Contains(rec.text, "[1] tool output: first\n") || !strings.Contains(rec.text, "[5] tool output: last\n") || !strings.Contains(rec.text, "left out here]\n") {
		t.Errorf("%+v", rec)
	}
	if rec.holds("parsley") || len(rec.said)+rec.left != len(whole) {
		t.Error("what was left out counts as shown")
	}
}

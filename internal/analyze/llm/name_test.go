package llm

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"tandem"
)

var sketches = []tandem.GroupSketch{
	{Terms: []string{"table", "dinner"}, Said: []string{"A table for two, please", "Dinner on Friday"}},
	{Terms: []string{"refund"}, Said: []string{"My money back!"}},
}

const named = `{"group_1": {"name": "Table bookings", "description": "Callers book a table."}, "group_2": {"name": " Refunds\n", "description": ""}}`

func TestGroupsAreNamed(t *testing.T) {
	end, a := serveWith(t, Config{InputPrice: 2, OutputPrice: 8}, says("```json\n"+named+"\n```"))
	names, usage, err := a.NameGroups(t.Context(), sketches)
	if err != nil {
		t.Fatal(err)
	}
	want := []tandem.GroupName{{Name: "Table bookings", Description: "Callers book a table."}, {Name: "Refunds"}}
	if d := cmp.Diff(want, names); d != "" {
		t.Error(d)
	}
	if usage != (tandem.AnalysisUsage{Requests: 1, InputTokens: 1000, OutputTokens: 100, Cost: 0.0028}) {
		t.Errorf("usage %+v", usage)
	}
	r := end.requests()[0]
	if r.ResponseFormat == nil || !r.ResponseFormat.JSONSchema.Strict || !strings.Contains(string(r.ResponseFormat.JSONSchema.Schema), `"required":["group_1","group_2"]`) {
		t.Errorf("asked with %+v", r.ResponseFormat)
	}
	for _, line := range []string{"[group 1] words: table, dinner\n", "[group 1] a call: Dinner on Friday\n", "[group 2] a call: My money back!\n"} {
		if !strings.Contains(r.user(), line) {
			t.Errorf("%q is not in %s", line, r.user())
		}
	}
}

func TestNamesThatDoNotFitAreRepairedOnce(t *testing.T) {
	for name, bad := range map[string]string{
		"no JSON":      "Table bookings and refunds",
		"half":         named[:40],
		"one group":    `{"group_1": {"name": "x", "description": ""}}`,
		"three groups": strings.Replace(named, "{", `{"group_3": {"name": "x", "description": ""}, `, 1),
		"a number":     strings.Replace(named, `"Table bookings"`, "7", 1),
		"no name":      strings.Replace(named, "Table bookings", " ", 1),
	} {
		t.Run(name, func(t *testing.T) {
			end, a := serve(t, says(bad), says(named))
			names, usage, err := a.NameGroups(t.Context(), sketches)
			if err != nil || len(names) != 2 || usage.Requests != 2 {
				t.Fatalf("%v, %v, %+v", names, err, usage)
			}
			if again := end.requests()[1]; !strings.Contains(again.Messages[len(again.Messages)-1].Content, "does not fit") {
				t.Errorf("asked again with %+v", again.Messages)
			}
			end, a = serve(t, says(bad))
			if _, _, err := a.NameGroups(t.Context(), sketches); tandem.CodeOf(err) != tandem.Unavailable || len(end.requests()) != 2 {
				t.Errorf("%v after %d requests", err, len(end.requests()))
			}
		})
	}
}

func TestNamesAreCutAndCleaned(t *testing.T) {
	long := strings.Repeat("ü", 500)
	_, a := serve(t, says(fmt.Sprintf(`{"group_1": {"name": "%s", "description": "a\u0000b\n\nc%s"}, "group_2": {"name": "x\u001b[2J", "description": ""}}`, long, long)))
	names, _, err := a.NameGroups(t.Context(), sketches)
	if err != nil {
		t.Fatal(err)
	}
	if utf8.RuneCountInString(names[0].Name) != maxName || utf8.RuneCountInString(names[0].Description) != maxDescription || names[1].Name != "x[2J" || !strings.HasPrefix(names[0].Description, "ab c") {
		t.Errorf("%+q", names)
	}
}

// What callers say stays one line of the recording each, whatever it is.
func TestNothingThatIsSaidLeavesItsLine(t *testing.T) {
	for name, attempt := range attempts {
		t.Run(name, func(t *testing.T) {
			end, a := serve(t, says(named))
			a.mark = func() string { return mark }
			attempt := strings.ReplaceAll(attempt, "MARK", mark)
			_, _, err := a.NameGroups(t.Context(), []tandem.GroupSketch{{Terms: []string{attempt}, Said: []string{attempt, strings.Repeat(attempt, 90)}}, {}})
			if err != nil {
				t.Fatal(err)
			}
			user := end.requests()[0].user()
			if strings.Count(user, mark) != 2 || strings.Count(user, "<<<") != 1 || strings.Count(user, ">>>") != 1 {
				t.Errorf("the recording can be left: %q", user)
			}
			for i, line := range strings.Split(user, "\n")[1:] {
				if i < 4 && !strings.HasPrefix(line, "[group ") {
					t.Errorf("line %q", line)
				}
			}
		})
	}
}

func TestAnEndPointThatFailsIsToldOf(t *testing.T) {
	_, a := serve(t, status(http.StatusTooManyRequests, `{"error": {"message": "slow down"}}`, "Retry-After: 7"))
	if _, _, err := a.NameGroups(t.Context(), sketches); err == nil {
		t.Error("no error")
	}
	_, a = serve(t, ends("", "content_filter"))
	if _, _, err := a.NameGroups(t.Context(), sketches); tandem.CodeOf(err) != tandem.Unavailable || !strings.Contains(err.Error(), "content filter") {
		t.Errorf("%v", err)
	}
}

func TestManyGroupsFitTheModel(t *testing.T) {
	var many []tandem.GroupSketch
	var answer []string
	for g := range tandem.MaxGroups {
		many = append(many, tandem.GroupSketch{Terms: []string{"word"}, Said: []string{strings.Repeat("long ", 2000), strings.Repeat("longer ", 2000)}})
		answer = append(answer, fmt.Sprintf(`%q: {"name": "n%d", "description": ""}`, property(g), g+1))
	}
	end, a := serveWith(t, Config{MaxInputTokens: 12_000}, says("{"+strings.Join(answer, ",")+"}"))
	names, _, err := a.NameGroups(t.Context(), many)
	if err != nil || len(names) != tandem.MaxGroups || names[49].Name != "n50" {
		t.Fatalf("%v, %v", names, err)
	}
	if r := end.requests()[0]; len(r.system())+len(r.user()) > 12_000*bytesPerToken {
		t.Errorf("%d bytes were sent", len(r.system())+len(r.user()))
	}
}

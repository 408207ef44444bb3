package replay

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem"
)

func ptr[T any](v T) *T { return &v }

func TestReadingTakesWhatIsThereAndLeavesTheRestUnknown(t *testing.T) {
	const lines = `{"id":"a","arm":{"acoustic":"degraded","n":2,"on":true},"caller_id":"x","started_at":"2013-03-27T01:04:16","duration_ms":1500.4,
 "outcome":{"success":null,"questionnaire":[]},"turns":[{"role":"agent","text":"Hi","start_ms":0,"end_ms":900,"interrupted":true},{"role":"USER","text":"hello","start_ms":900,"end_ms":1500,"asr_text":"yellow"}]}`
	const second = `{"id":"b","outcome":{"last_transaction":"failure"},"turns":[{"role":"assistant","text":"Have a great day!"}],"surprise":{}}`
	in := strings.ReplaceAll(lines, "\n", "") + "\n\n" + second + "\n"
	var got []Conversation
	for c, err := range Read(strings.NewReader(in)) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, c)
	}
	want := []Conversation{
		{
			ID: "a", Arm: map[string]any{"acoustic": "degraded", "n": 2.0, "on": true}, CallerID: "x",
			StartedAt: time.Date(2013, 3, 27, 1, 4, 16, 0, time.UTC), DurationMS: ptr(int64(1500)), BargeInsKnown: true,
			Turns: []tandem.Turn{
				{Role: tandem.RoleAgent, Text: "Hi", StartMS: ptr(int64(0)), EndMS: ptr(int64(900)), Interrupted: true},
				{Role: tandem.RoleCaller, Text: "hello", StartMS: ptr(int64(900)), EndMS: ptr(int64(1500))},
			},
		},
		{ID: "b", Success: ptr(false), Turns: []tandem.Turn{{Role: tandem.RoleAgent, Text: "Have a great day!"}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for i, by := range []tandem.EndedBy{tandem.ByCaller, tandem.ByAgent} {
		if got[i].EndedBy() != by {
			t.Errorf("%s was ended by %s; expected %s", got[i].ID, got[i].EndedBy(), by)
		}
	}
	if _, there := got[0].Values()["success"]; !there || got[0].Values()["success"] != nil {
		t.Errorf("an unknown success is %v; expected the unknown value", got[0].Values())
	}
	if _, there := got[1].Values()["barge_ins"]; there {
		t.Error("barge-ins of a text dialogue are known; expected them to be unknown")
	}
}

func TestReadingNamesTheLineAndTheMember(t *testing.T) {
	for name, tc := range map[string]struct{ line, want string }{
		"no JSON":                {`hello`, "line 2: is not a JSON object"},
		"an array":               {`[]`, "line 2: "},
		"no id":                  {`{"turns":[]}`, "line 2: id: has 0 bytes"},
		"a wrong type":           {`{"id":"x","duration_ms":"long"}`, "line 2: duration_ms: is a string"},
		"a negative duration":    {`{"id":"x","duration_ms":-1}`, "line 2: duration_ms: is -1"},
		"a strange time":         {`{"id":"x","started_at":"yesterday"}`, `line 2: started_at: is "yesterday"`},
		"an unknown role":        {`{"id":"x","turns":[{"role":"parrot","text":"hi"}]}`, `line 2: turns[0].role: is "parrot"`},
		"turns that run back":    {`{"id":"x","turns":[{"role":"agent","text":"","start_ms":5,"end_ms":1}]}`, "line 2: transcript[0].end_ms: is 1"},
		"an unknown end":         {`{"id":"x","ended_by":"ghost"}`, `line 2: ended.by: is "ghost"`},
		"sentiment past its end": {`{"id":"x","outcome":{"sentiment":3}}`, "line 2: analysis.sentiment: is 3"},
		"a name that is none":    {`{"id":"x","analysis":{"Was Booked":true}}`, "line 2: analysis.Was Booked:"},
		"a value that is none":   {`{"id":"x","analysis":{"list":[1]}}`, "line 2: analysis.list:"},
	} {
		t.Run(name, func(t *testing.T) {
			n := 0
			for _, err := range Read(strings.NewReader(`{"id":"fine"}` + "\n" + tc.line + "\n" + `{"id":"never read"}`)) {
				n++
				if n == 1 && err != nil {
					t.Fatalf("the first line failed: %v", err)
				}
				if n == 2 && (err == nil || !strings.Contains(err.Error(), tc.want)) {
					t.Errorf("got %v; expected %q in it", err, tc.want)
				}
			}
			if n != 2 {
				t.Errorf("%d lines were given; expected to stop at the second", n)
			}
		})
	}
}

func TestReadingLooksThroughGzip(t *testing.T) {
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	_, _ = w.Write([]byte(`{"id":"a"}` + "\n" + `{"id":"b"}`))
	_ = w.Close()
	whole := z.Bytes()
	count := func(data []byte) (n int, last error) {
		for _, err := range Read(bytes.NewReader(data)) {
			if err != nil {
				return n, err
			}
			n++
		}
		return n, nil
	}
	if n, err := count(whole); n != 2 || err != nil {
		t.Errorf("got %d conversations and %v; expected 2", n, err)
	}
	if _, err := count(whole[:len(whole)-9]); err == nil {
		t.Error("a torn gzip file was read without complaint")
	}
}

func TestWhoHangsUpIsToldByWhoSpokeLast(t *testing.T) {
	agent := func(text string, interrupted bool) []tandem.Turn {
		return []tandem.Turn{{Role: tandem.RoleCaller, Text: "x"}, {Role: tandem.RoleAgent, Text: text, Interrupted: interrupted}, {Role: tandem.RoleTool, Text: "hang up"}}
	}
	for name, tc := range map[string]struct {
		c    Conversation
		want tandem.EndedBy
	}{
		"the caller spoke last":                      {Conversation{Turns: []tandem.Turn{{Role: tandem.RoleCaller, Text: "no"}}}, tandem.ByCaller},
		"the agent said goodbye":                     {Conversation{Turns: agent("Thank you, goodbye!", false)}, tandem.ByAgent},
		"the agent was cut off saying goodbye":       {Conversation{Turns: agent("Goodbye and than", true)}, tandem.ByCaller},
		"the agent asked and nobody answered":        {Conversation{Turns: agent("What else?", false)}, tandem.ByCaller},
		"nobody spoke":                               {Conversation{}, tandem.ByUnknown},
		"the record knows better than the last word": {Conversation{By: tandem.BySystem, Turns: agent("Goodbye", false)}, tandem.BySystem},
	} {
		t.Run(name, func(t *testing.T) {
			if got := tc.c.EndedBy(); got != tc.want {
				t.Errorf("got %s; expected %s", got, tc.want)
			}
		})
	}
}

func TestLengthIsRecordedElseTimedElseSpoken(t *testing.T) {
	words := []tandem.Turn{{Role: tandem.RoleAgent, Text: strings.Repeat("word ", 75)}}
	timed := []tandem.Turn{{Role: tandem.RoleAgent, Text: "hi", StartMS: ptr(int64(0)), EndMS: ptr(int64(700))}}
	for name, tc := range map[string]struct {
		c    Conversation
		want time.Duration
	}{
		"recorded": {Conversation{DurationMS: ptr(int64(5000)), Turns: timed}, 5 * time.Second},
		"timed":    {Conversation{Turns: timed}, 700 * time.Millisecond},
		"spoken":   {Conversation{Turns: words}, 30 * time.Second},
		"nothing":  {Conversation{}, 0},
	} {
		if got := tc.c.Length(); got != tc.want {
			t.Errorf("%s: got %v; expected %v", name, got, tc.want)
		}
	}
}

func TestReplyLatencyIsFromTheCallersEndToTheAgentsStart(t *testing.T) {
	turn := func(r tandem.Role, start, end int64) tandem.Turn {
		return tandem.Turn{Role: r, StartMS: &start, EndMS: &end}
	}
	c := Conversation{Turns: []tandem.Turn{
		turn(tandem.RoleAgent, 0, 100),
		turn(tandem.RoleCaller, 100, 200), turn(tandem.RoleAgent, 700, 800), // 500
		turn(tandem.RoleAgent, 900, 950),                                       // no reply: nobody spoke in between
		turn(tandem.RoleCaller, 950, 1000), turn(tandem.RoleAgent, 1100, 1200), // 100
		turn(tandem.RoleCaller, 1200, 1300), turn(tandem.RoleAgent, 1600, 1700), // 300
		{Role: tandem.RoleCaller},
		turn(tandem.RoleAgent, 5000, 5100), // untimed
	}}
	if diff := cmp.Diff(&tandem.Latency{P50MS: 300, P90MS: 500}, c.Latency()); diff != "" {
		t.Error(diff)
	}
	if (Conversation{}).Latency() != nil {
		t.Error("a conversation without timings has a latency")
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"id":"a","arm":{"x":1},"started_at":"2013-03-27T01:04:16","duration_ms":45310,"outcome":{"success":true,"sentiment":0.5},"turns":[{"role":"agent","start_ms":1,"end_ms":9930,"text":"Hello","interrupted":false}]}`,
		`{"id":"b","ended_by":"agent","transfer":{"state":"completed"},"analysis":{"booked":true,"note":null},"turns":[{"role":"tool","text":"{}"}]}`,
		`{"id":"c","duration_ms":1e300}`, `[]`, `null`, `{"id":"d","turns":[null]}`, `{"id":"e","analysis":{"x":1e999}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		c, err := Decode(line)
		if err != nil {
			if tandem.CodeOf(err) != tandem.Invalid {
				t.Errorf("%v is %s; expected Invalid", err, tandem.CodeOf(err))
			}
			return
		}
		at := time.Unix(1e9, 0)
		for _, e := range (Played{Conversation: c, CallID: tandem.NewID(at), EndedAt: at}).Events() {
			if err := e.Validate(); err != nil {
				t.Errorf("what was read gives a %s event that is refused: %v", e.Kind, err)
			}
		}
	})
}

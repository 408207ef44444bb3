package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestAnalysisIsRunFromTheCommandLine(t *testing.T) {
	const number = "+14155550122"
	m := newModel(t, time.Millisecond)
	s := newServer(t, "")
	c := &console{server: s, dir: t.TempDir()}
	running := s.test(numbered(s, number), s.publish("desk", "sip:desk@127.0.0.1:5999", "A"), s.publish("desk", "sip:desk@127.0.0.1:5999", "B"), 50)
	says := func(out string, want ...string) {
		t.Helper()
		for _, w := range want {
			if !strings.Contains(out, w) {
				t.Errorf("no %q in\n%s", w, out)
			}
		}
	}
	says(c.ok("analysis", "status"), "offline/1", "English words")
	says(c.ok("settings", "analyzer"), "offline")
	c.refused([]string{"there is no model to try"}, "settings", "analyzer", "try")

	talk := []turn{{Role: "caller", Text: "Thank you, that is great.", EndMS: 1000}, {Role: "agent", Text: "It is booked.", StartMS: 1500, EndMS: 2500}}
	ids := s.placed(number, slices.Repeat([][]turn{talk}, 20))
	eventually(t, "every call is analysed", func() bool { return s.analysis().Today.Analyses == 20 })
	says(c.ok("analysis", "show", ids[0]), "offline/1", "sentiment", "Thank you, that is great.", "needs a language model")
	says(c.ok("test", "reanalyze", number, "--estimate"), "20 calls, about 0 tokens")

	file := filepath.Join(c.dir, "analyzer.json")
	check(t, os.WriteFile(file, []byte(`{"kind":"llm","base_url":"`+m.URL+`/v1","model":"fake","key":"sk-very-secret","input_price":1,"output_price":2,"budget":{"day_cost":5}}`), 0o600))
	shown := c.ok("settings", "analyzer", "set", file) + c.ok("settings", "analyzer", "show") + c.ok("--json", "settings", "analyzer")
	says(shown, "fake", m.URL, "key", "set", "$5.00")
	says(c.ok("settings", "analyzer", "try"), "It works", "table_booked", "guests")
	check(t, os.WriteFile(file, []byte(`{"kind":"llm","model":"fake"}`), 0o600))
	c.refused([]string{"base_url"}, "settings", "analyzer", "set", file)

	says(c.ok("test", "reanalyze", number, "--estimate"), "20 calls, about ", "by fake")
	c.refused([]string{"--yes", "20 calls"}, "test", "reanalyze", number)
	says(c.ok("test", "reanalyze", number, "--yes"), "Begun")
	eventually(t, "all calls are analysed again", func() bool {
		return strings.Contains(c.ok("test", "reanalyze", number, "--progress"), "done")
	})
	says(c.ok("test", "reanalyze", number, "--progress"), "20 of 20", "$0.0240")
	says(c.ok("analysis", "show", ids[0]), "llm/1 fake", "Somebody called.", "1,100 tokens")
	if v := s.results(running.ID).metric(t, "field.score", "A"); v.Value == nil || *v.Value != 3 {
		t.Errorf("score is %+v", v)
	}

	s.kill() // the key is read back from the database
	s.start()
	says(c.ok("analysis", "again", ids[1]), "Asked")
	eventually(t, "it is analysed again", func() bool { return s.analysis().Due == 0 })
	m.Close()
	says(c.ok("analysis", "again", ids[1]), "Asked")
	eventually(t, "the model is missed", func() bool { return strings.Contains(c.ok("analysis", "show", ids[1]), "gave no answer") })
	says(c.ok("analysis", "failed"), "No analysis was set aside.")
	says(c.ok("analysis"), "cost today", "$0.0252 of $5.00")

	raw, err := os.ReadFile(s.log)
	check(t, err)
	key, err := os.Stat(filepath.Join(s.data, "secrets.key"))
	check(t, err)
	for what, text := range map[string]string{"the log": string(raw), "the command line": shown} {
		if strings.Contains(text, "very-secret") {
			t.Errorf("%s tells the key", what)
		}
	}
	if key.Mode().Perm() != 0o600 {
		t.Errorf("the key file has mode %v", key.Mode())
	}
	for _, name := range []string{"tandem.db", "tandem.db-wal"} {
		if raw, err := os.ReadFile(filepath.Join(s.data, name)); err == nil && strings.Contains(string(raw), "very-secret") {
			t.Errorf("%s holds the key in the clear", name)
		}
	}
}

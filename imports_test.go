package tandem_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

// rules says which packages of this module each package may import, directly.
// A package that is not listed here has no rule yet, which is an error: decide.
var rules = map[string][]string{
	"tandem":                           {},
	"tandem/internal/stats":            {},
	"tandem/internal/calc":             {"tandem", "tandem/internal/stats"},
	"tandem/internal/assign":           {"tandem"},
	"tandem/internal/ingest":           {"tandem"},
	"tandem/internal/sample":           {"tandem"},
	"tandem/internal/live":             {"tandem"},
	"tandem/internal/steer":            {"tandem"},
	"tandem/internal/notify":           {"tandem"},
	"tandem/internal/analyze":          {"tandem", "tandem/internal/analyze/lexicon", "tandem/internal/analyze/llm", "tandem/internal/analyze/rules"},
	"tandem/internal/analyze/words":    {},
	"tandem/internal/analyze/dialogue": {"tandem", "tandem/internal/analyze/words"},
	"tandem/internal/analyze/lexicon":  {"tandem", "tandem/internal/analyze/words"},
	"tandem/internal/analyze/llm":      {"tandem", "tandem/internal/analyze/words"},
	"tandem/internal/analyze/rules":    {"tandem", "tandem/internal/analyze/words"},
	"tandem/internal/analyze/vectors":  {"tandem/internal/analyze/words"},
	"tandem/internal/judge":            {"tandem", "tandem/internal/analyze/vectors", "tandem/internal/stats"},
	"tandem/internal/redact":           {"tandem", "tandem/internal/analyze/words"},
	"tandem/internal/privacy":          {"tandem"},
	"tandem/internal/topics":           {"tandem", "tandem/internal/analyze/vectors", "tandem/internal/analyze/words", "tandem/internal/stats"},
	"tandem/internal/account":          {"tandem"},
	"tandem/internal/oidc":             {"tandem"},
	"tandem/internal/recording":        {"tandem"},
	"tandem/internal/phone":            {"tandem"},
	"tandem/internal/config":           {"tandem"},
	"tandem/internal/results":          {"tandem", "tandem/internal/stats"},
	"tandem/internal/report":           {"tandem", "tandem/internal/judge", "tandem/internal/results"},
	"tandem/internal/store":            {"tandem"},
	"tandem/internal/store/storetest":  {"tandem", "tandem/internal/store"},
	"tandem/internal/pgtest":           {},
	"tandem/internal/corpus":           {},
	"tandem/internal/sip":              {"tandem", "tandem/internal/assign", "tandem/internal/phone", "tandem/internal/sip/wire"},
	"tandem/internal/secrets":          {"tandem"},
	"tandem/internal/api":              {"tandem", "tandem/internal/account", "tandem/internal/analyze", "tandem/internal/assign", "tandem/internal/ingest", "tandem/internal/judge", "tandem/internal/live", "tandem/internal/oidc", "tandem/internal/phone", "tandem/internal/privacy", "tandem/internal/recording", "tandem/internal/report", "tandem/internal/results", "tandem/internal/sample", "tandem/internal/stats", "tandem/internal/topics"},
	"tandem/internal/sip/wire":         {},
	"tandem/internal/console":          {"tandem/web"},
	"tandem/web":                       {},
	"tandem/internal/replay":           {"tandem"},
	"tandem/internal/demo":             {"tandem", "tandem/internal/replay"},
	"tandem/internal/cli":              {"tandem", "tandem/internal/calc", "tandem/internal/cli/client", "tandem/internal/replay", "tandem/internal/demo"},
	"tandem/internal/cli/client":       {"tandem"},
}

// outside lists packages that wire or measure others and may import any.
var outside = []string{"tandem/internal/app", "tandem/cmd/", "tandem/bench", "tandem/e2e", "tandem/simulate"}

func TestPackagesImportOnlyWhatTheHouseAllows(t *testing.T) {
	for _, p := range list(t) {
		if exempt(p.ImportPath) {
			continue
		}
		allowed, ok := rules[p.ImportPath]
		if !ok {
			t.Errorf("%s has no import rule: add it to the house in docs/architecture.md and to the table here", p.ImportPath)
			continue
		}
		for _, imp := range p.Imports {
			if strings.HasPrefix(imp, "tandem") && !contains(allowed, imp) {
				t.Errorf("%s imports %s, which the house does not allow", p.ImportPath, imp)
			}
		}
	}
}

func TestTheDomainAndTheMathematicsStandAlone(t *testing.T) {
	for _, p := range list(t) {
		for _, imp := range p.Imports {
			third := strings.Contains(strings.Split(imp, "/")[0], ".")
			switch {
			case p.ImportPath == "tandem" && third:
				t.Errorf("the domain imports %s; it may import the standard library only", imp)
			case p.ImportPath == "tandem/internal/stats" && third && !strings.HasPrefix(imp, "gonum.org/v1/gonum/stat/distuv") && !strings.HasPrefix(imp, "gonum.org/v1/gonum/mathext"):
				t.Errorf("stats imports %s; it may import the standard library and gonum's distributions only", imp)
			}
		}
	}
}

type pkg struct {
	ImportPath string
	Imports    []string
}

func list(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func exempt(path string) bool {
	for _, o := range outside {
		if strings.HasPrefix(path, o) {
			return true
		}
	}
	return false
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

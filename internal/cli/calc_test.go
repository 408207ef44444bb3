package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"charm.land/lipgloss/v2"
	"github.com/google/go-cmp/cmp"

	"tandem/internal/calc"
)

// calcAt runs a command line in docs, where the page's examples are.
func calcAt(stdin string, args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = Main(context.Background(), Env{
		Args: args, Stdin: strings.NewReader(stdin), Stdout: &out, Stderr: &errs,
		Terminal: func() (int, int, bool) { return 120, 0, false },
	})
	return code, out.String(), errs.String()
}

// blocks are the page's examples.
var blocks = regexp.MustCompile("(?s)```text\n(\\$ .*?)```\n")

// TestThePageAboutCalcSaysWhatCalcSays runs every example of docs/calc.md. With
// -update it writes their output into the page.
func TestThePageAboutCalcSaysWhatCalcSays(t *testing.T) {
	t.Chdir(filepath.Join("..", "..", "docs"))
	raw, err := os.ReadFile("calc.md")
	if err != nil {
		t.Fatal(err)
	}
	is := string(raw)
	ran := 0
	want := blocks.ReplaceAllStringFunc(is, func(block string) string {
		var out strings.Builder
		for _, line := range strings.Split(block, "\n") {
			if strings.HasPrefix(line, "$ ") {
				ran++
				fmt.Fprintf(&out, "%s\n%s", line, example(t, strings.Fields(line[2:])))
			}
		}
		return "```text\n" + out.String() + "```\n"
	})
	const from, to = "<!-- methods -->\n", "<!-- /methods -->\n"
	before, rest, _ := strings.Cut(want, from)
	_, after, found := strings.Cut(rest, to)
	if !found || ran < 12 {
		t.Fatalf("the page has %d examples and a table of methods: %v", ran, found)
	}
	want = before + from + methodTable() + to + after
	if *update {
		if err := os.WriteFile("calc.md", []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, is); diff != "" {
		t.Errorf("docs/calc.md is not what the program says (-update writes it):\n%s", diff)
	}
}

// example gives the output of one line of the page.
func example(t *testing.T, words []string) string {
	t.Helper()
	switch words[0] {
	case "cat", "head":
		raw, err := os.ReadFile(words[len(words)-1])
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.SplitAfter(string(raw), "\n")
		if words[0] == "head" {
			var n int
			if _, err := fmt.Sscanf(words[1], "-%d", &n); err != nil {
				t.Fatal(err)
			}
			lines = lines[:n]
		}
		return strings.Join(lines, "")
	case "tandem":
		code, out, errs := calcAt("", words[1:]...)
		if code != 0 {
			t.Errorf("%s: exit code %d: %s", strings.Join(words, " "), code, errs)
		}
		return out
	}
	t.Fatalf("the page has the command %q; expected cat, head or tandem", words[0])
	return ""
}

func methodTable() string {
	var out strings.Builder
	out.WriteString("| method | name in JSON | holds | source |\n|---|---|---|---|\n")
	for _, m := range calc.Methods() {
		fmt.Fprintf(&out, "| %s | `%s` | %s | %s |\n", m.Title, m.Name, holds(m.Holds), m.Source)
	}
	return out.String()
}

const twoArms = `{"arms":[{"arm":"A","n":200,"successes":140},{"arm":"B","n":198,"successes":156}]}`

func TestCalcReadsStandardInput(t *testing.T) {
	for _, args := range [][]string{{"calc"}, {"calc", "-"}} {
		code, out, errs := calcAt(twoArms, args...)
		if code != 0 || !strings.Contains(out, "Miettinen-Nurminen") {
			t.Errorf("%v: exit code %d, %s%s", args, code, out, errs)
		}
	}
}

func TestCalcRefusesWithThePlace(t *testing.T) {
	for name, tc := range map[string]struct {
		args, stdin, want string
		code              int
	}{
		"a file that is not there":  {args: "calc nowhere.csv", code: 1, want: "tandem: open nowhere.csv: no such file or directory\n"},
		"a bad file":                {args: "calc", stdin: "arm,n,successes\nA,2,3\n", code: 1, want: "tandem: line 2, successes: is 3; expected at most n, which is 2\n"},
		"a format that is none":     {args: "calc --format xml", stdin: twoArms, code: 1, want: "tandem: format: is \"xml\"; expected json or csv\n"},
		"an alpha of 2":             {args: "calc --alpha 2", stdin: twoArms, code: 1, want: "tandem: --alpha: is 2; expected from 1e-9 to below 1\n"},
		"an alpha that is NaN":      {args: "calc --alpha NaN", stdin: twoArms, code: 1, want: "tandem: --alpha: is NaN; expected from 1e-9 to below 1\n"},
		"an infinite tuning":        {args: "calc --tuning +Inf", stdin: twoArms, code: 1, want: "tandem: --tuning: is +Inf; expected 1 call or more\n"},
		"sides that are none":       {args: "calc --sides up", stdin: twoArms, code: 1, want: "tandem: --sides: is \"up\"; expected two, greater or less\n"},
		"a share without its arm":   {args: "calc --share 50", stdin: twoArms, code: 1, want: "tandem: --share: is \"50\"; expected ARM=SHARE\n"},
		"bounds that are one":       {args: "calc --bounds 3600", stdin: twoArms, code: 1, want: "tandem: --bounds: is \"3600\"; expected LOW,HIGH\n"},
		"a margin that is NaN":      {args: "calc --margin x=NaN", stdin: twoArms, code: 1, want: "tandem: --margin: is \"NaN\"; expected a number\n"},
		"a metric that is not":      {args: "calc --margin x=1", stdin: twoArms, code: 1, want: "tandem: metrics: \"x\" has no data; there are value\n"},
		"a quantile of 1":           {args: "calc --quantile 0.5,1", stdin: twoArms, code: 1, want: "tandem: --quantile[1]: is 1; expected above 0 and below 1\n"},
		"a flag that is not known":  {args: "calc --alhpa 1", stdin: twoArms, code: 2, want: "tandem: unknown flag --alhpa, did you mean \"--alpha\"?\nRun `tandem calc --help` for what it takes.\n"},
		"a planned number below 2":  {args: "calc --planned 1", stdin: twoArms, code: 1, want: "tandem: --planned: is 1; expected 2 calls or more\n"},
		"a reference that is not":   {args: "calc --reference C", stdin: twoArms, code: 1, want: "tandem: reference: is \"C\"; expected one of the arms A, B\n"},
		"a kind that is not":        {args: "calc --kind value=shape", stdin: twoArms, code: 1, want: "tandem: --kind: is \"shape\"; expected proportion, mean or category\n"},
		"a kind that aggregates no": {args: "calc --kind mean", stdin: twoArms, code: 1, want: "tandem: arms[0]: gives successes, which is not the kind mean\n"},
		"a better that is neither":  {args: "calc --better more", stdin: twoArms, code: 1, want: "tandem: --better: is \"more\"; expected higher or lower\n"},
	} {
		code, out, errs := calcAt(tc.stdin, strings.Fields(tc.args)...)
		if code != tc.code || errs != tc.want || out != "" {
			t.Errorf("%s: exit code %d, %q, %q; expected %d and %q", name, code, out, errs, tc.code, tc.want)
		}
	}
}

func TestCalcWritesJSONInFullPrecision(t *testing.T) {
	code, out, errs := calcAt(twoArms, "calc", "--json")
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	var r calc.Report
	dec := json.NewDecoder(strings.NewReader(out))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&r); err != nil {
		t.Fatal(err)
	}
	if got, want := *r.Metrics[0].Arms[1].Value, 156.0/198; got != want {
		t.Errorf("B's share is %v; expected %v to the last digit", got, want)
	}
}

func TestCalcKeepsWithinTheTerminal(t *testing.T) {
	t.Chdir(filepath.Join("..", "..", "docs"))
	for _, width := range []int{140, 100, 80} {
		var out bytes.Buffer
		Main(context.Background(), Env{
			Args: []string{"calc", "calc/calls.csv", "--bounds", "duration=0,3600"}, Stdout: &out,
			Terminal: func() (int, int, bool) { return width, 0, true },
		})
		for line := range strings.Lines(out.String()) {
			if w := lipgloss.Width(strings.TrimRight(line, "\n")); w > width {
				t.Errorf("a line is %d wide on a terminal of %d: %q", w, width, line)
			}
		}
		if out.Len() == 0 {
			t.Error("no output")
		}
	}
}

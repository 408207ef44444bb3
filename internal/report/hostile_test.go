package report

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"tandem"
	"tandem/internal/results"
)

// What people might call things.
const (
	markup  = `</title></style><script>alert(1)</script><img src=x onerror=alert(2)>"'`
	tricks  = "# H\n- l | c | `k` *b* _i_ [t](http://evil.example/x) ![p](www.evil.example) <b>&amp; $x$ ~~s~~ a@evil.example"
	around  = "safe\u202egnp.exe\u0000\u001b[31m"
	formula = "=1+1"
)

// hostileNames is a test whose every name was written by somebody ill-meaning.
func hostileNames() results.Results {
	r := example(500, 0.7, 0.8)
	r.Name, r.Route, r.Goal = markup, tricks, markup
	r.Arms[0].Version, r.Arms[0].Note, r.Arms[1].Note = tricks, markup, around
	r.Verdict.Text, r.Verdict.Change = markup+tricks, tricks
	r.Verdict.Alarms = []tandem.Alarm{{Check: tandem.CheckCoverage, Text: markup, Acknowledged: &tandem.Acknowledgement{By: markup, Note: tricks}}}
	r.Verdict.Guardrails[0].Text, r.Verdict.Guardrails[0].Metric = markup, markup
	r.Method.Notes = []string{markup, tricks}
	for i := range r.Metrics {
		m := &r.Metrics[i]
		m.Label, m.Unit, m.Base, m.Note = markup, tricks, markup, tricks
		for a := range m.Arms {
			for s := range m.Arms[a].Shares {
				m.Arms[a].Shares[s].Name += markup + tricks
			}
		}
		for c := range m.Against {
			m.Against[c].Note = tricks
		}
	}
	r.Quality[0].NotRandomised = map[tandem.Reason]int64{markup: 3}
	return r
}

func TestNamesCannotBecomeMarkup(t *testing.T) {
	r := hostileNames()
	d := decisionOn(&r, "B")
	d.By, d.Note = markup, tricks+"\n"+markup
	doc := parsed(t, asHTML(t, r, d))
	each(doc, func(n *html.Node) {
		switch n.Data {
		case "script", "img", "b", "a":
			t.Errorf("a name became <%s>", n.Data)
		case "title":
			if n.Namespace == "" && textOf(n) != plain(markup)+", on "+plain(tricks) {
				t.Errorf("the title reads %q", textOf(n))
			}
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") {
				t.Errorf("a name became the attribute %s", a.Key)
			}
		}
	})
}

func TestNamesCannotBecomeMarkdown(t *testing.T) {
	r := hostileNames()
	d := decisionOn(&r, "B")
	d.By, d.Note = markup, tricks+"\n"+markup+"\n1. one\n---\n===\n    code\n> quote"
	md := asMarkdown(t, r, d)
	bare := strings.NewReplacer(`\\`, "", `\]`, "", `\~`, "").Replace(md)
	for _, s := range []string{"<script", "<img", "<b>", "](", "http://", " www.evil", "a@evil.example", "\x1b", "\x00", "\u202e", "\n# H", "\n- l", "\n> 1. ", "\n> ---", "\n> ===", "~~"} {
		if strings.Contains(bare, s) {
			t.Errorf("the report has %q", s)
		}
	}
	columns := 0
	for line := range strings.Lines(md) {
		if !strings.HasPrefix(line, "|") {
			columns = 0
			continue
		}
		n := strings.Count(strings.ReplaceAll(line, `\|`, ""), "|")
		if columns > 0 && n != columns {
			t.Errorf("a name broke a row of %d columns into %d: %s", columns-1, n-1, line)
		}
		columns = n
	}
}

func TestWhatStartsALineOfMarkdownIsEscapedOnlyThere(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"0.18", "0.18"},
		{"+7.4 points", "+7.4 points"},
		{"front-desk@4", "front-desk@4"},
		{"- item", `\- item`},
		{"+ item", `\+ item`},
		{"---", `\---`},
		{"1. one", `1\. one`},
		{"12) twelve", `12\) twelve`},
		{"# head", `\# head`},
		{"a|b", `a\|b`},
		{"x < y & z", "x &lt; y &amp; z"},
		{"two\nlines", "two lines"},
		{formula, formula},
		{"mail me@there.example", `mail me\@there.example`},
	} {
		if got := escape(c.in); got != c.want {
			t.Errorf("escape(%q) = %q; want %q", c.in, got, c.want)
		}
	}
}

// TestAnyNamesAreHarmless lets names be anything at all.
func TestAnyNamesAreHarmless(t *testing.T) {
	base := example(120, 0.7, 0.8)
	count := func(s string) map[string]int {
		out := map[string]int{}
		doc, err := html.Parse(strings.NewReader(s))
		if err != nil {
			t.Fatal(err)
		}
		each(doc, func(n *html.Node) { out[n.Data]++ })
		return out
	}
	want, plainRows := count(asHTML(t, base, nil)), strings.Count(asMarkdown(t, base, nil), "\n")
	rapid.Check(t, func(rt *rapid.T) {
		r := base
		r.Name = "n" + rapid.String().Draw(rt, "name")
		r.Arms = append([]results.ArmHeader(nil), base.Arms...)
		r.Arms[0].Version = "v" + rapid.StringMatching(`[<>"'&/a-z|*_\x60 ]{0,20}`).Draw(rt, "version")
		for name, n := range count(asHTML(t, r, nil)) {
			if want[name] != n {
				rt.Fatalf("names changed the number of <%s> from %d to %d", name, want[name], n)
			}
		}
		if rows := strings.Count(asMarkdown(t, r, nil), "\n"); rows != plainRows {
			rt.Fatalf("names changed the number of lines from %d to %d", plainRows, rows)
		}
	})
}

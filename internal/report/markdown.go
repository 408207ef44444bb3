package report

import (
	"fmt"
	"regexp"
	"strings"
)

// markdown renders a document. All of its words go through escape, so that a
// name cannot become a heading, a link or a cell of its own.
func markdown(doc document) string {
	var w lines
	w.add("# %s", escape(doc.Title))
	w.add("*%s. %s*", escape(doc.Kicker), escape(doc.Standing))
	w.add("## %s", escape(doc.Verdict.Title))
	w.add("**%s**", escape(doc.Verdict.Text))
	w.facts(doc.Verdict.Facts)
	w.decision(doc.Decision)
	w.cards(doc.Cards)
	w.add("### About the test")
	w.facts(doc.Facts)
	for _, s := range doc.Sections {
		w.section(s)
	}
	return strings.Join(w.blocks, "\n\n") + "\n"
}

// lines collects blocks of Markdown, which empty lines keep apart.
type lines struct{ blocks []string }

func (w *lines) add(format string, args ...any) {
	w.blocks = append(w.blocks, fmt.Sprintf(format, args...))
}

func (w *lines) facts(all []fact) {
	var items []string
	for _, f := range all {
		items = append(items, fmt.Sprintf("- **%s:** %s", escape(f.Name), escape(f.Text)))
	}
	w.list(items)
}

func (w *lines) list(items []string) {
	if len(items) > 0 {
		w.blocks = append(w.blocks, strings.Join(items, "\n"))
	}
}

func (w *lines) decision(d *decision) {
	if d == nil {
		return
	}
	w.add("## Decision: %s", escape(lowerFirst(d.Title)))
	w.add("%s", escape(d.Text))
	if len(d.Reason) > 0 {
		w.add("The reason given:")
		var quoted []string
		for _, line := range d.Reason {
			quoted = append(quoted, "> "+escape(line))
		}
		w.blocks = append(w.blocks, strings.Join(quoted, "\n>\n"))
	}
	if d.Beside != "" {
		w.add("%s", escape(d.Beside))
	}
}

func (w *lines) cards(all []card) {
	if len(all) == 0 {
		return
	}
	t := table{Columns: []column{{Head: "Arm"}, {Head: "Version"}, {Head: "What changed"}, {Head: "Split", Number: true}, {Head: all[0].Label, Number: true}, {Head: "Calls", Number: true}}}
	for _, c := range all {
		head := cell{Text: c.Arm}
		if c.Kept {
			head.Tag = "kept"
		}
		value := cell{Text: c.Value}
		if c.Detail != "" {
			value.Sub = []string{c.Detail}
		}
		t.Rows = append(t.Rows, row{Head: head, Cells: []cell{{Text: c.Version}, {Text: c.Note}, {Text: c.Weight}, value, {Text: c.Calls}}})
	}
	w.add("## Versions")
	w.table(t)
}

func (w *lines) section(s section) {
	w.add("## %s", escape(s.Title))
	for _, text := range s.Text {
		w.add("%s", escape(text))
	}
	for _, a := range s.Alerts {
		text := "> **" + escape(a.Text) + "**"
		for _, more := range a.More {
			text += " " + escape(more)
		}
		w.add("%s", text)
	}
	for _, t := range s.Tables {
		if t.Caption != "" {
			w.add("### %s", escape(t.Caption))
		}
		w.table(t)
	}
	for _, c := range s.Charts {
		if c.Bulky && c.Table == nil {
			continue
		}
		w.chart(c)
	}
	for _, note := range s.Notes {
		w.add("%s", escape(note))
	}
	var sources []string
	for _, source := range s.Sources {
		sources = append(sources, "- "+escape(source))
	}
	w.list(sources)
}

func (w *lines) chart(c chart) {
	if c.Bulky {
		w.add("**%s.** %s", escape(c.Title), escape(strings.TrimSpace(c.Desc)))
		return
	}
	w.add("### %s", escape(c.Title))
	w.add("%s", escape(strings.TrimSpace(c.Desc)))
	if c.Table != nil {
		w.table(*c.Table)
	}
}

func (w *lines) table(t table) {
	if len(t.Rows) == 0 {
		return
	}
	var b strings.Builder
	for _, c := range t.Columns {
		head := c.Head
		if c.Sub != "" {
			head += " (" + c.Sub + ")"
		}
		b.WriteString("| " + escape(head) + " ")
	}
	b.WriteString("|\n")
	for _, c := range t.Columns {
		if c.Number {
			b.WriteString("| ---: ")
		} else {
			b.WriteString("| --- ")
		}
	}
	b.WriteString("|")
	for _, r := range t.Rows {
		b.WriteString("\n| " + markdownCell(r.Head, true))
		for _, c := range r.Cells {
			b.WriteString(" | " + markdownCell(c, false))
		}
		b.WriteString(" |")
	}
	w.blocks = append(w.blocks, b.String())
}

func markdownCell(c cell, head bool) string {
	text := escape(c.Text)
	if head && text != "" {
		text = "**" + text + "**"
	}
	if c.Tag != "" {
		text += " *" + escape(c.Tag) + "*"
	}
	for _, s := range c.Sub {
		text += "<br>" + escape(s)
	}
	for _, m := range c.More {
		text += "<br>" + markdownCell(m, head)
	}
	return text
}

var (
	// special are the characters that mean something inside a line, in
	// CommonMark and in GitHub's tables and strike-through.
	special = strings.NewReplacer(
		`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "{", `\{`, "}", `\}`, "[", `\[`, "]", `\]`,
		"|", `\|`, "~", `\~`, "$", `\$`, "#", `\#`, "&", "&amp;", "<", "&lt;", ">", "&gt;",
		"://", `\://`, "www.", `www\.`,
	)
	// leading is what would make a line a list, a rule or a heading.
	leading = regexp.MustCompile(`^([-+=]|\d+[.)])([-+=\s]|$)`)
	// mail is what would make an address a link.
	mail = regexp.MustCompile(`@([\w-]+\.)`)
)

// escape makes plain text of any text.
func escape(s string) string {
	s = special.Replace(plain(s))
	s = mail.ReplaceAllString(s, `\@$1`)
	if m := leading.FindStringSubmatchIndex(s); m != nil {
		s = s[:m[3]-1] + `\` + s[m[3]-1:]
	}
	return s
}

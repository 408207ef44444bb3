package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"charm.land/lipgloss/v2"
	"charm.land/lipgloss/v2/table"
)

// printf writes to the output. A reader that has gone away is no failure of
// the command.
func (s *session) printf(format string, args ...any) { fmt.Fprintf(s.Stdout, format, args...) }

// json writes v; raw, if there is any, in its place.
func (s *session) writeJSON(v any, raw []byte) error {
	if raw == nil {
		var err error
		if raw, err = json.Marshal(v); err != nil {
			return fmt.Errorf("write JSON: %w", err)
		}
	}
	return indent(s.Stdout, raw)
}

func indent(w io.Writer, raw []byte) error {
	var v json.RawMessage = raw
	out, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	_, err = w.Write(append(out, '\n'))
	return err
}

// show writes v as JSON when that was asked for, else calls human.
func (s *session) show(v any, human func()) error {
	if s.cmd.JSON {
		return s.writeJSON(v, nil)
	}
	human()
	return nil
}

// grid is a plain table: a header and rows, columns as wide as they need and
// no wider than the terminal.
type grid struct {
	env     *Env
	headers []string
	rows    [][]string
	// right aligns these columns to the right.
	right map[int]bool
	// bold rows stand out.
	bold map[int]bool
	// spare names the columns that can be done without, the first to go first;
	// some go only together.
	spare [][]string
}

func (e *Env) grid(headers ...string) *grid {
	return &grid{env: e, headers: headers, right: map[int]bool{}, bold: map[int]bool{}}
}

func (g *grid) row(cells ...string) { g.rows = append(g.rows, cells) }

func (g *grid) String() string {
	width, _, _ := g.env.Terminal()
	colour := g.env.colour()
	t := table.New().Headers(g.headers...).Rows(g.rows...).
		Border(lipgloss.NormalBorder()).BorderTop(false).BorderBottom(false).BorderLeft(false).BorderRight(false).
		BorderColumn(false).BorderRow(false).BorderHeader(true).
		StyleFunc(func(row, col int) lipgloss.Style {
			style := lipgloss.NewStyle().PaddingRight(2)
			if g.right[col] {
				style = style.Align(lipgloss.Right)
			}
			if colour {
				style = style.Bold(row == table.HeaderRow || g.bold[row])
			}
			return style
		})
	if g.natural() > width {
		t = t.Width(width)
	}
	return trimLines(t.Render())
}

// fit leaves columns out until the table fits the terminal, and names them. A
// table that lacks a column reads better than one whose words are broken.
func (g *grid) fit() (dropped []string) {
	width, _, _ := g.env.Terminal()
	for _, names := range g.spare {
		if g.natural() <= width {
			break
		}
		for _, name := range names {
			g.drop(slices.Index(g.headers, name))
		}
		dropped = append(dropped, names...)
	}
	return dropped
}

// drop takes a column out.
func (g *grid) drop(col int) {
	g.headers = slices.Delete(slices.Clone(g.headers), col, col+1)
	for i, r := range g.rows {
		if col < len(r) {
			g.rows[i] = slices.Delete(slices.Clone(r), col, col+1)
		}
	}
	right := map[int]bool{}
	for c := range g.right {
		switch {
		case c < col:
			right[c] = true
		case c > col:
			right[c-1] = true
		}
	}
	g.right = right
}

// natural is the width the table takes when nothing is wrapped.
func (g *grid) natural() int {
	total := 0
	for col, h := range g.headers {
		w := lipgloss.Width(h)
		for _, r := range g.rows {
			if col < len(r) {
				w = max(w, lipgloss.Width(r[col]))
			}
		}
		total += w + 2
	}
	return total
}

// trimLines takes the blanks off the ends of lines.
func trimLines(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(lines, "\n")
}

// print writes the table, or none in place of an empty one.
func (g *grid) print(none string) {
	if len(g.rows) == 0 {
		fmt.Fprintln(g.env.Stdout, none)
		return
	}
	fmt.Fprintln(g.env.Stdout, g)
}

// more says that a list goes on.
func (s *session) more(next string) {
	if next != "" && !s.cmd.JSON {
		s.printf("There are more: --cursor %s\n", next)
	}
}

// dim makes text recede where there is colour.
func (e *Env) dim(text string) string {
	if !e.colour() {
		return text
	}
	return lipgloss.NewStyle().Faint(true).Render(text)
}

func (e *Env) strong(text string) string {
	if !e.colour() {
		return text
	}
	return lipgloss.NewStyle().Bold(true).Render(text)
}

// moment writes a time for people, in local time to the second.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Local().Format("2006-01-02 15:04:05")
}

package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// screen shows a text that changes: redrawn in place on a terminal, written
// again elsewhere.
type screen struct {
	env   *Env
	drawn int // lines of the text on the terminal
	last  string
}

func newScreen(env *Env) *screen { return &screen{env: env} }

// draw replaces the text that is shown. Elsewhere than on a terminal a text
// that has not changed is not written again.
func (s *screen) draw(text string) {
	width, height, tty := s.env.Terminal()
	if !tty || s.env.Getenv("TERM") == "dumb" {
		if text != s.last {
			fmt.Fprintf(s.env.Stdout, "%s\n\n", text)
		}
		s.last = text
		return
	}
	s.last = text
	rows := strings.Split(text, "\n")
	if height > 1 && len(rows) > height-1 {
		rows = rows[:height-1] // what has scrolled away cannot be redrawn
	}
	var out strings.Builder
	if s.drawn > 0 {
		fmt.Fprintf(&out, "\x1b[%dA", s.drawn) // cursor up
	}
	out.WriteString("\r\x1b[J") // clear from here down
	for _, r := range rows {
		out.WriteString(ansi.Truncate(r, width, ""))
		out.WriteByte('\n')
	}
	_, _ = io.WriteString(s.env.Stdout, out.String())
	s.drawn = len(rows)
}

// fits says whether the text can be drawn whole.
func (s *screen) fits(text string) bool {
	_, height, tty := s.env.Terminal()
	return !tty || height <= 1 || strings.Count(text, "\n")+1 < height
}

// note adds a line to what is shown, until the next draw.
func (s *screen) note(text string) {
	shown := s.last
	s.draw(strings.TrimLeft(shown+"\n"+text, "\n"))
	s.last = shown
}

package cli

import (
	"fmt"
	"time"

	"github.com/charmbracelet/x/ansi"
)

// progress shows how far something has come, on one line of the error output,
// so that the output itself stays clean. Elsewhere than on a terminal it shows
// nothing.
type progress struct {
	env  *Env
	tty  bool
	last time.Time
}

// progressEvery keeps a fast loop from spending its time on the terminal.
const progressEvery = 100 * time.Millisecond

func newProgress(env *Env) *progress {
	_, _, tty := env.Terminal()
	return &progress{env: env, tty: tty}
}

func (p *progress) show(text string) {
	if now := time.Now(); p.tty && now.Sub(p.last) >= progressEvery {
		p.last = now
		width, _, _ := p.env.Terminal()
		fmt.Fprintf(p.env.Stderr, "\r\x1b[K%s", ansi.Truncate(text, width-1, ""))
	}
}

// done takes the line away.
func (p *progress) done() {
	if p.tty && !p.last.IsZero() {
		fmt.Fprint(p.env.Stderr, "\r\x1b[K")
	}
}

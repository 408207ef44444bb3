package cli

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"strconv"
	"strings"

	"charm.land/lipgloss/v2"

	"tandem"
	"tandem/internal/cli/client"
)

type sampleCommand struct {
	Test   string `arg:"" help:"Number, name or id of a route, for its running or else latest test; or id of a test."`
	Seed   uint64 `help:"Draw the sample of this seed again; default: another one each time." placeholder:"N"`
	PerArm int    `name:"per-arm" help:"Transcripts of each arm (default 3)." default:"3" placeholder:"N"`
	AsOf   string `name:"as-of" help:"Draw from the first calls only, as the sample before said: A:120,B:118." placeholder:"ARM:N,..."`
	narrowing
}

func (*sampleCommand) Help() string {
	return `For example:

  tandem sample +14155550100
  tandem sample +14155550100 --per-arm 5 --goal not_met --seed 7`
}

func (c *sampleCommand) Run(s *session) error {
	if c.Seed == 0 {
		c.Seed = 1 + rand.Uint64N(maxSeed)
	}
	q := url.Values{"per_arm": {strconv.Itoa(c.PerArm)}, "seed": {strconv.FormatUint(c.Seed, 10)}}
	if c.AsOf != "" {
		q.Set("as_of", c.AsOf)
	}
	if err := c.into(q, s.Now()); err != nil {
		return err
	}
	t, err := s.latestTest(c.Test)
	if err != nil {
		return err
	}
	api, err := s.client()
	if err != nil {
		return err
	}
	sample, err := api.Sample(s.ctx, t.ID, q)
	if err != nil {
		return err
	}
	if s.cmd.JSON {
		return s.writeJSON(nil, sample.Raw)
	}
	s.printf("%s\n", s.sampleText(sample))
	return nil
}

// maxSeed keeps the seeds that are made up short enough to type again.
const maxSeed = 1_000_000

// gutter is between two transcripts.
const gutter = "  |  "

// narrow is the least width at which transcripts stand side by side.
const narrow = 60

// sampleText lays transcripts out side by side, or below one another where
// there is no room.
func (s *session) sampleText(sample client.Sample) string {
	width, _, _ := s.Terminal()
	var out lines
	columns := len(sample.Arms)
	each := width
	if columns > 1 {
		each = (width - len(gutter)*(columns-1)) / columns
	}
	beside := columns > 1 && width >= narrow && each >= narrow/3
	most := 0
	for _, a := range sample.Arms {
		most = max(most, len(a.Calls))
	}
	for i := range most {
		var blocks [][]string
		for _, a := range sample.Arms {
			w := width
			if beside {
				w = each
			}
			if i < len(a.Calls) {
				blocks = append(blocks, s.sampled(a.Arm, a.Calls[i], w))
			} else {
				blocks = append(blocks, []string{s.strong(a.Arm + ": no more such calls")})
			}
		}
		if beside {
			out.add("%s", sideBySide(blocks, each))
		} else {
			for _, b := range blocks {
				out.add("%s\n", strings.Join(b, "\n"))
			}
		}
		out.add("%s", s.dim(strings.Repeat("-", width)))
	}
	if most == 0 {
		out.add("No call matches.")
	}
	asOf := make([]string, 0, columns)
	for _, a := range sample.Arms {
		asOf = append(asOf, fmt.Sprintf("%s:%d", a.Arm, sample.AsOf[a.Arm]))
	}
	out.add("%s", s.dim(fmt.Sprintf("The same again: --seed %d --as-of %s", sample.Seed, strings.Join(asOf, ","))))
	return out.String()
}

// sampled gives the lines of one call.
func (s *session) sampled(arm string, c client.SampledCall, width int) []string {
	head := []string{arm}
	if d, ok := c.Call.Duration(); ok {
		head = append(head, strconv.FormatFloat(d.Seconds(), 'f', 0, 64)+" s")
	}
	if c.Call.Ended != nil {
		head = append(head, "ended by "+string(c.Call.Ended.Value.By))
	}
	if c.Call.Transferred() {
		head = append(head, "transferred")
	}
	if g := goalWord(c.Call.Goal); g != "" {
		head = append(head, "goal "+g)
	}
	out := []string{s.strong(strings.Join(head, ", ")), s.dim(string(c.Call.ID))}
	return append(out, speech(c.Turns, width)...)
}

// speech writes turns, wrapped to width.
func speech(turns []tandem.Turn, width int) []string {
	var out []string
	for _, t := range turns {
		at := ""
		if t.StartMS != nil {
			at = fmt.Sprintf("%5.1f ", float64(*t.StartMS)/1000)
		}
		text := fmt.Sprintf("%s%s: %s", at, t.Role, t.Text)
		if t.Interrupted {
			text += " [cut short]"
		}
		out = append(out, strings.Split(lipgloss.Wrap(text, max(width, 20), " "), "\n")...)
	}
	return out
}

// sideBySide puts blocks of lines next to each other, each width wide.
func sideBySide(blocks [][]string, width int) string {
	tallest := 0
	for _, b := range blocks {
		tallest = max(tallest, len(b))
	}
	rows := make([]string, tallest)
	for i := range rows {
		cells := make([]string, len(blocks))
		for j, b := range blocks {
			if i < len(b) {
				cells[j] = b[i]
			}
			if pad := width - lipgloss.Width(cells[j]); pad > 0 && j < len(blocks)-1 {
				cells[j] += strings.Repeat(" ", pad)
			}
		}
		rows[i] = strings.TrimRight(strings.Join(cells, gutter), " ")
	}
	return strings.Join(rows, "\n")
}

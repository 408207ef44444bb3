package cli

import (
	"bufio"
	"math/rand/v2"
	"net/url"
	"strconv"
	"strings"

	"tandem"
	"tandem/internal/cli/client"
)

type rateCommand struct {
	Test   string `arg:"" help:"Number, name or id of a route, for its running or else latest test; or id of a test."`
	Pairs  int    `help:"Pairs to rate (default 10)." default:"10" placeholder:"N"`
	Arm    string `help:"Arm that is set against A; default: the second." placeholder:"ARM"`
	Judged bool   `help:"Pairs that the judge has judged, to compare it with people."`
	Seed   uint64 `help:"Draw the pairs of this seed; default: others each time." placeholder:"N"`
}

func (*rateCommand) Help() string {
	return `Shows two transcripts at a time and not which version is which, and asks which agent did better:
l (left), r (right), t (tie), s (skip) or q (quit), then Enter. A note may follow: "l asks less".
What you said is stored in the name of your key, and then the arms are told.

  tandem rate +14155550100
  tandem rate +14155550100 --judged --pairs 25`
}

func (c *rateCommand) Run(s *session) error {
	if c.Seed == 0 {
		c.Seed = 1 + rand.Uint64N(maxSeed)
	}
	q := url.Values{"blind": {"true"}, "per_arm": {strconv.Itoa(c.Pairs)}, "seed": {strconv.FormatUint(c.Seed, 10)}}
	if c.Arm != "" {
		q.Set("arm", c.Arm)
	}
	if c.Judged {
		q.Set("judged", "true")
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
	rated, err := s.ratePairs(api, t.ID, sample.Pairs)
	if err != nil {
		return err
	}
	return s.show(map[string]any{"items": rated}, func() {
		switch {
		case len(sample.Pairs) == 0 && c.Judged:
			s.printf("There is no judged pair that you have not rated. Have some judged: tandem judge %s\n", c.Test)
		case len(sample.Pairs) == 0:
			s.printf("There are no calls with transcripts in both arms.\n")
		default:
			s.printf("%d of %d rated. What all of it comes to: tandem ratings %s\n", len(rated), len(sample.Pairs), c.Test)
		}
	})
}

// ratePairs asks about one pair after the other until all are rated, somebody quits
// or the input ends. What is shown goes to the terminal's other channel where JSON
// is asked for.
func (s *session) ratePairs(api *client.Client, testID tandem.ID, pairs []client.BlindPair) ([]client.RevealedPair, error) {
	rated := []client.RevealedPair{}
	if s.cmd.JSON {
		before := s.Stdout
		s.Stdout = s.Stderr
		defer func() { s.Stdout = before }()
	}
	answers := bufio.NewScanner(s.Stdin)
	for i, p := range pairs {
		s.printf("%s\n", s.pairText(p))
		winner, note, ok := s.askWinner(answers, i+1, len(pairs))
		if !ok {
			break
		}
		if winner == "" {
			continue
		}
		r, err := api.RatePair(s.ctx, testID, p.Token, winner, note)
		if err != nil {
			return rated, err
		}
		rated = append(rated, r)
		said := "You prefer " + r.Winner + "."
		if r.Winner == tandem.Tie {
			said = "You prefer neither."
		}
		s.printf("%s\n\n", s.strong("Left was "+r.Left+", right was "+r.Right+". "+said))
	}
	return rated, answers.Err()
}

// askWinner asks until it gets an answer that it knows; winner is empty for skip,
// ok false at the end.
func (s *session) askWinner(answers *bufio.Scanner, n, of int) (winner, note string, ok bool) {
	for {
		s.printf("%d of %d. Which agent did better? l left, r right, t tie, s skip, q quit: ", n, of)
		if !answers.Scan() {
			s.printf("\n")
			return "", "", false
		}
		word, rest, _ := strings.Cut(strings.TrimSpace(answers.Text()), " ")
		switch strings.ToLower(word) {
		case "l", "left":
			return "left", strings.TrimSpace(rest), true
		case "r", "right":
			return "right", strings.TrimSpace(rest), true
		case "t", "tie":
			return tandem.Tie, strings.TrimSpace(rest), true
		case "s", "skip":
			return "", "", true
		case "q", "quit":
			return "", "", false
		}
	}
}

// pairText lays two transcripts out side by side, or below one another.
func (s *session) pairText(p client.BlindPair) string {
	width, _, _ := s.Terminal()
	each := (width - len(gutter)) / 2
	var out lines
	if width >= narrow {
		blocks := [][]string{
			append([]string{s.strong("LEFT")}, speech(p.Left.Turns, each)...),
			append([]string{s.strong("RIGHT")}, speech(p.Right.Turns, each)...),
		}
		out.add("%s", sideBySide(blocks, each))
	} else {
		out.add("%s\n%s\n", s.strong("LEFT"), strings.Join(speech(p.Left.Turns, width), "\n"))
		out.add("%s\n%s", s.strong("RIGHT"), strings.Join(speech(p.Right.Turns, width), "\n"))
	}
	out.add("%s", s.dim(strings.Repeat("-", width)))
	return out.String()
}

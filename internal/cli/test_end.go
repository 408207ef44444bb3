package cli

import (
	"strings"

	"tandem"
	"tandem/internal/cli/client"
)

type testEnd struct {
	Test   string `arg:"" help:"Id of the test; or number, name or id of its route."`
	Winner string `help:"Arm whose version takes all calls from now on; default: A." placeholder:"ARM"`
	Note   string `help:"Why." short:"m" placeholder:"TEXT"`
}

func (*testEnd) Help() string {
	return `All calls go to the winner from the next call on. The other versions stay published.

  tandem test end +14155550100 --winner B -m "books more, and faster"`
}

func (c *testEnd) Run(s *session) error {
	t, err := s.runningTest(c.Test)
	if err != nil {
		return err
	}
	api, err := s.client()
	if err != nil {
		return err
	}
	if t, err = api.EndTest(s.ctx, t.ID, t.Revision, c.Winner, c.Note); err != nil {
		return err
	}
	refs := refs{s: s}
	return s.show(t, func() {
		kept := t.Winner
		if i := t.Arm(t.Winner); i >= 0 {
			kept += ", " + refs.of(t.Arms[i].VersionID)
		}
		s.printf("Ended. All calls go to %s.\n", kept)
		s.tellDecision(api, t.ID)
	})
}

// tellDecision tells what was known when a test was ended. It has ended all the
// same when that cannot be read now.
func (s *session) tellDecision(api *client.Client, id tandem.ID) {
	d, err := api.Decision(s.ctx, id)
	if err != nil {
		s.printf("What was known cannot be read now: %v\n", err)
		return
	}
	var out lines
	s.addVerdict(&out, d.Results, false)
	s.printf("What was known:\n%sAll of it: tandem report %s\n", strings.TrimLeft(out.String()+"\n", "\n"), id)
}

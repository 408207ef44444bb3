package cli

import "tandem"

type testAcknowledge struct {
	Test  string `arg:"" help:"Id of the test; or number, name or id of its route."`
	Check string `arg:"" help:"The check: sample_ratio, coverage, not_randomised or metric_health." enum:"sample_ratio,coverage,not_randomised,metric_health"`
	Note  string `help:"What was found." short:"m" placeholder:"TEXT"`
}

func (*testAcknowledge) Help() string {
	return `An alarm suspends the verdict until somebody has looked into it and stands by the test.
That covers what the alarm is about now. A fault in another arm, another kind of gap,
or one that grows to twice its strength opens the alarm anew.

  tandem test acknowledge +14155550100 coverage -m "a trunk was down for both versions"`
}

func (c *testAcknowledge) Run(s *session) error {
	t, err := s.latestTest(c.Test)
	if err != nil {
		return err
	}
	api, err := s.client()
	if err != nil {
		return err
	}
	if t, err = api.Acknowledge(s.ctx, t.ID, t.Revision, tandem.Check(c.Check), c.Note); err != nil {
		return err
	}
	return s.show(t, func() {
		s.printf("Acknowledged. What the %s alarm is about now no longer suspends the verdict.\n", c.Check)
	})
}

package cli

import (
	"fmt"
	"strconv"
	"strings"

	"tandem"
)

type agentCall struct {
	Agent  string `arg:"" help:"Name or id of the agent for its draft, or a version such as front-desk@3."`
	Number string `help:"The number that the call is for; only for a target without a user part." placeholder:"NUMBER"`
}

func (*agentCall) Help() string {
	return `Calls the SIP target once from the server, holds an answered call for three seconds, hangs up, and tells what
happened. The call belongs to no route and is counted nowhere.

  tandem agent call front-desk
  tandem agent call front-desk@3 --number +14155550100`
}

func (c *agentCall) Run(s *session) error {
	agent, number, isVersion := strings.Cut(c.Agent, "@")
	version := 0
	if isVersion {
		var err error
		if version, err = strconv.Atoi(number); err != nil || version < 1 {
			return tandem.Errorf(tandem.Invalid, "agent", "is %q; expected a name, or a version such as front-desk@3", c.Agent)
		}
	}
	api, err := s.client()
	if err != nil {
		return err
	}
	call, err := api.PlaceTestCall(s.ctx, agent, version, c.Number)
	if err != nil {
		return err
	}
	err = s.show(call, func() {
		s.printf("%s\n", s.strong(call.URI))
		for _, step := range call.Steps {
			s.printf("%8.3f s  %s\n", step.Seconds, step.Text)
		}
		s.printf("\n%s\n", call.Text)
	})
	if err == nil && call.Outcome != tandem.TestAnswered {
		err = tandem.Errorf(tandem.Unavailable, "", "the test call to %s was not answered: %s", call.URI, outcomeWords(call))
	}
	return err
}

func outcomeWords(c tandem.TestCall) string {
	if c.Status >= 300 {
		return fmt.Sprintf("%d %s", c.Status, c.Reason)
	}
	return strings.ReplaceAll(string(c.Outcome), "_", " ")
}

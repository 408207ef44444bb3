package cli

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"tandem"
	"tandem/internal/cli/client"
)

type callsCommand struct {
	List       callsList  `cmd:"" default:"withargs" help:"List calls, newest first."`
	Show       callShow   `cmd:"" help:"Show the record of a call."`
	Transcript callSpeech `cmd:"" help:"Show what was said in a call."`
}

// narrowing are the filters that lists and samples of calls share.
type narrowing struct {
	Goal        string `help:"met, not_met or unknown." enum:"met,not_met,unknown," default:"" placeholder:"GOAL"`
	EndedBy     string `name:"ended-by" help:"caller, agent, system or unknown." enum:"caller,agent,system,unknown," default:"" placeholder:"WHO"`
	Transferred string `help:"true or false." enum:"true,false," default:"" placeholder:"BOOL"`
	Field       string `help:"Only calls whose analysis field is so, such as reason=book." placeholder:"NAME=VALUE"`
	Group       string `help:"Only calls of this group, as topics lists them: intent.2, situation.dead_end." placeholder:"KEY"`

	AtLeast time.Duration `name:"at-least" help:"Only calls that lasted so long or longer: 90s, 2m." placeholder:"TIME"`
	AtMost  time.Duration `name:"at-most" help:"Only calls that lasted so long or shorter." placeholder:"TIME"`
	Since   string        `help:"From this time, or so long ago: 2026-01-02T15:04:05Z, 2026-01-02, 24h." placeholder:"TIME"`
	Before  string        `help:"Up to this time." placeholder:"TIME"`
}

func (n narrowing) into(q url.Values, now time.Time) error {
	put := func(name, v string) {
		if v != "" {
			q.Set(name, v)
		}
	}
	put("goal", n.Goal)
	put("ended_by", n.EndedBy)
	put("transferred", n.Transferred)
	put("group", n.Group)
	for name, d := range map[string]time.Duration{"min_seconds": n.AtLeast, "max_seconds": n.AtMost} {
		if d != 0 {
			put(name, strconv.FormatFloat(d.Seconds(), 'f', -1, 64))
		}
	}
	for name, v := range map[string]string{"since": n.Since, "before": n.Before} {
		if v == "" {
			continue
		}
		t, err := parseMoment(v, now)
		if err != nil {
			return tandem.Errorf(tandem.Invalid, "--"+name, "is %q; expected a time such as 2026-01-02T15:04:05Z, a day, or 24h", v)
		}
		put(name, t.UTC().Format(time.RFC3339Nano))
	}
	if n.Field != "" {
		name, v, ok := cutField(n.Field)
		if !ok {
			return tandem.Errorf(tandem.Invalid, "--field", "is %q; expected a field and its value, such as reason=book", n.Field)
		}
		put("field", name)
		put("value", v)
	}
	return nil
}

func cutField(text string) (name, value string, ok bool) {
	for i := range len(text) {
		if text[i] == '=' {
			return text[:i], text[i+1:], i > 0
		}
	}
	return "", "", false
}

type callsList struct {
	Route   string `help:"Number, name or id of the route." placeholder:"ROUTE"`
	Test    string `help:"Id of the test." placeholder:"ID"`
	Arm     string `help:"Arm of the test." placeholder:"ARM"`
	Version string `help:"Version that took the call, such as front-desk@2." placeholder:"VERSION"`
	Stage   string `help:"assigned, ended, analyzed or lost." enum:"assigned,ended,analyzed,lost," default:"" placeholder:"STAGE"`
	narrowing
	paging
}

func (*callsList) Help() string {
	return `For example:

  tandem calls --route +14155550100 --since 24h --ended-by caller
  tandem calls --test ID --arm B --field reason=book --goal not_met`
}

func (c *callsList) Run(s *session) error {
	q, err := c.query(s.Now())
	if err != nil {
		return err
	}
	api, err := s.client()
	if err != nil {
		return err
	}
	calls, err := c.read(s.ctx, api, q)
	if err != nil {
		return err
	}
	defer s.more(calls.Next)
	refs := refs{s: s}
	return s.show(calls, func() {
		g := s.grid("ASSIGNED", "ARM", "VERSION", "STAGE", "LASTED", "ENDED BY", "GOAL", "ID")
		g.right[4] = true
		for _, call := range calls.Items {
			g.row(callRow(call, &refs)...)
		}
		g.print("No calls.")
	})
}

// read reads on until the page is full: the server looks at so many calls at a time,
// whether or not they pass.
func (c *callsList) read(ctx context.Context, api *client.Client, q url.Values) (client.List[tandem.Call], error) {
	out := client.List[tandem.Call]{Items: []tandem.Call{}}
	p := c.page()
	for {
		calls, err := api.Calls(ctx, q, p)
		if err != nil {
			return out, err
		}
		out.Items, out.Next = append(out.Items, calls.Items...), calls.Next
		if p.Cursor, p.Limit = calls.Next, c.Limit-len(out.Items); p.Cursor == "" || p.Limit <= 0 {
			return out, nil
		}
	}
}

func (c *callsList) query(now time.Time) (url.Values, error) {
	q := url.Values{}
	for name, v := range map[string]string{"route": c.Route, "test": c.Test, "arm": c.Arm, "version": c.Version, "stage": c.Stage} {
		if v != "" {
			q.Set(name, v)
		}
	}
	return q, c.into(q, now)
}

// parseMoment reads a time, a day (local), or how long ago.
func parseMoment(text string, now time.Time) (time.Time, error) {
	if d, err := time.ParseDuration(text); err == nil {
		return now.Add(-d), nil
	}
	if t, err := time.ParseInLocation(time.DateOnly, text, time.Local); err == nil {
		return t, nil
	}
	return time.Parse(time.RFC3339Nano, text)
}

func callRow(c tandem.Call, refs *refs) []string {
	assigned, arm, version := "", "", ""
	if a := c.Assigned; a != nil {
		assigned, arm, version = moment(a.At), a.Value.Arm, refs.of(a.Value.VersionID)
	}
	if why := c.NotRandomised(); why != "" {
		arm += " (" + string(why) + ")"
	}
	lasted, by := "", ""
	if d, ok := c.Duration(); ok {
		lasted = strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + " s"
	}
	if c.Ended != nil {
		by = string(c.Ended.Value.By)
	}
	return []string{assigned, arm, version, string(c.Stage()), lasted, by, goalWord(c.Goal), string(c.ID)}
}

func goalWord(goal *bool) string {
	switch {
	case goal == nil:
		return ""
	case *goal:
		return "met"
	}
	return "not met"
}

type callShow struct {
	Call tandem.ID `arg:"" help:"Id of the call."`
}

func (c *callShow) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	call, err := api.Call(s.ctx, c.Call)
	if err != nil {
		return err
	}
	return s.writeJSON(call, nil)
}

type callSpeech struct {
	Call tandem.ID `arg:"" help:"Id of the call."`
}

func (c *callSpeech) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	t, err := api.Transcript(s.ctx, c.Call)
	if err != nil {
		return err
	}
	return s.show(t, func() {
		width, _, _ := s.Terminal()
		for _, line := range speech(t.Turns, width) {
			s.printf("%s\n", line)
		}
	})
}

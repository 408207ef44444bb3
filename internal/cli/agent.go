package cli

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"tandem"
	"tandem/internal/cli/client"
)

type agentCommand struct {
	List     agentList     `cmd:"" help:"List agents."`
	Create   agentCreate   `cmd:"" help:"Create an agent."`
	Show     agentShow     `cmd:"" help:"Show an agent and its draft, or a version."`
	Draft    draftCommand  `cmd:"" help:"Show, replace or edit the draft."`
	Publish  agentPublish  `cmd:"" help:"Publish the draft as the next version."`
	Versions agentVersions `cmd:"" help:"List the published versions."`
	Diff     agentDiff     `cmd:"" help:"Compare two versions, or a version and the draft."`
	Call     agentCall     `cmd:"" help:"Place a test call to the target of the draft or a version."`
}

// paging are the flags of every list.
type paging struct {
	Limit  int    `help:"Entries at once, at most 500 (default 50)." default:"50"`
	Cursor string `help:"Where the list before ended." placeholder:"CURSOR"`
}

func (p paging) page() client.Page { return client.Page{Cursor: p.Cursor, Limit: p.Limit} }

type agentList struct{ paging }

func (c *agentList) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	agents, err := api.Agents(s.ctx, c.page())
	if err != nil {
		return err
	}
	defer s.more(agents.Next)
	return s.show(agents, func() {
		g := s.grid("NAME", "LATEST VERSION", "CHANGED", "ID")
		for _, a := range agents.Items {
			latest := "none"
			if a.LatestVersion > 0 {
				latest = a.Name + "@" + strconv.Itoa(a.LatestVersion)
			}
			g.row(a.Name, latest, moment(a.UpdatedAt), string(a.ID))
		}
		g.print("There are no agents. Create one: tandem agent create NAME --draft FILE")
	})
}

type agentCreate struct {
	Name  string `arg:"" help:"Name, unique among agents."`
	Draft string `help:"JSON file with the draft; - is standard input." placeholder:"FILE"`
}

func (*agentCreate) Help() string {
	return `The draft may be incomplete; publishing tells what is missing. A draft that can be published:

  {"prompt": "You are the front desk of ...",
   "fields": [{"name": "appointment_booked", "type": "boolean"}],
   "target": {"kind": "sip", "sip": {"uri": "sip:agent@agent.example.com"}}}

  tandem agent create front-desk --draft draft.json`
}

func (c *agentCreate) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	var draft tandem.Content
	if c.Draft != "" {
		raw, err := s.readFile(c.Draft)
		if err != nil {
			return err
		}
		if err := decodeStrictly(raw, &draft); err != nil {
			return err
		}
	}
	a, err := api.CreateAgent(s.ctx, c.Name, draft)
	if err != nil {
		return err
	}
	return s.show(a, func() {
		s.printf("Created %s. Edit its draft with `tandem agent draft edit %s`, then `tandem agent publish %s`.\n", a.Name, a.Name, a.Name)
	})
}

type agentShow struct {
	Agent string `arg:"" help:"Name or id of the agent, or a version such as front-desk@3."`
}

func (c *agentShow) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	if strings.Contains(c.Agent, "@") {
		v, err := api.Version(s.ctx, c.Agent)
		if err != nil {
			return err
		}
		return s.writeJSON(v, nil)
	}
	a, err := api.Agent(s.ctx, c.Agent)
	if err != nil {
		return err
	}
	return s.writeJSON(a, nil)
}

type agentPublish struct {
	Agent string `arg:"" help:"Name or id of the agent."`
	Note  string `help:"What changed, in your words." short:"m" placeholder:"TEXT"`
}

func (*agentPublish) Help() string {
	return `A published version never changes. Routes and tests use versions, not drafts.

  tandem agent publish front-desk -m "shorter greeting"`
}

func (c *agentPublish) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	v, err := api.Publish(s.ctx, c.Agent, 0, c.Note)
	if err != nil {
		return err
	}
	return s.show(v, func() { s.printf("Published %s.\n", v.Ref()) })
}

type agentVersions struct {
	Agent string `arg:"" help:"Name or id of the agent."`
	paging
}

func (c *agentVersions) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	versions, err := api.Versions(s.ctx, c.Agent, c.page())
	if err != nil {
		return err
	}
	defer s.more(versions.Next)
	return s.show(versions, func() {
		g := s.grid("VERSION", "NOTE", "PUBLISHED", "BY", "ID")
		for _, v := range versions.Items {
			g.row(v.Ref(), v.Note, moment(v.PublishedAt), v.PublishedBy, string(v.ID))
		}
		g.print("Nothing is published. Publish the draft: tandem agent publish " + c.Agent)
	})
}

type agentDiff struct {
	Agent string `arg:"" help:"Name or id of the agent."`
	From  string `arg:"" help:"Number of a version, or draft."`
	To    string `arg:"" help:"Number of a version, or draft." default:"draft"`
}

func (*agentDiff) Help() string {
	return `For example:

  tandem agent diff front-desk 1 2
  tandem agent diff front-desk 2 draft`
}

func (c *agentDiff) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	d, err := api.Diff(s.ctx, c.Agent, c.From, c.To)
	if err != nil {
		return err
	}
	return s.show(d, func() {
		if len(d.Differences) == 0 {
			s.printf("%s and %s are the same.\n", d.From, d.To)
			return
		}
		s.printf("--- %s\n+++ %s\n", d.From, d.To)
		for _, x := range d.Differences {
			s.printf("%s\n", s.strong(x.Path))
			s.printSide("-", x.Before)
			s.printSide("+", x.After)
		}
	})
}

// printSide writes one side of a difference; text with line breaks over
// several lines.
func (s *session) printSide(sign string, raw json.RawMessage) {
	if len(raw) == 0 || string(raw) == "null" {
		return
	}
	text := string(raw)
	if json.Unmarshal(raw, &text) != nil {
		var pretty bytes.Buffer
		if json.Indent(&pretty, raw, "", "  ") == nil {
			text = pretty.String()
		}
	}
	for line := range strings.Lines(text) {
		s.printf("  %s %s\n", sign, strings.TrimRight(line, "\n"))
	}
}

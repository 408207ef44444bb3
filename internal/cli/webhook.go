package cli

import (
	"strings"

	"tandem"
)

type webhookCommand struct {
	List       webhookList       `cmd:"" help:"List webhooks."`
	Create     webhookCreate     `cmd:"" help:"Have notices posted to an address."`
	Delete     webhookDelete     `cmd:"" help:"Delete a webhook."`
	Ping       webhookPing       `cmd:"" help:"Send a webhook a notice to try it."`
	Deliveries webhookDeliveries `cmd:"" help:"List what a webhook was sent."`
}

type webhookList struct{}

func (*webhookList) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	hooks, err := api.Webhooks(s.ctx)
	if err != nil {
		return err
	}
	return s.show(hooks, func() {
		g := s.grid("URL", "HEARS", "CREATED", "ID")
		for _, w := range hooks.Items {
			g.row(w.URL, kindsInWords(w.Kinds), moment(w.CreatedAt), string(w.ID))
		}
		g.print("There are no webhooks. Make one: tandem webhook create https://example.com/tandem")
	})
}

func kindsInWords(kinds []tandem.NoticeKind) string {
	if len(kinds) == 0 {
		return "everything"
	}
	parts := make([]string, len(kinds))
	for i, k := range kinds {
		parts[i] = string(k)
	}
	return strings.Join(parts, ", ")
}

type webhookCreate struct {
	URL  string   `arg:"" name:"url" help:"Address that notices are posted to."`
	Kind []string `help:"What it hears: verdict, guardrail.breached, split.broken, outcomes.missing, alarm, ramp.advanced; default: everything." placeholder:"KIND"`
}

func (*webhookCreate) Help() string {
	return `Notices are signed as Standard Webhooks describe (standardwebhooks.com) with the secret that is
printed once.

  tandem webhook create https://example.com/tandem --kind verdict --kind guardrail.breached`
}

func (c *webhookCreate) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	kinds := make([]tandem.NoticeKind, len(c.Kind))
	for i, k := range c.Kind {
		kinds[i] = tandem.NoticeKind(k)
	}
	w, err := api.CreateWebhook(s.ctx, c.URL, kinds)
	if err != nil {
		return err
	}
	return s.show(w, func() {
		s.printf("Made: %s\nIts secret, shown only now: %s\nTry it: tandem webhook ping %s\n", w.ID, w.Secret, w.ID)
	})
}

type webhookDelete struct {
	ID string `arg:"" name:"id" help:"Id of the webhook."`
}

func (c *webhookDelete) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	if err := api.DeleteWebhook(s.ctx, tandem.ID(c.ID)); err != nil {
		return err
	}
	return s.show(map[string]string{"deleted": c.ID}, func() { s.printf("Deleted.\n") })
}

type webhookPing struct {
	ID string `arg:"" name:"id" help:"Id of the webhook."`
}

func (c *webhookPing) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	n, err := api.PingWebhook(s.ctx, tandem.ID(c.ID))
	if err != nil {
		return err
	}
	return s.show(n, func() { s.printf("On its way. What became of it: tandem webhook deliveries %s\n", c.ID) })
}

type webhookDeliveries struct {
	ID string `arg:"" name:"id" help:"Id of the webhook."`
	paging
}

func (c *webhookDeliveries) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	list, err := api.Deliveries(s.ctx, tandem.ID(c.ID), c.page())
	if err != nil {
		return err
	}
	defer s.more(list.Next)
	return s.show(list, func() {
		g := s.grid("AT", "KIND", "STATE", "ATTEMPTS", "NEXT", "LAST ERROR")
		for _, d := range list.Items {
			next := ""
			if d.State == tandem.DeliveryPending {
				next = moment(d.NextAt)
			}
			g.row(moment(d.Notice.At), string(d.Notice.Kind), string(d.State), count(int64(d.Attempts)), next, d.LastError)
		}
		g.print("Nothing was sent to it yet.")
	})
}

type noticesCommand struct {
	Test string `arg:"" optional:"" help:"Id of a test; or number, name or id of a route, for its running or else latest test; default: all."`
	paging
}

func (c *noticesCommand) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	var id tandem.ID
	if c.Test != "" {
		t, err := s.latestTest(c.Test)
		if err != nil {
			return err
		}
		id = t.ID
	}
	list, err := api.Notices(s.ctx, id, c.page())
	if err != nil {
		return err
	}
	defer s.more(list.Next)
	return s.show(list, func() {
		g := s.grid("AT", "KIND", "TEXT")
		for _, n := range list.Items {
			g.row(moment(n.At), string(n.Kind), n.Text)
		}
		g.print("There are no notices yet.")
	})
}

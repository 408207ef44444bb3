package cli

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"tandem"
	"tandem/internal/cli/client"
)

type privacyCommand struct {
	Show   privacyShow   `cmd:"" default:"1" help:"Show what is redacted and how long data is kept."`
	Set    privacySet    `cmd:"" help:"Change some of that."`
	Redact privacyRedact `cmd:"" help:"Redact what was stored before."`
	Purge  privacyPurge  `cmd:"" help:"Delete what is older than its retention, now."`
	Purges privacyPurges `cmd:"" help:"List what was deleted."`
	Export privacyExport `cmd:"" help:"Write everything that is kept of a caller."`
	Erase  privacyErase  `cmd:"" help:"Erase a caller's personal data."`
}

type privacyShow struct{}

func (*privacyShow) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	settings, err := api.Privacy(s.ctx)
	if err != nil {
		return err
	}
	return s.show(settings, func() { s.privacy(settings) })
}

func (s *session) privacy(p tandem.PrivacySettings) {
	g := s.grid()
	redacted := "nothing"
	if len(p.Redact.Kinds) > 0 {
		redacted = strings.Join(p.Redact.Kinds, ", ")
	}
	g.row("redacted", redacted)
	if slices.Contains(p.Redact.Kinds, "name") {
		g.row("names", count(int64(len(p.Redact.Names)))+" listed")
	}
	stored := map[bool]string{true: "not stored", false: "stored"}
	g.row("callers' numbers", stored[p.DiscardCallers]+", "+keptFor(p.Retention.Days(tandem.DataCallers)))
	g.row("recording links", stored[p.DiscardRecordings]+", "+keptFor(p.Retention.Days(tandem.DataRecordings)))
	g.row("transcripts", keptFor(p.Retention.Days(tandem.DataTranscripts)))
	g.row("analyses", keptFor(p.Retention.Days(tandem.DataAnalyses)))
	g.row("records", keptFor(p.Retention.Days(tandem.DataRecords)))
	g.print("")
}

func keptFor(days int) string {
	switch days {
	case 0:
		return "kept for ever"
	case 1:
		return "kept for 1 day"
	}
	return fmt.Sprintf("kept for %d days", days)
}

type privacySet struct {
	Redact            []string `help:"Kinds to redact: phone, email, card, iban, ssn, name; or all, or none." placeholder:"KIND"`
	NamesFile         string   `name:"names-file" help:"File of names to redact, one a line." placeholder:"FILE"`
	Region            *string  `help:"Country whose numbers are said without country code." placeholder:"US"`
	DiscardCallers    *bool    `name:"discard-callers" negatable:"" help:"Do not store callers' numbers."`
	DiscardRecordings *bool    `name:"discard-recordings" negatable:"" help:"Do not store links to recordings."`
	Transcripts       *int     `name:"transcripts-days" help:"Days that transcripts are kept; 0: for ever." placeholder:"N"`
	Analyses          *int     `name:"analyses-days" help:"Days that summaries, quotes and text values are kept." placeholder:"N"`
	Recordings        *int     `name:"recordings-days" help:"Days that links to recordings are kept." placeholder:"N"`
	Callers           *int     `name:"callers-days" help:"Days that callers' numbers are kept." placeholder:"N"`
	Records           *int     `name:"records-days" help:"Days that all personal data of a call is kept." placeholder:"N"`
}

func (*privacySet) Help() string {
	return `What is not given stays as it is. A retention deletes what is older within seconds, then daily.

  tandem privacy set --redact phone,email,card --transcripts-days 90 --callers-days 30`
}

func (c *privacySet) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	p, err := api.Privacy(s.ctx)
	if err != nil {
		return err
	}
	if err := c.into(&p); err != nil {
		return err
	}
	if p, err = api.SetPrivacy(s.ctx, p); err != nil {
		return err
	}
	return s.show(p, func() {
		s.privacy(p)
		s.printf("What is stored already stays as it is until: tandem privacy redact --past\n")
	})
}

func (c *privacySet) into(p *tandem.PrivacySettings) error {
	switch {
	case slices.Equal(c.Redact, []string{"all"}):
		p.Redact.Kinds = tandem.RedactKinds()
	case slices.Equal(c.Redact, []string{"none"}):
		p.Redact.Kinds = nil
	case len(c.Redact) > 0:
		p.Redact.Kinds = c.Redact
	}
	if c.NamesFile != "" {
		raw, err := os.ReadFile(c.NamesFile)
		if err != nil {
			return tandem.Errorf(tandem.Invalid, "--names-file", "cannot be read: %v", err)
		}
		p.Redact.Names = nil
		for line := range strings.Lines(string(raw)) {
			if line = strings.TrimSpace(line); line != "" {
				p.Redact.Names = append(p.Redact.Names, line)
			}
		}
	}
	put(&p.Redact.Region, c.Region)
	put(&p.DiscardCallers, c.DiscardCallers)
	put(&p.DiscardRecordings, c.DiscardRecordings)
	put(&p.Retention.Transcripts, c.Transcripts)
	put(&p.Retention.Analyses, c.Analyses)
	put(&p.Retention.Recordings, c.Recordings)
	put(&p.Retention.Callers, c.Callers)
	put(&p.Retention.Records, c.Records)
	return nil
}

func put[T any](to, given *T) {
	if given != nil {
		*to = *given
	}
}

type privacyRedact struct {
	Past   bool `help:"Redact what is stored; what comes is redacted as the settings say." required:""`
	NoWait bool `name:"no-wait" help:"Do not wait until it is done."`
}

func (c *privacyRedact) Run(s *session) error { return s.privacyWork(tandem.WorkRedact, c.NoWait) }

type privacyPurge struct {
	NoWait bool `name:"no-wait" help:"Do not wait until it is done."`
}

func (c *privacyPurge) Run(s *session) error { return s.privacyWork(tandem.WorkPurge, c.NoWait) }

// askEvery is how often a command asks how far work has come.
const askEvery = 500 * time.Millisecond

// privacyWork starts work, and follows it to its end.
func (s *session) privacyWork(work tandem.PrivacyWork, noWait bool) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	job, err := api.StartPrivacyWork(s.ctx, work)
	for err == nil && job.FinishedAt == nil && !noWait {
		select {
		case <-s.ctx.Done():
			return s.ctx.Err()
		case <-time.After(askEvery):
		}
		job, err = api.PrivacyJob(s.ctx, job.ID)
	}
	if err != nil {
		return err
	}
	return s.show(job, func() {
		if job.FinishedAt == nil {
			s.printf("Asked for: job %s.\n", job.ID)
			return
		}
		s.printf("Done: %d calls looked at, %d changed, %d left alone.\n", job.Looked, job.Changed, job.Refused)
		for _, kind := range slices.Sorted(maps.Keys(job.Redacted)) {
			s.printf("  %s: %d taken out\n", kind, job.Redacted[kind])
		}
		if work == tandem.WorkPurge {
			s.printf("What was deleted: tandem privacy purges\n")
		}
	})
}

type privacyPurges struct{ paging }

func (c *privacyPurges) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	list, err := api.Purges(s.ctx, c.page())
	if err != nil {
		return err
	}
	defer s.more(list.Next)
	return s.show(list, func() {
		g := s.grid("AT", "WHAT", "WHY", "CALLS", "OLDEST", "NEWEST", "LEFT")
		for _, p := range list.Items {
			why := p.Cause
			if p.Days > 0 {
				why += fmt.Sprintf(" %d days", p.Days)
			}
			left := ""
			if p.Left != nil {
				left = count(*p.Left)
			}
			g.row(moment(p.At), string(p.Data), why, count(p.Calls), known(p.Oldest), known(p.Newest), left)
		}
		g.print("Nothing was deleted yet.")
	})
}

// known shows a time, if there is one.
func known(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return moment(t)
}

type privacyExport struct {
	Caller string `help:"Number in any common way of writing, name, or key of the caller." required:"" placeholder:"CALLER"`
}

func (*privacyExport) Help() string {
	return `Writes JSON: the calls, what was said, what was found in it.

  tandem privacy export --caller +14155550199 > caller.json`
}

func (c *privacyExport) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	out, err := api.ExportCaller(s.ctx, c.Caller)
	if err != nil {
		return err
	}
	return s.writeJSON(out, nil)
}

type privacyErase struct {
	Caller string `help:"Number in any common way of writing, name, or key of the caller." required:"" placeholder:"CALLER"`
	Yes    bool   `help:"Erase. It cannot be undone."`
}

func (c *privacyErase) Run(s *session) error {
	if !c.Yes {
		return tandem.Errorf(tandem.Invalid, "--yes", "is missing; erasing cannot be undone. Look first: tandem privacy export --caller %s", c.Caller)
	}
	api, err := s.client()
	if err != nil {
		return err
	}
	out, err := api.EraseCaller(s.ctx, c.Caller)
	if err != nil {
		return err
	}
	return s.show(out, func() { s.erased(out) })
}

func (s *session) erased(e client.Erasure) {
	s.printf("Erased the personal data of %d calls. They still count, as those of somebody nobody knows.\n", e.Calls)
	s.printf("In the audit log: %s, of %s\n", e.ID, e.Key)
}

package cli

import (
	"context"
	"fmt"
	"iter"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"tandem"
	"tandem/internal/cli/client"
	"tandem/internal/replay"
)

type importCommand struct {
	File  string `arg:"" help:"Conversations as JSON lines, gzipped or not, each with the arm it was in." type:"existingfile"`
	Route string `required:"" help:"Number or name of the route; made when it is missing." placeholder:"ROUTE"`
	ArmBy string `name:"arm-by" required:"" help:"Member of each record's \"arm\" that tells the arms apart." placeholder:"NAME"`
	Agent string `help:"Name of the agent whose versions stand for the arms; default: the file's name." placeholder:"NAME"`
	Name  string `help:"Name of the test; default: the file's name and --arm-by." placeholder:"NAME"`
	Share string `help:"Shares of the calls that the arms were intended to have, in the alphabetical order of their values; the split is then checked." placeholder:"25/25/..."`
	Goal  string `help:"When is a call a completion (default fields.success == true)." default:"fields.success == true" placeholder:"EXPR"`
}

func (*importCommand) Help() string {
	return `Makes a test with status "recorded", one arm for each value of the member, and reports every
call as it was, with the times at which it happened. Importing the same file again changes nothing.
A call's chance of its arm is the intended share, with --share. Without it the arm's share of all calls
stands for it, and whether the calls fell as they were meant to cannot be checked.

  tandem import experiment.jsonl.gz --route last-winter --arm-by acoustic --share 50/50`
}

// importBatch is how many events go in one request.
const importBatch = 2000

func (c *importCommand) Run(s *session) error {
	rec, err := c.prepare(s)
	if err != nil {
		return err
	}
	api, err := s.client()
	if err != nil {
		return err
	}
	bar := newProgress(s.Env)
	var calls, events int64
	err = postRecorded(s.ctx, api, rec, replay.ReadFile(c.File), func(c, e int64) {
		calls, events = c, e
		bar.show(fmt.Sprintf("%d calls", calls))
	})
	if err != nil {
		return err
	}
	bar.done()
	out := map[string]any{"test_id": rec.Test.ID, "route_id": rec.Test.RouteID, "calls": calls, "events": events}
	return s.show(out, func() {
		s.printf("%s calls imported. Their results: tandem results %s\n", count(calls), rec.Test.ID)
	})
}

// postRecorded reports every conversation of a recorded test as it was. progress is
// told how many calls and events are stored; it may be nil.
func postRecorded(ctx context.Context, api *client.Client, rec replay.RecordedTest, all iter.Seq2[replay.Conversation, error], progress func(calls, events int64)) error {
	var batch []tandem.Event
	var calls, events int64
	flush := func() error {
		err := api.PostBulk(ctx, batch)
		events += int64(len(batch))
		batch = batch[:0]
		if progress != nil {
			progress(calls, events)
		}
		return err
	}
	for conv, err := range all {
		if err != nil {
			return err
		}
		es, err := rec.Events(conv)
		if err != nil {
			return err
		}
		calls++
		if batch = append(batch, es...); len(batch) >= importBatch {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// prepare finds or makes the agent, its versions, the route and the test.
func (c *importCommand) prepare(s *session) (replay.RecordedTest, error) {
	var rec replay.RecordedTest
	var span period
	shares, err := replay.Arms(span.watch(replay.ReadFile(c.File)), c.ArmBy)
	if err != nil {
		return rec, err
	}
	intended, err := c.intended(shares)
	if err != nil {
		return rec, err
	}
	api, err := s.client()
	if err != nil {
		return rec, err
	}
	base := baseName(c.File)
	versions, err := c.versions(s, first(c.Agent, base), shares)
	if err != nil {
		return rec, err
	}
	route, err := c.route(s, string(versions[0].ID))
	if err != nil {
		return rec, err
	}
	name := first(c.Name, base+" by "+c.ArmBy)
	test, found, err := findRecorded(s, string(route.ID), name)
	if err != nil {
		return rec, err
	}
	if !found {
		spec := client.RecordedTest{Route: string(route.ID), Name: name, Goal: c.Goal, Intended: intended != nil, StartedAt: span.from, EndedAt: span.to}
		for i, v := range versions {
			weight := float64(shares[i].Calls)
			if intended != nil {
				weight = intended[i]
			}
			spec.Arms = append(spec.Arms, client.Arm{Version: string(v.ID), Weight: &weight})
		}
		if test, err = api.RecordTest(s.ctx, spec); err != nil {
			return rec, err
		}
	}
	if err := sameArms(test, versions); err != nil {
		return rec, err
	}
	if err := sameShares(test, intended); err != nil {
		return rec, err
	}
	if test.Intended {
		for i := range shares {
			shares[i].Share = test.Phase().Split.Probability(i)
		}
	}
	return replay.RecordedTest{Test: test, Number: route.Number, By: c.ArmBy, Shares: shares}, nil
}

// intended gives the shares that the arms were meant to have; nil where they are not
// known.
func (c *importCommand) intended(arms []replay.ArmShare) ([]float64, error) {
	if c.Share == "" {
		return nil, nil
	}
	weights, err := parseSplit(c.Share)
	if err != nil {
		return nil, tandem.Errorf(tandem.Invalid, "--share", "is %q; expected shares in percent, such as 80/20", c.Share)
	}
	if len(weights) != len(arms) {
		values := make([]string, len(arms))
		for i, a := range arms {
			values[i] = a.Value
		}
		return nil, tandem.Errorf(tandem.Invalid, "--share", "has %d entries; expected one for each of the %d arms %s", len(weights), len(arms), strings.Join(values, ", "))
	}
	if _, err := tandem.NewSplit(weights); err != nil {
		return nil, tandem.Errorf(tandem.Invalid, "--share", "is %q: %s", c.Share, err)
	}
	return weights, nil
}

// sameShares makes sure that a test that is there already was imported with these
// shares, since its calls have their chances.
func sameShares(t tandem.Test, intended []float64) error {
	if intended == nil {
		return nil
	}
	same := t.Intended
	for i := range min(len(t.Arms), len(intended)) {
		same = same && t.Arms[i].Weight == intended[i]
	}
	if !same {
		return tandem.Errorf(tandem.Conflict, "--share", "is not what the test was imported with; give another name")
	}
	return nil
}

// sameArms makes sure that a test that is there already has the arms of the
// file.
func sameArms(t tandem.Test, versions []tandem.Version) error {
	same := len(t.Arms) == len(versions)
	for i := range min(len(t.Arms), len(versions)) {
		same = same && t.Arms[i].VersionID == versions[i].ID
	}
	if !same {
		return tandem.Errorf(tandem.Conflict, "--name", "is that of an imported test with other arms; give another name")
	}
	return nil
}

// versions finds or publishes one version for each arm; the note says which.
func (c *importCommand) versions(s *session, agent string, shares []replay.ArmShare) ([]tandem.Version, error) {
	api, err := s.client()
	if err != nil {
		return nil, err
	}
	have := map[string]tandem.Version{}
	page := client.Page{Limit: 500}
	for {
		list, err := api.Versions(s.ctx, agent, page)
		if tandem.CodeOf(err) == tandem.NotFound {
			_, err = api.CreateAgent(s.ctx, agent, recordedContent(c.ArmBy, shares[0].Value))
		}
		if err != nil {
			return nil, err
		}
		for _, v := range list.Items {
			have[v.Note] = v
		}
		if page.Cursor = list.Next; page.Cursor == "" {
			break
		}
	}
	out := make([]tandem.Version, len(shares))
	for i, a := range shares {
		note := c.ArmBy + "=" + a.Value
		if v, ok := have[note]; ok {
			out[i] = v
			continue
		}
		edited, err := api.PutDraft(s.ctx, agent, 0, recordedContent(c.ArmBy, a.Value))
		if err != nil {
			return nil, err
		}
		if out[i], err = api.Publish(s.ctx, agent, edited.Revision, note); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// recordedContent stands for a version that is not here: no call ever goes to
// it. The host is one that never resolves (RFC 6761 section 6.4).
func recordedContent(by, value string) tandem.Content {
	return tandem.Content{
		Prompt: fmt.Sprintf("Recorded elsewhere with %s = %s.", by, value), Fields: replayFields(),
		Target: tandem.Target{Kind: tandem.TargetSIP, SIP: &tandem.SIPTarget{URI: "sip:recorded@recorded.invalid"}},
	}
}

// looksLikeNumber tells a phone number from a name.
var looksLikeNumber = regexp.MustCompile(`^\+?[0-9][0-9 ()./-]{5,}$`)

func (c *importCommand) route(s *session, live string) (tandem.Route, error) {
	api, err := s.client()
	if err != nil {
		return tandem.Route{}, err
	}
	r, err := api.Route(s.ctx, c.Route)
	if tandem.CodeOf(err) != tandem.NotFound {
		return r, err
	}
	spec := client.NewRoute{LiveVersion: live}
	if looksLikeNumber.MatchString(c.Route) {
		spec.Number = c.Route
	} else {
		spec.Kind, spec.Name = tandem.Outbound, c.Route
	}
	return api.CreateRoute(s.ctx, spec)
}

// findRecorded finds an imported test by its name.
func findRecorded(s *session, route, name string) (tandem.Test, bool, error) {
	api, err := s.client()
	if err != nil {
		return tandem.Test{}, false, err
	}
	page := client.Page{Limit: 500}
	for {
		list, err := api.Tests(s.ctx, route, page)
		if err != nil {
			return tandem.Test{}, false, err
		}
		for _, t := range list.Items {
			if t.Status == tandem.Recorded && t.Name == name {
				return t, true, nil
			}
		}
		if page.Cursor = list.Next; page.Cursor == "" {
			return tandem.Test{}, false, nil
		}
	}
}

// period is from the first call's start to the last one's end.
type period struct{ from, to time.Time }

// watch passes conversations on and notes when they were.
func (p *period) watch(all iter.Seq2[replay.Conversation, error]) iter.Seq2[replay.Conversation, error] {
	return func(yield func(replay.Conversation, error) bool) {
		for c, err := range all {
			if err == nil && !c.StartedAt.IsZero() {
				if p.from.IsZero() || c.StartedAt.Before(p.from) {
					p.from = c.StartedAt
				}
				if end := c.StartedAt.Add(c.Length()); end.After(p.to) {
					p.to = end
				}
			}
			if !yield(c, err) {
				return
			}
		}
	}
}

var notInNames = regexp.MustCompile(`[^\pL\pN ._-]+`)

// baseName makes a name of a file's: what a name may not hold becomes a dash.
func baseName(path string) string {
	name := strings.TrimSuffix(filepath.Base(path), ".gz")
	name = strings.TrimSuffix(name, filepath.Ext(name))
	name = strings.Trim(notInNames.ReplaceAllString(name, "-"), " ._-")
	if name == "" {
		return "import"
	}
	return name[:min(len(name), 60)]
}

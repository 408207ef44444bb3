package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// console is a person at the command line.
type console struct {
	*server
	dir string
}

// ok runs a command that has to succeed.
func (c *console) ok(args ...string) string {
	c.t.Helper()
	stdout, stderr, code := c.tandem(args...)
	if code != 0 {
		c.t.Fatalf("tandem %s: exit code %d: %s", strings.Join(args, " "), code, stderr)
	}
	return stdout
}

// refused runs a command that has to fail and say each of why.
func (c *console) refused(why []string, args ...string) {
	c.t.Helper()
	stdout, stderr, code := c.tandem(args...)
	if code != 1 {
		c.t.Errorf("tandem %s: exit code %d, want 1\n%s%s", strings.Join(args, " "), code, stdout, stderr)
	}
	for _, w := range why {
		if !strings.Contains(stderr, w) {
			c.t.Errorf("tandem %s is refused with %q, which does not say %q", strings.Join(args, " "), stderr, w)
		}
	}
}

// draft writes a draft to a file and gives its name.
func (c *console) draft(prompt, uri string) string {
	c.t.Helper()
	raw, err := json.Marshal(object{
		"prompt": prompt, "fields": []object{{"name": "booked", "type": "boolean"}},
		"target": object{"kind": "sip", "sip": object{"uri": uri}},
	})
	if err != nil {
		c.t.Fatal(err)
	}
	path := filepath.Join(c.dir, "draft.json")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		c.t.Fatal(err)
	}
	return path
}

// nextCall asks who takes the next call to the route, by API and by a real
// call, and gives the version's agent@number.
func (c *console) nextCall(agents map[string]*phone, caller *phone, callID string) string {
	c.t.Helper()
	var given struct{ Version struct{ Ref string } }
	c.must("POST", "/v1/assignments", object{"route": "+14155550100"}, &given)
	d := converse(c.t, caller, agents, callID, "+14155550100", c.sip, c.sip)
	if d.arm != given.Version.Ref {
		c.t.Errorf("the API says %s takes the next call, and %s took it", given.Version.Ref, d.arm)
	}
	d.caller.request(c.sip, "BYE")
	d.agent.answer(d.agent.await("BYE"), "200 OK")
	d.caller.await("SIP/2.0 200")
	c.must("POST", "/v1/calls/"+d.id+"/events", object{"id": "booked", "kind": "analysis", "analysis": object{"booked": d.arm == "front-desk@2"}}, nil)
	return given.Version.Ref
}

// audited checks what the audit log has of an object, newest first.
func (c *console) audited(object string, actions ...string) {
	c.t.Helper()
	var log struct {
		Items []struct {
			Action, Actor string
			Before, After json.RawMessage
		}
	}
	c.must("GET", "/v1/audit?object="+object, nil, &log)
	var got []string
	for _, e := range log.Items {
		got = append(got, e.Action)
		if e.Actor == "" || string(e.After) == "null" || (string(e.Before) == "null") != (e.Action == "test.start") {
			c.t.Errorf("the audit log says of %s: by %q, before %.40s, after %.40s", e.Action, e.Actor, e.Before, e.After)
		}
	}
	if diff := cmp.Diff(actions, got); diff != "" {
		c.t.Errorf("the audit log (-want +got)\n%s", diff)
	}
}

func TestAnExperimentIsRunFromTheFirstDraftToTheWinnerOnTheCommandLine(t *testing.T) {
	c := &console{server: newServer(t, ""), dir: t.TempDir()}
	caller, agents := newPhone(t), map[string]*phone{"front-desk@1": newPhone(t), "front-desk@2": newPhone(t)}

	c.ok("agent", "create", "front-desk")
	c.refused([]string{"target"}, "agent", "publish", "front-desk") // a draft without a way to reach it
	c.ok("agent", "draft", "set", "front-desk", c.draft("You are the front desk.", "sip:desk@"+agents["front-desk@1"].addr()))
	c.refused([]string{"live_version", "front-desk@1"}, "route", "create", "+14155550100", "--live", "front-desk@1") // not published
	c.ok("agent", "publish", "front-desk", "-m", "first")
	c.ok("agent", "draft", "set", "front-desk", c.draft("You are the front desk. Be brief.", "sip:desk@"+agents["front-desk@2"].addr()))

	c.refused([]string{"number"}, "route", "create", "call me maybe", "--live", "front-desk@1")
	c.ok("route", "create", " +1 (415) 555.01-00 ", "--live", "front-desk@1")
	c.refused([]string{"number"}, "route", "create", "001 415 555 0100", "--live", "front-desk@1", "--name", "again") // the same, or not understood
	var route struct{ Number, Name string }
	c.tandemJSON(&route, "route", "show", "+1-415-555-0100")
	if route.Number != "+14155550100" {
		t.Errorf("the route's number is %q", route.Number)
	}
	if v := c.nextCall(agents, caller, "no-test"); v != "front-desk@1" {
		t.Errorf("without a test %s takes the next call", v)
	}

	c.refused([]string{"draft"}, "test", "start", "+14155550100", "--b", "front-desk@draft")
	c.refused([]string{"front-desk@2"}, "test", "start", "+14155550100", "--b", "front-desk@2") // not published yet
	c.ok("agent", "publish", "front-desk", "-m", "brief")
	if diff := c.ok("agent", "diff", "front-desk", "1", "2"); !strings.Contains(diff, "prompt") || !strings.Contains(diff, "Be brief") {
		t.Errorf("the versions differ by\n%s", diff)
	}
	c.refused([]string{"100"}, "test", "start", "+14155550100", "--b", "front-desk@2", "--split", "50/40")
	c.refused([]string{"goal"}, "test", "start", "+14155550100", "--b", "front-desk@2", "--goal", "fields.bocked == true")
	c.ok("test", "start", "+14155550100", "--b", "front-desk@2", "--split", "0/100", "--goal", "fields.booked == true")
	c.refused([]string{"test"}, "test", "start", "+14155550100", "--b", "front-desk@2") // one at a time
	if v := c.nextCall(agents, caller, "all-to-b"); v != "front-desk@2" {
		t.Errorf("at 0/100 %s takes the next call", v)
	}
	c.ok("test", "split", "+14155550100", "100/0")
	if v := c.nextCall(agents, caller, "all-to-a"); v != "front-desk@1" {
		t.Errorf("at 100/0 %s takes the next call", v)
	}
	eventually(t, "both calls are in the results", func() bool {
		var r results
		c.tandemJSON(&r, "results", "+14155550100")
		return len(r.Phases) == 2 && ofN(r.metric(t, "completion", "A")) == "0 of 1" && ofN(r.metric(t, "completion", "B")) == "1 of 1"
	})
	if table := c.ok("results", "+14155550100"); !strings.Contains(table, "front-desk@2") || !strings.Contains(table, "Completion rate") {
		t.Errorf("the results are shown as\n%s", table)
	}
	c.refused([]string{"winner", "C"}, "test", "end", "+14155550100", "--winner", "C")
	c.ok("test", "split", "+14155550100", "0/100")
	var over test
	c.tandemJSON(&over, "test", "end", "+14155550100")
	if over.Status != "ended" || over.Winner != "A" {
		t.Errorf("a test ended without a choice is %s and keeps %q, want A", over.Status, over.Winner)
	}
	if v := c.nextCall(agents, caller, "a-kept"); v != "front-desk@1" {
		t.Errorf("after A was kept %s takes the next call", v)
	}

	c.ok("test", "start", "+14155550100", "--b", "front-desk@2")
	c.ok("test", "end", "+14155550100", "--winner", "B", "-m", "books more")
	if v := c.nextCall(agents, caller, "b-won"); v != "front-desk@2" {
		t.Errorf("after B won %s takes the next call", v)
	}
	c.ok("agent", "show", "front-desk@1") // the loser stays published
	c.audited(over.ID, "test.end", "test.reweight", "test.reweight", "test.start")
	c.verify()
}

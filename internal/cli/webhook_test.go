package cli

import (
	"strings"
	"testing"

	"tandem"
)

func TestAWebhookIsMadeTriedReadAndDeleted(t *testing.T) {
	f, do := started(t, "")
	_, out, _ := do("webhook list")
	expect(t, "webhook list", out, "There are no webhooks. Make one")
	_, out, errs := do("webhook create https://example.com/hook --kind verdict --kind guardrail.breached")
	if len(f.hooks) != 1 {
		t.Fatal(errs)
	}
	w := f.hooks[0]
	expect(t, "webhook create", out, string(w.ID), w.Secret, "tandem webhook ping "+string(w.ID))
	_, out, _ = do("webhook list")
	expect(t, "webhook list", out, "https://example.com/hook", "verdict, guardrail.breached", string(w.ID))
	if strings.Contains(out, w.Secret) {
		t.Error("the list shows the secret")
	}
	_, out, _ = do("webhook deliveries " + string(w.ID))
	expect(t, "webhook deliveries", out, "Nothing was sent to it yet.")
	_, out, _ = do("webhook ping " + string(w.ID))
	expect(t, "webhook ping", out, "On its way", "tandem webhook deliveries "+string(w.ID))
	_, out, _ = do("webhook deliveries " + string(w.ID))
	expect(t, "webhook deliveries", out, "ping", "pending", "2", "status 503")
	if _, out, _ = do("webhook delete " + string(w.ID)); out != "Deleted.\n" || len(f.hooks) != 0 {
		t.Errorf("%q, and %d webhooks left", out, len(f.hooks))
	}
	_, _, errs = do("webhook ping " + string(w.ID))
	expect(t, "webhook ping", errs, "no webhook has that id")
}

func TestWebhooksThatCannotBeAreRefusedWithTheReason(t *testing.T) {
	f, do := started(t, "")
	for line, want := range map[string]string{
		"webhook create ftp://example.com":                   "url: is",
		"webhook create https://example.com --kind everyone": "kinds[0]: is",
	} {
		if code, _, errs := do(line); code != 1 || !strings.Contains(errs, want) {
			t.Errorf("%s: exit %d, %s", line, code, errs)
		}
	}
	if len(f.hooks) != 0 {
		t.Errorf("%d were made", len(f.hooks))
	}
}

func TestNoticesAreOfOneTestOrOfAll(t *testing.T) {
	f, do := started(t, "--name x")
	_, out, _ := do("notices")
	expect(t, "notices", out, "There are no notices yet.")
	f.notices = []tandem.Notice{
		{Kind: tandem.NoticeVerdict, TestID: f.tests[0].ID, Text: "B is better."},
		{Kind: tandem.NoticeRamp, TestID: "another", Text: "On to 50/50."},
	}
	_, out, _ = do("notices")
	expect(t, "notices", out, "verdict", "B is better.", "ramp.advanced", "On to 50/50.")
	_, out, _ = do("notices +14155550100")
	if expect(t, "notices of a route", out, "B is better."); strings.Contains(out, "On to 50/50.") {
		t.Errorf("a notice of another test in\n%s", out)
	}
}

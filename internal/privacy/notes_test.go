package privacy

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"tandem"
)

func TestAnExportHoldsNoWordsOfTheOtherCallOfAPair(t *testing.T) {
	w := newWorld(t, engines["sqlite"](t), tandem.PerCall)
	ids := w.calls(1, 2) // of two callers; the judge quotes the first
	for i, quoted := range []bool{true, false} {
		out, err := w.worker.Export(ctx, "ann", w.call(ids[i]).Assigned.Value.CallerKey)
		w.must(err)
		raw, err := json.Marshal(out.Calls[0].Judged)
		w.must(err)
		if len(out.Calls) != 1 || strings.Contains(string(raw), "secretword1x") != quoted || !strings.Contains(string(raw), "secretreason1x") {
			t.Errorf("call %d: %s", i+1, raw)
		}
	}
}

func TestWhatPeopleAndJudgesWroteIsRedactedWithThePast(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		ids := w.calls(1, 4)
		w.set(everyKind())
		_, err := w.worker.Start(ctx, "ann", tandem.WorkRedact)
		w.must(err)
		w.jobsAreOfNow()
		w.work()
		for i, id := range ids {
			n, err := w.worker.notesOf(ctx, id)
			w.must(err)
			want := fmt.Sprintf("secretnote%dx [phone]", i+1)
			if n.ratings[0].Note != want || !strings.HasSuffix(n.pairs[0].Note, "x [phone]") || strings.Contains(fmt.Sprint(n.texts()), "555") {
				t.Errorf("call %d: %q", i+1, n.texts())
			}
		}
	})
}

func TestGroupsForgetWhatIsErased(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		ids := w.calls(1, 14)
		theirs, other := ids[3], ids[4]
		_, err := w.store.AskGrouping(ctx, w.test.ID, tandem.ByIntent, 0, true)
		w.must(err)
		g, err := w.store.ClaimGrouping(ctx, time.Now().Add(time.Hour), time.Minute)
		w.must(err)
		members := []tandem.GroupMember{{Group: "intent.1", CallID: theirs, Arm: "A", Ordinal: 1}, {Group: "intent.1", CallID: other, Arm: "B", Ordinal: 1}}
		w.must(w.store.KeepGrouping(ctx, *g, time.Now().Add(time.Hour), members))
		g.Report = json.RawMessage(fmt.Sprintf(`{"groups":[{"key":"intent.1","name":"Anna Secretname's table","description":"Anna Secretname wants it.","terms":["table","secretname"],"calls":7,"typical":[{"call_id":%q},{"call_id":%q}]}]}`, theirs, other))
		g.Model = json.RawMessage(fmt.Sprintf(`{"words":{"terms":["secretname","table"],"idf":[1,1]},"groups":[{"terms":[0,1],"weights":[0.5,0.5],"telling":["table","secretname"],"name":"Anna Secretname's table","description":"Anna Secretname wants it.","from":[%q]}],"fit":{"k":1,"named_by":"language model"}}`, theirs))
		w.must(w.store.FinishGrouping(ctx, *g))
		out, err := w.worker.Export(ctx, "ann", w.call(theirs).Assigned.Value.CallerKey)
		w.must(err)
		if fmt.Sprint(out.Calls[0].Groups) != "[intent.1]" {
			t.Errorf("the export says %q", out.Calls[0].Groups)
		}

		_, err = w.worker.Erase(ctx, "ann", w.call(theirs).Assigned.Value.CallerKey)
		w.must(err)
		got, err := w.store.Grouping(ctx, w.test.ID, tandem.ByIntent)
		w.must(err)
		both := string(got.Report) + string(got.Model)
		if strings.Contains(both, string(theirs)) || strings.Contains(both, "wants it") || !strings.Contains(string(got.Report), string(other)) || !strings.Contains(string(got.Report), `"calls":7`) {
			t.Errorf("left: %s\n%s", got.Report, got.Model)
		}
		left, err := w.store.GroupsOf(ctx, theirs)
		w.must(err)
		kept, err := w.store.GroupsOf(ctx, other)
		w.must(err)
		if len(left) != 0 || len(kept) != 1 {
			t.Errorf("the erased call is in %q, the other in %q", left, kept)
		}

		s := everyKind()
		s.Redact.Names = []string{"Secretname"}
		w.set(s)
		_, err = w.worker.Start(ctx, "ann", tandem.WorkRedact)
		w.must(err)
		w.jobsAreOfNow()
		w.work()
		got, err = w.store.Grouping(ctx, w.test.ID, tandem.ByIntent)
		w.must(err)
		if both := strings.ToLower(string(got.Report) + string(got.Model)); strings.Contains(both, "secretname") || !strings.Contains(both, `"table"`) {
			t.Errorf("redacted: %s\n%s", got.Report, got.Model)
		}
	})
}

func TestAModelIsShownATurnAsItWouldBeStoredToday(t *testing.T) {
	w := newWorld(t, engines["sqlite"](t), tandem.PerCall)
	turns := []tandem.Turn{{Role: tandem.RoleCaller, Text: "call 415-555-0132"}}
	if got := w.keeper.Turns(turns); got[0].Text != turns[0].Text {
		t.Errorf("without redaction: %q", got[0].Text)
	}
	w.set(everyKind())
	if got := w.keeper.Turns(turns); got[0].Text != "call [phone]" || turns[0].Text != "call 415-555-0132" {
		t.Errorf("%q, and what is stored %q", got[0].Text, turns[0].Text)
	}
}

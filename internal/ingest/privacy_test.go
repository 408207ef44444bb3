package ingest

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tandem"
)

// shout takes the word secret out of causes.
func shout(e *tandem.Event) {
	if e.Ended != nil {
		end := *e.Ended
		end.Cause = strings.ReplaceAll(end.Cause, "secret", "[word]")
		e.Ended = &end
	}
	if e.Kind == tandem.EventTranscript {
		e.Transcript = []tandem.Turn{}
	}
}

func TestTheGatewaysEventsAreRedactedBeforeTheSpoolWhichIsEmptiedWhenItIsQuiet(t *testing.T) {
	path := filepath.Join(t.TempDir(), "spool")
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		i := NewPrivate(m, said{}, countTurns, Privacy{Redact: shout}, quiet, nil)
		defer i.Close()
		r, err := NewRecorder(i, path, quiet)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = r.Close() }()
		end := assigned(1)
		end.ID, end.Kind, end.Assigned, end.Ended = "end", tandem.EventEnded, nil, &tandem.Ending{By: tandem.ByCaller, Cause: "a secret"}
		r.Record(assigned(1))
		r.Record(end)
		synctest.Wait()
		spooled, err := os.ReadFile(path)
		if err != nil || !bytes.Contains(spooled, []byte("a [word]")) || bytes.Contains(spooled, []byte("secret")) {
			t.Fatalf("spooled %s, %v", spooled, err)
		}
		time.Sleep(2 * linger)
		synctest.Wait()
		if m.size() != 1 || m.calls[end.CallID].Ended.Value.Cause != "a [word]" {
			t.Fatalf("stored %+v", m.calls)
		}
		if still, _ := os.ReadFile(path); len(still) == 0 {
			t.Fatal("the spool was emptied at once")
		}
		time.Sleep(quietFor + time.Second)
		synctest.Wait()
		if left, err := os.ReadFile(path); err != nil || len(left) > 0 {
			t.Errorf("left in the spool: %s, %v", left, err)
		}
	})
}

func TestAConversationIsMeasuredByWhatWasSaidNotByWhatIsStored(t *testing.T) {
	m := newMemory()
	i := NewPrivate(m, said{}, countTurns, Privacy{Redact: shout}, quiet, nil)
	defer i.Close()
	e := assigned(1)
	e.ID, e.Kind, e.Assigned, e.Transcript = "t", tandem.EventTranscript, nil, []tandem.Turn{{Text: "one"}, {Text: "two"}}
	if err := i.Ingest(t.Context(), []tandem.Event{e}); err != nil {
		t.Fatal(err)
	}
	if c := m.calls[e.CallID]; c.Conversation.Turns != 2 || c.Turns.Value != 0 || len(e.Transcript) != 2 {
		t.Errorf("measured %+v, stored %+v", c.Conversation, c.Turns)
	}
}

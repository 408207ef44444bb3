package corpus

import "testing"

func TestWhatIsNotHereSkipsItsTest(t *testing.T) {
	t.Run("no such file", func(t *testing.T) {
		defer func() {
			if !t.Skipped() {
				t.Error("not skipped")
			}
		}()
		Lines(t, "calls/no-such-file.jsonl.gz")
		t.Error("went on without the file")
	})
}

package secrets

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"tandem"
)

func TestWhatIsSealedOpensWithTheSameFileForTheSamePurpose(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secrets.key")
	sealed, err := New(path).Seal([]byte("sk-very-secret"), "settings")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, []byte("very-secret")) {
		t.Error("the secret can be read")
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key file has mode %v (%v)", info.Mode(), err)
	}
	other := New(path)
	if got, err := other.Open(sealed, "settings"); err != nil || string(got) != "sk-very-secret" {
		t.Errorf("opened %q: %v", got, err)
	}
	if _, err := other.Open(sealed, "another"); tandem.CodeOf(err) != tandem.Unavailable {
		t.Errorf("opened for another purpose: %v", err)
	}
	sealed[len(sealed)-1]++
	if _, err := other.Open(sealed, "settings"); tandem.CodeOf(err) != tandem.Unavailable {
		t.Errorf("opened what was changed: %v", err)
	}
}

func TestAnotherKeyOrNoneIsNamed(t *testing.T) {
	dir := t.TempDir()
	sealed, err := New(filepath.Join(dir, "a")).Seal([]byte("x"), "p")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := New(filepath.Join(dir, "b")).Seal([]byte("x"), "p"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "c"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"b", "c", "missing", "no/such/folder"} {
		if _, err := New(filepath.Join(dir, file)).Open(sealed, "p"); tandem.CodeOf(err) != tandem.Unavailable {
			t.Errorf("%s: %v", file, err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "missing")); err == nil {
		t.Error("opening made a key")
	}
	if _, err := New(filepath.Join(dir, "no/such/folder")).Seal([]byte("x"), "p"); tandem.CodeOf(err) != tandem.Unavailable {
		t.Errorf("sealed in no folder: %v", err)
	}
}

func TestNodesThatSealAtOnceAgreeOnOneKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secrets.key")
	sealed := make([][]byte, 8)
	var all sync.WaitGroup
	for i := range sealed {
		all.Go(func() {
			var err error
			if sealed[i], err = New(path).Seal([]byte("x"), "p"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, s := range sealed {
		if _, err := New(path).Open(s, "p"); err != nil {
			t.Error(err)
		}
	}
}

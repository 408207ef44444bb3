package seal_test

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"tandem"
	"tandem/internal/seal"
)

func open(t *testing.T, path string) *seal.Sealer {
	t.Helper()
	s, err := seal.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestWhatIsSealedIsReadAfterARestartAndNowhereElse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secrets.key")
	secret, place := []byte("client secret"), []byte("settings/oidc")
	sealed := open(t, path).Seal(secret, place)
	if bytes.Contains(sealed, secret) || bytes.Equal(sealed, open(t, path).Seal(secret, place)) {
		t.Error("sealed bytes show what is in them")
	}
	got, err := open(t, path).Unseal(sealed, place)
	if err != nil || !bytes.Equal(got, secret) {
		t.Fatalf("unsealed %q, %v", got, err)
	}
	changed := bytes.Clone(sealed)
	changed[len(changed)-1] ^= 1
	for name, try := range map[string]func() ([]byte, error){
		"another place": func() ([]byte, error) { return open(t, path).Unseal(sealed, []byte("settings/analyzer")) },
		"another key":   func() ([]byte, error) { return open(t, path+"2").Unseal(sealed, place) },
		"a changed bit": func() ([]byte, error) { return open(t, path).Unseal(changed, place) },
		"nothing":       func() ([]byte, error) { return open(t, path).Unseal(nil, place) },
	} {
		if _, err := try(); tandem.CodeOf(err) != tandem.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheKeyFileIsPrivateAndMadeOnce(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "secrets.key")
	var sealers [8]*seal.Sealer
	var running sync.WaitGroup
	for i := range sealers {
		running.Go(func() { sealers[i], _ = seal.Open(path) })
	}
	running.Wait()
	sealed := open(t, path).Seal([]byte("x"), nil)
	for i, s := range sealers {
		if s == nil {
			t.Fatalf("sealer %d was not opened", i)
		}
		if _, err := s.Unseal(sealed, nil); err != nil {
			t.Errorf("sealer %d has another key", i)
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("%d files are left", len(left))
	}
}

func TestADamagedKeyFileIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secrets.key")
	if err := os.WriteFile(path, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.Open(path); err == nil {
		t.Error("an empty key set was opened")
	}
}

// Package secrets seals what must not be readable in the database or a backup of
// it: with a key that lies in a file beside it, or elsewhere.
//
// It uses Tink's AEAD (AES-256-GCM). The key file holds a Tink keyset in the
// clear, so it is as secret as what it seals: it is made with mode 0600, when
// something is sealed for the first time. Without the file what was sealed is
// lost, and has to be given again.
package secrets

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"

	"tandem"
)

// Box seals and opens. It is safe for concurrent use.
type Box struct {
	path string

	mu   sync.Mutex
	aead tink.AEAD
}

// New makes a Box whose key is in the file at path, which need not be there yet.
func New(path string) *Box { return &Box{path: path} }

// Seal encrypts text so that it opens only for the same purpose. It makes the key
// file when there is none.
//
// Errors: Unavailable when the key file cannot be read or made.
func (b *Box) Seal(text []byte, purpose string) ([]byte, error) {
	a, err := b.key(true)
	if err != nil {
		return nil, err
	}
	sealed, err := a.Encrypt(text, []byte(purpose))
	if err != nil {
		return nil, tandem.Errorf(tandem.Internal, "", "a secret cannot be sealed: %w", err)
	}
	return sealed, nil
}

// Open decrypts what Seal gave for the purpose.
//
// Errors: Unavailable when the key file is not there, cannot be read, or is not
// the one that sealed it.
func (b *Box) Open(sealed []byte, purpose string) ([]byte, error) {
	a, err := b.key(false)
	if err != nil {
		return nil, err
	}
	text, err := a.Decrypt(sealed, []byte(purpose))
	if err != nil {
		return nil, tandem.Errorf(tandem.Unavailable, "secrets-key-file", "%s is not the key that sealed it: give every node the same file, or give the secret again", b.path)
	}
	return text, nil
}

// key gives the cipher; made says whether a missing file may be made.
func (b *Box) key(made bool) (tink.AEAD, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.aead != nil {
		return b.aead, nil
	}
	raw, err := os.ReadFile(b.path)
	if errors.Is(err, fs.ErrNotExist) && made {
		if err := b.create(); err != nil {
			return nil, tandem.Errorf(tandem.Unavailable, "secrets-key-file", "cannot be made: %v", err)
		}
		raw, err = os.ReadFile(b.path)
	}
	if err != nil {
		return nil, tandem.Errorf(tandem.Unavailable, "secrets-key-file", "cannot be read: %v", err)
	}
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(raw)))
	if err != nil {
		return nil, tandem.Errorf(tandem.Unavailable, "secrets-key-file", "%s holds no Tink keyset", b.path)
	}
	if b.aead, err = aead.New(handle); err != nil {
		return nil, tandem.Errorf(tandem.Unavailable, "secrets-key-file", "%s holds no key for sealing", b.path)
	}
	return b.aead, nil
}

// create makes the key file whole, or finds that another process was first.
func (b *Box) create() error {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return err
	}
	var raw bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&raw)); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(b.path), ".secrets-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(raw.Bytes())
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), b.path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

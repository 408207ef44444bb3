// Package seal keeps secrets that have to be read again, such as a client
// secret, unreadable in the database: it encrypts them with a key in a file.
// Whoever has the database alone has nothing; whoever has both has all.
//
// Plain bytes flow in and sealed ones out, and back. It logs nothing.
package seal

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"

	"tandem"
)

// Sealer seals and unseals with one key set. It may be used by many goroutines.
type Sealer struct{ aead tink.AEAD }

// Open reads the key file at path, and makes it with a new key (XChaCha20-
// Poly1305) when there is none. Only its owner may read it. All nodes on one
// database need the same file.
func Open(path string) (*Sealer, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		raw, err = create(path)
	}
	if err != nil {
		return nil, fmt.Errorf("key file: %w", err)
	}
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(raw)))
	if err != nil {
		return nil, fmt.Errorf("key file %s: %w", path, err)
	}
	primitive, err := aead.New(handle)
	if err != nil {
		return nil, fmt.Errorf("key file %s: %w", path, err)
	}
	return &Sealer{primitive}, nil
}

// create writes a new key whole or not at all: of two programs that do it at
// once, both read what one of them wrote.
func create(path string) ([]byte, error) {
	handle, err := keyset.NewHandle(aead.XChaCha20Poly1305KeyTemplate())
	if err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&buf)); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".secrets-*") // mode 0600
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.Remove(f.Name()) }()
	_, err = f.Write(buf.Bytes())
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, err
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return os.ReadFile(path)
}

// Seal encrypts plain. context is not secret and not kept: the same has to be
// given to Unseal, so that what was sealed for one place is not good in another.
func (s *Sealer) Seal(plain, context []byte) []byte {
	sealed, err := s.aead.Encrypt(plain, context)
	if err != nil {
		panic("seal: " + err.Error()) // only for texts of gigabytes
	}
	return sealed
}

// Unseal is the inverse of Seal. Invalid when the bytes were sealed with another
// key or for another context, or were changed.
func (s *Sealer) Unseal(sealed, context []byte) ([]byte, error) {
	plain, err := s.aead.Decrypt(sealed, context)
	if err != nil {
		return nil, &tandem.Error{Code: tandem.Invalid, Message: "a stored secret cannot be read with this server's key file", Err: err}
	}
	return plain, nil
}

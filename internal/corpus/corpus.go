// Package corpus gives tests the recorded calls, rated texts and published vectors
// that may lie beside the repository, in ../shared/data. They are no part of the
// project: where one is absent, its test is skipped. Only tests import it.
package corpus

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io/fs"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// longest is more than any line of the files has, in bytes.
const longest = 16 << 20

// root is the module's folder, however deep the test's package lies in it.
var root = sync.OnceValues(func() (string, error) {
	mod, err := exec.Command("go", "env", "GOMOD").Output()
	return filepath.Dir(string(bytes.TrimSpace(mod))), err
})

// Path is where a file or folder of the corpus is; it skips the test where it is not.
func Path(t testing.TB, name string) string {
	t.Helper()
	dir, err := root()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "..", "shared", "data", filepath.FromSlash(name))
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		t.Skipf("../shared/data/%s is not here", name)
	} else if err != nil {
		t.Fatal(err)
	}
	return path
}

// Lines gives the lines of a gzipped file one after the other; each holds until the
// next. It skips the test where the file is absent.
func Lines(t testing.TB, name string) iter.Seq[[]byte] {
	t.Helper()
	path := Path(t, name)
	return func(yield func([]byte) bool) {
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		unzipped, err := gzip.NewReader(file)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(unzipped)
		lines.Buffer(nil, longest)
		for lines.Scan() {
			if !yield(lines.Bytes()) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			t.Fatal(err)
		}
	}
}

// All gives every record of a gzipped file of JSON lines, such as calls/sgd.jsonl.gz,
// as far as T has places for it. It skips the test where the file is absent.
func All[T any](t testing.TB, name string) iter.Seq[T] {
	t.Helper()
	lines := Lines(t, name)
	return func(yield func(T) bool) {
		for line := range lines {
			var record T
			if err := json.Unmarshal(line, &record); err != nil {
				t.Fatal(err)
			}
			if !yield(record) {
				return
			}
		}
	}
}

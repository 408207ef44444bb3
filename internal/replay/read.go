package replay

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"iter"
	"os"

	"tandem"
)

// maxLine is the longest line that is read: a conversation of several hours
// with its timings.
const maxLine = 16 << 20

// ReadFile reads the conversations of a file of JSON lines, gzipped or not,
// one at a time. It ends at the first error, which names the file and line.
func ReadFile(path string) iter.Seq2[Conversation, error] {
	return func(yield func(Conversation, error) bool) {
		f, err := os.Open(path)
		if err != nil {
			yield(Conversation{}, tandem.Errorf(tandem.NotFound, "", "the file cannot be read: %w", err))
			return
		}
		defer f.Close()
		for c, err := range Read(f) {
			if err != nil {
				err = fmt.Errorf("%s: %w", path, err)
			}
			if !yield(c, err) {
				return
			}
		}
	}
}

// Read reads conversations from JSON lines, gzipped or not, one at a time.
// Empty lines are skipped. It ends at the first error, which names the line.
func Read(r io.Reader) iter.Seq2[Conversation, error] {
	return func(yield func(Conversation, error) bool) {
		in, err := unzip(r)
		if err != nil {
			yield(Conversation{}, err)
			return
		}
		lines := bufio.NewScanner(in)
		lines.Buffer(make([]byte, 64<<10), maxLine)
		n := 0
		for lines.Scan() {
			n++
			line := bytes.TrimSpace(lines.Bytes())
			if len(line) == 0 {
				continue
			}
			c, err := Decode(line)
			if err != nil {
				yield(c, fmt.Errorf("line %d: %w", n, err))
				return
			}
			if !yield(c, nil) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield(Conversation{}, fmt.Errorf("line %d: %w", n+1, tandem.Errorf(tandem.Invalid, "", "cannot be read: %w", err)))
		}
	}
}

// unzip looks through gzip where r starts with its magic number (RFC 1952
// section 2.3.1).
func unzip(r io.Reader) (io.Reader, error) {
	br := bufio.NewReaderSize(r, 64<<10)
	magic, _ := br.Peek(2)
	if !bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		return br, nil
	}
	z, err := gzip.NewReader(br)
	if err != nil {
		return nil, tandem.Errorf(tandem.Invalid, "", "is not a whole gzip file: %w", err)
	}
	return z, nil
}

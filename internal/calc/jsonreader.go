package calc

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"

	"tandem"
)

// jsonReader reads a JSON text from front to back, so that a file of a million
// rows is never in memory as a tree, and every error has its place: a path for
// what is wrong in meaning, line and column for what is not JSON.
type jsonReader struct {
	src []byte
	dec *json.Decoder
}

func newJSONReader(src []byte) *jsonReader {
	dec := json.NewDecoder(bytes.NewReader(src))
	dec.UseNumber()
	return &jsonReader{src: src, dec: dec}
}

// token gives the next token; nil is JSON's null.
func (r *jsonReader) token() (json.Token, error) {
	t, err := r.dec.Token()
	if err == nil {
		return t, nil
	}
	at := r.dec.InputOffset()
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		at = blamed(r.src, syntax)
	}
	reason := strings.TrimPrefix(err.Error(), "json: ")
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		at, reason = int64(len(r.src)), "the text ends in the middle"
	}
	return nil, tandem.Errorf(tandem.Invalid, position(r.src, at), "is not JSON: %s", reason)
}

// blamed gives the byte that a syntax error is about. The decoder counts it in
// when it stops within a value, and not when it stops between two.
func blamed(src []byte, err *json.SyntaxError) int64 {
	at := err.Offset
	if at < int64(len(src)) && strings.Contains(err.Error(), "invalid character "+strconv.QuoteRune(rune(src[at]))) {
		return at
	}
	return at - 1
}

// position gives line and column, from 1, of a byte; columns count bytes.
func position(src []byte, offset int64) string {
	before := src[:max(0, min(offset, int64(len(src))))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len(before) - (bytes.LastIndexByte(before, '\n') + 1) + 1
	return "line " + itoa(line) + ", column " + itoa(column)
}

// end makes sure that nothing follows.
func (r *jsonReader) end() error {
	_, err := r.dec.Token()
	at := r.dec.InputOffset()
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err == nil:
		at--
	}
	return tandem.Errorf(tandem.Invalid, position(r.src, at), "has more behind the JSON object")
}

// object reads an object; member has to read the value of each key, whose path
// it is given.
func (r *jsonReader) object(path string, member func(key, path string) error) error {
	t, err := r.token()
	if err != nil {
		return err
	}
	if t != json.Delim('{') {
		return r.unexpected(path, t, "an object")
	}
	// A list, since objects have few members and this runs once for each row.
	var seen []string
	for {
		t, err := r.token()
		if err != nil {
			return err
		}
		if t == json.Delim('}') {
			return nil
		}
		key, _ := t.(string)
		at := join(path, key)
		for _, s := range seen {
			if s == key {
				return tandem.Errorf(tandem.Invalid, at, "is given twice")
			}
		}
		seen = append(seen, key)
		if err := member(key, at); err != nil {
			return err
		}
	}
}

// list reads an array; entry has to read each entry.
func (r *jsonReader) list(path string, entry func(i int, path string) error) error {
	t, err := r.token()
	if err != nil {
		return err
	}
	if t != json.Delim('[') {
		return r.unexpected(path, t, "a list")
	}
	for i := 0; r.dec.More(); i++ {
		if err := entry(i, path+index(i)); err != nil {
			return err
		}
	}
	_, err = r.token()
	return err
}

// cell reads a scalar.
func (r *jsonReader) cell(path string) (cell, error) {
	t, err := r.token()
	if err != nil {
		return cell{}, err
	}
	switch t := t.(type) {
	case nil:
		return cell{}, nil
	case json.Number:
		return cell{t.String(), number}, nil
	case string:
		return cell{t, word}, nil
	case bool:
		if t {
			return cell{"true", flag}, nil
		}
		return cell{"false", flag}, nil
	}
	return cell{}, r.unexpected(path, t, "a single value")
}

func (r *jsonReader) unexpected(path string, t json.Token, expected string) error {
	is := "a single value"
	switch t {
	case json.Delim('{'):
		is = "an object"
	case json.Delim('['):
		is = "a list"
	case nil:
		is = "null"
	}
	return tandem.Errorf(tandem.Invalid, orTop(path), "is %s; expected %s", is, expected)
}

func orTop(path string) string {
	if path == "" {
		return "the file"
	}
	return path
}

// unknownKey refuses a key and says which are known.
func unknownKey(path string, known []string) error {
	return tandem.Errorf(tandem.Invalid, path, "is not known here; known are %s", strings.Join(known, ", "))
}

func join(path, key string) string {
	if path == "" {
		return clip(key)
	}
	return path + "." + clip(key)
}

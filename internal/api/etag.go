package api

import (
	"strconv"
	"strings"

	"tandem"
)

// IfMatch is the precondition of an edit.
type IfMatch struct {
	IfMatch string `header:"If-Match" doc:"ETag of what was read; the edit is refused with 412 when it has changed since. Left out, the edit is made whatever it is now." example:"\"3\""`
}

// revision gives the revision that must be the stored one; 0 is any.
func (m IfMatch) revision() (int64, error) {
	tag := strings.TrimSpace(m.IfMatch)
	if tag == "" || tag == "*" {
		return 0, nil
	}
	tag = strings.TrimPrefix(tag, "W/") // proxies that compress weaken the tag
	n, err := strconv.ParseInt(strings.Trim(tag, `"`), 10, 64)
	if err != nil || n < 1 {
		return 0, tandem.Errorf(tandem.Invalid, "If-Match", "is %.40q; expected the ETag of what was read, such as \"3\"", tag)
	}
	return n, nil
}

func etag(revision int64) string { return `"` + strconv.FormatInt(revision, 10) + `"` }

// one is a response of one thing that people edit.
type one[T any] struct {
	ETag string `header:"ETag" doc:"Revision, for If-Match"`
	Body T
}

// made is the response to something new.
type made[T any] struct {
	Location string `header:"Location"`
	ETag     string `header:"ETag" doc:"Revision, for If-Match"`
	Body     T
}

// plain is a response of one thing that nobody edits.
type plain[T any] struct {
	Body T
}

package tandem

import (
	"errors"
	"fmt"
	"strings"
)

// Code says what kind of thing went wrong, for programs to act on.
type Code string

// The closed set of error codes. Every error that leaves the domain, the
// store or a verb either carries one of them or is an internal error.
const (
	// Invalid: the input breaks a rule; Field names the offending part.
	Invalid Code = "invalid"
	// NotFound: nothing has that id, number or name.
	NotFound Code = "not_found"
	// Conflict: the input is well-formed but contradicts what is stored.
	Conflict Code = "conflict"
	// Stale: the caller edited an older revision than the stored one.
	Stale Code = "stale"
	// Unauthenticated: no valid credentials were given.
	Unauthenticated Code = "unauthenticated"
	// Forbidden: the credentials do not allow this.
	Forbidden Code = "forbidden"
	// Unavailable: a part Tandem depends on is away; trying again may help.
	Unavailable Code = "unavailable"
	// Internal: a defect or an unforeseen failure.
	Internal Code = "internal"
)

// Error is a code for programs, a message for users and a cause for operators.
type Error struct {
	Code Code
	// Field is the path of the offending input in the caller's terms, such as
	// "arms[1].weight"; empty when no single field is at fault.
	Field string
	// Message says what was wrong and what was expected. It may be shown to
	// users and never holds secrets or personal data beyond what they sent.
	Message string
	// Err is the cause, for logs; it is never shown to users.
	Err error
}

// Error implements error.
func (e *Error) Error() string {
	s := e.Message
	if e.Field != "" {
		s = e.Field + ": " + s
	}
	if e.Err != nil && !strings.HasSuffix(e.Message, e.Err.Error()) {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an *Error. field may be empty. A %w verb in format is honoured
// as the cause and its text is kept out of the user's message only if the
// caller leaves it out.
func Errorf(code Code, field, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Code: code, Field: field, Message: err.Error(), Err: errors.Unwrap(err)}
}

// CodeOf gives the code of the first *Error in err's tree, Internal when there
// is none, and "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return Internal
}

// under returns err with every field in it prefixed by prefix, so that a rule
// about a part can be told in terms of the whole: "llm" + "temperature".
func under(prefix string, err error) error {
	switch e := err.(type) { //nolint:errorlint // it walks the tree itself, one level at a time
	case nil:
		return nil
	case *Error:
		c := *e
		switch {
		case c.Field == "":
			c.Field = prefix
		case c.Field[0] == '[':
			c.Field = prefix + c.Field
		default:
			c.Field = prefix + "." + c.Field
		}
		return &c
	case interface{ Unwrap() []error }:
		var all []error
		for _, sub := range e.Unwrap() {
			all = append(all, under(prefix, sub))
		}
		return errors.Join(all...)
	}
	return err
}

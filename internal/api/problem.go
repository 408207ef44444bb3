package api

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"tandem"
	"tandem/internal/account"
)

// Problem is the body of every error response (RFC 9457), with type
// application/problem+json. It never echoes a whole request: what was sent may
// be personal.
type Problem struct { //nolint:errname // named as RFC 9457 names it
	Type   string         `json:"type" doc:"Always about:blank: status and code say what kind of problem it is" example:"about:blank"`
	Title  string         `json:"title" doc:"The status in words" example:"Unprocessable Entity"`
	Status int            `json:"status" doc:"HTTP status" example:"422"`
	Code   tandem.Code    `json:"code" enum:"invalid,not_found,conflict,stale,unauthenticated,forbidden,unavailable,internal" doc:"What kind of problem, for programs"`
	Detail string         `json:"detail" doc:"What went wrong, for people"`
	Errors []ProblemError `json:"errors,omitempty" doc:"Each part of the request that is at fault"`

	header http.Header
}

// ProblemError is one part of the request that is at fault.
type ProblemError struct {
	Location string `json:"location" doc:"Where: body, query, path or header, then the path within" example:"body.arms[1].weight"`
	Message  string `json:"message" doc:"What is wrong with it and what was expected"`
}

// Error implements error.
func (p *Problem) Error() string { return p.Detail }

// GetStatus gives the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders gives the headers that belong to the status.
func (p *Problem) GetHeaders() http.Header { return p.header }

// ContentType gives the media type of problem details.
func (p *Problem) ContentType(string) string { return problemType }

const problemType = "application/problem+json"

// retryAfter is how many seconds a caller is asked to wait when a part of
// Tandem is away: long enough for a database to restart a little, short enough
// that nobody notices.
const retryAfter = "2"

func statusOf(code tandem.Code) int {
	switch code {
	case tandem.Invalid:
		return http.StatusUnprocessableEntity
	case tandem.NotFound:
		return http.StatusNotFound
	case tandem.Conflict:
		return http.StatusConflict
	case tandem.Stale:
		return http.StatusPreconditionFailed
	case tandem.Unauthenticated:
		return http.StatusUnauthorized
	case tandem.Forbidden:
		return http.StatusForbidden
	case tandem.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

func codeOf(status int) tandem.Code {
	switch status {
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		return tandem.NotFound
	case http.StatusConflict:
		return tandem.Conflict
	case http.StatusPreconditionFailed:
		return tandem.Stale
	case http.StatusUnauthorized:
		return tandem.Unauthenticated
	case http.StatusForbidden:
		return tandem.Forbidden
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		return tandem.Unavailable
	}
	if status < http.StatusInternalServerError {
		return tandem.Invalid
	}
	return tandem.Internal
}

func newProblem(status int, detail string) *Problem {
	p := &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: codeOf(status), Detail: detail, header: http.Header{}}
	switch status {
	case http.StatusUnauthorized:
		p.header.Set("WWW-Authenticate", `Bearer realm="tandem"`)
	case http.StatusServiceUnavailable:
		p.header.Set("Retry-After", retryAfter)
	}
	return p
}

// locate turns the field of a domain error into a place in the request.
type locate func(field string) string

func inBody(field string) string {
	switch {
	case field == "":
		return "body"
	case field[0] == '[':
		return "body" + field
	}
	return "body." + field
}

// problemFor turns any error into a problem. Only the messages of tandem.Error
// are shown; whatever else went wrong is an internal error, for the log.
func problemFor(err error, where locate) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok {
		return p
	}
	if held, ok := errors.AsType[*account.TooMany](err); ok {
		p := newProblem(http.StatusTooManyRequests, held.Error())
		p.header.Set("Retry-After", strconv.Itoa(int(held.Wait/time.Second)+1))
		return p
	}
	found := leaves(err)
	if len(found) == 0 {
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			return newProblem(http.StatusServiceUnavailable, "the request was given up before it was done")
		}
		return newProblem(http.StatusInternalServerError, "something went wrong inside Tandem; the log says what")
	}
	status := statusOf(found[0].Code)
	p := newProblem(status, found[0].Message)
	if status == http.StatusInternalServerError {
		p.Detail = "something went wrong inside Tandem; the log says what"
		return p
	}
	for _, e := range found {
		if e.Field != "" {
			p.Errors = append(p.Errors, ProblemError{Location: where(e.Field), Message: e.Message})
		}
	}
	switch {
	case len(p.Errors) > 1:
		p.Detail = strconv.Itoa(len(p.Errors)) + " parts of the request are at fault"
	case len(p.Errors) == 1:
		p.Detail = p.Errors[0].Location + " " + p.Errors[0].Message
	}
	return p
}

// leaves lists the tandem errors in err's tree, outermost first of each branch.
func leaves(err error) []*tandem.Error {
	switch e := err.(type) { //nolint:errorlint // walks the whole tree itself
	case nil:
		return nil
	case *tandem.Error:
		return []*tandem.Error{e}
	case interface{ Unwrap() []error }:
		var all []*tandem.Error
		for _, sub := range e.Unwrap() {
			all = append(all, leaves(sub)...)
		}
		return all
	case interface{ Unwrap() error }:
		return leaves(e.Unwrap())
	}
	return nil
}

// within puts prefix in front of every field in err.
func within(prefix string, err error) error {
	return refield(err, func(field string) string {
		if field != "" && field[0] != '[' {
			return prefix + "." + field
		}
		return prefix + field
	})
}

// refield renames every field in err.
func refield(err error, name func(string) string) error {
	var all []error
	for _, e := range leaves(err) {
		c := *e
		c.Field = name(c.Field)
		all = append(all, &c)
	}
	if all == nil {
		return err
	}
	return errors.Join(all...)
}

// The framework builds its own errors (validation, unreadable bodies) through
// this variable; the default would send back the offending values.
func init() {
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
		p := newProblem(status, msg)
		if status >= http.StatusInternalServerError {
			return p
		}
		for _, err := range errs {
			if d, ok := err.(huma.ErrorDetailer); ok {
				e := d.ErrorDetail()
				p.Errors = append(p.Errors, plainer(e))
			} else if err != nil {
				p.Errors = append(p.Errors, ProblemError{Location: "body", Message: err.Error()})
			}
		}
		if len(p.Errors) == 1 {
			p.Detail = p.Errors[0].Location + " " + p.Errors[0].Message
		}
		return p
	}
	huma.DefaultArrayNullable = false // lists are never null here
}

// plainer puts what schema validation says into the words of the rest: the
// place names the property itself, and the message follows it.
func plainer(e *huma.ErrorDetail) ProblemError {
	where, message := e.Location, e.Message
	if where == "" {
		where = "body"
	}
	if rest, ok := strings.CutPrefix(message, "expected required property "); ok {
		name, _, _ := strings.Cut(rest, " ")
		return ProblemError{Location: where + "." + name, Message: "is missing"}
	}
	switch {
	case message == validation.MsgUnexpectedProperty:
		message = "is not a property here"
	case message == validation.MsgExpectedMatchExactlyOneSchema:
		message = "has none of the forms that it may have"
	case strings.HasPrefix(message, "expected "):
		message = "does not fit: " + message
	case strings.HasPrefix(message, "required "):
		message = "is missing"
	}
	return ProblemError{Location: where, Message: message}
}

// fail writes err as a problem and logs what users are not shown.
func (a *api) fail(w http.ResponseWriter, r *http.Request, err error, where locate) {
	p := problemFor(err, where)
	a.logProblem(r.Context(), p, err, r.Method, r.URL.Path)
	writeProblem(w, p)
}

func (a *api) logProblem(ctx context.Context, p *Problem, err error, method, path string) {
	switch {
	case p.Status == http.StatusInternalServerError:
		a.log.ErrorContext(ctx, "request failed", "method", method, "path", path, "error", err)
	case p.Status == http.StatusServiceUnavailable && !errors.Is(err, context.Canceled):
		a.log.WarnContext(ctx, "request refused for now", "method", method, "path", path, "error", err)
	}
}

func writeProblem(w http.ResponseWriter, p *Problem) {
	h := w.Header()
	for name, values := range p.header {
		h[name] = values
	}
	h.Set("Content-Type", problemType)
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	if err := json.NewEncoder(w).Encode(p); err != nil {
		slog.Debug("problem not written", "error", err) // the client has gone
	}
}

package llm

import (
	"errors"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"tandem"
)

// RetryError says that the same call may be analysed later: the end point is
// away, busy, or answered something that is no answer.
type RetryError struct {
	// After is how long the end point asks to wait, at most an hour; 0 when it
	// does not say.
	After time.Duration
	Err   error
}

// Error implements error.
func (e *RetryError) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *RetryError) Unwrap() error { return e.Err }

// RetryAfter gives After, to whom does not know this type.
func (e *RetryError) RetryAfter() time.Duration { return e.After }

// RefusedError says that the end point does not take requests such as these: its
// address, the key, the model or the settings are wrong, or it wants to be paid.
// The next call will most likely fare the same.
type RefusedError struct {
	Status int // HTTP status
	Err    error
	// long: what was sent of the call was too much; less might do.
	long bool
}

// Error implements error.
func (e *RefusedError) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *RefusedError) Unwrap() error { return e.Err }

// maxWait bounds what an end point may ask to wait.
const maxWait = time.Hour

func retry(after time.Duration, format string, args ...any) error {
	return &RetryError{After: after, Err: tandem.Errorf(tandem.Unavailable, "", format, args...)}
}

func refused(status int, field, format string, args ...any) *RefusedError {
	return &RefusedError{Status: status, Err: tandem.Errorf(tandem.Invalid, field, format, args...)}
}

// failure turns an answer that is none into the error to return. What the server
// says of it is left out: it may quote the key or the call.
func (s *statusError) failure() error {
	what := strconv.Itoa(s.status) + " " + http.StatusText(s.status)
	if known[s.code] {
		what += ", " + s.code
	}
	switch {
	case s.code == "insufficient_quota" || s.status == http.StatusPaymentRequired:
		return refused(s.status, "", "the model's end point wants to be paid first (%s)", what)
	case s.status >= 500, s.status == http.StatusTooManyRequests, s.status == http.StatusRequestTimeout,
		s.status == http.StatusConflict, s.status == http.StatusTooEarly:
		return retry(s.after, "the model's end point cannot answer now (%s)", what)
	case s.status == http.StatusUnauthorized || s.status == http.StatusForbidden:
		return refused(s.status, "key", "does not open the model's end point (%s)", what)
	case s.status == http.StatusNotFound:
		return refused(s.status, "model", "or the end point's address is unknown there (%s)", what)
	case s.status < 400:
		return refused(s.status, "base_url", "leads elsewhere (%s); expected the end point's own address", what)
	case s.tooLong():
		err := refused(s.status, "max_input_tokens", "is far more than the model holds (%s)", what)
		err.long = true
		return err
	}
	return refused(s.status, "", "the model's end point does not take the request (%s)", what)
}

// known are the codes of errors that are told on; others may quote anything.
var known = map[string]bool{
	"invalid_api_key": true, "insufficient_quota": true, "rate_limit_exceeded": true, "model_not_found": true,
	"unsupported_parameter": true, "unsupported_value": true, "invalid_value": true, "invalid_type": true,
	"context_length_exceeded": true, "DeploymentNotFound": true, "billing_not_active": true,
	"account_deactivated": true, "model_decommissioned": true, "unknown_url": true, "server_error": true,
}

// plain takes the address out of an error of net/http.
func plain(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}

// retryAfter reads how long to wait: retry-after-ms, which some send, else
// Retry-After (RFC 9110, section 10.2.3) in seconds or as a date.
func retryAfter(h http.Header, now time.Time) time.Duration {
	if ms, err := strconv.ParseFloat(h.Get("Retry-After-Ms"), 64); err == nil {
		return wait(ms / 1000)
	}
	after := h.Get("Retry-After")
	if s, err := strconv.ParseFloat(after, 64); err == nil {
		return wait(s)
	}
	if at, err := http.ParseTime(after); err == nil {
		return wait(at.Sub(now).Seconds())
	}
	return 0
}

func wait(seconds float64) time.Duration {
	if math.IsNaN(seconds) {
		return 0
	}
	return time.Duration(max(0, min(seconds, maxWait.Seconds())) * float64(time.Second))
}

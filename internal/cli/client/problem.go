package client

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"tandem"
)

// problemDetails is the body of an error (RFC 9457) as Tandem sends it.
type problemDetails struct {
	Code   tandem.Code `json:"code"`
	Title  string      `json:"title"`
	Detail string      `json:"detail"`
	Errors []struct {
		Location string `json:"location"`
		Message  string `json:"message"`
	} `json:"errors"`
}

// problem turns an error answer into the domain's errors: one for each part of
// the request that is at fault, with its place as the field.
func problem(res *http.Response, raw []byte) error {
	var p problemDetails
	if json.Unmarshal(raw, &p) != nil || p.Detail == "" && p.Title == "" && len(p.Errors) == 0 {
		return tandem.Errorf(codeOf(res.StatusCode), "", "the server answered %s", res.Status)
	}
	if p.Code == "" {
		p.Code = codeOf(res.StatusCode)
	}
	var errs []error
	for _, e := range p.Errors {
		errs = append(errs, &tandem.Error{Code: p.Code, Field: field(e.Location), Message: e.Message})
	}
	if len(errs) > 0 {
		return errors.Join(errs...)
	}
	if p.Detail == "" {
		p.Detail = p.Title
	}
	return &tandem.Error{Code: p.Code, Message: p.Detail}
}

// field turns a place in the request into what a user of the client calls it.
func field(location string) string {
	for _, part := range []string{"body", "query", "path", "header"} {
		if location == part {
			return ""
		}
		if rest, ok := strings.CutPrefix(location, part+"."); ok {
			return rest
		}
	}
	return location
}

// codeOf is for answers that do not say: those of a proxy in between.
func codeOf(status int) tandem.Code {
	switch status {
	case http.StatusNotFound:
		return tandem.NotFound
	case http.StatusConflict:
		return tandem.Conflict
	case http.StatusPreconditionFailed:
		return tandem.Stale
	case http.StatusUnauthorized:
		return tandem.Unauthenticated
	case http.StatusForbidden:
		return tandem.Forbidden
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return tandem.Unavailable
	}
	if status >= 500 {
		return tandem.Internal
	}
	return tandem.Invalid
}

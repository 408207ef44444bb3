package tandem

import (
	"errors"
	"regexp"
	"time"
)

// RouteKind says where a route's calls come from.
type RouteKind string

// The kinds of routes.
const (
	// Inbound calls arrive at a phone number.
	Inbound RouteKind = "inbound"
	// Outbound calls are placed by a campaign or workflow that asks the API
	// for an assignment.
	Outbound RouteKind = "outbound"
)

// SIPMode says what the gateway does with a route's calls.
type SIPMode string

// The modes of the SIP gateway.
const (
	// Proxy stays in the signalling path and sees answer, transfer and end.
	Proxy SIPMode = "proxy"
	// Redirect answers 302 and is out of the way; it sees neither duration nor
	// end, so outcomes must come through the API.
	Redirect SIPMode = "redirect"
)

// Route is where calls come in or go out: a phone number or a campaign. It has
// one live version, which takes every call that no test assigns.
type Route struct {
	ID            ID        `json:"id" readOnly:"true"`
	Kind          RouteKind `json:"kind" enum:"inbound,outbound"`
	Number        string    `json:"number,omitempty" doc:"Inbound only: E.164" example:"+14155550100"`
	Name          string    `json:"name"`
	LiveVersionID ID        `json:"live_version_id" doc:"Takes every call that no test assigns"`
	FallbackURI   string    `json:"fallback_uri,omitempty" doc:"SIP URI that takes the call when the version's target does not answer"`
	SIPMode       SIPMode   `json:"sip_mode" enum:"proxy,redirect"`
	// MaxCallSeconds bounds the duration metric; a call without an end after
	// it, plus a grace period, is marked lost.
	MaxCallSeconds int `json:"max_call_seconds" minimum:"10" maximum:"86400" doc:"A call that has not ended by then, plus a grace period, is marked lost"`
	// VersionLimit is how many calls a version that takes this route's calls may
	// have in progress, those of other routes included; 0 is no limit. A call
	// beyond it is not randomised.
	VersionLimit int       `json:"version_limit,omitempty" minimum:"0" doc:"Most calls that a version may have in progress, on all routes; 0: no limit"`
	Revision     int64     `json:"revision" readOnly:"true" doc:"Grows with each change; given back in If-Match"`
	CreatedAt    time.Time `json:"created_at" readOnly:"true"`
	UpdatedAt    time.Time `json:"updated_at" readOnly:"true"`
}

// DefaultMaxCallSeconds is a route's maximum call length when none is given:
// one hour, past nearly every conversation with an agent.
const DefaultMaxCallSeconds = 3600

// LostGrace is added to a route's maximum call length before a call without an
// end is marked lost, so that a slow platform's report still arrives in time.
const LostGrace = 10 * time.Minute

var e164Form = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// ValidE164 says whether number is E.164: a plus, a country code and 7 to 15
// digits in all (ITU-T E.164 section 6).
func ValidE164(number string) bool { return e164Form.MatchString(number) }

// Validate checks a route after defaults were filled in. Number must already
// be E.164: the edges normalise what people type.
func (r Route) Validate() error {
	errs := []error{ValidateName("name", r.Name)}
	switch r.Kind {
	case Inbound:
		if !ValidE164(r.Number) {
			errs = append(errs, Errorf(Invalid, "number", "is %q; expected a phone number in E.164 such as +14155550100", clip(r.Number)))
		}
	case Outbound:
		if r.Number != "" {
			errs = append(errs, Errorf(Invalid, "number", "is given for an outbound route; only inbound routes have one"))
		}
	default:
		errs = append(errs, Errorf(Invalid, "kind", "is %q; expected inbound or outbound", r.Kind))
	}
	if !r.LiveVersionID.Valid() {
		errs = append(errs, Errorf(Invalid, "live_version_id", "is %q; expected a published version", clip(string(r.LiveVersionID))))
	}
	if r.FallbackURI != "" {
		errs = append(errs, ValidateSIPURI("fallback_uri", r.FallbackURI))
	}
	if r.SIPMode != Proxy && r.SIPMode != Redirect {
		errs = append(errs, Errorf(Invalid, "sip_mode", "is %q; expected proxy or redirect", r.SIPMode))
	}
	if r.MaxCallSeconds < 10 || r.MaxCallSeconds > 86400 {
		errs = append(errs, Errorf(Invalid, "max_call_seconds", "is %d; expected 10 to 86400", r.MaxCallSeconds))
	}
	if r.VersionLimit < 0 {
		errs = append(errs, Errorf(Invalid, "version_limit", "is %d; expected 0 (no limit) or more", r.VersionLimit))
	}
	return errors.Join(errs...)
}

package notify

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"tandem"
)

// waits are the times between attempts that Standard Webhooks advise ("Deliverability
// and reliability"): the first is made at once, the tenth about three days later.
var waits = []time.Duration{
	5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour,
	10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
}

const (
	// jitter spreads attempts by this share of their wait, to either side, so
	// that what failed together is not tried together.
	jitter = 0.1
	// maxRetryAfter bounds what a receiver can ask for.
	maxRetryAfter = 24 * time.Hour
	// maxReason bounds what is kept of an error.
	maxReason = 300
)

// ruling is what becomes of a delivery after an attempt.
type ruling struct {
	state  tandem.DeliveryState
	nextAt time.Time
	reason string
}

// judge says what becomes of a delivery that had so many attempts before this
// one: 2xx is delivered; 410 Gone is given up, as the specification asks, and so
// is the tenth failure; everything else is tried again.
func judge(a answer, before int, now time.Time) ruling {
	if a.ok() {
		return ruling{state: tandem.DeliveryDelivered}
	}
	reason := says(a)
	if a.hopeless || a.status == http.StatusGone || before >= len(waits) {
		return ruling{state: tandem.DeliveryFailed, reason: reason}
	}
	wait := spread(waits[max(before, 0)])
	if asked := parseRetryAfter(a.retryAfter, now); asked > wait {
		wait = asked
	}
	return ruling{state: tandem.DeliveryPending, nextAt: now.Add(wait).Truncate(time.Microsecond), reason: reason}
}

func spread(d time.Duration) time.Duration {
	return time.Duration(float64(d) * (1 - jitter + 2*jitter*rand.Float64()))
}

func says(a answer) string {
	if a.err != nil {
		return fmt.Sprintf("%.*s", maxReason, a.err.Error())
	}
	text := http.StatusText(a.status)
	if a.status >= 300 && a.status <= 399 {
		text += " (redirects are not followed)"
	}
	return fmt.Sprintf("answered %d %s", a.status, text)
}

// parseRetryAfter reads a Retry-After header (RFC 9110, section 10.2.3): seconds
// or a date. It gives 0 for what is neither or lies in the past.
func parseRetryAfter(header string, now time.Time) time.Duration {
	var d time.Duration
	if seconds, err := strconv.ParseUint(header, 10, 31); err == nil {
		d = time.Duration(seconds) * time.Second
	} else if at, err := http.ParseTime(header); err == nil {
		d = at.Sub(now)
	}
	return min(max(d, 0), maxRetryAfter)
}

package sip

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"tandem"
	"tandem/internal/assign"
	"tandem/internal/sip/wire"
)

// call is what is known of a call between its INVITE and the final answer.
type call struct {
	id       tandem.ID
	foreign  string
	at       time.Time
	decision assign.Decision
	token    []byte
	raw      []byte // the INVITE as it came, for another attempt
	from     hop    // where it came from

	attempts []attempt
	attempt  int
	failed   tandem.Reason // why the first attempt did not take the call
	reported int           // attempt that the last failover event named
}

// maxForeignID is the longest id that an event may carry.
const maxForeignID = 200

// foreignID gives a Call-ID as events carry it; one that is too long is
// replaced by its hash.
func foreignID(callID []byte) string {
	if len(callID) <= maxForeignID {
		return strings.ToValidUTF8(string(callID), "?")
	}
	sum := sha256.Sum256(callID)
	return "sha256-" + hex.EncodeToString(sum[:])
}

// moment is when something happened, as precise as the store keeps it, so that
// an event made again on another node from the same facts is the same event.
func moment(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// event makes an event about a call. What happens once in a call has one id,
// whoever reports it and however often.
func event(id tandem.ID, foreign string, kind tandem.EventKind, detail string, at time.Time) tandem.Event {
	return tandem.Event{
		ID: string(id) + "/" + string(kind) + detail, Origin: tandem.OriginSIP,
		CallID: id, ForeignID: foreign, Kind: kind, At: moment(at),
	}
}

func (g *Gateway) recordAssigned(id tandem.ID, foreign string, a tandem.Assignment, at time.Time) {
	e := event(id, foreign, tandem.EventAssigned, "", at)
	e.Assigned = &a
	g.recorder.Record(e)
}

func (g *Gateway) recordAnswered(id tandem.ID, foreign string, at time.Time) {
	g.recorder.Record(event(id, foreign, tandem.EventAnswered, "", at))
}

func (g *Gateway) recordEnded(id tandem.ID, foreign string, at time.Time, ending tandem.Ending) {
	e := event(id, foreign, tandem.EventEnded, "", at)
	e.Ended = &ending
	g.recorder.Record(e)
}

func (g *Gateway) recordTransfer(id tandem.ID, foreign string, at time.Time, t tandem.Transfer) {
	e := event(id, foreign, tandem.EventTransferred, "/"+string(t.State), at)
	e.Transferred = &t
	g.recorder.Record(e)
}

func (g *Gateway) recordFailover(c *call, n int, at time.Time, f tandem.Failover) {
	e := event(c.id, c.foreign, tandem.EventFailover, "/"+string(rune('0'+n%10)), at)
	e.Failover = &f
	g.recorder.Record(e)
}

// retryable are failures after which the caller usually sends the same call
// again with what was missing (credentials, a longer session interval): the
// call has not ended.
func retryable(status int) bool {
	switch status {
	case 401, 407, 412, 420, 421, 422, 428, 494:
		return true
	}
	return false
}

// endedWith says how a call ended that nobody answered.
func endedWith(status int, reason []byte) tandem.Ending {
	no := false
	e := tandem.Ending{By: tandem.ByAgent, SIPStatus: status, Answered: &no, Cause: cause(reason)}
	if status >= 500 && status < 600 || status == 408 {
		e.By = tandem.BySystem
	}
	return e
}

const maxCause = 100

// cause cleans text from a message for the record.
func cause(text []byte) string {
	s := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == 0xfffd {
			return -1
		}
		return r
	}, string(wire.Trim(text)))
	if len(s) > maxCause {
		s = strings.ToValidUTF8(s[:maxCause], "")
	}
	return s
}

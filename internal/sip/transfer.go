package sip

import (
	"bytes"
	"sync"
	"time"

	"tandem"
	"tandem/internal/sip/wire"
)

// referral is a REFER in hand: whom the call is to be handed to.
type referral struct {
	id      tandem.ID
	foreign string
	to      string
}

// maxTransferTo bounds a transfer's target in the record.
const maxTransferTo = 200

// transferTo gives the URI of a Refer-To or Contact without its headers
// (Replaces among them).
func transferTo(value []byte) string {
	a, ok := wire.ParseAddress(value)
	if !ok {
		return ""
	}
	uri, _, _ := bytes.Cut(a.URI, []byte("?"))
	return cause(uri[:min(len(uri), maxTransferTo)])
}

// transfers remembers whom calls are being handed to, so that the outcome,
// which comes in a NOTIFY, can be told with it. What another node was asked is
// unknown here; then the outcome is recorded without.
type transfers struct {
	mu   sync.Mutex
	to   map[tandem.ID]string
	old  map[tandem.ID]string
	turn time.Time
}

const (
	transferMemory = 5 * time.Minute
	maxTransfers   = 20_000
)

func (t *transfers) note(id tandem.ID, to string, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.to == nil || now.Sub(t.turn) > transferMemory || len(t.to) >= maxTransfers {
		t.old, t.to, t.turn = t.to, map[tandem.ID]string{}, now
	}
	t.to[id] = to
}

func (t *transfers) find(id tandem.ID) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if to, ok := t.to[id]; ok {
		return to
	}
	return t.old[id]
}

// referred handles the final response to a REFER (RFC 3515): accepted is an
// attempt, refused a failure.
func (g *Gateway) referred(w *worker, r *referral, status int) {
	state := tandem.TransferAttempted
	if status >= 300 {
		if retryable(status) {
			return
		}
		state = tandem.TransferFailed
	} else {
		g.transfers.note(r.id, r.to, w.now)
	}
	g.recordTransfer(r.id, r.foreign, w.now, tandem.Transfer{State: state, To: r.to})
}

// notified reads the outcome of a transfer from a NOTIFY with a
// message/sipfrag body (RFC 3515 section 2.4.5, RFC 3420).
func (g *Gateway) notified(w *worker, id tandem.ID, foreign string) {
	m := &w.m
	event, _, _ := bytes.Cut(m.Value(wire.Event), []byte(";"))
	if !wire.EqualFold(wire.Trim(event), "refer") {
		return
	}
	line, _, _ := bytes.Cut(m.Body(), []byte("\n"))
	version, rest, _ := bytes.Cut(wire.Trim(line), []byte(" "))
	if !wire.EqualFold(version, "sip/2.0") || len(rest) < 3 {
		return
	}
	status, ok := wire.Number(rest[:3], 699)
	if !ok || status < 200 {
		return
	}
	t := tandem.Transfer{State: tandem.TransferCompleted, To: g.transfers.find(id)}
	if status >= 300 {
		t.State = tandem.TransferFailed
	}
	g.recordTransfer(id, foreign, w.now, t)
}

package store

import (
	"encoding/json"
	"fmt"

	"tandem"
)

// facts is what the record column holds: the call without what has columns of
// its own (id, revision, ordinal, goal) and without what is derived
// from the rest of it.
type facts struct {
	Foreign  map[string]string               `json:"foreign,omitempty"`
	Assigned *tandem.Fact[tandem.Assignment] `json:"assigned,omitempty"`
	Started  *tandem.Fact[struct{}]          `json:"started,omitempty"`
	Answered *tandem.Fact[struct{}]          `json:"answered,omitempty"`
	Ended    *tandem.Fact[tandem.Ending]     `json:"ended,omitempty"`
	Transfer *tandem.Fact[tandem.Transfer]   `json:"transfer,omitempty"`
	Failover *tandem.Fact[tandem.Failover]   `json:"failover,omitempty"`
	Lost     *tandem.Fact[struct{}]          `json:"lost,omitempty"`
	Reported *tandem.Fact[tandem.ID]         `json:"reported,omitempty"`
	Turns    *tandem.Fact[int]               `json:"turns,omitempty"`
	Values   map[string]tandem.Fact[any]     `json:"values,omitempty"`
	Cost     *tandem.Fact[tandem.Cost]       `json:"cost,omitempty"`
	Latency  *tandem.Fact[tandem.Latency]    `json:"latency,omitempty"`

	Recording    *tandem.Fact[tandem.Recording] `json:"recording,omitempty"`
	Removed      *tandem.Removed                `json:"removed,omitempty"`
	Conversation *tandem.Conversation           `json:"conversation,omitempty"`
}

func encodeRecord(c *tandem.Call) (string, error) {
	raw, err := json.Marshal(&facts{
		Foreign: c.Foreign, Assigned: c.Assigned, Started: c.Started, Answered: c.Answered, Ended: c.Ended,
		Transfer: c.Transfer, Failover: c.Failover, Lost: c.Lost, Reported: c.Reported, Turns: c.Turns, Values: c.Values,
		Cost: c.Cost, Latency: c.Latency, Recording: c.Recording, Removed: c.Removed, Conversation: c.Conversation,
	})
	return string(raw), err
}

const callColumns = `c.id, c.revision, c.ordinal, c.goal, c.record`

// callRow reads rows of callColumns. It keeps its buffers between rows.
type callRow struct {
	id       string
	revision int64
	ordinal  int64
	goal     *bool
	record   []byte
}

func (r *callRow) places() []any {
	return []any{&r.id, &r.revision, &r.ordinal, &r.goal, &r.record}
}

func (r *callRow) call() (tandem.Call, error) {
	var f facts
	if err := json.Unmarshal(r.record, &f); err != nil {
		return tandem.Call{}, fmt.Errorf("record of call %s: %w", r.id, err)
	}
	return tandem.Call{
		ID: tandem.ID(r.id), Foreign: f.Foreign, Assigned: f.Assigned, Started: f.Started, Answered: f.Answered, Ended: f.Ended,
		Transfer: f.Transfer, Failover: f.Failover, Lost: f.Lost, Reported: f.Reported, Turns: f.Turns, Values: f.Values,
		Cost: f.Cost, Latency: f.Latency, Recording: f.Recording, Removed: f.Removed, Conversation: f.Conversation, Goal: r.goal, Ordinal: r.ordinal, Revision: r.revision,
	}, nil
}

// lasts says whether the call passes what the filter says of its length. It reads
// what tells that and no more of the record: most calls that are looked at are not
// shown.
func (r *callRow) lasts(f tandem.CallFilter) (bool, error) {
	if !f.ByLength() {
		return true, nil
	}
	var c struct {
		Answered *tandem.Fact[struct{}]      `json:"answered"`
		Ended    *tandem.Fact[tandem.Ending] `json:"ended"`
	}
	if err := json.Unmarshal(r.record, &c); err != nil {
		return false, fmt.Errorf("record of call %s: %w", r.id, err)
	}
	return tandem.CallFilter{MinLength: f.MinLength, MaxLength: f.MaxLength}.Match(tandem.Call{Answered: c.Answered, Ended: c.Ended}), nil
}

func scanCall(scan func(...any) error) (tandem.Call, error) {
	var r callRow
	if err := scan(r.places()...); err != nil {
		return tandem.Call{}, err
	}
	return r.call()
}

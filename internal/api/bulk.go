package api

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"tandem"
)

const (
	// bulkChunk is how many lines share a commit: large enough for the store
	// to be quick, small enough that requests beside it are not held up.
	bulkChunk = 500
	// maxRejected bounds the lines a report lists; all are counted.
	maxRejected = 1000
)

// BulkReport says what became of each line.
type BulkReport struct {
	Accepted      int            `json:"accepted" doc:"Lines stored, those included that changed nothing"`
	RejectedCount int            `json:"rejected_count" doc:"Lines not stored"`
	Rejected      []RejectedLine `json:"rejected" doc:"The first thousand of them"`
}

// RejectedLine is a line that was not stored, and why.
type RejectedLine struct {
	Line   int            `json:"line" doc:"Number of the line, from 1"`
	Errors []ProblemError `json:"errors"`
}

// bulk is one request on its way through.
type bulk struct {
	a      *api
	r      *http.Request
	who    *caller
	report BulkReport
	events []tandem.Event // waiting for their commit
	lines  []int          // and where they stood
}

func (a *api) reportBulk(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	who, err := a.keyring.admit(r, tandem.ScopeIngest)
	if err != nil {
		a.fail(w, r, err, inBody)
		return
	}
	b := &bulk{a: a, r: r, who: who, report: BulkReport{Rejected: []RejectedLine{}}}
	if err := b.run(r.Context(), http.NewResponseController(w)); err != nil {
		if p := problemFor(err, inBody); p.Status == http.StatusServiceUnavailable {
			// What is stored stays stored; the sender may send all again.
			p.Detail += "; everything may be sent again, stored lines change nothing"
			err = p
		}
		a.fail(w, r, err, inBody)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if b.report.RejectedCount > 0 {
		w.WriteHeader(http.StatusUnprocessableEntity)
	}
	if err := json.NewEncoder(w).Encode(b.report); err != nil {
		a.log.DebugContext(r.Context(), "bulk report not written", "error", err)
	}
}

// bulkPatience is how long the sender may take for the next stretch of lines:
// a large import takes long as a whole, and that is fine.
const bulkPatience = 30 * time.Second

func (b *bulk) run(ctx context.Context, conn *http.ResponseController) error {
	in := bufio.NewReaderSize(b.r.Body, 64<<10)
	for n := 1; ; n++ {
		if n%bulkChunk == 1 {
			_ = conn.SetReadDeadline(time.Now().Add(bulkPatience)) // not all connections have one
			_ = conn.SetWriteDeadline(time.Time{})
		}
		line, err := readLine(in)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, errLongLine) {
			return newProblem(http.StatusBadRequest, "the body ended before it was complete")
		}
		switch {
		case errors.Is(err, errLongLine):
			b.reject(n, tandem.Errorf(tandem.Invalid, "", "has more than %d bytes", maxEvents))
		case len(bytes.TrimSpace(line)) > 0:
			if err := b.take(n, line); err != nil {
				return err
			}
		}
		if len(b.events) >= bulkChunk || errors.Is(err, io.EOF) {
			if err := b.commit(ctx); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
	}
}

var errLongLine = errors.New("line too long")

// readLine gives the next line without its end. A line longer than maxEvents
// is read past and gives errLongLine.
func readLine(in *bufio.Reader) ([]byte, error) {
	var whole []byte
	long := false
	for {
		part, err := in.ReadSlice('\n')
		if len(whole)+len(part) > maxEvents {
			long, whole = true, nil
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			if !long {
				whole = append(whole, part...)
			}
			continue
		case long && (err == nil || errors.Is(err, io.EOF)):
			return nil, errLongLine // at the end of the body, the next read says so
		case whole == nil:
			return part, err
		}
		return append(whole, part...), err
	}
}

// take reads one line; what is wrong with it is reported, and the others go on.
func (b *bulk) take(n int, line []byte) error {
	var e tandem.Event
	err := decodeEvent(line, &e)
	if err == nil {
		err = b.a.settle(b.r, b.who, &e, b.a.Now())
	}
	switch {
	case err == nil:
		b.events, b.lines = append(b.events, e), append(b.lines, n)
	case blames(err):
		b.reject(n, err)
	default:
		return err
	}
	return nil
}

// commit stores what waits. A chunk that is refused is done again line by
// line, to find the ones at fault.
func (b *bulk) commit(ctx context.Context) error {
	defer func() { b.events, b.lines = b.events[:0], b.lines[:0] }()
	err := b.a.Ingester.Ingest(ctx, b.events)
	if err == nil {
		b.report.Accepted += len(b.events)
		return nil
	}
	if !blames(err) {
		return err
	}
	for i := range b.events {
		err := b.a.Ingester.Ingest(ctx, b.events[i:i+1])
		switch {
		case err == nil:
			b.report.Accepted++
		case blames(err):
			b.reject(b.lines[i], fromEvents(err, false))
		default:
			return err
		}
	}
	return nil
}

// blames says whether err is about the events, not about Tandem.
func blames(err error) bool {
	return problemFor(err, inBody).Status < http.StatusInternalServerError
}

func (b *bulk) reject(n int, err error) {
	b.report.RejectedCount++
	if len(b.report.Rejected) >= maxRejected {
		return
	}
	line := RejectedLine{Line: n}
	if p, ok := errors.AsType[*Problem](err); ok {
		line.Errors = append(line.Errors, ProblemError{Location: "line", Message: p.Detail})
	}
	for _, e := range leaves(err) {
		at := e.Field
		if at == "" {
			at = "line"
		}
		line.Errors = append(line.Errors, ProblemError{Location: at, Message: e.Message})
	}
	b.report.Rejected = append(b.report.Rejected, line)
}

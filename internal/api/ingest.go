package api

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"tandem"
)

// The two ways in for events are plain handlers: the framework would walk each
// body twice by reflection, and these are the busiest paths.
func (a *api) events() {
	one := operation{
		id: "report-events", method: http.MethodPost, path: "/v1/calls/{call}/events", tag: tagEvents, scope: tandem.ScopeIngest,
		summary:     "Report about one call",
		description: "One event, or a list that is taken whole or not at all. Without `at`, now. An answer means that the events are stored.",
	}
	a.mux.HandleFunc("POST "+one.path, a.reportCall)
	a.describe(one, func(h *huma.Operation) {
		event := a.schema(tandem.Event{})
		full := a.huma.OpenAPI().Components.Schemas.Map()["Event"]
		full.Required = slices.DeleteFunc(full.Required, func(name string) bool { return name == "at" })
		h.Parameters = []*huma.Param{{Name: "call", In: "path", Required: true, Description: "Tandem's id of the call", Schema: &huma.Schema{Type: huma.TypeString}}}
		h.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"application/json": {Schema: &huma.Schema{OneOf: []*huma.Schema{event, {Type: huma.TypeArray, Items: event}}}},
		}}
		h.Responses["200"] = &huma.Response{Description: "Stored", Content: map[string]*huma.MediaType{"application/json": {Schema: a.schema(Accepted{})}}}
	})
	bulk := operation{
		id: "report-bulk", method: http.MethodPost, path: "/v1/events", tag: tagEvents, scope: tandem.ScopeIngest,
		summary:     "Report about many calls",
		description: "JSON lines: one event a line, each with call_id, or origin and foreign_id. Lines at fault are listed by number; all others are stored nevertheless, and sending everything again is safe. 200: every line was stored; 422: some were not.",
	}
	a.mux.HandleFunc("POST "+bulk.path, a.reportBulk)
	a.describe(bulk, func(h *huma.Operation) {
		report := map[string]*huma.MediaType{"application/json": {Schema: a.schema(BulkReport{})}}
		h.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"application/x-ndjson": {Schema: &huma.Schema{Type: huma.TypeString, Description: "Lines, each an Event as JSON"}},
		}}
		h.Responses["200"] = &huma.Response{Description: "Every line was stored", Content: report}
		h.Responses["422"] = &huma.Response{Description: "Some lines were not stored; the others were", Content: report}
		h.Errors = slices.DeleteFunc(h.Errors, func(s int) bool { return s == http.StatusUnprocessableEntity })
	})
}

// Accepted says how many events were stored.
type Accepted struct {
	Accepted int `json:"accepted" doc:"Events stored, those included that changed nothing"`
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// maxPooled keeps a rare large request from holding memory for ever.
const maxPooled = 64 << 10

func (a *api) reportCall(w http.ResponseWriter, r *http.Request) {
	who, err := a.keyring.admit(r, tandem.ScopeIngest)
	if err != nil {
		a.fail(w, r, err, inBody)
		return
	}
	buf := buffers.Get().(*bytes.Buffer)
	defer func() {
		if buf.Cap() <= maxPooled {
			buf.Reset()
			buffers.Put(buf)
		}
	}()
	if _, err := buf.ReadFrom(http.MaxBytesReader(w, r.Body, maxEvents)); err != nil {
		a.fail(w, r, tooLarge(err), inBody)
		return
	}
	events, many, err := decodeEvents(buf.Bytes())
	if err == nil {
		err = a.settleAll(r, who, events, many)
	}
	if err == nil {
		err = fromEvents(a.Ingester.Ingest(r.Context(), events), many)
	}
	if err != nil {
		a.fail(w, r, err, inBody)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	_, _ = w.Write(strconv.AppendInt([]byte(`{"accepted":`), int64(len(events)), 10))
	_, _ = io.WriteString(w, "}\n")
}

// settleAll checks the events of one call.
func (a *api) settleAll(r *http.Request, who *caller, events []tandem.Event, many bool) error {
	id := tandem.ID(r.PathValue("call"))
	if !id.Valid() {
		return noCall(id)
	}
	now := a.Now()
	var errs []error
	for i := range events {
		e := &events[i]
		var err error
		if e.CallID != "" && e.CallID != id {
			err = tandem.Errorf(tandem.Invalid, "call_id", "is not the call in the path; leave it out")
		} else {
			e.CallID = id
			err = a.settle(r, who, e, now)
		}
		if err != nil && many {
			err = within("["+strconv.Itoa(i)+"]", err)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// fromEvents puts ingest's own fields ("events[2].foreign_id") into terms of
// the body.
func fromEvents(err error, many bool) error {
	return refield(err, func(field string) string {
		if rest, ok := strings.CutPrefix(field, "events["); ok {
			if !many {
				_, rest, _ = strings.Cut(rest, "]")
				return strings.TrimPrefix(rest, ".")
			}
			return "[" + rest
		}
		return field
	})
}

func tooLarge(err error) error {
	if e, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return newProblem(http.StatusRequestEntityTooLarge, "the body has more than "+strconv.FormatInt(e.Limit, 10)+" bytes")
	}
	return newProblem(http.StatusBadRequest, "the body ended before it was complete")
}

package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"tandem"
)

// verdictRoutes answer what is asked about verdicts.
func (f *fakeAPI) verdictRoutes(handle handler) {
	handle("POST /v1/tests/{test}/acknowledge", func(r *http.Request, body []byte) (any, error) {
		t, err := f.test(r.PathValue("test"))
		if err != nil {
			return nil, err
		}
		if r.Header.Get("If-Match") != strconv.Quote(fmt.Sprint(t.Revision)) {
			return nil, tandem.Errorf(tandem.Stale, "", "the test is at revision %d", t.Revision)
		}
		var in struct {
			Check tandem.Check
			Note  string
		}
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, err
		}
		failed := tandem.Verdict{Alarms: []tandem.Alarm{{Check: in.Check}}}
		return t, t.Acknowledge(failed, in.Check, "tester", in.Note, time.Now())
	})
	handle("GET /v1/tests/{test}/report", func(r *http.Request, _ []byte) (any, error) {
		_, err := f.test(r.PathValue("test"))
		return "a report as " + r.FormValue("format") + "\n", err
	})
	handle("GET /v1/tests/{test}/decision", func(r *http.Request, _ []byte) (any, error) {
		t, err := f.test(r.PathValue("test"))
		if err == nil && t.Status != tandem.Ended {
			err = tandem.Errorf(tandem.NotFound, "", "nothing was decided yet")
		}
		if err != nil {
			return nil, err
		}
		return tandem.Decision{TestID: t.ID, Winner: t.Winner, Note: t.EndNote, Results: json.RawMessage(f.results)}, nil
	})
	handle("POST /v1/plan", func(_ *http.Request, body []byte) (any, error) {
		f.plans = append(f.plans, string(body))
		return f.plan, nil
	})
}

func (f *fakeAPI) hook(id string) (tandem.Webhook, error) {
	for _, w := range f.hooks {
		if string(w.ID) == id {
			return w, nil
		}
	}
	return tandem.Webhook{}, tandem.Errorf(tandem.NotFound, "", "no webhook has that id")
}

// webhookRoutes keep webhooks. A ping is delivered on the spot, in vain.
func (f *fakeAPI) webhookRoutes(handle handler) {
	handle("GET /v1/webhooks", func(*http.Request, []byte) (any, error) { return page(f.hooks), nil })
	handle("POST /v1/webhooks", func(_ *http.Request, body []byte) (any, error) {
		var in struct {
			URL   string
			Kinds []tandem.NoticeKind
		}
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, err
		}
		w, err := tandem.NewWebhook(in.URL, in.Kinds, time.Now())
		if err == nil {
			f.hooks = append(f.hooks, w)
		}
		return struct {
			tandem.Webhook
			Secret string `json:"secret"`
		}{w, w.Secret}, err
	})
	handle("DELETE /v1/webhooks/{webhook}", func(r *http.Request, _ []byte) (any, error) {
		gone, err := f.hook(r.PathValue("webhook"))
		var left []tandem.Webhook
		for _, w := range f.hooks {
			if w.ID != gone.ID {
				left = append(left, w)
			}
		}
		f.hooks = left
		return "", err
	})
	handle("POST /v1/webhooks/{webhook}/ping", func(r *http.Request, _ []byte) (any, error) {
		if _, err := f.hook(r.PathValue("webhook")); err != nil {
			return nil, err
		}
		n := tandem.Notice{ID: tandem.NewID(time.Now()), Kind: tandem.NoticePing, At: time.Now(), Text: "A ping."}
		f.notices = append([]tandem.Notice{n}, f.notices...)
		return n, nil
	})
	handle("GET /v1/webhooks/{webhook}/deliveries", func(r *http.Request, _ []byte) (any, error) {
		w, err := f.hook(r.PathValue("webhook"))
		if err != nil {
			return nil, err
		}
		list := []tandem.Delivery{}
		for _, n := range f.notices {
			list = append(list, tandem.Delivery{Notice: n, WebhookID: w.ID, State: tandem.DeliveryPending, Attempts: 2, NextAt: n.At, LastError: "status 503"})
		}
		return page(list), nil
	})
	handle("GET /v1/notices", func(r *http.Request, _ []byte) (any, error) {
		list := []tandem.Notice{}
		for _, n := range f.notices {
			if which := r.FormValue("test"); which == "" || string(n.TestID) == which {
				list = append(list, n)
			}
		}
		return page(list), nil
	})
}

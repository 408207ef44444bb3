package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"
)

// model is an OpenAI-compatible end point that finds the same in every call.
type model struct {
	*httptest.Server
	asked atomic.Int64
}

// finds is what the model finds in every call; anything else is unknown.
var finds = object{
	"success": true, "score": 3, "sentiment": 0.4, "call_successful": true, "language_naturalness": 4, "error_handling": 4,
	"table_booked": true, "guests": 4, // of the conversation that is built in
}

// newModel starts a model that takes a while for each answer.
func newModel(t *testing.T, takes time.Duration) *model {
	t.Helper()
	m := &model{}
	m.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.asked.Add(1)
		var asked struct {
			ResponseFormat struct {
				JSONSchema struct {
					Schema struct {
						Properties struct {
							Fields struct{ Properties map[string]any }
						}
					}
				} `json:"json_schema"`
			} `json:"response_format"`
		}
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
			t.Errorf("the model was asked with what is no JSON: %v", err)
		}
		select {
		case <-time.After(takes):
		case <-r.Context().Done():
			return
		}
		fields := object{}
		for name := range asked.ResponseFormat.JSONSchema.Schema.Properties.Fields.Properties {
			fields[name] = object{"quote": nil, "reason": "as ever", "value": finds[name]}
		}
		content, _ := json.Marshal(object{"summary": "Somebody called.", "fields": fields})
		quoted, _ := json.Marshal(string(content))
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"id":"c","object":"chat.completion","created":1,"model":"fake","choices":[{"index":0,"message":{"role":"assistant","content":%s},"finish_reason":"stop"}],
			"usage":{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100}}`, quoted)
	}))
	t.Cleanup(m.Close)
	return m
}

// analysis is how analysis goes on a server.
type analysis struct {
	Due, Failed int64
	Today       struct {
		Analyses int64
		Usage    struct {
			Requests int64
			Cost     float64
		}
	}
	Paused *struct{ Reason string }
}

func (c *client) analysis() (a analysis) {
	c.t.Helper()
	c.must("GET", "/v1/analyses/status", nil, &a)
	return a
}

// placed gives each conversation a call of the route's test, ended and with its
// transcript, as a dialer would; it gives the calls' ids.
func (c *client) placed(number string, conversations [][]turn) []string {
	c.t.Helper()
	ids := make([]string, len(conversations))
	next := make(chan int)
	done := make(chan error)
	for range 8 {
		go func() {
			var err error
			for i := range next {
				if err == nil {
					ids[i], err = c.place(number, i, conversations[i])
				}
			}
			done <- err
		}()
	}
	for i := range conversations {
		next <- i
	}
	close(next)
	for range 8 {
		if err := <-done; err != nil {
			c.t.Fatal(err)
		}
	}
	return ids
}

func (c *client) place(number string, i int, turns []turn) (string, error) {
	var given struct {
		CallID string `json:"call_id"`
	}
	foreign := fmt.Sprintf("conversation-%d", i)
	if _, err := c.do("POST", "/v1/assignments", object{"route": number, "call": object{"origin": "dialer", "foreign_id": foreign}}, &given); err != nil {
		return "", err
	}
	said := make([]object, len(turns))
	for i, t := range turns {
		said[i] = object{"role": t.Role, "text": t.Text, "interrupted": t.Interrupted}
		if t.EndMS > 0 { // written dialogues have no times
			said[i]["start_ms"], said[i]["end_ms"] = t.StartMS, t.EndMS
		}
	}
	_, err := c.do("POST", "/v1/calls/"+given.CallID+"/events", []object{
		{"id": foreign + "/e", "kind": "ended", "ended": object{"by": "caller", "duration_ms": 60000, "answered": true}},
		{"id": foreign + "/t", "kind": "transcript", "transcript": said},
	}, nil)
	return given.CallID, err
}

package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"testing"
	"time"
)

// client speaks to the API as any program would.
type client struct {
	t    testing.TB
	base string
	key  string
	http *http.Client
}

// do makes one request; err is for requests that got no answer.
func (c *client) do(method, path string, in, out any) (status int, err error) {
	var body io.Reader
	switch v := in.(type) {
	case nil:
	case []byte:
		body = bytes.NewReader(v)
	default:
		raw, err := json.Marshal(in)
		if err != nil {
			return 0, err
		}
		body = bytes.NewReader(raw)
	}
	req, err := http.NewRequest(method, c.base+path, body)
	if err != nil {
		return 0, err
	}
	req.Header.Set("Authorization", "Bearer "+c.key)
	req.Header.Set("Content-Type", "application/json")
	res, err := c.http.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, err
	}
	if res.StatusCode >= 300 {
		return res.StatusCode, fmt.Errorf("%s %s: %s: %s", method, path, res.Status, raw)
	}
	if out == nil {
		return res.StatusCode, nil
	}
	return res.StatusCode, json.Unmarshal(raw, out)
}

// must makes a request that has to succeed.
func (c *client) must(method, path string, in, out any) {
	c.t.Helper()
	if _, err := c.do(method, path, in, out); err != nil {
		c.t.Fatal(err)
	}
}

// object is JSON to send.
type object map[string]any

// publish gives the agent its next version, reached by SIP at uri. The
// version's calls carry X-Arm.
func (c *client) publish(agent, uri, arm string) (ref string) {
	c.t.Helper()
	draft := object{
		"prompt": "You answer the telephone.",
		"fields": []object{{"name": "success", "type": "boolean"}, {"name": "score", "type": "number"}},
		"target": object{"kind": "sip", "sip": object{"uri": uri, "headers": object{"X-Arm": arm}}},
	}
	status, err := c.do("POST", "/v1/agents", object{"name": agent, "draft": draft}, nil)
	if status == http.StatusConflict {
		_, err = c.do("PUT", "/v1/agents/"+agent+"/draft", draft, nil)
	}
	if err != nil {
		c.t.Fatal(err)
	}
	var v version
	c.must("POST", "/v1/agents/"+agent+"/publish", object{"note": arm}, &v)
	return fmt.Sprintf("%s@%d", v.AgentName, v.Number)
}

// route makes a route for number and gives its id.
func (c *client) route(number, live string, more object) string {
	c.t.Helper()
	in := object{"number": number, "live_version": live}
	for k, v := range more {
		in[k] = v
	}
	var out struct{ ID string }
	c.must("POST", "/v1/routes", in, &out)
	return out.ID
}

// test starts a test between a and b with the given share of a in percent.
func (c *client) test(number, a, b string, share float64) test {
	c.t.Helper()
	var out test
	c.must("POST", "/v1/routes/"+url.PathEscape(number)+"/test", object{
		"arms": []object{{"version": a, "weight": share}, {"version": b, "weight": 100 - share}},
		"goal": "fields.success == true",
	}, &out)
	return out
}

// calls gives all calls that the query names.
func (c *client) calls(query url.Values) []call {
	c.t.Helper()
	var all []call
	query.Set("limit", "500")
	for {
		var page struct {
			Items []call
			Next  string
		}
		c.must("GET", "/v1/calls?"+query.Encode(), nil, &page)
		all = append(all, page.Items...)
		if page.Next == "" {
			return all
		}
		query.Set("cursor", page.Next)
	}
}

func (c *client) results(testID string) results {
	c.t.Helper()
	var out results
	c.must("GET", "/v1/tests/"+testID+"/results", nil, &out)
	return out
}

// The rest is what the tests read of the API's answers.

type version struct {
	ID        string `json:"id"`
	AgentName string `json:"agent_name"`
	Number    int    `json:"number"`
}

type test struct {
	ID      string `json:"id"`
	RouteID string `json:"route_id"`
	Status  string `json:"status"`
	Winner  string `json:"winner"`
	Arms    []struct {
		Key       string  `json:"key"`
		VersionID string  `json:"version_id"`
		Weight    float64 `json:"weight"`
	} `json:"arms"`
	Phases []struct {
		Number    int       `json:"number"`
		StartedAt time.Time `json:"started_at"`
	} `json:"phases"`
	Acknowledged []struct {
		Check string    `json:"check"`
		At    time.Time `json:"at"`
	} `json:"acknowledged"`
}

// fact is something known of a call.
type fact[T any] struct {
	Value  T         `json:"value"`
	Origin string    `json:"origin"`
	At     time.Time `json:"at"`
}

type call struct {
	ID       string            `json:"id"`
	Foreign  map[string]string `json:"foreign"`
	Assigned *fact[struct {
		TestID      string  `json:"test_id"`
		RouteID     string  `json:"route_id"`
		VersionID   string  `json:"version_id"`
		Arm         string  `json:"arm"`
		Phase       int     `json:"phase"`
		Probability float64 `json:"probability"`
		Number      string  `json:"number"`
		Caller      string  `json:"caller"`
	}] `json:"assigned"`
	Answered *fact[struct{}] `json:"answered"`
	Ended    *fact[struct {
		By         string `json:"by"`
		DurationMS *int64 `json:"duration_ms"`
		SIPStatus  int    `json:"sip_status"`
		Answered   *bool  `json:"answered"`
	}] `json:"ended"`
	Transfer *fact[struct {
		State string `json:"state"`
		To    string `json:"to"`
	}] `json:"transfer"`
	Failover *fact[struct {
		Reason   string `json:"reason"`
		ServedBy string `json:"served_by"`
	}] `json:"failover"`
	Values       map[string]fact[any] `json:"values"`
	Conversation *struct {
		Turns      int      `json:"turns"`
		ReplyP50MS *float64 `json:"reply_p50_ms"`
	} `json:"conversation"`
	Goal          *bool    `json:"goal"`
	Stage         string   `json:"stage"`
	Duration      *float64 `json:"duration_seconds"`
	NotRandomised string   `json:"not_randomised"`
}

type results struct {
	Status string `json:"status"`
	Winner string `json:"winner"`
	Phases []struct {
		Number int   `json:"number"`
		Calls  int64 `json:"calls"`
	} `json:"phases"`
	Metrics []struct {
		Name string    `json:"name"`
		Arms []summary `json:"arms"`
	} `json:"metrics"`
	Quality []struct {
		Arm           string           `json:"arm"`
		Assigned      int64            `json:"assigned"`
		Randomised    int64            `json:"randomised"`
		InProgress    int64            `json:"in_progress"`
		Ended         int64            `json:"ended"`
		Lost          int64            `json:"lost"`
		NotRandomised map[string]int64 `json:"not_randomised"`
	} `json:"quality"`
}

type summary struct {
	Arm       string   `json:"arm"`
	N         int64    `json:"n"`
	Value     *float64 `json:"value"`
	Successes *int64   `json:"successes"`
	Shares    []struct {
		Name string `json:"name"`
		N    int64  `json:"n"`
	} `json:"shares"`
}

// metric gives one arm's figures of one metric.
func (r results) metric(t testing.TB, name, arm string) summary {
	t.Helper()
	for _, m := range r.Metrics {
		for _, a := range m.Arms {
			if m.Name == name && a.Arm == arm {
				return a
			}
		}
	}
	t.Fatalf("the results have no metric %s of arm %s", name, arm)
	return summary{}
}

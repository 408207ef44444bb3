package e2e

import (
	"encoding/json"
	"maps"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// concluded is what these tests read of a verdict and what it rests on.
type concluded struct {
	Verdict struct {
		Status     string
		Arm        string
		Text       string
		Calls      int64
		P          *float64
		Interval   *span
		Alarms     []struct{ Check string }
		Guardrails []struct {
			Metric   string
			Breached bool
		}
	}
	Evidence struct {
		SampleRatio struct {
			LogBayesFactor *float64 `json:"log_bayes_factor"`
			Broken         bool
			NotChecked     string `json:"not_checked"`
		} `json:"sample_ratio"`
	}
	Phases  []struct{ Weights []float64 }
	Metrics []struct {
		Name    string
		Against []against `json:"against_a"`
	}
}

type span struct{ Low, High float64 }

// pairEvidence is what the verdict rests on.
type pairEvidence struct {
	Value    *float64
	P        *float64
	Log10P   *float64 `json:"log10_p"`
	Interval *span
	Band     *span
	CutAt    *float64 `json:"cut_at"`
}

// against is one arm's metric beside A's.
type against struct {
	Arm      string
	Value    *float64 // of the tallies
	Evidence *pairEvidence
}

func (c *client) concluded(testID string) concluded {
	c.t.Helper()
	var out concluded
	c.must("GET", "/v1/tests/"+testID+"/results", nil, &out)
	return out
}

// pair gives the evidence about a metric in one arm.
func (r concluded) pair(t testing.TB, metric, arm string) *pairEvidence {
	t.Helper()
	for _, m := range r.Metrics {
		for _, a := range m.Against {
			if m.Name == metric && a.Arm == arm && a.Evidence != nil {
				return a.Evidence
			}
		}
	}
	t.Fatalf("there is no evidence about %s of arm %s", metric, arm)
	return nil
}

// covers says whether the evidence covers exactly so many calls.
func (c *client) covers(testID string, calls int) func() bool {
	return func() bool { return c.concluded(testID).Verdict.Calls == int64(calls) }
}

// evidence gives, as text, all of the results that follows from the calls and
// their order alone: the verdict, and what it and every other comparison rest
// on.
func (c *client) evidence(testID string) string {
	c.t.Helper()
	var r struct {
		Verdict, Evidence json.RawMessage
		Metrics           []struct {
			Name    string
			Any     *float64 `json:"any_difference_p"`
			Against []struct {
				Arm      string
				Evidence json.RawMessage
			} `json:"against_a"`
		}
	}
	c.must("GET", "/v1/tests/"+testID+"/results", nil, &r)
	raw, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		c.t.Fatal(err)
	}
	return string(raw)
}

// sameEvidence waits until the nodes agree about a test in every digit.
func sameEvidence(t *testing.T, testID, who string, a, b *server) {
	t.Helper()
	var said [2]string
	defer func() {
		if diff := cmp.Diff(said[0], said[1]); diff != "" {
			t.Errorf("%s:\n%s", who, diff)
		}
	}()
	eventually(t, who+" say the same", func() bool {
		said = [2]string{a.evidence(testID), b.evidence(testID)}
		return said[0] == said[1]
	})
}

// sameAfterARestart restarts the node and checks that it comes to the same
// evidence, from what the database has, and that this is what the calls say.
func (s *server) sameAfterARestart(testID string) {
	s.t.Helper()
	before := s.evidence(testID)
	s.stop()
	s.verify()
	s.start()
	var after string
	defer func() {
		if diff := cmp.Diff(before, after); diff != "" {
			s.t.Errorf("after a restart the evidence is another (-before +after):\n%s", diff)
		}
	}()
	eventually(s.t, "the evidence is there again", func() bool {
		after = s.evidence(testID)
		return after == before
	})
}

// begin starts a test between two versions whose targets nobody has to call.
func (c *client) begin(number string, weights [2]float64, more object) test {
	c.t.Helper()
	return c.beginBetween(number, [2]string{"sip:agent@127.0.0.1:5999", "sip:agent@127.0.0.1:5998"}, weights, more)
}

// beginBetween starts a test between versions at these addresses.
func (c *client) beginBetween(number string, uris [2]string, weights [2]float64, more object) test {
	c.t.Helper()
	a, b := c.publish("desk", uris[0], "A"), c.publish("desk", uris[1], "B")
	c.route(number, a, nil)
	in := object{
		"arms": []object{{"version": a, "weight": weights[0]}, {"version": b, "weight": weights[1]}},
		"goal": "fields.success == true",
	}
	maps.Copy(in, more)
	var out test
	c.must("POST", "/v1/routes/"+url.PathEscape(number)+"/test", in, &out)
	return out
}

// now reads the test again.
func (c *client) now(t test) (out test) {
	c.t.Helper()
	c.must("GET", "/v1/tests/"+t.ID, nil, &out)
	return out
}

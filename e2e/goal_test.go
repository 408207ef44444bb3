package e2e

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"tandem/internal/pgtest"
)

// recounting is what results say of a changed goal.
type recounting struct {
	Goal       string `json:"goal"`
	Recounting *struct {
		Done, Total int64
		Text        string
	} `json:"recounting"`
	Verdict struct {
		Status   string   `json:"status"`
		Text     string   `json:"text"`
		Value    *float64 `json:"value"`
		Compared string   `json:"compared"`
	} `json:"verdict"`
	Evidence struct {
		Calls      int64 `json:"calls"`
		Rebuilding bool  `json:"rebuilding"`
	} `json:"evidence"`
	Metrics []struct {
		Name string    `json:"name"`
		Arms []summary `json:"arms"`
	} `json:"metrics"`
}

func (r recounting) completion() []summary {
	for _, m := range r.Metrics {
		if m.Name == "completion" {
			return m.Arms
		}
	}
	return nil
}

// imported makes a test of calls that were recorded elsewhere: B's succeed more
// often, and last longer. Those that succeed are short.
func imported(t *testing.T, s *server, calls int) test {
	t.Helper()
	a := s.publish("desk", "sip:desk@127.0.0.1:5999", "A")
	b := s.publish("desk", "sip:desk@127.0.0.1:5999", "B")
	route := s.route("+14155550177", a, nil)
	var made test
	began := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	s.must("POST", "/v1/tests/recorded", object{
		"route": route, "goal": "fields.success == true", "started_at": began, "ended_at": began.Add(24 * time.Hour),
		"arms": []object{{"version": a, "weight": 50}, {"version": b, "weight": 50}},
	}, &made)
	var lines strings.Builder
	for i := range calls {
		arm := made.Arms[i%2]
		success := i%10 < 4+2*(i%2)
		seconds := 200
		if success {
			seconds = 30
		}
		for _, e := range []object{
			{"kind": "assigned", "assigned": object{"route_id": route, "test_id": made.ID, "phase": 1, "arm": arm.Key, "version_id": arm.VersionID, "probability": 0.5}},
			{"kind": "ended", "ended": object{"by": "caller", "duration_ms": 1000 * seconds}},
			{"kind": "analysis", "analysis": object{"success": success}},
		} {
			e["id"], e["origin"], e["foreign_id"], e["at"] = fmt.Sprintf("%s %d", e["kind"], i), "import", fmt.Sprint(i), began.Add(time.Duration(i)*time.Second)
			raw, err := json.Marshal(e)
			check(t, err)
			lines.Write(append(raw, '\n'))
		}
	}
	s.must("POST", "/v1/events", []byte(lines.String()), nil)
	return made
}

// A server is killed while it counts calls anew under a changed goal. Whoever goes on
// says that nothing is concluded until it is done, and comes to the same as a count
// from the first call.
func TestACountUnderAChangedGoalSurvivesKills(t *testing.T) {
	const calls = 12_000
	for name, nodes := range map[string]func(t *testing.T) []*server{
		"one node on SQLite": func(t *testing.T) []*server { return []*server{newServer(t, "")} },
		"two nodes on PostgreSQL": func(t *testing.T) []*server {
			database := pgtest.Start(t)
			return []*server{newServer(t, database), newServer(t, database)}
		},
	} {
		t.Run(name, func(t *testing.T) {
			all := nodes(t)
			s, first := all[len(all)-1], all[0]
			made := imported(t, s, calls)
			path := "/v1/tests/" + made.ID
			look := func(from *server) (r recounting) {
				from.must("GET", path+"/results", nil, &r)
				return r
			}
			eventually(t, "the evidence has all calls", func() bool { r := look(s); return r.Evidence.Calls == calls && !r.Evidence.Rebuilding })
			before := look(s)
			if before.Recounting != nil || before.Verdict.Status != "better" || *before.Verdict.Value < 0.1 {
				t.Fatalf("before the change: %+v", before.Verdict)
			}
			first.must("PATCH", path, object{"goal": "call.duration_seconds > 60"}, nil)
			kills, mixed := 0, 0
			eventually(t, "all calls are counted anew", func() bool {
				r := look(s)
				if r.Recounting == nil {
					return true
				}
				if r.Verdict.Status != "collecting" || r.Verdict.Value != nil {
					t.Errorf("a verdict on two goals: %+v", r.Verdict)
				}
				if r.Recounting.Done > 0 && r.Recounting.Done < r.Recounting.Total {
					mixed++
					for _, arm := range r.completion() {
						if arm.Value != nil {
							t.Errorf("figures of two goals: %+v", arm)
						}
					}
					if kills < 3 {
						kills++
						first.kill()
						first.start()
					}
				}
				return false
			})
			after := look(s)
			t.Logf("killed %d times, %d looks in the middle; %s", kills, mixed, after.Verdict.Text)
			if kills == 0 {
				t.Error("no server was killed while it counted")
			}
			if after.Goal != "call.duration_seconds > 60" || after.Verdict.Status != "better" || *after.Verdict.Value > -0.1 || !strings.Contains(after.Verdict.Text, "The goal was changed on") {
				t.Errorf("after the change: %+v", after.Verdict)
			}
			for i, arm := range after.completion() {
				if want := int64(calls / 2 * (6 - 2*i) / 10); arm.N != calls/2 || *arm.Successes != want {
					t.Errorf("completion of %s: %d of %d; want %d of %d", arm.Arm, *arm.Successes, arm.N, want, calls/2)
				}
			}
			for _, n := range all {
				n.stop()
			}
			if n := s.verify(); n != calls {
				t.Errorf("verify read %d calls; want %d", n, calls)
			}
		})
	}
}

package results

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"tandem"
)

// benchWorld has ten metrics with evidence: answered, duration, completion,
// transfer, sentiment, ended_by, caller_hangup, and the fields booked, amount
// and reason. summary is an eleventh, latency a twelfth.
func benchCalls(w *world, n int) []tandem.Call {
	r := rand.New(rand.NewPCG(1, 2))
	calls := make([]tandem.Call, n)
	for i := range calls {
		arm := "A"
		if r.IntN(2) == 1 {
			arm = "B"
		}
		at := epoch.Add(time.Duration(i) * time.Second)
		ms := int64(1000 * (20 + 100*r.ExpFloat64()))
		by := []tandem.EndedBy{tandem.ByCaller, tandem.ByAgent}[r.IntN(2)]
		booked := r.Float64() < 0.7
		call := tandem.Call{ID: callID(i), Goal: &booked, Values: map[string]tandem.Fact[any]{
			"booked": {Value: booked}, "amount": {Value: 1000 * r.Float64()}, "sentiment": {Value: 2*r.Float64() - 1},
			"reason": {Value: []string{"book", "cancel", "ask"}[r.IntN(3)]},
		}}
		a := w.assigned(call.ID, 1, arm).Assigned
		a.Caller = fmt.Sprintf("+1415%07d", r.IntN(1_000_000))
		if w.test.Unit == tandem.PerCaller {
			a.UnitKind, a.Unit = tandem.PerCaller, a.Caller
		}
		call.Assigned = &tandem.Fact[tandem.Assignment]{Value: *a, At: at}
		call.Ended = &tandem.Fact[tandem.Ending]{Value: tandem.Ending{By: by, DurationMS: &ms}, At: at.Add(time.Minute)}
		call.Answered = &tandem.Fact[struct{}]{At: at}
		calls[i] = call
	}
	return calls
}

func BenchmarkFoldOneCallIntoTenMetrics(b *testing.B) {
	for _, unit := range []tandem.Unit{tandem.PerCall, tandem.PerCaller} {
		b.Run(string(unit), func(b *testing.B) {
			w := newWorld(b, "fields.booked == true")
			w.setUnit(unit)
			calls := benchCalls(w, 20_000)
			s := newState(w.frame(b), 3600)
			for i := range calls[:2000] {
				_ = s.fold(&calls[i])
			}
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				_ = s.fold(&calls[i%len(calls)])
				i++
			}
			b.ReportMetric(float64(len(stateBytes(b, s))), "bytes/state")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(s.metrics)), "ns/metric")
		})
	}
}

func BenchmarkMarshalState(b *testing.B) {
	w := newWorld(b, "fields.booked == true")
	calls := benchCalls(w, 1000)
	s := newState(w.frame(b), 3600)
	for i := range calls {
		_ = s.fold(&calls[i])
	}
	b.ReportAllocs()
	for b.Loop() {
		_ = stateBytes(b, s)
	}
}

func BenchmarkStanding(b *testing.B) {
	w := newWorld(b, "fields.booked == true")
	calls := benchCalls(w, 1000)
	s := newState(w.frame(b), 3600)
	for i := range calls {
		_ = s.fold(&calls[i])
	}
	b.ReportAllocs()
	for b.Loop() {
		_ = s.standing()
	}
}

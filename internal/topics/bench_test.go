package topics

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"tandem"
)

// BenchmarkGrouping groups 100,000 calls of 60 words each, of ten intents.
func BenchmarkGrouping(b *testing.B) {
	m, rng := newMemory(), rand.New(rand.NewPCG(1, 1))
	for i := range 100_000 {
		list := make([]string, 60)
		for j := range list {
			if j%6 == 0 {
				list[j] = fmt.Sprintf("topic%c%c", 'a'+i%10, 'a'+rng.IntN(20))
			} else {
				list[j] = fmt.Sprintf("w%c%c%c", 'a'+rng.IntN(26), 'a'+rng.IntN(26), 'a'+rng.IntN(4))
			}
		}
		m.call(string("AB"[i%2]), said(strings.Join(list, " ")))
	}
	for b.Loop() {
		r := m.grouped(b, tandem.ByIntent, 0, true)
		if r.Grouped != 100_000 || r.Fit.K < 8 {
			b.Errorf("%d in %d groups", r.Grouped, r.Fit.K)
		}
		b.ReportMetric(float64(r.Fit.K), "groups")
		b.ReportMetric(float64(len(m.grouping.Model))/1e6, "MB/model")
	}
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	b.ReportMetric(float64(mem.HeapSys)/1e6, "MB/heap-at-most") // with the fake store's calls
}

package notify

import (
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tandem"
)

func TestASlowAddressDelaysOnlyItself(t *testing.T) {
	for name, c := range map[string]struct{ slow, each int }{
		"with many notices waiting":         {1, 1000},
		"with as many others as go at once": {atOnce - 1, 3},
	} {
		t.Run(name, func(t *testing.T) {
			var good atomic.Int64
			v := &receiver{answer: func(_ int, w http.ResponseWriter, r *http.Request) {
				if r.Host == "good.example" {
					good.Add(1)
					return
				}
				_, _ = io.Copy(io.Discard, r.Body)
				<-r.Context().Done()
			}}
			bubble(t, v.ServeHTTP, func(t *testing.T, w *world) {
				for i := range c.slow {
					for n := range c.each {
						w.put(tandem.ID(fmt.Sprint("slow-", i)), fmt.Sprintf("http://slow-%d.example/", i), notice(n))
					}
				}
				for n := range 20 {
					w.put("good", "http://good.example/", notice(n))
				}
				time.Sleep(pollEvery)
				synctest.Wait()
				if n := w.courier.longest(); n > laneLength {
					t.Errorf("%d deliveries wait in memory for one address; want at most %d", n, laneLength)
				}
				if good.Load() != 20 {
					t.Errorf("%d of 20 notices reached the good address", good.Load())
				}
				time.Sleep(10 * time.Minute)
				if n := w.underWay.mostToOneHost(); n != 1 {
					t.Errorf("%d requests at once to one address; want one", n)
				}
			})
		})
	}
}

// longest gives the length of the longest lane.
func (c *Courier) longest() (most int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, waiting := range c.lanes {
		most = max(most, len(waiting))
	}
	return most
}

func TestWhatWaitedForItsWholeLeaseIsLeftToWhoeverClaimsItNext(t *testing.T) {
	v := &receiver{answer: func(_ int, _ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}}
	bubble(t, v.ServeHTTP, func(t *testing.T, w *world) {
		for n := range 20 { // five minutes of time-outs, one after the other
			w.put(hook, "http://slow.example/", notice(n))
		}
		w.courier.Wake()
		synctest.Wait()
		w.second()
		time.Sleep(10 * time.Minute)
		if n := w.underWay.mostOfOneNotice(); n != 1 {
			t.Errorf("one notice was on its way %d times at once", n)
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, c := range w.claims {
			if c.Attempts < 1 || c.Attempts > 3 {
				t.Errorf("notice %s was tried %d times; want it tried, and not before it was due", c.Notice.ID, c.Attempts)
			}
		}
	})
}

func TestMoreSlowAddressesThanGoAtOnceDelayOthersByOneTimeOut(t *testing.T) {
	var delivered atomic.Int64
	v := &receiver{answer: func(_ int, _ http.ResponseWriter, r *http.Request) {
		if r.Host == "good.example" {
			delivered.Store(time.Now().UnixNano())
			return
		}
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}}
	bubble(t, v.ServeHTTP, func(t *testing.T, w *world) {
		start := time.Now()
		for i := range atOnce + 10 {
			w.put(tandem.ID(fmt.Sprint("slow-", i)), "http://slow.example/", notice(1))
		}
		w.put("good", "http://good.example/", notice(1))
		time.Sleep(time.Minute)
		if after := time.Duration(delivered.Load() - start.UnixNano()); after < 0 || after > postTimeout+2*pollEvery {
			t.Errorf("delivered after %v", after)
		}
	})
}

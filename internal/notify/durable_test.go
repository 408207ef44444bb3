package notify

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"tandem"
)

func TestADeliveryWhoseRecordIsLostIsSentAgainUnderTheSameID(t *testing.T) {
	v := &receiver{answer: status(http.StatusOK)}
	bubble(t, v.ServeHTTP, func(t *testing.T, w *world) {
		w.lossy = 1
		w.put(hook, "http://receiver.example/hook", notice(1))
		time.Sleep(lease + 2*pollEvery)
		got := v.requests()
		if len(got) != 2 || got[0].id != got[1].id {
			t.Fatalf("%+v; want two requests with one id", got)
		}
		if gap := got[1].at.Sub(got[0].at); gap < lease {
			t.Errorf("sent again after %v, within the lease", gap)
		}
		if d := w.of(t, hook); d.State != tandem.DeliveryDelivered {
			t.Errorf("delivery %+v", d)
		}
	})
}

func TestAWebhookThatWasDeletedMeanwhileTroublesNobody(t *testing.T) {
	var w *world
	v := &receiver{answer: func(_ int, _ http.ResponseWriter, _ *http.Request) {
		w.mu.Lock()
		w.claims = nil
		w.mu.Unlock()
	}}
	bubble(t, v.ServeHTTP, func(t *testing.T, it *world) {
		w = it
		w.put(hook, "http://receiver.example/hook", notice(1))
		time.Sleep(time.Minute)
		if n := len(v.requests()); n != 1 {
			t.Errorf("%d requests", n)
		}
		if s := w.log.String(); s != "" {
			t.Errorf("it was logged: %s", s)
		}
	})
}

func TestAStoreThatIsAwayIsWaitedFor(t *testing.T) {
	v := &receiver{answer: status(http.StatusOK)}
	bubble(t, v.ServeHTTP, func(t *testing.T, w *world) {
		w.mu.Lock()
		w.away = true
		w.mu.Unlock()
		w.put(hook, "http://receiver.example/hook", notice(1))
		time.Sleep(time.Hour)
		if n := strings.Count(w.log.String(), "level=WARN"); n != 1 {
			t.Errorf("%d warnings in an hour; want one:\n%s", n, w.log)
		}
		w.mu.Lock()
		w.away = false
		w.mu.Unlock()
		time.Sleep(2 * pollEvery)
		if d := w.of(t, hook); d.State != tandem.DeliveryDelivered {
			t.Errorf("delivery %+v", d)
		}
	})
}

func TestStoppingCutsRequestsOffAndLeavesTheirDeliveriesDue(t *testing.T) {
	v := &receiver{answer: func(_ int, _ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}}
	bubble(t, v.ServeHTTP, func(t *testing.T, w *world) {
		for n := range 3 {
			w.put(hook, "http://receiver.example/hook", notice(n))
		}
		time.Sleep(2 * pollEvery)
		began := time.Now()
		w.stop()
		if took := time.Since(began); took != 0 {
			t.Errorf("stopping took %v", took)
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, c := range w.claims {
			if c.Attempts != 0 || c.State != tandem.DeliveryPending {
				t.Errorf("delivery %+v; want it untouched", c.Delivery)
			}
		}
	})
}

func TestNeitherSecretsNorAddressesGetIntoErrorsAndLogs(t *testing.T) {
	for name, url := range map[string]string{
		"an address that does not answer": "http://user:hunter2@receiver.example/hook?token=hunter2",
		"an address that is none":         "http://[hunter2/hook?token=hunter2",
		"a scheme that nobody speaks":     "hunter2://receiver.example/?token=hunter2",
	} {
		t.Run(name, func(t *testing.T) {
			v := &receiver{answer: func(_ int, w http.ResponseWriter, _ *http.Request) {
				conn, _, _ := w.(http.Hijacker).Hijack()
				_ = conn.Close()
			}}
			bubble(t, v.ServeHTTP, func(t *testing.T, w *world) {
				w.put(hook, url, notice(1))
				time.Sleep(2 * pollEvery)
				d := w.of(t, hook)
				if d.LastError == "" {
					t.Fatalf("delivery %+v; want it failed", d)
				}
				for _, text := range []string{d.LastError, w.log.String()} {
					if strings.Contains(text, "token") || strings.Contains(text, "whsec_") || strings.Contains(text, "user:") {
						t.Errorf("gives away the address or the secret: %s", text)
					}
				}
			})
		})
	}
}

func TestASecretThatCannotBeReadIsGivenUpWithoutShowingIt(t *testing.T) {
	v := &receiver{answer: status(http.StatusOK)}
	bubble(t, v.ServeHTTP, func(t *testing.T, w *world) {
		w.put(hook, "http://receiver.example/hook", notice(1))
		w.mu.Lock()
		w.claims[0].Secret = "whsec_not base64!"
		w.mu.Unlock()
		time.Sleep(2 * pollEvery)
		d := w.of(t, hook)
		if d.State != tandem.DeliveryFailed || strings.Contains(d.LastError, "base64!") || len(v.requests()) != 0 {
			t.Errorf("delivery %+v", d)
		}
	})
}

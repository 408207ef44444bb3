package storetest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem"
	"tandem/internal/store"
)

var deliveryTests = []contract{
	in("a claim carries what it takes to deliver, and is not given again within its lease", func(t *testing.T, w World) {
		hook := newWebhook(t, w.Store)
		equal(t, "claims of nothing", claim(t, w.Store, Start.Add(time.Hour), 10), []tandem.Claim{})
		n := newNotice(w, "k", Start)
		_, err := w.Store.Announce(ctx, n, nil)
		must(t, err)
		equal(t, "claims before it is due", len(claim(t, w.Store, Start.Add(-time.Microsecond), 10)), 0)
		want := tandem.Claim{
			Delivery: tandem.Delivery{Notice: n, WebhookID: hook.ID, State: tandem.DeliveryPending, NextAt: Start.Add(time.Minute)},
			URL:      hook.URL, Secret: hook.Secret,
		}
		equal(t, "claims", claim(t, w.Store, Start, 10), []tandem.Claim{want})
		equal(t, "claims within the lease", len(claim(t, w.Store, Start.Add(time.Minute-time.Microsecond), 10)), 0)
		want.NextAt = Start.Add(2 * time.Minute) // its node is gone
		equal(t, "claims after the lease", claim(t, w.Store, Start.Add(time.Minute), 10), []tandem.Claim{want})
	}),
	in("the longest due are claimed first, so many at a time", func(t *testing.T, w World) {
		newWebhook(t, w.Store)
		for _, n := range []int{3, 1, 4, 0, 2} {
			_, err := w.Store.Announce(ctx, newNotice(w, fmt.Sprint(n), Start.Add(time.Duration(n)*time.Second)), nil)
			must(t, err)
		}
		var got []string
		for range 3 {
			for _, c := range claim(t, w.Store, Start.Add(3*time.Second), 3) {
				got = append(got, c.Notice.Key)
			}
		}
		equal(t, "claimed", got, []string{"0", "1", "2", "3"})
		equal(t, "claims of none", len(claim(t, w.Store, Start.Add(time.Hour), 0)), 0)
	}),
	in("an attempt that is finished is counted, retried, and at last settled", func(t *testing.T, w World) {
		hook := newWebhook(t, w.Store)
		n := newNotice(w, "k", Start)
		_, err := w.Store.Announce(ctx, n, nil)
		must(t, err)
		finish := func(state tandem.DeliveryState, next time.Time, text string) tandem.Delivery {
			must(t, w.Store.FinishDelivery(ctx, n.ID, hook.ID, state, next, text))
			return deliveries(t, w, hook.ID)[0]
		}
		d := tandem.Delivery{Notice: n, WebhookID: hook.ID, State: tandem.DeliveryPending}
		d.Attempts, d.NextAt, d.LastError = 1, Start.Add(5*time.Second), "500"
		equal(t, "retried", finish(tandem.DeliveryPending, d.NextAt, "500"), d)
		equal(t, "claims before the retry", len(claim(t, w.Store, Start.Add(4*time.Second), 10)), 0)
		equal(t, "attempts in the claim", claim(t, w.Store, Start.Add(5*time.Second), 10)[0].Attempts, 1)
		d.State, d.Attempts, d.NextAt, d.LastError = tandem.DeliveryFailed, 2, time.Time{}, "410"
		equal(t, "given up", finish(tandem.DeliveryFailed, Start.Add(time.Hour), "410"), d)
		d.Attempts = 3
		equal(t, "not taken up again", finish(tandem.DeliveryPending, Start, "500"), d)
		d.State, d.Attempts, d.LastError = tandem.DeliveryDelivered, 4, ""
		equal(t, "arrived after all", finish(tandem.DeliveryDelivered, time.Time{}, ""), d)
		d.Attempts = 5
		equal(t, "arrived stays", finish(tandem.DeliveryFailed, time.Time{}, "x"), d)
		equal(t, "claims of what is settled", len(claim(t, w.Store, Start.Add(1000*time.Hour), 10)), 0)
		wantError(t, w.Store.FinishDelivery(ctx, n.ID, w.Agent.ID, tandem.DeliveryFailed, Start, ""), tandem.NotFound, "")
		wantError(t, w.Store.FinishDelivery(ctx, n.ID, hook.ID, "lost", Start, ""), tandem.Invalid, "state")
	}),
	in("whatever a peer answers can be kept as the error", func(t *testing.T, w World) {
		hook := newWebhook(t, w.Store)
		n := newNotice(w, "k", Start)
		_, err := w.Store.Announce(ctx, n, nil)
		must(t, err)
		for _, text := range []string{"a\x00b\xff", strings.Repeat("ä", 100_000), ""} {
			must(t, w.Store.FinishDelivery(ctx, n.ID, hook.ID, tandem.DeliveryPending, Start, text))
			if got := deliveries(t, w, hook.ID)[0].LastError; len(got) > 500 || text != "" && got == "" {
				t.Errorf("error is %q", got)
			}
		}
	}),
	in("a deleted webhook takes its deliveries along, and no others", func(t *testing.T, w World) {
		gone, stays := newWebhook(t, w.Store), newWebhook(t, w.Store)
		n := newNotice(w, "k", Start)
		_, err := w.Store.Announce(ctx, n, nil)
		must(t, err)
		equal(t, "claims", len(claim(t, w.Store, Start, 10)), 2)
		must(t, w.Store.DeleteWebhook(ctx, Actor, gone.ID))
		wantError(t, w.Store.FinishDelivery(ctx, n.ID, gone.ID, tandem.DeliveryDelivered, Start, ""), tandem.NotFound, "")
		claims := claim(t, w.Store, Start.Add(time.Hour), 10)
		equal(t, "claims", len(claims), 1)
		equal(t, "webhook", claims[0].WebhookID, stays.ID)
		equal(t, "deliveries", len(deliveries(t, w, gone.ID)), 0)
		badCursors(t, func(ctx context.Context, p tandem.Page) ([]tandem.Delivery, string, error) {
			return w.Store.Deliveries(ctx, stays.ID, p)
		})
	}),
	{"no delivery is given to two nodes", func(t *testing.T, url string) {
		const notices, nodes = 40, 4
		w := NewWorld(t, Open(t, url))
		stores := []*store.Store{w.Store, Open(t, url)}
		for range 2 {
			newWebhook(t, w.Store)
		}
		for n := range notices {
			_, err := w.Store.Announce(ctx, newNotice(w, fmt.Sprint(n), Start), nil)
			must(t, err)
		}
		var running sync.WaitGroup
		claimed := make(chan tandem.Claim, 4*notices)
		errs := make(chan error, nodes)
		for n := range nodes {
			running.Go(func() {
				for tries := 0; tries < 3; { // others may hold what is left at this moment
					claims, err := stores[n%2].ClaimDeliveries(ctx, Start, time.Minute, 3)
					if err != nil {
						errs <- err
						return
					}
					if len(claims) == 0 {
						tries++
					}
					for _, c := range claims {
						claimed <- c
					}
				}
			})
		}
		running.Wait()
		close(claimed)
		close(errs)
		for err := range errs {
			t.Fatal(err)
		}
		times := map[[2]tandem.ID]int{}
		for c := range claimed {
			times[[2]tandem.ID{c.Notice.ID, c.WebhookID}]++
		}
		for key, n := range times {
			if n != 1 {
				t.Errorf("delivery %v was given %d times", key, n)
			}
		}
		equal(t, "deliveries given", len(times), 2*notices)
	}},
	{"a webhook that is deleted while a notice is announced leaves nothing behind", func(t *testing.T, url string) {
		w := NewWorld(t, Open(t, url))
		stores := []*store.Store{w.Store, Open(t, url)}
		for round := range 20 {
			hook := newWebhook(t, w.Store)
			errs := both(func(n int) error {
				if n == 0 {
					return stores[0].DeleteWebhook(ctx, Actor, hook.ID)
				}
				_, err := stores[1].Announce(ctx, newNotice(w, fmt.Sprint(round), Start), nil)
				return err
			})
			equal(t, "errors", errs, []error{nil, nil})
			equal(t, "deliveries", len(deliveries(t, w, hook.ID)), 0)
		}
	}},
}

func claim(tb testing.TB, s *store.Store, now time.Time, limit int) []tandem.Claim {
	tb.Helper()
	claims, err := s.ClaimDeliveries(ctx, now, time.Minute, limit)
	must(tb, err)
	return claims
}

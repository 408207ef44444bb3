package storetest

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem"
	"tandem/internal/store"
)

var noticeTests = []contract{
	on("webhooks are listed and audited without their secrets, until they are deleted", func(t *testing.T, s *store.Store) {
		hooks := []tandem.Webhook{newWebhook(t, s), newWebhook(t, s, tandem.NoticeVerdict, tandem.NoticeRamp)}
		must(t, s.DeleteWebhook(ctx, "ann", newWebhook(t, s).ID))
		listed, err := s.Webhooks(ctx)
		must(t, err)
		for i := range hooks {
			hooks[i].Secret = ""
		}
		slices.SortFunc(hooks, func(a, b tandem.Webhook) int { return cmp.Compare(a.ID, b.ID) }) // made at the same time
		equal(t, "webhooks", listed, hooks)
		entries, _, err := s.Audit(ctx, "", tandem.Page{})
		must(t, err)
		var actions []string
		for _, e := range entries {
			actions = append(actions, e.Actor+" "+e.Action)
			if text := string(e.Before) + string(e.After); strings.Contains(text, "whsec_") || !strings.Contains(text, "hook.example.com") {
				t.Errorf("the audit log holds %s", text)
			}
		}
		equal(t, "audit", actions, []string{"ann webhook.delete", Actor + " webhook.create", Actor + " webhook.create", Actor + " webhook.create"})
		wantError(t, s.DeleteWebhook(ctx, Actor, tandem.NewID(Start)), tandem.NotFound, "")
		wantError(t, s.CreateWebhook(ctx, Actor, hooks[0]), tandem.Conflict, "id")
	}),
	in("the last verdict told is found among other notices, with how many there were", func(t *testing.T, w World) {
		last, told, err := w.Store.LastVerdict(ctx, w.Test.ID)
		must(t, err)
		equal(t, "before the first", []any{last.ID, told}, []any{tandem.ID(""), 0})
		var want tandem.Notice
		for n, kind := range []tandem.NoticeKind{tandem.NoticeVerdict, tandem.NoticeRamp, tandem.NoticeWithdrawn, tandem.NoticeGuardrail} {
			notice := newNotice(w, fmt.Sprint("told/", n), Start.Add(time.Duration(n)*time.Minute))
			notice.Kind = kind
			_, err := w.Store.Announce(ctx, notice, nil)
			must(t, err)
			if kind == tandem.NoticeWithdrawn {
				want = notice
			}
		}
		last, told, err = w.Store.LastVerdict(ctx, w.Test.ID)
		must(t, err)
		equal(t, "told", told, 2)
		equal(t, "last", []any{last.ID, last.Key, last.Kind, last.Text, string(last.Data)}, []any{want.ID, want.Key, want.Kind, want.Text, string(want.Data)})
		_, told, err = w.Store.LastVerdict(ctx, tandem.NewID(Start))
		must(t, err)
		equal(t, "of another test", told, 0)
	}),
	in("notices are listed newest first, of one test or all, as they were announced", func(t *testing.T, w World) {
		var want []tandem.Notice
		for n := range 5 {
			notice := newNotice(w, fmt.Sprint("verdict/", n), Start.Add(time.Duration(n/2)*time.Minute))
			if n == 3 {
				notice.TestID, notice.RouteID, notice.Data = "", "", nil
			}
			isNew, err := w.Store.Announce(ctx, notice, nil)
			must(t, err)
			equal(t, "new", isNew, true)
			want = append(want, notice)
		}
		slices.SortFunc(want, func(a, b tandem.Notice) int {
			return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID))
		})
		list := func(test tandem.ID) func(context.Context, tandem.Page) ([]tandem.Notice, string, error) {
			return func(ctx context.Context, p tandem.Page) ([]tandem.Notice, string, error) {
				return w.Store.Notices(ctx, test, p)
			}
		}
		equal(t, "all", pages(t, 2, list("")), want)
		equal(t, "of the test", pages(t, 2, list(w.Test.ID)), slices.DeleteFunc(slices.Clone(want), func(n tandem.Notice) bool { return n.TestID == "" }))
		equal(t, "of nothing", len(pages(t, 2, list(w.Agent.ID))), 0)
		badCursors(t, list(""))
	}),
	in("a notice that cannot be stored is refused", func(t *testing.T, w World) {
		for field, spoil := range map[string]func(n *tandem.Notice){
			"key":  func(n *tandem.Notice) { n.Key = "" },
			"text": func(n *tandem.Notice) { n.Text = "a\x00b" },
			"data": func(n *tandem.Notice) { n.Data = json.RawMessage("{") },
		} {
			n := newNotice(w, "k", Start)
			spoil(&n)
			_, err := w.Store.Announce(ctx, n, nil)
			wantError(t, err, tandem.Invalid, field)
		}
	}),
	in("a notice goes to each webhook that wants it", func(t *testing.T, w World) {
		all, verdicts, ramps := newWebhook(t, w.Store), newWebhook(t, w.Store, tandem.NoticeVerdict), newWebhook(t, w.Store, tandem.NoticeRamp)
		for _, c := range []struct {
			kind tandem.NoticeKind
			to   []tandem.ID
			want []tandem.ID
		}{
			{tandem.NoticeVerdict, nil, []tandem.ID{all.ID, verdicts.ID}},
			{tandem.NoticeRamp, []tandem.ID{verdicts.ID, ramps.ID}, []tandem.ID{ramps.ID}},
			{tandem.NoticePing, []tandem.ID{ramps.ID}, []tandem.ID{ramps.ID}},
			{tandem.NoticeAlarm, []tandem.ID{}, nil},
		} {
			n := newNotice(w, string(c.kind), Start)
			n.Kind = c.kind
			_, err := w.Store.Announce(ctx, n, c.to)
			must(t, err)
			var got []tandem.ID
			for _, hook := range []tandem.ID{all.ID, verdicts.ID, ramps.ID} {
				for _, d := range deliveries(t, w, hook) {
					if d.Notice.ID == n.ID {
						equal(t, "delivery", d, tandem.Delivery{Notice: n, WebhookID: hook, State: tandem.DeliveryPending, NextAt: Start})
						got = append(got, hook)
					}
				}
			}
			equal(t, "webhooks that hear "+string(c.kind), got, c.want)
		}
	}),
	{"a key is announced once, whichever node comes first", func(t *testing.T, url string) {
		w := NewWorld(t, Open(t, url))
		stores := []*store.Store{w.Store, Open(t, url)}
		hook := newWebhook(t, w.Store)
		for round := range 20 {
			var mu sync.Mutex
			news := 0
			errs := both(func(n int) error {
				isNew, err := stores[n].Announce(ctx, newNotice(w, fmt.Sprint("key ", round), Start.Add(time.Duration(round)*time.Second)), nil)
				if isNew {
					mu.Lock()
					news++
					mu.Unlock()
				}
				return err
			})
			equal(t, "errors", errs, []error{nil, nil})
			equal(t, "new ones", news, 1)
		}
		isNew, err := w.Store.Announce(ctx, newNotice(w, "key 0", Start.Add(time.Hour)), nil)
		must(t, err)
		equal(t, "new after all", isNew, false)
		equal(t, "notices", len(pages(t, 7, func(ctx context.Context, p tandem.Page) ([]tandem.Notice, string, error) {
			return w.Store.Notices(ctx, "", p)
		})), 20)
		got := deliveries(t, w, hook.ID)
		equal(t, "deliveries", len(got), 20)
		equal(t, "newest", got[0].Notice.Key, "key 19")
	}},
}

// newWebhook stores a webhook.
func newWebhook(tb testing.TB, s *store.Store, kinds ...tandem.NoticeKind) tandem.Webhook {
	tb.Helper()
	w, err := tandem.NewWebhook("https://hook.example.com/a?b=<c>", kinds, Start)
	must(tb, err)
	must(tb, s.CreateWebhook(ctx, Actor, w))
	return w
}

func newNotice(w World, key string, at time.Time) tandem.Notice {
	return tandem.Notice{
		ID: tandem.NewID(at), Key: key, Kind: tandem.NoticeVerdict, At: at, TestID: w.Test.ID, RouteID: w.Route.ID,
		Text: "B is better: „<8 %>“", Data: json.RawMessage(`{"text": "a\u0000 <&>"}`),
	}
}

func deliveries(tb testing.TB, w World, webhook tandem.ID) []tandem.Delivery {
	tb.Helper()
	return pages(tb, 3, func(ctx context.Context, p tandem.Page) ([]tandem.Delivery, string, error) {
		return w.Store.Deliveries(ctx, webhook, p)
	})
}

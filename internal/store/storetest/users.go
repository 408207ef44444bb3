package storetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem"
	"tandem/internal/store"
)

// NewUser makes a user with a password.
func NewUser(tb testing.TB, email string, role tandem.UserRole) tandem.User {
	tb.Helper()
	u, err := tandem.NewUser(email, "", role, Start)
	must(tb, err)
	u.SetPassword("hash of " + u.Email)
	return u
}

func demote(u *tandem.User, others int) error {
	was := *u
	u.Role = tandem.Viewer
	return tandem.KeepAdmin(was, u, others)
}

func signIn(tb testing.TB, s *store.Store, u tandem.User, at time.Time) tandem.Session {
	tb.Helper()
	sess, _ := tandem.NewSession(u.ID, "test browser", at)
	must(tb, s.CreateSession(ctx, "password", sess, u, "", [32]byte{}))
	return sess
}

func wantSession(tb testing.TB, s *store.Store, sess tandem.Session, there bool) {
	tb.Helper()
	got, _, err := s.Session(ctx, sess.Hash)
	if !there {
		wantError(tb, err, tandem.NotFound, "")
		return
	}
	must(tb, err)
	equal(tb, "session", got, sess)
}

var userTests = []contract{
	on("users are found by id and address, and no two have the same", func(t *testing.T, s *store.Store) {
		has, err := s.AnyUser(ctx)
		must(t, err)
		equal(t, "any user", has, false)
		var want []tandem.User
		for i := range 5 {
			u := NewUser(t, fmt.Sprintf("User%d@Example.com", i), tandem.Operator)
			must(t, s.CreateUser(ctx, Actor, u, nil))
			want = append(want, u)
		}
		has, err = s.AnyUser(ctx)
		must(t, err)
		equal(t, "any user", has, true)
		wantError(t, s.CreateUser(ctx, Actor, NewUser(t, "user1@example.com", tandem.Viewer), nil), tandem.Conflict, "email")
		_, err = s.UpdateUser(ctx, Actor, "user.change", want[2].ID, nil, func(u *tandem.User, _ int) error { u.Email = "user1@example.com"; return nil })
		wantError(t, err, tandem.Conflict, "email")
		for _, key := range []string{string(want[3].ID), want[3].Email} {
			got, err := s.User(ctx, key)
			must(t, err)
			equal(t, "user", got, want[3])
		}
		_, err = s.User(ctx, "nobody@example.com")
		wantError(t, err, tandem.NotFound, "")
		equal(t, "all", pages(t, 2, s.Users), want)
		badCursors(t, s.Users)
		entries, _, err := s.Audit(ctx, want[0].ID, tandem.Page{})
		must(t, err)
		if len(entries) != 1 || entries[0].Action != "user.create" || strings.Contains(string(entries[0].After), "hash of") {
			t.Errorf("the audit log holds %+v", entries)
		}
	}),
	on("a user is tied to one subject, and found by it", func(t *testing.T, s *store.Store) {
		a, b := NewUser(t, "a@example.com", tandem.Admin), NewUser(t, "b@example.com", tandem.Viewer)
		must(t, s.CreateUser(ctx, Actor, a, nil))
		must(t, s.CreateUser(ctx, Actor, b, nil))
		tie := func(u *tandem.User, _ int) error { u.SetSubject("https://issuer 1"); return nil }
		a, err := s.UpdateUser(ctx, Actor, "user.openid", a.ID, nil, tie)
		must(t, err)
		got, err := s.UserBySubject(ctx, "https://issuer 1")
		must(t, err)
		equal(t, "user", got, a)
		if _, err = s.UpdateUser(ctx, Actor, "user.openid", b.ID, nil, tie); tandem.CodeOf(err) != tandem.Conflict {
			t.Errorf("a second user of the subject: %v", err)
		}
		_, err = s.UserBySubject(ctx, "https://issuer 2")
		wantError(t, err, tandem.NotFound, "")
	}),
	on("what ends sessions ends them and the user's tickets, and nobody else's", func(t *testing.T, s *store.Store) {
		changes := map[string]struct {
			change func(*tandem.User)
			ends   bool
		}{
			"name":     {func(u *tandem.User) { u.Name = "Other" }, false},
			"subject":  {func(u *tandem.User) { u.SetSubject("x y") }, false},
			"role":     {func(u *tandem.User) { u.Role = tandem.Viewer }, true},
			"disabled": {func(u *tandem.User) { u.Disabled = true }, true},
			"password": {func(u *tandem.User) { u.SetPassword("new") }, true},
		}
		bystander := NewUser(t, "by@example.com", tandem.Admin)
		must(t, s.CreateUser(ctx, Actor, bystander, nil))
		other := signIn(t, s, bystander, Start)
		for name, c := range changes {
			u := NewUser(t, name+"@example.com", tandem.Operator)
			must(t, s.CreateUser(ctx, Actor, u, nil))
			sess := signIn(t, s, u, Start)
			ticket, _ := tandem.NewTicket(tandem.TicketLink, u.ID, Start)
			must(t, s.CreateTicket(ctx, Actor, ticket))
			_, err := s.UpdateUser(ctx, Actor, "user.change", u.ID, nil, func(u *tandem.User, _ int) error { c.change(u); return nil })
			must(t, err)
			wantSession(t, s, sess, !c.ends)
			_, err = s.Ticket(ctx, tandem.TicketLink, ticket.Hash, Start)
			if c.ends != (tandem.CodeOf(err) == tandem.NotFound) {
				t.Errorf("after a change of %s the ticket gives %v", name, err)
			}
		}
		wantSession(t, s, other, true)
	}),
	on("a deleted user is gone with sessions and tickets, unless that is refused", func(t *testing.T, s *store.Store) {
		u := NewUser(t, "a@example.com", tandem.Admin)
		must(t, s.CreateUser(ctx, Actor, u, nil))
		sess := signIn(t, s, u, Start)
		may := func(u tandem.User, others int) error { return tandem.KeepAdmin(u, nil, others) }
		wantError(t, s.DeleteUser(ctx, Actor, u.ID, may), tandem.Conflict, "")
		must(t, s.CreateUser(ctx, Actor, NewUser(t, "b@example.com", tandem.Admin), nil))
		must(t, s.DeleteUser(ctx, Actor, u.ID, may))
		wantSession(t, s, sess, false)
		_, err := s.User(ctx, string(u.ID))
		wantError(t, err, tandem.NotFound, "")
		wantError(t, s.DeleteUser(ctx, Actor, u.ID, may), tandem.NotFound, "")
	}),
	{"of two nodes that set up at once, one succeeds", func(t *testing.T, url string) {
		stores := []*store.Store{Open(t, url), Open(t, url)}
		var hashes [2][32]byte
		for i := range hashes {
			ticket, _ := tandem.NewTicket(tandem.TicketSetup, "", Start)
			must(t, stores[i].CreateTicket(ctx, Actor, ticket))
			hashes[i] = ticket.Hash
		}
		results := both(func(n int) error {
			return stores[n].CreateFirstUser(ctx, Actor, NewUser(t, fmt.Sprintf("a%d@example.com", n), tandem.Admin), &hashes[n])
		})
		winner := slices.Index(results, nil)
		if winner < 0 || tandem.CodeOf(results[1-winner]) != tandem.Conflict {
			t.Fatalf("results are %v", results)
		}
		_, err := stores[0].Ticket(ctx, tandem.TicketSetup, hashes[1-winner], Start)
		wantError(t, err, tandem.NotFound, "")
	}},
	{"two administrators who demote each other at once leave one", func(t *testing.T, url string) {
		stores := []*store.Store{Open(t, url), Open(t, url)}
		for round := range 5 {
			users := []tandem.User{
				NewUser(t, fmt.Sprintf("a%d@example.com", round), tandem.Admin), NewUser(t, fmt.Sprintf("b%d@example.com", round), tandem.Admin),
			}
			for _, u := range users {
				must(t, stores[0].CreateUser(ctx, Actor, u, nil))
			}
			results := both(func(n int) error {
				_, err := stores[n].UpdateUser(ctx, Actor, "user.change", users[n].ID, nil, demote)
				return err
			})
			left := slices.IndexFunc(results, func(err error) bool { return tandem.CodeOf(err) == tandem.Conflict })
			if left < 0 || results[1-left] != nil {
				t.Fatalf("round %d: %v", round, results)
			}
			// The next round's two are to be the only ones again.
			must(t, stores[0].DeleteUser(ctx, Actor, users[left].ID, func(tandem.User, int) error { return nil }))
		}
	}},
}

var sessionTests = []contract{
	{"a session is known to every node, and after a restart", func(t *testing.T, url string) {
		s := Open(t, url)
		u := NewUser(t, "a@example.com", tandem.Admin)
		must(t, s.CreateUser(ctx, Actor, u, nil))
		first, second := signIn(t, s, u, Start), signIn(t, s, u, Start.Add(time.Minute))
		must(t, s.TouchSession(ctx, first.Hash, Start.Add(time.Hour)))
		must(t, s.TouchSession(ctx, first.Hash, Start.Add(time.Second)))
		first.SeenAt = Start.Add(time.Hour)
		must(t, s.Close())
		s = Open(t, url)
		wantSession(t, s, first, true)
		_, got, err := s.Session(ctx, second.Hash)
		must(t, err)
		at := Start.Add(time.Minute)
		u.SignedInAt = &at
		equal(t, "user", got, u)
		list, err := s.Sessions(ctx, u.ID)
		must(t, err)
		equal(t, "sessions", list, []tandem.Session{second, first})
		wantError(t, s.EndSession(ctx, tandem.NewID(Start), first.ID), tandem.NotFound, "")
		must(t, s.EndSession(ctx, u.ID, first.ID))
		wantSession(t, s, first, false)
		entries, _, err := s.Audit(ctx, u.ID, tandem.Page{})
		must(t, err)
		equal(t, "audit", []string{entries[0].Action, entries[0].Actor, string(entries[0].After)}, []string{"user.sign_in", "a@example.com", `{"by":"password"}`})
	}},
	on("a sign-in replaces the browser's session and sweeps those that ran out", func(t *testing.T, s *store.Store) {
		u := NewUser(t, "a@example.com", tandem.Admin)
		must(t, s.CreateUser(ctx, Actor, u, nil))
		idle, fresh := signIn(t, s, u, Start), signIn(t, s, u, Start.Add(time.Hour))
		later, _ := tandem.NewSession(u.ID, "", Start.Add(tandem.SessionIdle))
		must(t, s.CreateSession(ctx, "link", later, u, "", [32]byte{}))
		wantSession(t, s, idle, false)
		wantSession(t, s, fresh, true)
		last, _ := tandem.NewSession(u.ID, "", Start.Add(tandem.SessionIdle))
		must(t, s.CreateSession(ctx, "link", last, u, "better hash", later.Hash))
		wantSession(t, s, later, false)
		wantSession(t, s, fresh, true)
		got, err := s.User(ctx, u.Email)
		must(t, err)
		equal(t, "password", got.Password, "better hash")
	}),
	on("whoever was changed since they showed their password is not signed in", func(t *testing.T, s *store.Store) {
		seen := NewUser(t, "a@example.com", tandem.Admin)
		must(t, s.CreateUser(ctx, Actor, seen, nil))
		_, err := s.UpdateUser(ctx, Actor, "user.password", seen.ID, nil, func(u *tandem.User, _ int) error { u.SetPassword("new"); return nil })
		must(t, err)
		sess, _ := tandem.NewSession(seen.ID, "", Start)
		wantError(t, s.CreateSession(ctx, "password", sess, seen, "", [32]byte{}), tandem.Unauthenticated, "")
		must(t, s.DeleteUser(ctx, Actor, seen.ID, func(tandem.User, int) error { return nil }))
		wantError(t, s.CreateSession(ctx, "password", sess, seen, "", [32]byte{}), tandem.Unauthenticated, "")
		wantSession(t, s, sess, false)
	}),
	{"of two who show a ticket at once, one has it, and only while it is good", func(t *testing.T, url string) {
		stores := []*store.Store{Open(t, url), Open(t, url)}
		u := NewUser(t, "a@example.com", tandem.Viewer)
		u.SetPassword("")
		ticket, _ := tandem.NewTicket(tandem.TicketInvitation, u.ID, Start)
		must(t, stores[0].CreateUser(ctx, Actor, u, &ticket))
		redeem := func(n int, kind tandem.TicketKind, now time.Time) error {
			_, err := stores[n].Redeem(ctx, "user.password", kind, ticket.Hash, now, func(u *tandem.User) error { u.SetPassword(fmt.Sprint(n)); return nil })
			return err
		}
		wantError(t, redeem(0, tandem.TicketLink, Start), tandem.NotFound, "")
		wantError(t, redeem(0, tandem.TicketInvitation, ticket.ExpiresAt), tandem.NotFound, "")
		refusal := tandem.Errorf(tandem.Invalid, "password", "is too short")
		_, err := stores[0].Redeem(ctx, "user.password", ticket.Kind, ticket.Hash, Start, func(*tandem.User) error { return refusal })
		wantError(t, err, tandem.Invalid, "password")
		got, err := stores[1].Ticket(ctx, ticket.Kind, ticket.Hash, Start)
		must(t, err)
		equal(t, "ticket", got, ticket)
		results := both(func(n int) error { return redeem(n, tandem.TicketInvitation, Start) })
		winner := slices.Index(results, nil)
		if winner < 0 {
			t.Fatalf("results are %v", results)
		}
		wantError(t, results[1-winner], tandem.NotFound, "")
		stored, err := stores[0].User(ctx, u.Email)
		must(t, err)
		equal(t, "password", stored.Password, fmt.Sprint(winner))
		entries, _, err := stores[0].Audit(context.Background(), u.ID, tandem.Page{})
		must(t, err)
		equal(t, "audit", []string{entries[0].Actor, entries[0].Action}, []string{u.Email, "user.password"})
	}},
	on("tickets that ran out are swept", func(t *testing.T, s *store.Store) {
		old, _ := tandem.NewTicket(tandem.TicketSetup, "", Start)
		must(t, s.CreateTicket(ctx, Actor, old))
		fresh, _ := tandem.NewTicket(tandem.TicketSetup, "", old.ExpiresAt)
		must(t, s.CreateTicket(ctx, Actor, fresh))
		_, err := s.Ticket(ctx, tandem.TicketSetup, old.Hash, Start)
		wantError(t, err, tandem.NotFound, "")
		_, err = s.Ticket(ctx, tandem.TicketSetup, fresh.Hash, old.ExpiresAt)
		must(t, err)
	}),
}

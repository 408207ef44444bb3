package api_test

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem"
)

var update = flag.Bool("update", false, "write the golden files anew")

// status asks for the head of an answer only: some answers do not end.
func (b *browser) status(method, path string) int {
	b.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, b.url+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	resp, err := b.http.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

// Every operation of the OpenAPI document is tried by a user of each role, and by
// a visitor who has not signed in. The table is a file, so that whoever adds an
// operation sees, and shows, who may call it.
func TestEachRoleMayCallWhatTheTableSays(t *testing.T) {
	s := start(t)
	roles := append([]tandem.UserRole{""}, tandem.UserRoles()...)
	ops := s.operations()
	slices.SortFunc(ops, func(a, b route) int { return strings.Compare(a.path+" "+a.method, b.path+" "+b.method) })
	var table strings.Builder
	fmt.Fprintf(&table, "%-8s %-52s %-9s %s\n", "", "", "needs", "nobody viewer operator admin")
	browsers := map[tandem.UserRole]*browser{"": s.browser()}
	for _, role := range roles[1:] {
		_, browsers[role] = s.user(string(role)+"@example.com", role)
	}
	for _, op := range ops {
		line := fmt.Sprintf("%-8s %-52s %-9s", op.method, op.path, op.scope)
		for _, role := range roles {
			b := browsers[role]
			word := "yes"
			status := b.status(op.method, op.fill())
			switch {
			case op.scope == "anybody": // may refuse for reasons of its own, even with 401
				if status == 403 {
					word = "no"
				}
				if role != "" && op.method == "DELETE" { // it signs out
					b.signIn(string(role)+"@example.com", goodPassword).want(200, nil)
				}
			case status == 401 || status == 403:
				word = "-"
				if (status == 401) != (role == "") {
					t.Errorf("%s %s by %q: %d", op.method, op.path, role, status)
				}
			case status >= 500:
				t.Errorf("%s %s by %q: %d", op.method, op.path, role, status)
			}
			line += fmt.Sprintf(" %-*s", max(len(role), 6), word)
		}
		table.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	const path = "testdata/roles.golden"
	if *update {
		if err := os.WriteFile(path, []byte(table.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), table.String()); diff != "" {
		t.Errorf("who may call what has changed (-want +got); if that is meant, run with -update:\n%s", diff)
	}
}

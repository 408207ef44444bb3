package tandem_test

import (
	"strings"
	"testing"
	"time"

	"tandem"
)

func TestRolesIncludeOneAnotherAndMapToScopes(t *testing.T) {
	for role, want := range map[tandem.UserRole]string{
		tandem.Viewer: "read", tandem.Operator: "read write", tandem.Admin: "read write ingest admin", "owner": "",
	} {
		var have []string
		for _, s := range tandem.Scopes() {
			if role.Allows(s) {
				have = append(have, string(s))
			}
		}
		if got := strings.Join(have, " "); got != want {
			t.Errorf("%s may %q, want %q", role, got, want)
		}
	}
}

func TestAddressesAreFolded(t *testing.T) {
	for given, want := range map[string]string{
		" Ann@Example.COM ": "ann@example.com", "demo@localhost": "demo@localhost", "o'brien+x@a.b": "o'brien+x@a.b",
		"": "", "ann": "", "@example.com": "", "Ann <ann@example.com>": "", "a b@example.com": "", "a@b@c": "", "a@example.com\x00": "", strings.Repeat("a", 250) + "@b.example": "",
	} {
		got, err := tandem.FoldEmail(given)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%.40q becomes %q, %v; want %q", given, got, err, want)
		}
	}
}

func TestTheLastAdministratorStays(t *testing.T) {
	now := time.Now()
	admin, err := tandem.NewUser("a@example.com", "", tandem.Admin, now)
	if err != nil || admin.Name != "a" {
		t.Fatalf("%+v, %v", admin, err)
	}
	invited := admin
	admin.SetPassword("x")
	as := func(change func(*tandem.User)) *tandem.User { u := admin; change(&u); return &u }
	for name, c := range map[string]struct {
		before  tandem.User
		after   *tandem.User
		others  int
		refused bool
	}{
		"the last is deleted":                        {admin, nil, 0, true},
		"the last is demoted":                        {admin, as(func(u *tandem.User) { u.Role = tandem.Operator }), 0, true},
		"the last is disabled":                       {admin, as(func(u *tandem.User) { u.Disabled = true }), 0, true},
		"the last loses the password":                {admin, as(func(u *tandem.User) { u.SetPassword("") }), 0, true},
		"the last is renamed":                        {admin, as(func(u *tandem.User) { u.Name = "b" }), 0, false},
		"one of two is deleted":                      {admin, nil, 1, false},
		"an administrator who never came":            {invited, nil, 0, false},
		"the last loses the password but not OpenID": {*as(func(u *tandem.User) { u.SetSubject("i s") }), as(func(u *tandem.User) { u.SetSubject("i s"); u.SetPassword("") }), 0, false},
	} {
		if err := tandem.KeepAdmin(c.before, c.after, c.others); (tandem.CodeOf(err) == tandem.Conflict) != c.refused {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestASessionEndsWithoutUseAndAfterAWeek(t *testing.T) {
	now := time.Now()
	s, token := tandem.NewSession("u", strings.Repeat("é", 150)+"\x00", now)
	if len(token) != 43 || s.Hash != tandem.HashSecret(token) || len(s.Browser) > 200 {
		t.Errorf("token %q, browser %q", token, s.Browser)
	}
	if !s.Live(now.Add(tandem.SessionIdle-1)) || s.Live(now.Add(tandem.SessionIdle)) {
		t.Error("a session has to end after 12 hours without use")
	}
	s.SeenAt = now.Add(tandem.SessionLife)
	if !s.Live(now.Add(tandem.SessionLife-1)) || s.Live(now.Add(tandem.SessionLife)) {
		t.Error("a session has to end after seven days")
	}
}

func TestASetUpCodeIsTakenAsPeopleTypeIt(t *testing.T) {
	ticket, code := tandem.NewTicket(tandem.TicketSetup, "", time.Now())
	if len(code) != 23 || strings.Count(code, "-") != 3 {
		t.Fatalf("code %q", code)
	}
	for _, typed := range []string{code, strings.ToLower(code), strings.ReplaceAll(code, "-", ""), " " + strings.ReplaceAll(code, "-", " ")} {
		if tandem.HashTicket(tandem.TicketSetup, typed) != ticket.Hash {
			t.Errorf("%q is not taken for %q", typed, code)
		}
	}
}

func TestAnIssuerIsChecked(t *testing.T) {
	good := tandem.OIDC{
		Issuer: "https://id.example.com/realm", ClientID: "tandem", Domains: []string{"example.com"},
		DefaultRole: tandem.Viewer, RoleClaim: "groups", Roles: map[string]tandem.UserRole{"leads": tandem.Operator, "owners": tandem.Admin},
	}
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	for field, change := range map[string]func(*tandem.OIDC){
		"issuer":       func(o *tandem.OIDC) { o.Issuer = "http://id.example.com" },
		"client_id":    func(o *tandem.OIDC) { o.ClientID = "" },
		"domains[0]":   func(o *tandem.OIDC) { o.Domains = []string{"@example.com"} },
		"default_role": func(o *tandem.OIDC) { o.DefaultRole = "owner" },
		"role_claim":   func(o *tandem.OIDC) { o.RoleClaim = "" },
		"roles.leads":  func(o *tandem.OIDC) { o.Roles = map[string]tandem.UserRole{"leads": "boss"} },
	} {
		bad := good
		change(&bad)
		if err := bad.Validate(); err == nil || !strings.HasPrefix(err.Error(), field+":") {
			t.Errorf("%s: %v", field, err)
		}
	}
	if !good.Welcomes("a@EXAMPLE.com") || good.Welcomes("a@example.com.evil") || good.Welcomes("a@sub.example.com") {
		t.Error("domains are compared wrongly")
	}
	if got := good.RoleOf([]string{"x", "leads", "owners"}); got != tandem.Admin {
		t.Errorf("role %q", got)
	}
	if got := good.RoleOf([]string{"x"}); got != "" {
		t.Errorf("role %q", got)
	}
}

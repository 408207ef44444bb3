package app

import (
	"context"
	"errors"
	"io"
	"net"
	"net/url"

	"tandem"
	"tandem/internal/account"
	"tandem/internal/cli"
	"tandem/internal/config"
)

// askForSetup writes a link with which the first administrator is made, while
// there is none. Whoever reads the server's log has the server anyway; whoever
// merely reaches its address has not.
func (a *App) askForSetup(ctx context.Context) {
	code, err := account.New(a.store, nil).SetupCode(ctx, localActor)
	switch {
	case tandem.CodeOf(err) == tandem.Conflict: // set up already
	case err != nil:
		a.log.Warn("no set-up code could be made; try tandem setup-code", "error", err)
	default:
		a.log.Info("nobody can sign in yet: make the first administrator at this link", "link", setupLink(a.HTTPAddr(), code), "code", code)
	}
}

func setupLink(addr, code string) string { return consoleLink(addr, "/setup", "code", code) }

// consoleLink is an address of the console at this machine. What lets somebody in
// stands behind the #, which browsers send to nobody.
func consoleLink(addr, path, name, secret string) string {
	host, port, err := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); err == nil && (host == "" || ip != nil && ip.IsUnspecified()) {
		addr = net.JoinHostPort("localhost", port)
	}
	u := url.URL{Scheme: "http", Host: addr, Path: path, Fragment: name + "=" + secret}
	return u.String()
}

// door opens the database that args name.
func door(ctx context.Context, command string, args []string) (d *account.Door, addr string, done func() error, err error) {
	cfg, err := config.Parse(command, "", args, io.Discard)
	if err != nil {
		return nil, "", nil, err
	}
	s, err := open(ctx, command, args, true)
	if err != nil {
		return nil, "", nil, err
	}
	return account.New(s, nil), cfg.HTTP, s.Close, nil
}

// SetupCode makes a code straight in the database.
func (Commands) SetupCode(ctx context.Context, args []string) (code, link string, err error) {
	d, addr, done, err := door(ctx, "tandem setup-code", args)
	if err != nil {
		return "", "", err
	}
	code, err = d.SetupCode(ctx, localActor)
	return code, setupLink(addr, code), errors.Join(err, done())
}

// CreateUser makes a user straight in the database.
func (Commands) CreateUser(ctx context.Context, args []string, n cli.NewUser) (u tandem.User, token string, err error) {
	d, _, done, err := door(ctx, "tandem user create", args)
	if err != nil {
		return u, "", err
	}
	p := account.Profile{Email: n.Email, Name: n.Name, Role: n.Role}
	if n.Password == "" {
		var inv account.Invitation
		u, inv, err = d.Invite(ctx, localActor, p)
		return u, inv.Token, errors.Join(err, done())
	}
	u, err = d.Create(ctx, localActor, p, n.Password)
	return u, "", errors.Join(err, done())
}

// Link makes a link that signs a user in, once: the way back in for an
// administrator who forgot the password.
func (Commands) Link(ctx context.Context, args []string, email string) (string, error) {
	d, addr, done, err := door(ctx, "tandem user link", args)
	if err != nil {
		return "", err
	}
	token, _, err := d.Link(ctx, localActor, email)
	return consoleLink(addr, "/sign-in", "link", token), errors.Join(err, done())
}

// demoEmail is the address of the demo's administrator.
const demoEmail = "demo@localhost"

// demoLink gives the token of a link that signs the demo's administrator in.
func (a *App) demoLink(ctx context.Context) (string, error) {
	d := account.New(a.store, nil)
	if _, _, err := d.Invite(ctx, localActor, account.Profile{Email: demoEmail, Name: "Demo", Role: tandem.Admin}); err != nil && tandem.CodeOf(err) != tandem.Conflict {
		return "", err
	}
	token, _, err := d.Link(ctx, localActor, demoEmail)
	return token, err
}

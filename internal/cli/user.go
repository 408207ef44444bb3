package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"tandem"
	"tandem/internal/cli/client"
)

// NewUser is a user to be made. Without a password they are invited.
type NewUser struct {
	Email, Name string
	Role        tandem.UserRole
	Password    string
}

type setupCodeCommand struct {
	database
}

func (*setupCodeCommand) Help() string {
	return `Runs on the server, where it opens the database. With the code, the console's page /setup makes
the first administrator; once there is one, no code is good any more.

  tandem setup-code --data /var/lib/tandem`
}

func (c *setupCodeCommand) Run(s *session) error {
	server, err := s.server()
	if err != nil {
		return err
	}
	code, link, err := server.SetupCode(s.ctx, c.args())
	if err != nil {
		return err
	}
	return s.show(map[string]string{"code": code, "link": link}, func() {
		s.printf("%s\n%s\n", code, link)
	})
}

type userCommand struct {
	Create userCreate `cmd:"" help:"Make a user, with a password or an invitation."`
	Link   userLink   `cmd:"" help:"Make a link that signs a user in, once."`
	List   userList   `cmd:"" help:"List users."`
	Set    userSet    `cmd:"" help:"Change a user's name or role, disable or enable them."`
	Reset  userReset  `cmd:"" help:"Take a user's password away and invite them anew."`
	Delete userDelete `cmd:"" help:"Delete a user."`
}

type userCreate struct {
	Email  string          `arg:"" help:"E-mail address to sign in with."`
	Role   tandem.UserRole `required:"" enum:"viewer,operator,admin" help:"viewer reads; operator also changes agents, routes and tests; admin everything." placeholder:"ROLE"`
	Name   string          `help:"Name; default: what stands before the @." placeholder:"NAME"`
	Invite bool            `help:"Print an invitation to choose a password, instead of asking for one."`
	API    bool            `name:"api" help:"Ask the server at --url, with an admin key, instead of opening the database."`
	database
}

func (*userCreate) Help() string {
	return `Runs on the server, where it opens the database; with --api it runs anywhere. The password is
asked for, or read from a pipe.

  tandem user create ann@example.com --role admin
  tandem user create bo@example.com --role viewer --invite --api`
}

func (c *userCreate) Run(s *session) error {
	n := NewUser{Email: c.Email, Name: c.Name, Role: c.Role}
	if !c.Invite {
		var err error
		if n.Password, err = s.password(); err != nil {
			return err
		}
		if n.Password == "" {
			return tandem.Errorf(tandem.Invalid, "password", "is empty; give one, or --invite")
		}
	}
	u, token, err := c.create(s, n)
	if err != nil {
		return err
	}
	return s.invited(u, token)
}

func (c *userCreate) create(s *session, n NewUser) (tandem.User, string, error) {
	if !c.API {
		server, err := s.server()
		if err != nil {
			return tandem.User{}, "", err
		}
		return server.CreateUser(s.ctx, c.args(), n)
	}
	api, err := s.client()
	if err != nil {
		return tandem.User{}, "", err
	}
	u, err := api.CreateUser(s.ctx, n.Email, n.Name, n.Role, n.Password)
	return u.User, u.Invitation.Token, err
}

// invited tells of a user, and of the invitation where there is one.
func (s *session) invited(u tandem.User, token string) error {
	type made struct {
		tandem.User
		Invitation string `json:"invitation,omitempty"`
	}
	return s.show(made{u, token}, func() {
		s.printf("%s is %s.\n", u.Email, u.Role)
		if token != "" {
			s.printf("They choose a password, once and within seven days, at the console's address with this behind it:\n/invitation#token=%s\n", token)
		}
	})
}

// password asks for a password twice, or reads it from a pipe.
func (s *session) password() (string, error) {
	f, ok := s.Stdin.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		line, err := bufio.NewReader(io.LimitReader(s.Stdin, 4096)).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", err
		}
		return strings.TrimRight(line, "\r\n"), nil
	}
	var given [2]string
	for i, ask := range []string{"Password: ", "Again: "} {
		fmt.Fprint(s.Stderr, ask)
		b, err := term.ReadPassword(int(f.Fd()))
		fmt.Fprintln(s.Stderr)
		if err != nil {
			return "", err
		}
		given[i] = string(b)
	}
	if given[0] != given[1] {
		return "", tandem.Errorf(tandem.Invalid, "password", "is not the same both times")
	}
	return given[0], nil
}

type userLink struct {
	Email string `arg:"" help:"The user's e-mail address."`
	database
}

func (*userLink) Help() string {
	return `Runs on the server, where it opens the database: the way back in when a password is lost. The link
is good once, within a day.`
}

func (c *userLink) Run(s *session) error {
	server, err := s.server()
	if err != nil {
		return err
	}
	link, err := server.Link(s.ctx, c.args(), strings.ToLower(c.Email))
	if err != nil {
		return err
	}
	return s.show(map[string]string{"link": link}, func() { s.printf("%s\n", link) })
}

type userList struct{}

func (*userList) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	var all []tandem.User
	for cursor := ""; ; {
		page, err := api.Users(s.ctx, client.Page{Cursor: cursor, Limit: tandem.MaxLimit})
		if err != nil {
			return err
		}
		all = append(all, page.Items...)
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	return s.show(client.List[tandem.User]{Items: all}, func() {
		g := s.grid("E-MAIL", "NAME", "ROLE", "STATE", "SIGNED IN")
		for _, u := range all {
			state, at := "", ""
			switch {
			case u.Disabled:
				state = "disabled"
			case !u.HasWayIn:
				state = "invited"
			}
			if u.SignedInAt != nil {
				at = moment(*u.SignedInAt)
			}
			g.row(u.Email, u.Name, string(u.Role), state, at)
		}
		g.print("There are no users.")
	})
}

type userSet struct {
	User    string          `arg:"" help:"E-mail address or id."`
	Role    tandem.UserRole `help:"viewer, operator or admin." placeholder:"ROLE"`
	Name    string          `help:"Name." placeholder:"NAME"`
	Disable bool            `xor:"able" help:"Keep them from signing in; their sessions end."`
	Enable  bool            `xor:"able" help:"Let them sign in again."`
}

func (c *userSet) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	change := map[string]any{}
	if c.Role != "" {
		change["role"] = c.Role
	}
	if c.Name != "" {
		change["name"] = c.Name
	}
	if c.Disable || c.Enable {
		change["disabled"] = c.Disable
	}
	if len(change) == 0 {
		return tandem.Errorf(tandem.Invalid, "", "nothing to change: give --role, --name, --disable or --enable")
	}
	u, err := api.ChangeUser(s.ctx, c.User, change)
	if err != nil {
		return err
	}
	return s.show(u, func() {
		state := ""
		if u.Disabled {
			state = ", disabled"
		}
		s.printf("%s is %s%s.\n", u.Email, u.Role, state)
	})
}

type userReset struct {
	User string `arg:"" help:"E-mail address or id."`
}

func (c *userReset) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	u, err := api.ResetUser(s.ctx, c.User)
	if err != nil {
		return err
	}
	return s.invited(u.User, u.Invitation.Token)
}

type userDelete struct {
	User string `arg:"" help:"E-mail address or id."`
}

func (c *userDelete) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	if err := api.DeleteUser(s.ctx, c.User); err != nil {
		return err
	}
	return s.show(map[string]any{"deleted": c.User}, func() { s.printf("Deleted.\n") })
}

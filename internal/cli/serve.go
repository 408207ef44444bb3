package cli

import (
	"tandem"
)

type serveCommand struct {
	Args []string `arg:"" optional:"" help:"Flags of the server; see tandem serve --help."`
}

func (c *serveCommand) Run(s *session) error {
	server, err := s.server()
	if err != nil {
		return err
	}
	return server.Serve(s.ctx, c.Args)
}

// database says which database a command on the server opens.
type database struct {
	Config   string `help:"YAML file with the server's settings ($$TANDEM_CONFIG)." placeholder:"FILE"`
	Data     string `help:"The server's data folder ($$TANDEM_DATA)." placeholder:"DIR"`
	Database string `help:"The server's database ($$TANDEM_DATABASE)." placeholder:"URL"`
}

func (d database) args() []string {
	var args []string
	for _, f := range [][2]string{{"--config", d.Config}, {"--data", d.Data}, {"--database", d.Database}} {
		if f[1] != "" {
			args = append(args, f[0]+"="+f[1])
		}
	}
	return args
}

type verifyCommand struct {
	database
}

func (*verifyCommand) Help() string {
	return `Runs on the server: it opens the database, recomputes every tally and every goal from the
calls, and lists what differs. Exits with 1 when anything does.

  tandem verify --data /var/lib/tandem`
}

func (c *verifyCommand) Run(s *session) error {
	server, err := s.server()
	if err != nil {
		return err
	}
	ok, err := server.Verify(s.ctx, c.args(), s.cmd.JSON, s.Stdout)
	if err != nil {
		return err
	}
	if !ok {
		return errDiffers
	}
	return nil
}

type keyCommand struct {
	Create keyCreate `cmd:"" help:"Make an API key."`
	List   keyList   `cmd:"" help:"List API keys."`
	Revoke keyRevoke `cmd:"" help:"Revoke an API key."`
}

type keyCreate struct {
	Name  string         `arg:"" help:"Who or what will use it; stands in the audit log."`
	Scope []tandem.Scope `required:"" enum:"read,write,ingest,admin" help:"What it may do: read, write (agents, routes, tests), ingest (events, assignments), admin (everything). May be given several times." placeholder:"SCOPE"`
	API   bool           `name:"api" help:"Ask the server at --url, with an admin key, instead of opening the database."`
	database
}

func (*keyCreate) Help() string {
	return `Runs on the server, where it opens the database; with --api it runs anywhere. The secret is
shown once.

  tandem key create laptop --scope read --scope write
  tandem key create retell-webhook --scope ingest --data /var/lib/tandem`
}

func (c *keyCreate) Run(s *session) error {
	key, secret, err := c.create(s)
	if err != nil {
		return err
	}
	type made struct {
		tandem.Key
		Secret string `json:"secret"`
	}
	return s.show(made{key, secret}, func() {
		s.printf("%s\n", secret)
		_, _, tty := s.Terminal()
		if tty {
			s.printf("%s\n", s.dim("This is the only time it is shown. Use it as TANDEM_KEY, or as \"Authorization: Bearer ...\"."))
		}
	})
}

func (c *keyCreate) create(s *session) (tandem.Key, string, error) {
	if !c.API {
		server, err := s.server()
		if err != nil {
			return tandem.Key{}, "", err
		}
		return server.CreateKey(s.ctx, c.args(), c.Name, c.Scope)
	}
	api, err := s.client()
	if err != nil {
		return tandem.Key{}, "", err
	}
	k, err := api.CreateKey(s.ctx, c.Name, c.Scope)
	return k.Key, k.Secret, err
}

type keyList struct{}

func (*keyList) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	keys, err := api.Keys(s.ctx)
	if err != nil {
		return err
	}
	return s.show(keys, func() {
		g := s.grid("NAME", "SCOPES", "CREATED", "REVOKED", "ID")
		for _, k := range keys.Items {
			revoked := ""
			if k.RevokedAt != nil {
				revoked = moment(*k.RevokedAt)
			}
			g.row(k.Name, joined(k.Scopes), moment(k.CreatedAt), revoked, string(k.ID))
		}
		g.print("There are no keys.")
	})
}

type keyRevoke struct {
	ID tandem.ID `arg:"" help:"Id of the key; see tandem key list."`
}

func (c *keyRevoke) Run(s *session) error {
	api, err := s.client()
	if err != nil {
		return err
	}
	if err := api.RevokeKey(s.ctx, c.ID); err != nil {
		return err
	}
	return s.show(map[string]any{"revoked": c.ID}, func() { s.printf("Revoked.\n") })
}

func joined[T ~string](list []T) string {
	out := ""
	for i, v := range list {
		if i > 0 {
			out += ", "
		}
		out += string(v)
	}
	return out
}

type openapiCommand struct{}

func (*openapiCommand) Run(s *session) error {
	server, err := s.server()
	if err != nil {
		return err
	}
	_, err = s.Stdout.Write(append(server.OpenAPI(), '\n'))
	return err
}

// Package config turns flags, environment and a file into one validated struct.
//
// A flag beats its environment variable, which beats the file, which beats the
// default. It reads and checks; it opens nothing but the files it is told of.
package config

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"

	"tandem"
)

// Config is everything the server is told. Fields are the flags of `tandem
// serve`; the file has the same names under the same dashes.
type Config struct {
	File     string   `name:"config" help:"YAML file with any of these settings, and with trunks." type:"existingfile" placeholder:"FILE" env:"TANDEM_CONFIG"`
	Data     string   `help:"Folder for the database file and the spool." default:"tandem-data" env:"TANDEM_DATA" placeholder:"DIR"`
	Database string   `help:"sqlite:FILE or postgres://... (default: tandem.db in the data folder)." env:"TANDEM_DATABASE" placeholder:"URL"`
	HTTP     string   `name:"http" help:"Address of the API and the console." default:"127.0.0.1:8080" env:"TANDEM_HTTP" placeholder:"HOST:PORT"`
	Proxies  []string `name:"http-proxies" help:"Addresses (CIDR) of proxies in front of the API: their X-Forwarded-For and X-Forwarded-Proto are believed." env:"TANDEM_HTTP_PROXIES" placeholder:"CIDR"`
	// RecordingHosts are NAME or NAME:PORT.
	RecordingHosts []string `name:"recording-hosts" help:"Hosts (NAME or NAME:PORT) at private addresses from which recordings of calls may be fetched; public ones always may." env:"TANDEM_RECORDING_HOSTS" placeholder:"HOST"`
	SIP            []string `name:"sip" help:"SIP listeners, such as udp:192.0.2.1:5060; none turns SIP off." default:"udp:127.0.0.1:5060,tcp:127.0.0.1:5060" env:"TANDEM_SIP" placeholder:"NET:HOST:PORT"`
	// Advertise is the address peers reach the listeners at, when it is not the
	// one they listen on (NAT, 0.0.0.0).
	Advertise string   `name:"sip-advertise" help:"Host that peers reach the SIP listeners at, if not the one listened on." env:"TANDEM_SIP_ADVERTISE" placeholder:"HOST"`
	TLSCert   string   `name:"sip-tls-cert" help:"Certificate chain (PEM) for tls: listeners." type:"existingfile" env:"TANDEM_SIP_TLS_CERT" placeholder:"FILE"`
	TLSKey    string   `name:"sip-tls-key" help:"Private key (PEM) for tls: listeners." type:"existingfile" env:"TANDEM_SIP_TLS_KEY" placeholder:"FILE"`
	Allow     []string `name:"sip-allow" help:"Addresses (CIDR) that may send calls without a password." default:"127.0.0.0/8,::1/128" env:"TANDEM_SIP_ALLOW" placeholder:"CIDR"`
	Region    string   `help:"Country (ISO 3166, such as US) of numbers written without country code." env:"TANDEM_REGION" placeholder:"CC"`
	// SecretsKeyFile holds the key to secrets in the database. Nodes that share the
	// database need the same.
	SecretsKeyFile string `name:"secrets-key-file" help:"Key to secrets in the database; every node needs the same (default: secrets.key in the data folder, made when needed)." env:"TANDEM_SECRETS_KEY_FILE" placeholder:"FILE"`

	LogLevel string `help:"debug, info, warn or error." enum:"debug,info,warn,error" default:"info" env:"TANDEM_LOG_LEVEL"`
	LogJSON  bool   `name:"log-json" help:"Write logs as JSON." env:"TANDEM_LOG_JSON"`

	// Trunks are read from the file only: they hold passwords.
	Trunks []Trunk `kong:"-"`
}

// Trunk is a peer that may send calls: by address, by digest, or, with both
// given, only by both.
type Trunk struct {
	Name     string   `koanf:"name"`
	Sources  []string `koanf:"sources"`
	Username string   `koanf:"username"`
	Password string   `koanf:"password"`
	// PasswordFile holds the password, so that the settings need not.
	PasswordFile string `koanf:"password_file"`
}

// Listener is one SIP listener.
type Listener struct{ Network, Addr string }

// Parse reads args (without the command), the environment and the file. help
// is where --help is written; ErrHelp is returned after it.
func Parse(command, help string, args []string, out io.Writer) (Config, error) {
	var c Config
	stopped := false
	parser, err := kong.New(&c, kong.Name(command), kong.Description(help), kong.Writers(out, out),
		kong.Exit(func(int) { stopped = true }), kong.Resolvers(&fileResolver{}))
	if err != nil {
		return c, fmt.Errorf("flags: %w", err)
	}
	_, err = parser.Parse(args)
	if stopped {
		return c, ErrHelp
	}
	if err != nil {
		return c, tandem.Errorf(tandem.Invalid, "", "%v", err)
	}
	if c.File != "" {
		k, err := load(c.File)
		if err != nil {
			return c, err
		}
		if err := k.Unmarshal("trunks", &c.Trunks); err != nil {
			return c, tandem.Errorf(tandem.Invalid, "trunks", "in %s: %v", c.File, err)
		}
	}
	return c, c.finish()
}

// ErrHelp says that help was asked for and written.
var ErrHelp = errors.New("help was shown")

func (c *Config) finish() error {
	if c.Database == "" {
		c.Database = "sqlite:" + filepath.Join(c.Data, "tandem.db")
	}
	if c.SecretsKeyFile == "" {
		c.SecretsKeyFile = filepath.Join(c.Data, "secrets.key")
	}
	var errs []error
	if u, err := url.Parse(c.Database); err != nil || u.Scheme != "sqlite" && u.Scheme != "postgres" && u.Scheme != "postgresql" {
		errs = append(errs, tandem.Errorf(tandem.Invalid, "database", "expected sqlite:FILE or postgres://..."))
	}
	if _, _, err := net.SplitHostPort(c.HTTP); err != nil {
		errs = append(errs, tandem.Errorf(tandem.Invalid, "http", "is %q; expected HOST:PORT", c.HTTP))
	}
	ls, err := c.Listeners()
	errs = append(errs, err)
	for _, l := range ls {
		if l.Network == "tls" && (c.TLSCert == "" || c.TLSKey == "") {
			errs = append(errs, tandem.Errorf(tandem.Invalid, "sip-tls-cert", "and sip-tls-key are needed by the listener tls:%s", l.Addr))
		}
	}
	if _, err := Prefixes("sip-allow", c.Allow); err != nil {
		errs = append(errs, err)
	}
	if _, err := Prefixes("http-proxies", c.Proxies); err != nil {
		errs = append(errs, err)
	}
	for i := range c.Trunks {
		errs = append(errs, c.Trunks[i].finish(i))
	}
	return errors.Join(errs...)
}

func (t *Trunk) finish(i int) error {
	at := fmt.Sprintf("trunks[%d]", i)
	if t.PasswordFile != "" {
		b, err := os.ReadFile(t.PasswordFile)
		if err != nil {
			return tandem.Errorf(tandem.Invalid, at+".password_file", "cannot be read: %v", err)
		}
		t.Password = strings.TrimRight(string(b), "\r\n")
	}
	_, err := Prefixes(at+".sources", t.Sources)
	switch {
	case err != nil:
		return err
	case t.Name == "":
		return tandem.Errorf(tandem.Invalid, at+".name", "is empty; expected a name for the logs")
	case (t.Username == "") != (t.Password == ""):
		return tandem.Errorf(tandem.Invalid, at+".username", "and password go together")
	case t.Username == "" && len(t.Sources) == 0:
		return tandem.Errorf(tandem.Invalid, at+".sources", "is empty; expected addresses, or a username and password")
	}
	return nil
}

// Listeners gives the SIP listeners; none when SIP is turned off.
func (c Config) Listeners() ([]Listener, error) {
	var out []Listener
	for _, s := range c.SIP {
		if s == "" || s == "none" {
			continue
		}
		network, addr, _ := strings.Cut(s, ":")
		_, _, err := net.SplitHostPort(addr)
		if err != nil || network != "udp" && network != "tcp" && network != "tls" {
			return nil, tandem.Errorf(tandem.Invalid, "sip", "has %q; expected udp:HOST:PORT, tcp:HOST:PORT or tls:HOST:PORT", s)
		}
		out = append(out, Listener{Network: network, Addr: addr})
	}
	return out, nil
}

// TLS loads the certificate of tls: listeners; nil when none is set.
func (c Config) TLS() (*tls.Config, error) {
	if c.TLSCert == "" {
		return nil, nil
	}
	cert, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey)
	if err != nil {
		return nil, tandem.Errorf(tandem.Invalid, "sip-tls-cert", "cannot be loaded: %v", err)
	}
	return &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}, nil
}

// Prefixes reads addresses written as CIDR or plain.
func Prefixes(field string, list []string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, s := range list {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			a, aerr := netip.ParseAddr(s)
			if aerr != nil {
				return nil, tandem.Errorf(tandem.Invalid, field, "has %q; expected an address or a CIDR such as 192.0.2.0/24", s)
			}
			p = netip.PrefixFrom(a, a.BitLen())
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

// Logger makes the logger that the settings ask for.
func (c Config) Logger(out io.Writer) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.LogLevel)) // kong's enum has checked it
	opts := &slog.HandlerOptions{Level: level}
	if c.LogJSON {
		return slog.New(slog.NewJSONHandler(out, opts))
	}
	return slog.New(slog.NewTextHandler(out, opts))
}

func load(path string) (*koanf.Koanf, error) {
	k := koanf.New(".")
	if err := k.Load(file.Provider(path), yaml.Parser()); err != nil {
		return nil, tandem.Errorf(tandem.Invalid, "config", "%s cannot be read: %v", path, err)
	}
	return k, nil
}

// fileResolver answers kong's questions for flags that were not given from the
// file that --config names.
type fileResolver struct{ k *koanf.Koanf }

// Validate implements kong.Resolver.
func (*fileResolver) Validate(*kong.Application) error { return nil }

// Resolve implements kong.Resolver.
func (f *fileResolver) Resolve(ctx *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if flag.Name == "config" {
		return nil, nil
	}
	if f.k == nil {
		path := os.Getenv("TANDEM_CONFIG")
		for _, p := range ctx.Path {
			if p.Flag != nil && p.Flag.Name == "config" {
				path = ctx.FlagValue(p.Flag).(string)
			}
		}
		if path == "" {
			return nil, nil
		}
		var err error
		if f.k, err = load(path); err != nil {
			return nil, err
		}
		if err := f.refuseUnknown(ctx); err != nil {
			return nil, err
		}
	}
	for _, env := range flag.Tag.Envs {
		if _, set := os.LookupEnv(env); set {
			return nil, nil
		}
	}
	if !f.k.Exists(flag.Name) {
		return nil, nil
	}
	if list := f.k.Strings(flag.Name); len(list) > 0 {
		return strings.Join(list, ","), nil
	}
	return f.k.String(flag.Name), nil
}

// refuseUnknown keeps a misspelt setting from being ignored.
func (f *fileResolver) refuseUnknown(ctx *kong.Context) error {
	known := map[string]bool{"trunks": true}
	for _, flag := range ctx.Flags() {
		known[flag.Name] = true
	}
	for name := range f.k.Raw() {
		if !known[name] {
			return tandem.Errorf(tandem.Invalid, name, "is not a setting; see tandem serve --help")
		}
	}
	return nil
}

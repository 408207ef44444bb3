package config

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tandem.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAFlagBeatsTheEnvironmentWhichBeatsTheFileWhichBeatsTheDefault(t *testing.T) {
	file := write(t, "http: 127.0.0.1:1111\nregion: DE\nlog-level: warn\nsip: [\"udp:127.0.0.1:6000\", \"tcp:127.0.0.1:6000\"]\n")
	t.Setenv("TANDEM_HTTP", "127.0.0.1:2222")
	t.Setenv("TANDEM_LOG_LEVEL", "debug")
	c, err := Parse("serve", "", []string{"--config", file, "--log-level", "error"}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if c.LogLevel != "error" || c.HTTP != "127.0.0.1:2222" || c.Region != "DE" || c.Data != "tandem-data" {
		t.Errorf("got level %s, http %s, region %s, data %s", c.LogLevel, c.HTTP, c.Region, c.Data)
	}
	ls, err := c.Listeners()
	if err != nil || len(ls) != 2 || ls[1] != (Listener{"tcp", "127.0.0.1:6000"}) {
		t.Errorf("listeners %v, %v", ls, err)
	}
}

func TestTheFileMayBeNamedByTheEnvironment(t *testing.T) {
	t.Setenv("TANDEM_CONFIG", write(t, "region: FR\n"))
	c, err := Parse("serve", "", nil, io.Discard)
	if err != nil || c.Region != "FR" {
		t.Errorf("region %q, %v", c.Region, err)
	}
}

func TestProxiesAreAddresses(t *testing.T) {
	c, err := Parse("serve", "", []string{"--http-proxies", "192.0.2.0/24,::1"}, io.Discard)
	if err != nil || len(c.Proxies) != 2 {
		t.Errorf("proxies %v, %v", c.Proxies, err)
	}
	if _, err := Parse("serve", "", []string{"--http-proxies", "everybody"}, io.Discard); err == nil || !strings.Contains(err.Error(), "http-proxies") {
		t.Errorf("error %v", err)
	}
}

func TestTrunksComeFromTheFile(t *testing.T) {
	secret := write(t, "s3cret\n")
	c, err := Parse("serve", "", []string{"--config", write(t, `
trunks:
  - name: carrier
    sources: [192.0.2.0/24, 198.51.100.7]
  - name: platform
    username: tandem
    password_file: `+secret+"\n")}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Trunks) != 2 || c.Trunks[1].Password != "s3cret" || len(c.Trunks[0].Sources) != 2 {
		t.Errorf("trunks %+v", c.Trunks)
	}
}

func TestMistakesNameTheSetting(t *testing.T) {
	for name, tc := range map[string]struct {
		file string
		args []string
		want string
	}{
		"a misspelt setting":            {"htttp: 1\n", nil, "htttp"},
		"a listener without port":       {"", []string{"--sip", "udp:127.0.0.1"}, "sip"},
		"an unknown transport":          {"", []string{"--sip", "sctp:127.0.0.1:5060"}, "sip"},
		"tls without certificate":       {"", []string{"--sip", "tls:127.0.0.1:5061"}, "sip-tls-cert"},
		"an address that is none":       {"", []string{"--sip-allow", "10.0.0.0/99"}, "sip-allow"},
		"a database of another kind":    {"", []string{"--database", "mysql://x"}, "database"},
		"an http address without port":  {"", []string{"--http", "localhost"}, "http"},
		"a trunk that admits nobody":    {"trunks: [{name: x}]\n", nil, "trunks[0].sources"},
		"a trunk without a password":    {"trunks: [{name: x, username: y}]\n", nil, "trunks[0].username"},
		"a password file that is not":   {"trunks: [{name: x, username: y, password_file: /nonexistent}]\n", nil, "trunks[0].password_file"},
		"an unknown flag":               {"", []string{"--nonsense"}, "--nonsense"},
		"a log level that is not known": {"", []string{"--log-level", "loud"}, "log-level"},
	} {
		t.Run(name, func(t *testing.T) {
			args := tc.args
			if tc.file != "" {
				args = append(args, "--config", write(t, tc.file))
			}
			_, err := Parse("serve", "", args, io.Discard)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error %v; want one that names %s", err, tc.want)
			}
		})
	}
}

func TestHelpIsShownAndSaidSo(t *testing.T) {
	var out strings.Builder
	_, err := Parse("serve", "Run the server.", []string{"--help"}, &out)
	if !errors.Is(err, ErrHelp) || !strings.Contains(out.String(), "--sip-allow") {
		t.Errorf("error %v, help:\n%s", err, out.String())
	}
}

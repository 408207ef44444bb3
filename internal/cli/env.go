// Package cli is Tandem's command line. It speaks HTTP to a server; what has
// to happen inside one (serving, opening the database) is behind [Server],
// which the program hands in.
//
// Everything a command touches (arguments, environment, input, output) is in
// one [Env], so that a command runs whole inside a test.
package cli

import (
	"context"
	"io"
	"net/http"
	"os"
	"strconv"
	"time"

	"golang.org/x/term"

	"tandem"
)

// Env is all that a command touches.
type Env struct {
	// Args are the arguments without the program's name.
	Args []string
	// Getenv looks an environment variable up; nil is none.
	Getenv func(name string) string
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	// Server does what needs more than HTTP; nil refuses those commands.
	Server Server
	// HTTP is used for requests; nil is a client of the command's own.
	HTTP *http.Client
	// Terminal gives the size of the terminal that Stdout is, and whether it
	// is one; nil asks the system.
	Terminal func() (width, height int, ok bool)
	// Release is Tandem's version.
	Release string
	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

// Server is what only a program with a server inside can do. args are flags of
// `tandem serve`, such as --database URL.
type Server interface {
	// Serve serves until ctx ends.
	Serve(ctx context.Context, args []string) error
	// CreateKey opens the database and makes an API key; the secret is shown
	// once.
	CreateKey(ctx context.Context, args []string, name string, scopes []tandem.Scope) (key tandem.Key, secret string, err error)
	// Verify opens the database, recomputes every result from the calls and
	// writes what differs; ok is whether nothing does.
	Verify(ctx context.Context, args []string, asJSON bool, out io.Writer) (ok bool, err error)
	// SetupCode opens the database and makes a code for the first administrator;
	// link is where to use it.
	SetupCode(ctx context.Context, args []string) (code, link string, err error)
	// CreateUser opens the database and makes a user. Without a password the
	// token invites them.
	CreateUser(ctx context.Context, args []string, u NewUser) (user tandem.User, token string, err error)
	// Link opens the database and makes a link that signs a user in, once.
	Link(ctx context.Context, args []string, email string) (link string, err error)
	// OpenAPI gives the API's own description, an OpenAPI 3.1 document in JSON.
	OpenAPI() []byte
	// StartLocal starts a server in this process and returns when it serves.
	StartLocal(ctx context.Context, o LocalOptions) (*LocalServer, error)
}

// LocalOptions says how a local server is to run.
type LocalOptions struct {
	// Data is the folder for the database and the spool; it exists.
	Data string
	// HTTP and SIP are addresses to listen on, SIP for UDP and TCP. Port 0 is
	// any free one.
	HTTP, SIP string
	// Recordings is the host:port of this machine that recordings may be fetched from,
	// if any.
	Recordings string
	// Log is where the server's log goes.
	Log io.Writer
}

// LocalServer is a server that runs in this process.
type LocalServer struct {
	// URL is the address of the API and the console.
	URL string
	// SIP is the gateway's "host:port".
	SIP string
	// Key is the secret of an API key with scope admin.
	Key string
	// Link is the token of a link that signs an administrator in, once.
	Link string
	// Stop lets the calls in progress end their transactions, stops the server
	// and waits for it.
	Stop func(ctx context.Context) error
}

// The exit codes.
const (
	exitOK     = 0
	exitFailed = 1 // refused, not found, or a verification found differences
	exitUsage  = 2 // the command line makes no sense
	exitAway   = 3 // the server does not answer
)

func (e *Env) defaults() {
	if e.Getenv == nil {
		e.Getenv = func(string) string { return "" }
	}
	if e.Stdin == nil {
		e.Stdin = eof{}
	}
	if e.Stdout == nil {
		e.Stdout = io.Discard
	}
	if e.Stderr == nil {
		e.Stderr = io.Discard
	}
	if e.Release == "" {
		e.Release = "development"
	}
	if e.Now == nil {
		e.Now = time.Now
	}
	if e.Terminal == nil {
		e.Terminal = e.system
	}
}

// plainWidth is how wide output is that goes to a file or a pipe.
const plainWidth = 120

func (e *Env) system() (width, height int, ok bool) {
	if f, isFile := e.Stdout.(*os.File); isFile && term.IsTerminal(int(f.Fd())) {
		if w, h, err := term.GetSize(int(f.Fd())); err == nil && w > 0 {
			return w, h, true
		}
		return 80, 24, true
	}
	if w, err := strconv.Atoi(e.Getenv("COLUMNS")); err == nil && w > 0 {
		return w, 0, false
	}
	return plainWidth, 0, false
}

// colour says whether output may be coloured: on a terminal, unless NO_COLOR
// is set (no-color.org) or the terminal is dumb.
func (e *Env) colour() bool {
	_, _, tty := e.Terminal()
	return tty && e.Getenv("NO_COLOR") == "" && e.Getenv("TERM") != "dumb"
}

type eof struct{}

func (eof) Read([]byte) (int, error) { return 0, io.EOF }

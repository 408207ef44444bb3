// Command tandem is A/B testing for phone voice agents: the server and its
// command line.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // days are divided by the reader's time zone, and small images have none

	"tandem/internal/app"
	"tandem/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	code := cli.Main(ctx, cli.Env{
		Args: os.Args[1:], Getenv: os.Getenv,
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Server: app.Commands{Log: os.Stderr}, Release: app.Release(),
	})
	stop()
	os.Exit(code)
}

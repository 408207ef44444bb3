// Command sip measures the SIP gateway beside Kamailio, which does the same
// split with Debian's configuration language, under the same load from SIPp,
// one after the other in turns, and prints a Markdown table.
//
//	go run ./bench/sip [-full] [-only gateway,server,kamailio] [-mode proxy,redirect]
//
// Subjects: "gateway" is the SIP gateway alone, which is what Kamailio can be
// compared with; "server" is all of Tandem with every call recorded durably on
// SQLite; "kamailio" keeps no record of any call. All share two cores with the
// load generator.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"
)

// load is what SIPp is told to do.
type load struct {
	mode    string // "proxy" or "redirect"
	rate    int    // calls a second
	seconds int
}

func main() {
	if err := pickAddrs(); err != nil {
		fmt.Fprintln(os.Stderr, "bench sip:", err)
		os.Exit(1)
	}
	if role := os.Getenv(roleEnv); role != "" {
		os.Exit(runSubject(role))
	}
	full := flag.Bool("full", false, "60 s at the rates of the marks instead of 12 s, three turns instead of one")
	only := flag.String("only", "kamailio,gateway,server", "subjects")
	modes := flag.String("mode", "proxy,redirect", "modes")
	seconds := flag.Int("seconds", 0, "length of a run (default 12, with -full 60)")
	turns := flag.Int("turns", 0, "how often each run is repeated (default 1, with -full 3)")
	proxyRate := flag.Int("proxy-rate", 2000, "proxied calls a second; each lasts 1 s")
	redirectRate := flag.Int("redirect-rate", 8000, "redirected calls a second")
	flag.Parse()
	length, repeat := 12, 1
	if *full {
		length, repeat = 60, 3
	}
	if *seconds > 0 {
		length = *seconds
	}
	if *turns > 0 {
		repeat = *turns
	}
	var loads []load
	for _, m := range strings.Split(*modes, ",") {
		rate := *proxyRate
		if m == "redirect" {
			rate = *redirectRate
		}
		loads = append(loads, load{m, rate, length})
	}
	if err := run(loads, strings.Split(*only, ","), repeat); err != nil {
		fmt.Fprintln(os.Stderr, "bench sip:", err)
		os.Exit(1)
	}
}

func run(loads []load, names []string, turns int) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	fmt.Println("\n## SIP gateway (limits: CPU 1.5 times Kamailio's, p99 of the added delay 10 ms, 500 MB, no failed call, no retransmission)")
	fmt.Println()
	t := tabwriter.NewWriter(os.Stdout, 2, 4, 2, ' ', 0)
	defer t.Flush()
	fmt.Fprintln(t, "| load\t| subject\t| CPU per call\t| of Kamailio's\t| delay p50\t| p99\t| memory\t| failed\t| retransmitted\t| lost in sockets\t|")
	fmt.Fprintln(t, "|---\t|---\t|---\t|---\t|---\t|---\t|---\t|---\t|---\t|---\t|")
	for _, l := range loads {
		for range turns {
			var peer time.Duration
			for _, name := range order(names) {
				m, err := measure(ctx, name, l)
				if err != nil {
					return fmt.Errorf("%s, %s: %w", l.mode, name, err)
				}
				if name == "kamailio" {
					peer = m.cpu
				}
				ratio := "-"
				if peer > 0 {
					ratio = fmt.Sprintf("%.2f", float64(m.cpu)/float64(peer))
				}
				fmt.Fprintf(t, "| %s %d/s, %d s\t| %s\t| %v\t| %s\t| %s\t| %s\t| %d MB\t| %d of %d\t| %d\t| %d\t|\n",
					l.mode, l.rate, l.seconds, name, m.cpu.Round(100*time.Nanosecond), ratio,
					delay(m.p50), delay(m.p99), m.memory>>20, m.failed, m.calls, m.retransmitted, m.lost)
				if err := t.Flush(); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// order puts Kamailio first: the others are stated as ratios to it.
func order(names []string) []string {
	out := slices.Clone(names)
	slices.SortStableFunc(out, func(a, b string) int {
		switch {
		case a == b:
			return 0
		case a == "kamailio":
			return -1
		case b == "kamailio":
			return 1
		}
		return 0
	})
	return out
}

func delay(d time.Duration) string {
	if d == 0 {
		return "-"
	}
	return d.Round(10 * time.Microsecond).String()
}

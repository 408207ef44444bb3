package main

import (
	"net"
	"os"
	"strings"
)

// Addresses of the parties, all on loopback, on ports that were free when the
// benchmark began. The subjects are told them in the environment.
var subjectAddr, agentAddr, callerAddr, probeAddr string

const addrEnv = "TANDEM_BENCH_SIP_ADDRS"

// pickAddrs chooses the addresses, or takes them from the environment.
func pickAddrs() error {
	parts := []*string{&subjectAddr, &agentAddr, &callerAddr, &probeAddr}
	if given := strings.Fields(os.Getenv(addrEnv)); len(given) == len(parts) {
		for i, p := range parts {
			*p = given[i]
		}
		return nil
	}
	var all []string
	for _, p := range parts {
		c, err := net.ListenPacket("udp4", "127.0.0.1:0")
		if err != nil {
			return err
		}
		defer func() { _ = c.Close() }() // all stay open until the last is chosen
		*p = c.LocalAddr().String()
		all = append(all, *p)
	}
	return os.Setenv(addrEnv, strings.Join(all, " "))
}

func port(addr string) string {
	_, p, _ := net.SplitHostPort(addr)
	return p
}

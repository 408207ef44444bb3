// Package e2e tests the program as those meet it who use it: the built binary,
// real SIP peers (SIPp, and a small user agent of the tests' own), HTTP and the
// command line. It sees nothing of the inside: what a test knows of calls it
// has from the peers, and holds that against what the API says.
//
// Everything stays on loopback, on ports that are free at the time. SIPp and
// PostgreSQL have to be installed.
//
// TANDEM_E2E_LONG=1 keeps the database away for half a minute instead of a few
// seconds. TANDEM_E2E_KEEP=DIR keeps what SIPp logged, every message included.
package e2e

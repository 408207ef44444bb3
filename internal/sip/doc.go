// Package sip is the SIP gateway. Calls come in from trunks; each INVITE is
// given to a version by the assigner and proxied to (or redirected at) that
// version's target; out flow events: assigned, answered, transferred, failover,
// ended.
//
// The gateway is a transaction-stateful, dialog-stateless proxy (RFC 3261
// section 16, with 6026, 3581, 5658). What it must know about a call after the
// INVITE was answered travels in the Record-Route header, signed, so that any
// node with the same secret can carry a later request on and report it. It
// never touches media or the body of a message, never waits for a database, and
// never relays a request that neither a trunk nor a signed route vouches for.
//
// Messages are forwarded by editing the received bytes (package wire): headers
// that the gateway has no business with leave as they came. One reader owns
// each flow (a UDP source, a connection) and handles its messages one after
// another to the end, which keeps the order within a call.
package sip

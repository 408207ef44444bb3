// Package wire reads SIP messages where they lie: it indexes the bytes of one
// message (RFC 3261 section 25) and gives spans into them. Nothing is copied,
// decoded or put in order, so that whoever forwards a message can change two
// headers and leave every other byte as it came. It does no I/O and keeps no
// state.
package wire

// Package replay makes recorded or generated conversations happen again: as
// real SIP calls through a gateway, with both ends played here, or as the
// events of an experiment that has already taken place elsewhere.
//
// In flow conversations (JSON lines, see [Conversation]) and out flow SIP
// messages and [tandem.Event] values with origin "replay" or "import". It
// knows no store, no API and no statistics: what becomes of the events is for
// the [Poster] it is given. No audio is sent; the SDP offers an inactive
// stream.
package replay

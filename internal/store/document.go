package store

import (
	"bytes"
	"encoding/json"
)

// document is a noun's JSON. It keeps the <, > and & of people's own JSON as
// they wrote them. Nouns always encode: their rules were checked before they
// came here.
func document(noun any) json.RawMessage {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(noun); err != nil {
		panic("store: " + err.Error())
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
}

package tandem

import (
	"encoding/json"
	"time"
)

// AuditEntry says who changed what, and when. Before is null for something
// new, After for something gone.
type AuditEntry struct {
	ID     ID              `json:"id"`
	At     time.Time       `json:"at"`
	Actor  string          `json:"actor" doc:"Name of the key, or of the command on the server"`
	Action string          `json:"action" example:"test.reweight"`
	Object ID              `json:"object" doc:"Id of the agent, route, test or key"`
	Before json.RawMessage `json:"before"`
	After  json.RawMessage `json:"after"`
}

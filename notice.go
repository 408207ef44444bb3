package tandem

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"time"
)

// NoticeKind is what a notice tells.
type NoticeKind string

// The kinds of notices.
const (
	NoticeVerdict   NoticeKind = "verdict"            // a test reached a conclusion
	NoticeWithdrawn NoticeKind = "verdict.withdrawn"  // what was concluded no longer holds
	NoticeGuardrail NoticeKind = "guardrail.breached" // and perhaps was rolled back
	NoticeSplit     NoticeKind = "split.broken"
	NoticeOutcomes  NoticeKind = "outcomes.missing"
	NoticeAlarm     NoticeKind = "alarm" // any other check that failed
	NoticeRamp      NoticeKind = "ramp.advanced"
	NoticePing      NoticeKind = "ping" // asked for, to try a webhook
)

// NoticeKinds lists what a webhook can ask for.
func NoticeKinds() []NoticeKind {
	return []NoticeKind{NoticeVerdict, NoticeWithdrawn, NoticeGuardrail, NoticeSplit, NoticeOutcomes, NoticeAlarm, NoticeRamp}
}

// Notice is something that happened to a test and is told once.
type Notice struct {
	ID ID `json:"id"`
	// Key says what is told: a second notice with the same key is none.
	Key     string     `json:"-"`
	Kind    NoticeKind `json:"kind" enum:"verdict,verdict.withdrawn,guardrail.breached,split.broken,outcomes.missing,alarm,ramp.advanced,ping"`
	At      time.Time  `json:"at"`
	TestID  ID         `json:"test_id,omitempty"`
	RouteID ID         `json:"route_id,omitempty"`
	Text    string     `json:"text" doc:"One sentence"`
	// Data is the verdict at that moment.
	Data json.RawMessage `json:"data,omitempty"`
}

// Webhook is an address that hears notices, signed as Standard Webhooks say.
type Webhook struct {
	ID        ID           `json:"id"`
	URL       string       `json:"url"`
	Kinds     []NoticeKind `json:"kinds,omitempty" doc:"What it hears; empty: everything"`
	CreatedAt time.Time    `json:"created_at"`
	// Secret signs deliveries: whsec_ and 24 to 64 bytes in base64.
	Secret string `json:"-"`
}

// webhookSecretBytes is the secret's length: that of the HMAC's hash.
const webhookSecretBytes = 32

// NewWebhook makes a webhook with a new secret.
func NewWebhook(address string, kinds []NoticeKind, now time.Time) (Webhook, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || len(address) > 2000 {
		return Webhook{}, Errorf(Invalid, "url", "is %q; expected an address such as https://example.com/hook", clip(address))
	}
	for i, k := range kinds {
		if !slices.Contains(NoticeKinds(), k) {
			return Webhook{}, Errorf(Invalid, "kinds"+index(i), "is %q; expected one of %v", clip(string(k)), NoticeKinds())
		}
	}
	var secret [webhookSecretBytes]byte
	_, _ = rand.Read(secret[:])
	return Webhook{
		ID: NewID(now), URL: address, Kinds: kinds, CreatedAt: now,
		Secret: "whsec_" + base64.StdEncoding.EncodeToString(secret[:]),
	}, nil
}

// Wants says whether the webhook hears notices of this kind. Every one hears a
// ping.
func (w Webhook) Wants(k NoticeKind) bool {
	return k == NoticePing || len(w.Kinds) == 0 || slices.Contains(w.Kinds, k)
}

// DeliveryState is how far a delivery came.
type DeliveryState string

// The states of a delivery.
const (
	DeliveryPending   DeliveryState = "pending"
	DeliveryDelivered DeliveryState = "delivered"
	DeliveryFailed    DeliveryState = "failed" // given up
)

// Delivery is one notice on its way to one webhook.
type Delivery struct {
	Notice    Notice        `json:"notice"`
	WebhookID ID            `json:"webhook_id"`
	State     DeliveryState `json:"state" enum:"pending,delivered,failed"`
	Attempts  int           `json:"attempts"`
	// NextAt is when it is tried again, while pending.
	NextAt    time.Time `json:"next_at,omitzero"`
	LastError string    `json:"last_error,omitempty"`
}

// Claim is a delivery that a node has taken on, with what it takes to deliver.
type Claim struct {
	Delivery
	URL    string
	Secret string
}

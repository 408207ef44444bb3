package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"tandem"
)

const (
	// postTimeout bounds one attempt, from the dial to the end of the answer:
	// the specification advises 15 to 30 seconds.
	postTimeout = 15 * time.Second
	// maxAnswer is how much of an answer's body is read, and thrown away, so
	// that the connection can be used again.
	maxAnswer = 64 << 10
)

// newClient makes the client for all webhooks. It follows no redirect: a signed
// notice goes to the address that was registered, and nowhere else.
func newClient() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 1
	transport.IdleConnTimeout = 30 * time.Second
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// message is the body of a delivery, in the shape that Standard Webhooks
// advise. It is the same in every attempt.
type message struct {
	Type      tandem.NoticeKind `json:"type"`
	Timestamp time.Time         `json:"timestamp"`
	Data      tandem.Notice     `json:"data"`
}

// answer is what came of one request.
type answer struct {
	status     int    // 0 when there was none
	retryAfter string // the header, as it came
	err        error  // why there was no answer
	hopeless   bool   // no further attempt can do better
}

func (a answer) ok() bool { return a.err == nil && a.status >= 200 && a.status <= 299 }

// post makes one attempt.
func (c *Courier) post(ctx context.Context, claim tandem.Claim) answer {
	ctx, cancel := context.WithTimeout(ctx, postTimeout)
	defer cancel()
	req, err := request(ctx, claim, time.Now())
	if err != nil {
		return answer{err: err, hopeless: true}
	}
	res, err := c.client.Do(req)
	if err != nil {
		return answer{err: plain(err)}
	}
	defer func() { _ = res.Body.Close() }()
	// The status has answered already; what follows it says nothing more.
	_, _ = io.CopyN(io.Discard, res.Body, maxAnswer)
	return answer{status: res.StatusCode, retryAfter: res.Header.Get("Retry-After")}
}

// request makes the signed request.
func request(ctx context.Context, claim tandem.Claim, now time.Time) (*http.Request, error) {
	n := claim.Notice
	body, err := json.Marshal(message{Type: n.Kind, Timestamp: n.At, Data: n})
	if err != nil {
		return nil, fmt.Errorf("the notice cannot be written: %w", err)
	}
	signature, err := sign(claim.Secret, string(n.ID), now, body)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, claim.URL, bytes.NewReader(body))
	if err != nil {
		return nil, plain(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Tandem")
	req.Header.Set(standardwebhooks.HeaderWebhookID, string(n.ID))
	req.Header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(now.Unix(), 10))
	req.Header.Set(standardwebhooks.HeaderWebhookSignature, signature)
	return req, nil
}

// sign gives the webhook-signature of a body: HMAC-SHA256 over id, time in
// seconds and body (Standard Webhooks, "Signature scheme").
func sign(secret, id string, at time.Time, body []byte) (string, error) {
	key, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		return "", errors.New("the webhook's secret cannot be read") // the cause would quote it
	}
	return key.Sign(id, at, body)
}

// plain takes the address out of an error: its query and user may be secrets,
// and errors are stored, shown and logged.
func plain(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("no answer within %v", postTimeout)
	}
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}

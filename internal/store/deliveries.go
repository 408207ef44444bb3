package store

import (
	"context"
	"strings"
	"time"

	"tandem"
)

const (
	deliveryColumns = `d.webhook_id, d.state, d.attempts, d.next_at, d.last_error`

	selectAnyDue = `SELECT EXISTS (SELECT 1 FROM deliveries WHERE state = 'pending' AND next_at <= $1)`
	selectDue    = `
		SELECT ` + noticeColumns + `, ` + deliveryColumns + `, w.url, w.secret
		FROM deliveries d JOIN notices n ON n.id = d.notice_id JOIN webhooks w ON w.id = d.webhook_id
		WHERE d.state = 'pending' AND d.next_at <= $1 ORDER BY d.next_at LIMIT $2`
	takeDelivery = `UPDATE deliveries SET next_at = $3 WHERE notice_id = $1 AND webhook_id = $2`
	// A delivery that arrived has arrived, whatever another node makes of it
	// whose lease had run out; one that was given up is not taken up again.
	finishDelivery = `
		UPDATE deliveries SET attempts = attempts + 1,
			state = CASE WHEN state = 'pending' OR state = 'failed' AND $3 = 'delivered' THEN $3 ELSE state END,
			next_at = CASE WHEN state = 'pending' THEN $4 ELSE next_at END,
			last_error = CASE WHEN state = 'pending' OR state = 'failed' AND $3 = 'delivered' THEN $5 ELSE last_error END
		WHERE notice_id = $1 AND webhook_id = $2`

	// maxError bounds what is kept of an error, in bytes.
	maxError = 500
)

// Deliveries lists what was and is to be sent to a webhook, the newest notice
// first. Errors are Invalid{Field: "cursor"} and Unavailable.
func (s *Store) Deliveries(ctx context.Context, webhookID tandem.ID, p tandem.Page) ([]tandem.Delivery, string, error) {
	l := list[tandem.Delivery]{
		selects: `SELECT ` + noticeColumns + `, ` + deliveryColumns + ` FROM deliveries d JOIN notices n ON n.id = d.notice_id`,
		key:     [2]string{"d.at", "d.notice_id"}, down: true, into: timeKey,
		scan: func(scan func(...any) error) (tandem.Delivery, [2]any, error) {
			var r deliveryRow
			if err := scan(r.places()...); err != nil {
				return tandem.Delivery{}, [2]any{}, err
			}
			return r.delivery(), [2]any{r.notice.at, string(r.notice.n.ID)}, nil
		},
	}
	l.where.add("d.webhook_id = ?", string(webhookID))
	deliveries, next, err := l.page(ctx, s.read, p)
	return deliveries, next, s.fault("list the deliveries", err)
}

// ClaimDeliveries takes at most limit pending deliveries that are due, the
// longest due first, by putting them off until now plus lease: until then no
// other node is given them. A node that neither finishes one nor lives gives it
// back by that. Attempts counts those that were finished.
func (s *Store) ClaimDeliveries(ctx context.Context, now time.Time, lease time.Duration, limit int) ([]tandem.Claim, error) {
	claims := []tandem.Claim{}
	var due bool // asked all the time, and mostly false: that takes no turn at writing
	if err := s.read.QueryRowContext(ctx, selectAnyDue, micros(now)).Scan(&due); err != nil || !due {
		return claims, s.fault("look for due deliveries", err)
	}
	until := now.Add(lease)
	err := s.pipeline(ctx, "claim deliveries", func(w *work) error {
		claims = claims[:0]
		var take []step
		err := w.run(ctx, []step{{
			text: selectDue + s.dialect.claim, args: []any{micros(now), max(limit, 0)},
			row: func(scan func(...any) error) error {
				var r deliveryRow
				var c tandem.Claim
				if err := scan(append(r.places(), &c.URL, &c.Secret)...); err != nil {
					return err
				}
				c.Delivery = r.delivery()
				c.NextAt = moment(micros(until))
				claims = append(claims, c)
				take = append(take, step{text: takeDelivery, args: []any{string(c.Notice.ID), string(c.WebhookID), micros(until)}})
				return nil
			},
		}})
		if err != nil {
			return err
		}
		return w.run(ctx, take)
	})
	if err != nil {
		return nil, err
	}
	return claims, nil
}

// FinishDelivery says how an attempt at a delivery went: it is delivered, failed
// for good, or still pending and due again at nextAt. It counts the attempt. A
// delivery that arrived stays so. NotFound when there is no such delivery, as
// after its webhook was deleted.
func (s *Store) FinishDelivery(ctx context.Context, noticeID, webhookID tandem.ID, state tandem.DeliveryState, nextAt time.Time, lastError string) error {
	switch state {
	case tandem.DeliveryPending, tandem.DeliveryDelivered, tandem.DeliveryFailed:
	default:
		return tandem.Errorf(tandem.Invalid, "state", "is %q; expected pending, delivered or failed", state)
	}
	return s.pipeline(ctx, "finish a delivery", func(w *work) error {
		return w.run(ctx, []step{{
			text: finishDelivery, args: []any{string(noticeID), string(webhookID), string(state), micros(nextAt), keepable(lastError)},
			rows: 1, otherwise: notFound("delivery of notice", string(noticeID)),
		}})
	})
}

// keepable makes text from outside fit to be stored: what a peer answers must
// never keep its delivery from being finished.
func keepable(text string) string {
	text = text[:min(len(text), maxError)]
	return strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\x00", "")
}

// deliveryRow reads rows of noticeColumns and deliveryColumns.
type deliveryRow struct {
	notice noticeRow
	d      tandem.Delivery
	nextAt int64
}

func (r *deliveryRow) places() []any {
	return append(r.notice.places(), &r.d.WebhookID, &r.d.State, &r.d.Attempts, &r.nextAt, &r.d.LastError)
}

func (r *deliveryRow) delivery() tandem.Delivery {
	d := r.d
	d.Notice = r.notice.notice()
	if d.State == tandem.DeliveryPending {
		d.NextAt = moment(r.nextAt)
	}
	return d
}

package api_test

import (
	"strings"
	"testing"

	"tandem"
	"tandem/internal/api"
)

func TestAWebhookIsMadeTriedAndDeleted(t *testing.T) {
	s := start(t)
	var made api.NewWebhook
	s.do(s.admin, "POST", "/v1/webhooks", `{"url": "https://example.com/hook", "kinds": ["verdict"]}`).want(201, &made)
	if !strings.HasPrefix(made.Secret, "whsec_") || made.URL != "https://example.com/hook" {
		t.Errorf("made %+v", made)
	}
	list := s.do(s.admin, "GET", "/v1/webhooks", nil).want(200, nil)
	if body := string(list.body); !strings.Contains(body, string(made.ID)) || strings.Contains(body, "whsec_") {
		t.Errorf("the list is %s", body)
	}
	path := "/v1/webhooks/" + string(made.ID)
	s.do(s.admin, "POST", path+"/ping", nil).want(202, nil)
	var sent struct{ Items []tandem.Delivery }
	s.do(s.admin, "GET", path+"/deliveries", nil).want(200, &sent)
	if len(sent.Items) != 1 || sent.Items[0].Notice.Kind != tandem.NoticePing || sent.Items[0].State != tandem.DeliveryPending {
		t.Errorf("deliveries %+v", sent.Items)
	}
	var notices struct{ Items []tandem.Notice }
	s.do(s.read, "GET", "/v1/notices", nil).want(200, &notices)
	if len(notices.Items) != 1 || !strings.Contains(notices.Items[0].Text, "admin") {
		t.Errorf("notices %+v", notices.Items)
	}
	s.do(s.admin, "DELETE", path, nil).want(204, nil)
	s.do(s.admin, "DELETE", path, nil).refused(404)
	s.do(s.admin, "POST", path+"/ping", nil).refused(404)
	s.do(s.admin, "GET", path+"/deliveries", nil).refused(404)
	s.do(s.admin, "GET", "/v1/webhooks/nonsense/deliveries", nil).refused(404)
	audit := s.do(s.admin, "GET", "/v1/audit?object="+string(made.ID), nil).want(200, nil)
	if strings.Contains(string(audit.body), "whsec_") {
		t.Error("the audit log holds the secret")
	}
}

func TestWebhooksThatCannotBe(t *testing.T) {
	s := start(t)
	for _, c := range []struct{ name, body, place string }{
		{"no address", `{"url": ""}`, "body.url"},
		{"an address of another kind", `{"url": "ftp://example.com"}`, "body.url"},
		{"an unknown kind", `{"url": "https://example.com", "kinds": ["weather"]}`, "body.kinds[0]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.do(s.admin, "POST", "/v1/webhooks", c.body).refused(422, c.place)
		})
	}
	s.do(s.write, "POST", "/v1/webhooks", `{"url": "https://example.com"}`).refused(403)
}

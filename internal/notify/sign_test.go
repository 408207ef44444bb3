package notify

import (
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"tandem/internal/corpus"
)

// vectors are signed requests gathered from the vendors' own tests; those of
// Standard Webhooks were published with the specification's Go library.
const vectors = "webhooks/signature_vectors.json"

func TestSignaturesAreThoseOfThePublishedVectors(t *testing.T) {
	raw, err := os.ReadFile(corpus.Path(t, vectors))
	if err != nil {
		t.Fatal(err)
	}
	var all []struct {
		ID, Vendor, Secret, Body, Verdict string
		Headers                           map[string]string
	}
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	valid, invalid := 0, 0
	for _, v := range all {
		if v.Vendor != "standardwebhooks" {
			continue
		}
		seconds, err := strconv.ParseInt(v.Headers["webhook-timestamp"], 10, 64)
		if err != nil {
			continue // a vector about a missing header
		}
		got, err := sign(v.Secret, v.Headers["webhook-id"], time.Unix(seconds, 0), []byte(v.Body))
		if err != nil {
			t.Errorf("%s: %v", v.ID, err)
			continue
		}
		given := strings.Fields(v.Headers["webhook-signature"])
		has := false
		for _, g := range given {
			has = has || g == got
		}
		switch {
		case v.Verdict == "valid":
			valid++
			if !has {
				t.Errorf("%s: signed %s; the vector has %v", v.ID, got, given)
			}
		case strings.Contains(v.Headers["webhook-id"], "msg_") && !has:
			invalid++
		}
	}
	if valid < 4 || invalid < 2 {
		t.Errorf("%d valid and %d invalid vectors were compared; want at least 4 and 2", valid, invalid)
	}
}

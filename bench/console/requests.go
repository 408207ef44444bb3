package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"tandem"
)

const (
	// requestLimit is what any of these may take at the median: the p99 is that of a
	// machine that does other things, too.
	requestLimit = 100 * time.Millisecond
	// asks and askFor bound how often each is asked.
	asks   = 200
	askFor = 8 * time.Second
)

// probe is a request that the console makes; no two of a probe are alike where the
// server could remember.
type probe struct {
	name string
	path func(n int) string
	most int // how often it is asked; 0: as often as others
}

// probes are what is asked of a server's one test.
func probes(ctx context.Context, s *server) ([]probe, error) {
	test := "/v1/tests/" + string(s.Test.ID)
	same := func(path string) func(int) string { return func(int) string { return path } }
	deep, ids, err := depths(ctx, s)
	if err != nil {
		return nil, err
	}
	id := func(n int) string { return "/v1/calls/" + string(ids[n%len(ids)]) }
	of := "&test=" + string(s.Test.ID)
	return []probe{
		{"results, as the console reads them", same(test + "/results?tracks=primary"), 0},
		{"results with every history", same(test + "/results"), 0},
		{"routes", same("/v1/routes"), 0},
		{"running tests", same("/v1/tests?limit=500"), 0},
		// In another time zone other days are counted.
		{"routes' volume, 14 days anew", func(n int) string { return "/v1/volume?zone=" + url.QueryEscape(zones[n]) }, len(zones)},
		{"routes' volume again", same("/v1/volume"), 0},
		{"calls, first page of 200", same("/v1/calls?limit=200"), 0},
		{"calls, a page deep by cursor", func(n int) string { return "/v1/calls?limit=200&cursor=" + deep[n%len(deep)] }, 0},
		{"calls of the test, deep", func(n int) string { return "/v1/calls?limit=200" + of + "&cursor=" + deep[n%len(deep)] }, 0},
		{"calls of an arm", same("/v1/calls?limit=200&arm=C" + of), 0},
		{"calls whose goal was not met", same("/v1/calls?limit=200&goal=not_met"), 0},
		{"calls that the system ended (5 %)", same("/v1/calls?limit=200&ended_by=system" + of), 0},
		{"calls transferred, of an arm (2 %)", same("/v1/calls?limit=200&transferred=true&arm=D" + of), 0},
		{"calls by a field (20 %)", same("/v1/calls?limit=200&field=reason&value=hours" + of), 0},
		{"calls by a field, none", same("/v1/calls?limit=200&field=reason&value=nothing" + of), 0},
		{"calls lost, none", same("/v1/calls?limit=200&stage=lost"), 0},
		{"calls of the test lost, none", same("/v1/calls?limit=200&stage=lost" + of), 0},
		{"calls whose goal is unknown, none", same("/v1/calls?limit=200&goal=unknown" + of), 0},
		{"calls of ten minutes (0.03 %)", same("/v1/calls?limit=200&min_seconds=600" + of), 0},
		{"a call", id, 0},
		{"its transcript", func(n int) string { return id(n) + "/transcript" }, 0},
		{"its analysis", func(n int) string { return id(n) + "/analysis" }, 0},
		{"transcripts side by side", func(n int) string { return fmt.Sprintf("%s/sample?has_transcript=true&per_arm=1&seed=%d", test, n) }, 0},
		{"the same, of a rare kind", func(n int) string {
			return fmt.Sprintf("%s/sample?has_transcript=true&per_arm=1&ended_by=system&transferred=true&seed=%d", test, n)
		}, 0},
		{"a blind pair", func(n int) string { return fmt.Sprintf("%s/sample?blind=true&per_arm=1&seed=%d", test, n) }, 0},
	}, nil
}

var zones = []string{
	"Pacific/Honolulu", "America/Anchorage", "America/Los_Angeles", "America/Denver", "America/Chicago", "America/New_York", "America/Halifax",
	"America/Sao_Paulo", "Atlantic/Azores", "Europe/Berlin", "Europe/Helsinki", "Europe/Moscow", "Asia/Dubai", "Asia/Karachi", "Asia/Kolkata",
	"Asia/Dhaka", "Asia/Bangkok", "Asia/Shanghai", "Asia/Tokyo", "Australia/Sydney", "Pacific/Noumea", "Pacific/Auckland",
}

// depths gives cursors and calls all through the list.
func depths(ctx context.Context, s *server) (cursors []string, ids []tandem.ID, err error) {
	const steps = 40
	for i := range steps {
		at := s.Test.StartedAt.Add(spread * time.Duration(i+1) / (steps + 1))
		var page struct {
			Items []struct {
				ID tandem.ID `json:"id"`
			} `json:"items"`
			Next string `json:"next"`
		}
		if err := s.get(ctx, "/v1/calls?limit=1&before="+url.QueryEscape(at.Format(time.RFC3339)), &page); err != nil {
			return nil, nil, err
		}
		if len(page.Items) == 1 && page.Next != "" {
			cursors, ids = append(cursors, url.QueryEscape(page.Next)), append(ids, page.Items[0].ID)
		}
	}
	if len(ids) == 0 {
		return nil, nil, errors.New("no calls were found")
	}
	return cursors, ids, nil
}

// taken is how long a probe's requests took.
type taken struct {
	name     string
	p50, p99 time.Duration
}

// measureServer asks both worlds the same.
func measureServer(ctx context.Context, few, many *world) error {
	small, err := ask(ctx, few)
	if err != nil {
		return err
	}
	large, err := ask(ctx, many)
	if err != nil {
		return err
	}
	t := newTable(fmt.Sprintf("What the console asks of the server (limit: %v, median)", requestLimit),
		"request", fmt.Sprintf("p50, %d calls", few.Calls), "p99", fmt.Sprintf("p50, %d calls", many.Calls), "p99", "p50, ratio", "p50 of limit")
	defer t.flush()
	var slow error
	for i, l := range large {
		t.row(l.name, small[i].p50, small[i].p99, l.p50, l.p99, float64(l.p50)/float64(small[i].p50), float64(l.p50)/float64(requestLimit))
		if l.p50 > requestLimit {
			slow = errors.Join(slow, fmt.Errorf("%s: %v: %w", l.name, l.p50, errSlow))
		}
	}
	return slow
}

// ask times each probe, one request at a time.
func ask(ctx context.Context, w *world) (out []taken, err error) {
	s, err := start(ctx, w)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Stop()) }()
	list, err := probes(ctx, s)
	if err != nil {
		return nil, err
	}
	for _, p := range list {
		var took []time.Duration
		began := time.Now()
		for n := 0; n < cmp.Or(p.most, asks) && (n < 5 || time.Since(began) < askFor); n++ {
			before := time.Now()
			if err := s.get(ctx, p.path(n), nil); err != nil {
				return nil, err
			}
			took = append(took, time.Since(before))
		}
		slices.Sort(took)
		out = append(out, taken{p.name, took[len(took)/2], took[len(took)*99/100]})
	}
	return out, nil
}

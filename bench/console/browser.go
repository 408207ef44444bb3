package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"time"
)

const (
	bundleLimit      = 250_000 // bytes of script, gzipped
	interactiveLimit = time.Second
	eventLimit       = 100 * time.Millisecond
	rowsLimit        = 200 // in the page at a time
	rounds           = 5

	script = "web/e2e/measure.mjs"
)

// looked is what the script found in the browser. Times are milliseconds.
type looked struct {
	Browser      string              `json:"browser"`
	SignIn       *loaded             `json:"signIn"`
	Routes       *loaded             `json:"routes"`
	Pages        map[string]arrivals `json:"pages"`
	Interactions map[string][]event  `json:"interactions"`
	Scroll       *scrolled           `json:"scroll"`
}

// loaded is the script that a page fetched.
type loaded struct {
	Files  int `json:"files"`
	Bytes  int `json:"bytes"`
	Zipped int `json:"zipped"`
	Sent   int `json:"sent"`
}

type arrivals struct {
	Cold []arrival `json:"cold"`
	Warm []arrival `json:"warm"`
}

// arrival is when a page's data was on show, and when nothing kept it from answering.
type arrival struct {
	Shown       float64 `json:"shown"`
	Interactive float64 `json:"interactive"`
	Worked      float64 `json:"worked"` // CPU of all the browser's processes
}

type event struct {
	Duration float64 `json:"duration"` // until the next frame; 0 below 16
	Worked   float64 `json:"worked"`   // until the handlers were done
}

type scrolled struct {
	At      int     `json:"at"`
	Most    int     `json:"most"`
	Longest float64 `json:"longest"`
	Long    int     `json:"long"`
	Frame   float64 `json:"frame"`
	Worked  float64 `json:"worked"` // CPU of all the browser's processes, for each turn of the wheel
}

// measureBrowser has the script look at the console of a server on w.
func measureBrowser(ctx context.Context, o options, w *world) (err error) {
	node, missing := exec.LookPath("node")
	if missing != nil {
		fmt.Println("\nWithout Node nothing is measured in a browser.")
		return nil
	}
	chromium := os.Getenv("TANDEM_CHROMIUM")
	if chromium == "" {
		chromium = "/usr/bin/chromium"
	}
	if _, missing := os.Stat(chromium); missing != nil {
		fmt.Printf("\nWithout Chromium (%s) nothing is measured in a browser.\n", chromium)
		return nil
	}
	link, err := w.link(ctx)
	if err != nil {
		return err
	}
	s, err := start(ctx, w)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Stop()) }()
	_, calls, err := depths(ctx, s)
	if err != nil {
		return err
	}
	found, err := look(ctx, node, map[string]any{
		"url": s.URL, "link": link, "test": s.Test.ID, "call": calls[len(calls)/2], "rounds": rounds, "sections": o.browserSections(),
	})
	if err != nil {
		return err
	}
	return errors.Join(found.bundles(), found.arrivals(), found.events(), found.scrolling())
}

func (o options) browserSections() []string {
	return slices.DeleteFunc([]string{"bundle", "pages", "interactions", "scroll"}, func(s string) bool { return !o.wants(s) })
}

func look(ctx context.Context, node string, asked map[string]any) (found looked, err error) {
	argument, err := json.Marshal(asked)
	if err != nil {
		return found, err
	}
	var out bytes.Buffer
	cmd := exec.CommandContext(ctx, node, script, string(argument))
	cmd.Stdout, cmd.Stderr = &out, os.Stderr
	if err := cmd.Run(); err != nil {
		return found, fmt.Errorf("%s: %w", script, err)
	}
	return found, json.Unmarshal(out.Bytes(), &found)
}

func (f looked) bundles() (slow error) {
	if f.SignIn == nil || f.Routes == nil {
		return nil
	}
	t := newTable(fmt.Sprintf("Script of the first load (limit: %d kB gzipped)", bundleLimit/1000), "page", "files", "bytes", "gzipped", "of limit", "sent")
	defer t.flush()
	for _, p := range []struct {
		name string
		*loaded
	}{{"sign-in", f.SignIn}, {"routes", f.Routes}} {
		t.row(p.name, p.Files, p.Bytes, p.Zipped, float64(p.Zipped)/bundleLimit, p.Sent)
		if p.Zipped > bundleLimit {
			slow = errors.Join(slow, fmt.Errorf("script of %s: %d bytes gzipped: %w", p.name, p.Zipped, errSlow))
		}
	}
	return slow
}

func (f looked) arrivals() (slow error) {
	if f.Pages == nil {
		return nil
	}
	t := newTable(fmt.Sprintf("Time to interactive in Chromium %s (limit: %v, fastest of %d): the data is on show, and no task of 50 ms or more in the 500 ms after", f.Browser, interactiveLimit, rounds),
		"page", "cache", "data on show", "interactive", "median", "slowest", "fastest of limit", "the browser's CPU")
	defer t.flush()
	for _, name := range slices.Sorted(maps.Keys(f.Pages)) {
		for _, c := range []struct {
			name string
			list []arrival
		}{{"cold", f.Pages[name].Cold}, {"warm", f.Pages[name].Warm}} {
			shown := sorted(c.list, func(a arrival) float64 { return a.Shown })
			usable := sorted(c.list, func(a arrival) float64 { return a.Interactive })
			worked := sorted(c.list, func(a arrival) float64 { return a.Worked })
			// Whatever else the machine does makes a page slower, never faster.
			fastest := usable[0]
			t.row(name, c.name, shown[0], fastest, middle(usable), usable[len(usable)-1], float64(fastest)/float64(interactiveLimit), middle(worked))
			if fastest > interactiveLimit {
				slow = errors.Join(slow, fmt.Errorf("%s, %s: interactive after %v: %w", name, c.name, fastest, errSlow))
			}
		}
	}
	return slow
}

func (f looked) events() (slow error) {
	if f.Interactions == nil {
		return nil
	}
	t := newTable(fmt.Sprintf("From an event to the next frame (limit: %v, median; 0 is less than 16 ms)", eventLimit), "what", "times", "p50", "slowest", "its handlers", "p50 of limit")
	defer t.flush()
	for _, name := range slices.Sorted(maps.Keys(f.Interactions)) {
		list := f.Interactions[name]
		took := sorted(list, func(e event) float64 { return e.Duration })
		worked := sorted(list, func(e event) float64 { return e.Worked })
		median := middle(took)
		t.row(name, len(list), median, took[len(took)-1], worked[len(worked)-1], float64(median)/float64(eventLimit))
		if median > eventLimit {
			slow = errors.Join(slow, fmt.Errorf("%s: %v: %w", name, median, errSlow))
		}
	}
	return slow
}

func (f looked) scrolling() (slow error) {
	s := f.Scroll
	if s == nil {
		return nil
	}
	t := newTable(fmt.Sprintf("Scrolling the calls, the best of three times (limits: no task over %v, %d rows in the page)", eventLimit, rowsLimit), "down to row", "rows in the page", "longest task", "of limit", "tasks over 50 ms", "p99 between frames", "the browser's CPU a turn of the wheel")
	defer t.flush()
	longest := millis(s.Longest)
	t.row(s.At, s.Most, longest, float64(longest)/float64(eventLimit), s.Long, millis(s.Frame), millis(s.Worked))
	if longest > eventLimit {
		slow = errors.Join(slow, fmt.Errorf("a task of %v while scrolling: %w", longest, errSlow))
	}
	if s.Most > rowsLimit {
		slow = errors.Join(slow, fmt.Errorf("%d rows in the page: %w", s.Most, errSlow))
	}
	return slow
}

func millis(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }

func sorted[T any](list []T, of func(T) float64) []time.Duration {
	out := make([]time.Duration, len(list))
	for i, x := range list {
		out[i] = millis(of(x))
	}
	slices.Sort(out)
	return out
}

func middle(sorted []time.Duration) time.Duration { return sorted[len(sorted)/2] }

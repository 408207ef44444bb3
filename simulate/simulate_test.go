package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func quietly(t *testing.T) *os.File {
	t.Helper()
	f, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func TestAQuickRunHoldsEveryBound(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	o := options{quick: true, seed: 1, data: filepath.Join("..", "..", "shared", "data")}
	rows, err := simulate(context.Background(), o, all(o), quietly(t))
	if err != nil {
		t.Fatal(err)
	}
	if b := broken(rows); len(b) > 0 {
		t.Errorf("broken: %s", strings.Join(b, "\n"))
	}
	for _, r := range rows {
		if r.passedOver != "" {
			t.Logf("%s: passed over: %s", r.name, r.passedOver)
		}
	}
}

func TestTheSameSeedGivesTheSameFigures(t *testing.T) {
	o := options{quick: true, seed: 7, only: "categories"}
	first, err := simulate(context.Background(), o, all(o), quietly(t))
	if err != nil {
		t.Fatal(err)
	}
	again, err := simulate(context.Background(), o, all(o), quietly(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(first) == 0 || table(first) != table(again) {
		t.Errorf("%s\nand then\n%s", table(first), table(again))
	}
}

func TestAMethodThatCriesWinnerIsBroken(t *testing.T) {
	posing := setting{equalPart, "a z-test posing as evidence", func(r *runner) (figure, string, error) {
		got, err := share(r, 100, yes(watched(sharesFrom, 1_000, coin(0.5, 0.7, 0.7), peekedZ)))
		return atMost(got, alpha, "100"), "", err
	}}
	rows, err := simulate(context.Background(), options{seed: 1}, []setting{posing}, quietly(t))
	if err != nil {
		t.Fatal(err)
	}
	if b := broken(rows); len(b) != 1 || !strings.Contains(table(rows), "BROKEN") {
		t.Errorf("broken is %v of\n%s", b, table(rows))
	}
}

func TestAMethodWithoutPowerIsBroken(t *testing.T) {
	blind := setting{powerPart, "nothing is ever found", func(*runner) (figure, string, error) {
		return about(rate{yes: 10, n: 1_000}, 0.79, "1000", ""), "", nil
	}}
	rows, err := simulate(context.Background(), options{}, []setting{blind}, quietly(t))
	if err != nil || len(broken(rows)) != 1 {
		t.Errorf("broken is %v, %v", broken(rows), err)
	}
}

func TestARateOverItsBoundIsBrokenUnlessThereAreFewRuns(t *testing.T) {
	for _, c := range []struct {
		yes, n int64
		held   bool
	}{{500, 10_000, true}, {501, 10_000, false}, {8, 100, true}, {20, 100, false}, {0, 20, true}} {
		if f := atMost(rate{c.yes, c.n}, 0.05, ""); f.held != c.held {
			t.Errorf("%d of %d: held is %v", c.yes, c.n, f.held)
		}
	}
	two := worst("", []string{"one", "another"}, []rate{{100, 10_000}, {600, 10_000}})
	if two.held || two.found != "one 1.0 %, another 6.0 %" {
		t.Errorf("%+v; want the second to break it", two)
	}
}

func TestARunWithoutItsDataFails(t *testing.T) {
	for name, only := range map[string]string{"calls": "Recorded telephone", "experiments": "Recorded web", "nothing": "no such setting"} {
		if err := run(options{quick: true, seed: 1, only: only, data: t.TempDir()}, ""); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestTheTableIsWrittenBetweenItsMarkers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "page.md")
	if err := os.WriteFile(path, []byte("before\n"+beginMark+"\nold\n"+endMark+"\nafter\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := writeBetween(path, "new"); err != nil {
		t.Fatal(err)
	}
	got, _ := os.ReadFile(path)
	if want := "before\n" + beginMark + "\n\nnew\n" + endMark + "\nafter\n"; string(got) != want {
		t.Errorf("%q", got)
	}
	if err := writeBetween(filepath.Join(t.TempDir(), "none"), ""); err == nil {
		t.Error("a page that is not there was written")
	}
}

func TestAPageIsNotGivenAPartOfTheTable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "page.md")
	page := beginMark + "\nall of it\n" + endMark
	if err := os.WriteFile(path, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]options{"quick": {quick: true, only: "categories"}, "one setting": {only: "Recorded web experiments"}} {
		if err := run(o, path); err == nil {
			t.Errorf("%s: no error", name)
		}
		if got, _ := os.ReadFile(path); string(got) != page {
			t.Errorf("%s: the page became %q", name, got)
		}
	}
}

package cli

import (
	"io"
	"math"
	"os"
	"strconv"
	"strings"

	"golang.org/x/term"

	"tandem"
	"tandem/internal/calc"
)

type calcCommand struct {
	File   string `arg:"" optional:"" help:"JSON or CSV file; - or nothing is standard input."`
	Format string `help:"json or csv; default: by the file's ending, then by its first character." placeholder:"FORMAT"`

	Alpha     *float64 `help:"Error allowed (default 0.05)." placeholder:"A"`
	Sides     string   `help:"two, greater or less: is the other arm greater, or less, than the reference? (default two)" placeholder:"SIDES"`
	Effect    string   `help:"absolute, relative or both (default both)." placeholder:"EFFECT"`
	Planned   *int64   `help:"Calls, in all arms, that the test was planned for." placeholder:"N"`
	Tuning    *float64 `help:"N*: calls at which the asymptotic sequence is narrowest (default 1000)." placeholder:"N"`
	Unit      string   `help:"What was randomised: call or caller (default call)." placeholder:"UNIT"`
	Reference string   `help:"Arm that the others are compared with (default: the first; of rows, the first by name)." placeholder:"ARM"`
	Quantile  []string `help:"Quantiles to compare (default 0.5,0.9)." placeholder:"Q"`
	Share     []string `help:"The split: the share of every arm, as fractions of 1 or percent." placeholder:"ARM=SHARE"`

	Kind   []string `sep:"none" help:"What raw values are: proportion, mean or category." placeholder:"[METRIC=]KIND"`
	Better []string `sep:"none" help:"Which way is better: higher or lower (default higher)." placeholder:"[METRIC=]WAY"`
	Margin []string `sep:"none" help:"Margin of non-inferiority and equivalence, in the metric's unit." placeholder:"[METRIC=]M"`
	Bounds []string `sep:"none" help:"Least and greatest possible value, for betting on numbers." placeholder:"[METRIC=]LOW,HIGH"`
	Cut    []string `sep:"none" help:"Bet on durations, in seconds, from the 51st on, cut at four times the longest of the first 50, as the verdict does: true or false (default false)." placeholder:"[METRIC=]BOOL"`
}

func (*calcCommand) Help() string {
	return `Prints every test and interval that applies, and says why others do not. Works offline.

  tandem calc results.csv                       arm,n,successes  or  arm,n,mean,sd  or  arm,category,count
  tandem calc calls.csv --share A=50,B=50       arm,value, one row for each call, in order of assignment
  echo '{"arms":[{"arm":"A","n":200,"successes":140},{"arm":"B","n":198,"successes":156}]}' | tandem calc

All formats, with examples: docs/calc.md.`
}

func (c *calcCommand) Run(s *session) error {
	flags, err := c.settings()
	if err != nil {
		return err
	}
	name := first(c.File, "-")
	if f, isFile := s.Stdin.(*os.File); name == "-" && isFile && term.IsTerminal(int(f.Fd())) {
		return tandem.Errorf(tandem.Invalid, "FILE", "is missing; expected a file, or input from a pipe")
	}
	src, err := s.readCalcFile(name)
	if err != nil {
		return err
	}
	in, err := calc.Read(src, name, calc.Format(c.Format), flags)
	if err != nil {
		return err
	}
	report, err := calc.Compute(in)
	if err != nil {
		return err
	}
	return s.show(report, func() { s.printf("%s\n", s.calcText(report)) })
}

// mostCalc is the largest file that is read: some ten million rows.
const mostCalc = 1 << 30

// readCalcFile reads a file of bounded size.
func (s *session) readCalcFile(name string) ([]byte, error) {
	in := s.Stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, tandem.Errorf(tandem.NotFound, "", "%s", err)
		}
		defer f.Close()
		in = f
	}
	src, err := io.ReadAll(io.LimitReader(in, mostCalc+1))
	if err != nil {
		return nil, tandem.Errorf(tandem.Invalid, name, "cannot be read: %s", err)
	}
	if len(src) > mostCalc {
		return nil, tandem.Errorf(tandem.Invalid, name, "is larger than 1 GiB")
	}
	return src, nil
}

// settings reads the flags.
func (c *calcCommand) settings() (calc.Settings, error) {
	var set calc.Settings
	var err error
	step := func(given bool, read func() error) {
		if given && err == nil {
			err = read()
		}
	}
	step(c.Alpha != nil, func() (e error) { set.Alpha, e = calc.NewAlpha("--alpha", *c.Alpha); return })
	step(c.Sides != "", func() (e error) { set.Sides, e = calc.ParseSides("--sides", c.Sides); return })
	step(c.Effect != "", func() (e error) { set.Effect, e = calc.ParseEffect("--effect", c.Effect); return })
	step(c.Planned != nil, func() (e error) { set.Planned, e = calc.NewPlanned("--planned", *c.Planned); return })
	step(c.Tuning != nil, func() (e error) { set.Tuning, e = calc.NewTuning("--tuning", *c.Tuning); return })
	step(c.Unit != "", func() (e error) { set.Unit, e = calc.ParseUnit("--unit", c.Unit); return })
	if c.Reference != "" {
		set.Reference = &c.Reference
	}
	step(c.Quantile != nil, func() error { return c.quantiles(&set) })
	step(c.Share != nil, func() error { return c.shares(&set) })
	step(true, func() error { return c.metrics(&set) })
	return set, err
}

func (c *calcCommand) quantiles(set *calc.Settings) (err error) {
	qs := make([]float64, len(c.Quantile))
	for i, text := range c.Quantile {
		if qs[i], err = calcNumber("--quantile", text); err != nil {
			return err
		}
	}
	set.Quantiles, err = calc.NewQuantiles("--quantile", qs)
	return err
}

func (c *calcCommand) shares(set *calc.Settings) (err error) {
	shares := make([]calc.Share, len(c.Share))
	for i, text := range c.Share {
		arm, share, ok := strings.Cut(text, "=")
		if !ok || arm == "" {
			return tandem.Errorf(tandem.Invalid, "--share", "is %q; expected ARM=SHARE", text)
		}
		shares[i].Arm = arm
		if shares[i].Share, err = calcNumber("--share", share); err != nil {
			return err
		}
	}
	set.Shares, err = calc.NewShares("--share", shares)
	return err
}

// metrics reads the flags that may be for one metric.
func (c *calcCommand) metrics(set *calc.Settings) error {
	set.Of = map[string]calc.MetricSettings{}
	for _, f := range []struct {
		name   string
		values []string
		read   func(m *calc.MetricSettings, at, text string) error
	}{
		{"--kind", c.Kind, func(m *calc.MetricSettings, at, text string) (err error) {
			m.Kind, err = calc.ParseKind(at, text)
			return err
		}},
		{"--better", c.Better, func(m *calc.MetricSettings, at, text string) (err error) {
			m.Better, err = calc.ParseBetter(at, text)
			return err
		}},
		{"--margin", c.Margin, readMargin},
		{"--bounds", c.Bounds, readBounds},
		{"--cut", c.Cut, func(m *calc.MetricSettings, at, text string) (err error) {
			m.Cut, err = calc.ParseCut(at, text)
			return err
		}},
	} {
		for _, text := range f.values {
			metric, value, named := strings.Cut(text, "=")
			if !named {
				if err := f.read(&set.All, f.name, text); err != nil {
					return err
				}
				continue
			}
			m := set.Of[metric]
			if err := f.read(&m, f.name, value); err != nil {
				return err
			}
			set.Of[metric] = m
		}
	}
	return nil
}

func readMargin(m *calc.MetricSettings, at, text string) error {
	x, err := calcNumber(at, text)
	if err == nil {
		m.Margin, err = calc.NewMargin(at, x)
	}
	return err
}

func readBounds(m *calc.MetricSettings, at, text string) error {
	low, high, ok := strings.Cut(text, ",")
	if !ok {
		return tandem.Errorf(tandem.Invalid, at, "is %q; expected LOW,HIGH", text)
	}
	l, err := calcNumber(at, low)
	if err != nil {
		return err
	}
	h, err := calcNumber(at, high)
	if err != nil {
		return err
	}
	m.Bounds, err = calc.NewBounds(at, l, h)
	return err
}

func calcNumber(at, text string) (float64, error) {
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return 0, tandem.Errorf(tandem.Invalid, at, "is %q; expected a number", text)
	}
	return x, nil
}

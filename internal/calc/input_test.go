package calc_test

import (
	"strings"
	"testing"

	"tandem"
	"tandem/internal/calc"
)

func TestBadInputIsRefusedWithItsPlace(t *testing.T) {
	for name, tc := range map[string]struct{ src, want string }{
		"nothing":                       {"", "the file: is empty; expected a header line"},
		"an empty object":               {"{}", "the file: has no data; expected one of arms, metrics, rows, callers and plan"},
		"a list on top":                 {"[]", "the file: is a list; expected an object"},
		"JSON that ends in the middle":  {`{"arms":[{"arm":"A",`, "line 1, column 21: is not JSON: the text ends in the middle"},
		"JSON with a comma too many":    {"{\n \"alpha\": 0.1,\n}", "line 3, column 1: is not JSON: invalid character '}' looking for beginning of object key string"},
		"more behind the object":        {`{"plan":{"baseline":0.5,"effect":0.1}} {}`, "line 1, column 40: has more behind the JSON object"},
		"an unknown key":                {`{"alhpa":0.1}`, "alhpa: is not known here; known are alpha, sides, effect, planned, tuning, unit, reference, quantiles, shares, kind, better, margin, bounds, cut, arms, metrics, rows, callers, plan"},
		"an unknown key of an arm":      {`{"arms":[{"arm":"A","n":2,"succeses":1}]}`, "arms[0].succeses: is not known here; known are phase, arm, n, successes, mean, sd, variance, sum, sum_of_squares, share, counts"},
		"an unknown key of a metric":    {`{"metrics":[{"name":"x","unit":"s"}]}`, "metrics[0].unit: is not known here; known are name, arms, kind, better, margin, bounds, cut"},
		"an unknown key of a row":       {`{"rows":[{"arm":"A","valeu":1}]}`, "rows[0].valeu: is not known here; known are arm, value, value.NAME, caller, before, before.NAME, p, p.ARM, phase"},
		"an unknown key of a plan":      {`{"plan":{"base":0.5}}`, "plan.base: is not known here; known are baseline, effect, sd, sd_b, share_b, power, margin, bounds, calls, per_day"},
		"a key given twice":             {`{"alpha":0.1,"alpha":0.2}`, "alpha: is given twice"},
		"a string for a number":         {`{"alpha":"0.1"}`, `alpha: is "0.1"; expected a number`},
		"an alpha of 1":                 {`{"alpha":1}`, "alpha: is 1; expected from 1e-9 to below 1"},
		"an alpha too large for a side": {`{"alpha":0.6,"sides":"less","arms":[{"arm":"A","n":1,"successes":1}]}`, "alpha: is 0.6; expected below 0.5 where one side counts"},
		"sides that are not known":      {`{"sides":"both"}`, `sides: is "both"; expected two, greater or less`},
		"a number beyond all floats":    {`{"tuning":1e999}`, "tuning: is 1e999; expected a number that fits in 64 bits"},
		"an object for a number":        {`{"tuning":{}}`, "tuning: is an object; expected a single value"},
		"a margin of 0":                 {`{"margin":0}`, "margin: is 0; expected above 0"},
		"bounds upside down":            {`{"bounds":[1,0]}`, "bounds: are 1 and 0; expected the lower one first"},
		"shares that are not all":       {`{"shares":{"A":50,"B":40}}`, "shares: add up to 90; expected 1, or 100 percent"},
		"more successes than n":         {`{"arms":[{"arm":"A","n":20,"successes":21}]}`, "arms[0].successes: is 21; expected at most n, which is 20"},
		"a negative count":              {`{"arms":[{"arm":"A","n":-1,"successes":0}]}`, "arms[0].n: is -1; expected a whole number from 0 to 1e15"},
		"half a call":                   {`{"arms":[{"arm":"A","n":1.5,"successes":1}]}`, "arms[0].n: is 1.5; expected a whole number from 0 to 1e15"},
		"a negative sd":                 {`{"arms":[{"arm":"A","n":3,"mean":1,"sd":-1}]}`, "arms[0].sd: is -1; expected 0 or more"},
		"sd and variance":               {`{"arms":[{"arm":"A","n":3,"mean":1,"sd":1,"variance":1}]}`, "arms[0].sd: expected exactly one of sd and variance"},
		"a mean without spread":         {`{"arms":[{"arm":"A","n":3,"mean":1}]}`, "arms[0].sd: expected exactly one of sd and variance"},
		"a mean and successes":          {`{"arms":[{"arm":"A","n":3,"successes":1,"mean":1}]}`, "arms[0].mean: does not go with successes"},
		"successes without n":           {`{"arms":[{"arm":"A","successes":1}]}`, "arms[0].n: is missing; successes needs it"},
		"an arm without a name":         {`{"arms":[{"n":3,"successes":1}]}`, "arms[0].arm: is missing; expected a name"},
		"an arm that says nothing":      {`{"arms":[{"arm":"A"}]}`, "arms[0]: says nothing about the arm; expected successes and n, or mean, n and sd (or variance), or sum, n and sum_of_squares, or counts, or n and share"},
		"an arm twice":                  {`{"arms":[{"arm":"A","n":3,"successes":1},{"arm":"A","n":3,"successes":1}]}`, `arms[1]: gives arm "A" a second time`},
		"sums that cannot be":           {`{"arms":[{"arm":"A","n":4,"sum":8,"sum_of_squares":15}]}`, "arms[0].sum_of_squares: is 15; 4 numbers that add up to 8 have a sum of squares of at least 16"},
		"kinds that differ":             {`{"arms":[{"arm":"A","n":4,"successes":2},{"arm":"B","n":4,"mean":1,"sd":1}]}`, "arms[1]: gives means; the metric's first record gives successes"},
		"a metric without a name":       {`{"metrics":[{"arms":[]}]}`, "metrics[0].name: is missing; expected the name of the metric"},
		"arms and rows":                 {`{"arms":[{"arm":"A","n":3,"successes":1}],"rows":[{"arm":"A","value":1}]}`, "rows: does not go with arms; expected one of arms, metrics, rows and callers"},
		"no arms":                       {`{"arms":[]}`, "arms: is empty; expected an entry for each arm"},
		"a reference that is not there": {`{"reference":"C","arms":[{"arm":"A","n":3,"successes":1}]}`, `reference: is "C"; expected one of the arms A`},
		"shares without an arm":         {`{"shares":{"A":1},"arms":[{"arm":"A","n":3,"successes":1},{"arm":"B","n":3,"successes":1}]}`, `shares: do not name arm "B", which has data`},
		"a share for one arm only":      {`{"arms":[{"arm":"A","n":3,"successes":1,"share":50},{"arm":"B","n":3,"successes":1}]}`, "arms[0]: has a share for 1 of 2 arms; expected one for each"},
		"null for a value":              {`{"arms":[{"arm":"A","n":3,"successes":null}]}`, "arms[0].successes: is missing; expected a value; leave the key out where there is none"},
		"a plan without an effect":      {`{"plan":{"baseline":0.5}}`, "plan.effect: is 0; expected a difference, or calls, or margin"},
		"a plan beyond 1":               {`{"plan":{"baseline":0.9,"effect":0.2}}`, "plan.effect: is 0.2; expected one that leaves the share within 0 to 1"},
		"settings of a missing metric":  {`{"metrics":[{"name":"x","margin":1}],"rows":[{"arm":"A","value.y":1}]}`, `metrics: "x" has no data; there are y`},

		"a header alone":             {"arm,n,successes\n", "the file: has a header and nothing below; expected a line for each arm"},
		"an unknown column":          {"arm,n,succes\nA,1,1\n", `line 1, column 3: is "succes", which is not known here; known are metric, phase, arm, n, successes, mean, sd, variance, sum, sum_of_squares, share, category, count, or, for raw rows, value`},
		"an unknown column of rows":  {"arm,value,length\nA,1,2\n", `line 1, column 3: is "length", which is not known here; known are arm, value, value.NAME, caller, before, before.NAME, p, p.ARM, phase`},
		"a column twice":             {"arm,n,n\nA,1,1\n", `line 1, column 3: is "n", which is there already`},
		"no column arm":              {"n,successes\n1,1\n", "line 1: has no column arm"},
		"a line that is too long":    {"arm,n,successes\nA,2,1\nB,2,1,4\n", "line 3, column 1: is not CSV: wrong number of fields"},
		"a quote in the middle":      {"arm,n,successes\nA,2\"x,1\n", `line 2, column 4: is not CSV: bare " in non-quoted-field`},
		"a word for a count":         {"arm,n,successes\nA,many,1\n", `line 2, n: is "many"; expected a whole number from 0 to 1e15`},
		"NaN for a count":            {"arm,n,successes\nA,NaN,1\n", `line 2, n: is "NaN"; expected a whole number from 0 to 1e15`},
		"an infinite mean":           {"arm,n,mean,sd\nA,3,inf,1\n", `line 2, mean: is "inf"; expected a number`},
		"a category without a count": {"arm,category,count\nA,x,\n", "line 2, count: is missing; category needs it"},
		"a category twice":           {"arm,category,count\nA,x,1\nA,x,2\n", `line 3: gives "x" of arm "A" a second time`},
		"a row without an arm":       {"arm,value\nA,1\n,1\n", "line 3, arm: is missing; expected the name of the arm"},
		"a word among numbers":       {"arm,value\nA,1.5\nB,12;5\n", `line 3, value: is "12;5"; expected something like "1.5" in the rows before (or the kind category)`},
		"NaN among numbers":          {"arm,value\nA,1.5\nB,NaN\n", `line 3, value: is "NaN"; expected a value, or nothing at all where it is not known (or the kind category, if it is a name)`},
		"true among numbers":         {"arm,value\nA,1.5\nB,true\n", "line 3, value: is true; expected all true and false, or all numbers, in one column"},
		"rows without any value":     {"arm,value\nA,\nB,\n", "value: has no value in any row"},
		"a chance of 0":              {"arm,value,p\nA,1,0\n", "line 2, p: is 0; expected a chance above 0, at most 1"},
		"a chance above 1":           {"arm,value,p\nA,1,1.5\n", "line 2, p: is 1.5; expected a chance above 0, at most 1"},
		"chances that are not all":   {"arm,value,p.A,p.B\nA,1,0.5,0.4\n", "line 2: has chances that add up to 0.9; expected 1"},
		"an arm without chances":     {"arm,value,p.A\nA,1,1\nB,1,1\n", "p.B: is missing; expected a column for each arm"},
		"a phase left out":           {"arm,value,phase\nA,1,1\nB,1,\n", "line 3, phase: is missing; expected a phase in every row, as there is one in others"},
		"a covariate of nothing":     {"arm,value,before.x\nA,1,1\n", "before.x: has no metric; expected a column value.x beside it"},
		"a covariate that is a word": {"arm,value,before\nA,1,x\n", `line 2, before: is "x"; expected a number`},
		"a caller without calls":     {"arm,caller,calls,total\nA,x,0,1\n", "line 2, calls: is 0; expected at least 1"},
		"a total left out":           {"arm,caller,calls,total\nA,x,1,\n", "line 2, total: is missing; expected the sum of the values of the caller's calls"},
	} {
		in, err := calc.Read([]byte(tc.src), "", "", calc.Settings{})
		switch {
		case err == nil:
			t.Errorf("%s: was read, as %+v; expected %q", name, in, tc.want)
		case err.Error() != tc.want:
			t.Errorf("%s: the error is\n  %s\nexpected\n  %s", name, err, tc.want)
		case tandem.CodeOf(err) != tandem.Invalid:
			t.Errorf("%s: the code is %s; expected invalid", name, tandem.CodeOf(err))
		}
	}
}

func TestTheFormatIsToldByFlagThenNameThenContent(t *testing.T) {
	const json, csv = `{"plan":{"baseline":0.5,"effect":0.1}}`, "arm,n,successes\nA,2,1\n"
	for name, tc := range map[string]struct {
		src, file string
		format    calc.Format
		ok        bool
	}{
		"JSON by its content":              {src: "\n " + json, ok: true},
		"CSV by its content":               {src: csv, ok: true},
		"JSON behind a byte order mark":    {src: "\xef\xbb\xbf" + json, ok: true},
		"CSV behind a byte order mark":     {src: "\xef\xbb\xbf" + csv, ok: true},
		"CSV named so":                     {src: csv, file: "x.CSV", ok: true},
		"JSON with the name of CSV":        {src: json, file: "x.csv"},
		"JSON with that name, and told so": {src: json, file: "x.csv", format: calc.JSON, ok: true},
		"a format that is not known":       {src: json, format: "yaml"},
	} {
		_, err := calc.Read([]byte(tc.src), tc.file, tc.format, calc.Settings{})
		if (err == nil) != tc.ok {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}

func TestFlagsGoBeforeTheFile(t *testing.T) {
	const src = `{"alpha":0.1,"better":"higher","metrics":[
	 {"name":"x","margin":0.1,"arms":[{"arm":"A","n":200,"successes":100},{"arm":"B","n":200,"successes":110}]},
	 {"name":"y","margin":0.2,"arms":[{"arm":"A","n":200,"successes":100},{"arm":"B","n":200,"successes":110}]}]}`
	r := computeText(t, src, "", calc.Settings{
		Alpha: ptr(0.01), All: calc.MetricSettings{Better: ptr(tandem.Lower)},
		Of: map[string]calc.MetricSettings{"y": {Margin: ptr(0.3)}},
	})
	if r.Options.Alpha != 0.01 {
		t.Errorf("alpha is %v; expected the flag's 0.01", r.Options.Alpha)
	}
	for i, margin := range []float64{0.1, 0.3} {
		l := line(t, r, i, 0, "non_inferior")
		if l.Figures[0].Value != margin || !strings.Contains(l.Note, "lower") || l.Interval.High == nil {
			t.Errorf("metric %d has margin %v, %s, up to %v; expected %v and lower is better", i, l.Figures[0].Value, l.Note, l.Interval.High, margin)
		}
	}
}

func FuzzJSON(f *testing.F) {
	for _, s := range []string{
		`{"arms":[{"arm":"A","n":20,"successes":20},{"arm":"B","n":20,"successes":20}]}`,
		`{"margin":1,"arms":[{"arm":"A","n":4,"sum":8,"sum_of_squares":18,"phase":2},{"arm":"B","n":0,"sum":0,"sum_of_squares":0}]}`,
		`{"shares":{"A":1,"B":0},"unit":"caller","rows":[{"arm":"A","value":"x","caller":1,"p":0.5},{"arm":"B","value":"y"}]}`,
		`{"metrics":[{"name":"x","bounds":[-1,1]}],"rows":[{"arm":"A","value.x":0.5,"before.x":1,"p.A":0.1,"p.B":0.9},{"arm":"B","value.x":3,"p.A":0.1,"p.B":0.9}]}`,
		`{"callers":[{"arm":"A","calls":2,"total":1,"caller":"x"}],"plan":{"baseline":0.5,"calls":100}}`,
		`{"arms":[{"arm":"A","counts":{"x":1}},{"arm":"B","counts":{}}],"sides":"less","alpha":0.2}`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) { survives(t, src, calc.JSON) })
}

func FuzzCSV(f *testing.F) {
	for _, s := range []string{
		"arm,n,successes,share\nA,20,20,50\nB,20,0,50\n",
		"metric,arm,n,mean,variance\nx,A,3,1e9,1\nx,B,4,-1e9,0\n",
		"arm,category,count\nA,x,1\nB,\"y\n\",2\n",
		"arm,value,caller,p,phase,before\nA,1,x,0.5,1,2\nB,0,y,0.1,2,\n",
		"arm,total,calls\nA,3,4\nB,1,1\nB,1e300,1\n",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) { survives(t, src, calc.CSV) })
}

// survives makes sure that whatever is read can be computed and written, and
// that whatever is refused is refused as the user's.
func survives(t *testing.T, src string, format calc.Format) {
	in, err := calc.Read([]byte(src), "", format, calc.Settings{})
	var r calc.Report
	if err == nil {
		in.Plan = nil // sizing takes its time, and parses nothing
		r, err = calc.Compute(in)
	}
	if err != nil {
		if tandem.CodeOf(err) != tandem.Invalid {
			t.Errorf("the code of %v is %s; expected invalid", err, tandem.CodeOf(err))
		}
		return
	}
	if _, err := marshal(r); err != nil {
		t.Errorf("the report cannot be written: %v", err)
	}
}

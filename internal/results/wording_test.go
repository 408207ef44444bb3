package results

import (
	"testing"
	"time"

	"tandem"
)

func TestFiguresAreWrittenForPeople(t *testing.T) {
	share, seconds, plain := measureOf(tandem.Proportion, ""), measureOf(tandem.Mean, "s"), measureOf(tandem.Mean, "")
	for _, c := range []struct{ name, got, want string }{
		{"a share is a percentage", share.value(0.7824, share.decimals(0.081)), "78.2 %"},
		{"a share of nothing", share.value(0, 1), "0.0 %"},
		{"its difference is in points", share.difference(0.0812, share.decimals(0.0812)), "+8.1 points"},
		{"less is negative", share.difference(-0.0812, 1), "-8.1 points"},
		{"what rounds to 0 has no sign", share.difference(-0.0001, 1), "0.0 points"},
		{"small differences have more digits", share.difference(0.00034, share.decimals(0.00034)), "+0.034 points"},
		{"but not without end", share.difference(1e-12, share.decimals(1e-12)), "0.000000 points"},
		{"seconds have three digits", seconds.difference(-20.34, seconds.decimals(-20.34)), "-20.3 s"},
		{"large numbers have none behind the point", plain.value(1234567.8, plain.decimals(45678)), "1,234,568"},
		{"negative thousands are grouped", plain.value(-12345.6, 1), "-12,345.6"},
		{"a margin of one point", share.amount(0.01), "1 point"},
		{"a margin of two and a half", share.amount(0.025), "2.5 points"},
		{"a margin in seconds", seconds.amount(10), "10 s"},
		{"an average as short as it goes", seconds.level(180), "180 s"},
		{"a share as short as it goes", share.level(0.7), "70 %"},
		{"a thousandth", short(0.001), "0.001"},
		{"nothing", short(0), "0"},
		{"ends of an interval", share.ends(-0.012, 0.1493, 1), "-1.2 to +14.9"},
		{"one call", plural(1, "call"), "1 call"},
		{"no calls", plural(0, "call"), "0 calls"},
		{"many calls", plural(1204, "call"), "1,204 calls"},
		{"under a day", days(0.4), "under a day"},
		{"a day", days(1.2), "1 day"},
		{"days", days(6.4), "6 days"},
		{"many days", days(343), "340 days"},
		{"p", pText(-3.5), "p 0.0302"},
		{"a small p", pText(-20), "p 2e-09"},
		{"a p below every number", pText(-2000), "p below 1e-300"},
		{"odds", oneIn(5.2), "100"},
		{"odds past counting", oneIn(900), "1,000,000"},
		{"a moment", dateTime(after, false), "22 Nov 14:03 UTC"},
		{"a moment elsewhere", dateTime(after.In(time.FixedZone("", 7200)), true), "22 Nov 2026 14:03 UTC"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q; want %q", c.name, c.got, c.want)
		}
	}
}

func TestEstimatesAreRoundedToTwoDigits(t *testing.T) {
	for n, want := range map[int64]int64{0: 0, 7: 7, 99: 99, 104: 100, 105: 110, 4149: 4100, 999: 1000, 1_234_567: 1_200_000} {
		if got := roughly(n); got != want {
			t.Errorf("roughly(%d) = %d; want %d", n, got, want)
		}
	}
}

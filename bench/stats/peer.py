# The peers: statsmodels and scipy on the same figures, timed in this process.
import json, sys, time
import numpy as np, scipy, statsmodels
from scipy import optimize, stats
from statsmodels.stats import proportion, weightstats

raw = np.fromfile(sys.argv[1], dtype="<f8")
half = len(raw) // 2
a, b = raw[:half], raw[half:]
sa, na, sb, nb = 28900, 41200, 31100, 39800
table = [[3110, 870], [2890, 1230]]


def timed(fn, least=0.3):
    fn()
    n, began = 0, time.perf_counter()
    while time.perf_counter() - began < least:
        value = fn()
        n += 1
    return {"seconds": (time.perf_counter() - began) / n, "value": [float(x) for x in value]}


def welch_of(x, y):
    t = stats.ttest_ind(y, x, equal_var=False)
    return [t.statistic, t.pvalue]


def welch_aggregates():
    t = stats.ttest_ind_from_stats(92.5, 61.2, 4100, 90.1, 48.9, 3900, equal_var=False)
    return [t.statistic, t.pvalue]


# statsmodels (as of 0.13.5) takes count0 for nobs0 in one coefficient of its cubic
# for the constrained shares, so that its score interval of a difference is off in
# the fifth decimal here. Its time counts: the work is the same. The value to agree
# with is found from the likelihood itself, with scipy's root finder.
def statsmodels_score():
    return proportion.confint_proportions_2indep(sb, nb, sa, na, method="score", compare="diff", correction=True)


def scipy_score():
    def z(d):
        def slope(p):
            return sa / p - (na - sa) / (1 - p) + sb / (p + d) - (nb - sb) / (1 - p - d)
        p = optimize.brentq(slope, 1e-9, 1 - d - 1e-9, xtol=1e-15)
        n = na + nb
        return (sb / nb - sa / na - d) / np.sqrt((p * (1 - p) / na + (p + d) * (1 - p - d) / nb) * n / (n - 1))

    seen, limit = sb / nb - sa / na, stats.norm.ppf(0.975)
    return [optimize.brentq(lambda d: z(d) - sign * limit, seen - sign * 0.05, seen, xtol=1e-15) for sign in (1, -1)]


print(json.dumps({
    "versions": f"scipy {scipy.__version__}, statsmodels {statsmodels.__version__}, numpy {np.__version__}",
    "pooled_z": timed(lambda: proportion.proportions_ztest([sb, sa], [nb, na])),
    "wilson": timed(lambda: proportion.proportion_confint(sa, na, method="wilson")),
    "newcombe": timed(lambda: proportion.confint_proportions_2indep(sb, nb, sa, na, method="newcomb", compare="diff")),
    "score": {**timed(statsmodels_score), "value": scipy_score()},
    "fisher": timed(lambda: [stats.fisher_exact(table)[1]]),
    "welch_aggregates": timed(welch_aggregates),
    "welch_raw": timed(lambda: welch_of(a, b)),
}))

"""Reference values of the statistics, by SciPy: `python3 tools/statistics-fixtures.py` rewrites the fixture beside the tests.

Inputs are stored with the values, so that the tests repeat nothing of this file.
"""

import json
import math
import pathlib

import numpy
import scipy
from scipy import integrate, stats

TARGET = pathlib.Path(__file__).parent.parent / "packages/eval/src/statistics/scipy-values.json"
rng = numpy.random.default_rng(20)


def plain(value):
    """Arrays as lists, in full precision."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, numpy.ndarray):
        return plain(value.tolist())
    if isinstance(value, numpy.generic):
        return value.item()
    return value


def distributions():
    degrees = [1, 1.5, 2.3, 4, 9.7, 30, 250, 1e5]
    return {
        "studentCdf": [[x, d, stats.t.cdf(x, d)] for d in degrees for x in (-30, -6, -2.1, -0.3, 0.4, 3, 9)],
        "studentQuantile": [
            [p, d, student_quantile(p, d)] for d in degrees for p in (1e-9, 1e-6, 0.001, 0.025, 0.3, 0.8, 0.975, 0.9995)
        ],
        "normalCdf": [[x, stats.norm.cdf(x)] for x in (-30, -8, -5, -1.3, 0, 0.2, 2.5, 7)],
        "normalQuantile": [
            [p, stats.norm.ppf(p)]
            for p in (1e-300, 1e-100, 1e-20, 1e-12, 1e-9, 1e-6, 1e-5, 2e-5, 0.01, 0.025, 0.4, 0.5, 0.8, 0.975, 0.9999)
        ],
        "chiSquareSurvival": [[x, d, stats.chi2.sf(x, d)] for d in (1, 2, 3, 6, 9, 40) for x in (0.01, 0.7, 4, 15, 60, 300)],
        "fSurvival": [
            [x, a, b, stats.f.sf(x, a, b)] for a, b in ((1, 8), (2, 18), (9, 81), (4, 1000)) for x in (0.05, 1, 3.3, 12, 90)
        ],
        "binomialCdf": [[k, n, p, stats.binom.cdf(k, n, p)] for k, n, p in ((0, 9, 0.5), (3, 11, 0.5), (480, 1000, 0.5), (7, 40, 0.1))],
        "studentizedRangeSurvival": [
            [q, k, studentized_range(q, k)] for k in (2, 3, 5, 10, 30) for q in (0.3, 1.5, 3.3, 5, 8)
        ],
        "noncentralTCdf": [
            [t, d, n, noncentral_t(t, d, n)]
            for d in (1, 2, 4, 7.3, 30, 400)
            for t, n in ((-2, 0), (2.5, 1), (2.8, 3.1), (-2.8, 1.5), (4.6, 6), (0, 2), (12.7, 9))
        ],
        "twoSidedPower": [
            [n, d, a, power(n, d, a)] for d in (1, 2, 4, 9.5, 60) for n, a in ((0, 0.05), (1.2, 0.05), (3.7, 0.05), (3, 0.01))
        ],
    }


def student_quantile(p, degrees):
    """Newton's steps on SciPy's tail probabilities: t.ppf of SciPy 1.10 is exact to 1e-9 only (at one degree of freedom t is a cotangent)."""
    t = stats.t.ppf(p, degrees)
    for _ in range(3):
        excess = stats.t.cdf(t, degrees) - p if p < 0.5 else (1 - p) - stats.t.sf(t, degrees)
        t -= excess / stats.t.pdf(t, degrees)
    assert degrees != 1 or p < 0.5 or abs(t * math.tan(math.pi * (1 - p)) - 1) < 1e-12
    return t


def studentized_range(q, k):
    """By quad on the definition, held against scipy.stats.studentized_range."""
    density = lambda z: k * stats.norm.pdf(z) * (stats.norm.cdf(z) ** (k - 1) - (stats.norm.cdf(z) - stats.norm.cdf(z - q)) ** (k - 1))
    value = integrate.quad(density, -12, 14 + q, epsabs=1e-15, epsrel=1e-12, limit=500, points=[0, q])[0]
    assert abs(value - stats.studentized_range.sf(q, k, numpy.inf)) < 1e-9
    return value


def noncentral_t(t, degrees, noncentrality):
    """By quad over the chi distribution, held against scipy.stats.nct."""
    density = lambda s: stats.norm.cdf(t * s - noncentrality) * stats.chi.pdf(s * math.sqrt(degrees), degrees) * math.sqrt(degrees)
    width = 12 / math.sqrt(2 * degrees)
    low, high = max(0, 1 - width), 1 + width
    value = integrate.quad(density, low, high, epsabs=1e-14, epsrel=1e-12, limit=1000)[0]
    assert abs(value - stats.nct.cdf(t, degrees, noncentrality)) < 1e-8, (t, degrees, noncentrality, value)
    return value


def power(noncentrality, degrees, alpha):
    critical = student_quantile(1 - alpha / 2, degrees)
    return noncentral_t(-critical, degrees, noncentrality) + noncentral_t(-critical, degrees, -noncentrality)


def two_way(values):
    """The formula of the two-way layout, from sums of squares; t and quantiles by SciPy."""
    seeds, units = values.shape
    mean = values.mean()
    rows, columns = values.mean(axis=1), values.mean(axis=0)
    if seeds == 1 or units == 1:
        sample = values.ravel()
        error = stats.sem(sample)
        low, high = stats.t.interval(0.95, len(sample) - 1, loc=mean, scale=error)
        return dict(mean=mean, standardError=error, degrees=len(sample) - 1, low=low, high=high, p=stats.ttest_1samp(sample, 0).pvalue)
    residuals = values - rows[:, None] - columns[None, :] + mean
    interaction = (residuals**2).sum() / ((seeds - 1) * (units - 1)) / (seeds * units)
    seed, unit = rows.var(ddof=1) / seeds, columns.var(ddof=1) / units
    variance = seed + unit - interaction
    degrees = variance**2 / (
        seed**2 / (seeds - 1) + unit**2 / (units - 1) + interaction**2 / ((seeds - 1) * (units - 1))
    )
    assert seed > interaction and unit > interaction
    error = math.sqrt(variance)
    low, high = stats.t.interval(0.95, degrees, loc=mean, scale=error)
    return dict(mean=mean, standardError=error, degrees=degrees, low=low, high=high, p=2 * stats.t.sf(abs(mean / error), degrees))


def two_way_cases():
    cases = []
    for seeds, units in ((1, 12), (5, 1), (5, 12), (3, 40)):
        outcomes = [
            0.5 + rng.normal(0, 0.4, (seeds, 1)) + rng.normal(0, 0.7, (1, units)) + rng.normal(0, 0.2, (seeds, units)) for _ in range(2)
        ]
        a, b = outcomes
        cases.append(dict(a=a, b=b, interval=two_way(a), difference=two_way(a - b)))
    return cases


def folds():
    """Corrected resampled t-test of ten folds."""
    values = rng.normal(0.02, 0.03, 10)
    error = math.sqrt((1 / 10 + 1 / 9) * values.var(ddof=1))
    return dict(values=values, testTrainRatio=1 / 9, standardError=error, p=2 * stats.t.sf(abs(values.mean() / error), 9))


def wilcoxon_cases():
    continuous = [rng.normal(0.3, 1, n) for n in (1, 2, 6, 20, 50, 60)]
    rounded = [numpy.round(rng.normal(0.3, 1, n), 1) for n in (8, 15, 40, 120)]
    rounded.append(numpy.array([0.0, 0, 0, 1, -1, 2, 2, 3]))
    cases = []
    for values in continuous:
        for method in ("exact", "approx"):
            if method == "exact" and len(values) > 50:
                continue
            found = stats.wilcoxon(values, zero_method="pratt", correction=False, method=method)
            cases.append(dict(a=values, method="exact" if method == "exact" else "normal", statistic=found.statistic, p=found.pvalue))
    for values in rounded:
        found = stats.wilcoxon(values, zero_method="pratt", correction=False, method="approx")
        cases.append(dict(a=values, method="normal", statistic=found.statistic, p=found.pvalue))
    return cases


def friedman_cases():
    cases = []
    for k, n, digits in ((3, 5, 9), (4, 10, 9), (6, 14, 1), (10, 30, 9)):
        scores = numpy.round(rng.normal(0, 1, (k, n)) + numpy.linspace(0, 1.2, k)[:, None], digits)
        found = stats.friedmanchisquare(*scores)
        ranks = numpy.mean([stats.rankdata(-scores[:, dataset]) for dataset in range(n)], axis=0)
        f = (n - 1) * found.statistic / (n * (k - 1) - found.statistic)
        unit = math.sqrt(k * (k + 1) / (12 * n))
        pairs = [[1.0 if i == j else studentized_range(abs(ranks[i] - ranks[j]) / unit, k) if ranks[i] != ranks[j] else 1.0 for j in range(k)] for i in range(k)]
        cases.append(
            dict(scores=scores, statistic=found.statistic, p=found.pvalue, f=f, fP=stats.f.sf(f, k - 1, (k - 1) * (n - 1)), meanRanks=ranks, nemenyi=pairs)
        )
    return cases


def mcnemar_cases():
    cases = []
    for b, c in ((0, 0), (0, 1), (3, 9), (9, 3), (5, 5), (25, 41), (310, 377), (0, 60)):
        exact = stats.binomtest(b, b + c).pvalue if b + c else 1.0
        mid = 1.0 if b + c == 0 else exact - stats.binom.pmf(min(b, c), b + c, 0.5)
        cases.append([b, c, exact, mid])
    return cases


def equivalence_cases():
    cases = []
    for mean, deviation, n, margin in ((0.01, 0.03, 12, 0.05), (0.06, 0.03, 8, 0.05), (-0.02, 0.1, 30, 0.03)):
        values = rng.normal(mean, deviation, n)
        lower = stats.ttest_1samp(values, -margin, alternative="greater").pvalue
        upper = stats.ttest_1samp(values, margin, alternative="less").pvalue
        cases.append(dict(values=values, margin=margin, pLower=lower, pUpper=upper))
    return cases


def interquartile_cases():
    return [[values, stats.trim_mean(values, 0.25)] for values in (rng.normal(size=n) for n in (1, 3, 4, 9, 50))]


def main():
    fixture = {
        "tool": {"scipy": scipy.__version__, "numpy": numpy.__version__},
        "distributions": distributions(),
        "twoWay": two_way_cases(),
        "folds": folds(),
        "wilcoxon": wilcoxon_cases(),
        "friedman": friedman_cases(),
        "mcnemar": mcnemar_cases(),
        "equivalence": equivalence_cases(),
        "interquartileMean": interquartile_cases(),
    }
    TARGET.write_text(json.dumps(plain(fixture)) + "\n")


main()

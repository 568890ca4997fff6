"""Intervals of shares against published examples and another library."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from dme.errors import Lacking
from dme.measures.estimates.shares import Share, difference, exact, wilson, within


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        # Newcombe (1998), table II, method 10.
        (Share(56, 70), Share(48, 80), 5.24, 33.39),
        (Share(9, 10), Share(3, 10), 17.05, 80.90),
        (Share(6, 7), Share(2, 7), 5.82, 80.62),
        (Share(5, 56), Share(0, 29), -3.81, 19.26),
        (Share(0, 10), Share(0, 20), -16.11, 27.75),
        (Share(10, 10), Share(0, 10), 60.75, 100.0),
    ],
)
def test_newcombes_own_examples(one, other, low, high):
    found = difference(one, other, 95)
    assert found.value == pytest.approx(one.percent - other.percent)
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.01)


SHARES = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(SHARES, SHARES, st.sampled_from([80, 90, 95, 99]))
def test_the_difference_is_that_of_another_library(one, other, level):
    found = difference(Share(*one), Share(*other), level)
    low, high = confint_proportions_2indep(
        *one, *other, method="newcomb", compare="diff", alpha=1 - level / 100
    )
    assert (found.low, found.high) == pytest.approx((100 * low, 100 * high), abs=1e-6)


@given(SHARES, st.sampled_from([80, 95]))
def test_wilson_is_that_of_another_library(one, level):
    low, high = proportion_confint(*one, alpha=1 - level / 100, method="wilson")
    assert wilson(Share(*one), level) == pytest.approx((100 * low, 100 * high), abs=1e-6)


def test_a_share_is_counted_from_flags_and_told_with_wilsons_interval():
    found = Share.counted(np.array([True, False, False, True, False])).estimate(90, "rows")
    low, high = proportion_confint(2, 5, alpha=0.1, method="wilson")
    assert (found.value, found.low, found.high) == pytest.approx((40, 100 * low, 100 * high))
    assert found.interval == (
        "90% interval, had chance dealt other rows like these (Wilson 1927, 5 rows)"
    )
    assert found.facts == {"hits": 2, "of": 5}
    with pytest.raises(Lacking, match="no rows"):
        Share.counted([]).estimate(90, "rows")


@given(SHARES, SHARES)
def test_swapping_the_groups_turns_the_sign(one, other):
    found, turned = (difference(Share(*a), Share(*b), 95) for a, b in ((one, other), (other, one)))
    assert found.value == pytest.approx(-turned.value)
    assert (found.low, found.high) == pytest.approx((-turned.high, -turned.low))


def test_an_empty_group_is_refused():
    with pytest.raises(Lacking, match="has no school"):
        difference(Share(0, 0), Share(1, 2), 95)


def test_the_exact_test_of_the_lady_tasting_tea():
    # Fisher (1935): three of four cups right; 34 in 70 to do so well or better, by symmetry.
    assert exact(Share(3, 4), Share(1, 4)) == pytest.approx(34 / 70)


def test_within_one_stratum_it_is_the_plain_difference():
    found = within([(Share(6, 20), Share(15, 30))], 95)
    assert found.value == pytest.approx(30 - 50)
    assert "1 strata" in found.interval


def test_within_strata_by_hand():
    # Weights 10*10/20 = 5 and 5*15/20 = 3.75; differences 0.2 and 0.4 - 0.2 = 0.2.
    strata = [(Share(5, 10), Share(3, 10)), (Share(2, 5), Share(3, 15))]
    assert within(strata, 95).value == pytest.approx(20)
    other = [(Share(5, 10), Share(3, 10)), (Share(5, 5), Share(3, 15))]
    assert within(other, 95).value == pytest.approx(100 * (5 * 0.2 + 3.75 * 0.8) / 8.75)


def test_a_difference_of_make_up_alone_vanishes_within_strata():
    """Simpson's paradox: each stratum's shares are alike, the groups' make-up is not."""
    strata = [(Share(9, 10), Share(18, 20)), (Share(4, 40), Share(1, 10))]
    apart = difference(Share(13, 50), Share(19, 30), 95)
    assert apart.value == pytest.approx(26 - 100 * 19 / 30)
    assert apart.high < 0
    found = within(strata, 95)
    assert found.value == pytest.approx(0)
    assert found.low < 0 < found.high


def test_strata_without_both_groups_say_nothing():
    assert within([(Share(1, 2), Share(0, 0)), (Share(0, 0), Share(1, 2))], 95) is None
    one = within([(Share(6, 20), Share(15, 30)), (Share(3, 3), Share(0, 0))], 95)
    assert one == within([(Share(6, 20), Share(15, 30))], 95)


def test_the_interval_within_strata_holds_its_level():
    """Simulated: of 1,500 tables with a known difference, about 95 in 100 intervals hold it."""
    random = np.random.default_rng(4)
    sizes, base = [(15, 20), (10, 30), (25, 12)], [0.3, 0.5, 0.6]
    held = 0
    for _ in range(1500):
        strata = [
            (Share(random.binomial(n, p + 0.2), n), Share(random.binomial(m, p), m))
            for (n, m), p in zip(sizes, base, strict=True)
        ]
        found = within(strata, 95)
        held += found.low <= 20 <= found.high
    assert stats.binomtest(held, 1500, 0.95).pvalue > 0.001

"""The synthetic control against a mixture that is known, another solver, and placebos by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize

from dme.measures.estimates import synthetic_control

YEARS = ["1", "2", "3", "4", "5", "6"]
BEFORE, AFTER = YEARS[:4], YEARS[4:]


def panel(**units):
    return pd.DataFrame(units, index=YEARS, dtype=float)


# own = 0.25 a + 0.75 b before; b and c leave the mixture's pace afterwards.
MIXED = panel(
    own=[7, 6, 9, 5, 8.75, 9.75],
    a=[4, 6, 12, 2, 8, 4],
    b=[8, 6, 8, 6, 8, 10],
    c=[1, 30, 2, 9, 1, 1],
)


def test_an_exact_mixture_is_found():
    shares = synthetic_control.mixture(MIXED, "own", BEFORE, level=True)
    assert shares.to_dict() == pytest.approx({"a": 0.25, "b": 0.75, "c": 0}, abs=1e-9)
    apart = synthetic_control.gap(MIXED, "own", BEFORE, level=True)
    assert list(apart) == pytest.approx([0, 0, 0, 0, 0.75, 1.25], abs=1e-9)


def test_a_unit_above_all_others_finds_its_mixture_by_pace_alone():
    higher = MIXED.assign(own=MIXED["own"] + 100)
    shares = synthetic_control.mixture(higher, "own", BEFORE, level=False)
    assert shares.to_dict() == pytest.approx({"a": 0.25, "b": 0.75, "c": 0}, abs=1e-9)
    apart = synthetic_control.gap(higher, "own", BEFORE, level=False)
    assert list(apart) == pytest.approx([0, 0, 0, 0, 0.75, 1.25], abs=1e-9)
    assert synthetic_control.mixture(higher, "own", BEFORE, level=True)["a"] != pytest.approx(0.25)


@given(st.integers(0, 10_000))
def test_shares_are_those_of_another_solver(seed):
    """SLSQP on the squared miss itself, with the shares' sum as a constraint."""
    rng = np.random.default_rng(seed)
    own, others = rng.normal(50, 5, 7), rng.normal(50, 5, (7, 4))
    shares = synthetic_control.weights(own, others)
    assert shares.min() >= 0
    assert shares.sum() == pytest.approx(1)

    def miss(x):
        return ((own - others @ x) ** 2).sum()

    other = optimize.minimize(
        miss, np.full(4, 0.25), bounds=[(0, 1)] * 4, method="SLSQP",
        constraints={"type": "eq", "fun": lambda x: x.sum() - 1}, options={"ftol": 1e-12},
    )  # fmt: skip
    assert miss(shares) <= other.fun * (1 + 1e-6)


def test_placebos_leave_the_unit_in_question_out():
    """With three units, a placebo's mixture is the one other unit."""
    three = MIXED[["own", "a", "b"]]
    apart = synthetic_control.gaps(three, "own", BEFORE, level=True)
    assert list(apart["a"]) == pytest.approx(list(three["a"] - three["b"]))
    assert list(apart["b"]) == pytest.approx(list(three["b"] - three["a"]))


def test_effect_by_hand():
    """Misses before of 1, 2 and 1; gaps after of 3 (twice), 2 (twice), and 4 and -4."""
    apart = panel(
        own=[1, -1, 1, -1, 3, 3], x=[2, -2, 2, -2, 2, 2], y=[1, 1, -1, -1, 4, -4]
    )  # fmt: skip
    found = synthetic_control.effect(apart, "own", BEFORE, AFTER)
    assert found.facts["ratios"].to_dict() == pytest.approx({"own": 3, "x": 1, "y": 4})
    assert found.value == pytest.approx(3)
    assert found.p == pytest.approx(2 / 3)
    # Off 3 by 4 at most: a constant effect leaves the ratio |3 - effect| / 1.
    assert (found.low, found.high) == pytest.approx((-1, 7))
    assert "67% interval" in found.interval


def test_an_effect_that_no_constant_explains_has_no_interval():
    apart = panel(own=[1, -1, 1, -1, 9, -9], x=[1, -1, 1, -1, 2, 2])
    found = synthetic_control.effect(apart, "own", BEFORE, AFTER)
    assert (found.low, found.high) == (None, None)


def test_the_interval_ends_where_the_test_begins_to_reject():
    """Taken off, an effect at its end leaves the own ratio equal to the largest placebo's."""
    rng = np.random.default_rng(5)
    apart = pd.DataFrame(rng.normal(size=(6, 5)), index=YEARS, columns=list("owxyz"))
    apart.loc[AFTER, ["w", "x"]] *= 4
    found = synthetic_control.effect(apart, "o", BEFORE, AFTER)
    moved = apart.copy()
    moved.loc[AFTER, "o"] -= found.high
    ratios = synthetic_control.effect(moved, "o", BEFORE, AFTER).facts["ratios"]
    assert ratios["o"] == pytest.approx(ratios.drop("o").max())


def test_departure_by_hand():
    """Others of 1, 2 and 6: each less the mean of the other two is -3, -1.5 and 4.5."""
    found = synthetic_control.departure(
        pd.Series({"own": 7.0, "x": 1.0, "y": 2.0, "z": 6.0}), "own"
    )
    assert found.value == pytest.approx(4)
    assert (found.low, found.high) == pytest.approx((-0.5, 8.5))
    assert found.p == pytest.approx(2 / 4)

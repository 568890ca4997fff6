"""Agreement of two coders, against values worked by hand, another library's, and properties."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from dme.measures.estimates.bootstrap import Resampling
from dme.measures.partnerships import coder_agreement

QUICK = Resampling(95, 400, 1)


def _pair(both: int, first: int, second: int, neither: int) -> tuple[pd.Series, pd.Series]:
    one = ["A"] * (both + first) + ["none"] * (second + neither)
    other = ["A"] * both + ["none"] * first + ["A"] * second + ["none"] * neither
    return pd.Series(one), pd.Series(other)


def test_kappa_is_the_one_worked_by_hand():
    # 20, 5, 10, 15 of 50: agreement 0.7; chance 0.5 * 0.6 + 0.5 * 0.4 = 0.5; kappa 0.4.
    (found,) = coder_agreement.by_code(*_pair(20, 5, 10, 15), ["A"], 95)
    assert (found.both, found.first, found.second, found.neither) == (20, 5, 10, 15)
    assert found.units == 50
    assert found.percent == pytest.approx(70)
    assert found.kappa.value == pytest.approx(0.4)
    assert found.pabak == pytest.approx(0.4)
    assert not found.rare


def test_the_interval_is_that_of_fleiss_cohen_and_everitt():
    (found,) = coder_agreement.by_code(*_pair(20, 5, 10, 15), ["A"], 95)
    # Their formula, term by term (Psychological Bulletin 72, 1969, equation 13).
    p = np.array([[20, 5], [10, 15]]) / 50
    row, column = p.sum(axis=1), p.sum(axis=0)
    k = 0.4
    same = sum(p[i, i] * (1 - (row[i] + column[i]) * (1 - k)) ** 2 for i in (0, 1))
    apart = (1 - k) ** 2 * sum(
        p[i, j] * (column[i] + row[j]) ** 2 for i in (0, 1) for j in (0, 1) if i != j
    )
    variance = (same + apart - (k - 0.5 * (1 - k)) ** 2) / (0.5**2 * 50)
    half = stats.norm.ppf(0.975) * np.sqrt(variance)
    assert found.kappa.low == pytest.approx(k - half)
    assert found.kappa.high == pytest.approx(k + half)


def test_a_rare_code_agrees_in_percent_and_not_in_kappa():
    # The paradox of Feinstein and Cicchetti (1990): 96 of 100 alike, and kappa is nothing.
    (found,) = coder_agreement.by_code(*_pair(0, 2, 2, 96), ["A"], 95)
    assert found.percent == 96
    assert found.kappa.value < 0
    assert found.pabak == pytest.approx(0.92)
    assert found.rare


@pytest.mark.parametrize("counts", [(9, 0, 0, 0), (0, 0, 0, 9)])
def test_where_all_decisions_are_alike_there_is_no_kappa(counts):
    pair = _pair(*counts)
    (found,) = coder_agreement.by_code(*pair, ["A"], 95)
    assert found.percent == 100
    assert found.kappa is None
    assert coder_agreement.overall(*pair, ["A"], QUICK) is None


def test_perfect_agreement_is_one_and_its_interval_goes_no_further():
    (found,) = coder_agreement.by_code(*_pair(6, 0, 0, 6), ["A"], 95)
    assert found.kappa.value == 1
    assert found.kappa.high == 1


def test_blank_cells_were_not_coded_and_none_was():
    first = pd.Series(["A; B", "none", None, "B"])
    second = pd.Series(["A", "none", "A", None])
    assert coder_agreement.scheme_of(first, second) == ("A", "B")
    found = {each.code: each for each in coder_agreement.by_code(first, second, ("A", "B"), 95)}
    assert found["A"].units == found["B"].units == 2
    assert (found["A"].both, found["A"].neither) == (1, 1)
    assert (found["B"].first, found["B"].neither) == (1, 1)


def test_nothing_coded_twice_gives_no_overall_kappa():
    first, second = pd.Series(["A", "none"]), pd.Series([None, None], dtype=object)
    assert coder_agreement.overall(first, second, ["A"], QUICK) is None
    assert coder_agreement.by_code(first, second, [], 95) == ()


def test_overall_kappa_pools_the_decisions_and_resamples_units():
    first = pd.Series(["A", "A;B", "B", "none", "A", "B", "A;B", "none"] * 6)
    second = pd.Series(["A", "A", "B", "none", "A", "A", "A;B", "B"] * 6)
    found = coder_agreement.overall(first, second, ["A", "B"], QUICK)
    # Of 96 decisions both said yes to 36, only the first to 12, only the second to 12.
    observed, chance = (36 + 36) / 96, (48 * 48 + 48 * 48) / 96**2
    assert found.value == pytest.approx((observed - chance) / (1 - chance))
    assert found.low < found.value < found.high
    assert "units" in found.interval


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["none", "A", "B", "A;B"]), st.sampled_from(["none", "A", "B", "A;B"])
        ),
        min_size=4,
        max_size=40,
    )
)
def test_swapping_the_coders_changes_no_agreement(pairs):
    first, second = (pd.Series(column) for column in zip(*pairs, strict=True))
    there = coder_agreement.by_code(first, second, ["A", "B"], 95)
    back = coder_agreement.by_code(second, first, ["A", "B"], 95)
    for one, other in zip(there, back, strict=True):
        assert one.percent == other.percent
        assert (one.first, one.second) == (other.second, other.first)
        assert (one.kappa is None) == (other.kappa is None)
        if one.kappa:
            assert one.kappa.value == pytest.approx(other.kappa.value, abs=1e-12)
            assert -1 <= one.kappa.low <= one.kappa.value <= one.kappa.high <= 1

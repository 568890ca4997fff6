"""Specialist posts and ranks: by hand, by property, and by another library."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from dme.measures.staff import program_breadth

PERIODS = {"art": 1.0, "music": 1.0, "physical education": 2.0}


def schools(*pairs):
    rows = pd.DataFrame(pairs, columns=["sections", "in_grades"]).astype(float)
    return rows.assign(full=rows["in_grades"] / 25)


@pytest.mark.parametrize(
    ("sections", "periods", "posts"), [(1, 1, 1), (25, 1, 1), (26, 1, 2), (13, 2, 2), (12, 2, 1)]
)
def test_whole_posts_by_hand(sections, periods, posts):
    assert program_breadth.whole_posts(sections, periods, 25) == posts


def test_the_posts_of_a_school_by_hand():
    found = program_breadth.specialists(schools((9, 180), (30, 660)), PERIODS, 25)
    # Nine sections: one of each. Thirty: 1.2 in art and in music, 2.4 in physical education.
    assert list(found["posts"]) == [3, 2 + 2 + 3]
    assert list(found["need"]) == pytest.approx([36 / 25, 120 / 25])
    # 180 pupils fill 7.2 classes of 25, with four lessons a week each.
    assert list(found["unrounded"]) == pytest.approx([7.2 * 4 / 25, 26.4 * 4 / 25])


def test_premiums_by_district_by_hand():
    rows = pd.DataFrame(
        [("a", True, 3, 100), ("a", True, 3, 200), ("a", False, 4, 400), ("a", False, 4, 400),
         ("b", True, 3, 300), ("b", False, 3, 300), ("b", False, 3, 300)],
        columns=["district_code", "small", "posts", "in_grades"],
    )  # fmt: skip
    found = program_breadth.premiums(rows, ["posts"], 1)["posts"]
    # 2 posts for 100 pupils against 1; in b 1 against 1.
    assert found.to_dict() == pytest.approx({"a": 100, "b": 0})
    assert list(program_breadth.premiums(rows, ["posts"], 2).index) == ["a"]
    assert program_breadth.premiums(rows[rows["small"]], ["posts"], 1).empty


@given(st.integers(1, 90), st.floats(0.5, 5), st.floats(10, 40))
def test_posts_cover_the_need_and_are_whole(sections, periods, load):
    posts = float(program_breadth.whole_posts(sections, periods, load))
    need = float(program_breadth.needed(sections, periods, load))
    assert posts >= need - 1e-6
    assert posts - max(need, 1) < 1
    assert posts == int(posts) >= 1


@given(st.integers(2, 9))
def test_scaling_schools_and_load_together_changes_no_posts(factor):
    one, other = (
        program_breadth.specialists(schools((9 * f, 180), (30 * f, 660)), PERIODS, 25 * f)
        for f in (1, factor)
    )
    assert list(one["posts"]) == list(other["posts"])


def test_ranks_are_those_of_another_library():
    random = np.random.default_rng(5)
    x = random.normal(size=17)
    y = x + random.normal(size=17)
    found = program_breadth.rank_correlation(x, y, 95)
    assert found.value == pytest.approx(stats.spearmanr(x, y).statistic)
    assert -1 < found.low < found.value < found.high < 1
    assert program_breadth.rank_correlation(np.exp(x), y**3, 95) == found


def test_ranks_by_hand_and_what_is_too_little():
    assert program_breadth.rank_correlation(
        [1, 2, 3, 4, 5], [1, 2, 3, 5, 4], 95
    ).value == pytest.approx(0.9)
    # Fisher's z of 0.9 plus and minus 1.96 * sqrt(1.405 / 2).
    found = program_breadth.rank_correlation([1, 2, 3, 4, 5], [1, 2, 3, 5, 4], 95)
    assert found.low == pytest.approx(np.tanh(np.arctanh(0.9) - 1.959964 * np.sqrt(1.405 / 2)))
    assert program_breadth.rank_correlation([1, 2, 3], [1, 3, 2], 95).low is None
    assert np.isnan(program_breadth.rank_correlation([1, 2, 3], [4, 4, 4], 95).value)
    missing = program_breadth.rank_correlation([1, 2, np.nan, 4], [1, 2, 9, 4], 95)
    assert missing.value == pytest.approx(1)
    assert missing.low is None


def test_the_interval_of_ranks_holds_its_level():
    """Simulated: pairs with a known rank correlation, samples of 16."""
    random = np.random.default_rng(8)
    rho = 0.5
    truth = 6 / np.pi * np.arcsin(rho / 2)
    held = 0
    for _ in range(1200):
        x = random.normal(size=16)
        y = rho * x + np.sqrt(1 - rho**2) * random.normal(size=16)
        found = program_breadth.rank_correlation(x, y, 95)
        held += found.low <= truth <= found.high
    assert 0.93 < held / 1200 < 0.98

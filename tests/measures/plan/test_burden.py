"""Who bears a plan: worked by hand, against every order of the schools, and by its own bounds."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from dme.measures.estimates.bootstrap import Resampling
from dme.measures.plan import burden

BY = Resampling(resamples=3000)
STUDENTS = pd.Series([100.0, 200, 100, 50], index=list("abcd"))
MEMBERS = pd.Series([80.0, 50, 10, 25], index=list("abcd"))
DISPLACED = pd.Series([100.0, 40, 0, 10], index=list("abcd"))
ALIKE = pd.Series("school", index=list("abcd"))


def counts(low=MEMBERS, high=MEMBERS):
    return pd.DataFrame({"students": STUDENTS, "low": low, "high": high})


def test_the_gap_by_hand():
    """Of 165 members 80 + 10 + 5 go; of 285 others 20 + 30 + 5."""
    expected = 100 * (95 / 165 - 55 / 285)
    assert burden.expected_gap(MEMBERS, STUDENTS, DISPLACED) == pytest.approx(expected)


def test_draws_hold_what_a_school_can_displace():
    """Only the two schools that keep some students vary, as a hypergeometric count does."""
    draws = burden.drawn_gap(counts(), DISPLACED, BY)
    assert draws.mean() == pytest.approx(burden.expected_gap(MEMBERS, STUDENTS, DISPLACED), abs=0.1)
    each = 100 * (1 / 165 + 1 / 285)
    spread = stats.hypergeom(200, 50, 40).var() + stats.hypergeom(50, 25, 10).var()
    assert draws.std() == pytest.approx(each * np.sqrt(spread), rel=0.05)


def test_withheld_counts_widen_the_draws():
    plain, wide = (
        burden.drawn_gap(counts(MEMBERS - less, MEMBERS + less), DISPLACED, BY).std()
        for less in (0, 10)
    )
    assert wide > 1.2 * plain


def test_the_least_and_the_most_by_hand():
    """a closes: 80. Of b 40 go and 150 are others: 0 to 40. Of d 10 go of 25 others: 0 to 10."""
    assert burden.bounds(counts(), DISPLACED) == (80, 130)
    fewest, most = burden.bounds(counts(), pd.Series([100.0, 190, 0, 40], index=list("abcd")))
    assert (fewest, most) == (80 + 40 + 15, 80 + 50 + 25)


def every_order(statistic):
    share = (DISPLACED / STUDENTS).to_numpy()
    return np.array([statistic(np.array(order)) for order in permutations(share)])


def test_a_gap_against_chance_is_that_of_every_order():
    def gap(share):
        moved = share * STUDENTS.to_numpy(), share * MEMBERS.to_numpy()
        return float(burden.gap(MEMBERS, STUDENTS, *moved))

    gaps = every_order(gap)
    seen = abs(burden.expected_gap(MEMBERS, STUDENTS, DISPLACED) - gaps.mean())
    exact = (np.abs(gaps - gaps.mean()) >= seen - 1e-9).mean()
    found = burden.gap_against_chance(MEMBERS, STUDENTS, DISPLACED, ALIKE, BY)
    assert found.p == pytest.approx(exact, abs=0.03)
    assert gaps.min() <= found.low < found.high <= gaps.max()


def test_a_school_alone_of_its_kind_stays_where_it_is():
    kinds = pd.Series(["one", "two", "three", "four"], index=list("abcd"))
    found = burden.gap_against_chance(MEMBERS, STUDENTS, DISPLACED, kinds, BY)
    assert found.low == found.high == burden.expected_gap(MEMBERS, STUDENTS, DISPLACED)
    assert found.p == 1


AREAS = pd.Series(["east", "east", "west", "west"], index=list("abcd"))


def test_areas_by_hand():
    rows = burden.by_area(AREAS, STUDENTS, DISPLACED)
    assert list(rows.index) == ["east", "west"]
    assert rows["percent"].tolist() == pytest.approx([100 * 140 / 300, 100 * 10 / 150])


def test_the_hardest_hit_area_against_every_order():
    def widest(share):
        gone = share * STUDENTS.to_numpy()
        east = gone[:2].sum() / 300 - gone[2:].sum() / 150
        return 100 * abs(east)

    exact = (every_order(widest) >= widest((DISPLACED / STUDENTS).to_numpy()) - 1e-9).mean()
    value, chance = burden.widest_gap(AREAS, STUDENTS, DISPLACED, ALIKE, BY)
    assert value == pytest.approx(100 * (140 / 300 - 10 / 150))
    assert burden.widest(AREAS, STUDENTS, DISPLACED) == value
    assert chance.p == pytest.approx(exact, abs=0.03)

"""Indices of segregation: by hand, against PySAL, against every count that bounds allow."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from segregation.multigroup import MultiInfoTheory
from segregation.singlegroup import Dissim, Entropy, Interaction, Isolation

from dme.errors import DmeError
from dme.measures.climate import segregation
from dme.measures.estimates import suppressed
from dme.measures.size import school_sizes
from dme.study import Study
from dme.tables import load

INDICES = (segregation.dissimilarity, segregation.isolation, segregation.information)
BOUNDS = {
    segregation.dissimilarity: segregation.dissimilarity_bounds,
    segregation.isolation: segregation.isolation_bounds,
    segregation.information: segregation.information_bounds,
}
DISTRICTS = (Study().district, "0930011", "0150011", "1510011")


@pytest.fixture(scope="module")
def counts():
    """Return a function to the black and Hispanic students of a district's schools in a year."""
    merged = load("school_enrollment").merge(
        load("school_enrollment_by_group"), validate="1:1", on=["school_year", "school_code"]
    )

    def of(district, year, smallest=100):
        rows = school_sizes.of_districts(school_sizes.schools(merged, year, smallest), district)
        return suppressed.of_members(rows, ["black", "hispanic"], suppressed.races(year))

    return of


def test_two_schools_by_hand():
    # Group 30 of 40 and 10 of 60: P = 0.4; |30/40 - 10/60| = 7/12 as shares 3/4 and 1/4 of the
    # group against 1/6 and 5/6 of the others.
    group, total = [30, 10], [40, 60]
    assert segregation.dissimilarity(group, total) == pytest.approx(3 / 4 - 1 / 6)
    assert segregation.isolation(group, total) == pytest.approx((30 * 0.75 + 10 / 6) / 40)
    entropy = lambda p: -p * np.log(p) - (1 - p) * np.log(1 - p)  # noqa: E731
    mixed = (40 * entropy(0.75) + 60 * entropy(1 / 6)) / (100 * entropy(0.4))
    assert segregation.information(group, total) == pytest.approx(1 - mixed)


def test_complete_segregation_is_one():
    for index in INDICES:
        assert index([50, 0, 20], [50, 70, 20]) == pytest.approx(1)


def test_a_group_that_is_everybody_has_no_evenness():
    assert np.isnan(segregation.dissimilarity([5, 5], [5, 5]))
    assert np.isnan(segregation.information([0, 0], [5, 5]))
    assert segregation.isolation([5, 5], [5, 5]) == 1


@pytest.mark.parametrize("district", DISTRICTS)
@pytest.mark.parametrize("year", ["2010-11", "2016-17"])
def test_pysal_finds_the_same_on_the_real_schools(counts, district, year):
    rows = counts(district, year)
    group, total = suppressed.middle(rows), rows["students"]
    frame = pd.DataFrame({"group": group, "total": total, "others": total - group})
    named = {"group_pop_var": "group", "total_pop_var": "total"}
    ours = [float(index(group, total)) for index in INDICES]
    theirs = [
        Dissim(frame, **named).statistic,
        Isolation(frame, **named).statistic,
        Entropy(frame, **named).statistic,
    ]
    assert ours == pytest.approx(theirs, rel=1e-9)
    assert 1 - ours[1] == pytest.approx(Interaction(frame, **named).statistic)
    multi = MultiInfoTheory(frame, groups=["group", "others"]).statistic
    assert ours[2] == pytest.approx(multi)


def test_hartford_in_2016_17_has_nothing_to_bound(counts):
    rows = counts(Study().district, "2016-17")
    assert len(rows) == 45
    assert (rows["low"] == rows["high"]).all()
    for index, bounds in BOUNDS.items():
        value = float(index(rows["low"], rows["students"]))
        ends = bounds(rows["low"], rows["high"], rows["students"])
        assert ends == pytest.approx((value, value))


SCHOOLS = st.lists(
    st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=2,
    max_size=8,
).filter(lambda rows: 0 < sum(g for g, _ in rows) < sum(t for _, t in rows))


def split(rows):
    return np.array(rows, float).T


@given(SCHOOLS)
def test_every_index_lies_between_0_and_1(rows):
    for index in INDICES:
        assert -1e-12 <= index(*split(rows)) <= 1 + 1e-12


@given(SCHOOLS, st.integers(2, 50))
def test_all_counts_times_a_number_change_nothing(rows, factor):
    group, total = split(rows)
    for index in INDICES:
        assert index(factor * group, factor * total) == pytest.approx(index(group, total))


@given(st.integers(1, 9), st.lists(st.integers(1, 30), min_size=2, max_size=6))
def test_schools_that_are_all_alike_are_not_segregated(tenths, sizes):
    total = 10.0 * np.array(sizes)
    group = total * tenths / 10
    assert segregation.dissimilarity(group, total) == pytest.approx(0, abs=1e-12)
    assert segregation.information(group, total) == pytest.approx(0, abs=1e-12)
    assert segregation.isolation(group, total) == pytest.approx(tenths / 10)


@given(SCHOOLS)
def test_a_school_of_nobody_changes_nothing(rows):
    group, total = split(rows)
    for index, bounds in BOUNDS.items():
        more = index([*group, 0], [*total, 0])
        assert more == pytest.approx(index(group, total))
        ends = bounds([*group, 0], [*group, 0], [*total, 0])
        assert ends == pytest.approx((float(more), float(more)), abs=1e-9)


@given(SCHOOLS)
def test_the_others_are_as_uneven_as_the_group(rows):
    group, total = split(rows)
    for index in (segregation.dissimilarity, segregation.information):
        assert index(total - group, total) == pytest.approx(index(group, total))


@given(SCHOOLS, st.data())
def test_the_bounds_hold_whatever_is_hidden(rows, data):
    group, total = split(rows)
    low = np.array([data.draw(st.integers(0, int(g))) for g in group], float)
    high = np.array(
        [data.draw(st.integers(int(g), int(t))) for g, t in zip(group, total, strict=True)], float
    )
    for index, bounds in BOUNDS.items():
        ends = bounds(low, high, total)
        assert ends.low - 1e-9 <= index(group, total) <= ends.high + 1e-9


@given(
    st.lists(st.integers(1, 6), min_size=2, max_size=3),
    st.data(),
)
def test_the_bounds_are_close_to_the_extremes_of_every_possible_count(sizes, data):
    """All whole counts between the bounds, tried one by one."""
    total = np.array(sizes, float)
    low = np.array([data.draw(st.integers(0, n)) for n in sizes], float)
    high = np.array(
        [data.draw(st.integers(int(a), n)) for a, n in zip(low, sizes, strict=True)], float
    )
    spans = [range(int(a), int(b) + 1) for a, b in zip(low, high, strict=True)]
    possible = np.array(list(itertools.product(*spans)), float)
    possible = possible[(possible.sum(1) > 0) & (possible.sum(1) < total.sum())]
    assume(len(possible))
    everyone = np.broadcast_to(total, possible.shape)
    found = segregation.dissimilarity(possible, everyone)
    ends = segregation.dissimilarity_bounds(low, high, total)
    assert ends.low == pytest.approx(found.min(), abs=1e-9) or ends.low <= found.min()
    assert ends.high >= found.max() - 1e-9
    met = segregation.isolation(possible, everyone)
    assert segregation.isolation_bounds(low, high, total).high >= met.max() - 1e-9
    if high.sum() < total.sum():  # else the highest isolation is everybody's, left out above
        assert segregation.isolation_bounds(low, high, total).high == pytest.approx(met.max())


def test_bounds_by_hand():
    # One school of 10 whose count is 0 to 10, one of 10 with 5: alike with 5, fully apart from
    # nobody's point of view never; with 0 the group is all in the second school, D = 1 - 5/15.
    ends = segregation.dissimilarity_bounds([0, 5], [10, 5], [10, 10])
    assert ends.low == pytest.approx(0)
    assert ends.high >= 1 - 5 / 15
    ends = segregation.isolation_bounds([5, 5], [5, 5], [10, 10])
    assert ends == pytest.approx((0.5, 0.5))


def test_bounds_that_are_no_bounds_are_refused():
    for low, high in (([-1], [2]), ([3], [2]), ([0], [11])):
        with pytest.raises(DmeError, match="between 0 and the school's students"):
            segregation.dissimilarity_bounds(low, high, [10])


def test_chance_alone_in_two_schools_of_one():
    # Two schools of one student, one of the group: always fully apart.
    assert segregation.by_chance([1, 1], 1, 50, 1) == 1


def test_chance_in_two_schools_of_two_by_enumeration():
    # Two of four are of the group: by the six ways to deal them, four mix both schools (D = 0)
    # and two split them (D = 1).
    assert segregation.by_chance([2, 2], 2, 20_000, 1) == pytest.approx(1 / 3, abs=0.02)


def test_net_of_chance_by_hand():
    assert segregation.net_of_chance(0.5, 0.1) == pytest.approx(0.4 / 0.9)
    assert segregation.net_of_chance(0.1, 0.1) == 0
    assert segregation.net_of_chance(0.05, 0.1) == pytest.approx(-0.5)


@given(SCHOOLS)
def test_chance_makes_larger_schools_more_alike(rows):
    _, total = split(rows)
    members = int(total.sum() // 2)
    assume(members > 0)
    small = segregation.by_chance(total, members, 200, 7)
    large = segregation.by_chance(100 * total, 100 * members, 200, 7)
    assert large <= small + 1e-9

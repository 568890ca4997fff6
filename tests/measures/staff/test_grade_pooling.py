"""Pooling K-8 schools: worked by hand, and what must hold whatever the pupils."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from dme.measures.staff import grade_pooling

LARGEST = np.array([23.0] * 3 + [27.0] * 5 + [28.0])


def test_two_schools_by_hand():
    cells = np.array([[30.0] * 9, [20.0] * 9])
    before = grade_pooling.described(cells, LARGEST)
    # 30 pupils need two sections in every grade, 20 need one.
    assert before["sections"] == 9 * 2 + 9
    assert before["two"] == 50
    assert before["three"] == 0
    assert before["schools_two"] == 50
    assert before["pupils_two"] == pytest.approx(60)
    found = grade_pooling.pool(cells, ["z", "z"], LARGEST, draws=20, seed=1)
    # Fifty pupils need three sections to grade 2, two after: 3 * 3 + 6 * 2.
    assert found.after["sections"] == 21
    assert (found.saved.value, found.saved.low, found.saved.high) == (6, 6, 6)
    assert found.after["two"] == 100
    assert found.after["three"] == pytest.approx(100 * 3 / 9)
    assert found.gain.value == 50
    assert (found.schools, found.left) == (2, 0)


def test_an_odd_school_and_other_areas_stay_as_they_are():
    cells = np.array([[30.0] * 9, [20.0] * 9, [25.0] * 9])
    found = grade_pooling.pool(cells, ["a", "b", "c"], LARGEST, draws=10, seed=1)
    assert found.left == 3
    assert found.after == pytest.approx(found.before)


def test_a_pair_becomes_a_lower_and_an_upper_school():
    cells = np.array([np.arange(9.0), np.arange(9.0) * 10, np.ones(9)])
    after = grade_pooling.paired(cells, np.array([(0, 1)]))
    assert list(after[0]) == [0, 11, 22, 33, 44, 55, 0, 0, 0]
    assert list(after[1]) == [0, 0, 0, 0, 0, 0, 66, 77, 88]
    assert list(after[2]) == [1] * 9
    assert cells[0].sum() == 36


def test_several_pairings_at_once_are_each_of_them():
    cells = np.arange(1.0, 37).reshape(4, 9)
    pairings = np.array([[(0, 1), (2, 3)], [(3, 0), (1, 2)]])
    together = grade_pooling.paired(cells, pairings)
    apart = [grade_pooling.paired(cells, pairs) for pairs in pairings]
    assert np.array_equal(together, np.array(apart))
    told = grade_pooling.described(together, LARGEST)
    for number, one in enumerate(apart):
        alone = grade_pooling.described(one, LARGEST)
        assert {key: values[number] for key, values in told.items()} == alone


CELLS = st.integers(2, 7).flatmap(
    lambda n: arrays.arrays(float, (n, 9), elements=st.integers(1, 120).map(float))
)


@given(CELLS, st.integers(0, 99))
def test_pooling_keeps_the_pupils_and_never_takes_more_sections(cells, seed):
    areas = ["z"] * len(cells)
    found = grade_pooling.pool(cells, areas, LARGEST, draws=5, seed=seed)
    assert found.saved.low >= 0
    assert found.after["sections"] >= (cells.sum(axis=0) / LARGEST).sum() - 1e-6
    assert found.after["grade"] >= found.before["grade"]
    assert found.after["pupils_two"] >= found.before["pupils_two"] - 1e-9
    pairs = np.array([(0, 1)])
    np.testing.assert_allclose(grade_pooling.paired(cells, pairs).sum(axis=0), cells.sum(axis=0))


def test_the_same_seed_gives_the_same_pairings():
    cells = np.arange(1.0, 55).reshape(6, 9)
    first, again = (grade_pooling.pool(cells, ["z"] * 6, LARGEST, 50, seed=3) for _ in range(2))
    assert first == again


def test_counts_come_in_the_order_that_is_asked_for():
    rows = pd.DataFrame(
        {
            "school_code": ["a", "a", "b", "b"],
            "grade": ["K", "8", "1", "9"],
            "students": pd.array([10, 12, None, 50], dtype="Int64"),
        }
    )
    cells = grade_pooling.counts_by_grade(rows, ["b", "a"])
    assert cells.shape == (2, 9)
    assert list(cells[0]) == [0] * 9
    assert (cells[1, 0], cells[1, 8], cells[1].sum()) == (10, 12, 22)

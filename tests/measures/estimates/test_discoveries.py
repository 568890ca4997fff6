"""The false discovery rate: by hand, and by scipy."""

import numpy as np
import pytest
from scipy import stats

from dme.measures.estimates.discoveries import discoveries


def test_the_steps_by_hand():
    # Lines of 0.05 k / 4: 0.0125, 0.025, 0.0375, 0.05; the third is under its line, the fourth not.
    found = discoveries({"a": 0.03, "b": 0.6, "c": 0.001, "d": 0.028, "none": None})
    assert list(found["name"]) == ["c", "d", "a", "b"]
    assert list(found["rejected"]) == [True, True, True, False]
    assert list(found["q"]) == pytest.approx([0.004, 0.04, 0.04, 0.6])


def test_the_levels_are_scipys():
    p = np.random.default_rng(4).uniform(size=50) ** 2
    found = discoveries({str(at): each for at, each in enumerate(p)})
    assert list(found["q"]) == pytest.approx(sorted(stats.false_discovery_control(p)))


def test_nothing_tested_gives_an_empty_table():
    assert list(discoveries({"a": None}).columns) == ["name", "p", "q", "rejected"]
    assert discoveries({"a": float("nan")}).empty

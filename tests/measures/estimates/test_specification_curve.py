"""Specification curves, by hand."""

import math

import numpy as np
import pandas as pd
import pytest

from dme.measures.estimates.specification_curve import curve, distinct, judged
from dme.measures.estimates.yard import Yard

NONE = math.nan
YARD = Yard(25.2, 30.8, 28, 28, 1)


def table(*rows):
    return pd.DataFrame(rows, columns=["a", "b", "value", "low", "high"])


GRID = table(
    (1, "x", 10.0, 5.0, 15.0),
    (1, "y", 12.0, -1.0, 25.0),
    (2, "x", 26.0, 20.0, 32.0),
    (2, "y", 30.0, 25.0, 35.0),
    (3, "x", -2.0, -9.0, -1.0),
    (3, "y", NONE, NONE, NONE),
)


def test_each_figure_is_judged_by_the_rule_of_verdicts():
    assert judged(GRID[:5], YARD).tolist() == [
        "direction", "neither", "within", "within", "neither"
    ]  # fmt: skip
    reaching = table((1, "x", 10.0, -5.0, 28.0), (1, "y", 40.0, 28.0, 50.0), (2, "x", 28, 1, 50))
    assert judged(reaching, YARD).tolist() == ["consistent", "consistent", "within"]
    # Without an interval nothing speaks against the sign; without a contrast there is no sign.
    alone = table((1, "x", 10.0, NONE, NONE))
    assert judged(alone, YARD).tolist() == ["direction"]
    assert judged(alone, Yard(25.2, 30.8, 28, 28, 0)).tolist() == ["neither"]


@pytest.mark.tried("No false verdict", "a figure that no verdict is given of, in a curve")
def test_what_no_verdict_is_given_of_agrees_with_nothing():
    apart = GRID.assign(fits=[True, True, False, False, True, True])
    assert judged(apart[:5], YARD).tolist() == [
        "direction", "neither", "apart", "apart", "neither"
    ]  # fmt: skip
    found = curve(apart, ["a", "b"], YARD)
    assert (found.specifications, found.judged, found.agrees) == (5, 3, 0)
    assert (found.lowest, found.highest) == (-2.0, 30.0)
    none = curve(GRID.assign(fits=False), ["a", "b"], YARD)
    assert none.judged == 0
    assert math.isnan(none.agrees)


@pytest.mark.parametrize("bound", [False, True])
def test_many_figures_are_judged_as_each_alone(bound):
    yard = YARD._replace(bound=bound)
    draws = np.random.default_rng(1).normal(20, 15, (500, 3))
    rows = pd.DataFrame(np.sort(draws)[:, [1, 0, 2]], columns=["value", "low", "high"])
    alone = [yard.agreement(*row) for row in rows.itertuples(index=False)]
    assert judged(rows, yard).tolist() == alone
    assert set(alone) == {"within", "consistent", "direction", "neither"}


def test_the_shares_the_range_and_the_axis_that_moves_it_most():
    found = curve(GRID, ["a", "b"], YARD)
    assert (found.specifications, found.unmeasured) == (5, 1)
    assert (found.within, found.direction) == (pytest.approx(0.4), pytest.approx(0.2))
    assert (found.consistent, found.agrees) == (0, pytest.approx(0.4))
    assert (found.lowest, found.median, found.highest) == (-2.0, 12.0, 30.0)
    # a: 28 with b held at x, 18 at y. b: 2 with a held at 1, 4 at 2; at 3 there is one alone.
    assert found.moves == {"a": 23.0, "b": 3.0}
    assert found.mover == "a"


def test_an_axis_that_is_never_alone_in_moving_can_not_be_told():
    zipped = table((1, "x", 1.0, NONE, NONE), (2, "y", 5.0, NONE, NONE))
    found = curve(zipped, ["a", "b"], YARD)
    assert found.moves == {"a": None, "b": None}
    assert found.mover is None


def test_an_axis_without_effect_moves_nothing_and_leaves_the_picture():
    rows = table(
        *((a, b, 10.0 * a, 10.0 * a - 1, 10.0 * a + 1) for a in (1, 2) for b in ("x", "y"))
    )
    found = curve(rows, ["a", "b"], YARD)
    assert found.moves == {"a": 10.0, "b": 0.0}
    once, matter = distinct(rows, ["a", "b"])
    assert matter == ["a"]
    assert once["value"].tolist() == [10.0, 20.0]
    flat = curve(rows.assign(value=3.0), ["a", "b"], YARD)
    assert flat.mover is None


def test_without_any_figure_there_is_no_curve():
    assert curve(GRID[5:], ["a", "b"], YARD) is None


@pytest.mark.parametrize("published", [(28.0, 28.0), (25.0, 31.0)])
@pytest.mark.parametrize("count", [1, 6, 400])
def test_the_picture_shows_each_choice(published, count):
    import matplotlib.pyplot as plt

    from dme.figures.curve import specification_curve

    rows = pd.DataFrame({
        "flag": [number % 2 == 0 for number in range(count)],
        "small_school": [250 + 50 * (number % 3) for number in range(count)],
        "value": [float(number) for number in range(count)],
        "low": [number - 3.0 for number in range(count)],
        "high": [number + 3.0 for number in range(count)],
        "verdict": "within",
    })  # fmt: skip
    drawn = specification_curve(
        rows, ["flag", "small_school"], published, "percent", title="t", note="n",
        chosen={"flag": True},
    )  # fmt: skip
    above, below = drawn.axes
    words = [label.get_text() for label in below.get_yticklabels()]
    assert words[0] == "flag"
    assert "small school" in words
    assert len(above.lines[0].get_xdata()) <= 250 or published[0] == published[1]
    drawn.canvas.draw()
    plt.close(drawn)

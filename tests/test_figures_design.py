"""Charts of the schools' design: every cell is drawn, and each label where it can be read."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from dme import figures


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def week():
    """Two teams, five days of four periods: a block, one alone, lunch and classes."""
    rows = []
    for day in range(5):
        for team in ("Grade 1", "Grade 2"):
            for period, (kind, text) in enumerate(
                [("block", "A M"), ("block", "M A"), ("lunch", ""), ("some", "P")]
            ):
                rows.append((day, team, period, kind, text))
    return pd.DataFrame(rows, columns=["day", "team", "period", "kind", "text"])


def corners(axes):
    """Where each cell lies: its corner of least period and row."""
    paths = [path for cells in axes.collections for path in cells.get_paths()]
    assert all((path.get_extents().size == 1).all() for path in paths)
    return [tuple(path.get_extents().min) for path in paths]


def test_the_week_draws_a_cell_for_each_period_and_a_frame_for_each_block():
    figure = figures.timetable(week(), title="A title", note="A note.")
    (axes,) = figure.axes
    frames = [box for box in axes.patches if box.get_width() == 2]
    assert len(corners(axes)) == 5 * 2 * 4
    assert len(frames) == 5 * 2  # as a block of two periods can be seen without color
    words = [text.get_text() for text in axes.texts]
    assert [words.count(day) for day in ("Monday", "Friday")] == [1, 1]
    assert words.count("Grade 1") == 5
    assert words.count("A M") == 10
    assert "lunch, recess" in words


def test_no_two_cells_of_the_week_lie_on_each_other():
    (axes,) = figures.timetable(week(), title="A title", note="A note.").axes
    assert len(set(corners(axes))) == 5 * 2 * 4

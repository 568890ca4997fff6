"""Charts of culture: what they draw, and that nothing is drawn twice or lost."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from dme import figures
from dme.tables import load


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def test_the_map_shades_every_tract_and_marks_every_school():
    areas, zones = load("areas"), load("school_zones")
    tracts = areas.loc[areas["kind"] == "tract", "name"]
    shades = pd.Series(np.arange(len(tracts), dtype=float), index=tracts).iloc[1:]
    here = zones[zones["zone"] != "outside"]
    figure = figures.tract_map(
        areas,
        shades,
        {"some": here.iloc[:5], "none": here.iloc[:0], "others": here.iloc[5:]},
        shade_words="Children",
        title="A title",
        note="A note.",
    )
    axes = figure.axes[0]
    (drawn,) = axes.collections
    assert len(drawn.get_paths()) == len(tracts)
    assert np.ma.count_masked(drawn.get_array()) == 1
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels == ["some (5)", f"others ({len(here) - 5})"]
    zone_labels = [text for text in axes.texts if text.get_text().startswith("Zone")]
    assert {text.get_text() for text in zone_labels} == {f"Zone {n}" for n in range(1, 5)}
    for text in zone_labels:
        away = np.hypot(here["longitude"] - text.get_position()[0],
                        here["latitude"] - text.get_position()[1])  # fmt: skip
        assert away.min() > 0.002  # a label covers no school
    assert figure.axes[1].get_xlabel() == "Children"


def test_the_bar_is_a_mile_long():
    from dme.measures.access.places import MILE_KM, distances_km

    areas = load("areas")
    tracts = areas.loc[areas["kind"] == "tract", "name"]
    figure = figures.tract_map(
        areas,
        pd.Series(1.0, index=tracts),
        {"school": load("school_zones").iloc[:1]},
        shade_words="Any",
        title="A title",
        note="A note.",
    )
    bar = next(line for line in figure.axes[0].lines if line.get_linewidth() == 2.5)
    ends = pd.DataFrame(bar.get_xydata(), columns=["longitude", "latitude"])
    assert distances_km(ends.iloc[:1], ends.iloc[1:])[0, 0] == pytest.approx(MILE_KM, rel=0.005)

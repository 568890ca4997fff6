"""The charts draw what they are given; their look is judged by eye, their content here."""

import io
from itertools import pairwise

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from PIL import Image

from dme import figures
from dme.figures.picture import png
from dme.findings import Alternative

mpl.use("agg")

SIZES = pd.DataFrame({"district": ["A", "A", "B", "B"], "students": [200, 400, 500, 700]})
MEANS = pd.DataFrame({"district": ["A", "B"], "mean": [300.0, 600.0], "schools": [2, 2]})
YEARS = pd.DataFrame({"school_year": ["2015-16", "2016-17"], "students": [21463, 20891]})
ZONES = pd.DataFrame(
    {
        "area": ["Zone 1", "District"],
        "students": [5291, 22075],
        "seats": [8762, 30244],
        "utilization_percent": [60, 73],
    }
)
COSTS = pd.DataFrame({"students": [200, 600], "dollars_per_pupil": [12000, 10000]})
GROUPS = pd.DataFrame(
    {"students": [200, 600], "utilization": [50.0, 95.0], "group": ["small", "large"]}
)
CHOICES = [Alternative("primary", 6.6e6, 3.1e6, 9.4e6), Alternative("other", 4.3e6)]
SINCE = pd.DataFrame(
    {
        "school_year": ["2016-17", "2017-18", "2018-19"],
        "schools": [45, 44, 42],
        "small": [16, 0, 13],
        "mean": [442.2, 434.8, 445.6],
    }
)
GROWTH = pd.DataFrame({"school": ["Ash", "Beech"], "need": [50.0, 90.0], "change": [5.0, 60.0]})
TILES = pd.DataFrame(
    {"K": [1, 3.0], "1": [2, 4.0], "9": [None, 2.0]},
    index=["A school of a name that no label of this chart can hold (131)", "Beech (1,024)"],
)
SIZED = pd.DataFrame({"students": [131, 1024], "per_grade": [20.0, 90.0], "fewest": [1.0, 4.0]})
SHARED = pd.DataFrame(
    {"stage": ["before", "after"], "one": [7.0, 2.0], "two": [55.0, 19.0], "three": [38.0, 79.0]}
)
LOADS = pd.DataFrame({"students": [180, 640], "arts": [36.0, 110.0], "pe": [72.0, 220.0]})
POSTS = pd.DataFrame({"kind": ["Librarians", "Heads"], "small": [20.0, 100], "rest": [33.0, 100]})
SPENT = pd.DataFrame({"district": ["A", "B"], "figure": [103.0, 1240.0]})
NAMED = {
    "Hartford": pd.DataFrame({"school_year": ["2015-16", "2016-17"], "value": [22.4, 22.1]}),
    "the state": pd.DataFrame(
        {
            "school_year": ["2015-16", "2016-17"],
            "value": [21.6, 21.9],
            "low": [21.0, 21.5],
            "high": [22.0, 22.5],
        }
    ),
}
STRIPS = {
    "magnet (3)": pd.DataFrame({"low": [10.0, 30.0, 0.0], "high": [10.0, 30.0, 100.0]}),
    "neighborhood (1)": pd.DataFrame({"low": [60.0], "high": [60.0]}),
}
PARTS = pd.DataFrame({"open": [57.0, 40.0], "by lottery": [3.0, 60.0]}, index=["Zone 1", "Zone 2"])
CURVE = pd.DataFrame(
    {
        "students": [150, 1000],
        "dollars_per_pupil": [12_500.0, 9000.0],
        "low": [11_000.0, 8000.0],
        "high": [14_000.0, 10_000.0],
    }
)
PREMIUM = pd.DataFrame(
    {
        "label": ["School administration", "Library and media"],
        "difference": [744.0, -40.0],
        "low": [420.0, None],
        "high": [1360.0, None],
        "percent": [68.0, None],
    }
)
AHEAD = pd.DataFrame(
    {
        "school_year": ["2017-18", "2018-19"],
        "students": [20_600.0, 20_300.0],
        "low": [19_100.0, None],
        "high": [22_100.0, None],
    }
)
CAME = pd.DataFrame({"school_year": ["2016-17", "2017-18"], "students": [20891, 20142]})
READINGS = pd.DataFrame(
    {
        "area": ["Zone 1", "District"],
        "study": [60.0, 73.0],
        "plain": [54.0, 65.0],
        "low": [51.0, 62.0],
        "high": [57.0, 69.0],
    }
)
SHARES = pd.DataFrame(
    {
        "zone": ["Zone 1", "outside"],
        "hits": [3, 1],
        "all": [8, 2],
        "percent": [37.5, 50.0],
        "low": [13.7, 9.5],
        "high": [69.4, 90.5],
    }
)
PATHS = pd.DataFrame(
    {
        "name": ["Burns Latino Studies Academy", "West Middle School", "Other School"],
        "hub": [True, True, False],
        "2014-15": [34.6, 20.5, 40.0],
        "2015-16": [23.1, 22.9, 26.4],
    }
)
SERVED = pd.DataFrame({"Teaching": ["serves", "?"], "Culture": ["", "?"]}, index=["Club", "Bank"])
SHADED = pd.DataFrame({"Teaching": [1.0, None], "Culture": [0.0, None]}, index=["Club", "Bank"])
FRONTIER = pd.DataFrame(
    {"displaced": [5.0, 11.0, 22.0], "dollars": [62.0, 57.0, 51.0], "bound": [61.5, 56.9, 50.8]}
)
GIVEN = pd.DataFrame(
    {"label": ["own plan", "today"], "displaced": [14.5, 0.0], "dollars": [60.1, 68.3]}
)
WORDS = {"title": "What is seen in this picture of many words, on two lines", "note": "Who."}

KINDS = {
    "over_years": lambda: figures.over_years(
        {"Hartford": YEARS}, marked=("2016-17", 20891, "20,891"), **WORDS
    ),
    "dots_by_district": lambda: figures.dots_by_district(SIZES, MEANS, "A", **WORDS),
    "size_and_spending": lambda: figures.size_and_spending(COSTS, 350, (12000, 10000), **WORDS),
    "forest": lambda: figures.forest(CHOICES, (3e6, 4e6), "dollars", **WORDS),
    "utilization_bars": lambda: figures.utilization_bars(ZONES, 85, **WORDS),
    "small_and_large": lambda: figures.small_and_large(SINCE, "2017-18", **WORDS),
    "growth_by_need": lambda: figures.growth_by_need(GROWTH, **WORDS),
    "cost_curve": lambda: figures.cost_curve(COSTS, {"own": CURVE, "all": CURVE}, **WORDS),
    "parts_of_premium": lambda: figures.parts_of_premium(PREMIUM, **WORDS),
    "projection": lambda: figures.projection(
        YEARS, CAME, AHEAD, published={"2018-19": 19_532, "2030-31": 1}, **WORDS
    ),
    "readings": lambda: figures.readings(READINGS, 85, **WORDS),
    "size_and_utilization": lambda: figures.size_and_utilization(GROUPS, 350, 85, **WORDS),
    "section_tiles": lambda: figures.section_tiles(TILES, **WORDS),
    "grade_sizes": lambda: figures.grade_sizes(SIZED, 350, (23, 28), **WORDS),
    "section_shares": lambda: figures.section_shares(SHARED, **WORDS),
    "post_loads": lambda: figures.post_loads(LOADS, **WORDS),
    "posts_by_size": lambda: figures.posts_by_size(POSTS, 350, **WORDS),
    "shares": lambda: figures.shares(SHARES, "zone", of=("hits", "all"), **WORDS),
    "school_paths": lambda: figures.school_paths(PATHS, "hub", ("hubs", "others"), **WORDS),
    "tiles": lambda: figures.tiles(SERVED, SHADED, **WORDS),
    "district_bars": lambda: figures.district_bars(SPENT, "A", **WORDS),
    "named_lines": lambda: figures.named_lines(
        NAMED, "percent", faint=[NAMED["Hartford"]], **WORDS
    ),
    "strips": lambda: figures.strips(
        STRIPS, (20, "the line: 20%"), "percent", axis="Share", **WORDS
    ),
    "cost_and_displacement": lambda: figures.cost_and_displacement(FRONTIER, GIVEN, **WORDS),
    "stacks": lambda: figures.stacks(PARTS, list(PARTS), ends=["here", "there"], **WORDS),
}
SAID = {
    "shares": ["Zone 1", "outside", "3 of 8", "1 of 2"],
    "school_paths": ["Burns Latino 23%", "West Middle 23%", "mean of hubs", "mean of others"],
    "tiles": ["Club", "Bank", "serves", "?", "Teaching", "Culture"],
    "over_years": ["20,891"],
    "dots_by_district": ["A (2)", "B (2)", "300", "600"],
    "size_and_spending": ["under 350: $12,000", "the rest: $10,000"],
    "forest": ["published: $3 to $4 million", "$6.6 million", "$4.3 million", "primary"],
    "utilization_bars": ["60%", "73%", "5,291 in 8,762 seats", "85%: full enough"],
    "small_and_large": ["16", "13", "442", "446", "the plan"],
    "growth_by_need": ["Beech"],
    "cost_curve": ["own", "all"],
    "parts_of_premium": ["School administration", "$744 (+68%)", "-$40"],
    "projection": [
        "counted",
        "projected: 20,300 in 2018-19",
        "published: 19,532 in 2018-19",
        "what came: 20,142 in 2017-18",
    ],
    "readings": ["54%", "60%", "65%", "73%", "85%", "plain seats, modelled"],
    "size_and_utilization": ["small and under-utilized (1)", "large and fuller (1)"],
    "section_tiles": ["one section", "two", "three or more", "K", "9", "Beech (1,024)"],
    "grade_sizes": ["one section (1)", "two (0)", "three or more (1)", "350 students"],
    "section_shares": ["55%", "38%", "19%", "79%", "before", "after"],
    "post_loads": ["physical education", "art, and likewise music", "one full-time teacher"],
    "posts_by_size": ["20%", "33%", "100%", "under 350 students", "the others"],
    "district_bars": ["$103", "$1,240", "A", "B"],
    "named_lines": ["Hartford 22.1%", "the state 21.9%", "2016-17"],
    "strips": ["the line: 20%", "magnet (3)", "neighborhood (1)"],
    "cost_and_displacement": ["own plan", "today", "cheapest plans"],
    "stacks": ["57%", "40%", "60%", "open", "by lottery", "Zone 2", "there"],
}


@pytest.fixture(params=KINDS)
def drawn(request):
    figures.set_look()
    figure = KINDS[request.param]()
    yield request.param, figure
    plt.close(figure)


def words_of(figure):
    axes = figure.axes[0]
    legend = axes.get_legend()
    ticks = [*axes.get_xticklabels(), *axes.get_yticklabels()]
    return [
        text.get_text().replace("\n", " ")
        for text in [*figure.texts, *axes.texts, *ticks, *(legend.texts if legend else [])]
    ]


def test_a_chart_says_what_it_shows_and_who_is_counted(drawn):
    kind, figure = drawn
    words = words_of(figure)
    for expected in [WORDS["title"], WORDS["note"], *SAID[kind]]:
        assert expected in words


def test_all_print_lies_inside_the_picture(drawn):
    _, figure = drawn
    figure.savefig(io.BytesIO(), format="png")
    width, height = figure.canvas.get_width_height()
    renderer = figure.canvas.get_renderer()
    axes = figure.axes[0]
    legend = axes.get_legend()
    for text in [*figure.texts, *axes.texts, *(legend.texts if legend else [])]:
        box = text.get_window_extent(renderer)
        assert box.x0 >= -1, text
        assert box.y0 >= -1, text
        assert box.x1 <= width + 1, text
        assert box.y1 <= height + 1, text


def test_a_chart_is_drawn_alike_each_time(drawn):
    kind, figure = drawn
    again = KINDS[kind]()
    pictures = []
    for each in (figure, again):
        buffer = io.BytesIO()
        each.savefig(buffer, format="png", metadata={"Software": None})
        pictures.append(buffer.getvalue())
    plt.close(again)
    assert pictures[0] == pictures[1]


def test_a_single_published_figure_is_named_as_such():
    figure = figures.forest([Alternative("primary", 24.1, 11, 34)], (28, 28), "percent", **WORDS)
    assert "published: 28%" in words_of(figure)
    plt.close(figure)


def test_without_a_published_figure_none_is_drawn():
    figure = figures.forest([Alternative("primary", 24.1, 11, 34)], None, "percent", **WORDS)
    assert not any("published" in word for word in words_of(figure))
    plt.close(figure)


def test_what_is_drawn_is_not_changed():
    before = GROUPS.copy()
    plt.close(figures.size_and_utilization(GROUPS, 350, 85, **WORDS))
    pd.testing.assert_frame_equal(GROUPS, before)


def test_names_of_lines_that_end_alike_do_not_touch():
    figure = figures.named_lines(NAMED, "percent", **WORDS)
    figure.savefig(io.BytesIO(), format="png")
    renderer = figure.canvas.get_renderer()
    boxes = [text.get_window_extent(renderer) for text in figure.axes[0].texts]
    assert len(boxes) == 2
    assert not boxes[0].overlaps(boxes[1])
    plt.close(figure)


def test_a_suppressed_school_is_a_bar_and_a_printed_one_a_dot():
    figure = figures.strips(STRIPS, (20, "the line"), "percent", axis="Share", **WORDS)
    spans = [line.get_xdata() for line in figure.axes[0].lines if line.get_marker() == "None"]
    assert [0.0, 100.0] in [list(ends) for ends in spans]
    dots = [
        x for line in figure.axes[0].lines if line.get_marker() == "o" for x in line.get_xdata()
    ]
    assert sorted(dots) == [10, 30, 60]
    plt.close(figure)


def test_a_part_too_narrow_for_its_number_has_none():
    figure = figures.stacks(PARTS, list(PARTS), **WORDS)
    assert "3%" not in words_of(figure)
    widths = [bar.get_width() for bar in figure.axes[0].patches if bar.get_width()]
    assert widths == [57, 3, 40, 60]
    plt.close(figure)


@pytest.mark.parametrize("kind", [name for name in figures.__all__ if name != "set_look"])
def test_no_chart_is_drawn_where_nobody_looks(kind, monkeypatch):
    monkeypatch.setenv("DME_DRAW", "no")
    figure = getattr(figures, kind)()
    # Without its data it could not be drawn: nothing was asked of it.
    assert not figure.axes, f"put @chart (of figures.look) above {kind}"


@pytest.mark.parametrize("count", [1, 2, 3, 7, 8, 9, 10, 16, 19])
def test_the_year_whose_figure_is_written_is_always_named(count):
    years = [f"{2001 + n}-{(2 + n) % 100:02d}" for n in range(count)]
    frame = pd.DataFrame({"school_year": years, "value": range(count)})
    figure = figures.named_lines({"Hartford": frame}, "percent", **WORDS)
    named = [label.get_text() for label in figure.axes[0].get_xticklabels()]
    plt.close(figure)
    assert named[-1] == years[-1]
    assert len(named) <= 5
    spots = [years.index(name) for name in named]
    assert len({b - a for a, b in pairwise(spots)}) <= 1


@pytest.mark.parametrize("kind", ["forest", "over_years", "size_and_utilization"])
def test_a_picture_file_holds_what_matplotlib_draws(kind):
    figures.set_look()
    figure, buffer = KINDS[kind](), io.BytesIO()
    figure.savefig(buffer, format="png", dpi=150)
    again = KINDS[kind]()
    picture = Image.open(io.BytesIO(png(again, 150)))
    plt.close(figure)
    plt.close(again)
    assert picture.mode == "RGB"
    assert picture.info["dpi"] == pytest.approx((150, 150), abs=0.02)
    assert np.array_equal(picture, Image.open(buffer).convert("RGB"))


def test_the_same_chart_gives_the_same_file():
    files = []
    for _ in range(2):
        figure = KINDS["strips"]()
        files.append(png(figure, 120))
        plt.close(figure)
    assert files[0] == files[1]

"""The charts draw what they are given; their look is judged by eye, their content here."""

import io
import re
from itertools import combinations, pairwise
from xml.etree import ElementTree as ET

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import seaborn as sns
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_hex
from PIL import Image

from dme import figures, paths
from dme.figures import told
from dme.figures.picture import png
from dme.figures.vector import svg
from dme.findings import Alternative

mpl.use("agg")

SIZES = pd.DataFrame(
    {
        "district": ["A (2)", "A (2)", "B (2)", "B (2)"],
        "students": [200, 400, 500, 700],
        "mean": [300.0, 300, 600, 600],
    }
)
CHOICES = [Alternative("primary", 6.6e6, 3.1e6, 9.4e6), Alternative("other", 4.3e6)]
NAMED = pd.DataFrame(
    {
        "line": ["Hartford", "Hartford", "the state", "the state"],
        "school_year": ["2015-16", "2016-17", "2014-15", "2015-16"],
        "value": [22.4, 22.1, 21.6, 21.9],
        "low": [None, None, 21.0, 21.5],
        "high": [None, None, 22.0, 22.5],
    }
).astype({"low": float, "high": float})
STRIPS = pd.DataFrame(
    {
        "label": ["magnet (3)"] * 3 + ["neighborhood (1)"],
        "low": [10.0, 30.0, 0.0, 60.0],
        "high": [10.0, 30.0, 100.0, 60.0],
    }
)
PARTS = pd.DataFrame({"open": [57.0, 40.0], "by lottery": [3.0, 60.0]}, index=["Zone 1", "Zone 2"])
PREMIUM = pd.DataFrame(
    {
        "label": ["School administration", "Library and media"],
        "difference": [744.0, -40.0],
        "low": [420.0, None],
        "high": [1360.0, None],
    }
)
READINGS = pd.DataFrame(
    {
        "label": ["Zone 1", "District"] * 2,
        "seats": ["plain"] * 2 + ["study"] * 2,
        "value": [54.0, 65.0, 60.0, 73.0],
        "low": [51.0, 62.0, None, None],
        "high": [57.0, 69.0, None, None],
    }
)
POSTS = pd.DataFrame(
    {
        "label": ["Librarians", "Heads"] * 2,
        "size": ["small"] * 2 + ["rest"] * 2,
        "value": [20.0, 100, 33, 100],
    }
)
SHARES = pd.DataFrame(
    {"zone": ["Zone 1", "outside"], "percent": [37.5, 50], "low": [13.7, 9.5], "high": [69.4, 90.5]}
)
SERVED = pd.DataFrame({"Teaching": ["serves", "?"], "Culture": ["", "?"]}, index=["Club", "Bank"])
SHADED = pd.DataFrame({"Teaching": [1.0, None], "Culture": [0.0, None]}, index=["Club", "Bank"])
FRONTIER = pd.DataFrame(
    {"displaced": [5.0, 11.0, 22.0], "dollars": [62.0, 57.0, 51.0], "bound": [61.5, 56.9, 50.8],
     "low": [61.0, 55.0, 48.0], "high": [63.0, 59.0, 54.0]}
)  # fmt: skip
GIVEN = pd.DataFrame(
    {"label": ["own plan", "today"], "displaced": [14.5, 0.0], "dollars": [60.1, 68.3],
     "low": [57.0, 68.3], "high": [63.0, 68.3]}
)  # fmt: skip
WORDS = {"title": "What is seen in this picture of many words, on two lines", "note": "Who."}


def seaborns():
    """A chart that stands in a notebook's cell, with all that finishes it."""
    schools = pd.DataFrame({"students": [200, 600, 640], "size": ["small", "large", "large"]})
    axes = figures.canvas(**WORDS)
    sns.stripplot(
        schools, x="students", y=[1, 2, 2], hue=figures.counted(schools["size"]), orient="h",
        native_scale=True, ax=axes,
    )  # fmt: skip
    figures.reference(axes, "350 students", x=350)
    figures.reference(axes, "one full class", y=(1.2, 1.4), end="left")
    figures.label(axes, "Ash", (600, 2), side="below")
    figures.units(axes, x="students", y="percent")
    figures.legend(axes, below=True)
    return axes.figure


KINDS = {
    "lines": lambda: figures.lines(NAMED, "percent", hue="line", faint=NAMED, **WORDS),
    "strips": lambda: figures.strips(
        STRIPS, "percent", line=(20, "the line: 20%"), axis="Share", **WORDS
    ),
    "strips with means": lambda: figures.strips(
        SIZES,
        "students",
        label="district",
        value="students",
        mean="mean",
        colors=figures.highlight(["A (2)", "B (2)"], "A"),
        **WORDS,
    ),
    "forest": lambda: figures.forest(CHOICES, (3e6, 4e6), "dollars", **WORDS),
    "forest of shares": lambda: figures.forest(
        SHARES,
        None,
        "percent",
        label="zone",
        value="percent",
        line=(40, "the line"),
        beside=["3 of 8", "1 of 2"],
        **WORDS,
    ),
    "bars": lambda: figures.bars(
        PREMIUM, "dollars", value="difference", line=(500, "much"), **WORDS
    ),
    "pairs": lambda: figures.pairs(READINGS, "percent", hue="seats", line=(85, "85%"), **WORDS),
    "pairs without ranges": lambda: figures.pairs(POSTS, "percent", hue="size", **WORDS),
    "stacked_bars": lambda: figures.stacked_bars(PARTS, "percent", **WORDS),
    "tiles": lambda: figures.tiles(SERVED, SHADED, **WORDS),
    "cost_and_displacement": lambda: figures.cost_and_displacement(FRONTIER, GIVEN, **WORDS),
    "a chart of seaborn's": seaborns,
}
SAID = {
    "lines": ["Hartford 22.1%", "the state 21.9% in 2015-16", "2016-17"],
    "strips": ["the line: 20%", "magnet (3)", "neighborhood (1)"],
    "strips with means": ["A (2)", "B (2)", "300", "600"],
    "forest": ["published: $3 to $4 million", "$6.6 million", "$4.3 million", "primary"],
    "forest of shares": ["Zone 1", "outside", "3 of 8", "1 of 2", "the line"],
    "bars": ["School administration", "$744", "-$40", "much"],
    "pairs": ["54%", "60%", "65%", "73%", "85%", "plain", "study", "Zone 1"],
    "pairs without ranges": ["20%", "33%", "100%", "small", "rest", "Librarians"],
    "stacked_bars": ["57%", "40%", "60%", "open", "by lottery", "Zone 2"],
    "tiles": ["Club", "Bank", "serves", "?", "Teaching", "Culture"],
    "cost_and_displacement": ["own plan", "today", "cheapest plans"],
    "a chart of seaborn's": ["small (1)", "large (2)", "350 students", "one full class", "Ash"],
}
DRAWN = (
    "bars",
    "cost_and_displacement",
    "forest",
    "lines",
    "pairs",
    "specification_curve",
    "stacked_bars",
    "strips",
    "tiles",
    "timetable",
    "tract_map",
)


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
    before = STRIPS.copy()
    plt.close(KINDS["strips"]())
    pd.testing.assert_frame_equal(STRIPS, before)


@pytest.mark.parametrize("kind", ["lines", "forest", "strips with means", "pairs"])
def test_words_on_a_chart_do_not_touch(kind):
    figures.set_look()
    figure = KINDS[kind]()
    figure.savefig(io.BytesIO(), format="png")
    renderer = figure.canvas.get_renderer()
    boxes = [text.get_window_extent(renderer) for text in [*figure.texts, *figure.axes[0].texts]]
    plt.close(figure)
    assert len(boxes) >= 4
    assert not any(a.overlaps(b) for a, b in combinations(boxes, 2))


def dots(axes):
    """The points that seaborn drew: where they lie, and in which color."""
    return [
        (x, y, to_hex(color))
        for drawn in axes.collections
        if isinstance(drawn, PathCollection)
        for (x, y), color in zip(
            drawn.get_offsets(), np.resize(drawn.get_facecolors(), (99, 4)), strict=False
        )
    ]


def spans(axes):
    """The upright and lying strokes that were drawn: their two ends."""
    return [
        tuple(np.asarray(ends)[:, 0])
        for drawn in axes.collections
        if isinstance(drawn, LineCollection)
        for ends in drawn.get_segments()
        if len(ends)
    ]


def test_a_suppressed_school_is_a_bar_and_a_printed_one_a_dot():
    figure = KINDS["strips"]()
    drawn = dots(figure.axes[0])
    assert sorted(x for x, *_ in drawn) == [10, 30, 60]
    assert {color for x, _, color in drawn if x > 20} == {figures.ACCENT}
    assert {color for x, _, color in drawn if x < 20} == {figures.OWN}
    assert all(abs(y - (x == 60)) < 0.5 for x, y, _ in drawn)  # each in its group's row
    assert spans(figure.axes[0]) == [(0, 100)]
    plt.close(figure)


def test_an_estimate_lies_on_its_interval_and_the_first_is_the_primary_one():
    figure = KINDS["forest"]()
    assert dots(figure.axes[0]) == [(6.6e6, 0, figures.OWN), (4.3e6, 1, figures.PEER)]
    assert spans(figure.axes[0]) == [(3.1e6, 9.4e6)]
    left, right = figure.axes[0].get_xlim()
    assert left < 3.1e6
    assert right > 9.4e6
    plt.close(figure)


def test_bars_are_as_long_as_their_values_and_hold_their_intervals():
    figure = KINDS["bars"]()
    assert [bar.get_width() for bar in figure.axes[0].patches] == [744, -40]
    assert spans(figure.axes[0]) == [(420, 1360)]
    plt.close(figure)


def test_the_first_of_a_pair_is_in_the_accent_and_has_its_range():
    figure = KINDS["pairs"]()
    assert set(dots(figure.axes[0])) == {
        (54, 0, figures.ACCENT),
        (65, 1, figures.ACCENT),
        (60, 0, figures.OWN),
        (73, 1, figures.OWN),
    }
    assert spans(figure.axes[0]) == [(51, 57), (62, 69)]
    plt.close(figure)


def test_parts_of_a_bar_follow_each_other_and_bear_their_own_number():
    figure = figures.stacked_bars(PARTS, "percent", **WORDS)
    axes = figure.axes[0]
    drawn = {
        (round(bar.get_x()), round(bar.get_width()), to_hex(bar.get_facecolor()))
        for bar in axes.patches
    }
    own, other = figures.OWN, figures.ACCENT
    assert drawn == {(0, 57, own), (57, 3, other), (0, 40, own), (40, 60, other)}
    # A part too narrow for its number has none.
    numbers = {text.get_text(): round(text.xy[0]) for text in axes.texts if text.get_text()}
    assert set(numbers) == {"57%", "40%", "60%"}
    plt.close(figure)


def test_a_line_stands_at_its_years_and_a_missing_year_keeps_its_place():
    rows = NAMED[NAMED["line"] == "the state"].replace({"2014-15": "2012-13"})
    figure = figures.lines(rows, "percent", hue="line", **WORDS)
    (line,) = figure.axes[0].lines
    assert list(line.get_xdata()) == [2012, 2015]
    assert list(line.get_ydata()) == [21.6, 21.9]
    assert figure.axes[0].get_ylim()[0] == 0
    plt.close(figure)


def test_units_of_an_axis():
    axes = figures.canvas(**WORDS)
    axes.plot([2_000_000, -3_000_000], [1, 2])
    figures.units(axes, x="dollars a year", y="percent")
    assert axes.xaxis.get_major_formatter()(-2.5e6, None) == "-$2.5M"
    assert axes.xaxis.get_major_formatter()(12_346, None) == "$12,346"
    assert axes.yaxis.get_major_formatter()(0.5, None) == "0.5%"
    plt.close(axes.figure)


def test_the_own_district_is_told_by_its_name_alone():
    names = ["Hartford (45)", "East Hartford (14)", "Hartford"]
    assert figures.highlight(names, "Hartford") == [figures.OWN, figures.PEER, figures.OWN]


def test_names_count_their_rows():
    told = figures.counted(pd.Series(["magnet", "other", "magnet"]))
    assert list(told) == ["magnet (2)", "other (1)", "magnet (2)"]


@pytest.mark.parametrize("kind", DRAWN)
def test_no_chart_is_drawn_where_nobody_looks(kind, monkeypatch):
    monkeypatch.setenv("DME_DRAW", "no")
    figure = getattr(figures, kind)()
    # Without its data it could not be drawn: nothing was asked of it. A cell may go on with it.
    (axes,) = figure.axes
    assert not axes.has_data()


@pytest.mark.parametrize("count", [1, 2, 3, 7, 8, 9, 10, 16, 19])
def test_the_year_whose_figure_is_written_is_always_named(count):
    years = [f"{2001 + n}-{(2 + n) % 100:02d}" for n in range(count)]
    frame = pd.DataFrame({"school_year": years, "value": range(count)})
    figure = figures.lines(frame.assign(line="Hartford"), "percent", hue="line", **WORDS)
    named = [label.get_text() for label in figure.axes[0].get_xticklabels()]
    plt.close(figure)
    assert named[-1] == years[-1]
    assert len(named) <= 5
    spots = [years.index(name) for name in named]
    assert len({b - a for a, b in pairwise(spots)}) <= 1


@pytest.mark.parametrize("kind", ["forest", "lines", "strips", "stacked_bars"])
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


@pytest.mark.tried("Nothing stale", "a user's own settings of charts")
def test_a_users_own_settings_change_no_chart():
    figures.set_look()
    plain = KINDS["strips"]()
    theirs = {
        "text.usetex": True,
        "path.sketch": (1.0, 100.0, 2.0),
        "savefig.dpi": 30,
        "lines.linewidth": 9,
        "backend": "TkAgg",
    }
    mpl.rcParams.update(theirs)
    before = figures.look.settings()
    figures.set_look()
    other = KINDS["strips"]()
    assert png(other, 120) == png(plain, 120)
    assert plt.get_backend() == "agg"
    # What a cell sets is told, so that no remembered picture is taken for one that it changed.
    assert figures.look.settings() != before
    for figure in (plain, other):
        plt.close(figure)


SCHOOLS = pd.DataFrame(
    {"school": ["Ash", "Birch <1>", "Cedar"], "school_code": ["0640111", "0640211", "0640311"],
     "students": [200.0, 600.0, 600.0], "dollars": [9000.0, 7000.0, 8000.0]}
)  # fmt: skip
HEADS = {"school": "School", "school_code": "School code", "students": "Students"}
COLORS = (paths.home() / "pages" / "style" / "charts.css").read_text(encoding="utf-8")
SVG = "{http://www.w3.org/2000/svg}"


def scatter():
    """Dots that know their schools, drawn in another order than the rows."""
    axes = figures.canvas(**WORDS)
    sns.scatterplot(SCHOOLS[::-1], x="students", y="dollars", ax=axes)
    figures.units(axes, x="students", y="dollars")
    axes.set(xlabel="Students in the school", ylabel="Spending")
    figures.tells(axes, SCHOOLS, HEADS, x="students", y="dollars")
    return axes.figure


def vector(figure):
    """The drawing of a figure, as a reader of XML that knows nothing of this program has it."""
    titles = told.titles(figure)
    png(figure, 120)
    written = svg(figure, 'what it "says"', titles)
    plt.close(figure)
    return written, ET.fromstring(written)


def entitled(root):
    """Each shape that says what it is, with what it says."""
    return [(one, title.text) for one in root.iter() for title in one.findall(f"{SVG}title")]


def test_the_drawing_says_what_the_chart_says(drawn):
    kind, figure = drawn
    written, root = vector(figure)
    assert root.get("aria-label") == 'what it "says"'
    said = " ".join(text.text for text in root.iter(f"{SVG}text"))
    for words in [WORDS["title"], WORDS["note"], *SAID[kind]]:
        assert words in said, words
    # Each color means something by day and by night.
    assert not {one for one in re.findall(r'(?:fill|stroke)="#\w+"', written) if one not in COLORS}
    # A page's policy forbids styles, and no two charts of a page may share an id.
    names = {name for one in root.iter() for name in one.attrib}
    assert not names & {"style", "id", "href", "{http://www.w3.org/1999/xlink}href"}
    assert {one.tag.removeprefix(SVG) for one in root.iter()} <= {
        "svg", "g", "path", "circle", "text", "title"
    }  # fmt: skip


@pytest.mark.tried("Same bytes", "the same chart drawn twice as shapes and words")
def test_a_drawing_keeps_inside_its_frame_and_is_the_same_each_time(drawn):
    kind, figure = drawn
    written, root = vector(figure)
    *_, width, height = map(float, root.get("viewBox").split())
    for one in root.iter(f"{SVG}circle"):
        assert 0 <= float(one.get("cx")) <= width
        assert 0 <= float(one.get("cy")) <= height
    for one in root.iter(f"{SVG}path"):
        numbers = [float(each) for each in re.findall(r"-?[\d.]+", one.get("d"))]
        assert min(numbers) >= -1
        assert max(numbers) <= max(width, height) + 1
    again, _ = vector(KINDS[kind]())
    assert again == written


def test_each_dot_says_which_school_it_is_and_where_it_lies():
    figures.set_look()
    _, root = vector(scatter())
    marks = {words.split("\n")[0]: (dot, words) for dot, words in entitled(root)}
    assert sorted(marks) == ["Ash", "Birch <1>", "Cedar"]
    assert marks["Ash"][1] == "Ash\nStudents in the school: 200\nSpending: $9,000"
    # Of the two schools of 600 the one that spends more lies higher up.
    across, down = ({name: float(dot.get(at)) for name, (dot, _) in marks.items()} for at in
                    ("cx", "cy"))  # fmt: skip
    assert across["Ash"] < across["Cedar"] == across["Birch <1>"]
    assert down["Ash"] < down["Cedar"] < down["Birch <1>"]


@pytest.mark.parametrize("kind", [*KINDS, "scatter"])
def test_no_chart_is_without_the_table_of_what_it_shows(kind):
    figure = KINDS.get(kind, scatter)()
    table = told.table(figure)
    plt.close(figure)
    assert len(table)
    assert all(table.columns)
    assert table.notna().any().all()


def test_the_table_of_a_chart_holds_its_rows_in_the_readers_words():
    figure = scatter()
    table = told.table(figure)
    plt.close(figure)
    assert list(table.columns) == ["School", "School code", "Students"]
    assert table.to_numpy().tolist() == SCHOOLS[list(HEADS)].to_numpy().tolist()


def test_as_many_dots_are_named_as_schools_are_drawn():
    rows = STRIPS.assign(school=["Ash", "Birch", "Cedar", "Dogwood"], school_code="1")
    figure = figures.strips(rows, "percent", title="A", note="B")
    _, root = vector(figure)
    words = sorted(words for _, words in entitled(root))
    assert [each.split("\n")[0] for each in words] == ["Ash", "Birch", "Cedar", "Dogwood"]
    # Cedar's figure is suppressed: a bar, which tells its range.
    assert words[2] == "Cedar\n0% to 100%"


def test_a_bar_and_a_line_say_what_they_are():
    _, bars = vector(KINDS["bars"]())
    assert [words for _, words in entitled(bars)] == [
        "School administration\n$744", "Library and media\n-$40"
    ]  # fmt: skip
    _, lines = vector(KINDS["lines"]())
    assert entitled(lines)[-1][1] == "the state\nSchool year: 2015-16\n21.9%"


def test_each_color_that_a_page_knows_has_one_for_the_night():
    styles = paths.home() / "pages" / "style"
    palette = (styles / "palette.css").read_text(encoding="utf-8")
    known = {name.removesuffix(":") for name in re.findall(r"--chart-[\w-]+:", palette)}
    assert {*re.findall(r"--chart-[\w-]+", COLORS)} <= known
    assert known == {*re.findall(r"(--chart-[\w-]+): light-dark\(", palette)}

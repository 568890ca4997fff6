"""The knobs: each figure that a reader can turn to is that of its row of the sweep's table."""

import io
import itertools
import json
import random
import re
import shutil

import nbformat
import pandas as pd
import pytest
import yaml
from publish_sample import ALONE, STUDY, card, code, finding, sample

from dme.findings.judging import Verdict
from dme.publish import build, knobs
from dme.publish.fragments import parameters
from dme.study import Study
from dme.sweeps import sealed
from dme.text import quantity, span

NINE = list(Study().peers)
WIDER = [*NINE, "0020011"]
AXES = {
    "peers": {"nine": {"peers": NINE}, "nine + wider": {"peers": WIDER}},
    "small_school": {str(line): {"small_school": line} for line in range(250, 501, 50)},
    "smallest_school": {str(least): {"smallest_school": least} for least in (0, 100)},
    "plant_cost": {"true": {"plant_cost": True}, "false": {"plant_cost": False}},
    "resamples": {"400": {"resamples": 400}},
}
MOVES = {
    "school-size": ("peers", "small_school"),
    "premium": ("small_school", "plant_cost"),
    "idle": (),
    "other-terms": ("small_school",),
}
READS = {"premium": ("small_school", "plant_cost"), "other-terms": ("small_school", "trend_start")}
OWN = {"peers": "nine", "small_school": 400, "smallest_school": 100, "plant_cost": True}
FOUND = {
    "school-size": finding("school-size"),
    "premium": finding("premium", value=4.0, low=-1.0, high=9.5, unit="percent more per pupil"),
    "idle": finding("idle"),
    "other-terms": finding("other-terms", parameters=READS["other-terms"]),
}


def figure(name, choices):
    """A figure that hangs on what moves it alone; where all is the study's own, on the study's."""
    moving = {axis: choices[axis] for axis in MOVES[name]}
    own = FOUND[name]
    if all(OWN[axis] == value for axis, value in moving.items()):
        # The ends of an interval of fewer draws are other ones.
        return own.value, own.low + 0.3, own.high - 0.3, own.verdict
    drawn = random.Random(f"{name} {moving}")
    value = round(drawn.uniform(-20, 60), 10)
    low, high = value - drawn.uniform(1, 9), value + drawn.uniform(1, 9)
    verdict = drawn.choice([*Verdict, None]) if name == "school-size" else None
    kind = drawn.random()
    if kind < 0.15:
        return None, None, None, None
    return (value, None, None, verdict) if kind < 0.3 else (value, low, high, verdict)


def rows(axes):
    for labels in itertools.product(*axes.values()):
        cells = {
            axis: label if axis == "peers" else axes[axis][label][axis]
            for axis, label in zip(axes, labels, strict=True)
        }
        for name, found in FOUND.items():
            value, low, high, verdict = figure(name, cells)
            yield {**cells, "finding": name, "value": value, "low": low, "high": high,
                   "verdict": verdict, "unit": found.unit, "basis": "measured"}  # fmt: skip


def store(home, name="headline", axes=AXES, keep=None, **shared):
    """Store a sweep as it stands after it has run; return its table."""
    folder = home / "results" / "sweeps" / name
    folder.mkdir(parents=True, exist_ok=True)
    table = pd.DataFrame([row for row in rows(axes) if keep is None or keep(row)]).sample(
        frac=1, random_state=7
    )
    buffer = io.BytesIO()
    table.to_parquet(buffer)
    (folder / "findings.parquet").write_bytes(buffer.getvalue())
    told = {"district": "0640011", "tables": "data/tables", "trend_start": "1999-00"} | shared
    (folder / "sweep.yml").write_text(
        yaml.safe_dump(sealed({"axes": axes, "shared": told}, buffer.getvalue()), sort_keys=False)
    )
    return table


def write(results, *findings):
    """Write the executed notebook that recorded some findings."""
    cells = [code(f"record(...)  # {one.id}", card(one), name=one.id) for one in findings]
    notebook = sample(*cells)
    notebook.cells = [cell for cell in notebook.cells if cell.id != "size"]
    nbformat.write(notebook, results / "operations.ipynb")


@pytest.fixture
def tried(home):
    """The sample's project, with findings of which a sweep was run."""
    write(home / "results" / STUDY, *FOUND.values())
    return home


def panels(study=STUDY):
    return knobs.panels(study, parameters(study))


def told(panel):
    """What the script of a page reads."""
    (file,) = panel.files.values()
    return json.loads(re.fullmatch(r"globalThis\.KNOBS = (.*);\n", file.decode())[1])


def shown(data, name, row):
    """The row that the browser shows for the choices of a row of the sweep's table."""
    one, cell = data["findings"][name], 0
    for axis in one["axes"]:
        label = str(row[axis]).lower() if isinstance(row[axis], bool) else str(row[axis])
        labels = data["axes"][axis]["labels"]
        cell = cell * len(labels) + labels.index(label)
    return one["rows"][one["cells"][cell]]


@pytest.mark.tried("No false verdict", "each choice on a page against its row of the sweep")
def test_every_choice_shows_its_row_of_the_sweep(tried, record_property):
    table = store(tried)
    data = told(panels()["operations"])
    assert set(data["findings"]) == {"school-size", "premium"}
    count = 0
    for row in table.to_dict("records"):
        if row["finding"] not in data["findings"]:
            continue
        name, unit = row["finding"], row["unit"]
        text, interval, verdict, *_ = shown(data, name, row)
        value, low, high = (
            None if pd.isna(row[key]) else row[key] for key in ("value", "low", "high")
        )
        assert text == ("not measured" if value is None else quantity(value, unit))
        assert interval == ("" if low is None else span(low, high, unit, value))
        if name == "school-size":
            words = data["findings"][name]["verdicts"][verdict][0]
            assert words == ("no verdict" if pd.isna(row["verdict"]) else row["verdict"])
        count += 1
    assert count == 2 * 2 * 6 * 2 * 2
    record_property("times", count)


def test_a_place_counts_the_figures_below(tried):
    table = store(tried)
    one = told(panels()["operations"])["findings"]["school-size"]
    own = table[table["finding"] == "school-size"].drop_duplicates(list(MOVES["school-size"]))
    figures = own["value"].dropna()
    data = told(panels()["operations"])
    places = {}
    for row in own.dropna(subset=["value"]).to_dict("records"):
        _, _, verdict, place, *_ = shown(data, "school-size", row)
        places[row["value"]] = one["places"][place]
        told_apart = " The study's claim is about another choice, so this one is not judged."
        assert one["verdicts"][verdict][2] == (told_apart if pd.isna(row["verdict"]) else "")
    assert places[figures.max()] == "No combination gives more."
    assert places[figures.min()] == "No combination gives less."
    less, more = (round(100 * beyond.mean()) for beyond in (figures < 24.1, figures > 24.1))
    assert places[24.1] == (
        f"Of all {len(figures)} combinations, {less}% give a smaller figure and {more}% a larger "
        "one."
    )


def test_what_moves_no_figure_is_no_choice(tried):
    store(tried)
    data = told(panels()["operations"])
    assert set(data["axes"]) == {"peers", "small_school", "plant_cost"}
    assert data["findings"]["premium"]["axes"] == ["small_school", "plant_cost"]
    # Of the finding "idle" nothing moves the figure; "other-terms" was tried with another trend.
    assert set(data["findings"]) == {"school-size", "premium"}


def test_the_page_shows_the_studys_own_figures_among_all(tried):
    store(tried)
    markdown = panels()["operations"].markdown
    assert "## Try other choices {#knobs}" in markdown
    # Not the ends of the sweep, which has fewer draws, and says so.
    assert "24.1% smaller</b>" in markdown
    assert "11.5% to 34.2%" in markdown
    assert "11.8% to 34.0%" not in markdown
    assert "rest on 4,000 random draws, all others on 400" in markdown
    assert "-1.0%" not in markdown
    assert markdown.count('<svg class="strip" role="img"') == 2
    dots = sum(
        len(re.findall(r"h0", path)) for path in re.findall(r'<path [^>]*d="([^"]*)"', markdown)
    )
    own = pd.DataFrame(rows(AXES)).drop_duplicates(
        ["finding", "peers", "small_school", "plant_cost"]
    )
    once = [
        own[own["finding"] == name].drop_duplicates(list(MOVES[name]))
        for name in ("school-size", "premium")
    ]
    assert dots == sum(each["value"].notna().sum() for each in once)


def test_a_study_that_no_claim_speaks_of_gets_no_verdicts(tried):
    later = tried / "results" / "later"
    later.mkdir()
    (later / "study.yml").write_text(
        'study: later\nenrollment_year: "2024-25"\nsmall_school: 400\n'
    )
    write(later, finding("premium", value=4.0, **ALONE))
    store(tried)
    panel = panels("later")["operations"]
    assert told(panel)["findings"]["premium"]["verdicts"] == []
    assert "no verdict" not in panel.markdown


def damaged(home):
    path = home / "results" / "sweeps" / "headline" / "findings.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"x")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda _: None, id="none was run"),
        pytest.param(lambda home: store(home, district="0930011"), id="another district"),
        pytest.param(lambda home: store(home, tables="data/own"), id="other tables"),
        pytest.param(
            lambda home: store(home, keep=lambda row: row["value"] != 24.1), id="a sample"
        ),
        pytest.param(
            lambda home: store(home, axes=AXES | {"small_school": {"300": {"small_school": 300}}}),
            id="not the study's own line",
        ),
        pytest.param(lambda home: (store(home), damaged(home)), id="damaged"),
    ],
)
def test_where_no_sweep_is_of_this_very_study_there_is_no_panel(tried, change):
    store(tried)
    assert "school-size" in told(panels()["operations"])["findings"]
    shutil.rmtree(tried / "results" / "sweeps")
    change(tried)
    panel = panels().get("operations")
    assert panel is None or "school-size" not in told(panel)["findings"]


def test_a_sweep_of_other_code_is_not_shown(tried):
    store(tried)
    assert "school-size" in told(panels()["operations"])["findings"]
    write(tried / "results" / STUDY, finding("school-size", value=24.2))
    assert not panels()


def test_the_studys_own_sweep_comes_before_others(tried):
    axes = AXES | {"plant_cost": {"true": {"plant_cost": True}}}
    store(tried, "a-first-name", axes)
    assert "plant_cost" not in told(panels()["operations"])["axes"]
    store(tried)
    assert "plant_cost" in told(panels()["operations"])["axes"]


@pytest.fixture
def page(tried, browser):
    """The built page, opened from the disk: one of each way to look at it."""
    store(tried)
    folder = build(STUDY, "builtin", tried / "site").folder
    tab = browser.new_page(viewport={"width": 1200, "height": 900})
    tab.troubles = []
    tab.on("console", lambda m: m.type in {"error", "warning"} and tab.troubles.append(m.text))
    tab.on("pageerror", lambda error: tab.troubles.append(str(error)))
    tab.address = (folder / "operations.html").as_uri()
    yield tab
    tab.close()


@pytest.mark.browser
def test_turning_the_knobs_in_a_browser(page, browser):
    table = pd.DataFrame(rows(AXES))

    def expected(name, **choices):
        same = table[table["finding"] == name]
        for axis, value in {**OWN, **choices}.items():
            same = same[same[axis] == value]
        value, unit = same["value"].iloc[0], same["unit"].iloc[0]
        return "not measured" if pd.isna(value) else quantity(value, unit)

    def value(name):
        return page.locator(f'[data-finding="{name}"] .knob-value b').inner_text()

    def at(fragment=""):
        page.goto("about:blank")
        page.goto(page.address + fragment)
        page.locator(".knobs form").first.wait_for()

    at()
    assert value("school-size") == "24.1% smaller"
    assert (
        page.locator('[data-finding="school-size"] .finding-interval').inner_text()
        == "11.5% to 34.2%"
    )
    back = page.get_by_role("button", name="Back to the study")
    assert back.is_disabled()
    # By the keyboard alone: the line for a small school, then the peers.
    page.get_by_label("A school counts as small below").first.focus()
    page.keyboard.press("ArrowRight")
    assert page.url.endswith("#knobs?small_school=450")
    for name in ("school-size", "premium"):
        assert value(name) == expected(name, small_school=450)
    page.get_by_label("9 districts").focus()
    page.keyboard.press("ArrowRight")
    assert page.url.endswith("#knobs?peers=nine+%2B+wider&small_school=450")
    assert value("school-size") == expected("school-size", small_school=450, peers="nine + wider")
    assert value("premium") == expected("premium", small_school=450)
    assert "\nsmall_school: 450\n" in page.locator(".knobs-run code").text_content()
    spoken = page.locator(".knobs-live").filter(has_text=value("school-size"))
    spoken.wait_for(state="attached")
    # The address, opened anew, gives the same, and shows the panel.
    address = page.url.removeprefix(page.address)
    at(address)
    assert value("school-size") == expected("school-size", small_school=450, peers="nine + wider")
    assert page.locator("#knobs").first.bounding_box()["y"] < 300
    back.click()
    assert value("school-size") == "24.1% smaller"
    assert page.url.endswith("#knobs")
    at("#knobs?small_school=451&<img src=x>=1")
    assert value("school-size") == "24.1% smaller"
    assert "not offered here" in page.locator(".knobs-note").inner_text()
    at("#school-size")
    assert value("school-size") == "24.1% smaller"
    assert page.troubles == []
    plain = browser.new_context(java_script_enabled=False).new_page()
    plain.goto(page.address)
    assert (
        plain.locator('[data-finding="school-size"] .knob-value b').inner_text() == "24.1% smaller"
    )
    assert "JavaScript must be allowed" in plain.locator(".knobs").inner_text()
    assert plain.locator(".knobs input, .knobs button").count() == 0
    plain.context.close()

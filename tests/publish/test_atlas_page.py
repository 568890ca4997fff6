"""The page of all districts, made of figures that are known beforehand."""

import dataclasses
import re
import shutil
from pathlib import Path

import pytest
import yaml
from publish_sample import HOSTILE

from dme import atlas, paths
from dme.execute.sweep.plan import read_plan
from dme.execute.sweep.table import Findings, write_description, write_table
from dme.publish import check, config
from dme.publish.atlas import draw, page, read
from dme.publish.atlas.shown import ABSENCE, PER_TEACHER, SIZE
from dme.publish.seal import seal
from dme.study import Study

ROOT = Path(__file__).parents[2]
HARTFORD, DEEP_RIVER, UNION = "0640011", "0360011", "1450011"
# No other page is there to lead to.
SETTINGS = dataclasses.replace(config.read(ROOT / "_quarto.yml"), navigation=())
UNITS = {"school-size": "percent smaller", "enrollment-trend": "percent a year"}


def rows_of(code: str, year: str, finding: str):
    """Return a row of the table of findings: of Union nothing is measured."""
    if code == UNION:
        figure, reason = (None, None, None), "the tables hold nothing of Union"
    else:
        # Of the school year 2016-17, students are a hundred more than of the year before.
        value = int(code[:3]) + (100.0 if year == "2016-17" else 0.0)
        known = finding == "school-size"
        figure, reason = (value, value - 9 if known else None, value + 9 if known else None), ""
        if finding == "classroom-teachers":
            figure = (int(code[:3]) / 10, None, None)
    return (finding, None, *figure, UNITS.get(finding, "students"), "measured", None, reason)


@pytest.fixture(scope="module", autouse=True)
def home(tmp_path_factory):
    """Give a project of these tables, with an atlas of 43 districts."""
    made = tmp_path_factory.mktemp("atlas")
    for room in ("data", "notebooks", "pages"):
        (made / room).symlink_to(ROOT / room)
    shutil.copytree(ROOT / "params", made / "params")
    shutil.copyfile(ROOT / "_quarto.yml", made / "_quarto.yml")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DME_HOME", str(made))
        paths.home.cache_clear()
        whole = yaml.safe_load(atlas.text())["axes"]["district"]
        only = [*list(whole)[:41], HARTFORD, DEEP_RIVER, UNION]
        path = atlas.file()
        path.parent.mkdir(parents=True)
        path.write_text(atlas.text(only=list(dict.fromkeys(only))))
        plan, found = read_plan(path), Findings()
        for number in range(len(plan)):
            cells = plan.cells(number)
            told = (str(cells["district"]), str(cells["enrollment_year"]))
            found.add(number, [rows_of(*told, name) for name in plan.findings])
        write_table(plan, found, path.parent / "findings.parquet")
        write_description(plan, 0)
        yield made
    paths.home.cache_clear()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Give a folder with the page, checked and sealed as a site's are."""
    out = tmp_path_factory.mktemp("site")
    for room in ("style", "script"):
        shutil.copytree(ROOT / "pages" / room, out / room)
    shutil.copy(ROOT / "pages" / "favicon.svg", out)
    (out / "index.html").write_text('<main id="content"><h1>First</h1></main>')
    assert page.write(Study(), out, SETTINGS) == ("atlas.html",)
    check.check(out, ("index.html", "atlas.html"))
    seal(out)
    return out


@pytest.fixture(scope="module")
def text(site):
    return (site / "atlas.html").read_text()


def test_each_district_has_a_row_figures_and_peers(text):
    count = len(re.findall("<details>", text))
    assert len(re.findall("<tr data-d=", text)) == count >= 42
    # Of all 166 districts the page stays light.
    assert len(text) / count < 600_000 / 166
    hartford = text.partition('id="district-0640011">')[2].partition("</details>")[0]
    assert "<td>64% smaller" not in hartford  # of the newest year, 100 more
    assert "164% smaller <small>155% to 173%</small>" in hartford
    assert "dme new hartford --district 0640011" in hartford
    assert '<a href="#district-0930011">New Haven</a>' in hartford


def test_what_is_not_measured_says_why_and_is_no_dot(text):
    union = text.partition(f'id="district-{UNION}">')[2].partition("</details>")[0]
    assert "Not measured: size of its schools (the tables hold nothing of Union)" in union
    section = text.partition('id="school-size"')[2].partition("</section>")[0]
    strip, places = section.split("</svg>")[:2]
    dots = re.findall(r'<circle[^>]*data-d="(\d+)"', strip)
    assert len(dots) == len(set(dots)) == text.count("<details>") - 1
    assert UNION not in dots
    assert 'class="none" cx="' in places
    assert UNION in places


def test_students_are_divided_by_the_teachers_of_their_own_year():
    found = read.read(Study())
    # 64 students of 2015-16 over 6.4 teachers, and not the 164 of 2016-17.
    assert found.districts[HARTFORD].figures[PER_TEACHER.finding].value == pytest.approx(10)


@pytest.mark.tried("No false verdict", "a record of teachers that falls by seven eighths in a year")
def test_a_record_in_error_gives_no_figure():
    figure = read.read(Study()).districts[DEEP_RIVER].figures[PER_TEACHER.finding]
    assert figure.value is None
    assert "goes from 28.5 to 4.0 in a year" in figure.reason


def test_the_median_of_peers_by_hand():
    found = read.read(Study())
    hartford = found.districts[HARTFORD]
    theirs = sorted(int(c[:3]) + 100 for c in hartford.peers if c in found.districts)
    middle = (theirs[(len(theirs) - 1) // 2] + theirs[len(theirs) // 2]) / 2
    assert found.of_peers(hartford, ABSENCE) == middle
    assert found.of_peers(hartford, SIZE) is None  # is held against them by itself


def test_dots_of_a_strip_lie_in_the_order_of_their_figures():
    values = {"a": 1.0, "b": 2.0, "c": 2.0, "d": 8.0, "e": 1e6}
    drawn = draw.strip(values, dict.fromkeys(values, "<x>"), "d", "percent of <x>")
    spots = re.findall(r'cx="([\d.]+)%" cy="([\d.]+)" r="3" data-d="(\w)"', drawn)
    across = {code: float(x) for x, _, code in spots}
    assert across["a"] < across["b"] == across["c"] < across["d"] < across["e"]
    assert len({(x, y) for x, y, _ in spots}) == 5
    assert draw.beyond(values) == ["e"]
    assert drawn.count('class="own"') == 1
    assert "<x>" not in drawn.replace("&lt;x&gt;", "")


def test_without_an_atlas_of_its_tables_a_site_has_no_such_page(tmp_path):
    assert "atlas.html" in page.way(Study())
    elsewhere = Study(tables="data/new-york/tables")
    assert page.way(elsewhere) == ""
    assert page.write(elsewhere, tmp_path, SETTINGS) == ()


@pytest.mark.tried("Hostile text", "names of districts on the page of all districts")
def test_a_hostile_name_stays_text(tmp_path, monkeypatch):
    wicked = read.read(Study())
    for number, one in enumerate(wicked.districts.values()):
        object.__setattr__(one, "name", HOSTILE[number % len(HOSTILE)])
    monkeypatch.setattr(page, "read", lambda _: wicked)
    for room in ("style", "script"):
        shutil.copytree(ROOT / "pages" / room, tmp_path / room)
    shutil.copy(ROOT / "pages" / "favicon.svg", tmp_path)
    (tmp_path / "index.html").write_text("<main><h1>First</h1></main>")
    page.write(Study(), tmp_path, SETTINGS)
    check.check(tmp_path, ("atlas.html",), hosts=())


@pytest.mark.browser
def test_the_table_sorts_and_the_address_keeps_the_choice(browser, site):
    shown = browser.new_page()
    errors = []
    shown.on("pageerror", lambda error: errors.append(str(error)))
    shown.goto(f"file://{site}/atlas.html")
    first = "document.querySelector('table.atlas tbody tr').dataset.d"
    shown.get_by_role("button", name="Students", exact=True).click()
    largest = shown.evaluate(first)
    shown.get_by_role("button", name="Students", exact=True).click()
    assert shown.evaluate(first) != largest
    last = "[...document.querySelectorAll('table.atlas tbody tr')].at(-1).dataset.d"
    shown.get_by_role("button", name="Size of its schools").click()
    assert shown.evaluate(last) == UNION  # what is not measured comes last
    shown.get_by_label("Your district").select_option("0930011")
    assert "New Haven: 193% smaller" in shown.locator("#school-size .readout").inner_text()
    again = browser.new_page()
    again.goto(shown.url)
    assert "New Haven" in again.locator("#school-size .readout").inner_text()
    assert again.locator("th[aria-sort=descending]").inner_text() == "Size of its schools"
    strip = again.locator("#school-size .along svg")
    strip.focus()
    strip.press("ArrowRight")
    assert "New Haven" in again.locator("#school-size .readout").inner_text()
    strip.press("ArrowRight")
    assert "New Haven" not in again.locator("#school-size .readout").inner_text()
    again.goto(f"file://{site}/atlas.html#district-{HARTFORD}")
    again.reload()
    assert again.get_by_text("dme new hartford").is_visible()
    assert not errors

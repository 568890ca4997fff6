"""Several studies on one site: each page leads to the other's, one shows what all of them found."""

import re
import shutil
from pathlib import Path

import nbformat
import pytest
from publish_sample import ALONE, STUDY, card, code, finding, sample

from dme.errors import DmeError
from dme.publish import build, side_by_side

NAV = re.compile(r'<nav class="studies".*?</nav>', re.DOTALL)
HERE, LATER = "Hartford, 2016-17", "Hartford, 2024-25"
ROW = re.compile(r"<tr role=.row.>.*?</tr>", re.DOTALL)


@pytest.fixture(scope="module")
def built() -> dict[str, Path]:
    """The site that was built for this module."""
    return {}


@pytest.fixture
def both(home: Path, later: str, built: dict[str, Path], tmp_path_factory) -> Path:
    """The site of the sample, whose findings the later study shares in part, and of that study."""
    if not built:
        shared = [
            finding("seats", title="Seats"),
            finding("steady", year="2015-16", **ALONE),
            finding("odd", unit="dollars"),
        ]
        cells = (code("record(...)", card(one), name=one.id) for one in shared)
        nbformat.write(sample(*cells), home / "results" / STUDY / "operations.ipynb")
        place = tmp_path_factory.mktemp("site") / "both"
        built["both"] = build(STUDY, "builtin", place, beside=[later]).folder
    return built["both"]


def links(page: Path) -> list[tuple[str, str, bool]]:
    """Return where the navigation between studies leads: address, words, whether one is there."""
    (nav,) = NAV.findall(page.read_text())
    found = re.findall(r'<a href="([^"]*)"( aria-current="page")?>([^<]*)</a>', nav)
    return [(address, words, bool(current)) for address, current, words in found]


def test_each_page_leads_to_the_same_page_of_the_other_study(both):
    assert links(both / "operations.html") == [
        ("operations.html", HERE, True),
        ("later/operations.html", LATER, False),
        ("side-by-side.html", "Side by side", False),
    ]
    assert links(both / "later/operations.html") == [
        ("../operations.html", HERE, False),
        ("operations.html", LATER, True),
        ("../side-by-side.html", "Side by side", False),
    ]
    # The later study has no claims, so no page of rules.
    assert not (both / "later/rules.html").exists()
    assert links(both / "rules.html")[1][0] == "later/index.html"
    assert links(both / "side-by-side.html")[2] == ("side-by-side.html", "Side by side", True)


@pytest.mark.tried("No false verdict", "the pages of a study of the claims' district, later")
def test_a_study_of_another_time_has_findings_and_no_claims(both):
    first, later = ((both / way / "index.html").read_text() for way in (".", "later"))
    assert "The scoreboard" in first
    assert "here there are none, so the figures stand alone" in later
    assert "All findings" in later
    assert "Finding school-size" in later
    assert "verdict" not in re.sub(r"dl class=.verdicts", "", later)
    assert '<a href="../side-by-side.html">Side by side</a> shows these findings' in later
    assert "dme site sample later" in re.sub(r"<[^>]*>", "", later)


def test_findings_stand_side_by_side(both):
    page = (both / "side-by-side.html").read_text()
    heads = re.findall(r"<h2[^>]*>([^<]*)</h2>", page)
    assert heads[-5:] == [
        f"From {HERE} to {LATER}",
        "In what the studies differ", "What all of them measure", "What some measure",
        "What is the same in all",
    ]  # fmt: skip
    parts = page.split("<h2")
    differing, every, some, same = (ROW.findall(part) for part in parts[-4:])
    assert [re.search(r"<code>(\w+)</code>", row)[1] for row in differing[1:]] == [
        "enrollment_year", "small_school",
    ]  # fmt: skip
    # Over the findings stands what their page reads: small_school is none of it.
    assert "differ in <code>enrollment_year</code></span>" in parts[-3]
    size, odd = every[1:]
    ways = ("operations.html#school-size", "later/operations.html#school-size")
    figures = ("24.1% smaller", "11.5% to 34.2%", "31.7% smaller", ">2016-17<", ">2024-25<")
    assert [told for told in (*ways, *figures) if told not in size] == []
    assert "in different units: no comparison" in odd
    assert page.count("in different units") == 1
    seats, newer = some[1:]
    assert "24.1% smaller" in seats
    assert "not measured" in seats
    assert ">The tables hold no &lt;seats&gt; in 2024-25; they have 2007-08 to 2016-17.<" in seats
    assert "not among its findings" in newer
    assert "basis-modelled" in newer
    assert "#steady" in same[1]


def test_what_moved_is_told_first_with_both_figures(both):
    page = (both / "side-by-side.html").read_text()
    section = re.search(rf"From {HERE} to {LATER}</h2>(.*?)<h2", page, re.DOTALL)[1]
    # 31.7 in place of 24.1 lies inside 11.5 to 34.25; "steady" and "odd" did not move.
    assert "1 finding moved, 0 of them by more than the interval of" in section
    (row,) = ROW.findall(section)[1:]
    assert "Finding school-size</a><svg" in row
    cells = re.sub(r"<svg.*?</svg>|<[^>]+>", " ", row)
    assert "24.1% smaller 11.5% to 34.2% 2016-17 31.7% smaller 2024-25" in " ".join(cells.split())
    assert f"Inside the interval of {HERE}." in row
    # enrollment_year differs, but this finding doesn't say that it reads it.
    assert "Computed with" not in row


def test_many_studies_are_folded_and_told_apart(later, home):
    site = [STUDY, later]
    for name in ("c", "d", "e"):
        shutil.copytree(home / "results" / later, home / "results" / name)
        text = (home / "results" / name / "study.yml").read_text()
        (home / "results" / name / "study.yml").write_text(text.replace("later", name))
        site.append(name)
    projects = {name: home / "staged" / name for name in site}
    for folder in projects.values():
        folder.mkdir(parents=True)
        (folder / "index.qmd").write_text("---\ntitle: A\n---\nWords.\n")
    side_by_side.connect(projects)
    page = (projects["d"] / "index.qmd").read_text()
    assert f"<summary>{LATER} (d): choose another of 5 studies</summary><ul>" in page
    assert f'<a href="../c/index.html">{LATER} (c)</a>' in page
    assert f'<a href="../index.html">{HERE}</a>' in page
    assert page.endswith("Words.\n")


@pytest.mark.tried("Bad input", "a second study that can't be built")
def test_a_study_that_can_not_stand_beside_is_refused(home, later, record_property):
    shutil.copytree(home / "results" / later, home / "results" / "figures")
    names = (STUDY, f"../results/{later}", "figures", "nowhere")
    for name in names:
        with pytest.raises(DmeError, match=name):
            build(STUDY, "builtin", beside=[name])
        assert not (home / "_site").exists()
    record_property("times", len(names))

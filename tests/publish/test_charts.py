"""A chart on a page: what stands in it, what lies beside it, and what a reader can ask of it."""

import csv
import io
import re
from xml.etree import ElementTree as ET

import nbformat
import pytest
from publish_sample import PNG, chart, code

from dme import paths
from dme.publish import charts
from dme.publish.pagecopy import page_copy

SVG = "{http://www.w3.org/2000/svg}"
NAMES = ("Ash <1> & Co", "Birch", "Cedar")
STEM = charts.Stem("operations", "look-1")


def shown(**told):
    """The block of a chart on a page, and the files beside it."""
    files, one = {}, chart(NAMES, **told)
    return charts.shown(STEM, one.data, one.metadata, files), files


def drawn(block):
    return ET.fromstring(re.search(r"<svg.*</svg>", block, re.DOTALL)[0])


def test_a_chart_is_named_and_lies_beside_its_page_in_three_forms():
    block, files = shown()
    assert 'id="figure-sizes-of-schools"' in block
    stem = "figures/operations-sizes-of-schools"
    assert list(files) == [f"{stem}.png", f"{stem}.svg", f"{stem}.csv"]
    assert files[f"{stem}.png"] == PNG
    for suffix in ("svg", "png", "csv"):
        assert f'href="{stem}.{suffix}" download' in block
    assert 'href="#figure-sizes-of-schools"' in block


def test_title_and_note_are_words_of_the_page_and_part_of_what_is_taken_along():
    block, files = shown()
    assert "<figcaption>How large</figcaption>" in block
    assert '<p class="note">Dot: one.</p>' in block
    inside = drawn(block)
    assert [one.text for one in inside.iter(f"{SVG}text")] == ["words"]
    # What is left is the part between them.
    assert inside.get("viewBox") == "0 17 36 56"
    alone = ET.fromstring(files["figures/operations-sizes-of-schools.svg"])
    assert [one.text for one in alone.iter(f"{SVG}text")] == ["How large", "words"]
    assert alone.get("viewBox") == "0 0 36 90"
    assert alone.get("aria-label") == inside.get("aria-label") == "Two dots"


def test_the_table_of_the_page_and_the_file_hold_the_same():
    block, files = shown()
    rows = list(csv.reader(io.StringIO(files["figures/operations-sizes-of-schools.csv"].decode())))
    table = ET.fromstring(re.search(r"<table.*</table>", block, re.DOTALL)[0])
    assert [[cell.text for cell in row] for row in table.iter("tr")] == rows
    assert len(rows) == 1 + len(NAMES)


@pytest.mark.parametrize(
    ("column", "seen"),
    [
        (["1204.5", "3", ""], ["1,204.5", "3.0", None]),
        (["12000000", "3", "-4"], ["12,000,000", "3", "-4"]),
        (["0.128", "-1", "2"], ["0.13", "-1.00", "2.00"]),
        (["0640111", "0640211", ""], ["0640111", "0640211", None]),
        (["2015-16", "12%", "3"], ["2015-16", "12%", "3"]),
    ],
)
def test_numbers_are_written_for_readers_and_words_as_they_are(column, seen):
    one = chart()
    one.data["text/csv"] = "\n".join(["Name,Value", *(f"x,{text}" for text in column)])
    block = charts.shown(STEM, one.data, one.metadata, {})
    table = ET.fromstring(re.search(r"<table.*</table>", block, re.DOTALL)[0])
    assert [row[1].text for row in table.iter("tr")][1:] == seen


def test_two_charts_of_one_function_have_names_of_their_own():
    files, one = {}, chart()
    first = charts.shown(STEM, one.data, one.metadata, files)
    second = charts.shown(charts.Stem("operations", "look-2"), one.data, one.metadata, files)
    assert 'id="figure-sizes-of-schools"' in first
    assert 'id="figure-look-2"' in second
    assert len(files) == 6


@pytest.mark.tried("Hostile text", "a drawing that is none of ours")
@pytest.mark.parametrize(
    "svg",
    [
        "",
        "<svg",
        "<svg viewBox='0 0 1 1'/>",
        '<svg xmlns="http://www.w3.org/2000/svg"/>',
        '<html xmlns="http://www.w3.org/1999/xhtml"/>',
        '<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg" '
        'viewBox="0 0 1 1"><text>&a;</text></svg>',
    ],
)
def test_what_is_no_drawing_of_ours_is_shown_as_a_picture(svg):
    one = chart()
    one.data["image/svg+xml"] = svg
    files = {}
    block = charts.shown(STEM, one.data, one.metadata, files)
    assert '<img src="figures/operations-sizes-of-schools.png" alt="Two dots">' in block
    assert list(files) == ["figures/operations-sizes-of-schools.png"]


@pytest.mark.tried("Hostile text", "shapes that lead elsewhere or act")
def test_a_drawing_is_written_anew_of_shapes_and_words():
    one = chart()
    acting = (
        '<script>1</script><g onclick="1" style="fill:red" fill="url(#x)" id="y"><a href="//x">'
        '<text>x</text></a><use href="#y"/></g><style>*{}</style></svg>'
    )
    one.data["image/svg+xml"] = one.data["image/svg+xml"].replace("</svg>", acting)
    files = {}
    block = charts.shown(STEM, one.data, one.metadata, files)
    for text in (block, files["figures/operations-sizes-of-schools.svg"].decode()):
        svg = re.search(r"<svg.*</svg>", text, re.DOTALL)[0]
        assert not re.search(r"onclick|style|url|href|script|<use|<a\b|\bid=", svg)


def test_a_page_holds_its_charts(notebook):
    copy = nbformat.read(notebook, as_version=4)
    copy.cells.append(code("@show\ndef sizes(study):\n    return 1", chart(), name="chart"))
    nbformat.write(copy, notebook)
    page = page_copy(notebook)
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img"' in page.markdown
    assert "figures/operations-sizes-of-schools.csv" in page.files


@pytest.fixture
def tab(browser, tmp_path):
    """A phone with a page that holds a chart of three dots, with its script and its style."""
    top, (block, _) = paths.home() / "pages", shown()
    body = block.removeprefix("```{=html}\n").removesuffix("\n```\n")
    script = (top / "script" / "charts.js").read_text(encoding="utf-8")
    sheets = [top / "style" / f"{name}.css" for name in ("palette", "charts")]
    style = "\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets)
    style += "\nmain { padding: 0 1rem }"
    page = tmp_path / "page.html"
    page.write_text(
        f'<!doctype html><meta charset="utf-8"><title>x</title><style>{style}</style>'
        f"<main>{body}</main><script>{script}</script>",
        encoding="utf-8",
    )
    one = browser.new_context(viewport={"width": 390, "height": 700}, has_touch=True).new_page()
    one.goto(f"file://{page}")
    yield one
    one.context.close()


def said(tab):
    """What the note beside a dot says; None where there is none."""
    return tab.evaluate("(t => t.hidden ? null : t.innerText.split('\\n'))"
                        "(document.querySelector('.tip'))")  # fmt: skip


@pytest.mark.browser
def test_a_dot_says_what_it_is_under_a_pointer_by_a_tap_and_by_keys(tab):
    ash, birch, _ = (each.bounding_box() for each in tab.query_selector_all("circle"))
    assert said(tab) is None
    tab.mouse.move(birch["x"] + 3, birch["y"] + 3)
    assert said(tab) == ["Birch", "Students: 1"]
    here = tab.query_selector(".here").bounding_box()
    middles = (box["x"] + box["width"] / 2 for box in (here, birch))
    assert next(middles) == pytest.approx(next(middles), abs=2)
    tab.mouse.move(5, 690)
    assert said(tab) is None
    # A finger is broader than a dot.
    tab.touchscreen.tap(ash["x"] - 8, ash["y"] + 12)
    assert said(tab) == ["Ash <1> & Co", "Students: 0"]
    tab.focus(".drawing")
    for key, name in (("ArrowRight", "Ash <1> & Co"), ("ArrowRight", "Birch"), ("End", "Cedar"),
                      ("ArrowRight", "Ash <1> & Co"), ("ArrowLeft", "Cedar")):  # fmt: skip
        tab.keyboard.press(key)
        assert said(tab)[0] == name
    tab.keyboard.press("Escape")
    assert said(tab) is None


@pytest.mark.browser
def test_a_chart_follows_the_readers_light_and_is_printed_by_day(tab):
    def color():
        return tab.evaluate("getComputedStyle(document.querySelector('circle').parentNode).fill")

    day = color()
    assert day == "rgb(11, 83, 148)"
    tab.emulate_media(color_scheme="dark")
    assert color() != day
    tab.emulate_media(color_scheme="dark", media="print")
    assert color() == day


@pytest.mark.browser
def test_a_chart_fills_a_phone_and_no_more(tab):
    tab.evaluate("document.querySelector('summary').click()")
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert tab.query_selector("table").is_visible()
    assert tab.query_selector("svg").bounding_box()["width"] > 360

"""How a reader finds the way: the navigation, the pages before and after one, folded parts."""

import re
from pathlib import Path

import nbformat
import pytest
import yaml
from nbformat.v4 import new_markdown_cell
from publish_sample import STUDY, card, code, figure, finding, sample

from dme.publish import build, config, folds, frame
from dme.publish.config import Entry
from dme.publish.folds import Piece

ENTRIES = (
    Entry("Findings", "index.qmd"),
    Entry("Plan & after", "plan.qmd"),
    Entry("Rules", "rules.qmd", "More"),
    Entry("Audit", "audit.qmd", "More"),
)


def links(html: str) -> list[str]:
    return re.findall(r'<a href="([^"]*)"', html)


def test_a_menu_stands_in_the_bar_with_its_pages(tmp_path):
    path = tmp_path / "_quarto.yml"
    menu = {"text": "More", "menu": [{"text": "Rules", "href": "rules.qmd"}]}
    left = [{"text": "Findings", "href": "index.qmd"}, menu]
    told = {"website": {"title": "t", "navbar": {"left": left}}, "format": {"html": {}}}
    path.write_text(yaml.safe_dump(told))
    found = config.read(path).navigation
    assert found == (ENTRIES[0], ENTRIES[2])
    assert config.without(left, {"index.qmd"}) == [menu]
    assert config.without(left, {"rules.qmd"}) == left[:1]


def test_the_navigation_tells_where_one_is_from_any_depth():
    html = frame.navigation(ENTRIES, "audit.html", "../../")
    assert links(html) == [f"../../{page}.html" for page in ("index", "plan", "rules", "audit")]
    assert re.findall(r'aria-current="page">(\w+)<', html) == ["Audit"]
    (folded,) = re.findall(r"<details><summary>(\w+)</summary><ul>(.*?)</ul></details>", html)
    assert folded[0] == "More"
    assert len(links(folded[1])) == 2
    assert "Plan &amp; after" in html


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("index.html", ["plan.html"]),
        ("rules.html", ["plan.html", "audit.html"]),
        ("audit.html", ["rules.html"]),
        ("timings.html", []),
    ],
)
def test_each_page_of_the_navigation_leads_on_to_its_neighbours(page, expected):
    assert links(frame.turns(ENTRIES, page)) == expected


@pytest.fixture
def site(home: Path) -> Path:
    assert home.is_dir()
    return build(STUDY, "builtin").folder


def test_both_renderers_get_the_same_ways_on(site):
    page = (site / "operations.html").read_text()
    (turns,) = re.findall(r'<nav class="turns".*?</nav>', page)
    assert links(turns) == ["index.html", "methods.html"]
    assert page.index(turns) < page.index("</main>")
    # A page outside the navigation leads nowhere in particular.
    assert 'class="turns"' not in (site / "timings.html").read_text()


def folded(*pieces: Piece) -> tuple[str, str]:
    """Return what a page shows of pieces, and what it folds."""
    text = "\n".join(folds.fold(pieces))
    inside = "".join(re.findall(r'<details class="part">(.*?)</details>', text, re.DOTALL))
    return re.sub(r'<details class="part">.*?</details>', "", text, flags=re.DOTALL), inside


FIGURE = "<figure>a chart</figure>\n"
SHOWN = Piece(("CARD\n", FIGURE, "TABLE\n"), findings=[finding("size")])


def test_a_section_shows_its_question_its_findings_and_one_picture():
    text = "## How large?\n\nThe claim: small. *The rules:*\n\n- One.\n\nMore."
    seen, inside = folded(Piece(("ANCHOR\n", text), "##"), SHOWN, Piece((FIGURE,)))
    assert re.search(r"^## How large\?\n\nThe claim: small\.$", seen, re.MULTILINE)
    assert '<a href="#size">Finding size</a>' in seen
    assert "24.1% smaller" in seen
    assert seen.count("<figure>") == inside.count("<figure>") == 1
    for words in ("*The rules:*\n\n- One.\n\nMore.", "CARD", "TABLE", "1 finding and 1 chart"):
        assert words in inside
        assert words not in seen


def test_a_section_of_a_lower_level_shows_no_picture():
    seen, inside = folded(Piece(("A\n", "### Why?\n\nSo."), "###"), SHOWN)
    assert "<figure>" not in seen
    assert "<figure>" in inside


def test_what_begins_with_a_list_or_shows_nothing_is_as_it_was():
    limits = Piece(("A\n", "## Limits\n\n- One.\n- Two.\n"), "##")
    seen, inside = folded(Piece(("The question.\n",)), limits, Piece(("STEP\n",)))
    assert not inside
    assert [part in seen for part in ("The question.", "- One.\n- Two.", "STEP")] == [True] * 3
    seen, inside = folded(limits, SHOWN)
    assert "## Limits" in seen
    assert "- One.\n- Two." in inside


@pytest.mark.browser
def test_a_long_page_folds_its_sections_and_opens_where_a_link_leads(home, notebook, browser):
    assert home.is_dir()
    cells = [new_markdown_cell("## How large?\n\nThe claim.", id="part")]
    names = [f"f-{number}" for number in range(folds.MANY)]
    cells += [code("record(...)", card(finding(name)), name=name) for name in names]
    cells.append(code("show(...)", figure(), name="chart"))
    nbformat.write(sample(*cells), notebook)
    path = build(STUDY, "builtin").folder / "operations.html"
    page = path.read_text()
    section = page.index('<section id="how-large"')
    at = page.index('<details class="part">', section)
    for name in names:
        assert section < page.index(f'<a href="#{name}">', section) < at
        assert at < page.index(f'id="{name}"')
    tab = browser.new_page(viewport={"width": 390, "height": 800})
    tab.goto(path.as_uri())
    there = tab.locator(f"#{names[-1]}")
    assert not there.is_visible()
    tab.locator(f"ul.in-lines a[href='#{names[-1]}']").first.click()
    there.wait_for()
    # Folded again, the same way leads there once more.
    tab.locator("details.part").first.evaluate("part => { part.open = false }")
    tab.locator(f"ul.in-lines a[href='#{names[-1]}']").first.click()
    there.wait_for()
    tab.goto("about:blank")
    tab.goto(f"{path.as_uri()}#{names[0]}")
    tab.locator(f"#{names[0]}").wait_for()
    assert 0 <= tab.locator(f"#{names[0]}").bounding_box()["y"] < 800
    # The contents, the switch of light and dark, and paper.
    tab.locator(".toc-folded summary").click()
    tab.locator(".toc-folded").get_by_text("How large?").click()
    assert tab.url.endswith("#how-large")
    shade = "getComputedStyle(document.body).backgroundColor"
    light = tab.evaluate(shade)
    tab.locator(".theme-switch").click()
    assert tab.evaluate(shade) != light
    tab.reload()
    assert tab.evaluate(shade) != light
    tab.emulate_media(media="print")
    assert tab.evaluate(shade) == light
    tab.close()


@pytest.mark.browser
def test_a_lost_reader_is_led_to_the_first_page_from_any_depth(site, browser):
    tab = browser.new_page()
    page = (site / "404.html").read_text()
    tab.route("**/*", lambda route: route.fulfill(status=404, content_type="text/html", body=page))
    ways = {
        "http://someone.github.io/project/trail/no/such": "http://someone.github.io/project/",
        "http://schools.example.org/no/such.html": "http://schools.example.org/",
    }
    for address, first in ways.items():
        tab.goto(address)
        assert tab.evaluate("document.getElementById('first').href") == first
        # Its own style holds there.
        assert tab.evaluate("getComputedStyle(document.body).maxWidth") == "640px"
    tab.close()

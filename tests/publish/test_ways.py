"""How a reader finds the way: the navigation with its menus, the pages before and after one."""

import re
from pathlib import Path

import pytest
import yaml
from publish_sample import STUDY

from dme.publish import build, config, frame
from dme.publish.config import Entry

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
    assert config.without(left, "index.qmd") == [menu]
    assert config.without(left, "rules.qmd") == left[:1]


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

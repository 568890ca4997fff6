"""Search: the index of the built pages, and what a reader finds by it."""

import json
from pathlib import Path

import nbformat
import pytest
from publish_sample import STUDY, card, code, finding, sample

from dme.publish import build, search

PAGE = """<html><body><nav>menu</nav><main>
<header><h1 class="title">School &amp; climate</h1>
<div class="description">Who is there: as of all</div></header>
<p>Opening words.</p>
<section id="one" class="level2"><h2>One <em>part</em></h2><p>Milner grew.</p>
<section class="finding" id="grew"><p class="finding-head"><strong>Schools that grew</strong>
<span class="chip">reproduced</span></p><p class="finding-value"><b>2</b> (1 to 3)</p>
<p>Two did, <strong>Kinsella</strong>.</p></section>
<table><tr><td>Bulkeley<br>High</td></tr></table><pre>code of_it</pre>
<table class="stack columns"><tr><td>dictionary</td></tr></table></section>
<h3 id="two" data-anchor-id="two">Two</h3><p>Español.</p>
</main><footer>foot</footer></body></html>"""


def index(folder: Path) -> dict:
    text = (folder / search.FILE).read_text(encoding="utf-8")
    return json.loads(text.removeprefix("globalThis.searchIndex = ").removesuffix(";\n"))


def speaks(found: dict, word: str) -> list[str]:
    """Return the addresses of the places whose text holds a word."""
    numbers = found["words"].get(word, "")
    return [found["places"][int(n)][3] for n in numbers.split(",") if n]


def test_what_a_page_holds_can_be_found(tmp_path):
    (tmp_path / "school").mkdir()
    (tmp_path / "climate.html").write_text(PAGE)
    milner = PAGE.replace("School &amp; climate", "Milner School").replace('"finding"', '"x"')
    (tmp_path / "school" / "milner.html").write_text(milner)
    search.write(tmp_path, ["climate.html", "school/milner.html"])
    found = index(tmp_path)
    places = [(search.KINDS[kind], *rest) for kind, *rest in found["places"]]
    assert places[:4] == [
        ("Page", "School & climate", "Who is there: as of all", "climate.html"),
        ("Section", "One part", "School & climate", "climate.html#one"),
        ("Finding", "Schools that grew", "2 (1 to 3)", "climate.html#grew"),
        ("Section", "Two", "School & climate", "climate.html#two"),
    ]
    assert places[4] == ("School", "Milner School", "Who is there", "school/milner.html")
    assert speaks(found, "opening") == ["climate.html", "school/milner.html"]
    # What stands after a card belongs to the section again.
    names = {"milner": "one", "kinsella": "grew", "bulkeley": "one", "espanol": "two"}
    for word, name in names.items():
        assert speaks(found, word)[0] == f"climate.html#{name}"
    assert not {"menu", "foot", "code", "dictionary", "reproduced"} & found["words"].keys()


def test_a_word_that_stands_nearly_everywhere_tells_nothing(tmp_path):
    pages = [f"page-{number:02}.html" for number in range(20)]
    for page in pages:
        words = "the rare" if page == pages[7] else "the"
        (tmp_path / page).write_text(f"<main><h1>t</h1><p>{words}</p></main>")
    search.write(tmp_path, pages)
    assert index(tmp_path)["words"] == {"the": "", "rare": "7"}


@pytest.fixture(params=["builtin", "quarto"])
def site(request, home, notebook, monkeypatch):
    if request.param == "quarto":
        monkeypatch.setenv("QUARTO", request.getfixturevalue("quarto_program"))
    named = finding("displaced", title="Pupils whom the plan displaces", sentence="As at Milner.")
    nbformat.write(sample(code("record(...)", card(named), name="displaced")), notebook)
    return build(STUDY, request.param, home / request.param).folder


@pytest.mark.browser
def test_a_reader_finds_a_finding_by_its_name_and_by_what_it_says(site, browser):
    tab = browser.new_page()
    troubles = []
    tab.on("pageerror", lambda error: troubles.append(str(error)))
    assert (site / search.FILE).stat().st_size < 250_000
    # From the disk, on a page two folders down.
    tab.goto((site / "trail" / "table" / "schools.html").as_uri())
    assert tab.evaluate("globalThis.searchIndex") is None
    tab.keyboard.press("/")
    assert tab.evaluate("document.activeElement.id") == "search-field"
    for typed in ("milner", "displacing pupil", "displ pup"):
        tab.locator("#search-field").fill(typed)
        link = tab.locator(".search-results li a").first
        assert "Pupils whom" in link.inner_text()
    assert link.locator("mark").all_inner_texts() == ["Pupils", "displaces"]
    tab.locator("#search-field").fill("milner zebra")
    tab.get_by_text("Nothing found").wait_for()
    tab.locator("#search-field").fill("milner")
    tab.locator(".search-results a").first.wait_for()
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/operations.html#displaced")
    assert tab.locator("section.finding:target").is_visible()
    assert troubles == []
    tab.close()

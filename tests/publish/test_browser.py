"""The built pages in a real browser, on a wide screen and on a phone."""

import shutil
from itertools import combinations
from urllib.parse import urlsplit

import pytest
import yaml
from publish_sample import HOSTILE, STUDY, seen

from dme.publish import build

pytestmark = pytest.mark.browser

WIDTHS = (1440, 390)
HEIGHT = 900
# As many entries as the navigation may come to have, and as long.
ENTRIES = {
    "Findings": "index.qmd",
    "Teaching": "methods.qmd",
    "Culture": "methods.qmd",
    "Partnerships": "methods.qmd",
    "Operations": "operations.qmd",
    "How firm": "methods.qmd",
    "Plan": "methods.qmd",
    "Design": "methods.qmd",
    "Outcomes": "methods.qmd",
    "Schools": "methods.qmd",
}
MENU = {"How firm": "methods.qmd", "Data and methods": "methods.qmd", "Audit": "audit.qmd"}


@pytest.fixture(autouse=True)
def full_navigation(home):
    """Give the sample's site a navigation of ten entries and a menu."""
    settings = home / "_quarto.yml"
    raw = yaml.safe_load(settings.read_text(encoding="utf-8"))
    bar, menu = (
        [{"text": text, "href": href} for text, href in entries.items()]
        for entries in (ENTRIES, MENU)
    )
    bar.append({"text": "More", "menu": menu})
    raw["website"]["navbar"]["left"] = bar
    settings.write_text(yaml.safe_dump(raw, sort_keys=False), encoding="utf-8")


@pytest.fixture(scope="module")
def built():
    """The sites that were built for this module, by renderer: Quarto takes its time."""
    return {}


@pytest.fixture(params=["builtin", "quarto"])
def site(request, later, built, monkeypatch, tmp_path_factory):
    """The site of two studies."""
    if request.param == "quarto":
        monkeypatch.setenv("QUARTO", request.getfixturevalue("quarto_program"))
    if request.param not in built:
        folder = tmp_path_factory.mktemp("site") / request.param
        built[request.param] = build(STUDY, request.param, folder, beside=[later])
    return built[request.param]


@pytest.fixture(params=["builtin", "quarto"])
def hostile_site(request, hostile_home, built, monkeypatch, tmp_path_factory):
    assert hostile_home.is_dir()
    if request.param == "quarto":
        monkeypatch.setenv("QUARTO", request.getfixturevalue("quarto_program"))
    if ("hostile", request.param) not in built:
        folder = tmp_path_factory.mktemp("hostile") / request.param
        built["hostile", request.param] = build(STUDY, request.param, folder)
    return built["hostile", request.param]


@pytest.fixture(params=WIDTHS)
def page(request, browser):
    tab = browser.new_page(viewport={"width": request.param, "height": HEIGHT})
    tab.troubles, tab.hosts = [], set()
    tab.on("dialog", lambda dialog: tab.troubles.append(dialog.message))
    tab.on("console", lambda m: m.type in {"error", "warning"} and tab.troubles.append(m.text))
    tab.on("pageerror", lambda error: tab.troubles.append(str(error)))
    tab.on("requestfailed", lambda request: tab.troubles.append(request.url))
    tab.on("request", lambda request: tab.hosts.add(urlsplit(request.url).hostname))
    yield tab
    tab.close()


def test_pages_are_sound_at_any_width(site, page, serve):
    address = serve(site.folder)
    for name in site.pages:
        page.goto(f"{address}/{name}", wait_until="load")
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
        page.evaluate("document.querySelectorAll('img').forEach(i => { i.loading = 'eager' })")
        page.wait_for_load_state("networkidle")
        width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert width[0] <= width[1], name
        assert page.evaluate("[...document.images].every(i => i.naturalWidth > 0)"), name
    assert page.troubles == []
    assert page.hosts - {None, ""} == {"127.0.0.1"}


def test_links_of_the_scoreboard_lead_to_visible_findings(site, page, serve):
    page.goto(f"{serve(site.folder)}/index.html")
    links = page.locator("table.scoreboard .finding-link a:not(.claim-id)")
    assert links.count() == 1
    links.first.click()
    page.wait_for_url("**/operations.html#school-size")
    card = page.locator("section.finding:target")
    assert card.is_visible()
    # What is seen at its upper edge is the card itself: no bar lies over it.
    page.wait_for_function(
        """() => {
          const card = document.querySelector('section.finding:target');
          const box = card.getBoundingClientRect();
          const seen = document.elementFromPoint(box.left + box.width / 2, box.top + 3);
          return box.top >= 0 && card.contains(seen);
        }"""
    )


def test_every_entry_of_a_full_navigation_can_be_reached(site, page, serve):
    page.goto(f"{serve(site.folder)}/index.html")
    head = page.locator(".site-head, #quarto-header").first.bounding_box()
    assert head["height"] <= HEIGHT / 10, "the bar is more than one row"
    button = page.locator(".navbar-toggler, .site-menu")
    if button.is_visible():
        button.click()
        page.locator(".navbar-collapse.show, :popover-open").wait_for()
    page.locator(".site-nav summary, .dropdown-toggle").click()
    links = page.locator(".site-nav li a, .nav-link:not(.dropdown-toggle), .dropdown-item")
    links = links.locator("visible=true").and_(page.locator("header a"))
    assert [text.strip() for text in links.all_inner_texts()] == [*ENTRIES, *MENU]
    boxes = [link.bounding_box() for link in links.all()]
    assert all(b["x"] >= 0 and b["x"] + b["width"] <= page.viewport_size["width"] for b in boxes)
    heights = [b["height"] for b in boxes]
    for those in (heights[: len(ENTRIES)], heights[len(ENTRIES) :]):
        assert max(those) < 1.5 * min(those), "an entry is broken into two lines"
    assert not any(overlap(one, other) for one, other in combinations(boxes, 2))
    links.last.click()
    page.wait_for_url("**/audit.html")


def overlap(one, other):
    """Whether two boxes share a point."""
    across = min(one["x"] + one["width"], other["x"] + other["width"]) - max(one["x"], other["x"])
    down = min(one["y"] + one["height"], other["y"] + other["height"]) - max(one["y"], other["y"])
    return across > 0 and down > 0


def test_text_has_the_readers_own_size_with_either_renderer(site, page, serve):
    page.goto(f"{serve(site.folder)}/operations.html")
    size = page.evaluate("getComputedStyle(document.querySelector('main p')).fontSize")
    # A browser's own size is 16 pixels; a wide screen shows 17/16 of it.
    assert size == ("16px" if page.viewport_size["width"] == 390 else "17px")


def test_scoreboard_rows_are_cards_on_a_phone(site, page, serve):
    page.goto(f"{serve(site.folder)}/index.html")
    shown = page.evaluate(
        "getComputedStyle(document.querySelector('table.scoreboard td.published')).display"
    )
    assert shown == ("grid" if page.viewport_size["width"] == 390 else "table-cell")


@pytest.mark.usefixtures("home")
def test_site_opens_from_the_disk(page):
    """The built-in pages need no server; Quarto's own scripts are modules, which do."""
    folder = build(STUDY, "builtin").folder
    page.goto((folder / "operations.html").as_uri())
    assert page.locator("section.finding").is_visible()
    assert page.troubles == []


@pytest.mark.tried("Hostile text", "scripts put into a page after its check, in a browser")
def test_a_browser_holds_a_page_to_its_policy(site, page, serve, tmp_path):
    folder = shutil.copytree(site.folder, tmp_path / "site")
    path = folder / "operations.html"
    acts = (
        "<script>window.PWN=1</script><script src='http://192.0.2.1/x.js'></script>"
        "<img src=x onerror=window.PWN=1><svg onload=window.PWN=1></svg>"
        "<style>body { display: none }</style><a id=a href='javascript:window.PWN=1'>x</a>"
    )
    path.write_text(path.read_text().replace("</main>", f"{acts}</main>"))
    page.goto(f"{serve(folder)}/operations.html")
    page.evaluate("document.getElementById('a').click()")
    assert page.evaluate("window.PWN") is None
    assert page.evaluate("getComputedStyle(document.body).display") != "none"
    assert sum("Content Security Policy" in told for told in page.troubles) >= 5


@pytest.mark.tried("Hostile text", "names that are markup, on each page in a browser")
def test_no_text_of_a_study_runs_in_a_page(hostile_site, page, serve, record_property):
    address, texts = serve(hostile_site.folder), {}
    for name in hostile_site.pages:
        page.goto(f"{address}/{name}", wait_until="load")
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.PWN") is None, name
        assert "root:x:0" not in page.content(), name
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
        texts[name] = seen(page.evaluate("document.querySelector('main').textContent"))
    assert page.troubles == []
    assert page.hosts - {None, ""} == {"127.0.0.1"}
    wanted = [seen(name) for name in HOSTILE]
    for name in ("index.html", "operations.html", "methods.html", "rules.html"):
        assert [text for text in wanted if text not in texts[name]] == [], name
    record_property("times", len(HOSTILE) * len(texts))


@pytest.mark.tried("Hostile text", "names that are markup, among the results of a search")
def test_what_a_search_finds_is_shown_as_text(hostile_site, page, serve):
    page.goto(f"{serve(hostile_site.folder)}/index.html")
    page.keyboard.press("/")
    page.locator("#search-field").fill("script")
    results = page.locator(".search-results")
    results.locator("a").first.wait_for()
    assert "<script>window.PWN=1</script>" in results.inner_text()
    assert page.evaluate("window.PWN") is None
    assert page.troubles == []

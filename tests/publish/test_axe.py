"""What a machine can tell of a page's accessibility, in both colours, wide and narrow."""

import nbformat
import pytest
from publish_sample import STUDY, answer, card, code, figure, finding, sample

from dme.publish import build, folds

axe = pytest.importorskip("axe_playwright_python.sync_playwright")

pytestmark = pytest.mark.browser

# Each page once, those that most others are like in both colours.
SCREENS = {
    ("light", 1440): ("index", "operations", "schools", "trail/school-size"),
    ("dark", 390): ("index", "operations", "rules", "404", "trail/table/schools"),
}
SERIOUS = {"serious", "critical"}


def troubles(tab) -> list[str]:
    """Return what axe-core finds serious or worse on a page, each with its first place."""
    found = axe.Axe().run(tab, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{one['id']} ({len(one['nodes'])}): {one['nodes'][0]['html'][:200]}"
        for one in found
        if one["impact"] in SERIOUS
    ]


@pytest.fixture(scope="module")
def built():
    """The site that was built for this module."""
    return {}


@pytest.fixture
def site(home, notebook, built, tmp_path_factory):
    """The site of a study whose page is long enough to be folded."""
    assert home.is_dir()
    if built:
        return built["site"]
    names = [f"f-{number}" for number in range(folds.MANY)]
    cells = [code("record(...)", card(finding(name)), name=name) for name in names]
    chart = code("show(...)", figure(), name="chart")
    nbformat.write(sample(*cells, chart, answer("- **3** of 4.")), notebook)
    built["site"] = build(STUDY, "builtin", tmp_path_factory.mktemp("axe") / "site").folder
    return built["site"]


def test_no_page_has_a_serious_fault(site, browser):
    for (scheme, width), pages in SCREENS.items():
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
        )
        tab = context.new_page()
        for name in pages:
            tab.goto((site / f"{name}.html").as_uri())
            tab.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
            assert troubles(tab) == [], f"{name} at {width} pixels, {scheme}"
        # The menu, and the window of the search.
        tab.goto((site / "index.html").as_uri())
        if width < 1000:
            tab.locator(".site-menu").click()
            assert troubles(tab) == []
            tab.keyboard.press("Escape")
        tab.locator(".search-open").click()
        tab.locator("#search-field").fill("school")
        tab.locator(".search-results a").first.wait_for()
        assert troubles(tab) == []
        context.close()


def test_a_fault_would_be_found(site, browser):
    tab = browser.new_context(bypass_csp=True).new_page()
    tab.goto((site / "rules.html").as_uri())
    tab.evaluate("document.querySelector('h1').style.color = '#ddd'")
    tab.evaluate("document.querySelector('main').append(document.createElement('button'))")
    assert {one.split()[0] for one in troubles(tab)} == {"color-contrast", "button-name"}
    tab.context.close()

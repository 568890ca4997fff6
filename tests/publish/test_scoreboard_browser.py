"""The scoreboard in a browser: sorted, filtered, sent by its address, read without its script."""

import re
from pathlib import Path

import pytest
from publish_sample import finding

from dme.findings import Entry
from dme.findings.claims import read_claims
from dme.findings.judging import Verdict
from dme.publish.landing.tally import tally
from dme.publish.scoreboard import scoreboard

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
PAGES = ROOT / "pages"
GIVEN = {
    # Claim: figure, unit, verdict, basis.
    "D1": (20891.0, "students", Verdict.REPRODUCED, "measured"),
    "O1": (24.1, "percent smaller", Verdict.CONSISTENT, "measured"),
    "O2": (32.3, "percent more per pupil", Verdict.SAME_DIRECTION, "modelled"),
    "L1": (4.0, "schools", Verdict.REPRODUCED, "measured"),
    "L3": (9.0, "schools", Verdict.NOT_REPRODUCED, "measured"),
    "L5": (None, "percent", Verdict.NOT_TESTABLE, "measured"),
}


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The address of a page that holds the tally, and the scoreboard with its script."""
    claims = read_claims(ROOT / "data" / "claims.yml")
    entries = [
        Entry(
            finding(claims[claim].finding, claim=claim, value=value, low=None, unit=unit,
                    verdict=verdict, basis=basis),
            "operations", claim, number,
        )
        for number, (claim, (value, unit, verdict, basis)) in enumerate(GIVEN.items())
    ]  # fmt: skip
    body = re.sub(r"^```.*$", "", tally(entries, claims) + scoreboard(entries, claims), flags=re.M)
    sheets = "".join(
        f'<link rel="stylesheet" href="{(PAGES / "style" / name).as_uri()}">'
        for name in ("palette.css", "content.css", "landing.css")
    )
    page = tmp_path_factory.mktemp("board") / "board.html"
    page.write_text(
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>T</title>{sheets}'
        f'<script src="{(PAGES / "script" / "scoreboard.js").as_uri()}" defer></script></head>'
        f'<body><main class="content landing"><h2 id="scoreboard">S</h2>{body}</main></body></html>'
    )
    return page.as_uri()


@pytest.fixture
def page(browser):
    tab = browser.new_page(viewport={"width": 1280, "height": 900})
    tab.troubles = []
    tab.on("console", lambda m: m.type in {"error", "warning"} and tab.troubles.append(m.text))
    tab.on("pageerror", lambda error: tab.troubles.append(str(error)))
    yield tab
    assert not tab.troubles
    tab.close()


def seen(page):
    """The claims that a reader sees, in their order."""
    rows = page.locator("table.sortable tr:not(.group):visible .claim-id")
    return [claim for claim in rows.all_inner_texts() if claim in GIVEN]


def headings(page):
    return page.locator("table.sortable tr.group:visible").all_inner_texts()


def test_filters_leave_what_fits_and_count_it(address, page):
    page.goto(address)
    assert seen(page) == list(GIVEN)
    assert page.locator("output").inner_text() == "All 6 findings on 6 claims"
    page.get_by_label("Verdict", exact=True).select_option("reproduced")
    assert seen(page) == ["D1", "L1"]
    assert headings(page) == ["The district", "The plan"]
    assert page.locator("output").inner_text() == "2 of 6 findings"
    page.get_by_label("Area", exact=True).select_option("The plan")
    assert seen(page) == ["L1"]
    page.get_by_role("button", name="Show all").click()
    assert seen(page) == list(GIVEN)
    page.get_by_label("Basis", exact=True).select_option("modelled")
    assert seen(page) == ["O2"]


def test_a_column_sorts_both_ways_and_then_no_more(address, page):
    """By hand: of the figures, percents come first, then schools, then students; none is last."""
    page.goto(address)
    head = page.locator("table.sortable th", has_text="Recomputed")
    assert head.get_attribute("aria-sort") is None
    head.get_by_role("button").click()
    assert seen(page) == ["O1", "O2", "L1", "L3", "D1", "L5"]
    assert head.get_attribute("aria-sort") == "ascending"
    assert headings(page) == []
    # Anywhere in the head of a column.
    head.click(position={"x": 2, "y": 2})
    assert seen(page) == ["D1", "L3", "L1", "O2", "O1", "L5"]
    assert head.get_attribute("aria-sort") == "descending"
    head.get_by_role("button").click()
    assert seen(page) == list(GIVEN)
    assert head.get_attribute("aria-sort") is None
    assert len(headings(page)) == 3


def test_the_choice_stands_in_the_address_and_can_be_sent(address, page, browser):
    page.goto(address)
    page.get_by_label("Verdict", exact=True).select_option("not reproduced")
    page.locator("table.sortable th", has_text="Published").get_by_role("button").click()
    sent = page.url
    assert "#scoreboard&" in sent
    other = browser.new_page()
    other.goto(sent)
    assert seen(other) == ["L3"]
    assert other.get_by_label("Verdict", exact=True).input_value() == "not reproduced"
    assert other.locator("[aria-sort]").inner_text().startswith("Published")
    other.close()
    page.get_by_role("button", name="Show all").click()
    assert page.url.endswith("#scoreboard")


@pytest.mark.tried("Hostile text", "addresses of the scoreboard that ask for what there is not")
def test_an_address_that_asks_for_what_is_not_there_shows_all(address, page, record_property):
    hostile = ["verdict=%3Cscript%3E", "sort=99", "sort=-x&area=", "&&=", "__proto__=1", "sort=%"]
    page.goto(address)
    for asked in hostile:
        page.goto(f"{address}#scoreboard&verdict=reproduced")
        assert seen(page) == ["D1", "L1"]
        page.goto(f"{address}#scoreboard&{asked}")
        assert seen(page) == list(GIVEN)
    record_property("times", len(hostile))


def test_a_count_of_the_tally_leads_to_its_findings(address, page):
    page.goto(address)
    page.locator(".tally a", has_text="2 reproduced").click()
    assert seen(page) == ["D1", "L1"]


def test_it_is_used_by_the_keyboard_alone(address, page):
    page.goto(address)
    page.get_by_label("Area", exact=True).focus()
    page.keyboard.press("ArrowDown")
    assert seen(page) == ["D1"]
    page.get_by_role("button", name="Show all").focus()
    page.keyboard.press("Enter")
    page.locator("table.sortable th", has_text="Verdict").get_by_role("button").focus()
    page.keyboard.press("Enter")
    assert seen(page) == ["D1", "L1", "O1", "O2", "L3", "L5"]


def test_without_its_script_it_is_whole_and_has_no_controls(address, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert seen(page) == list(GIVEN)
    assert page.locator("select, button, .tally a").count() == 0
    assert page.locator("table.sortable th", has_text="Published").count() == 1
    context.close()


def test_on_a_phone_rows_are_cards_and_a_list_sorts_them(address, page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address)
    page.get_by_label("Sorted by", exact=True).select_option("Verdict")
    assert seen(page) == ["D1", "L1", "O1", "O2", "L3", "L5"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

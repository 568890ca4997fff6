"""The landing page: its counts, its picture and its sentences, against what was worked by hand."""

import re
from html import unescape

import pytest
from publish_sample import finding

from dme.findings import Alternative, Entry
from dme.findings.claims import yardstick
from dme.findings.judging import Verdict
from dme.publish.landing import parts
from dme.publish.landing.against import of_claims, of_peers
from dme.publish.landing.picture import picture
from dme.publish.landing.sentences import sentences
from dme.publish.landing.since import since
from dme.publish.landing.strips import Scale
from dme.publish.landing.tally import tally

pytestmark = pytest.mark.usefixtures("home")
UNJUDGED = {"claim": None, "verdict": None, "published": None}


def entry(name, **changes):
    return Entry(finding(name, **changes), "operations", f"cell-{name}", 7)


def judging(claim, **changes):
    """The finding that judges a claim."""
    one = yardstick()[claim]
    return entry(one.finding, claim=claim, published=one.published_text, **changes)


def plain(html):
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


def drawn(shown):
    """The strip of each row but the axis: its marks' places, and the ends of bars and bands."""
    strips = re.findall(r'<svg class="strip".*?</svg>', picture(shown), re.DOTALL)[1:]
    return [
        {
            "mark": [float(x) for x in re.findall(r"translate\(([\d.]+) ", strip)],
            "bar": [
                (float(a), float(b))
                for a, b in re.findall(r'class="reach" x1="([\d.]+)" x2="([\d.]+)"', strip)
            ],
            "band": [
                (float(a), float(w))
                for a, w in re.findall(r'class="agrees" x="([\d.]+)" y="0" width="([\d.]+)"', strip)
            ],
            "spread": re.findall(r'class="spread" x="([\d.]+)" y="0" width="([\d.]+)"', strip),
            "arrows": strip.count('class="arrow"'),
        }
        for strip in strips
    ]


def test_a_verdict_is_counted_once_for_each_claim():
    given = [
        judging("O1", verdict=Verdict.REPRODUCED),
        entry("b", verdict=None, beside=True),
        judging("O2", verdict=Verdict.NOT_REPRODUCED),
        entry("d", **UNJUDGED),
        judging("T2", verdict=Verdict.NOT_TESTABLE, by_construction="so"),
    ]
    board = tally(given, yardstick())
    assert f"<b>3 of {len(yardstick().claims)}</b> published claims" in board
    assert re.findall(r"<b class=[^>]+>(\d+) ([a-z ]+)</b>", board) == [
        ("1", "reproduced"),
        ("1", "not reproduced"),
        ("1", "not testable"),
    ]
    assert board.count("(1 true by construction)") == 1


def test_the_parts_of_the_bar_are_as_long_as_their_counts():
    """By hand: of 400 points, 3 of 4 claims take 300 and one takes 100, each less a gap of two."""
    given = [judging(name, verdict=Verdict.REPRODUCED) for name in ("O1", "L1", "L2")]
    board = tally([*given, judging("L3", verdict=Verdict.NOT_REPRODUCED)], yardstick())
    bar = re.search(r'<svg class="strip" viewBox="0 0 400 14".*?</svg>', board)[0]
    assert re.findall(r'x="([\d.]+)" y="0" width="([\d.]+)"', bar) == [
        ("0.0", "298.0"),
        ("300.0", "98.0"),
    ]


def test_without_findings_nothing_is_drawn_or_told():
    assert f"<b>0 of {len(yardstick().claims)}</b>" in tally([], yardstick())
    told = parts([], yardstick(), "Hartford")
    assert {name: text for name, text in told.items() if text} == {"_tally.md": told["_tally.md"]}
    assert not any(parts([], None, "Hartford").values())


def test_a_recomputed_figure_stands_at_its_multiple_of_the_published_one():
    """By hand: a strip shows 0 to 2.5 times on 12 to 228 points, so one time is 86.4 points.

    28% published: 14% lies at half, its interval of 7% to 42% at a quarter and one and a half;
    the tolerance of a tenth is 0.9 to 1.1.
    """
    (row,) = drawn(of_claims([judging("O1", value=14.0, low=7.0, high=42.0)], yardstick()))
    assert row["mark"] == [12 + 0.5 * 86.4]
    assert row["bar"] == [(12 + 0.25 * 86.4, round(12 + 1.5 * 86.4, 1))]
    assert row["band"] == [(round(12 + 0.9 * 86.4, 1), pytest.approx(0.2 * 86.4, abs=0.11))]
    assert row["arrows"] == 0


def test_of_a_published_range_the_middle_is_one_and_the_range_a_band():
    """By hand: $3 to $4 million has its middle at $3.5 million; it runs from 6/7 to 8/7."""
    unit = "dollars a year"
    given = judging("O3", value=3.5e6, low=3.5e6, high=3.5e6, unit=unit)
    (row,) = drawn(of_claims([given], yardstick()))
    assert row["mark"] == [12 + 86.4]
    ((left, wide),) = row["spread"]
    assert float(left) == round(12 + 86.4 * 6 / 7, 1)
    assert float(wide) == pytest.approx(86.4 * 2 / 7, abs=0.11)


@pytest.mark.tried("No false verdict", "pictured figures beyond the scale, of another sign or unit")
@pytest.mark.parametrize(
    ("figure", "marks", "arrows"),
    [
        ({"value": 28.0, "low": -56.0, "high": 112.0}, 1, 2),
        ({"value": 280.0, "low": 270.0, "high": 290.0}, 0, 3),
        ({"value": -14.0, "low": None, "high": None}, 0, 1),
        ({"value": None, "low": None, "high": None}, 0, 0),
        ({"value": 28.0, "unit": "miles farther"}, 0, 0),
    ],
)
def test_what_lies_beyond_the_strip_is_an_arrow_and_its_words_stand_beside(figure, marks, arrows):
    shown = of_claims([judging("O1", **figure)], yardstick())
    (row,) = drawn(shown)
    assert (len(row["mark"]), row["arrows"]) == (marks, arrows)
    told = plain(picture(shown))
    assert "28%" in told
    value = figure["value"]
    assert ("not measured" if value is None else f"{abs(value):.0f}") in told


def test_each_row_bears_its_verdicts_colour_and_form_and_tells_it():
    given = [
        judging("O1", verdict=Verdict.CONSISTENT),
        judging("L4", verdict=Verdict.NOT_REPRODUCED, unit="percent of students", basis="modelled"),
    ]
    table = picture(of_claims(given, yardstick()))
    first, second = re.findall(r'<tr role="row"><td.*?</tr>', table, re.DOTALL)[1:]
    assert '<g class="verdict-consistent">' in first
    assert '<span class="told">consistent</span>' in first
    assert '<g class="verdict-not-reproduced">' in second
    assert "modelled" in second
    assert "modelled" not in first
    assert f'href="operations.html#{yardstick()["L4"].finding}"' in second
    assert [plain(one) for one in re.findall(r'<tr role="row" class="group">.*?</tr>', table)] == [
        "Operations",
        "The plan",
    ]


def test_the_headline_counts_what_the_rows_show():
    given = [
        judging("O1", verdict=Verdict.CONSISTENT),
        judging("L1", verdict=Verdict.REPRODUCED, unit="schools"),
        judging("L2", verdict=Verdict.NOT_REPRODUCED, unit="schools"),
        judging("C2", verdict=Verdict.NOT_REPRODUCED),
    ]
    # The last is a claim in words.
    shown = of_claims(given, yardstick())
    assert shown.headline == "Of 3 published figures, 2 hold or may well hold; 1 does not"
    assert of_claims(given[:2], yardstick()).headline.endswith("; none fails")
    near = judging("L3", verdict=Verdict.SAME_DIRECTION, unit="schools")
    unknown = judging("L5", verdict=Verdict.NOT_TESTABLE, value=None, low=None)
    told = of_claims([*given, near, unknown], yardstick()).how
    assert told.startswith("Of the others 1 agrees in direction only and 1 can't be measured. ")


def test_against_peers_less_lies_left_and_what_crosses_the_line_is_not_clear():
    """By hand: each row's largest number, and a tenth, lies at the end: 40 of 44, 20 of 44."""
    size = entry("school-size", value=20.0, low=10.0, high=40.0, **UNJUDGED)
    unit = "percentage points more"
    needs = entry("high-needs-now", value=5.0, low=-1.0, high=10.0, unit=unit, **UNJUDGED)
    shown = of_peers([needs, size], "Bristol")
    assert [row.entry.finding.id for row in shown.rows] == ["school-size", "high-needs-now"]
    first, second = shown.rows
    assert (first.css, second.css) == ("clear", "unclear")
    assert first.at == pytest.approx(-20 / 44)
    assert first.reach == (pytest.approx(-40 / 44), pytest.approx(-10 / 44))
    assert second.at == pytest.approx(5 / 11)
    assert shown.headline.startswith("In 1 of 2 measures Bristol clearly differs")


@pytest.mark.parametrize("claimed", [True, False])
def test_each_number_of_a_sentence_is_its_findings_and_leads_to_it(claimed):
    given = [
        judging("O1", verdict=Verdict.CONSISTENT),
        entry(
            "small-school-premium", value=17.3, low=7.2, high=26.0, unit="percent more per pupil"
        ),
        entry("size-gap-now", value=33.3, low=20.6, high=44.3, year="2024-25", **UNJUDGED),
        entry("plan-carried-out", value=88.0, low=None, unit="percent of actions", **UNJUDGED),
        entry("growth-now", value=-6.3, low=-9.7, high=-2.5, unit="percentage points more"),
        judging("L8", value=10.1e6, low=8.2e6, high=12.3e6, unit="dollars a year"),
    ]
    known = {one.finding.id: one.finding for one in given}
    told = sentences(given, "Hartford", claimed=claimed)
    numbers = re.findall(r'<a class="number" href="operations\.html#([\w-]+)"[^>]*>([^<]+)<', told)
    assert len(numbers) > 6
    for name, number in numbers:
        found = known[name]
        words = f"{found.value_text} {found.interval_text} {found.published}"
        assert number.removesuffix(" million") in words.replace("-", ""), (name, number)
    # Every number is one of these, but for the year.
    rest = re.sub(r"<a .*?</a>|2024-25", "", told)
    assert not re.search(r"\d", re.sub(r"<h2.*?</h2>|<[^>]+>", "", rest))
    assert ("The plan" in told) == claimed


@pytest.mark.tried("No false verdict", "sentences of the first page that say more than the record")
def test_no_sentence_asks_for_statistics_or_says_too_much():
    unclear = {"low": -6.9, "high": 20.0, "value": 5.0}
    told = plain(sentences([judging("O1", **unclear)], "Hartford", claimed=True))
    assert "anything from 6.9% larger to 20% smaller, so it can't tell which" in told
    assert not re.search(r"interval|signific|zero|\bp =|confiden", told)
    larger = plain(
        sentences(
            [entry("school-size", value=-30.0, low=-40.0, high=-20.0, **UNJUDGED)],
            "B",
            claimed=False,
        )
    )
    assert "is 30% larger than" in larger
    assert "as little as 20% or as much as 40%" in larger
    assert "The study said" not in larger


def test_small_schools_that_are_not_clearly_dearer_get_no_bill():
    given = [
        entry("small-school-premium", value=3.0, low=-1.0, high=7.0, unit="percent more per pupil"),
        entry("small-school-cost", value=1e6, low=-1e6, high=3e6, unit="dollars a year"),
    ]
    told = plain(sentences(given, "Bristol", claimed=False))
    assert "1% less to 7% more" in told
    assert "million" not in told


def of_years(**changes):
    others = tuple(
        Alternative(f"school year {year}", value, by=f"plan_horizon = {year}")
        for year, value in (("2018-19", 440.0), ("2017-18", 430.0))
    )
    given = {
        "value": 420.0,
        "low": None,
        "unit": "students",
        "year": "2019-20",
        "alternatives": others,
    }
    return entry("mean-size-since", **(UNJUDGED | given | changes))


def test_the_years_since_run_from_the_first_to_the_last():
    """By hand: three years at 12, 120 and 228 points; 440 lies at 3, 420 at 17, 430 halfway."""
    told = since([of_years()], claimed=True)
    cells = [plain(cell) for cell in re.findall(r"<td.*?</td>", told, re.DOTALL)]
    assert cells == [
        "Students in the average school",
        "430 students 2017-18",
        "",
        "420 students 2019-20",
    ]
    assert 'points="12,10 120,3 228,17"' in told


def test_a_change_that_chance_can_bring_says_so_beside_the_intervals_of_both_years():
    then = Alternative("then", 8.5e6, 3.6e6, 12.6e6, by="year = 2017-18")
    cost = {"unit": "dollars a year", "year": "2024-25", **UNJUDGED}
    now = entry("small-school-cost-now", value=14e6, low=7e5, high=25.7e6,
                alternatives=(then,), **cost)  # fmt: skip
    change = entry("small-school-cost-change", value=5.6e6, low=-8e6, high=19.9e6, **cost)
    sure = entry("small-school-cost-change", value=5.6e6, low=1e6, high=19.9e6, **cost)
    told = plain(since([now, change], claimed=True))
    assert "$8.5 million a year $3.6 to $12.6 million 2017-18" in told
    assert "$0.7 to $25.7 million 2024-25" in told
    assert "may be chance" in told
    assert "may be chance" not in since([now, sure], claimed=True)


def test_without_a_second_year_nothing_became_of_it():
    assert since([of_years(alternatives=())], claimed=True) == ""
    assert since([of_years(alternatives=(), value=None)], claimed=True) == ""


def test_without_claims_nothing_became_of_them():
    assert "What became of it" in since([of_years()], claimed=True)
    assert "What became of it" not in since([of_years()], claimed=False)


def test_a_scale_keeps_what_lies_beyond_at_its_ends():
    scale = Scale(0, 2.5)
    assert (scale.at(-1), scale.at(0), scale.at(9)) == (12, 12, 228)
    assert (scale.beyond(-1), scale.beyond(2.5), scale.beyond(9)) == (-1, 0, 1)

"""The scoreboard, from ledgers made here."""

import re

import pytest
from publish_sample import finding

from dme.findings import Entry
from dme.findings.claims import yardstick
from dme.findings.judging import Earlier, Verdict
from dme.publish.scoreboard import in_short, others, scoreboard, without_claims

pytestmark = pytest.mark.usefixtures("home")


def entry(name, **changes):
    return Entry(finding(name, **changes), "operations", f"cell-{name}", 7)


def rows(board):
    return re.findall(r'<tr role="row"><td.*?</tr>', board, re.DOTALL)


@pytest.mark.parametrize("verdict", list(Verdict))
@pytest.mark.parametrize("basis", ["measured", "proxy", "modelled"])
def test_row_shows_verdict_and_basis(verdict, basis):
    board = scoreboard([entry("size", verdict=verdict, basis=basis)], yardstick())
    (row,) = rows(board)
    assert f">{verdict}</span>" in row
    assert f"verdict-{verdict.removesuffix(' only').replace(' ', '-')}" in row
    assert ("basis-" in row) == (basis != "measured")
    assert (f">{basis}</span>" in row) == (basis != "measured")


def test_row_holds_claim_published_recomputed_interval_and_link():
    board = scoreboard([entry("size")], yardstick())
    (row,) = rows(board)
    assert 'href="operations.html#size"' in row
    assert '<span class="place">Operations</span>' in row
    assert "<b>24.1% smaller</b>" in row
    assert "11.5% to 34.2%" in row
    assert re.search(r'data-label="Published"[^>]*><div>28%</div>', row)
    assert yardstick()["O1"].statement in row


def test_another_reading_of_a_claim_stands_below_the_one_that_judges_it():
    given = [entry("a", beside=True, verdict=None), entry("b"), entry("c", claim="O2")]
    board = scoreboard(given, yardstick())
    assert board.count(yardstick()["O1"].statement) == 1
    # The one that gives the verdict comes first.
    assert board.index("#b") < board.index("#a") < board.index('rule-O2">') < board.index("#c")
    assert ">another reading</span>" in rows(board)[1]


def test_an_interval_of_another_level_says_so():
    given = entry("school-size", interval="90% interval of placebos")
    assert "11.5% to 34.2% (90%)" in rows(scoreboard([given], yardstick()))[0]


def test_a_verdict_that_an_earlier_rule_gave_is_told_with_its_date():
    old = Earlier("2026-11-22", Verdict.REPRODUCED, Verdict.REPRODUCED, "-")
    (row,) = rows(scoreboard([entry("size", earlier=(old,))], yardstick()))
    assert 'href="rules.html#rule-O1">earlier rule: reproduced<' in row


def test_a_verdict_on_a_test_that_fails_among_all_says_so():
    """By hand: 0.04 holds alone; next to 0.5 its q is 0.08. 0.001 holds both ways."""
    given = [
        entry("school-size", tests=(("gap", 0.04),)),
        entry("x", claim="O2", tests=(("premium", 0.5),)),
    ]
    assert ">might be chance among" in rows(scoreboard(given, yardstick()))[0]
    # Inside its interval, the published figure decides, and no test does.
    told = [entry("school-size", verdict=Verdict.CONSISTENT, tests=(("gap", 0.04),)), given[1]]
    assert "might be chance" not in scoreboard(told, yardstick())
    sure = [entry("school-size", tests=(("gap", 0.001),)), given[1]]
    assert "might be chance" not in scoreboard(sure, yardstick())


def test_finding_without_figure_says_so():
    lost = entry("lost", value=None, low=None, high=None, verdict=Verdict.NOT_TESTABLE)
    assert "not measured" in rows(scoreboard([lost], yardstick()))[0]


def test_claims_without_finding_are_listed_with_what_they_need():
    board = scoreboard([entry("size")], yardstick())
    rest = board[board.index("### Not yet examined") :]
    assert '">O1<' not in rest
    listed = re.findall(r'class="claim-id"[^>]*>(\w+)<', rest)
    assert sorted(listed) == sorted(c.id for c in yardstick().claims if c.id != "O1")
    lacking = next(c for c in yardstick().claims if c.data == "not public" and c.needs)
    assert f"the data are not public; would take {lacking.needs}" in rest


def test_empty_ledger_lists_every_claim():
    board = scoreboard([], yardstick())
    assert not rows(board)
    assert board.count('class="claim-id"') == len(yardstick().claims)


def test_all_claims_answered_leaves_no_open_list():
    given = [entry(f"f{claim.id}", claim=claim.id) for claim in yardstick().claims]
    assert "Not yet examined" not in scoreboard(given, yardstick())


def test_findings_without_claim_have_their_own_table():
    table = others([entry("a"), entry("trend", claim=None, verdict=None, published=None)])
    assert "#trend" in table
    assert "#a" not in table
    assert others([entry("a")]) == ""


def ranks(board):
    return [
        [
            int(rank) if rank else None
            for rank in re.findall(r'<td[^>]*?(?: data-rank="(\d+)")?>', row)
        ]
        for row in rows(board)
    ]


def test_rows_know_their_ranks_and_what_has_no_figure_has_none():
    """By hand: of 4 schools, 12 schools and 28%, percents come before schools, 4 before 12.

    A statement has no published figure, what was not measured none at all, and what can't be
    tested comes last either way.
    """
    given = [
        entry("size", claim="O1", value=24.1, verdict=Verdict.CONSISTENT),
        entry("close", claim="L1", value=4.0, unit="schools", verdict=Verdict.REPRODUCED),
        entry("grades", claim="L2", value=12.0, unit="schools", verdict=None),
        entry("north", claim="C2", value=None, unit="miles", verdict=Verdict.NOT_TESTABLE),
    ]
    # In the order of the areas: O1, C2, L1, L2.
    assert ranks(scoreboard(given, yardstick())) == [
        [0, 0, 0, 1],
        [1, None, None, None],
        [2, 1, 1, 0],
        [3, 2, 2, None],
    ]


def test_findings_of_a_study_without_claims_stand_by_page_and_know_their_ranks():
    plain = {"claim": None, "verdict": None, "published": None}
    given = [
        Entry(finding("b", value=9.0, **plain), "operations", "x", 1),
        Entry(finding("a", value=3.0, **plain), "teaching", "y", 1),
    ]
    board = without_claims(given)
    assert re.findall(r'scope="rowgroup"[^>]*>([^<]+)<', board) == ["Operations", "Teaching"]
    assert ranks(board) == [[0, 1], [1, 0]]


@pytest.mark.parametrize(
    ("reason", "changes", "short"),
    [
        ("Holds: one: two. Does not hold: three.", {}, "1 of 2 conditions holds"),
        ("Does not hold: one.", {}, "Its condition does not hold"),
        ("Holds: one.", {"verdict": Verdict.NOT_TESTABLE},
         "The answer could not have been otherwise"),
        ("4 areas, as published. It", {"verdict": Verdict.SAME_DIRECTION, "basis": "proxy"},
         "4 areas, as published, but by a proxy"),
        ("85.8% lies outside the tolerance (75.8% to 80.2%). It", {},
         "Outside the tolerance (75.8% to 80.2%)"),
        ("9 schools; 8 schools were published.", {}, "9 schools"),
        ("For this study, the survey is not public.", {}, "The survey is not public"),
        ("24.1% lies outside the tolerance.", {"verdict": Verdict.CONSISTENT},
         "The published figure lies inside the interval"),
    ],
)  # fmt: skip
def test_a_row_gives_its_verdicts_reason_in_few_words_and_folds_the_whole(reason, changes, short):
    given = {"verdict": Verdict.NOT_REPRODUCED, "reason": reason} | changes
    (row,) = rows(scoreboard([entry("size", **given)], yardstick()))
    assert f"<summary>{short}</summary>{reason}</details>" in row


def test_another_reading_has_no_reason_of_a_verdict():
    (row,) = rows(scoreboard([entry("a", beside=True, verdict=None, reason="so")], yardstick()))
    assert "<details" not in row


def test_words_are_escaped():
    board = scoreboard([entry("x", title="<b>Bold</b> & co")], yardstick())
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; co" in board


def test_in_short_a_page_shows_its_claims_and_folds_the_rest():
    text = in_short([entry("trend", claim=None, verdict=None, published=None), entry("size")])
    assert text.index('href="#size"') < text.index("<details") < text.index('href="#trend"')
    assert "1 finding beside the claims" in text
    assert "<details" not in in_short([entry("trend", claim=None, verdict=None, published=None)])

"""The scoreboard, from ledgers made here."""

import re

import pytest
from publish_sample import finding

from dme.findings import Entry
from dme.findings.claims import yardstick
from dme.findings.judging import Earlier, Verdict
from dme.publish.scoreboard import in_short, others, scoreboard, tally

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
    assert "Operations, cell 7" in row
    assert "<b>24.1% smaller</b>" in row
    assert "11.5% to 34.2%" in row
    assert 'data-label="Published"><div>28%</div>' in row
    claim = yardstick()["O1"]
    assert claim.statement in board[: board.index(row)]


def test_findings_of_one_claim_stand_under_one_heading():
    given = [entry("a", beside=True, verdict=None), entry("b"), entry("c", claim="O2")]
    board = scoreboard(given, yardstick())
    assert board.count('href="rules.html#rule-O1">O1<') == 1
    # The one that gives the verdict comes first.
    assert board.index("#b") < board.index("#a") < board.index('rule-O2">') < board.index("#c")
    assert ">another reading</span>" in rows(board)[1]


def test_an_interval_of_another_level_says_so():
    given = entry("school-size", interval="90% interval of placebos")
    assert "11.5% to 34.2% (90%)" in rows(scoreboard([given], yardstick()))[0]


def test_a_verdict_that_an_earlier_rule_gave_is_told_with_its_date():
    old = Earlier("2026-11-22", Verdict.REPRODUCED, Verdict.REPRODUCED, "-")
    (row,) = rows(scoreboard([entry("size", earlier=(old,))], yardstick()))
    assert 'href="rules.html#rule-O1">by an earlier rule: reproduced<' in row


def test_a_verdict_on_a_test_that_fails_among_all_says_so():
    """By hand: 0.04 holds alone; next to 0.5 its q is 0.08. 0.001 holds both ways."""
    given = [
        entry("school-size", tests=(("gap", 0.04),)),
        entry("x", claim="O2", tests=(("premium", 0.5),)),
    ]
    assert ">hangs on a test that" in rows(scoreboard(given, yardstick()))[0]
    # Inside its interval, the published figure decides, and no test does.
    told = [entry("school-size", verdict=Verdict.CONSISTENT, tests=(("gap", 0.04),)), given[1]]
    assert "hangs on" not in scoreboard(told, yardstick())
    sure = [entry("school-size", tests=(("gap", 0.001),)), given[1]]
    assert "hangs on" not in scoreboard(sure, yardstick())


def test_finding_without_figure_says_so():
    lost = entry("lost", value=None, low=None, high=None, verdict=Verdict.NOT_TESTABLE)
    assert "not measured" in rows(scoreboard([lost], yardstick()))[0]


def test_summary_counts_claims_and_verdicts():
    given = [
        entry("school-size", verdict=Verdict.REPRODUCED),
        entry("b", verdict=None, beside=True),
        entry("small-underused-premium", claim="O2", verdict=Verdict.NOT_REPRODUCED),
        entry("d", claim=None, verdict=None),
        entry("specialist-cost", claim="T2", verdict=Verdict.NOT_TESTABLE, by_construction="so"),
    ]
    board = tally(given, yardstick())
    total = len(yardstick().claims)
    assert f"<b>3 of {total}</b> published claims have been examined" in board
    assert re.findall(r'<li><span class="chip (\S+)">[^<]+</span> <b>(\d+)', board) == [
        ("verdict-reproduced", "1"),
        ("verdict-not-reproduced", "1"),
        ("verdict-not-testable", "1"),
    ]
    assert board.count("(1 true by construction)") == 1


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
    assert f"<b>0 of {len(yardstick().claims)}</b>" in tally([], yardstick())
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


def test_words_are_escaped():
    board = scoreboard([entry("x", title="<b>Bold</b> & co")], yardstick())
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; co" in board


def test_in_short_a_page_shows_its_claims_and_folds_the_rest():
    text = in_short([entry("trend", claim=None, verdict=None, published=None), entry("size")])
    assert text.index('href="#size"') < text.index("<details") < text.index('href="#trend"')
    assert "1 finding beside the claims" in text
    assert "<details" not in in_short([entry("trend", claim=None, verdict=None, published=None)])

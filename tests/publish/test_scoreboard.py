"""The scoreboard, from ledgers made here."""

import re

import pytest
from publish_sample import finding

from dme.findings import Entry
from dme.findings.claims import Verdict, yardstick
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
    assert f"verdict-{verdict.split(' with ')[0].replace(' ', '-')}" in row
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
    board = scoreboard([entry("a"), entry("b"), entry("c", claim="O2")], yardstick())
    assert board.count('class="claim-id">O1<') == 1
    assert board.index("#a") < board.index("#b") < board.index('claim-id">O2') < board.index("#c")


def test_finding_without_figure_says_so():
    lost = entry("lost", value=None, low=None, high=None, verdict=Verdict.NOT_TESTABLE)
    assert "not measured" in rows(scoreboard([lost], yardstick()))[0]


def test_summary_counts_claims_and_verdicts():
    given = [
        entry("a", verdict=Verdict.REPRODUCED),
        entry("b", verdict=Verdict.REPRODUCED),
        entry("c", claim="O2", verdict=Verdict.NOT_REPRODUCED),
        entry("d", claim=None, verdict=None),
    ]
    board = tally(given, yardstick())
    total = len(yardstick().claims)
    assert f"<b>2 of {total}</b> published claims have been examined, by 3 findings." in board
    assert re.findall(r'<li><span class="chip (\S+)">[^<]+</span> <b>(\d+)', board) == [
        ("verdict-reproduced", "2"),
        ("verdict-not-reproduced", "1"),
    ]


def test_claims_without_finding_are_listed_with_what_they_need():
    board = scoreboard([entry("size")], yardstick())
    rest = board[board.index("### Not yet examined") :]
    assert 'claim-id">O1<' not in rest
    listed = re.findall(r'claim-id">(\w+)<', rest)
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

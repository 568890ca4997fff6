import json

import pytest

from dme import cards
from dme.errors import DmeError
from dme.findings import Alternative, Entry, Finding
from dme.findings.judging import Verdict
from dme.measures.estimates.estimate import Estimate

FOUND = Finding(
    id="school-size",
    title="Mean <school> size",
    sentence="Schools are smaller.",
    value=24.09,
    low=11.13,
    high=34.02,
    unit="percent smaller",
    interval="95% bootstrap",
    population="45 schools",
    year="2016-17",
    method="ratio",
    claim="O1",
    statement="Schools are 28 percent smaller.",
    published="28%",
    verdict=Verdict.SAME_DIRECTION,
    reason="outside",
    alternatives=(Alternative.of("every row", Estimate(32.6, 17.0, 46.0, "-")),),
)


def test_a_finding_survives_its_cell():
    assert Finding.from_json(json.loads(json.dumps(FOUND.to_json()))) == FOUND


@pytest.mark.parametrize("change", [{"verdict": "perhaps"}, {"alternatives": None}])
def test_a_stored_finding_of_another_form_is_refused(change):
    with pytest.raises(DmeError, match="run the study again"):
        Finding.from_json(FOUND.to_json() | change)


def test_a_ledger_row_has_the_promised_keys_and_numbers():
    row = Entry(FOUND, "operations", "size", 11).row()
    assert row == {
        "finding": "school-size",
        "claim": "O1",
        "value": 24.09,
        "low": 11.13,
        "high": 34.02,
        "unit": "percent smaller",
        "published": "28%",
        "verdict": "same direction only",
        "by_construction": False,
        "earlier": [],
        "basis": "measured",
        "tables": [],
        "typed": [],
        "notebook": "operations",
        "cell": "size",
        "number": 11,
    }
    assert json.loads(json.dumps(row)) == row


def test_a_card_shows_what_a_reader_needs_and_escapes_it():
    card = cards.html(FOUND)
    for words in (
        'id="school-size"',
        "Mean &lt;school&gt; size",
        "24.1% smaller",
        "(11.1% to 34.0%)",
        "same direction",
        "28%",
        "45 schools",
        "every row",
        "32.6% smaller",
    ):
        assert words in card
    assert "<school>" not in card


@pytest.mark.parametrize("basis", ["proxy", "modelled"])
def test_what_is_not_measured_is_labelled_wherever_it_shows(basis):
    from dataclasses import replace

    other = replace(FOUND, basis=basis)
    assert f"basis-{basis}" in cards.html(other)
    assert f">{basis}<" in cards.html(other)
    assert basis in cards.text(other)


def test_a_finding_without_claim_or_interval_says_so():
    from dataclasses import replace

    bare = replace(FOUND, claim=None, published=None, verdict=None, low=None, high=None)
    assert ">no claim<" in cards.html(bare)
    assert "finding-interval" not in cards.html(bare)

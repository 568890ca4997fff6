"""The six uses of the money, priced by hand."""

import numpy as np
import pandas as pd
import pytest

from dme.claims import yardstick
from dme.measures.plan import reinvestment
from dme.measures.plan.prices import Price
from dme.measures.plan.reinvestment import INPUTS, USES, Scale

SCALE = Scale(1000, schools=2, sections=50, teachers=80, struggling=(100, 160), upper=120)
PRICE = Price(90_000, 110_000, "2017-18", "by hand")
GIVEN = {
    "load": 1000, "planning": 90, "enrichment": 45, "wellness": 0.5, "materials": 40,
    "longer_day": 30, "longer_year": 5, "school_day": 360, "extra_pay": 0.8, "other_staff": 0.25,
    "group": 4, "group_minutes": 100, "course": 300, "caseload": 240, "advisory": 30,
    "advisory_group": 15, "teacher": 100_000, "struggling": 120,
}  # fmt: skip


def test_each_cost_by_hand():
    """A teacher of $100,000 who teaches 1,000 minutes a week: $100 for each of them."""
    given = {key: np.array([float(value)]) for key, value in GIVEN.items()}
    found = reinvestment.costs(SCALE, given).iloc[0]
    assert found["planning"] == pytest.approx(50 * 90 * 100)
    assert found["enrichment"] == pytest.approx(50 * 45 * 100 + 2 * 0.5 * 100_000 + 1000 * 40)
    # 180 half hours and five days of six hours more, on 180 days of six hours: 10%, 1/9 in all.
    assert found["time"] == pytest.approx(80 * 100_000 * (5400 + 1800) / 64_800 * 0.8 * 1.25)
    assert found["groups"] == pytest.approx(30 * 100 * 100)
    assert found["college"] == pytest.approx(120 * 300 + 0.5 * 100_000)
    assert found["advisory"] == pytest.approx(1000 / 15 * 30 * 100)


def test_every_use_answers_a_claim_and_has_its_cost():
    assert [use.claim for use in USES] == ["R1", "R2", "R3", "R4", "R5", "R6"]
    assert {use.key for use in USES} == set(reinvestment.draw(SCALE, PRICE, 10, 1))
    for use in USES:
        assert len(yardstick()[use.claim].criteria) == 2


def test_every_input_has_a_range_a_unit_and_a_reason():
    assert len({one.key for one in INPUTS}) == len(INPUTS)
    for one in INPUTS:
        assert 0 <= one.low <= one.high
        assert one.unit
        assert one.why
    table = reinvestment.input_table(SCALE, PRICE)
    assert len(table) == len(INPUTS) + 2
    assert set(GIVEN) == {one.key for one in INPUTS} | {"teacher", "struggling"}


def test_draws_are_seeded_and_stay_within_what_the_inputs_allow():
    one, again = (reinvestment.draw(SCALE, PRICE, 500, 7) for _ in range(2))
    pd.testing.assert_frame_equal(one, again)
    other = reinvestment.draw(SCALE, PRICE, 500, 8)
    assert not one.equals(other)
    # The cheapest and dearest plan: fewest minutes, cheapest teacher, fullest week; and reverse.
    assert one["planning"].min() >= 50 * 45 * 90_000 / 1215
    assert one["planning"].max() <= 50 * 90 * 110_000 / 990


def test_one_teacher_price_serves_all_uses():
    dear = Price(200_000, 200_000, "2017-18", "by hand")
    cheap = Price(100_000, 100_000, "2017-18", "by hand")
    twice = reinvestment.draw(SCALE, dear, 50, 3) / reinvestment.draw(SCALE, cheap, 50, 3)
    assert np.allclose(twice[["planning", "time", "groups", "advisory"]], 2)
    drawn = reinvestment.draw(SCALE, PRICE, 2000, 3)
    assert drawn["planning"].corr(drawn["advisory"]) > 0.1


def test_the_median_its_range_and_what_fits():
    drawn = pd.Series(np.arange(101.0))
    found = reinvestment.summary(drawn, 90)
    assert (found.low, found.value, found.high) == (5, 50, 95)
    assert "90 in 100 of 101 draws" in found.interval
    assert reinvestment.fits(drawn, 100) == (True, True)
    assert reinvestment.fits(drawn, 60) == (True, False)
    assert reinvestment.fits(drawn, 40) == (False, False)

"""The notebook on the intervals' coverage: what it says under other sizes, and that it runs whole."""

import pytest

from dme.study import Study
from tests.notebooks.declared import declared

NOTEBOOK = "intervals"


def test_trends_cover_and_did_not_before():
    """The old method's shares were found by separate code: 86% of six independent years, 74%."""
    trends = declared("intervals")["coverage-of-trends"]
    assert trends(Study()).value > 94
    independent, correlated = (
        trends(Study(), correlation=each, method="Newey-West").value for each in (0, 0.5)
    )
    assert (independent, correlated) == pytest.approx((86, 74), abs=2)


def test_it_runs_whole_and_for_any_district(studied):
    found = studied('district: "0930011"\npeers: ["1510011"]\nconfidence: 90\n')
    assert found["coverage-of-groups"].value == pytest.approx(90, abs=4)
    assert found["coverage-of-regressions"].value == pytest.approx(90, abs=2)
    assert all(one.basis == "modelled" and one.claim is None for one in found.values())
    assert len(found) == 7

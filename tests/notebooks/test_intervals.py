"""The notebook on the intervals' coverage: what it says under other sizes, and that it runs whole."""

import pytest

from tests.notebooks.declared import of

NOTEBOOK = "intervals"


def test_trends_cover_and_did_not_before():
    """The old method's shares were found by separate code: 86% at six independent years, 74%."""
    assert of("intervals", "coverage-of-trends").value > 94
    before = {"method": "Newey-West"}
    assert of("intervals", "coverage-of-trends", correlation=0, **before).value == pytest.approx(
        86, abs=2
    )
    assert of("intervals", "coverage-of-trends", **before).value == pytest.approx(74, abs=2)


def test_it_runs_whole_and_for_any_district(studied):
    found = studied("other", 'district: "0930011"\npeers: ["1510011"]\nconfidence: 90\n')
    assert found["coverage-of-groups"].value == pytest.approx(90, abs=4)
    assert found["coverage-of-regressions"].value == pytest.approx(90, abs=2)
    assert all(one.basis == "modelled" and one.claim is None for one in found.values())
    assert len(found) == 7

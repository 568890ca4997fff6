"""The notebook on culture and climate, run whole, for Hartford and for districts with less."""

import pytest

NOTEBOOK = "culture"


@pytest.fixture(scope="module")
def hartford(run):
    return {name: entry.finding for name, entry in run("hartford-2017").items()}


def test_the_schools_above_the_state(hartford):
    found = hartford["growth-above-state"]
    assert found.value == 2
    assert (found.low, found.high) == (1, 17)
    assert {a.label: a.value for a in found.alternatives}["in both subjects"] == 1


@pytest.mark.parametrize("code", ["0930011", "1510011"])
def test_another_district_runs(run, code):
    found = run("other", (f'study: other\ndistrict: "{code}"\npeers: ["0640011"]\nnorth: []\n'))
    assert found["growth-above-state"].finding.value is not None

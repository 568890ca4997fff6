"""The answer's sentences say which way an interval points, and pass over what was not measured."""

from dataclasses import replace

import pytest

from dme.evidence.culture import absenteeism, choice, need, segregation, sentences, suspension
from dme.evidence.place import place
from dme.study import Study
from dme.tables import load

MODULES = (choice, need, segregation, absenteeism, suspension)


def found(study):
    names = {"districts", *(name for module in MODULES for name in module.TABLES)}
    tables = {name: load(name) for name in names}
    where = place(study, tables["districts"])
    return [module.evidence(tables, study, where) for module in MODULES]


@pytest.fixture(scope="module")
def hartford():
    return found(Study(resamples=200))


def test_every_section_of_hartford_has_its_sentence(hartford):
    parts = sentences.more(*hartford)
    assert len(parts) == 4
    whole = " ".join(parts)
    assert "From grade 6 the bus goes to any zone" in whole
    assert "22.1% of the students of Hartford were chronically absent" in whole
    assert "spend neither clearly more nor clearly less than magnet schools" in whole
    assert "The gap between the two kinds in English learners grew (+1.2 points a year" in whole


def test_words_follow_the_interval(hartford):
    chosen, needy, *others = hartford
    lower = replace(needy.funding.estimate, value=-9.0, low=-12.0, high=-3.0)
    poorer = replace(needy, funding=replace(needy.funding, estimate=lower))
    whole = " ".join(sentences.more(chosen, poorer, *others))
    assert "spend less than magnet schools (-9.0%; -12% to -3%)" in whole


def test_what_is_not_measured_has_no_sentence():
    parts = sentences.more(*found(Study(district="2870013", peers=("2880013",), resamples=200)))
    assert parts == []


def test_a_trend_that_suppressed_counts_could_undo_is_not_told_as_firm(hartford):
    _, needy, *_ = hartford
    learners, special = needy.trends
    assert special.estimate.high < 0 < max(other.high for other in special.alternatives)
    assert all(other.low > 0 for other in learners.alternatives)
    whole = " ".join(sentences.more(*hartford))
    assert whole.count("though not under every reading of suppressed counts") == 1
    frail = whole.index("special education shrank")
    assert "though not under every" in whole[frail:].split(". ")[0] + whole[frail:].split(". ")[1]

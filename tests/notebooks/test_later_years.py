"""Hartford's study of the newest years: what is measured of which year, and what lacks, in words.

Each notebook's cells run once in this process, as those of every district do.
"""

import re
from collections.abc import Mapping

import pytest

from dme import paths
from dme.findings import Finding
from dme.findings.ledger import read_notebook
from dme.passages import told as shown_of
from dme.study import read
from tests.notebooks.in_process import Bundle, Notebook, recorded, told

NOTEBOOKS = ("operations", "culture", "teaching", "partnerships", "design", "firmness")
MEASURED = {
    "2024-25": """
        district-enrollment school-size school-size-like-levels schools-per-pupil
        small-school-premium small-school-premium-adjusted cost-curve premium-by-function
        premium-in-peers small-school-cost growth-above-state growth-by-size growth-seats-near
        high-school-distance need-gap funding-gap shared-planning specialists
        planning-block-cost planning-minute-cost
    """,
    "2017-18 to 2024-25": "enrollment-trend",
    "2019-20": "reduced-isolation",
    "2018-19": "chronic-absenteeism suspension suspension-gap",
    "2011-12 to 2018-19": "chronic-absenteeism-trend",
    "2009-10 to 2018-19": "suspension-trend",
    "2007-08 to 2016-17": "need-trend-learners need-trend-special-education",
    "2016-17": "improvement-of-instruction",
    "2015-16": """
        utilization utilization-plain-seats modelled-seats-at-the-printed-school
        chronic-absenteeism-schools suspension-schools classroom-teachers teachers-per-grade
        full-time-librarian counselors-per-pupil instructional-specialists qualified-teachers
    """,
    "2015-16 to 2020-21": "projection-and-outcome",
    "2011-12 to 2015-16": "community-schools-absence community-schools-fell",
    "2011-12 to 2015-16, mean of the years": "community-schools-absence-level",
    "2014-15": "magnet-seats magnet-seats-gap",
}
"""Findings by the year that their cards name."""
LACKING = {
    "they have 2007-08 to 2016-17": """
        enrollment-projection two-sections small-schools-elsewhere pooled-teams pooled-sections
        specialist-cost specialist-cost-elsewhere specialist-enrollment planning-use
        enrichment-use time-use groups-use college-use advisory-use six-uses
    """,
    "they have 2010-11 to 2016-17": "segregation-district isolation-district segregation-region",
    "they have 2016-17": "arts-access wishes-and-areas",
    "to 2014-15 and 2016-17": """
        partners-named partnerships-many partners-and-need partners-serving-none
    """,
    "seats of 2015-16 alone": "small-underused-premium small-underused-cost",
    "until 2018-19, none of 2024-25": """
        growth-reach-neighborhoods growth-reach-children open-schools
    """,
    "": "cost-curve-flattest principals-wishes curricula comment-themes",
}
"""Findings that lack by what their cards say; the last hang on no year."""
ONLY_OF_2017 = re.compile(
    r"study of 2017|study was made|the claims?\b|\bverdict|the authors|the published figure"
    r"|page \*?Rules|nine cities|while the study",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def pages() -> dict[str, list[Bundle]]:
    """Give what each notebook's cells display of the newest study, without its other choices."""
    study = read(paths.home() / "params" / "hartford-2024.yml").model_copy(
        update={"resamples": 300}
    )
    return {
        name: Notebook(paths.home() / "notebooks" / f"{name}.ipynb").shown(study, others=False)
        for name in NOTEBOOKS
    }


@pytest.fixture(scope="module")
def newest(pages) -> dict[str, Finding]:
    """Give the findings by their ids."""
    return recorded(bundle for shown in pages.values() for bundle in shown)


def by_words(groups: Mapping[str, str]) -> dict[str, str]:
    return {name: words for words, names in groups.items() for name in names.split()}


def test_every_finding_tells_the_year_that_it_is_measured_of(newest):
    measured = {name: one.year for name, one in newest.items() if one.value is not None}
    measured = {name: year for name, year in measured.items() if not name.endswith("-firmness")}
    assert measured == by_words(MEASURED)


def test_what_lacks_says_which_years_the_tables_have(newest):
    lacking = {name: one.sentence for name, one in newest.items() if one.value is None}
    lacking = {name: says for name, says in lacking.items() if not name.endswith("-firmness")}
    assert lacking.keys() == by_words(LACKING).keys()
    untold = [name for name, words in by_words(LACKING).items() if words not in lacking[name]]
    assert untold == []


@pytest.mark.tried("No false verdict", "a study of a later year, which no claim speaks of")
def test_no_finding_has_a_verdict(newest):
    assert [one.id for one in newest.values() if one.verdict or one.claim] == []


def test_figures_by_hand(newest):
    # Of the raw README's table: 41 schools, 15,754 pupils. All of Hartford's have 100 or more.
    assert "has 384 students" in newest["school-size"].sentence
    # Added up from the raw file of 2024-25: the peers' 203 schools have 116,464 pupils; without
    # Danbury's preschool of 65 there are 202, of 576.23 on average.
    assert newest["school-size"].value == pytest.approx(100 * (1 - 15_754 / 41 / 576.2327))
    assert newest["enrollment-trend"].sentence.endswith("to 15,754, by -18.1% in all.")
    # EdSight's count of October 2024, of all students wherever they are taught.
    assert newest["district-enrollment"].value == 16_434
    # The mean over districts, weighted by pupils: 60.6 in English, 62.4 in mathematics.
    assert "achieved 61.5% of their targets" in newest["growth-above-state"].sentence


@pytest.mark.tried("Nothing stale", "words of another study's year on a later study's pages")
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_no_page_has_the_words_of_the_study_of_2017(pages, name):
    texts = [text for bundle in pages[name] for _, text in told(bundle)]
    for cell in read_notebook(paths.home() / "notebooks" / f"{name}.ipynb")["cells"]:
        if cell["cell_type"] == "markdown":
            texts.append(shown_of("".join(cell["source"]), claimed=False))
    assert [text for text in texts if ONLY_OF_2017.search(text)] == []

"""Which of the publishers' files the tables of results are made from, by id."""

TEST_YEARS = ("2014-15", "2015-16")
LATER_YEARS = ("2016-17", "2017-18", "2018-19")
STATE_YEARS = ("2015-16", *LATER_YEARS)
GROWTH_YEAR = "2015-16"
ACCOUNTABILITY_YEAR = "2016-17"

ACCOUNTABILITY_FILE = "csde-accountability-2016-17"

_KINDS = ("all", "high_needs", "race")


def tests_file(year: str, area: str, *, by_grade: bool) -> str:
    """Return the id of one file of Smarter Balanced results."""
    edition = "-later" if area == "district" and year in LATER_YEARS else ""
    return f"edsight-smarter-balanced-{area}{edition}{_suffix('all', by_grade)}-{year}"


def growth_file(area: str, group_kind: str, *, by_grade: bool) -> str:
    """Return the id of one file of the growth report."""
    return f"edsight-growth-{area}{_suffix(group_kind, by_grade)}-{GROWTH_YEAR}"


def _suffix(group_kind: str, by_grade: bool) -> str:
    kind = "" if group_kind == "all" else f"-{group_kind.replace('_', '-')}"
    return kind + ("-grades" if by_grade else "")


DISTRICT_TEST_FILES = (
    *(
        tests_file(year, "district", by_grade=by_grade)
        for year in (*TEST_YEARS, *LATER_YEARS)
        for by_grade in (False, True)
    ),
    *(tests_file(year, "state", by_grade=False) for year in STATE_YEARS),
)
SCHOOL_GROWTH_FILES = tuple(
    growth_file("school", kind, by_grade=by_grade)
    for kind in _KINDS
    for by_grade in (False, True)
    if kind != "race" or not by_grade
)
DISTRICT_GROWTH_FILES = tuple(
    growth_file(area, kind, by_grade=by_grade)
    for area in ("district", "state")
    for kind in _KINDS[:2]
    for by_grade in (False, True)
)

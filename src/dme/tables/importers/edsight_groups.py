"""EdSight's enrollment by group of students, of a school or of a district."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dme.tables.importers import rows
from dme.tables.importers.edsight import GRADE_COLUMNS, SUPPRESSED, check_sum, export
from dme.tables.importers.edsight_districts import STATE, code_of, one_total
from dme.tables.importers.rows import Row
from dme.tables.refusal import FETCH_ANEW, refusal
from dme.text import first_year


@dataclass(frozen=True)
class Grouping:
    """A way in which EdSight parts the students.

    Attributes
    ----------
    title : str
        Its name in the title of the export.
    columns : mapping of str to str
        The names used here by the printed headings.
    """

    title: str
    columns: Mapping[str, str]


@dataclass(frozen=True)
class Unit:
    """A school's, a district's or the state's line.

    Attributes
    ----------
    row : Row
        Where it stands.
    code : str
        Its state code; 0000000 is the state.
    counts : dict of str to int or None
        Students by group; None where suppressed.
    total : int or None
        The printed total; None where suppressed.
    """

    row: Row
    code: str
    counts: Mapping[str, int | None]
    total: int | None


GRADE = Grouping("Grade", GRADE_COLUMNS)
LUNCH = Grouping(
    "Free/Reduced Lunch Eligibility",
    {"Free": "free_lunch", "Reduced": "reduced_lunch", "Non-Subsidized": "unsubsidized_lunch"},
)
LEARNERS = Grouping(
    "English Learner Status", {"Yes": "english_learners", "No": "not_english_learners"}
)
DISABILITIES = Grouping(
    "Special Education Status",
    {"Yes": "students_with_disabilities", "No": "students_without_disabilities"},
)
_RACE = Grouping(
    "Race",
    {
        "American Indian or Alaska Native": "american_indian",
        "Asian": "asian",
        "Black or African American": "black",
        "Hispanic/Latino of any race": "hispanic",
        "Native Hawaiian or Other Pacific Islander": "pacific_islander",
        "Two or More Races": "two_or_more",
        "White": "white",
    },
)
# The federal categories changed with the school year 2010-11.
_NEW_RACES = 2010
_FORMER_RACE = Grouping(
    "Race",
    {
        "American Indian": "american_indian",
        "Asian": "asian",
        "Black, not of Hispanic Origin": "black",
        "Hispanic/Latino": "hispanic",
        "White, not of Hispanic Origin": "white",
        "Not Reported": "race_not_reported",
    },
)
GROUPS = (
    *LUNCH.columns.values(),
    *LEARNERS.columns.values(),
    *DISABILITIES.columns.values(),
    *_RACE.columns.values(),
    "race_not_reported",
)


def race(year: str) -> Grouping:
    """Return the races of the year's files."""
    return _FORMER_RACE if first_year(year) < _NEW_RACES else _RACE


def schools(path: Path, year: str, grouping: Grouping) -> tuple[Unit, ...]:
    """Read one year's schools by group.

    Raises
    ------
    TableError
        If the layout is not EdSight's, a count is no count, a school stands twice, or the
        groups don't add up to the printed total.
    """
    title = f"Student Counts by School and {grouping.title}"
    columns = ("School", "School Code", *grouping.columns, "Total")
    found = tuple(
        _unit(row, row.code("School Code"), grouping)
        for row in export(path, title=title, year=year, columns=columns)
    )
    rows.once(((unit.row, unit.code) for unit in found), "School Code", "school")
    return found


def districts(path: Path, year: str, grouping: Grouping) -> tuple[Unit, ...]:
    """Read one year's districts by group, and the state.

    Raises
    ------
    TableError
        If the layout is not EdSight's, a count is no count, a district stands twice, the groups
        don't add up to the printed total, or the districts don't add up to the state.
    """
    title = f"Student Counts by District and {grouping.title}"
    columns = ("District", "District Code", *grouping.columns, "Total")
    found = tuple(
        _unit(row, code_of(row, {}), grouping)
        for row in export(path, title=title, year=year, columns=columns)
    )
    rows.once(((unit.row, unit.code) for unit in found), "District Code", "district")
    one_total(path, [unit.code for unit in found])
    _check_state(found, grouping)
    return found


def check_against(
    path: Path, units: tuple[Unit, ...], totals: Mapping[str, int | None], column: str
) -> None:
    """Refuse a file by group that contradicts the year's totals.

    A count that one of the two suppresses contradicts nothing.

    Parameters
    ----------
    path : Path
        The file by group.
    units : tuple of Unit
        What was read from it.
    totals : mapping of str to int or None
        The year's students by code; None where suppressed.
    column : str
        The column of codes.

    Raises
    ------
    TableError
        If they list other schools or districts, or print other totals.
    """
    for unit in units:
        if unit.code not in totals:
            raise unit.row.refuse(
                problem="A line stands in no file of the year's totals.",
                column=column,
                expected="a code that has a total",
            )
        total = totals[unit.code]
        if None not in (total, unit.total) and total != unit.total:
            raise unit.row.refuse(
                problem="Two files of one year print different totals.",
                column="Total",
                expected=f"{total}, as in the year's file of totals",
            )
    if lost := sorted(set(totals) - {unit.code for unit in units}):
        raise refusal(
            problem="The file lacks what the year's file of totals lists.",
            file=path,
            column=column,
            found=f"{len(units)} lines, none of them for {', '.join(lost[:3])}",
            expected=f"a line for each of {len(totals)} codes",
            advice=FETCH_ANEW,
        )


def _unit(row: Row, code: str, grouping: Grouping) -> Unit:
    counts = {name: row.count(column, SUPPRESSED) for column, name in grouping.columns.items()}
    total = row.count("Total", SUPPRESSED)
    check_sum(row, "Total", total, list(counts.values()))
    return Unit(row, code, counts, total)


def _check_state(found: tuple[Unit, ...], grouping: Grouping) -> None:
    state = next(unit for unit in found if unit.code == STATE)
    parts = [unit for unit in found if unit.code != STATE]
    check_sum(state.row, "Total", state.total, [unit.total for unit in parts])
    for column, name in grouping.columns.items():
        check_sum(state.row, column, state.counts[name], [unit.counts[name] for unit in parts])

"""EdSight's enrollment, of schools and of districts, in all and by group of students."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from dme.tables.columns import GRADES
from dme.tables.importers import sheet
from dme.tables.importers.edsight import RACES, STATE, STATE_NAME, SUPPRESSED, export
from dme.tables.importers.sheet import Sheet
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
    total : str
        The heading of all students.
    """

    title: str
    columns: Mapping[str, str]
    total: str = "Total"

    @property
    def groups(self) -> list[str]:
        """The names used here."""
        return [*self.columns.values()]


YEAR = Grouping("Year", {}, "Count")
_PRINTED_GRADES = ("Pre-Kindergarten", "Kindergarten", *(f"Grade {n}" for n in range(1, 13)))
GRADE = Grouping("Grade", dict(zip(_PRINTED_GRADES, GRADES, strict=True)))
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
_RACE = Grouping("Race", RACES)
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
    *LUNCH.groups,
    *LEARNERS.groups,
    *DISABILITIES.groups,
    *_RACE.groups,
    "race_not_reported",
)

_SCHOOL = ("District", "District Code", "School", "School Code")
_DISTRICT = ("District", "District Code")
_TYPED_STATE = "Total (state, all districts)"


def race(year: str) -> Grouping:
    """Return the races of the year's files."""
    return _FORMER_RACE if first_year(year) < _NEW_RACES else _RACE


def schools(path: Path, year: str, grouping: Grouping) -> tuple[Sheet, pd.DataFrame]:
    """Read one year's schools by group.

    Returns
    -------
    sheet : Sheet
        The file.
    schools : DataFrame
        ``code``, ``district_code``, ``school``, the groups and ``students``, by line; missing
        where suppressed.
    """
    read = export(
        path,
        (*_SCHOOL, *grouping.columns, grouping.total),
        title=f"Student Counts by School and {grouping.title}",
        year=year,
    )
    found = pd.DataFrame(
        {
            "code": read.code("School Code"),
            "district_code": read.code("District Code"),
            "school": read.text("School"),
        }
    ).join(_counts(read, grouping))
    read.once(found["code"], "School Code", "school")
    return read, found


def districts(
    path: Path, year: str, grouping: Grouping = YEAR, known: Mapping[str, str] | None = None
) -> tuple[Sheet, pd.DataFrame]:
    """Read one year's districts by group, and the state with the code 0000000.

    Parameters
    ----------
    grouping : Grouping, optional
        The groups that it must hold.
    known : mapping of str to str, optional
        Codes by the name that EdSight prints, for a district whose code the file leaves blank.

    Returns
    -------
    sheet : Sheet
        The file.
    districts : DataFrame
        ``code``, ``district``, the groups and ``students``, by line.
    """
    read = export(
        path,
        (*_DISTRICT, *grouping.columns, grouping.total),
        title=f"Student Counts by District and {grouping.title}",
        year=year,
    )
    names = read.text("District")
    is_state = names == "Total"
    codes = read["District Code"]
    named = names.map(lambda name: (known or {}).get(name, ""))
    codes = codes.mask(codes == "", named).mask(is_state, STATE)
    codes = read.put("District Code", codes).code("District Code")
    read.once(codes, "District Code", "district")
    if not is_state.any():
        problem, told = "The state's total is missing: the file was cut short.", 'a line "Total"'
        raise read.fault(None, problem, "District", told, f"{len(codes)} districts and no total")
    counts = _counts(read, grouping)
    for column, name in {grouping.total: "students", **grouping.columns}.items():
        parts = counts.loc[~is_state, [name]].T.set_axis(codes.index[is_state])
        read.add_up(column, counts.loc[is_state, name], sheet.across(parts))
    found = pd.DataFrame({"code": codes, "district": names.mask(is_state, STATE_NAME)})
    return read, found.join(counts)


def check_totals(
    read: Sheet, units: pd.DataFrame, totals: pd.Series, column: str, *, both: bool = False
) -> None:
    """Refuse a file that contradicts the year's totals.

    Parameters
    ----------
    read, units : Sheet, DataFrame
        The file, and what was read from it.
    totals : Series
        The year's students by code; missing where suppressed.
    column : str
        The column of codes.
    both : bool, optional
        Whether the two must suppress the same totals; else a suppressed one contradicts nothing.
    """
    listed = units["code"].isin(totals.index)
    problem = "A line stands in no file of the year's totals."
    read.refuse(~listed, problem, column, "a code that has a total")
    expected = units["code"].map(totals)
    differs = units["students"] != expected
    if both:
        differs = differs.fillna(value=False) | (units["students"].isna() != expected.isna())
    problem = "Two files of one year print different totals."
    told = expected.astype("str").fillna("*") + ", as in the year's file of totals"
    read.refuse(differs, problem, read.cells.columns[-1], told)
    if lost := sorted({*totals.index} - {*units["code"]}):
        problem = "The file lacks what the year's file of totals lists."
        found = f"{len(units)} lines, none of them for {', '.join(lost[:3])}"
        raise read.fault(None, problem, column, f"a line for each of {len(totals)} codes", found)


def by_grade(units: pd.DataFrame) -> pd.DataFrame:
    """Return ``code``, ``grade`` and ``students`` of the grades taught; a printed 0 is not."""
    wide = units[["code", *GRADE.groups]]
    grades = wide.melt("code", var_name="grade", value_name="students")
    return grades[grades["students"].ne(0).fillna(value=True)]


def revised(path: Path) -> pd.DataFrame:
    """Read the typed file of EdSight's later counts of districts.

    Returns
    -------
    DataFrame
        ``school_year``, ``district_code``, ``students``.
    """
    read = sheet.table(path, ("district", "district_code", "school_year", "enrollment_total"))
    codes = read["district_code"].mask(read["district"] == _TYPED_STATE, STATE)
    codes = read.put("district_code", codes).code("district_code")
    found = pd.DataFrame({"school_year": read.text("school_year"), "district_code": codes})
    read.once(found, "district_code", "district")
    return found.assign(students=read.count("enrollment_total", SUPPRESSED))


def _counts(read: Sheet, grouping: Grouping) -> pd.DataFrame:
    """Return the groups and all students, which they must add up to."""
    groups = read.counts(grouping.columns, SUPPRESSED)
    students = read.count(grouping.total, SUPPRESSED)
    if grouping.columns:
        read.add_up(grouping.total, students, sheet.across(groups))
    return groups.assign(students=students)

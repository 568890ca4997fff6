"""EdSight's report on the state's tests, Smarter Balanced, by district and for the state."""

from pathlib import Path

import pandas as pd

from dme.tables.importers import rows
from dme.tables.importers.edsight import SUPPRESSED, check_sum
from dme.tables.importers.edsight_reports import (
    ALL,
    STATE,
    SUBJECT,
    Part,
    check_part,
    check_share,
    percent,
    report,
    result_name,
    word,
)
from dme.tables.importers.rows import Row

COUNTS = (
    "students",
    "tested",
    "scored",
    "level_1",
    "level_2",
    "level_3",
    "level_4",
    "level_3_4",
)

_GRADES = {f"{grade:02d}": str(grade) for grade in (*range(3, 9), 11)}
_GROUPS = {
    "level_1": "Level 1Not Met",
    "level_2": "Level 2Approaching",
    "level_3": "Level 3Met",
    "level_4": "Level 4Exceeded",
    "level_3_4": "Level 3&4Met or Exceeded",
}
_LEVEL_COUNTS = {
    "level_1": "Level 1 Not Met  Count",
    "level_2": "Level 2 Approaching  Count",
    "level_3": "Level 3 Met  Count",
    "level_4": "Level 4 Exceeded  Count",
    "level_3_4": "Level 3&4 Met or Exceeded Count",
}
_STUDENTS, _TESTED = "Total Numberof Students", "Total NumberTested"
_PARTICIPATION = "Smarter BalancedParticipationRate"
_SCORED, _AVERAGE = "Total Number with Scored Tests", "AverageVSS"


def smarter_balanced(path: Path, year: str, part: Part) -> pd.DataFrame:
    """Read one file of Smarter Balanced results.

    Returns
    -------
    pandas.DataFrame
        ``line``, ``school_year``, ``district_code`` (the state's is 0000000), ``grade``,
        ``subject``, ``group``, the `COUNTS`, ``average_score``. What is withheld is missing. The
        percentages are checked against their counts and left out.

    Raises
    ------
    TableError
        If it is not that file of that year, a row stands twice, or a row contradicts itself.
    """
    found = []
    for row in report(
        path,
        title="Smarter Balanced Assessments",
        year=year,
        scope=_scope(part),
        columns=_columns(part),
    ):
        found.append((row, _about(row, part) | _results(row, part)))
    rows.once(((row, result_name(about)) for row, about in found), "Subject", "result")
    frame = pd.DataFrame([about | {"line": row.line, "school_year": year} for row, about in found])
    return frame.astype(dict.fromkeys((*COUNTS, "average_score"), "Int64"))


def _scope(part: Part) -> str:
    grades = "All Grades" if part.by_grade else "All Grades Combined"
    return f"{part.place}, ELA and Math, {grades}, All Students"


def _columns(part: Part) -> tuple[str, ...]:
    levels = (
        label for level, count in _LEVEL_COUNTS.items() for label in (count, f"{_GROUPS[level]}: %")
    )
    return (
        "District",
        *(("District Code",) if part.area == "district" else ()),
        *(("Grade",) if part.by_grade else ()),
        "Subject",
        *(_STUDENTS, _TESTED, _PARTICIPATION, _SCORED),
        *levels,
        *((_AVERAGE,) if part.by_grade else ()),
    )


def _about(row: Row, part: Part) -> dict[str, object]:
    return {
        "district_code": STATE if part.area == "state" else row.code("District Code"),
        "grade": word(row, "Grade", _GRADES) if part.by_grade else ALL,
        "subject": word(row, "Subject", SUBJECT),
        "group": ALL,
    }


def _results(row: Row, part: Part) -> dict[str, object]:
    students, tested, scored = (
        row.count(column, SUPPRESSED) for column in (_STUDENTS, _TESTED, _SCORED)
    )
    check_part(row, _TESTED, tested, students)
    check_part(row, _SCORED, scored, tested)
    check_share(row, _PARTICIPATION, percent(row, _PARTICIPATION), tested, students)
    return {
        "students": students,
        "tested": tested,
        "scored": scored,
        **_levels(row, scored),
        "average_score": row.count(_AVERAGE, SUPPRESSED) if part.by_grade else None,
    }


def _levels(row: Row, scored: int | None) -> dict[str, int | None]:
    """Return the counts by level, checked."""
    counts = {level: row.count(column, SUPPRESSED) for level, column in _LEVEL_COUNTS.items()}
    check_sum(row, _SCORED, scored, [counts[f"level_{level}"] for level in range(1, 5)])
    both = _LEVEL_COUNTS["level_3_4"]
    check_sum(row, both, counts["level_3_4"], [counts["level_3"], counts["level_4"]])
    for level, group in _GROUPS.items():
        check_share(row, f"{group}: %", percent(row, f"{group}: %"), counts[level], scored)
    return counts

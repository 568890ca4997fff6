"""EdSight's reports on the state's tests: Smarter Balanced, and the SAT taken in school."""

from collections.abc import Iterable, Mapping
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

_HIGH_NEEDS = "High Needs (F, R, ELL or SWD)"
_NEEDS = {"Y": "high_needs", "N": "not_high_needs"}
_GRADES = {f"{grade:02d}": str(grade) for grade in (*range(3, 9), 11)}
_PLACES = {
    "school": ("District", "District Code", "School", "School Code"),
    "district": ("District", "District Code"),
    "state": ("District",),
}
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
_SAT_SCORED, _SAT_AVERAGE = "Total Numberwith Scored Tests", "AverageScore"


def smarter_balanced(path: Path, year: str, part: Part) -> pd.DataFrame:
    """Read one file of Smarter Balanced results.

    Returns
    -------
    pandas.DataFrame
        ``line``, ``school_year``, ``district_code`` (the state's is 0000000), for schools also
        ``school_code`` and ``school``; ``grade``, ``subject``, ``group_kind``, ``group``, the
        `COUNTS`, ``participation_percent``, ``level_3_4_percent``, ``average_score``. What is
        withheld is missing. The percentages at the other levels are checked against their counts
        and left out.

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
    return _frame(about | {"line": row.line, "school_year": year} for row, about in found)


def sat(path: Path, year: str) -> pd.DataFrame:
    """Read the report on the SAT that grade 11 takes in school.

    Returns
    -------
    pandas.DataFrame
        ``school_year``, ``district_code``, ``school_code``, ``school``, ``subject``,
        ``scored``, ``level_1`` to ``level_4``, ``level_3_4``, ``level_3_4_percent``,
        ``average_score``.

    Raises
    ------
    TableError
        If it is another file, a row stands twice, or a row contradicts itself.
    """
    counts = {level: f"{group}: Count" for level, group in _GROUPS.items()}
    levels = (f"{group}: {name}" for group in _GROUPS.values() for name in ("Count", "%"))
    columns = (*_PLACES["school"], "Subject", _SAT_SCORED, *levels, _SAT_AVERAGE)
    found = []
    for row in report(
        path,
        title="CT School Day SAT",
        year=year,
        scope="All Districts, All Subjects, All Students",
        columns=columns,
    ):
        about = _place(row, "school") | {"subject": word(row, "Subject", SUBJECT)}
        scored = row.count(_SAT_SCORED, SUPPRESSED)
        about |= {"scored": scored} | _levels(row, _SAT_SCORED, scored, counts)
        found.append((row, about | {"average_score": row.count(_SAT_AVERAGE, SUPPRESSED)}))
    rows.once(((row, result_name(about)) for row, about in found), "Subject", "result")
    return _frame(about | {"line": row.line, "school_year": year} for row, about in found)


def _scope(part: Part) -> str:
    grades = "All Grades" if part.by_grade else "All Grades Combined"
    group = "All Students" if part.group_kind == ALL else "High Needs (F/R, EL or SWD)"
    return f"{part.place}, ELA and Math, {grades}, {group}"


def _columns(part: Part) -> tuple[str, ...]:
    levels = (
        label for level, count in _LEVEL_COUNTS.items() for label in (count, f"{_GROUPS[level]}: %")
    )
    return (
        *_PLACES[part.area],
        *(("Grade",) if part.by_grade else ()),
        "Subject",
        *(() if part.group_kind == ALL else (_HIGH_NEEDS,)),
        *(_STUDENTS, _TESTED, _PARTICIPATION, _SCORED),
        *levels,
        *((_AVERAGE,) if part.by_grade else ()),
    )


def _place(row: Row, area: str) -> dict[str, object]:
    if area == "state":
        return {"district_code": STATE}
    place: dict[str, object] = {"district_code": row.code("District Code")}
    if area == "school":
        place |= {"school_code": row.code("School Code"), "school": row.text("School")}
    return place


def _about(row: Row, part: Part) -> dict[str, object]:
    return _place(row, part.area) | {
        "grade": word(row, "Grade", _GRADES) if part.by_grade else ALL,
        "subject": word(row, "Subject", SUBJECT),
        "group_kind": part.group_kind,
        "group": word(row, _HIGH_NEEDS, _NEEDS) if part.group_kind != ALL else ALL,
    }


def _results(row: Row, part: Part) -> dict[str, object]:
    students, tested, scored = (
        row.count(column, SUPPRESSED) for column in (_STUDENTS, _TESTED, _SCORED)
    )
    check_part(row, _TESTED, tested, students)
    check_part(row, _SCORED, scored, tested)
    participation = percent(row, _PARTICIPATION)
    check_share(row, _PARTICIPATION, participation, tested, students)
    levels = _levels(row, _SCORED, scored, _LEVEL_COUNTS)
    average = row.count(_AVERAGE, SUPPRESSED) if part.by_grade else None
    return {
        "students": students,
        "tested": tested,
        "participation_percent": participation,
        "scored": scored,
        **levels,
        "average_score": average,
    }


def _levels(
    row: Row, total: str, scored: int | None, columns: Mapping[str, str]
) -> dict[str, object]:
    """Return the counts by level, checked, and the percentage at levels 3 and 4."""
    counts = {level: row.count(column, SUPPRESSED) for level, column in columns.items()}
    check_sum(row, total, scored, [counts[f"level_{level}"] for level in range(1, 5)])
    check_sum(
        row, columns["level_3_4"], counts["level_3_4"], [counts["level_3"], counts["level_4"]]
    )
    for level, group in _GROUPS.items():
        share = percent(row, f"{group}: %")
        check_share(row, f"{group}: %", share, counts[level], scored)
    return counts | {"level_3_4_percent": share}


def _frame(found: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    frame = pd.DataFrame(list(found))
    whole = [name for name in (*COUNTS, "average_score") if name in frame]
    real = [name for name in ("participation_percent", "level_3_4_percent") if name in frame]
    return frame.astype(dict.fromkeys(whole, "Int64") | dict.fromkeys(real, "float64"))

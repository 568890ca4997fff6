"""EdSight's report on growth: students matched from one year's Smarter Balanced to the next's."""

from pathlib import Path

import pandas as pd

from dme.tables.importers import rows
from dme.tables.importers.edsight import SUPPRESSED
from dme.tables.importers.edsight_reports import (
    ALL,
    STATE,
    SUBJECT,
    Part,
    percent,
    report,
    result_name,
    word,
)
from dme.tables.importers.rows import Row
from dme.text import school_year

_GRADES = {str(grade): str(grade) for grade in range(4, 9)}
# Scope of the file, heading of the group's column, and its values, by kind of group.
_GROUPS: dict[str, tuple[str, str, dict[str, str]]] = {
    ALL: ("All Students", "", {}),
    "high_needs": (
        "High Needs (F, R, ELL or SWD)",
        "High Needs (F/R, EL or SWD)",
        {"High Needs": "high_needs", "Non-High Needs": "not_high_needs"},
    ),
    "race": (
        "Race",
        "Race/Ethnicity",
        {
            "American Indian or Alaska Native": "american_indian",
            "Asian": "asian",
            "Black or African American": "black",
            "Hispanic/Latino of any race": "hispanic",
            "Native Hawaiian or Other Pacific Islander": "pacific_islander",
            "Two or More Races": "two_or_more",
            "White": "white",
        },
    ),
}
_MATCHED = "Number ofMatched Students"
_RATE, _TARGET = "Growth Rate", "Average Percentageof Target Achieved"
# Two averages and their difference are each rounded to a point.
_ROUNDING = 1


def growth(path: Path, year: str, part: Part) -> pd.DataFrame:
    """Read one file of the growth report.

    Returns
    -------
    pandas.DataFrame
        ``line``, ``school_year``, ``district_code`` (the state's is 0000000), for schools also
        ``school_code`` and ``school``; ``grade``, ``subject``, ``group_kind``, ``group``,
        ``students``, ``growth_rate_percent``, ``target_achieved_percent``,
        ``average_score_before``, ``average_score``, ``average_gain``. What is withheld is
        missing, and so are the scores of all grades together, which have none.

    Raises
    ------
    TableError
        If it is not that file of that year, a row stands twice, a percentage is not 0 to 100,
        or a gain is not the difference of its two averages.
    """
    found = [
        (row, _about(row, part) | _results(row, part, year))
        for row in report(
            path,
            title="Smarter Balanced Growth Report",
            year=year,
            scope=f"{part.place}, {_GROUPS[part.group_kind][0]}",
            columns=_columns(part, year),
        )
    ]
    rows.once(((row, result_name(about)) for row, about in found), "Subject", "result")
    frame = pd.DataFrame([about | {"line": row.line, "school_year": year} for row, about in found])
    whole = ("students", "average_score_before", "average_score", "average_gain")
    real = ("growth_rate_percent", "target_achieved_percent")
    return frame.astype(dict.fromkeys(whole, "Int64") | dict.fromkeys(real, "float64"))


def _columns(part: Part, year: str) -> tuple[str, ...]:
    group = _GROUPS[part.group_kind][1]
    return (
        *("District Code", "District"),
        *(("School Code", "School") if part.area == "school" else ()),
        *(("Grade",) if part.by_grade else ()),
        "Subject",
        *((group,) if group else ()),
        _MATCHED,
        *((_before(year), year, "Gain") if part.by_grade else ()),
        *(_RATE, _TARGET),
    )


def _about(row: Row, part: Part) -> dict[str, object]:
    code = row.code("District Code")
    if part.area == "state" and code != STATE:
        raise row.refuse(
            problem="A row is not the state's.", column="District Code", expected=STATE
        )
    place: dict[str, object] = {"district_code": code}
    if part.area == "school":
        place |= {"school_code": row.code("School Code"), "school": row.text("School")}
    _, column, words = _GROUPS[part.group_kind]
    return place | {
        "grade": word(row, "Grade", _GRADES) if part.by_grade else ALL,
        "subject": word(row, "Subject", SUBJECT),
        "group_kind": part.group_kind,
        "group": word(row, column, words) if column else ALL,
    }


def _results(row: Row, part: Part, year: str) -> dict[str, object]:
    before = after = gain = None
    if part.by_grade:
        before, after = (row.count(column, SUPPRESSED) for column in (_before(year), year))
        gain = row.number("Gain", SUPPRESSED)
        if None not in (before, after, gain) and abs(gain - (after - before)) > _ROUNDING:
            raise row.refuse(
                problem="A gain is not the difference of its two averages.",
                column="Gain",
                expected=f"{after - before}, give or take {_ROUNDING}",
            )
    return {
        "students": row.count(_MATCHED, SUPPRESSED),
        "growth_rate_percent": percent(row, _RATE, "%"),
        "target_achieved_percent": percent(row, _TARGET, "%"),
        "average_score_before": before,
        "average_score": after,
        "average_gain": gain,
    }


def _before(year: str) -> str:
    return school_year(int(year[:4]) - 1)

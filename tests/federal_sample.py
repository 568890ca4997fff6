"""The sample of federal files: figures of Connecticut's tables, set in the federal layouts.

``python -m tests.federal_sample`` writes ``data/samples/federal`` anew; a test holds the files
against what this module writes. Ids are made of the state's codes.
"""

import csv
import gzip
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from dme import paths
from dme.tables import load
from dme.tables.importers.federal.ccd import RACES
from dme.tables.importers.federal.crdc import AMOUNTS
from dme.tables.importers.federal.f33 import AMOUNTS as FINANCES

FOLDER = Path("data/samples/federal")
NEW_HAVEN, EAST_HARTFORD = "0900093", "0900043"
DISTRICTS = ("0150011", "0430011", "0930011", "1510011")
"""Bridgeport, East Hartford, New Haven, Waterbury."""
OF_DISTRICTS = tuple(f"{year}-{year - 1999:02d}" for year in range(2007, 2017))
YEARS = ("2012-13", "2013-14", "2014-15", "2015-16", "2016-17")
STAFF_YEAR, SPENDING_YEAR, AFTER, FISCAL_YEAR = "2015-16", "2017-18", "2018-19", "2013-14"

Line = dict[str, Any]

_TOTAL, _UNCOUNTED = "Education Unit Total", "No Category Codes"
_RACE = "Derived - Subtotal by Race/Ethnicity and Sex minus Adult Education Count"
_SPANS = {"PK": "PK", "K": "KG"} | {str(grade): f"{grade:02d}" for grade in range(1, 13)}
_WORDS = {"PK": "Pre-Kindergarten", "K": "Kindergarten"}


def lea(code: str) -> str:
    """Return the sample's LEAID of a state's code of a district."""
    return f"09{int(code[:3]):05d}"


def school(code: str) -> str:
    """Return the sample's NCESSCH of a state's code of a school."""
    return lea(code) + f"0{code[3:]}"


def _own(name: str, year: str) -> pd.DataFrame:
    """Return a table's rows of the sample's districts in one year, a missing figure as blank."""
    rows = load(name)
    rows = rows[rows["school_year"] == year]
    if "district_code" not in rows:
        rows = rows.merge(load("schools")[["school_code", "district_code", "school"]])
    rows = rows[rows["district_code"].isin(DISTRICTS)]
    names = load("districts").set_index("district_code")["district"]
    rows = rows.assign(district=rows["district_code"].map(names))
    return rows.astype(object).where(rows.notna(), "")


def _where(row: pd.Series) -> Line:
    told = {
        "SCHOOL_YEAR": f"{row['school_year'][:5]}20{row['school_year'][5:]}",
        "ST": "CT",
        "LEAID": lea(row["district_code"]),
    }
    if "school_code" not in row:
        return told | {"LEA_NAME": row["district"]}
    return told | {"SCH_NAME": row["school"], "NCESSCH": school(row["school_code"])}


def _count(row: pd.Series, count: object, indicator: str = _TOTAL, **by: str) -> Line:
    return {
        **_where(row),
        "GRADE": by.get("grade", _UNCOUNTED),
        "RACE_ETHNICITY": by.get("race", _UNCOUNTED),
        "SEX": "Not Specified" if "race" in by else _UNCOUNTED,
        "STUDENT_COUNT": count,
        "TOTAL_INDICATOR": indicator,
        **_told(count),
    }


def membership(year: str) -> Iterator[Line]:
    """Yield the students of a year by school, by grade, and in one year by race."""
    if year not in YEARS:
        for _, row in _own("spending_schools", year).iterrows():
            yield _count(row, row["students"])
        return
    for _, row in _own("school_enrollment", year).iterrows():
        yield _count(row, row["students"])
    if year < STAFF_YEAR:
        return
    for _, row in _own("school_enrollment_by_grade", year).iterrows():
        yield _graded(row)
    for _, row in _own("school_enrollment_by_group", year).iterrows() if year == YEARS[-1] else ():
        for words, race in RACES.items():
            if race != "race_not_reported":
                yield _count(row, row[race], _RACE, race=words)


def lea_membership(year: str) -> Iterator[Line]:
    """Yield the students of each district by grade."""
    counts = _own("district_enrollment", year)
    for _, row in counts[counts["edition"] == "annual"].iterrows():
        yield _count(row, row["students"])
    for _, row in _own("district_enrollment_by_grade", year).iterrows():
        yield _graded(row)


def _graded(row: pd.Series) -> Line:
    grade = _WORDS.get(row["grade"], f"Grade {row['grade']}")
    return _count(row, row["students"], "Subtotal 4 - By Grade", grade=grade)


def directory() -> Iterator[Line]:
    """Yield the schools of the year of spending, with the span of their grades."""
    for _, row in _own("spending_schools", SPENDING_YEAR).iterrows():
        yield {
            **_where(row),
            "LEA_NAME": row["district"],
            "GSLO": _SPANS[row["low_grade"]],
            "GSHI": _SPANS[row["high_grade"]],
        }


def school_staff() -> Iterator[Line]:
    """Yield the teachers of each school, general and special education together."""
    for _, row in _own("school_staff", STAFF_YEAR).iterrows():
        teachers = _added(row, "teachers", "special_education_teachers")
        yield {**_where(row), "TEACHERS": teachers, "TOTAL_INDICATOR": _TOTAL, **_told(teachers)}


def lea_staff(year: str) -> Iterator[Line]:
    """Yield the staff of each district by kind."""
    for _, row in _own("district_staff", year).iterrows():
        for kind, columns in _STAFF.items():
            derived = "Derived - Major Staffing Category"
            indicator = derived if kind == "Teachers" else "Category Set A"
            count = _added(row, *columns)
            line = {"STAFF": kind, "STAFF_COUNT": count, "TOTAL_INDICATOR": indicator}
            yield {**_where(row), **line, **_told(count)}


_STAFF = {
    "Teachers": ("teachers", "special_education_teachers"),
    "Paraprofessionals/Instructional Aides": (
        "paraprofessionals",
        "special_education_paraprofessionals",
    ),
    "Instructional Coordinators and Supervisors to the Staff": ("instructional_specialists",),
    "Librarians/media specialists": ("librarians",),
    "School administrators": ("administrators",),
    "LEA Administrators": ("central_administrators",),
}


def _added(row: pd.Series, *columns: str) -> object:
    """Return a sum, blank where a part is."""
    parts = [row[column] for column in columns]
    return "" if "" in parts else round(sum(parts), 2)


def _told(count: object) -> Line:
    return {"DMS_FLAG": "Missing" if count == "" else "Reported"}


def finances() -> Iterator[Line]:
    """Yield what each district spends by function; what the state does not tell is missing."""
    for _, row in _own("district_spending_by_function", FISCAL_YEAR).iterrows():
        told = {
            "instruction": row["instructional_staff"] + row["instructional_supplies"],
            "staff_support": row["instruction_and_media"],
            "pupil_support": row["student_support"],
            "plant_operation": row["plant"],
            "transportation": row["transportation"],
            "other_current": row["other"],
            "current_spending": row["total"],
        }
        yield _account(row, told)


def totals(year: str) -> Iterator[Line]:
    """Yield what each district spends in all: the state's dollars per pupil times its students."""
    for _, row in _own("district_spending", year).iterrows():
        students = _students(row)
        yield _account(row, {"current_spending": row["dollars_per_pupil"] * students})


def _account(row: pd.Series, told: dict[str, int]) -> Line:
    return {
        "LEAID": lea(row["district_code"]),
        "NAME": row["district"],
        "STABBR": "CT",
        "YEAR": row["school_year"][5:],
        "V33": _students(row),
        **{column: told.get(name, -1) for name, column in FINANCES.items()},
    }


def _students(row: pd.Series) -> int:
    counts = _own("district_enrollment", row["school_year"])
    own = counts[counts["district_code"] == row["district_code"]]
    return int(own.loc[own["edition"] == "annual", "students"].iloc[0])


def places() -> Iterator[Line]:
    """Yield where the schools stand, by the state's directory."""
    copy = load("school_directory").query("edition == '2020-02'").set_index("school_code")
    for _, row in _own("school_enrollment", YEARS[-1]).iterrows():
        if row["school_code"] in copy.index:
            spot = copy.loc[row["school_code"]]
            yield {
                "NCESSCH": school(row["school_code"]),
                "LAT": spot["latitude"],
                "LON": spot["longitude"],
                "LOCALE": "M",
                "SCHOOLYEAR": "2017-2018",
            }


def spending() -> Iterator[Line]:
    """Yield what each school spends: all of it under salaries, as the state tells no parts."""
    for _, row in _own("spending_schools", SPENDING_YEAR).iterrows():
        if row["dollars_per_pupil"] != "":
            told = {"personnel": row["dollars_per_pupil"] * row["students"], "non_personnel": 0}
            yield {
                "LEA_STATE": "CT",
                "LEAID": lea(row["district_code"]),
                "LEA_NAME": row["district"],
                "SCHID": school(row["school_code"])[7:],
                "SCH_NAME": row["school"],
                "COMBOKEY": school(row["school_code"]),
                **{column: told.get(name.removesuffix("_all_funds"), -9)
                   for name, column in AMOUNTS.items()},
                "SCH_FTE_TEACH_WOFED": -9,
            }  # fmt: skip


def _text(lines: Iterable[Line], separator: str = ",") -> str:
    rows, out = list(lines), io.StringIO()
    writer = csv.DictWriter(out, rows[0], delimiter=separator, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def files() -> dict[str, str]:
    """Return the texts of the sample's files by name; those that end in gz are packed."""
    return {
        **{f"ccd_sch_052_{_short(year)}.csv.gz": _text(membership(year)) for year in YEARS},
        **{
            f"ccd_sch_052_{_short(year)}.csv.gz": _text(membership(year))
            for year in (SPENDING_YEAR, AFTER)
        },
        **{
            f"ccd_lea_052_{_short(year)}.csv.gz": _text(lea_membership(year))
            for year in OF_DISTRICTS
        },
        f"ccd_sch_029_{_short(SPENDING_YEAR)}.csv": _text(directory()),
        f"ccd_sch_059_{_short(STAFF_YEAR)}.csv": _text(school_staff()),
        **{
            f"ccd_lea_059_{_short(year)}.csv": _text(lea_staff(year))
            for year in (FISCAL_YEAR, STAFF_YEAR)
        },
        f"sdf{FISCAL_YEAR[5:]}.txt": _text(finances(), "\t"),
        **{f"sdf{year[5:]}.txt": _text(totals(year), "\t") for year in (SPENDING_YEAR, AFTER)},
        "EDGE_GEOCODE_PUBLICSCH_1718.csv": _text(places()),
        "School Expenditures.csv.gz": _text(spending()),
    }


def _short(year: str) -> str:
    return year[2:4] + year[5:]


if __name__ == "__main__":
    folder = paths.home() / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files().items():
        content = text.encode()
        packed = gzip.compress(content, mtime=0) if name.endswith(".gz") else content
        (folder / name).write_bytes(packed)

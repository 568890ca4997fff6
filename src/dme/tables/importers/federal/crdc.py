"""The Civil Rights Data Collection (CRDC): what each school spends on staff and other things.

The Office for Civil Rights publishes the collections on https://civilrightsdata.ed.gov/data,
with a user's manual and the definitions of every column. Schools' spending was asked for up to
2017-18. Read are two layouts, comma-separated; neither prints its year, which the heading tells:

* 2017-18: the file ``School Expenditures.csv`` of 27 columns.
* 2015-16: the one file of all schools (``CRDC 2015-16 School Data.csv``, 1,836 columns), which
  also holds enrollment (TOT_ENR_M, TOT_ENR_F) and the grades (SCH_GRADE_PS to SCH_GRADE_G12).

Columns: LEA_STATE, LEAID, LEA_NAME, SCHID, SCH_NAME, COMBOKEY; SCH_SAL_TOTPERS_WOFED and _WFED
(salaries of all personnel), SCH_SAL_TEACH_, SCH_SAL_AID_, SCH_SAL_SUP_ and SCH_SAL_ADM_ (its
parts), SCH_NPE_ (non-personnel), SCH_FTE_TEACH_WOFED. WOFED is paid from state and local funds,
WFED from federal, state and local funds together.

A school's id is COMBOKEY. In the file of 2015-16 it is rounded (``1.20039E+11``), so there the id
is made of LEAID and SCHID, which have lost their zeros; in a file of 2017-18 SCHID is garbled, so
it is not read there. Negative whole numbers from -2 to -13 are reserve codes (skipped, not
applicable, suppressed, ...): there is no amount.
"""

from collections.abc import Sequence

import pandas as pd

from dme.tables.columns import GRADES
from dme.tables.importers.federal import files
from dme.tables.importers.federal.files import LEA_DIGITS, SCHOOL_DIGITS
from dme.tables.importers.federal.layouts import FederalFile, Layout
from dme.tables.importers.sheet import Sheet

RESERVE = tuple(str(-code) for code in range(2, 14))
_MISSING = ("", *RESERVE)

_FUNDS = {"state_local": "WOFED", "all_funds": "WFED"}
_PARTS = {
    "personnel": "SCH_SAL_TOTPERS",
    "teachers": "SCH_SAL_TEACH",
    "aides": "SCH_SAL_AID",
    "support": "SCH_SAL_SUP",
    "administration": "SCH_SAL_ADM",
    "non_personnel": "SCH_NPE",
}
AMOUNTS = {
    f"{part}_{fund}": f"{column}_{suffix}"
    for fund, suffix in _FUNDS.items()
    for part, column in _PARTS.items()
}
"""The amounts that are read, by the name that they get."""
_TEACHERS = "SCH_FTE_TEACH_WOFED"
_PUPILS = ("TOT_ENR_M", "TOT_ENR_F")
_TAUGHT = dict(zip(("PS", "KG", *(f"G{grade:02d}" for grade in range(1, 13))), GRADES, strict=True))
_GRADES = [f"SCH_GRADE_{name}" for name in _TAUGHT]
_WITHIN_DISTRICT = SCHOOL_DIGITS - LEA_DIGITS


def _layout(year: str, title: str, more: tuple[str, ...], without: tuple[str, ...]) -> Layout:
    named = ("LEA_STATE", "LEAID", "LEA_NAME", "SCHID", "SCH_NAME", "COMBOKEY")
    return Layout(
        "ocr-crdc-school-spending",
        title,
        (*named, *AMOUNTS.values(), _TEACHERS, *more),
        year,
        "LEA_STATE",
        without,
        "U.S. Department of Education, Office for Civil Rights",
        "https://civilrightsdata.ed.gov/data",
        years=year,
        words=dict.fromkeys(_GRADES, ("Yes", "No", "YES", "NO", *_MISSING)),
    )


LAYOUTS = (
    _layout("2017-18", "CRDC School Expenditures 2017-18", (), _PUPILS),
    _layout("2015-16", "CRDC school data 2015-16", _PUPILS, ()),
)


def spending(file: FederalFile, states: Sequence[str] | None) -> pd.DataFrame:
    """Read a collection's spending by school.

    Returns
    -------
    DataFrame
        ``school_year``, ``district_code``, ``district``, ``school_code``, ``school``, the
        `AMOUNTS` in dollars (missing where the file has a reserve code); and, missing where the
        collection's file does not hold them, ``students``, ``low_grade``, ``high_grade``.
    """
    read = files.whole_table(file, states, _GRADES)
    district = files.codes(read, "LEAID", LEA_DIGITS, read["LEA_STATE"])
    found = pd.DataFrame(
        {
            "school_year": file.year,
            "district_code": district,
            "district": read.blank("LEA_NAME").fillna(district),
            "school_code": _school_codes(file, read, district),
            "school": read.blank("SCH_NAME").fillna(read["SCHID"]),
            **{name: read.amount(column, _MISSING) for name, column in AMOUNTS.items()},
            "students": _students(file, read),
        },
        index=read.cells.index,
    )
    read.once(found["school_code"], "SCHID", "school")
    found["low_grade"], found["high_grade"] = _span(read.cells[_GRADES])
    return found


def _school_codes(file: FederalFile, read: Sheet, district: pd.Series) -> pd.Series:
    """Return schools' codes, from COMBOKEY or from the district and the school within it."""
    if not _has_pupils(file):
        found = files.codes(read, "COMBOKEY", SCHOOL_DIGITS, read["LEA_STATE"])
        strange = found.str[:LEA_DIGITS] != district
        problem, expected = "A school's id is not its district's.", "LEAID and five digits"
        read.refuse(strange, problem, "COMBOKEY", expected)
        return found
    wrong = ~read["SCHID"].str.fullmatch(rf"[0-9]{{1,{_WITHIN_DISTRICT}}}")
    read.refuse(wrong, "A school's number is none.", "SCHID", "up to five digits")
    return district + read["SCHID"].str.zfill(_WITHIN_DISTRICT)


def _has_pupils(file: FederalFile) -> bool:
    """Return whether it is the file of 2015-16, which holds enrollment too."""
    return set(_PUPILS) <= set(file.heading)


def _students(file: FederalFile, read: Sheet) -> pd.Series:
    """Return boys and girls together; missing where either is, or the file has no enrollment."""
    if not _has_pupils(file):
        return pd.Series(pd.NA, index=read.cells.index, dtype="Int64")
    boys, girls = (read.count(column, _MISSING) for column in _PUPILS)
    return boys + girls


def _span(cells: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return the lowest and the highest grade that is told with Yes."""
    # A file without these columns has them missing.
    taught = cells.apply(lambda column: column.str.casefold() == "yes").set_axis(GRADES, axis=1)
    some = taught.any(axis=1)
    low, high = taught.idxmax(axis=1), taught[[*reversed(GRADES)]].idxmax(axis=1)
    return low.where(some), high.where(some)

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

RESERVE = tuple(str(-code) for code in range(2, 14))

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
_WITHIN_DISTRICT = SCHOOL_DIGITS - LEA_DIGITS


def _layout(year: str, title: str, more: tuple[str, ...], without: tuple[str, ...]) -> Layout:
    named = ("LEA_STATE", "LEAID", "LEA_NAME", "SCHID", "SCH_NAME", "COMBOKEY")
    return Layout(
        "ocr-crdc-school-spending",
        title,
        (*named, *AMOUNTS.values(), _TEACHERS, *more),
        lambda _: year,
        "LEA_STATE",
        without,
        "U.S. Department of Education, Office for Civil Rights",
        "https://civilrightsdata.ed.gov/data",
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
        `AMOUNTS` in dollars (missing where the file has a reserve code), ``teachers_fte`` of
        state and local funds, ``reserve_codes`` (those of the line, missing where there are
        none); and, missing where the collection's file does not hold them, ``students``,
        ``low_grade``, ``high_grade``.

    Raises
    ------
    TableError
        If a code is none, an amount is none, or a school stands twice.
    """
    grades = [f"SCH_GRADE_{name}" for name in _TAUGHT]
    rows = files.whole_table(file, (*file.layout.columns, *grades), states)
    district = files.codes(file, rows["LEAID"], LEA_DIGITS, rows["LEA_STATE"])
    found = pd.DataFrame(
        {
            "school_year": file.year,
            "district_code": district,
            "district": rows["LEA_NAME"].where(rows["LEA_NAME"] != "", district),
            "school_code": _school_codes(file, rows, district),
            "school": rows["SCH_NAME"].where(rows["SCH_NAME"] != "", rows["SCHID"]),
        },
        index=rows.index,
    )
    files.once(file, found[["school_code"]], "school")
    for name, column in AMOUNTS.items():
        found[name] = files.numbers(file, rows[column], RESERVE)
    found["teachers_fte"] = files.numbers(file, rows[_TEACHERS], RESERVE)
    found["reserve_codes"] = _reserve(rows[[*AMOUNTS.values(), _TEACHERS]])
    found["students"] = _students(file, rows)
    found["low_grade"], found["high_grade"] = _span(rows[grades])
    return found


def _school_codes(file: FederalFile, rows: pd.DataFrame, district: pd.Series) -> pd.Series:
    """Return schools' codes, from COMBOKEY or from the district and the school within it."""
    if not _has_pupils(file):
        found = files.codes(file, rows["COMBOKEY"], SCHOOL_DIGITS, rows["LEA_STATE"])
        strange = rows["COMBOKEY"][found.str[:LEA_DIGITS] != district]
        if len(strange):
            problem, expected = "A school's id is not its district's.", "LEAID and five digits"
            raise files.refuse(file, strange, problem, expected)
        return found
    cells = rows["SCHID"]
    wrong = cells[~cells.str.fullmatch(rf"\d{{1,{_WITHIN_DISTRICT}}}")]
    if len(wrong):
        raise files.refuse(file, wrong, "A school's number is none.", "up to five digits")
    return district + cells.str.zfill(_WITHIN_DISTRICT)


def _has_pupils(file: FederalFile) -> bool:
    """Return whether it is the file of 2015-16, which holds enrollment too."""
    return set(_PUPILS) <= set(file.heading)


def _reserve(cells: pd.DataFrame) -> pd.Series:
    """Return the reserve codes of each line, each once, the nearest to zero first."""
    marked = pd.Series("", index=cells.index)
    for code in RESERVE:
        has = (cells == code).any(axis=1)
        marked = marked.where(~has, marked + f" {code}")
    marked = marked.str.strip()
    return marked.where(marked != "")


def _students(file: FederalFile, rows: pd.DataFrame) -> pd.Series:
    """Return boys and girls together; missing where either is, or the file has no enrollment."""
    if not _has_pupils(file):
        return pd.Series(pd.NA, index=rows.index, dtype="Int64")
    boys, girls = (files.counts(file, rows[column], RESERVE) for column in _PUPILS)
    return boys + girls


def _span(cells: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return the lowest and the highest grade that is told with Yes."""
    # A file without these columns has them empty.
    taught = cells.astype("str").apply(lambda column: column.str.casefold() == "yes").to_numpy()
    names = pd.Series(GRADES)
    low = pd.Series(names[taught.argmax(axis=1)].to_numpy(), index=cells.index)
    last = taught.shape[1] - 1 - taught[:, ::-1].argmax(axis=1)
    high = pd.Series(names[last].to_numpy(), index=cells.index)
    some = taught.any(axis=1)
    return low.where(some), high.where(some)

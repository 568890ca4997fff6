"""The federal counts of Hartford's schools: one line a school, one column a year."""

from pathlib import Path

import pandas as pd

from dme.tables.importers import sheet
from dme.text import school_year

_ID = "NCES School ID"
_YEARS = tuple(school_year(start) for start in range(1986, 2025))
_FIRST, _LAST = "first_year_present", "last_year_present"


def panel(path: Path) -> pd.DataFrame:
    """Read the students of each school and year.

    The file prints the ids as numbers, so each has lost its leading zero; here they are twelve
    digits again. A blank year has no row.

    Returns
    -------
    DataFrame
        ``school_year``, ``nces_id``, ``students``.
    """
    read = sheet.table(path, (_ID, _FIRST, _LAST, *_YEARS))
    expected = "0901920 or 090192 and digits, twelve in all"
    strange = ~read[_ID].str.fullmatch(r"0?90192\d{6}")
    read.refuse(strange, "A school's id is none of Hartford's.", _ID, expected)
    codes = read[_ID].str.zfill(12)
    read.once(codes, _ID, "school")
    students = read.counts({year: year for year in _YEARS}, ("",))
    found = (
        students.assign(nces_id=codes, line=students.index)
        .melt(["line", "nces_id"], var_name="school_year", value_name="students")
        .dropna(subset="students")
    )
    years = found.groupby("line")["school_year"].agg(["min", "max"]).reindex(students.index)
    for column, end in ((_FIRST, "min"), (_LAST, "max")):
        told = years[end].fillna("")
        problem = "The years with counts are not those the file says."
        read.refuse(read[column] != told, problem, column, told.mask(told == "", "no year"))
    return found[["school_year", "nces_id", "students"]].reset_index(drop=True)

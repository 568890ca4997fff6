"""The largest classes that Hartford's agreements with its teachers allow, as typed."""

from pathlib import Path

import pandas as pd

from dme.tables.columns import GRADES
from dme.tables.importers import sheet


def class_size_maxima(path: Path) -> pd.DataFrame:
    """Read the typed maxima.

    Returns
    -------
    DataFrame
        ``edition``, ``grade``, ``students``, ``address``, ``read``.
    """
    read = sheet.table(path, ("edition", "grade", "students", "address", "read"))
    found = pd.DataFrame(
        {
            "edition": read.text("edition"),
            "grade": read.grade("grade"),
            "students": read.count("students"),
            "address": read.text("address"),
            "read": read.flag("read"),
        }
    )
    read.once(found[["grade", "edition"]], "grade", "grade")
    grades = found.groupby("edition")["grade"].transform("size")
    read.refuse(
        (grades < len(GRADES)) & ~found.duplicated("edition", keep="last"),
        "A grade is missing from an edition.",
        "grade",
        "PK, K and 1 to 12",
        found["edition"] + ": " + grades.astype("str") + " grades",
    )
    return found.reset_index(drop=True)

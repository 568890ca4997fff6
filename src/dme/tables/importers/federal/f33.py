"""The School District Finance Survey (F-33): what districts take in and spend.

NCES publishes it for each fiscal year as tab-separated text (sdf*.txt) on
https://nces.ed.gov/ccd/f33agency.asp, with a documentation that lists its variables; fiscal year
2016 is the school year 2015-16. The layout gains and loses columns from year to year, so columns
are found by name; the names are those of fiscal years 2016 to 2023, and a file of another year
is read if it holds them all. Amounts are whole dollars. Some years write the names in small
letters.

A negative number is a mark, no amount: -1 missing, -2 not applicable, -3 and -9 taken out by
NCES because of their quality.
"""

from collections.abc import Sequence

import pandas as pd

from dme.tables.importers.federal import files
from dme.tables.importers.federal.files import LEA_DIGITS
from dme.tables.importers.federal.layouts import FederalFile, Layout

MARKS = ("", "-1", "-2", "-3", "-9")
# Amounts come in thousands in some states, so that parts may miss their total by a little.
_ROUNDING = 3_000

AMOUNTS = {
    "revenue": "TOTALREV",
    "revenue_federal": "TFEDREV",
    "revenue_state": "TSTREV",
    "revenue_local": "TLOCREV",
    "spending": "TOTALEXP",
    "current_spending": "TCURELSC",
    "instruction": "TCURINST",
    "support_services": "TCURSSVC",
    "pupil_support": "E17",
    "staff_support": "E07",
    "general_administration": "E08",
    "school_administration": "E09",
    "plant_operation": "V40",
    "transportation": "V45",
    "other_support": "V90",
    "other_current": "TCUROTH",
    "food_services": "E11",
    "non_elementary_secondary": "TNONELSE",
    "capital_outlay": "TCAPOUT",
}
"""The amounts that are read, by the name that they get."""


LAYOUT = Layout(
    "nces-f33",
    "F-33 school district finance survey (sdf)",
    ("LEAID", "NAME", "STABBR", "YEAR", "V33", *AMOUNTS.values()),
    "YEAR",
    "STABBR",
    fiscal=True,
    page="https://nces.ed.gov/ccd/f33agency.asp",
    years="2015-16 to 2022-23 (fiscal years 2016 to 2023), and later ones with the same columns",
)


def finances(file: FederalFile, states: Sequence[str] | None) -> tuple[pd.DataFrame, int, int]:
    """Read a year's finances.

    Returns
    -------
    finances : DataFrame
        ``school_year``, ``district_code``, ``district``, ``students`` (V33, the survey's own
        fall membership) and the `AMOUNTS` in dollars; missing where the survey has a mark.
    unknown : int
        Lines left out because LEAID is a number of the survey's own and no district's.
    uneven : int
        Districts whose revenue by source doesn't add up to the total.
    """
    read = files.whole_table(file, states)
    numbered = read["LEAID"].str.fullmatch(r"[0-9]+")
    read = read.only(numbered)
    found = pd.DataFrame(
        {
            "school_year": file.year,
            "district_code": files.codes(read, "LEAID", LEA_DIGITS, read["STABBR"]),
            "district": read.blank("NAME").fillna(read["LEAID"]),
        },
        index=read.cells.index,
    )
    columns = {"V33": "students"} | {column: name for name, column in AMOUNTS.items()}
    found = found.join(read.counts(columns, MARKS))
    read.once(found["district_code"], "LEAID", "district")
    parts = found[["revenue_federal", "revenue_state", "revenue_local"]].sum(axis=1, skipna=False)
    uneven = (parts - found["revenue"]).abs().gt(_ROUNDING).fillna(False)
    return found, int((~numbered).sum()), int(uneven.sum())

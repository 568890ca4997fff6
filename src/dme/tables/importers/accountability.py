"""The state's Next Generation Accountability System, as typed from its table: one year."""

from decimal import Decimal
from pathlib import Path

import pandas as pd

from dme.tables.importers import sheet
from dme.tables.importers.edsight import STATE
from dme.tables.importers.sheet import Sheet
from dme.text import school_year

# Printed as points of an index from 0.
INDEXES = {
    "accountability_index": "accountability_index",
    "ela_index": "ind1_ela_all_index",
    "math_index": "ind1_math_all_index",
}
# Printed as shares of 1; a percentage is the same figure with the point two digits on.
SHARES = {
    "ela_target_achieved_percent": "ind2_ela_growth_all_rate",
    "math_target_achieved_percent": "ind2_math_growth_all_rate",
    "ela_target_achieved_high_needs_percent": "ind2_ela_growth_highneeds_rate",
    "math_target_achieved_high_needs_percent": "ind2_math_growth_highneeds_rate",
    "chronic_absence_percent": "ind4_chronic_absent_all",
    "chronic_absence_high_needs_percent": "ind4_chronic_absent_highneeds",
    "on_track_percent": "ind7_ontrack_9th",
    "graduation_percent": "ind8_grad_4yr_all",
    "arts_percent": "ind12_arts_access",
}
_ABOUT = ("fall_of_year", "district_code", "school", "school_code", "low_grade", "high_grade")
_CATEGORY = "final_category"
_BLANK = ("",)


def accountability(path: Path, year: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read the typed table.

    Parameters
    ----------
    year : str
        The school year that its rows must be of; the file names it by its autumn.

    Returns
    -------
    schools : DataFrame
        ``school_year``, ``district_code``, ``school_code``, ``school``, ``low_grade``,
        ``high_grade``, ``category``, the `INDEXES`, the `SHARES` as percentages.
    districts : DataFrame
        The same for the rows that are a district's or the state's, without the columns of a
        school.
    """
    read = sheet.table(path, (*_ABOUT, _CATEGORY, *INDEXES.values(), *SHARES.values()))
    other = read.count("fall_of_year").map(school_year) != year
    read.refuse(other, "A row is of another year.", "fall_of_year", year[:4])
    codes = {name: read.code(name) for name in ("district_code", "school_code")}
    whole = codes["school_code"] == STATE
    of_schools = read.only(~whole)
    category = read.within(_CATEGORY, (1, 5), "A category is none.", _BLANK)
    found = pd.DataFrame(
        {
            "school_year": year,
            **codes,
            "school": read.text("school"),
            "category": category.astype("Int64"),
            **{name: of_schools.grade(name) for name in ("low_grade", "high_grade")},
            **{name: read.amount(column, _BLANK) for name, column in INDEXES.items()},
            **{name: _share(read, column) for name, column in SHARES.items()},
        }
    )
    read.once(found[[*codes]], "school_code", "school")
    alone = ["school_code", "school", "low_grade", "high_grade", "category"]
    return found[~whole].reset_index(drop=True), found[whole].drop(columns=alone)


def _share(read: Sheet, column: str) -> pd.Series:
    found = read.within(column, (0, 1), "A cell is no share.", _BLANK)
    # In decimal digits, so that 0.554 is 55.4 and not a little more.
    printed = read[column].where(found.notna())
    return printed.map(lambda cell: float(Decimal(cell) * 100), na_action="ignore").astype(
        "float64"
    )

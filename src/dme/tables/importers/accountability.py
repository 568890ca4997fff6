"""The state's Next Generation Accountability System, as typed from its tables."""

from collections.abc import Iterable
from dataclasses import dataclass
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
    "science_index": "ind1_sci_all_index",
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
_ABOUT = ("fall_of_year", "district_code", "school", "school_code")
_GRADES = ("low_grade", "high_grade")
_CATEGORY = "final_category"
_POINTS, _POSSIBLE = "total_points", "total_possible_points"
_BLANK = ("",)
_ROUNDING = 0.00001


@dataclass(frozen=True)
class Form:
    """Which columns of the state's table were typed.

    Attributes
    ----------
    figures : frozenset of str
        Of the `INDEXES` and `SHARES`, by the names used here.
    described : bool
        Whether each school's grades and category were.
    points : bool
        Whether the points were that the index is of.
    """

    figures: frozenset[str]
    described: bool = True
    points: bool = True

    @property
    def columns(self) -> tuple[str, ...]:
        """The headings that the file must hold."""
        figures = (_FIGURES[name] for name in self.among(_FIGURES))
        described = (*_GRADES, _CATEGORY) if self.described else ()
        return (*_ABOUT, *figures, *described, *((_POINTS, _POSSIBLE) if self.points else ()))

    def among(self, names: Iterable[str]) -> list[str]:
        """Return those of `names` that were typed."""
        return [name for name in names if name in self.figures]


_FIGURES = INDEXES | SHARES
_LATE = {"on_track_percent", "graduation_percent", "arts_percent"}
FIRST = Form(frozenset(_FIGURES) - {"science_index"}, points=False)
LATER = Form(frozenset(_FIGURES) - _LATE)
OF_PEERS = Form(
    frozenset(
        {
            "accountability_index",
            "ela_target_achieved_percent",
            "math_target_achieved_percent",
            "chronic_absence_percent",
        }
    ),
    described=False,
)


def accountability(path: Path, year: str, form: Form) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read a typed table.

    Parameters
    ----------
    year : str
        The school year that its rows must be of; the file names it by its autumn.
    form : Form
        Which columns it has.

    Returns
    -------
    schools : DataFrame
        ``school_year``, ``district_code``, ``school_code``, ``school``, ``low_grade``,
        ``high_grade``, ``category``, the `INDEXES`, the `SHARES` as percentages; what the form
        lacks is missing.
    districts : DataFrame
        The same for the rows that are a district's or the state's, without the columns of a
        school.
    """
    read = sheet.table(path, form.columns)
    other = read.count("fall_of_year").map(school_year) != year
    read.refuse(other, "A row is of another year.", "fall_of_year", year[:4])
    codes = {name: read.code(name) for name in ("district_code", "school_code")}
    whole = codes["school_code"] == STATE
    found = pd.DataFrame(
        {
            "school_year": year,
            **codes,
            "school": read.text("school"),
            **_described(read, whole, form),
            **{
                name: read.amount(INDEXES[name], _BLANK) for name in INDEXES if name in form.figures
            },
            **{name: _share(read, SHARES[name]) for name in SHARES if name in form.figures},
        }
    )
    read.once(found[[*codes]], "school_code", "school")
    if form.points:
        _check_points(read, found["accountability_index"])
    found = found.reindex(columns=[*found.columns, *(n for n in _FIGURES if n not in found)])
    alone = ["school_code", "school", *_GRADES, "category"]
    return found[~whole].reset_index(drop=True), found[whole].drop(columns=alone)


def _described(read: Sheet, whole: pd.Series, form: Form) -> dict[str, pd.Series]:
    if not form.described:
        blank = pd.Series(pd.NA, read.cells.index)
        return {"category": blank.astype("Int64")} | {name: blank.astype("str") for name in _GRADES}
    category = read.within(_CATEGORY, (1, 5), "A category is none.", _BLANK)
    of_schools = read.only(~whole)
    return {
        "category": category.astype("Int64"),
        **{name: of_schools.grade(name) for name in _GRADES},
    }


def _check_points(read: Sheet, index: pd.Series) -> None:
    """Refuse an index that is not its points in percent of those possible."""
    points, possible = read.amount(_POINTS), read.amount(_POSSIBLE)
    told = (100 * points / possible).round(6)
    problem = "An index differs from its points over those possible."
    read.refuse((told - index).abs() > _ROUNDING, problem, INDEXES["accountability_index"], told)


def _share(read: Sheet, column: str) -> pd.Series:
    found = read.within(column, (0, 1), "A cell is no share.", _BLANK)
    # In decimal digits, so that 0.554 is 55.4 and not a little more.
    printed = read[column].where(found.notna())
    return printed.map(lambda cell: float(Decimal(cell) * 100), na_action="ignore").astype(
        "float64"
    )

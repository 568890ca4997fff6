"""EDGE: where every public school stands, and in what kind of place.

NCES publishes the geocodes of the school years 2014-15 and later on
https://nces.ed.gov/programs/edge/Geographic/SchoolLocations, each with a file documentation.
Read are these layouts, as text with commas, tabs or ``|``:

* 2014-15, with a heading: SURVYEAR, NCESSCH, LATCODE, LONGCODE, LOCALE.
* 2015-16, saved as text from the workbook: NCESSCH, LAT1516, LON1516, LOCALE15.
* 2016-17 and 2017-18, a text without a heading, 24 cells parted by ``|``.
* 2018-19 to 2022-23, the same with LEAID, 25 cells; 2023-24 and later, without the two columns
  of New England town areas, 23 cells.
* The same columns with a heading: NCESSCH, LAT, LON, LOCALE, SCHOOLYEAR.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from dme.tables.importers.federal import files
from dme.tables.importers.federal.files import SCHOOL_DIGITS
from dme.tables.importers.federal.layouts import (
    STATES,
    FederalFile,
    Layout,
    named_year,
    prefixes,
)

_PAGE = "https://nces.ed.gov/programs/edge/Geographic/SchoolLocations"
_LOCALES = tuple(f"{area}{size}" for area in range(1, 5) for size in range(1, 4))
# Letters of the older files: missing, not applicable.
_NO_LOCALE = ("", "M", "N")

_BEFORE = ("NAME", "OPSTFIPS", "STREET", "CITY", "STATE", "ZIP", "STFIP", "CNTY", "NMCNTY")
_PLACE = ("LOCALE", "LAT", "LON", "CBSA", "NMCBSA", "CBSATYPE", "CSA", "NMCSA")
_TOWNS = ("NECTA", "NMNECTA")
_AFTER = ("CD", "SLDL", "SLDU", "SCHOOLYEAR")
UNHEADED = {
    len(columns): columns
    for columns in (
        ("NCESSCH", *_BEFORE, *_PLACE, *_TOWNS, *_AFTER),
        ("NCESSCH", "LEAID", *_BEFORE, *_PLACE, *_TOWNS, *_AFTER),
        ("NCESSCH", "LEAID", *_BEFORE, *_PLACE, *_AFTER),
    )
}
"""The columns of the files without a heading, by their number."""


def _layout(columns: str, year: str | None = None) -> Layout:
    latitude, longitude, locale, *at = columns.split()

    def told(cells: Mapping[str, str]) -> str:
        return year or named_year(cells, at[0])

    return Layout(
        "nces-edge-school-places",
        "EDGE geocodes of public schools",
        ("NCESSCH", latitude, longitude, locale, *at),
        told,
        "",
        page=_PAGE,
    )


LAYOUTS = (
    _layout("LAT LON LOCALE SCHOOLYEAR"),
    _layout("LAT1516 LON1516 LOCALE15", "2015-16"),
    _layout("LATCODE LONGCODE LOCALE SURVYEAR"),
)


def places(file: FederalFile, states: Sequence[str] | None) -> pd.DataFrame:
    """Read where a year's schools stand.

    Parameters
    ----------
    file : FederalFile
        The file.
    states : sequence of str, optional
        Postal codes of the states to keep, by the first digits of the schools' ids: a school
        may stand in another state than its district.

    Returns
    -------
    DataFrame
        ``school_year``, ``nces_id``, ``longitude``, ``latitude`` (missing where the file has
        none), ``locale`` (two digits; missing where none).

    Raises
    ------
    TableError
        If an id, a locale or a coordinate is none, or a school stands twice.
    """
    _, latitude, longitude, locale, *at = file.layout.columns
    rows = files.whole_table(file, file.layout.columns, None)
    if at:
        files.one_year(file, rows[at[0]])
    # The id is all that tells the state in every year's file.
    own = rows["NCESSCH"].str.zfill(SCHOOL_DIGITS).str[:2]
    own = own.where(own.isin(STATES.values()), "")
    kept = prefixes(states)
    if kept is not None:
        rows = rows[own.isin(kept)]
    found = pd.DataFrame(
        {
            "school_year": file.year,
            "nces_id": files.codes(file, rows["NCESSCH"], SCHOOL_DIGITS, own[rows.index]),
            "longitude": _degrees(file, rows[longitude], 180),
            "latitude": _degrees(file, rows[latitude], 90),
            "locale": rows[locale].where(~rows[locale].isin(_NO_LOCALE)),
        },
        index=rows.index,
    )
    files.once(file, found[["nces_id"]], "school")
    odd = rows.loc[found["locale"].notna() & ~found["locale"].isin(_LOCALES), locale]
    if len(odd):
        raise files.refuse(file, odd, "A locale is none.", ", ".join(_LOCALES))
    return found


def _degrees(file: FederalFile, cells: pd.Series, most: int) -> pd.Series:
    """Return coordinates; a blank or a plain zero is a place that is not known."""
    found = pd.to_numeric(cells.where(cells != ""), errors="coerce")
    wrong = cells[((cells != "") & found.isna()) | (found.abs() > most)]
    if len(wrong):
        raise files.refuse(file, wrong, "A coordinate is none.", f"degrees from -{most} to {most}")
    return found.where(found != 0).astype("float64")

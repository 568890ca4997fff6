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

from collections.abc import Sequence

import pandas as pd

from dme.tables.importers.federal import files
from dme.tables.importers.federal.files import SCHOOL_DIGITS
from dme.tables.importers.federal.layouts import (
    STATES,
    FederalFile,
    Layout,
)
from dme.tables.importers.sheet import Sheet

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


def _layout(year: str, latitude: str, longitude: str, locale: str) -> Layout:
    named = () if year[0].isdigit() else (year,)
    columns = ("NCESSCH", latitude, longitude, locale, *named)
    title = "EDGE geocodes of public schools (EDGE_GEOCODE_PUBLICSCH)"
    years = "2014-15 and later"
    return Layout("nces-edge-school-places", title, columns, year, page=_PAGE, years=years)


LAYOUTS = (
    _layout("SCHOOLYEAR", "LAT", "LON", "LOCALE"),
    _layout("2015-16", "LAT1516", "LON1516", "LOCALE15"),
    _layout("SURVYEAR", "LATCODE", "LONGCODE", "LOCALE"),
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
    """
    _, latitude, longitude, locale = file.layout.columns[:4]
    read = files.whole_table(file, None)
    # The id is all that tells the state in every year's file.
    own = read["NCESSCH"].str.zfill(SCHOOL_DIGITS).str[:2]
    strange = ~own.isin(STATES.values())
    read.refuse(strange, "A code is of no state.", "NCESSCH", "12 digits, the state's two first")
    if states is not None:
        read = read.only(own.isin([STATES[state] for state in states]))
    marks = {mark: None for mark in _NO_LOCALE} | {code: code for code in _LOCALES}
    found = pd.DataFrame(
        {
            "school_year": file.year,
            "nces_id": files.codes(read, "NCESSCH", SCHOOL_DIGITS, own[read.cells.index]),
            "longitude": _degrees(read, longitude, 180),
            "latitude": _degrees(read, latitude, 90),
            "locale": read.word(locale, marks, "A locale is none."),
        },
        index=read.cells.index,
    )
    read.once(found["nces_id"], "NCESSCH", "school")
    return found


def _degrees(read: Sheet, column: str, most: int) -> pd.Series:
    """Return coordinates; a blank or a plain zero is a place that is not known."""
    found = read.within(column, (-most, most), "A coordinate is none.", ("",))
    return found.where(found != 0)

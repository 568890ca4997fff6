"""The schools of the desegregation order for the Hartford region."""

import pandas as pd

from dme.tables.importers import sheet, sheff
from dme.tables.importers.geography import Place, meters_apart
from dme.tables.recipe import Frames, RawFolder, Recipe
from dme.tables.recipes.enrollment import october

_YEARS = ("2014-15", "2015-16", "2016-17", "2017-18")
_KEY = ["school_year", "school"]


def _sheff(raw: RawFolder, made: Frames) -> Frames:
    found = pd.concat(
        [sheff.schools(raw.path(f"sheff-schools-{year}"), year) for year in _YEARS],
        ignore_index=True,
    )
    coded = _coded(raw, found)
    return {
        "sheff_schools": coded.assign(
            students_apart=_students_apart(coded, october(made)),
            meters_apart=_meters_apart(coded, made["school_directory"]),
        ),
        "sheff_progress": sheff.progress(raw.path("sheff-progress-2019-20")),
    }


def _coded(raw: RawFolder, found: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with their codes; those that the list of codes leaves out have none."""
    read = sheet.table(raw.path("sheff-codes"), (*_KEY, "school_code", "rule", "doubtful"))
    keys = read.cells[_KEY]
    read.once(keys, "school", "school")
    known = pd.MultiIndex.from_frame(found[_KEY])
    lost = pd.Series(~pd.MultiIndex.from_frame(keys).isin(known), keys.index)
    expected = "a school as that year's list prints it"
    read.refuse(lost, "A line names no row of the lists of schools.", "school", expected)
    codes = read.cells.assign(doubtful=read.flag("doubtful"))
    coded = found.merge(codes, on=_KEY, how="left", validate="1:1")
    return coded.assign(doubtful=coded["doubtful"].eq(other=True))


def _students_apart(coded: pd.DataFrame, enrollment: pd.DataFrame) -> pd.Series:
    """Return the state's count of each school less the printed one."""
    keys = ["school_year", "school_code"]
    counts = enrollment.set_index(keys)["students"].reindex(pd.MultiIndex.from_frame(coded[keys]))
    return counts.reset_index(drop=True) - coded["students"]


def _meters_apart(coded: pd.DataFrame, directory: pd.DataFrame) -> pd.Series:
    """Return how far each printed place is from the nearest that the directory gives."""
    placed = directory.dropna(subset=["longitude"])
    places = {
        code: [Place(*at) for at in group[["longitude", "latitude"]].itertuples(index=False)]
        for code, group in placed.groupby("school_code")
    }
    apart = [
        min(
            (round(meters_apart(Place(*at), place)) for place in places.get(code, [])), default=None
        )
        if pd.notna(at[0])
        else None
        for code, *at in coded[["school_code", "longitude", "latitude"]].itertuples(index=False)
    ]
    return pd.Series(apart, index=coded.index, dtype="Int64")


RECIPES = (Recipe(("sheff_schools", "sheff_progress"), _sheff),)

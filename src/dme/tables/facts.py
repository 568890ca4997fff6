"""What parameters are checked against: which districts, years and places the tables hold."""

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from dme.tables.load import load, state

FIGURES = {
    "school_enrollment": "students",
    "district_enrollment": "students",
    "spending_schools": "students",
    "district_staff": "teachers",
    "school_staff": "teachers",
    "district_spending_by_function": "instruction_and_media_per_pupil",
    "school_growth": "target_achieved_percent",
    "school_enrollment_by_grade": "students",
}
"""A figure of each yearly table that a parameter chooses a year of."""
_PLACES = ("schools", "school_zones", "neighborhood_tracts")


class Facts(NamedTuple):
    """Which districts, years and places a folder of tables holds.

    Attributes
    ----------
    names : mapping of str to str
        The name of each district by its code.
    years : mapping of str to list of str
        The school years with a figure of each yearly table that the folder has.
    counted : mapping of str to list of str
        By district, the years with a printed count of any of its schools.
    schools : frozenset of str
        The codes of all schools.
    zoned : frozenset of str
        The districts whose schools have zones, hence an outline and neighborhoods.
    neighborhoods : tuple of str
        The names of these neighborhoods.
    """

    names: Mapping[str, str]
    years: Mapping[str, list[str]]
    counted: Mapping[str, list[str]]
    schools: frozenset[str]
    zoned: frozenset[str]
    neighborhoods: tuple[str, ...]


def facts(folder: Path) -> Facts:
    """Return what the tables in `folder` hold.

    They are gathered once for a state of the files: a sweep checks thousands of parameter
    sets against the same tables.
    """
    known = (*FIGURES, *_PLACES)
    names = ("districts", *(name for name in known if (folder / f"{name}.csv").is_file()))
    return _gather(folder, tuple((name, state(folder / f"{name}.csv")) for name in names))


@functools.lru_cache(maxsize=8)
def _gather(folder: Path, present: tuple[tuple[str, tuple[int, int]], ...]) -> Facts:
    tables = {name: load(name, folder) for name, _ in present}
    districts = tables["districts"][tables["districts"]["level"] == "district"]
    yearly = {
        name: table.dropna(subset=[FIGURES[name]])
        for name, table in tables.items()
        if name in FIGURES
    }
    counted: dict[str, list[str]] = {}
    if "school_enrollment" in yearly:
        pairs = yearly["school_enrollment"][["district_code", "school_year"]].drop_duplicates()
        for code, year in sorted(pairs.itertuples(index=False, name=None)):
            counted.setdefault(code, []).append(year)
    schools, zones, tracts = (tables.get(name) for name in _PLACES)
    zoned = (
        schools.loc[schools["school_code"].isin(zones["school_code"]), "district_code"]
        if schools is not None and zones is not None
        else ()
    )
    return Facts(
        names=districts.set_index("district_code")["district"].to_dict(),
        years={name: sorted(table["school_year"].unique()) for name, table in yearly.items()},
        counted=counted,
        schools=frozenset(() if schools is None else schools["school_code"]),
        zoned=frozenset(zoned),
        neighborhoods=tuple(sorted(() if tracts is None else tracts["neighborhood"].unique())),
    )

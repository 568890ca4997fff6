"""What parameters are checked against: which districts and years the tables hold."""

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from dme.tables.load import load, state

_YEARLY = ("school_enrollment", "district_enrollment", "spending_schools")


class Facts(NamedTuple):
    """Which districts and years a folder of tables holds.

    Attributes
    ----------
    names : mapping of str to str
        The name of each district by its code.
    years : mapping of str to list of str
        The school years of each yearly table that the folder has.
    counted : mapping of str to list of str
        By district, the years with a printed count of any of its schools.
    """

    names: Mapping[str, str]
    years: Mapping[str, list[str]]
    counted: Mapping[str, list[str]]


def facts(folder: Path) -> Facts:
    """Return what the tables in `folder` hold.

    They are gathered once for a state of the files: a sweep checks thousands of parameter
    sets against the same tables.
    """
    names = ("districts", *(name for name in _YEARLY if (folder / f"{name}.csv").is_file()))
    return _gather(folder, tuple((name, state(folder / f"{name}.csv")) for name in names))


@functools.lru_cache(maxsize=8)
def _gather(folder: Path, present: tuple[tuple[str, tuple[int, int]], ...]) -> Facts:
    districts = load("districts", folder)
    districts = districts[districts["level"] == "district"]
    tables = {name: load(name, folder) for name, _ in present[1:]}
    counted: dict[str, list[str]] = {}
    if "school_enrollment" in tables:
        rows = tables["school_enrollment"].dropna(subset=["students"])
        pairs = rows[["district_code", "school_year"]].drop_duplicates()
        for code, year in sorted(pairs.itertuples(index=False, name=None)):
            counted.setdefault(code, []).append(year)
    return Facts(
        names=districts.set_index("district_code")["district"].to_dict(),
        years={name: sorted(table["school_year"].unique()) for name, table in tables.items()},
        counted=counted,
    )

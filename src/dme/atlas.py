"""The atlas: a sweep over all districts of the tables, each with its peers, in the same years."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from dme import paths
from dme.errors import DmeError
from dme.study import Study
from dme.study.check import YEARS
from dme.tables.facts import facts
from dme.tables.holdings import districts
from dme.template import flow, newest, of_its_kind, peers_of, subsidized, years_of
from dme.text import first_year, school_year

NAME = "atlas"
"""The name of its sweep: results stand in ``results/sweeps/atlas/``."""
FINDINGS: Mapping[str, tuple[str, ...]] = {
    "operations": (
        "district-enrollment",
        "school-size",
        "school-size-like-levels",
        "small-school-premium",
        "enrollment-trend",
    ),
    "teaching": ("classroom-teachers",),
    "culture": ("chronic-absenteeism", "chronic-absenteeism-trend", "suspension"),
    "outcomes": ("share-small-since", "mean-size-since"),
}
"""Of each notebook, the findings that the tables allow for most districts; and the premium."""


def file() -> Path:
    """Return where the atlas' sweep is written down."""
    return paths.results(paths.SWEEPS) / NAME / f"{NAME}.yml"


def text(tables: str = "data/tables", *, latest: bool = False, only: Sequence[str] = ()) -> str:
    """Return the sweep's file: what is evaluated, of which districts, with which peers and years.

    Each year is the Hartford study's where the tables hold it, else the nearest, or the newest that
    they hold for most districts: it is the same for all, so that they compare.

    Parameters
    ----------
    tables : str
        Folder of the tables, in the project.
    latest : bool
        Whether each year is the newest.
    only : sequence of str, optional
        The districts; all of them where none is named.

    Raises
    ------
    DmeError
        If a district that is named is none of the atlas.
    """
    folder = paths.home() / tables
    counted = districts(folder).set_index("district_code").query("schools > 0")
    largest = Study().district if Study().district in counted.index else counted.index[0]
    every = of_its_kind(largest, counted.index)
    years = _years(largest, every, tables, latest=latest)
    of_students = sorted({years["staff_year"], years["enrollment_year"]})
    held = facts(folder).counted
    kept = [code for code in every if {*of_students} <= {*held.get(code, ())}]
    if unknown := sorted({*only} - {*kept}):
        message = (
            f"The atlas has no district {', '.join(unknown)}: it is of the districts of one town "
            f"or several with a count of their schools in {' and '.join(of_students)}.\n"
            "All districts: dme districts"
        )
        raise DmeError(message)
    need = subsidized(folder)
    peers = {code: peers_of(code, counted, need)[0] for code in only or kept}
    lines = [
        "# The atlas: the findings that the tables allow for most districts, of each of them.",
        "# Written by dme atlas.",
        "base: params/hartford-2017.yml",
        f"notebooks: {flow(tuple(FINDINGS))}",
        f"findings: {flow([name for names in FINDINGS.values() for name in names])}",
        "\naxes:",
        f"  tables: {flow([tables])}",
        # Students are counted in the year of the teachers too, so that the two can be divided.
        f"  enrollment_year: {flow(of_students)}",
        *(f"  {key}: {flow([year])}" for key, year in years.items() if key != "enrollment_year"),
        "  wider_peers: [[]]",
        "  district:",
        *(f'    "{code}": {{district: "{code}", peers: {flow(peers[code])}}}' for code in peers),
    ]
    return "\n".join(lines) + "\n"


def _years(district: str, every: Sequence[str], tables: str, *, latest: bool) -> Mapping[str, str]:
    default = {key: getattr(Study(), key) for key in YEARS}
    years = default | years_of(district, paths.home() / tables)
    if latest:
        others = tuple(code for code in every if code != district)
        whole = Study.model_validate(
            {**years, "study": NAME, "tables": tables, "district": district, "peers": others}
        )
        years |= {key: one.year for key, one in newest(whole, YEARS).items()}
    # Of small schools the figure is that of the horizon: here the year of the sizes.
    size = years["size_year"]
    return years | {"before_plan": school_year(first_year(size) - 1), "plan_horizon": size}

"""Whether each community has a school of each level that is no magnet."""

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from dme.measures.access.places import area_of
from dme.measures.plan.displacement import grades_of

LONG = ("PK-8", "K-8")
_SHORT = ("PK-5", "K-5")


class Became(NamedTuple):
    """Of schools that taught to grade 8: how many there were, and what became of them."""

    long: int
    still: int
    closed: int
    changed: int
    left: int
    short: int
    middle: int


def became(since: pd.Series) -> Became:
    """Return what became of schools of `LONG` spans, by their span since, or ``closed``."""
    still, closed = int(since.isin(LONG).sum()), int((since == "closed").sum())
    left = len(since) - closed
    short, middle = int(since.isin(_SHORT).sum()), int((since == "6-8").sum())
    return Became(len(since), still, closed, left - still, left, short, middle)


def neighborhood_schools(
    spans: pd.DataFrame, directory: pd.DataFrame, zones: pd.DataFrame, *, magnets: bool = False
) -> pd.DataFrame:
    """Return the schools that are no interdistrict magnets, with the zone that each lies in.

    Parameters
    ----------
    spans : DataFrame
        One year of `dme.measures.plan.outcomes.grade_spans`.
    directory : DataFrame
        ``school_directory``, one copy.
    zones : DataFrame
        ``areas`` of one kind.
    magnets : bool
        Whether the interdistrict magnets are to be among them.

    Returns
    -------
    DataFrame
        ``school_code``, ``span``, ``zone`` (missing outside all), and the place.
    """
    copy = directory if magnets else directory[directory["interdistrict_magnet"] == "no"]
    rows = spans.merge(copy[["school_code", "longitude", "latitude"]], on="school_code")
    rows = rows.dropna(subset=["longitude", "latitude"]).reset_index(drop=True)
    return rows.assign(zone=area_of(rows, zones))


def served(schools: pd.DataFrame, zones: list[str], levels: Mapping[str, str]) -> pd.DataFrame:
    """Return whether each zone (row) has one school for all grades of each level (column).

    Parameters
    ----------
    schools : DataFrame
        See `neighborhood_schools`.
    zones : list of str
        Names of the zones.
    levels : mapping of str to str
        Grade span of each level.
    """
    taught = {
        zone: [set(grades_of(span)) for span in mine["span"]]
        for zone, mine in schools.groupby("zone")
    }
    return pd.DataFrame(
        {
            level: [
                any(set(grades_of(span)) <= grades for grades in taught.get(zone, []))
                for zone in zones
            ]
            for level, span in levels.items()
        },
        index=zones,
    )


def in_another_zone(before: pd.DataFrame, then: pd.DataFrame) -> pd.DataFrame:
    """Return the schools that two lists put in different zones.

    Parameters
    ----------
    before, then : DataFrame
        See `neighborhood_schools`.

    Returns
    -------
    DataFrame
        The rows of `then`, with ``zone_before``.
    """
    both = then.merge(before[["school_code", "zone"]], on="school_code", suffixes=("", "_before"))
    both = both.dropna(subset=["zone", "zone_before"])
    return both[both["zone"] != both["zone_before"]]

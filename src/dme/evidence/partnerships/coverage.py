"""Where the schools with a partner on record are: by zone, pupils, and need around them."""

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from dme.evidence.partnerships.record import Record
from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Picture, Result, alternatives
from dme.measures.access import places
from dme.measures.estimates.estimate import Estimate
from dme.measures.partnerships import partner_record
from dme.study import Study
from dme.text import quantity

NEED = ("partners-and-need", "Child poverty around schools with a partner on record")
UNIT = "percentage points of children in poverty"


@dataclass(frozen=True)
class Coverage:
    """Partners on record by zone, and against the need of the neighborhoods.

    Attributes
    ----------
    zones : DataFrame or None
        See `dme.measures.partnerships.partner_record.coverage`; None where no school has a zone.
    picture : Picture or None
        The words of the figure of zones.
    need : Measured or Lacking
        How much more child poverty there is around schools with a partner than around others.
    """

    zones: pd.DataFrame | None
    picture: Picture | None
    need: Result


def coverage(
    study: Study,
    place: Place,
    record: Record,
    where: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame],
    magnets: Collection[str] = (),
) -> Coverage:
    """Return the schools with a partner on record by zone and by need.

    Parameters
    ----------
    record : Record
        See `dme.evidence.partnerships.record.partners_on_record`.
    where : tuple of DataFrame
        ``school_zones``, ``areas`` and ``neighborhoods``.
    magnets : collection of str
        Codes of magnet schools, which an alternative leaves out.
    """
    zones, areas, neighborhoods = where
    placed = record.marked.merge(zones, on="school_code")
    if placed.empty or not record.marked["partner"].any():
        lacking = (
            f"no page and no inventory names a partner of a school of {place.own}"
            if not record.marked["partner"].any()
            else f"the tables hold no zones and neighborhoods of {place.own}"
        )
        return Coverage(None, None, Lacking(*NEED, lacking, UNIT))
    named = () if record.own_file else ("school_partnerships",)
    by_zone = partner_record.coverage(placed, "zone", study.confidence)
    return Coverage(
        by_zone,
        _picture(study, place, record, by_zone),
        _need(place, placed, (areas, neighborhoods, named), magnets),
    )


def _source(record: Record) -> str:
    return "the district's inventory" if record.own_file else "published pages, as far as found"


def _picture(study: Study, place: Place, record: Record, by_zone: pd.DataFrame) -> Picture:
    told = "; ".join(
        f"{row.zone} {row.partners} of {row.schools} schools" for row in by_zone.itertuples()
    )
    floor = "" if record.own_file else " A floor: a school that no page names may have partners."
    return Picture(
        f"Schools with a partner on record, by zone of {place.own}",
        f"Dot: share of the zone's schools; bar: {study.confidence:g}% interval (Wilson). "
        f"{place.counted.capitalize()}, {study.enrollment_year}. Source: {_source(record)}.{floor}",
        f"Share of schools with a partner on record by zone: {told}.",
    )


def _need(
    place: Place,
    placed: pd.DataFrame,
    around: tuple[pd.DataFrame, pd.DataFrame, tuple[str, ...]],
    magnets: Collection[str],
) -> Result:
    areas, neighborhoods, named = around
    outlines = areas[areas["kind"] == "neighborhood"]
    poverty = partner_record.child_poverty(neighborhoods)
    with_need = placed.assign(poverty=places.area_of(placed, outlines).map(poverty).astype(float))
    gap = partner_record.need_gap(with_need, "poverty", place.resampling)
    if gap is None:
        return Lacking(*NEED, "one of the two groups of schools has no neighborhood", UNIT)
    known = with_need.dropna(subset=["poverty"])
    means = known.groupby("partner")["poverty"].mean()
    return Measured(
        *NEED,
        f"In the neighborhoods of schools with a partner on record "
        f"{quantity(round(means[True], 1), 'percent')} of children live in poverty, in those of "
        f"the others {quantity(round(means[False], 1), 'percent')}.",
        gap,
        UNIT,
        population=f"{int(known['partner'].sum())} schools of {place.own} with a partner on "
        f"record against {int((~known['partner']).sum())} without; {place.counted}",
        year="poverty 2015 to 2019",
        method="Mean child poverty of the neighborhoods in which the schools stand, with a "
        "partner less without.",
        caveat="Pupils come from other neighborhoods too, to magnet schools from other towns.",
        alternatives=alternatives(_others(known, magnets, place)),
        tables=("school_zones", "areas", "neighborhoods", *named),
    )


def _others(known: pd.DataFrame, magnets: Collection[str], place: Place) -> dict[str, Estimate]:
    neighborhood = known[~known["school_code"].isin(list(magnets))]
    gap = partner_record.need_gap(neighborhood, "poverty", place.resampling)
    return {"without magnet schools": gap} if gap and len(neighborhood) < len(known) else {}

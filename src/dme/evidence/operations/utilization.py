"""How full the zones are (claim O4)."""

from dataclasses import dataclass

import pandas as pd

from dme.evidence.operations.enrollment import Trend
from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Picture, Result
from dme.evidence.seats import ZoneSeats
from dme.findings import Alternative
from dme.measures.size import school_sizes, utilization
from dme.study import Study
from dme.text import quantity

FULLNESS = ("utilization", "Seats in use, by zone")
UNIT = "percent of seats in use"


@dataclass(frozen=True)
class Utilization:
    """How full the zones are.

    Attributes
    ----------
    finding : Measured or Lacking
        The district's utilization.
    areas : DataFrame or None
        See `dme.measures.size.utilization.by_zone`; None where no seats are known.
    picture : Picture or None
        The figure's words.
    """

    finding: Result
    areas: pd.DataFrame | None
    picture: Picture | None


def zone_utilization(study: Study, place: Place, seats: ZoneSeats, trend: Trend) -> Utilization:
    """Return how full the zones are, and whether the two criteria of the claim hold.

    Parameters
    ----------
    seats : ZoneSeats
        The public record on seats.
    trend : Trend
        Answers the first criterion.
    """
    if not seats.of(study):
        lacking = f"no seats of {place.own} are on the public record, by school or by zone"
        return Utilization(Lacking(*FULLNESS, lacking, UNIT, "O4"), None, None)
    areas = utilization.by_zone(seats.capacity)
    return Utilization(
        _finding(study, place, seats, trend, areas), areas, _picture(place, seats, areas)
    )


def _finding(
    study: Study, place: Place, seats: ZoneSeats, trend: Trend, areas: pd.DataFrame
) -> Measured:
    zones, whole = areas.iloc[:-1], areas.iloc[-1]
    under = bool((zones["utilization_percent"] < study.full_utilization).all())
    listed = int(
        school_sizes.of_districts(
            school_sizes.schools(seats.enrollment, seats.year), study.district
        )["students"].sum()
    )
    other = f"the {listed:,} students of the state's file by school, over the same seats"
    return Measured(
        *FULLNESS,
        f"{whole['students']:,} students in {whole['seats']:,} seats; the fullest zone stands at "
        f"{zones['utilization_percent'].max():.0f}%. The enrollment trend is "
        f"{quantity(trend.change.value, 'percent')} a year, {trend.reach}.",
        utilization.district_utilization(areas),
        UNIT,
        claim="O4",
        holds=(trend.declines, under),
        caveat="The published count of the zones is larger than the state's count by school: it "
        "holds other programs and seats in the zones. Seats are as the district's consultant "
        "counted them.",
        population=f"{len(zones)} zones of {place.own}",
        year=seats.year,
        method="Published students over published seats.",
        alternatives=(Alternative(other, 100 * listed / float(whole["seats"])),),
        tables=("zone_capacity", "school_zones", "school_enrollment"),
    )


def _picture(place: Place, seats: ZoneSeats, areas: pd.DataFrame) -> Picture:
    each = "; ".join(f"{a.area} {a.utilization_percent:.0f}%" for a in areas.itertuples())
    return Picture(
        f"Seats in use in the zones of {place.own}, {seats.year}",
        "Study capacity, as published for the Board of Education, October 2016. The printed rows "
        "add up to one seat more than the printed total.",
        f"Utilization: {each}",
    )

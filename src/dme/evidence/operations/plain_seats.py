"""How full the zones would be by plain seats: the other reading of capacity (beside O4)."""

from dataclasses import dataclass

import pandas as pd

from dme.evidence.operations.modelled import Model
from dme.evidence.operations.utilization import Utilization
from dme.evidence.place import Place
from dme.evidence.result import Measured, Picture
from dme.evidence.seats import EDITION
from dme.findings import Alternative
from dme.measures.size import plain_seats
from dme.study import Study
from dme.text import quantity

_BURNS = {"space": 634, "contract": 749, "factor": plain_seats.OTHERS}
"""Seats of the worked example (Burns Latino Studies Academy), as its page prints them."""


@dataclass(frozen=True)
class PlainSeats:
    """Utilization under both readings.

    Attributes
    ----------
    results : tuple of Measured
        The district's utilization by plain seats; empty where no seats are known.
    areas : DataFrame or None
        See `dme.measures.size.plain_seats.by_zone`.
    picture : Picture or None
        The figure's words.
    """

    results: tuple[Measured, ...]
    areas: pd.DataFrame | None
    picture: Picture | None


def by_plain_seats(
    study: Study, place: Place, full: Utilization, model: Model | None, directory: pd.DataFrame
) -> PlainSeats:
    """Return what utilization would be by seats before the factor of study capacity.

    Parameters
    ----------
    full : Utilization
        Utilization by study capacity.
    model : Model or None
        Seats by school, which weight the factors in a zone.
    directory : DataFrame
        ``school_directory``: grades and magnet marks, from which a school's factor follows.
    """
    if model is None or full.areas is None or model.schools.empty:
        return PlainSeats((), None, None)
    factor = plain_seats.factors(directory, EDITION)
    areas = plain_seats.by_zone(full.areas, model.schools, factor)
    known = model.schools["school_code"].isin(factor.index)
    found = _finding(study, place, model, areas, int((~known).sum()))
    return PlainSeats((found,), areas, _picture(place, model, areas))


def _finding(
    study: Study, place: Place, model: Model, areas: pd.DataFrame, unknown: int
) -> Measured:
    whole = areas.iloc[-1]
    below = int((areas["high"].iloc[:-1] < study.full_utilization).sum())
    burns = plain_seats.study_capacity(**_BURNS)
    by_contract = float(whole["study"]) * burns / _BURNS["contract"]
    return Measured(
        "utilization-plain-seats",
        "Seats in use, were seats counted plainly",
        f"By plain seats {quantity(whole['plain'], 'percent')} would be in use, where study "
        f"capacity gives {quantity(whole['study'], 'percent')}. {below} of {len(areas) - 1} zones "
        f"lie below {study.full_utilization:g}% whatever the mix of factors.",
        plain_seats.district(areas),
        "percent of seats in use",
        basis="modelled",
        caveat="Modelled: study capacity is taken back by its printed factors (95% of seats in "
        "magnets and schools of PK to 6, 85% in all others), weighted by seats that are "
        f"themselves modelled; {unknown} of the schools are not in the directory and count as "
        "others. The range is that of the two factors.",
        population=f"{len(areas) - 1} zones of {place.own}",
        year=model.seats.year,
        method="Published students over published seats, these divided by the factor.",
        alternatives=(
            Alternative("were all schools of the factor 85%", float(whole["low"])),
            Alternative("were all schools of the factor 95%", float(whole["high"])),
            Alternative("by contract capacity, at the one ratio printed (Burns)", by_contract),
        ),
        tables=("zone_capacity", "school_directory", "school_zones", "nces_enrollment"),
    )


def _picture(place: Place, model: Model, areas: pd.DataFrame) -> Picture:
    each = "; ".join(f"{a.area} {a.study:.0f}% and {a.plain:.0f}%" for a in areas.itertuples())
    return Picture(
        f"Seats in use in {place.own} under both readings of a seat, {model.seats.year}",
        "Study capacity leaves out what can't be filled in practice. Plain seats: modelled, by "
        "undoing that allowance; bar: between its two factors, 85% and 95%.",
        f"Utilization by study capacity and by plain seats: {each}.",
    )

"""How full buildings are: published by zone, modelled by school."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from dme.measures.estimates.estimate import Estimate

DISTRICT = "District"


def by_zone(capacity: pd.DataFrame) -> pd.DataFrame:
    """Return the published rows by zone with utilization worked out anew.

    Parameters
    ----------
    capacity : DataFrame
        ``zone_capacity``.

    Returns
    -------
    DataFrame
        ``area``, ``students``, ``seats``, ``utilization_percent`` (as printed), ``computed``
        (100 * students / seats); the district's own row comes last.
    """
    rows = capacity.assign(computed=100 * capacity["students"] / capacity["seats"])
    order = rows["area"].eq(DISTRICT)
    return rows.iloc[order.argsort(kind="stable")].reset_index(drop=True)


def peak_enrollment(panel: pd.DataFrame, crosswalk: pd.DataFrame, until: str) -> pd.Series:
    """Return each school's highest enrollment of any year up to `until`, by state code.

    Parameters
    ----------
    panel : DataFrame
        ``nces_enrollment``.
    crosswalk : DataFrame
        ``school_crosswalk``; where several federal ids are one school, the largest counts.
    until : str
        Last school year that counts.
    """
    rows = panel[panel["school_year"] <= until].merge(
        crosswalk[["nces_id", "school_code"]].dropna(), on="nces_id", validate="m:1"
    )
    by_year = rows.groupby(["school_code", "school_year"])["students"].max()
    return by_year.groupby("school_code").max().rename("peak")


def modelled_capacity(
    schools: pd.DataFrame, zones: pd.DataFrame, peaks: pd.Series, capacity: pd.DataFrame
) -> pd.DataFrame:
    """Share each zone's published seats out over its schools, by their peak enrollment.

    Seats by school are not public. A school's share of its zone's seats is taken to be its
    share of the zone's peak enrollments: a building that once held more pupils has more seats.
    This is a **model**: it says which buildings are probably empty, not how empty one is.

    Parameters
    ----------
    schools : DataFrame
        The schools of the year for which seats were published: ``school_code``, ``students``.
    zones : DataFrame
        ``school_zones``.
    peaks : Series
        See `peak_enrollment`.
    capacity : DataFrame
        ``zone_capacity``.

    Returns
    -------
    DataFrame
        ``school_code``, ``school``, ``zone``, ``students``, ``peak``, ``seats`` (modelled).
        Schools outside the zones or without a peak have no row.
    """
    placed = schools.merge(zones[["school_code", "zone"]], on="school_code", validate="1:1")
    placed = placed.merge(peaks, left_on="school_code", right_index=True)
    seats = capacity.set_index("area")["seats"].rename("zone_seats")
    placed = placed.merge(seats, left_on="zone", right_index=True)
    share = placed["peak"] / placed.groupby("zone")["peak"].transform("sum")
    placed["seats"] = share * placed["zone_seats"]
    columns = ["school_code", "school", "zone", "students", "peak", "seats"]
    return placed[columns].reset_index(drop=True)


def scaled_to_students(modelled: pd.DataFrame, capacity: pd.DataFrame) -> pd.DataFrame:
    """Return modelled seats of which each zone keeps its published utilization.

    The published students of a zone include pupils whom the state's file does not give its
    schools. Here those pupils' seats are left out: a zone's seats are scaled by its students in
    the state's file over its published students.

    Parameters
    ----------
    modelled : DataFrame
        See `modelled_capacity`.
    capacity : DataFrame
        ``zone_capacity``.
    """
    published = modelled["zone"].map(capacity.set_index("area")["students"]).astype(float)
    listed = modelled.groupby("zone")["students"].transform("sum").astype(float)
    return modelled.assign(seats=modelled["seats"] * listed / published)


def check_by_zone(modelled: pd.DataFrame, capacity: pd.DataFrame) -> pd.DataFrame:
    """Return modelled against published totals by zone: students and seats of each.

    Seats agree by construction; students need not, since the published count holds programs
    and seats that the state's file by school does not.
    """
    ours = modelled.groupby("zone")[["students", "seats"]].sum()
    theirs = capacity.set_index("area")[["students", "seats"]]
    joined = ours.join(theirs, suffixes=("_modelled", "_published")).astype(float)
    joined["students_gap_percent"] = 100 * (
        joined["students_modelled"] / joined["students_published"] - 1
    )
    return joined.reset_index()


def district_utilization(areas: pd.DataFrame) -> Estimate:
    """Return the district's utilization in percent, with the range of its zones.

    Parameters
    ----------
    areas : DataFrame
        See `by_zone`: the district's own row comes last.
    """
    zones, whole = areas.iloc[:-1]["computed"], areas.iloc[-1]["computed"]
    words = f"range of the {len(zones)} zones; a full count"
    return Estimate(float(whole), float(zones.min()), float(zones.max()), words)


def grouped(
    rows: pd.DataFrame,
    modelled: pd.DataFrame,
    cut: float,
    full: float,
    *,
    students_of_seats: bool = False,
) -> pd.DataFrame:
    """Sort schools into the claim's two groups by size and modelled utilization.

    Parameters
    ----------
    rows : DataFrame
        Schools with ``school_code``, ``students``, ``dollars_per_pupil``.
    modelled : DataFrame
        See `modelled_capacity`.
    cut, full : float
        The lines: students, and utilization in percent.
    students_of_seats : bool
        Whether utilization takes the students of the year of the seats (those of `modelled`),
        or those of `rows`.

    Returns
    -------
    DataFrame
        The rows that have modelled seats and a spending figure, with ``utilization`` (percent,
        modelled) and ``group``: ``small`` (below both lines), ``large`` (above both), or
        ``neither``.
    """
    joined = rows.dropna(subset=["dollars_per_pupil"]).merge(
        modelled[["school_code", "seats", "students"]].rename(columns={"students": "then"}),
        on="school_code",
        validate="1:1",
    )
    present = joined["then" if students_of_seats else "students"].astype(float)
    joined["utilization"] = 100 * present / joined["seats"]
    small, large = small_and_large(joined["students"], joined["utilization"], cut, full)
    joined["group"] = "neither"
    joined.loc[small, "group"] = "small"
    joined.loc[large, "group"] = "large"
    return joined.drop(columns=["seats", "then"])


def small_and_large(
    students: npt.ArrayLike, used: npt.ArrayLike, cut: float, full: float
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return which schools are small and under-used, and which are large and fuller.

    Parameters
    ----------
    students, used : array_like
        Students, and utilization in percent, by school on the last axis.
    cut, full : float
        The lines: see `grouped`.
    """
    small, fuller = np.asarray(students) < cut, np.asarray(used) >= full
    return small & ~fuller, ~small & fuller

"""Seats by school, which no public table prints: models of them, and what their errors do.

All share a zone's published seats out over its schools by peak enrollment. The primary one counts
the same pupils above and below the line: each zone keeps its published utilization. Of one school
the seats are printed: its error says how far a model may be off at the others.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from dme.errors import Lacking
from dme.measures.estimates.bootstrap import Resampling
from dme.measures.size import plain_seats, utilization

MODELS = (
    "same utilization",
    "published totals",
    "plain seats",
    "recent peaks",
    "federal places",
    "printed school",
)
"""The models, the primary one first; see `by_school`."""

TABLES = (
    "school_zones",
    "nces_enrollment",
    "school_crosswalk",
    "zone_capacity",
    "school_directory",
)
"""What they are made of."""

PRINTED = {"0640611": 573.0}
"""Seats by school code of the one school of which they are printed: Burns Latino Studies Academy,
in the worked example of the district's consultant (see `dme.measures.size.plain_seats`)."""


def by_school(
    schools: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    model: str = MODELS[0],
    *,
    since: str,
    until: str,
) -> pd.DataFrame:
    """Return each school's modelled seats.

    Parameters
    ----------
    schools : DataFrame
        The schools of the year for which seats were published: ``school_code``, ``students``.
    tables : mapping of str to DataFrame
        Those of `TABLES`, by name.
    model : str
        ``same utilization``: a zone's seats are scaled to the pupils whom the state's file gives
        its schools. ``published totals``: they are not. The others are the first with one thing
        changed: ``plain seats`` takes the allowance of study capacity back, ``recent peaks``
        counts peaks from `since` on only, ``federal places`` takes a school's zone from its
        federal place, ``printed school`` sets the printed seats (`PRINTED`), and the other schools
        of the zone share the rest.
    since, until : str
        The first school year of a recent peak, and the last of any.

    Returns
    -------
    DataFrame
        See `dme.measures.size.utilization.modelled_capacity`.
    """
    if model not in MODELS:
        message = f'There is no model of seats "{model}". There are: {", ".join(MODELS)}.'
        raise ValueError(message)
    zones, panel, crosswalk, capacity, directory = (tables[name] for name in TABLES)
    if model == "federal places":
        zones = zones.assign(zone=zones["zone_by_nces"]).dropna(subset=["zone"])
    if model == "recent peaks":
        panel = panel[panel["school_year"] >= since]
    peaks = utilization.peak_enrollment(panel, crosswalk, until)
    rows = utilization.modelled_capacity(schools, zones, peaks, capacity)
    if model == "published totals":
        return rows
    rows = utilization.scaled_to_students(rows, capacity)
    if model == "printed school":
        return with_printed(rows, PRINTED)
    if model == "plain seats":
        factors = plain_seats.factors(directory, plain_seats.EDITION)
        own = rows["school_code"].map(factors).fillna(plain_seats.OTHERS)
        return rows.assign(seats=rows["seats"] / own)
    return rows


def with_printed(rows: pd.DataFrame, printed: Mapping[str, float]) -> pd.DataFrame:
    """Return the seats with the printed ones in their place; each zone keeps its sum."""
    known = rows["school_code"].map(printed).astype(float)
    others = rows["seats"].where(known.isna(), 0.0)
    sums = pd.DataFrame({"seats": rows["seats"], "known": known, "others": others})
    of_zone = sums.groupby(rows["zone"]).transform("sum")
    rest = others * (of_zone["seats"] - of_zone["known"]) / of_zone["others"]
    return rows.assign(seats=known.fillna(rest))


def error(rows: pd.DataFrame, printed: Mapping[str, float] = PRINTED) -> float:
    """Return by how much modelled seats miss printed ones: the root mean square of the logarithms.

    Raises
    ------
    Lacking
        If no seats are printed of any of the schools.
    """
    seats = rows.set_index("school_code")["seats"].astype(float)
    known = pd.Series(printed, dtype=float).reindex(seats.index).dropna()
    if known.empty:
        lacking = "of no school that counts here seats are printed"
        raise Lacking(lacking, by_choice=True)
    return float(np.sqrt((np.log(seats[known.index] / known) ** 2).mean()))


def drawn(rows: pd.DataFrame, spread: float, by: Resampling) -> npt.NDArray[np.float64]:
    """Return draws of the schools' seats, were each off by a factor of its own.

    Parameters
    ----------
    rows : DataFrame
        See `by_school`.
    spread : float
        Standard deviation of the factors' logarithms, which are normal about 0; see `error`.
    by : Resampling
        How many draws, and the seed.

    Returns
    -------
    ndarray
        A row for each draw, a column for each school; each zone keeps its seats.
    """
    rng = np.random.default_rng(by.seed)
    seats = rows["seats"].to_numpy(float)
    draws = seats * np.exp(spread * rng.standard_normal((by.resamples, len(seats))))
    for zone in rows["zone"].unique():
        at = (rows["zone"] == zone).to_numpy()
        draws[:, at] *= seats[at].sum() / draws[:, at].sum(axis=1, keepdims=True)
    return draws


def share_in_full(students: npt.ArrayLike, seats: npt.ArrayLike, line: float) -> npt.NDArray:
    """Return the percent of students who are in schools with more than `line` percent utilization.

    Parameters
    ----------
    students, seats : array_like
        By school, on the last axis: seats of one model, or of many draws.
    line : float
        Percent.
    """
    present, places = np.asarray(students, float), np.asarray(seats, float)
    full = 100 * present / places > line
    return 100 * (full * present).sum(-1) / present.sum(-1)

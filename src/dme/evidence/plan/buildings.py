"""Buildings under the plan: how full (L9), how good (L5), and a school of each level (L10)."""

from dataclasses import dataclass

import pandas as pd

from dme.evidence.place import Place
from dme.evidence.plan.people import MODELLED_COUNT, TABLES, caveat
from dme.evidence.plan.scheme import BEFORE, Scheme, Tables
from dme.evidence.result import Lacking, Measured, Result
from dme.evidence.seats import Seats, plainly
from dme.findings import Alternative
from dme.measures.access.places import area_of
from dme.measures.estimates.estimate import Estimate
from dme.measures.plan import outcomes
from dme.measures.plan.displacement import grades_of
from dme.study import Study
from dme.text import plural

FULL = ("students-in-full-schools", "Students in schools above the line of utilization")
FULL_UNIT = "percent of students"
GOOD = ("displaced-to-better-buildings", "Displaced students who go to similar or better buildings")
LEVELS = {"elementary": "K-5", "middle": "6-8", "high": "9-12"}
_SINCE = "2022"
"""The copy of the directory that lists the schools of 2021-22."""
_LONG = ("PK-8", "K-8")


def fullness(
    study: Study, place: Place, plan: Scheme | str, seats: Seats, directory: pd.DataFrame
) -> Result:
    """Return the share of students who would be in schools above the study's line.

    Parameters
    ----------
    seats : Seats
        What the seats of each school are modelled from.
    directory : DataFrame
        ``school_directory``: grades and magnet marks, which tell plain seats from published ones.
    """
    if isinstance(plan, str):
        return Lacking(*FULL, plan, FULL_UNIT, "L9")
    if not seats.of(study):
        lacking = f"no seats of {place.own} are on the public record, by school or by zone"
        return Lacking(*FULL, lacking, FULL_UNIT, "L9")
    modelled = seats.by_school(study)
    left = modelled[~modelled.index.isin(plan.closing)]
    now = plan.students.groupby("school_code")["students"].sum()
    then = plan.after.groupby("school_code")["students"].sum()
    line = study.full_utilization
    share = outcomes.share_in_full(then, left, line)
    common = then.index.intersection(left.index)
    full = int((100 * then[common] / left[common] > line).sum())
    return Measured(
        *FULL,
        f"With all students of {study.enrollment_year} seated as the model sends them, {full} of "
        f"the {plural(len(common), 'school')} with modelled seats would be more than {line:g}% "
        f"full, with {share:.0f}% of their students; before the plan it is "
        f"{outcomes.share_in_full(now, modelled, line):.0f}%.",
        Estimate(share, None, None, MODELLED_COUNT),
        FULL_UNIT,
        claim="L9",
        basis="modelled",
        caveat=f"{caveat(plan)} Seats by school are modelled too: each zone's published seats "
        "shared out by peak enrollment. A school that moves keeps its seats in this model.",
        population=f"{then[common].sum():,.0f} students of {plural(len(common), 'school')} of "
        f"{place.own} with modelled seats",
        year=f"students of {study.enrollment_year}, seats of {seats.year}",
        method=f"Students of schools above {line:g}% of their modelled seats, over all students "
        "of schools with modelled seats; the seats of schools that close are gone.",
        alternatives=(
            Alternative("before the plan", outcomes.share_in_full(now, modelled, line)),
            Alternative(
                "by plain seats, which leave no room unfilled",
                outcomes.share_in_full(then, plainly(left, directory), line),
            ),
            Alternative(
                "seats that fall with the school's own peak since "
                f"{study.trend_start} instead of ever",
                outcomes.share_in_full(then, seats.by_school(study, study.trend_start), line),
            ),
            Alternative(
                "the students of a tenth fewer", outcomes.share_in_full(0.9 * then, left, line)
            ),
            Alternative("a line ten points lower", outcomes.share_in_full(then, left, line - 10)),
        ),
        tables=(*TABLES, "zone_capacity", "nces_enrollment", "school_crosswalk"),
    )


def quality(place: Place, plan: Scheme | str, buildings: pd.DataFrame | None) -> Result:
    """Return the share of the displaced who go to a building in at least as good a condition.

    Parameters
    ----------
    buildings : DataFrame or None
        The district's own file ``buildings``: ``school_code``, ``condition``; without it the
        claim can't be tested.
    """
    if isinstance(plan, str):
        return Lacking(*GOOD, plan, FULL_UNIT, "L5")
    if buildings is None:
        lacking = (
            "the condition of each building is not public. A district settles this with a file "
            "of its own, a row for each school with its condition (dme template buildings)"
        )
        return Lacking(*GOOD, lacking, FULL_UNIT, "L5")
    condition = buildings.set_index("school_code")["condition"].astype(float)
    moved = plan.moved.assign(
        here=plan.moved["school_code"].map(condition), there=plan.moved["goes_to"].map(condition)
    )
    known = moved.dropna(subset=["here", "there"])
    if not known["students"].sum():
        lacking = "the file of buildings has no condition of both schools for any who is displaced"
        return Lacking(*GOOD, lacking, FULL_UNIT, "L5")
    better = known["there"] >= known["here"]
    count = known["students"].sum()
    return Measured(
        *GOOD,
        f"Of {count:,.0f} displaced students whose buildings' condition is known, "
        f"{known.loc[better, 'students'].sum():,.0f} would go to a similar or better one.",
        Estimate(
            100 * float(known.loc[better, "students"].sum() / count), None, None, MODELLED_COUNT
        ),
        FULL_UNIT,
        claim="L5",
        basis="modelled",
        caveat=f"{caveat(plan)} Where the displaced go is modelled: the nearest school. The "
        "condition is the district's own statement.",
        population=f"displaced students of {place.own} with a known condition of both buildings",
        year="as in the district's file",
        method="Students whose destination's condition is at least that of their present building.",
        tables=TABLES,
    )


@dataclass(frozen=True)
class Pathways:
    """Which level of school each community has.

    Attributes
    ----------
    finding : Measured or Lacking
        How many of the communities have all three levels.
    table : DataFrame
        A row for each zone, in words.
    """

    finding: Result
    table: pd.DataFrame


def pathways(
    study: Study,
    place: Place,
    plan: Scheme | str,
    tables: Tables,
    areas: pd.DataFrame,
) -> Pathways:
    """Return which zones have an elementary, a middle and a high school that are no magnets.

    Parameters
    ----------
    tables : Tables
        Grade spans, places and magnets are read of them.
    areas : DataFrame
        ``areas``: outlines of the zones.
    """
    spending, directory = tables.spending, tables.directory
    name, title, unit = "pathways", "Zones with a school of each level", "zones"
    if isinstance(plan, str):
        return Pathways(Lacking(name, title, plan, unit, "L10"), pd.DataFrame())
    zones = areas[areas["kind"] == "zone"]
    then = _spans_in(spending, study.district, study.plan_horizon)
    if zones.empty or then.empty:
        lacking = f"the tables hold no zones, or no grades of {study.plan_horizon}, of {place.own}"
        return Pathways(Lacking(name, title, lacking, unit, "L10"), pd.DataFrame())
    near, before = (
        _neighborhood(spans, directory, zones, edition)
        for spans, edition in (
            (then, _SINCE),
            (_spans_in(spending, study.district, study.before_plan), BEFORE),
        )
    )
    have, had = _levels(near, zones), _levels(before, zones)
    whole = int(have.all(axis=1).sum())
    long_before, long_then = (int(rows["span"].isin(_LONG).sum()) for rows in (before, near))
    return Pathways(
        Measured(
            name,
            title,
            f"In {study.plan_horizon}, {whole} of {len(have)} zones had neighborhood schools for "
            f"K to 5, 6 to 8 and 9 to 12; {int(had.all(axis=1).sum())} in {study.before_plan}. "
            f"Neighborhood schools from K or PK to 8 went from {long_before} to {long_then}.",
            Estimate(float(whole), None, None, "none: a full count"),
            unit,
            claim="L10",
            holds=(bool(have.all(axis=None)), long_then <= long_before / 2),
            caveat="A zone is taken for a community. A level counts as served where one "
            "neighborhood school teaches all its grades; magnets in the zone take by lottery from "
            "the whole region and do not count. A school counts where the directory lists it, also "
            f"while its own building is renovated.{_elsewhere(before, near, plan.names)}",
            population=f"schools of {place.own} that are no interdistrict magnets",
            year=study.plan_horizon,
            method="Grade spans of the state's spending report, places of its directory (copies of "
            f"{BEFORE} and {_SINCE}), zones by their outlines.",
            tables=("spending_schools", "school_directory", "areas"),
        ),
        _in_words(have, had),
    )


def _spans_in(spending: pd.DataFrame, district: str, year: str) -> pd.DataFrame:
    spans = outcomes.grade_spans(spending, district)
    return spans[spans["school_year"] == year]


def _neighborhood(
    spans: pd.DataFrame, directory: pd.DataFrame, zones: pd.DataFrame, edition: str
) -> pd.DataFrame:
    """Return the schools that are no magnets, with the zone that each lies in."""
    copy = directory[
        (directory["edition"] == edition) & (directory["interdistrict_magnet"] == "no")
    ]
    rows = spans.merge(copy[["school_code", "longitude", "latitude"]], on="school_code")
    rows = rows.dropna(subset=["longitude", "latitude"]).reset_index(drop=True)
    return rows.assign(zone=area_of(rows, zones))


def _elsewhere(before: pd.DataFrame, then: pd.DataFrame, names: pd.Series) -> str:
    """Return in words which schools the directory lists in another zone than before."""
    both = then.merge(before[["school_code", "zone"]], on="school_code", suffixes=("", "_before"))
    moved = both.dropna(subset=["zone", "zone_before"])
    moved = moved[moved["zone"] != moved["zone_before"]]
    each = [
        f"{names.get(row.school_code, row.school_code)} (from {row.zone_before} to {row.zone})"
        for row in moved.itertuples()
    ]
    return f" Listed in another zone than before: {', '.join(each)}." if each else ""


def _levels(rows: pd.DataFrame, zones: pd.DataFrame) -> pd.DataFrame:
    """Return whether each zone (row) has a school for all grades of each level (column)."""
    taught = {
        zone: [set(grades_of(span)) for span in mine["span"]] for zone, mine in rows.groupby("zone")
    }
    return pd.DataFrame(
        {
            level: [
                any(set(grades_of(span)) <= grades for grades in taught.get(zone, []))
                for zone in zones["name"]
            ]
            for level, span in LEVELS.items()
        },
        index=list(zones["name"]),
    )


def _in_words(have: pd.DataFrame, had: pd.DataFrame) -> pd.DataFrame:
    yes = {True: "yes", False: "no"}
    shown = pd.DataFrame(
        {
            f"{level} ({LEVELS[level]})": [
                yes[now] if now == was else f"{yes[now]} (before: {yes[was]})"
                for now, was in zip(have[level], had[level], strict=True)
            ]
            for level in LEVELS
        }
    )
    shown.insert(0, "Zone", list(have.index))
    return shown

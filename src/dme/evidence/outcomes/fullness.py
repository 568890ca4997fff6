"""How many students are in full schools, by modelled seats (claim L9)."""

import pandas as pd

from dme.evidence.outcomes.schools import Since
from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Result
from dme.evidence.seats import Seats
from dme.findings import Alternative
from dme.measures.estimates.estimate import Estimate
from dme.measures.plan import outcomes
from dme.study import Study
from dme.text import plural

NAME = ("students-in-full-schools-since", "Students in schools above the line of utilization")
UNIT = "percent of students"


def fullness(study: Study, place: Place, seats: Seats, schools: Since) -> Result:
    """Return the share of students in schools above the study's line, in the horizon year.

    Parameters
    ----------
    seats : Seats
        What the seats are modelled from.
    schools : Since
        The district's schools year by year.
    """
    rows = schools.rows.pivot_table(
        index="school_code", columns="school_year", values="students", aggfunc="sum"
    )
    lacking = ""
    if not schools.rows["school_code"].isin(seats.zones["school_code"]).any():
        lacking = f"no seats of {place.own} are on the public record, by school or by zone"
    elif study.plan_horizon not in rows:
        lacking = f"the tables hold no count of the schools of {place.own} in {study.plan_horizon}"
    if lacking:
        return Lacking(*NAME, lacking, UNIT, "L9")
    modelled = seats.by_school(study)
    then = rows[study.plan_horizon].dropna()
    with_seats = then.index.intersection(modelled.index)
    line = study.full_utilization
    share = outcomes.share_in_full(then, modelled, line)
    full = int((100 * then[with_seats] / modelled[with_seats] > line).sum())
    return Measured(
        *NAME,
        f"In {study.plan_horizon}, {full} of the {plural(len(with_seats), 'school')} that have "
        f"modelled seats were more than {line:g}% full, with {share:.0f}% of their students.",
        Estimate(share, None, None, "none: a full count over modelled seats"),
        UNIT,
        claim="L9",
        basis="modelled",
        caveat=f"Seats by school are modelled: each zone's seats of {seats.year}, shared out by "
        "peak enrollment. A school that moved since takes its old seats along in this model, and "
        f"{plural(len(then) - len(with_seats), 'school')} of {study.plan_horizon} that opened "
        "since, or lie outside the zones, have none and are left out.",
        population=f"{then[with_seats].sum():,.0f} students in {plural(len(with_seats), 'school')} "
        f"of {place.own} with modelled seats",
        year=study.plan_horizon,
        method=f"Students of schools above {line:g}% of their modelled seats, over all students "
        "of schools with modelled seats.",
        alternatives=_choices(study, seats, rows, modelled),
        tables=(
            "spending_schools",
            "zone_capacity",
            "school_zones",
            "school_enrollment",
            "nces_enrollment",
            "school_crosswalk",
        ),
    )


def _choices(
    study: Study, seats: Seats, rows: pd.DataFrame, modelled: pd.Series
) -> tuple[Alternative, ...]:
    """Return the share in other years, by other peaks, and above another line."""
    line, then = study.full_utilization, rows[study.plan_horizon].dropna()
    later = [year for year in rows if year >= study.before_plan and year != study.plan_horizon]
    recent = seats.by_school(study, study.trend_start)
    return (
        *(
            Alternative(f"school year {year}", outcomes.share_in_full(rows[year], modelled, line))
            for year in later
        ),
        Alternative(
            f"seats shared by peaks since {study.trend_start} only",
            outcomes.share_in_full(then, recent, line),
        ),
        Alternative("a line ten points lower", outcomes.share_in_full(then, modelled, line - 10)),
    )

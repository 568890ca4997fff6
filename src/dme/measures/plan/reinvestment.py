"""What the released money buys: six uses, each priced as a distribution.

Every use is given its smallest program for the whole district, written down here before its cost
was computed. The costs are modelled: a quantity of teachers' time by the price of a teacher.
Each input that no public table holds is a range in `INPUTS`, with its reason; within a range all
values are equally likely, and one draw of a shared input (the price of a teacher, how much a
teacher teaches) serves all uses, so that their sum is right too.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dme.measures.estimates.estimate import Estimate
from dme.measures.plan.prices import Price

SCHOOL_DAYS = 180
"""Days of a school year in Connecticut (General Statutes, section 10-15)."""


@dataclass(frozen=True)
class Input:
    """A modelled input: its range, its unit, and why it lies there."""

    key: str
    low: float
    high: float
    unit: str
    why: str


INPUTS: tuple[Input, ...] = (
    Input("load", 990, 1215, "minutes taught a week by a full-time teacher",
          "assumed: 22 to 27 lessons of 45 minutes, around the five a day of the schedules"),
    Input("planning", 45, 90, "more free minutes a week for each class's teacher",
          "90 shared minutes, of which a planning period that teachers have already may give half"),
    Input("enrichment", 45, 45, "more minutes of enrichment a week for each class",
          "one period: the least that a timetable can add"),
    Input("wellness", 0.5, 1, "wellness staff for each school",
          "assumed: a half or a whole position"),
    Input("materials", 20, 60, "dollars of materials a student", "assumed"),
    Input("longer_day", 30, 30, "more minutes a day", "half an hour: the least usual step"),
    Input("longer_year", 5, 5, "more days a year", "one week: the least usual step"),
    Input("school_day", 360, 405, "minutes of a school day now",
          "assumed: eight periods of 45 minutes, up to 45 minutes more with arrival and breaks"),
    Input("extra_pay", 0.6, 1, "pay of added time, as a share of what usual time costs",
          "assumed: benefits don't grow with time; a contract may ask for the full rate"),
    Input("other_staff", 0.1, 0.3, "other cost of added time, as a share of teachers'",
          "assumed: aides, buses, heat"),
    Input("group", 3, 6, "students in a small group", "assumed: usual sizes of small groups"),
    Input("group_minutes", 90, 150, "minutes of a small group a week",
          "assumed: half an hour, three to five times"),
    Input("course", 150, 600, "dollars of a college course for a student",
          "assumed: fees, books and part of a teacher"),
    Input("caseload", 200, 300, "juniors and seniors for each college and career adviser",
          "around the 250 students a counselor that school counselors' association asks for"),
    Input("advisory", 30, 45, "minutes of advisory a week", "one period or a shorter one"),
    Input("advisory_group", 12, 18, "students in an advisory group",
          "assumed: smaller than a class, or it is none"),
)  # fmt: skip


@dataclass(frozen=True)
class Use:
    """A use of the money: the claim that names it, and its smallest district-wide program."""

    key: str
    claim: str
    title: str
    program: str


USES: tuple[Use, ...] = (
    Use("planning", "R1", "Teachers' planning time",
        "90 consecutive minutes a week free together for the teachers of every class"),
    Use("enrichment", "R2", "Health, wellness and enrichment",
        "one more period of enrichment a week for every class, and wellness staff in every school"),
    Use("time", "R3", "A longer day and year",
        "half an hour more each day and one week more each year in every school"),
    Use("groups", "R4", "Small groups for struggling students",
        "a small group, several times a week all year, for every student of grades 3 to 8 at the "
        "lowest level of the state's test"),
    Use("college", "R5", "College credit and careers",
        "one college course a year for every junior and senior, and advisers"),
    Use("advisory", "R6", "Advisory time",
        "one period a week in a small group led by an adult for every student"),
)  # fmt: skip


@dataclass(frozen=True)
class Scale:
    """How large the district is, as far as the uses' costs hang on it.

    Attributes
    ----------
    students, schools, sections : float
        In all; sections by the class-size maxima, grade by grade and school by school.
    teachers : float
        Full-time equivalents of classroom and special education teachers.
    struggling : tuple of (float, float)
        Students at the lowest level: at least the larger of the two subjects' counts, at most
        their sum, as the tables don't tell who is in both. NaN where no results are known.
    upper : float
        Juniors and seniors.
    """

    students: float
    schools: float
    sections: float
    teachers: float
    struggling: tuple[float, float]
    upper: float


def draw(scale: Scale, price: Price, draws: int, seed: int) -> pd.DataFrame:
    """Return draws of the cost of each use's program, in dollars a year.

    Parameters
    ----------
    scale, price : Scale, Price
        The district's size; what a teacher costs.
    draws, seed : int
        How many, and the seed of the random numbers.

    Returns
    -------
    DataFrame
        A column for each use, by `Use.key`; a row for each draw.
    """
    rng = np.random.default_rng(seed)
    drawn = {one.key: rng.uniform(one.low, one.high, draws) for one in INPUTS}
    teacher = rng.uniform(price.low, price.high, draws)
    fewest, most = scale.struggling  # missing where no results are known: so is the cost then
    struggling = fewest + (most - fewest) * rng.random(draws)
    return costs(scale, drawn | {"teacher": teacher, "struggling": struggling})


def costs(scale: Scale, given: dict[str, np.ndarray]) -> pd.DataFrame:
    """Return the cost of each use's program for given inputs, in dollars a year.

    Parameters
    ----------
    scale : Scale
        The district's size.
    given : dict of str to array
        A value a draw of each of `INPUTS`, of ``teacher`` (dollars) and of ``struggling``.
    """
    minute = given["teacher"] / given["load"]  # dollars of a minute taught each week of a year
    longer = given["longer_day"] * SCHOOL_DAYS + given["longer_year"] * given["school_day"]
    more_time = longer / (given["school_day"] * SCHOOL_DAYS)
    paid = given["extra_pay"] * (1 + given["other_staff"])
    groups = given["struggling"] / given["group"]
    return pd.DataFrame(
        {
            "planning": scale.sections * given["planning"] * minute,
            "enrichment": scale.sections * given["enrichment"] * minute
            + scale.schools * given["wellness"] * given["teacher"]
            + scale.students * given["materials"],
            "time": scale.teachers * given["teacher"] * more_time * paid,
            "groups": groups * given["group_minutes"] * minute,
            "college": scale.upper * (given["course"] + given["teacher"] / given["caseload"]),
            "advisory": scale.students / given["advisory_group"] * given["advisory"] * minute,
        }
    )


def summary(drawn: pd.Series, level: float) -> Estimate:
    """Return the median of draws with the range that holds `level` percent of them."""
    edge = (100 - level) / 200
    low, middle, high = (float(drawn.quantile(q)) for q in (edge, 0.5, 1 - edge))
    words = f"range of {level:g} in 100 of {len(drawn):,} draws of the stated inputs"
    return Estimate(middle, low, high, words)


def fits(drawn: pd.Series, budget: float) -> tuple[bool, bool]:
    """Return whether a program fits a budget in the median draw, and in 95 draws of 100."""
    within = float(drawn.le(budget).mean())
    return within >= 0.5, within >= 0.95


def input_table(scale: Scale, price: Price) -> pd.DataFrame:
    """Return the modelled inputs as ``input``, ``low``, ``high``, ``reason``."""
    own = (
        Input("teacher", price.low, price.high, "dollars a year for a teacher", price.words),
        Input("struggling", *scale.struggling, "students at the lowest level in some subject",
              "the larger of the two subjects' counts, up to their sum"),
    )  # fmt: skip
    return pd.DataFrame(
        [
            {"input": one.unit, "low": one.low, "high": one.high, "reason": one.why}
            for one in (*own, *INPUTS)
        ]
    )

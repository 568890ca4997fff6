"""What the plan releases a year: facilities (L6), staff (L7), together (L8). All modelled."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from dme.evidence.place import Place
from dme.evidence.plan import released
from dme.evidence.plan.released import Drawn
from dme.evidence.plan.scheme import Scheme
from dme.evidence.result import Picture, Result, alternatives
from dme.findings import Alternative
from dme.measures.access.eligibility import bus_rule
from dme.measures.access.places import MILE_KM
from dme.measures.plan import actions as acts
from dme.measures.plan import savings
from dme.measures.plan.prices import Price, factors, teacher_price
from dme.measures.plan.savings import Chance, Draws
from dme.measures.size import school_sizes
from dme.measures.staff import teams as team_measures
from dme.study import Study
from dme.text import quantity

_OUTSIDE = ("school_administration", "library_media", "support_services_students")
"""Functions whose fixed part goes where a school closes: its office, library, student support."""
_FULLEST, _EMPTIEST = 1.0, 0.8
_SPECIALISTS = (1.0, 1.25)
_PART_EMPTY = 4
"""At most one in so many of the buildings stays empty, in the other reckoning."""
_ASSUMED = (
    f"classes filled to {100 * _EMPTIEST:.0f} to {100 * _FULLEST:.0f}% of their maxima; "
    f"{_SPECIALISTS[0]:g} to {_SPECIALISTS[1]:g} teachers for each section, since art, music and "
    "physical education go with it"
)
_STREAMS = {"fill": 2, "specialists": 3, "teacher": 4, "fixed": 5, "vacant": 6}


@dataclass(frozen=True)
class Accounts:
    """The tables behind the money.

    Attributes
    ----------
    spending, by_function : DataFrame
        ``spending_schools`` and ``spending_by_function``.
    district, staff : DataFrame
        ``district_spending_by_function`` and ``district_staff``.
    facts, maxima, bus_rules, prices : DataFrame
        ``published_facts``, ``class_size_maxima``, ``bus_rules``, ``consumer_prices``.
    """

    spending: pd.DataFrame
    by_function: pd.DataFrame
    district: pd.DataFrame
    staff: pd.DataFrame
    facts: pd.DataFrame
    maxima: pd.DataFrame
    bus_rules: pd.DataFrame
    prices: pd.DataFrame

    def fact(self, topic: str, subject: str) -> float:
        """Return the number of a published fact."""
        rows = self.facts[(self.facts["topic"] == topic) & (self.facts["subject"] == subject)]
        return float(rows["number"].iloc[0])


@dataclass(frozen=True)
class Released:
    """What the plan releases a year.

    Attributes
    ----------
    findings : tuple of Measured or Lacking
        Facilities, staffing, together.
    parts : tuple of Alternative
        The sum and its parts, to draw; empty where there is nothing.
    picture : Picture
        Words of the figure.
    """

    findings: tuple[Result, ...]
    parts: tuple[Alternative, ...]
    picture: Picture


def money(study: Study, place: Place, plan: Scheme | str, accounts: Accounts) -> Released:
    """Return what the plan releases a year, and its parts.

    Parameters
    ----------
    accounts : Accounts
        The tables behind the money.
    """
    picture = Picture(
        "What the plan releases a year, and its parts (modelled)",
        f"Dot: the middle of {study.resamples:,} draws of what is not known; bar: "
        f"{study.confidence:g}% of them.",
        "The modelled sum and its parts",
    )
    if isinstance(plan, str):
        return Released(released.lacking(plan), (), picture)
    teacher = teacher_of(study, place, accounts)
    if isinstance(teacher, str):
        return Released(released.lacking(teacher), (), picture)
    chance = Chance(study.resamples, study.seed)
    drawn = _drawn(study, plan, accounts, teacher, chance)
    findings = (
        released.facilities(study, place, drawn),
        released.staffing(study, place, plan, drawn, _ASSUMED),
        released.together(study, place, plan, drawn),
    )
    parts = drawn.parts(chance.draws)
    shown = alternatives({n: savings.summary(d, study.confidence) for n, d in parts.items()})
    words = "; ".join(f"{part.label} {quantity(part.value, 'dollars')}" for part in shown)
    return Released(findings, shown, replace(picture, alt=f"{picture.alt}: {words}."))


def _drawn(study: Study, plan: Scheme, accounts: Accounts, teacher: Price, chance: Chance) -> Drawn:
    """Return the draws; what is published of the buildings and buses is of the tables' plan."""
    if plan.own:
        closing = plan.listed[plan.listed["action"] == acts.CLOSE]
        closed = int(closing["place"].nunique())
    else:
        closed = int(accounts.fact("plan_approved", "buildings to close over three years"))
    upkeep = accounts.fact("building_cost", "vacant Clark upkeep") if plan.told else None
    kept = savings.between(0, (upkeep or 0) * closed / _PART_EMPTY, chance, _STREAMS["vacant"])
    sections, offices = _staffing(study, plan, accounts, teacher, chance)
    plant = plant_by_school(study, accounts)
    return Drawn(
        plant,
        closed,
        savings.buildings(plant["dollars"], closed, chance),
        sections,
        offices,
        kept,
        upkeep,
        _buses(study, plan, accounts) if plan.told else None,
        teacher.words,
        str(last_account(study, accounts)["school_year"]),
    )


def teacher_of(study: Study, place: Place, accounts: Accounts) -> Price | str:
    """Return what a teacher costs; or, in words, what the accounts lack of the study's district."""
    price = teacher_price(
        accounts.district, accounts.staff, accounts.prices, study.district, study.spending_year
    )
    rows = school_sizes.of_districts(accounts.spending, study.district)
    if (
        price is None
        or rows["dollars_per_pupil"].notna().sum() < 3
        or _printed(study, accounts).empty
        or plant_by_school(study, accounts).empty
    ):
        return (
            f"the tables hold too little of the spending of {place.own} by school and function, "
            f"or of its teachers, or no prices of {study.spending_year}"
        )
    return price


def plant_by_school(study: Study, accounts: Accounts) -> pd.DataFrame:
    """Return what it costs a year to operate the building of each school.

    The year after the plan's approval: from then on these costs are charged to the schools.
    """
    merged = accounts.by_function[accounts.by_function["function"] == "plant_operation"].merge(
        accounts.spending[["school_year", "school_code", "district_code", "students"]],
        on=["school_year", "school_code"],
    )
    rows = merged[
        (merged["district_code"] == study.district)
        & (merged["school_year"] > study.before_plan)
        & merged["students"].ge(study.smallest_school)
    ]
    first = rows[rows["school_year"] == rows["school_year"].min()]
    dollars = first["dollars_per_pupil"].astype(float) * first["students"].astype(float)
    return first.assign(dollars=dollars)[["school_year", "school_code", "dollars"]]


def last_account(study: Study, accounts: Accounts) -> pd.Series:
    """Return the last year in which the district's dollars by function are printed, and prices."""
    return _printed(study, accounts).iloc[-1]


def _printed(study: Study, accounts: Accounts) -> pd.DataFrame:
    rows = school_sizes.of_districts(accounts.district, study.district)
    priced = rows["school_year"].isin(factors(accounts.prices, study.spending_year).index)
    return rows[rows["plant"].notna() & priced].sort_values("school_year")


def bus_price(study: Study, accounts: Accounts) -> float:
    """Return what a student on a bus costs a year, in dollars of the spending year."""
    account = last_account(study, accounts)
    raised = factors(accounts.prices, study.spending_year)[account["school_year"]]
    riding = accounts.fact("transport", "pupils transported")
    return float(raised) * float(account["transportation"]) / riding


def _staffing(
    study: Study, plan: Scheme, accounts: Accounts, price: Price, chance: Chance
) -> tuple[Draws, Draws]:
    """Return what fewer sections release, and what fewer offices do."""
    largest = team_measures.largest_classes(accounts.maxima, study.class_sizes)
    steps = np.linspace(_EMPTIEST, _FULLEST, 21)
    # Whom no school takes in the model still needs a seat: that releases nothing.
    seated = plan.students.drop(index=plan.unplaced.index)
    fewer = np.array(
        [
            float(savings.sections_released(seated, plan.after, largest * step).sum())
            for step in steps
        ]
    )
    fill = savings.between(_EMPTIEST, _FULLEST, chance, _STREAMS["fill"])
    per_section = savings.between(*_SPECIALISTS, chance, _STREAMS["specialists"])
    teacher = savings.between(price.low, price.high, chance, _STREAMS["teacher"])
    sections = np.interp(fill, steps, fewer) * per_section * teacher
    value, error = office_cost(study, accounts)
    normal = chance.generator(_STREAMS["fixed"]).standard_normal(chance.draws)
    return sections, len(plan.closing) * np.maximum(value + error * normal, 0)


def office_cost(study: Study, accounts: Accounts) -> tuple[float, float]:
    """Return what a school's office, library and student support cost before its first student."""
    rows = accounts.by_function[
        accounts.by_function["function"].isin(_OUTSIDE)
        & (accounts.by_function["school_year"] == study.spending_year)
    ]
    each = rows.groupby("school_code")["dollars_per_pupil"].sum().astype(float).rename("dollars")
    schools = school_sizes.of_districts(
        school_sizes.schools(accounts.spending, study.spending_year, study.smallest_school),
        study.district,
    ).merge(each, left_on="school_code", right_index=True)
    students = schools["students"].astype(float)
    return savings.fixed_cost(students, schools["dollars"] * students)


def _buses(study: Study, plan: Scheme, accounts: Accounts) -> float:
    """Return what buses for those of the displaced cost who would live past the walking distance.

    Their new school's distance from the old one stands for that from home, which is not public.
    Prekindergarten, of which the rule says nothing, walks as far as kindergarten.
    """
    walk = bus_rule(accounts.bus_rules, study.bus_rule).miles
    miles = plan.moved["grade"].map({"PK": walk["K"], **walk})
    far = plan.moved["km"] > MILE_KM * miles.astype(float)
    return bus_price(study, accounts) * float(plan.moved.loc[far, "students"].sum())

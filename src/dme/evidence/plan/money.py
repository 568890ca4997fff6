"""What the plan releases a year: facilities (L6), staff (L7), together (L8). All modelled."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from dme.evidence.place import Place
from dme.evidence.plan.people import TABLES, caveat
from dme.evidence.plan.scheme import Scheme
from dme.evidence.result import Lacking, Measured, Picture, Result, alternatives
from dme.findings import Alternative
from dme.measures import size
from dme.measures import teams as team_measures
from dme.measures.access import bus_rule
from dme.measures.places import MILE_KM
from dme.measures.plan import savings
from dme.measures.plan.savings import Chance, Draws
from dme.study import Study
from dme.text import plural, quantity

UNIT = "dollars a year"
_NAMES = (
    ("facilities-released", "Released by operating fewer buildings", "L6"),
    ("staffing-released", "Released from staffing", "L7"),
    ("released-together", "Released in all, net of buses", "L8"),
)
_OUTSIDE = ("school_administration", "library_media", "support_services_students")
"""Functions whose fixed part goes where a school closes: its office, library, student support."""
_FULLEST, _EMPTIEST = 1.0, 0.8
_SPECIALISTS = (1.0, 1.25)
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
    facts, maxima, bus_rules : DataFrame
        ``published_facts``, ``class_size_maxima``, ``bus_rules``.
    """

    spending: pd.DataFrame
    by_function: pd.DataFrame
    district: pd.DataFrame
    staff: pd.DataFrame
    facts: pd.DataFrame
    maxima: pd.DataFrame
    bus_rules: pd.DataFrame

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
    lacking = plan if isinstance(plan, str) else _lacking(study, place, accounts)
    if lacking or isinstance(plan, str):
        none = tuple(Lacking(n, t, str(lacking), UNIT, claim) for n, t, claim in _NAMES)
        return Released(none, (), picture)
    chance = Chance(study.resamples, study.seed)
    plant = _plant(study, accounts)
    closed = int(accounts.fact("plan_approved", "buildings to close over three years"))
    facilities = savings.buildings(plant["dollars"], closed, chance)
    sections, offices = _staffing(study, plan, accounts, chance)
    staff = sections + offices
    buses = _buses(study, plan, accounts)
    vacant = accounts.fact("building_cost", "vacant Clark upkeep")
    kept = savings.between(0, vacant * closed / 4, chance, _STREAMS["vacant"])
    findings = (
        _facilities(study, place, plant, (facilities, closed, kept)),
        _staff(study, place, plan, (sections, offices)),
        _together(study, place, plan, (facilities, staff, kept), buses),
    )
    parts = {
        "together, net of buses": facilities + staff - buses,
        f"{closed} buildings": facilities,
        "teachers of fewer sections": sections,
        "offices of closed schools": offices,
        "buses": np.full(chance.draws, -buses),
    }
    shown = alternatives({n: savings.summary(d, study.confidence) for n, d in parts.items()})
    words = "; ".join(f"{part.label} {quantity(part.value, 'dollars')}" for part in shown)
    return Released(findings, shown, replace(picture, alt=f"{picture.alt}: {words}."))


def _lacking(study: Study, place: Place, accounts: Accounts) -> str:
    years = accounts.district.loc[
        (accounts.district["district_code"] == study.district) & accounts.district["plant"].notna(),
        "school_year",
    ]
    rows = size.of_districts(accounts.spending, study.district)
    if rows["dollars_per_pupil"].notna().sum() < 3 or years.empty:
        return f"the tables hold too little of the spending of {place.own} by school and function"
    return ""


def _plant(study: Study, accounts: Accounts) -> pd.DataFrame:
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


def _last_account(study: Study, accounts: Accounts) -> pd.Series:
    """Return the last year in which the district's dollars by function are printed."""
    rows = accounts.district[
        (accounts.district["district_code"] == study.district) & accounts.district["plant"].notna()
    ]
    return rows.sort_values("school_year").iloc[-1]


def _teacher_range(study: Study, accounts: Accounts) -> tuple[float, float]:
    """Return the least and most that a teacher costs: the account of instructional staff.

    It holds paraprofessionals too: over all staff in classrooms it gives the least, over the
    teachers alone the most. Dollars of the account's year, with benefits as far as it has them.
    """
    account = _last_account(study, accounts)
    rows = accounts.staff[
        (accounts.staff["district_code"] == study.district)
        & (accounts.staff["school_year"] == account["school_year"])
    ]
    teachers = float(rows[["teachers", "special_education_teachers"]].sum(axis=1).iloc[0])
    others = float(
        rows[["paraprofessionals", "special_education_paraprofessionals"]].sum(axis=1).iloc[0]
    )
    dollars = float(account["instructional_staff"])
    return dollars / (teachers + others), dollars / teachers


def _staffing(
    study: Study, plan: Scheme, accounts: Accounts, chance: Chance
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
    teacher = savings.between(*_teacher_range(study, accounts), chance, _STREAMS["teacher"])
    sections = np.interp(fill, steps, fewer) * per_section * teacher
    value, error = _office(study, accounts)
    normal = chance.generator(_STREAMS["fixed"]).standard_normal(chance.draws)
    return sections, len(plan.closing) * np.maximum(value + error * normal, 0)


def _office(study: Study, accounts: Accounts) -> tuple[float, float]:
    """Return what a school's office, library and student support cost before its first student."""
    rows = accounts.by_function[
        accounts.by_function["function"].isin(_OUTSIDE)
        & (accounts.by_function["school_year"] == study.spending_year)
    ]
    each = rows.groupby("school_code")["dollars_per_pupil"].sum().astype(float).rename("dollars")
    schools = size.of_districts(
        size.schools(accounts.spending, study.spending_year, study.smallest_school), study.district
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
    account = _last_account(study, accounts)
    each = float(account["transportation"]) / accounts.fact("transport", "pupils transported")
    return each * float(plan.moved.loc[far, "students"].sum())


def _facilities(
    study: Study,
    place: Place,
    plant: pd.DataFrame,
    drawn: tuple[Draws, int, Draws],
) -> Measured:
    draws, closed, kept = drawn
    name, title, claim = _NAMES[0]
    return Measured(
        name,
        title,
        f"Operating a school's building cost {quantity(plant['dollars'].mean(), 'dollars')} on "
        f"average in {plant['school_year'].iloc[0]}; {closed} buildings, drawn at random from "
        f"{len(plant)}, cost {_middle(draws)}.",
        savings.summary(draws, study.confidence),
        UNIT,
        claim=claim,
        basis="modelled",
        caveat="Which buildings close is not all printed, so they are drawn at random. Rents, and "
        "what the district charges to no school, are not in it; nor is a building that stays "
        "empty, which costs on: Clark School's alone $800,000 a year.",
        population=f"buildings of {plural(len(plant), 'school')} of {place.own}",
        year=str(plant["school_year"].iloc[0]),
        method="Operation and maintenance of plant as charged to each school, the first year in "
        "which it is charged to schools; the sum over the buildings that close.",
        alternatives=alternatives(
            {
                "up to a quarter of them stays empty, at the published cost of one": (
                    savings.summary(draws - kept, study.confidence)
                ),
            }
        ),
        tables=("spending_schools", "spending_by_function", "published_facts"),
    )


def _middle(draws: Draws) -> str:
    return quantity(float(np.median(draws)), "dollars")


def _staff(study: Study, place: Place, plan: Scheme, drawn: tuple[Draws, Draws]) -> Measured:
    sections, offices = drawn
    name, title, claim = _NAMES[1]
    return Measured(
        name,
        title,
        f"Fewer sections release {_middle(sections)}, the offices of "
        f"{plural(len(plan.closing), 'closed school')} {_middle(offices)}.",
        savings.summary(sections + offices, study.confidence),
        UNIT,
        claim=claim,
        basis="modelled",
        caveat=f"{caveat(plan)} Assumed: {_ASSUMED}. Pay is of the last year whose accounts are "
        "printed. The study's figure may hold staff that no rule on class sizes frees.",
        population=f"schools of {place.own} that close, change their grades or take students",
        year=study.enrollment_year,
        method="Sections before less sections after, by grade, times what a teacher costs; and "
        "for each school that closes the fixed part of administration, library and student "
        "support (intercept on enrollment).",
        alternatives=alternatives(
            {
                "sections alone": savings.summary(sections, study.confidence),
                "offices of closed schools alone": savings.summary(offices, study.confidence),
            }
        ),
        tables=(
            *TABLES,
            "class_size_maxima",
            "district_spending_by_function",
            "district_staff",
            "spending_by_function",
        ),
    )


def _together(
    study: Study, place: Place, plan: Scheme, drawn: tuple[Draws, Draws, Draws], buses: float
) -> Measured:
    facilities, staff, kept = drawn
    gross = facilities + staff
    name, title, claim = _NAMES[2]
    return Measured(
        name,
        title,
        f"Buildings and staff release {_middle(gross)} together; "
        f"buses for those who live too far to walk take {quantity(buses, 'dollars')} of it.",
        savings.summary(gross - buses, study.confidence),
        UNIT,
        claim=claim,
        basis="modelled",
        caveat=f"{caveat(plan)} Without the one-time costs of the change, which are not public. "
        "Who needs a bus is taken from the distance between schools.",
        population=f"schools of {place.own}",
        year=study.enrollment_year,
        method="Sum of the two figures above, less the cost of buses a student (the district's "
        "account of transportation over the students transported) for the displaced past the "
        "walking distance of their grade.",
        alternatives=alternatives(
            {
                "before buses": savings.summary(gross, study.confidence),
                "up to a quarter of the buildings stays empty": savings.summary(
                    gross - buses - kept, study.confidence
                ),
            }
        ),
        tables=(
            *TABLES,
            "spending_by_function",
            "district_spending_by_function",
            "published_facts",
            "bus_rules",
        ),
    )

"""What the model of a better plan takes a building, a school, a teacher and a bus to cost."""

from dataclasses import dataclass

import pandas as pd

from dme.evidence.place import Place
from dme.evidence.plan.money import (
    Accounts,
    bus_price,
    last_account,
    office_cost,
    plant_by_school,
    teacher_of,
)
from dme.measures.access.places import MILE_KM
from dme.measures.plan.prices import Price
from dme.measures.portfolio.district import BANDS, Assumptions
from dme.study import Study
from dme.text import quantity

_RULE_OF = {"PK-5": "5", "6-8": "8", "9-12": "12"}
"""The grade whose walking distance a band takes: most of its grades have that one's."""


@dataclass(frozen=True)
class Costs:
    """The costs, and where each comes from.

    Attributes
    ----------
    given : Assumptions
        As the model reads them.
    sources : tuple of tuple
        What, how much, and the source in words.
    """

    given: Assumptions
    sources: tuple[tuple[str, str, str], ...]

    @property
    def table(self) -> pd.DataFrame:
        """The costs with their sources, to be shown."""
        return pd.DataFrame(self.sources, columns=["What", "Taken to be", "From"])


def costs(study: Study, place: Place, accounts: Accounts, seats: pd.Series) -> Costs | str:
    """Return what things cost in the study's district; or, in words, what lacks.

    Parameters
    ----------
    accounts : Accounts
        The tables behind the costs.
    seats : Series
        Seats by school code, over which the cost of plant is spread; maybe empty.
    """
    teacher = teacher_of(study, place, accounts)
    if isinstance(teacher, str):
        return teacher
    plant = plant_by_school(study, accounts)
    plant = plant[plant["school_code"].isin(seats.index)]
    if plant.empty:
        return f"the tables hold no cost of plant by school of {place.own}"
    rules = accounts.bus_rules[accounts.bus_rules["rule"] == study.bus_rule]
    miles = rules.set_index("high_grade")["miles"].astype(float)
    office, error = office_cost(study, accounts)
    given = Assumptions(
        seat_dollars=float(plant["dollars"].sum() / seats[plant["school_code"]].sum()),
        school_dollars=office,
        teacher_dollars=teacher.middle,
        bus_dollars=bus_price(study, accounts),
        bus_km=tuple(MILE_KM * float(miles[_RULE_OF[band]]) for band in BANDS),
    )
    account = last_account(study, accounts)["school_year"]
    record = _Record(plant, teacher, error, str(account), rules["period"].iloc[0])
    return Costs(given, _sources(study, given, record))


@dataclass(frozen=True)
class _Record:
    """What the costs were taken from."""

    plant: pd.DataFrame
    teacher: Price
    error: float
    account: str
    rule: str


def _sources(study: Study, given: Assumptions, record: _Record) -> tuple[tuple[str, str, str], ...]:
    plant, teacher = record.plant, record.teacher
    reach = [f"{km:.1f} km ({band})" for km, band in zip(given.bus_km, BANDS, strict=True)]
    return (
        (
            "a building, for each seat",
            quantity(given.seat_dollars, "dollars"),
            f"plant charged to {len(plant)} schools in {plant['school_year'].iloc[0]}, over their "
            "modelled seats",
        ),
        (
            "a school, whatever its size",
            quantity(given.school_dollars, "dollars"),
            f"intercept of office, library and student support on students, {study.spending_year} "
            f"(standard error {quantity(record.error, 'dollars')})",
        ),
        (
            "a teacher, one for each section",
            quantity(given.teacher_dollars, "dollars"),
            f"middle of {quantity(teacher.low, 'dollars')} and "
            f"{quantity(teacher.high, 'dollars')}: {teacher.words}",
        ),
        (
            "sections beyond students over the largest class",
            f"{given.spare_section:g} for each grade of a school",
            "what rounding up to whole sections costs on average",
        ),
        (
            "a student on a bus",
            quantity(given.bus_dollars, "dollars"),
            f"account of transportation of {record.account} in prices of {study.spending_year}, "
            "over the students transported (c. 2015)",
        ),
        (
            "distance from which a bus is given",
            ", ".join(reach),
            f"the district's walking distances, {record.rule}, as straight lines",
        ),
    )

"""The findings on what the plan releases a year, from the draws of `dme.evidence.plan.money`."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dme.evidence.place import Place
from dme.evidence.plan.people import TABLES, caveat
from dme.evidence.plan.scheme import Scheme
from dme.evidence.result import Lacking, Measured, Result, alternatives
from dme.measures.plan import savings
from dme.measures.plan.savings import Draws
from dme.study import Study
from dme.text import plural, quantity

UNIT = "dollars a year"
_FACILITIES = ("facilities-released", "Released by operating fewer buildings")
_STAFFING = ("staffing-released", "Released from staffing")
_TOGETHER = ("released-together", "Released in all, net of buses")


@dataclass(frozen=True)
class Drawn:
    """What the plan releases, in draws of what is not known.

    Attributes
    ----------
    plant : DataFrame
        ``school_year``, ``school_code``, ``dollars``: what each building costs to operate.
    closed : int
        How many buildings close.
    facilities, sections, offices : array
        Dollars a year: of the buildings, of teachers of fewer sections, of closed schools' offices.
    kept : array
        What buildings that stay empty cost on.
    upkeep : float or None
        The published yearly cost of one such building; None where none is published.
    buses : float or None
        What buses take of it; None where the students transported are not published.
    teacher : str
        What a teacher costs, and how that is known, in words.
    account_year : str
        The year of the account that the buses are paid by.
    """

    plant: pd.DataFrame
    closed: int
    facilities: Draws
    sections: Draws
    offices: Draws
    kept: Draws
    upkeep: float | None
    buses: float | None
    teacher: str
    account_year: str

    @property
    def gross(self) -> Draws:
        """Buildings and staff together."""
        return self.facilities + self.sections + self.offices

    def parts(self, draws: int) -> dict[str, Draws]:
        """Return the sum and its parts, by their names."""
        parts = {
            f"{self.closed} buildings": self.facilities,
            "teachers of fewer sections": self.sections,
            "offices of closed schools": self.offices,
        }
        if self.buses is None:
            return {"together, before buses": self.gross, **parts}
        return {
            "together, net of buses": self.gross - self.buses,
            **parts,
            "buses": np.full(draws, -self.buses),
        }


def lacking(what: str) -> tuple[Lacking, ...]:
    """Return the three findings where they can't be made."""
    asked = ((_FACILITIES, "L6"), (_STAFFING, "L7"), (_TOGETHER, "L8"))
    return tuple(Lacking(*words, what, UNIT, claim) for words, claim in asked)


def facilities(study: Study, place: Place, drawn: Drawn) -> Measured:
    """Return what operating fewer buildings releases (claim L6)."""
    plant, year = drawn.plant, str(drawn.plant["school_year"].iloc[0])
    empty = (
        f"; nor is a building that stays empty, which costs on: the one whose cost is published "
        f"{quantity(drawn.upkeep, 'dollars')} a year"
        if drawn.upkeep
        else ""
    )
    return Measured(
        *_FACILITIES,
        f"Operating a school's building cost {quantity(plant['dollars'].mean(), 'dollars')} on "
        f"average in {year}; {plural(drawn.closed, 'building')}, drawn at random from "
        f"{len(plant)}, cost {_middle(drawn.facilities)}.",
        savings.summary(drawn.facilities, study.confidence),
        UNIT,
        claim="L6",
        basis="modelled",
        caveat="Which buildings close is not all printed, so they are drawn at random. Rents, and "
        f"what the district charges to no school, are not in it{empty}.",
        population=f"buildings of {plural(len(plant), 'school')} of {place.own}",
        year=year,
        method="Operation and maintenance of plant as charged to each school, the first year after "
        f"{study.before_plan} with such a figure; the sum over the buildings that close.",
        alternatives=alternatives(
            {
                "up to a quarter of them stays empty, at the published cost of one": (
                    savings.summary(drawn.facilities - drawn.kept, study.confidence)
                ),
            }
            if drawn.upkeep
            else {}
        ),
        tables=("spending_schools", "spending_by_function", "published_facts"),
    )


def _middle(draws: Draws) -> str:
    return quantity(float(np.median(draws)), "dollars")


def staffing(study: Study, place: Place, plan: Scheme, drawn: Drawn, assumed: str) -> Measured:
    """Return what fewer sections and offices release (claim L7).

    Parameters
    ----------
    assumed : str
        The ranges of what is not known, in words.
    """
    return Measured(
        *_STAFFING,
        f"Fewer sections release {_middle(drawn.sections)}, the offices of "
        f"{plural(len(plan.closing), 'closed school')} {_middle(drawn.offices)}.",
        savings.summary(drawn.sections + drawn.offices, study.confidence),
        UNIT,
        claim="L7",
        basis="modelled",
        caveat=f"{caveat(plan)} Assumed: {assumed}. {_prices(study, drawn)} The study's figure may "
        "hold staff that no rule on class sizes frees.",
        population=f"schools of {place.own} that close, change their grades or take students",
        year=study.enrollment_year,
        method="Sections before less sections after, by grade, times what a teacher costs; and "
        "for each school that closes the fixed part of administration, library and student "
        "support (intercept on enrollment).",
        alternatives=alternatives(
            {
                "sections alone": savings.summary(drawn.sections, study.confidence),
                "offices of closed schools alone": savings.summary(drawn.offices, study.confidence),
            }
        ),
        tables=(
            *TABLES,
            "class_size_maxima",
            "district_spending_by_function",
            "district_staff",
            "consumer_prices",
            "spending_by_function",
        ),
    )


def _prices(study: Study, drawn: Drawn) -> str:
    return (
        f"A teacher's cost: {drawn.teacher}. Offices are in dollars of {study.spending_year} too."
    )


def together(study: Study, place: Place, plan: Scheme, drawn: Drawn) -> Result:
    """Return what is left of both when buses are paid (claim L8)."""
    if drawn.buses is None:
        what = f"the tables hold no count of the students of {place.own} who go by bus"
        return Lacking(*_TOGETHER, what, UNIT, "L8")
    net = drawn.gross - drawn.buses
    return Measured(
        *_TOGETHER,
        f"Buildings and staff release {_middle(drawn.gross)} together; "
        f"buses for those who live too far to walk take {quantity(drawn.buses, 'dollars')} of it.",
        savings.summary(net, study.confidence),
        UNIT,
        claim="L8",
        basis="modelled",
        caveat=f"{caveat(plan)} {_prices(study, drawn)} Buildings are in dollars of "
        f"{drawn.plant['school_year'].iloc[0]}, buses by the account of {drawn.account_year}, in "
        f"prices of {study.spending_year}. Without the one-time costs of the change, which are not "
        "public. Who needs a bus is taken from the distance between schools.",
        population=f"schools of {place.own}",
        year=study.enrollment_year,
        method="Sum of the two figures above, less the cost of buses a student (the district's "
        "account of transportation over the students transported) for the displaced past the "
        "walking distance of their grade.",
        alternatives=alternatives(
            {
                "before buses": savings.summary(drawn.gross, study.confidence),
                "up to a quarter of the buildings stays empty": savings.summary(
                    net - drawn.kept, study.confidence
                ),
            }
        ),
        tables=(
            *TABLES,
            "spending_by_function",
            "district_spending_by_function",
            "district_staff",
            "consumer_prices",
            "published_facts",
            "bus_rules",
        ),
    )

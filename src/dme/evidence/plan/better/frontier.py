"""The frontier: what the cheapest plan costs at each share of students displaced."""

from dataclasses import dataclass, replace

import pandas as pd

from dme.evidence.place import Place
from dme.evidence.plan.better.city import City
from dme.evidence.plan.better.scored import Scored, best, no_worse
from dme.evidence.result import Lacking, Measured, Picture, Result
from dme.findings import Alternative
from dme.measures.estimates.estimate import Estimate
from dme.measures.portfolio import Limits
from dme.study import Study
from dme.text import plural, quantity

TABLES = (
    "school_enrollment",
    "school_enrollment_by_grade",
    "school_zones",
    "zone_capacity",
    "school_directory",
    "sheff_schools",
    "tracts",
    "plan_actions",
    "spending_by_function",
    "district_spending_by_function",
    "district_staff",
    "consumer_prices",
    "bus_rules",
    "published_facts",
    "class_size_maxima",
)
SAVED = ("better-plan-saving", "Saved by the cheapest plan that is no worse for students")
UNIT = "dollars a year"
_STEPS = (0.25, 0.5, 0.75)
_GAPS = 2.0
"""How many of the study's gaps the search may stop at where the mean distance is limited too,
which leaves the relaxation's bound farther off."""
MODEL = (
    "Mixed-integer location model (sites by grade bands, pupils by tract and band, HiGHS through "
    "OR-Tools), minimizing what a year of buildings, schools, sections and buses costs; the gap is "
    "the solver's own."
)


@dataclass(frozen=True)
class Frontier:
    """The best plans, and the district's own beside them.

    Attributes
    ----------
    today, own : Scored
        The district as it is, and its own plan.
    points : tuple of Scored
        The cheapest plan at each share displaced, the study's own share last; shares at which no
        plan keeps the wish have none.
    best : Scored or None
        The cheapest plan that keeps the study's whole wish.
    gentle : Scored or None
        The cheapest plan that keeps the wish and displaces no more pupils than the own plan.
    no_worse : Scored or None
        The cheapest plan that is no worse for pupils than the district's own.
    """

    today: Scored
    own: Scored
    points: tuple[Scored, ...]
    best: Scored | None
    gentle: Scored | None
    no_worse: Scored | None

    @property
    def all(self) -> list[Scored]:
        """What a table shows: today, the own plan, the best ones."""
        return [
            each for each in (self.today, self.own, self.no_worse, self.gentle, self.best) if each
        ]

    @property
    def curve(self) -> pd.DataFrame:
        """The points to draw: ``displaced`` (percent), ``dollars`` and ``bound`` (millions)."""
        rows = [
            (100 * p.score.displaced_share, p.score.dollars / 1e6, p.bound / 1e6, p.label)
            for p in self.points
        ]
        return pd.DataFrame(rows, columns=["displaced", "dollars", "bound", "label"])

    @property
    def given(self) -> pd.DataFrame:
        """The plans to draw beside: ``label``, ``displaced`` (percent), ``dollars`` (millions)."""
        rows = [
            (each.label, 100 * each.score.displaced_share, each.score.dollars / 1e6)
            for each in (self.own, self.today)
        ]
        return pd.DataFrame(rows, columns=["label", "displaced", "dollars"])


def frontier(study: Study, city: City, limits: Limits, today: Scored, own: Scored) -> Frontier:
    """Return the frontier of cost and displacement under the study's wish.

    Parameters
    ----------
    limits : Limits
        The wish; its displacement is varied up to its own share.
    today, own : Scored
        The district as it is, and its own plan.
    """
    most, mine = limits.displacement or 0.0, own.score.displaced_share
    found = {
        share: best(study, city, replace(limits, displacement=share), _label(share, mine))
        for share in _shares(most, mine)
    }
    return Frontier(
        today,
        own,
        tuple(plan for share, plan in found.items() if plan and share <= most),
        found[most],
        found[mine],
        best(study, city, no_worse(limits, own), "cheapest no worse for students", _GAPS),
    )


def _shares(most: float, mine: float) -> list[float]:
    """Return the shares displaced that are looked at: steps up to the most, the own plan's too.

    Where the own plan's lies among the steps, it stands for the nearest of them.
    """
    steps = [part * most for part in _STEPS]
    if mine < most:
        steps.remove(min(steps, key=lambda step: abs(step - mine)))
    return sorted({*steps, mine, most})


def _label(share: float, mine: float) -> str:
    if share == mine:
        return "cheapest that displaces no more"
    return f"best, at most {100 * share:g}%"


def saving(
    study: Study,
    place: Place,
    city: City | str,
    found: Frontier | None,
    others: tuple[Alternative, ...],
) -> Result:
    """Return what the cheapest plan that is no worse for students saves over the district's own.

    Parameters
    ----------
    others : tuple of Alternative
        The same under other models of homes, seats and attendance.
    """
    if isinstance(city, str) or found is None:
        return Lacking(*SAVED, str(city), UNIT)
    if found.no_worse is None:
        lacking = "no plan keeps the study's limits and is no worse for students than the own plan"
        return Lacking(*SAVED, lacking, UNIT)
    ours, theirs, today = found.no_worse, found.own.score, found.today.score
    saved = theirs.dollars - ours.score.dollars
    return Measured(
        *SAVED,
        f"The district's own plan costs {quantity(today.dollars - theirs.dollars, 'dollars')} a "
        f"year less than today in this model. A plan that displaces no more students, over no "
        f"longer ways, with no worse growth where access lacks, costs "
        f"{quantity(saved, 'dollars')} less still: it closes "
        f"{plural(ours.score.closed, 'school')} and changes the grades of "
        f"{ours.score.changed or 'none'}, against {theirs.closed} and {theirs.changed}.",
        Estimate(
            saved,
            saved,
            theirs.dollars - ours.bound,
            "up to what the solver proved that no plan of the model exceeds",
        ),
        UNIT,
        basis="modelled",
        caveat="The two do not aim at the same: the district's plan changes grades to make middle "
        "schools, which this model counts as displacement and gives no worth. Homes, attendance, "
        "seats and costs are modelled; what a school means to its families, the state of its "
        "building, and programs that can't be had elsewhere are not in it. It shows what the "
        "limits allow, and is no proposal.",
        population=f"{len(city.portfolio.sites)} schools of {place.own} with a place and "
        f"{city.portfolio.pupils:,.0f} students",
        year=f"enrollment of {study.enrollment_year}; teachers, offices and buses in prices of "
        f"{study.spending_year}, buildings by their account",
        method=MODEL,
        alternatives=others,
        tables=TABLES,
    )


def picture(place: Place, found: Frontier) -> Picture:
    """Return the words of the frontier's figure."""
    points = "; ".join(
        f"{p.score.displaced_share:.0%} displaced ${p.score.dollars / 1e6:.1f} million"
        for p in found.points
    )
    own = found.own.score
    return Picture(
        f"What the schools of {place.own} cost a year, by students displaced (modelled)",
        "Line: the cheapest plans that keep the study's limits; band: how far below the solver "
        "proved that none lies. Only what depends on the plan is counted: buildings, schools, the "
        "sections that rounding up costs, buses.",
        f"Today ${found.today.score.dollars / 1e6:.1f} million; own plan "
        f"{own.displaced_share:.0%} displaced ${own.dollars / 1e6:.1f} million; best plans: "
        f"{points}.",
    )

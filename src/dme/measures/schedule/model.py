"""A school's week, solved in two steps that correct each other.

`dme.measures.schedule.days` spreads specials over days and gives a bound that no week can beat;
`dme.measures.schedule.day` gives each day its periods. Where a day does not fit, its planning
blocks are kept from falling together again and the first step is repeated (Benders' idea, with
cuts that may also rule out a good week: so the bound is the first step's alone).
"""

from collections.abc import Collection
from dataclasses import dataclass

from dme.measures.schedule.day import Day, place_day
from dme.measures.schedule.days import DayPlan, Failed, plan_days
from dme.measures.schedule.wish import Wish

_ROUNDS = 5


@dataclass(frozen=True)
class Placement:
    """What the solver placed.

    Attributes
    ----------
    days : tuple of Day
        The week.
    least : int
        Specialists' days that any week takes, by the solver's bound.
    """

    days: tuple[Day, ...]
    least: int

    @property
    def specialist_days(self) -> int:
        """Days a week of specialists: one is a fifth of a full-time equivalent."""
        return sum(day.specialist_count for day in self.days)

    @property
    def proven(self) -> bool:
        """Whether no week takes fewer specialists' days."""
        return self.specialist_days == self.least


def place(wish: Wish) -> Placement | None:
    """Place specials and shared planning with as few specialists' days as found.

    Parameters
    ----------
    wish : Wish
        What the week must hold.

    Returns
    -------
    Placement or None
        None where the rules rule out every week; `dme.measures.schedule.explain` says why.

    Raises
    ------
    TimeoutError
        If no week was found and none could be ruled out.
    """
    best: tuple[Day, ...] | None = None
    fewest, least = 0, 0
    failed: list[Failed] = []
    for turn in range(_ROUNDS):
        plan = plan_days(wish, failed=failed)
        if plan is None:
            if not failed:
                return None
            break
        least = plan.least if turn == 0 else least
        days = [place_day(wish, one) for one in plan.days]
        whole = [day for day in days if day is not None]
        count = sum(day.specialist_count for day in whole)
        if len(whole) == len(days) and (best is None or count < fewest):
            best, fewest = tuple(whole), count
        cuts = _cuts(plan.days, days, failed)
        if not cuts or (best is not None and fewest == least):
            break
        failed += cuts
    if best is None:
        message = (
            f"No week of {wish.school} was found, and none could be ruled out, in {_ROUNDS} "
            "rounds. Try a shorter planning block, or fewer of them a week."
        )
        raise TimeoutError(message)
    return Placement(best, least)


def _cuts(
    plans: Collection[DayPlan], days: Collection[Day | None], known: Collection[Failed]
) -> list[Failed]:
    """Return the blocks of days that did not fit, with the specialists that were too few."""
    cuts = []
    for plan, day in zip(plans, days, strict=True):
        planned = sum(plan.specialists.values())
        cut = (plan.blocks, planned)
        if (day is None or day.specialist_count > planned) and cut not in (*known, *cuts):
            cuts.append(cut)
    return cuts

"""A week asked for: found and checked, or told why there is none."""

from dataclasses import dataclass

from dme.measures.schedule.check import specialist_days, violations
from dme.measures.schedule.explain import explain
from dme.measures.schedule.week import Week, make
from dme.measures.schedule.wish import Wish


@dataclass(frozen=True)
class Attempt:
    """What came of a wish.

    Attributes
    ----------
    wish : Wish
        What the week had to hold.
    week : Week or None
        The week.
    breaches : tuple of str
        What the independent checker found; nothing where every rule is kept.
    why : str
        Why there is no week; blank where there is one.
    """

    wish: Wish
    week: Week | None
    breaches: tuple[str, ...] = ()
    why: str = ""

    @property
    def sharing(self) -> int:
        """Teams with their planning blocks, by the checker."""
        if self.week is None:
            return 0
        return sum(
            not any(breach.startswith(f"{team.name} shares") for breach in self.breaches)
            for team in self.wish.teams
        )

    @property
    def kept(self) -> bool:
        """Whether there is a week that keeps every rule."""
        return self.week is not None and not self.breaches


def attempt(wish: Wish) -> Attempt:
    """Look for a week, and have it checked; where there is none, say why."""
    try:
        week = make(wish)
    except TimeoutError as error:
        return Attempt(wish, None, why=str(error))
    if week is None:
        return Attempt(wish, None, why=explain(wish))
    breaches = violations(week.lessons, wish)
    if specialist_days(week.lessons) > week.specialist_days:
        breaches.append("More specialists are at school than the week says.")
    return Attempt(wish, week, tuple(breaches))

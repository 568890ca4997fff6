"""Which specials fall on which day, with as few specialists' days as can be.

The first of two steps: it knows days and no periods, so that it is small, and what it can't do
no timetable can. The sections of a team are alike and are counted, not named (see
`dme.measures.schedule.deal` for why nothing is lost by it).
"""

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from ortools.sat.python import cp_model

from dme.measures.schedule.solver import solver
from dme.measures.schedule.wish import DAYS, Team, Wish

RULES = ("planning", "daily planning", "specials", "core", "rooms", "lunch")
"""The rules that a wish can break, by the name that `dme.measures.schedule.explain` gives."""

_EFFORT = 0.5
_WEEK = range(len(DAYS))


@dataclass(frozen=True)
class DayPlan:
    """A day's specials, before they have a period.

    Attributes
    ----------
    lessons : dict of (team, special) to int
        Sections of the team that are taught it on that day.
    blocks : frozenset of str
        Teams that have a shared planning block on that day.
    specialists : dict of str to int
        Specialists of each special at school on that day.
    """

    lessons: dict[tuple[str, str], int]
    blocks: frozenset[str]
    specialists: dict[str, int]


@dataclass(frozen=True)
class WeekPlan:
    """A plan for each day, and the fewest specialists' days that any week takes."""

    days: tuple[DayPlan, ...]
    least: int


Failed = tuple[frozenset[str], int]
"""A set of blocks that could not share a day with so few specialists."""


def plan_days(
    wish: Wish, without: Iterable[str] = (), failed: Collection[Failed] = ()
) -> WeekPlan | None:
    """Spread the specials and shared planning blocks over the days.

    Parameters
    ----------
    wish : Wish
        What the week must hold.
    without : iterable of str
        Names of `RULES` that are left out.
    failed : collection of (frozenset of str, int)
        Blocks that must not fall on one day together with that many specialists or fewer.

    Returns
    -------
    WeekPlan or None
        None where the rules rule out every week.

    Raises
    ------
    TimeoutError
        If the effort is spent before a plan is found or ruled out.
    """
    plan = _Plan(wish, frozenset(without))
    for team in wish.teams:
        plan.amount(team)
        plan.variety(team)
        plan.planning(team)
        plan.enough_at_once(team)
    plan.load()
    plan.search_less()
    for blocks, specialists in failed:
        plan.forbid(blocks, specialists)
    plan.model.minimize(sum(plan.here.values()))
    engine = solver(_EFFORT)
    status = engine.solve(plan.model)
    if status == cp_model.INFEASIBLE:
        return None
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        message = f"No week of {wish.school} was found or ruled out within the solver's effort."
        raise TimeoutError(message)
    return plan.read(engine)


def fewest_days(wish: Wish) -> dict[str, int]:
    """Return the days of specialists that each special's least lessons take, however they lie."""
    rules = wish.rules
    lessons = {
        subject: sum(len(t.sections) * rules.specials[t.kind].get(subject, 0) for t in wish.teams)
        for subject in wish.subjects
    }
    return {subject: -(-count // rules.specialist_load) for subject, count in lessons.items()}


class _Plan:
    """The model's variables and rules."""

    def __init__(self, wish: Wish, without: frozenset[str]) -> None:
        rules = wish.rules if "planning" not in without else replace(wish.rules, planning_times=0)
        self.wish, self.rules, self.without = wish, rules, without
        self.model = cp_model.CpModel()
        number, boolean = self.model.new_int_var, self.model.new_bool_var
        self.taught = {
            (team.name, subject, d): number(0, len(team.sections) * self.rules.periods, "")
            for team in wish.teams
            for subject in self.rules.specials[team.kind]
            for d in _WEEK
        }
        self.here = {
            (subject, d): number(0, self._most(subject), "")
            for subject in wish.subjects
            for d in _WEEK
        }
        self.leaves: dict[tuple[str, int], dict[int, cp_model.IntVar]] = {}
        wanted = rules.block and rules.planning_times
        self.block = {
            (team.name, d): boolean("") if wanted else 0 for team in wish.teams for d in _WEEK
        }

    def _most(self, subject: str) -> int:
        """Return the specialists that have a room: one works in each."""
        most = len(self.wish.sections)
        return most if "rooms" in self.without else min(most, self.wish.rooms[subject])

    def _day(self, team: Team, d: int) -> cp_model.LinearExprT:
        return sum(self.taught[team.name, s, d] for s in self.rules.specials[team.kind])

    def amount(self, team: Team) -> None:
        """Fix the specials of the week and bound those of a day."""
        rules, size = self.rules, len(team.sections)
        total = rules.specials_of(team.kind)
        self.model.add(sum(self._day(team, d) for d in _WEEK) == size * total)
        if "core" not in self.without and total > rules.specials_most:
            self.model.add_bool_or([])  # more specials than the core leaves room for
        for d in _WEEK:
            day = self._day(team, d)
            if team.kind == "subject":  # its sections leave together, so many times
                times = self._times(team, d)
                self.model.add_exactly_one(times.values())
                self.model.add(day == size * sum(n * chosen for n, chosen in times.items()))
            else:
                self.model.add(day <= size * self._longest(team))
            self.model.add(day >= self._due(team, d))

    def _due(self, team: Team, d: int) -> cp_model.LinearExprT:
        """Return the specials that the team's planning takes on a day."""
        least = 0 if "daily planning" in self.without else 1
        more = (self.rules.block - least) * self.block[team.name, d]
        return len(team.sections) * (least + more)

    def variety(self, team: Team) -> None:
        """Give each special as often as it must come, and to no section twice on one day."""
        if "specials" in self.without:
            return
        size = len(team.sections)
        for subject, least in self.rules.specials[team.kind].items():
            days = [self.taught[team.name, subject, d] for d in _WEEK]
            self.model.add(sum(days) >= size * least)
            for day in days:
                self.model.add(day <= size)

    def planning(self, team: Team) -> None:
        """Choose the days of the shared planning blocks."""
        blocks = [self.block[team.name, d] for d in _WEEK]
        if any(isinstance(block, int) for block in blocks):
            return
        self.model.add(sum(blocks) == self.rules.planning_times)
        lunch = self.wish.lunch[team.name]
        stretch = max(lunch, self.rules.periods - 1 - lunch)
        if "lunch" not in self.without and stretch < self.rules.block:
            self.model.add_bool_or([])  # neither morning nor afternoon is long enough

    def enough_at_once(self, team: Team) -> None:
        """Ask for enough specialists where all sections of a team leave at once."""
        size, subjects = len(team.sections), self.rules.specials[team.kind]
        for d in _WEEK:
            always = 1 if team.kind == "subject" else self.block[team.name, d]
            here = {subject: self.here[subject, d] for subject in subjects}
            self.model.add(sum(here.values()) >= size * always)
            for subject in subjects:
                taught = self.taught[team.name, subject, d]
                if team.kind == "subject":
                    for times, chosen in self._times(team, d).items():
                        limit = self.model.add(taught <= times * here[subject])
                        limit.only_enforce_if(chosen)
                elif self._longest(team) <= self.rules.block:  # then the block holds the whole day
                    free = self.rules.periods * size * (1 - self.block[team.name, d])
                    self.model.add(taught <= self.rules.block * here[subject] + free)

    def _times(self, team: Team, d: int) -> dict[int, cp_model.IntVar]:
        """Return how often a subject team's sections leave on a day, a variable each number."""
        if (team.name, d) not in self.leaves:
            numbers = range(self._longest(team) + 1)
            self.leaves[team.name, d] = {n: self.model.new_bool_var("") for n in numbers}
        return self.leaves[team.name, d]

    def _longest(self, team: Team) -> int:
        """Return the specials of a section on its fullest day."""
        usual = -(-self.rules.specials_of(team.kind) // len(DAYS))
        return max(usual, self.rules.block if self.rules.planning_times else 0)

    def load(self) -> None:
        """Bring enough specialists on each day for what they may teach."""
        for (subject, d), here in self.here.items():
            taught = [v for (_, s, day), v in self.taught.items() if (s, day) == (subject, d)]
            self.model.add(sum(taught) <= self.rules.specialist_load * here)

    def search_less(self) -> None:
        """Say what follows from the rest and is found late otherwise; put the fullest day first."""
        if "specials" not in self.without:
            for subject, days in fewest_days(self.wish).items():
                self.model.add(sum(self.here[subject, d] for d in _WEEK) >= days)
        for d in _WEEK:
            due = sum(self._due(team, d) for team in self.wish.teams)
            self.model.add(due <= self.rules.specialist_load * self._here(d))
            if d:  # the days are alike
                self.model.add(self._here(d) <= self._here(d - 1))

    def _here(self, d: int) -> cp_model.LinearExprT:
        return sum(self.here[subject, d] for subject in self.wish.subjects)

    def forbid(self, blocks: frozenset[str], specialists: int) -> None:
        """Let no day hold these blocks with so few specialists."""
        for d in _WEEK:
            more = self.model.new_bool_var("")
            self.model.add(self._here(d) >= specialists + 1).only_enforce_if(more)
            some_other = [self.block[name, d].negated() for name in sorted(blocks)]
            self.model.add_bool_or([more, *some_other])

    def read(self, engine: cp_model.CpSolver) -> WeekPlan:
        """Return the plan with the solver's bound."""
        days = tuple(
            DayPlan(
                lessons={
                    (team, subject): engine.value(taught)
                    for (team, subject, day), taught in self.taught.items()
                    if day == d and engine.value(taught)
                },
                blocks=frozenset(
                    team
                    for (team, day), block in self.block.items()
                    if day == d and engine.value(block)
                ),
                specialists={s: engine.value(self.here[s, d]) for s in self.wish.subjects},
            )
            for d in _WEEK
        )
        return WeekPlan(days, math.ceil(engine.best_objective_bound - 1e-6))

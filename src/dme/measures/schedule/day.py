"""The periods of one day: the second step, after `dme.measures.schedule.days`."""

from collections.abc import Iterable
from dataclasses import dataclass

from ortools.sat.python import cp_model

from dme.measures.schedule.days import DayPlan
from dme.measures.schedule.solver import solver
from dme.measures.schedule.wish import Team, Wish

_EFFORT = 1.0


@dataclass(frozen=True)
class Day:
    """A day with its periods.

    Attributes
    ----------
    lessons : dict of (team, special, period) to int
        Sections of the team in that special.
    blocks : dict of str to int
        First period of the shared planning block of each team that has one.
    specialists : dict of str to int
        Specialists of each special at school: those planned, or more where they don't suffice.
    """

    lessons: dict[tuple[str, str, int], int]
    blocks: dict[str, int]
    specialists: dict[str, int]

    @property
    def specialist_count(self) -> int:
        """All specialists at school on that day."""
        return sum(self.specialists.values())


def place_day(wish: Wish, plan: DayPlan) -> Day | None:
    """Give a day's specials their periods.

    Parameters
    ----------
    wish : Wish
        What the week must hold.
    plan : DayPlan
        The day's lessons and blocks.

    Returns
    -------
    Day or None
        With as few specialists beyond the plan as found; None where no order of the periods
        was found at all.
    """
    model = _Day(wish, plan)
    for team in wish.teams:
        model.sections(team)
    model.specialists()
    model.model.minimize(sum(model.here.values()))
    engine = solver(_EFFORT)
    engine.parameters.cp_model_presolve = False  # takes longer than the search
    status = engine.solve(model.model)
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return model.read(engine) if found else None


class _Day:
    """The model's variables and rules."""

    def __init__(self, wish: Wish, plan: DayPlan) -> None:
        self.wish, self.plan = wish, plan
        self.model = cp_model.CpModel()
        self.periods = range(wish.rules.periods)
        self.taught = {
            (team, subject, p): self.model.new_int_var(0, count, "")
            for (team, subject), count in plan.lessons.items()
            for p in self.periods
            if p != wish.lunch[team]
        }
        for (team, subject), count in plan.lessons.items():
            self.model.add(sum(self._at(p, [team], [subject]) for p in self.periods) == count)
        self.here = {
            subject: self.model.new_int_var(count, max(count, wish.rooms[subject]), "")
            for subject, count in plan.specialists.items()
        }
        self.starts: dict[tuple[str, int], cp_model.IntVar] = {}

    def _at(self, p: int, teams: Iterable[str], subjects: Iterable[str]) -> cp_model.LinearExprT:
        """Return the sections of the teams that are in one of the specials in a period."""
        keys = ((team, subject, p) for team in teams for subject in subjects)
        return sum(self.taught[key] for key in keys if key in self.taught)

    def sections(self, team: Team) -> None:
        """Send no section to two specials at once, and all of them out for a planning block."""
        size, length = len(team.sections), self.wish.rules.block
        for p in self.periods:
            at_once = self._at(p, [team.name], self.here)
            if team.kind == "subject":  # its sections go to specials together
                together = self.model.new_bool_var("")
                self.model.add(at_once == size * together)
            else:
                self.model.add(at_once <= size)
        if team.name not in self.plan.blocks:
            return
        starts = {p: self.model.new_bool_var("") for p in range(len(self.periods) - length + 1)}
        self.model.add_exactly_one(starts.values())
        for p, start in starts.items():
            self.starts[team.name, p] = start
            for later in range(p, p + length):
                at_once = self._at(later, [team.name], self.here)
                self.model.add(at_once >= size).only_enforce_if(start)

    def specialists(self) -> None:
        """Have enough specialists at once, none overloaded, with a lunch for each.

        That many can share the lessons: dealt in turn, in order of the periods, no one gets two
        at once, and no one more than an equal share, of the day or of the lunch periods.
        """
        rules = self.wish.rules
        for subject, here in self.here.items():
            at_once = [self._at(p, self.wish.lunch, [subject]) for p in self.periods]
            for classes in at_once:
                self.model.add(classes <= here)
            self.model.add(sum(at_once) <= rules.specialist_load * here)
            noon = rules.lunch_periods
            self.model.add(sum(at_once[p] for p in noon) <= (len(noon) - 1) * here)

    def read(self, engine: cp_model.CpSolver) -> Day:
        """Return what the solver found."""
        return Day(
            lessons={key: engine.value(v) for key, v in self.taught.items() if engine.value(v)},
            blocks={team: p for (team, p), start in self.starts.items() if engine.value(start)},
            specialists={subject: engine.value(here) for subject, here in self.here.items()},
        )

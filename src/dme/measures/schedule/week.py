"""A school's week as a table: every class, every period, what it does and with whom."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from dme.measures.schedule.deal import to_sections, to_specialists
from dme.measures.schedule.model import Placement, place
from dme.measures.schedule.wish import ADVISORY, CORE, CORE_SUBJECTS, DAYS, LUNCH, Team, Wish

COLUMNS = ("team", "section", "day", "period", "activity", "teacher")
Slot = tuple[int, int]


@dataclass(frozen=True)
class Week:
    """A school's week.

    Attributes
    ----------
    wish : Wish
        What it had to hold.
    lessons : DataFrame
        A row for each section and period: ``team``, ``section``, ``day`` (0 to 4), ``period``
        (from 0), ``activity``, ``teacher`` (blank at lunch).
    blocks : DataFrame
        The shared planning blocks: ``team``, ``day``, ``period``, ``periods``.
    specialist_days, least : int
        Days a week of specialists, and how many any week takes by the solver's bound.
    """

    wish: Wish
    lessons: pd.DataFrame
    blocks: pd.DataFrame
    specialist_days: int
    least: int

    @property
    def proven(self) -> bool:
        """Whether no week takes fewer specialists' days."""
        return self.specialist_days == self.least

    @property
    def specialists(self) -> float:
        """Full-time equivalents of specialists: a day at school is a fifth."""
        return self.specialist_days / len(DAYS)


def make(wish: Wish) -> Week | None:
    """Return a week that holds what is wished; None where the rules rule out every week.

    Raises
    ------
    TimeoutError
        See `dme.measures.schedule.model.place`.
    """
    found = place(wish)
    if found is None:
        return None
    specials: dict[tuple[str, int, int], str] = {}
    for team in wish.teams:
        counts = {
            (subject, d, p): count
            for d, day in enumerate(found.days)
            for (name, subject, p), count in day.lessons.items()
            if name == team.name
        }
        specials |= to_sections(team, counts, wish.rules)
    here = {(s, d): n for d, day in enumerate(found.days) for s, n in day.specialists.items()}
    teachers = to_specialists(specials, here)
    rows: list[tuple[str, str, int, int, str, str]] = []
    for team in wish.teams:
        core = _core(team, specials, wish)
        for section in team.sections:
            for d, p in _slots(wish):
                key = (section.name, d, p)
                if p == wish.lunch[team.name]:
                    activity, teacher = LUNCH, ""
                elif key in specials:
                    activity, teacher = specials[key], teachers[key]
                else:
                    activity, teacher = core[key]
                rows.append((team.name, section.name, d, p, activity, teacher))
    lessons = pd.DataFrame(rows, columns=list(COLUMNS))
    return Week(wish, lessons, _blocks(found, wish), found.specialist_days, found.least)


def _slots(wish: Wish) -> Iterator[Slot]:
    return ((d, p) for d in range(len(DAYS)) for p in range(wish.rules.periods))


def _blocks(found: Placement, wish: Wish) -> pd.DataFrame:
    rows = [
        (team, d, p, wish.rules.block)
        for d, day in enumerate(found.days)
        for team, p in day.blocks.items()
    ]
    return pd.DataFrame(rows, columns=["team", "day", "period", "periods"])


def _core(
    team: Team, specials: dict[tuple[str, int, int], str], wish: Wish
) -> dict[tuple[str, int, int], tuple[str, str]]:
    """Return the core lessons of a team: what and by whom, by section, day and period."""
    teachers = team.teachers
    core = {}
    for number, section in enumerate(team.sections):
        free = [
            slot
            for slot in _slots(wish)
            if (section.name, *slot) not in specials and slot[1] != wish.lunch[team.name]
        ]
        for turn, slot in enumerate(free):
            if team.kind == "homeroom":
                core[section.name, *slot] = (CORE, teachers[number])
            else:
                core[section.name, *slot] = _rotated(number, turn, len(free), teachers)
    return core


def _rotated(number: int, turn: int, periods: int, teachers: tuple[str, ...]) -> tuple[str, str]:
    """Return the lesson of a subject team's section: the four subjects in rotation.

    Section `number` starts as many subjects ahead, so that no two of a team's (at most four)
    sections have the same teacher at once; what four subjects leave over is advisory.
    """
    subjects = len(CORE_SUBJECTS)
    if turn >= periods - periods % subjects:
        return ADVISORY, teachers[number]
    subject = (number + turn) % subjects
    return CORE_SUBJECTS[subject], teachers[subject % len(teachers)]

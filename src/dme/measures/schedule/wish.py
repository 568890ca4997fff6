"""What a school's week must hold: its teams, its day, its specialists' rooms, its wishes.

Plain data that the model, the checker and the figures all take; nothing here schedules anything.
Every number that no public table holds stands in `Rules` as an assumption with its reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")
Kind = Literal["homeroom", "subject"]

ADVISORY = "Advisory"
CORE = "Class"
LUNCH = "Lunch"
CORE_SUBJECTS = ("English", "Math", "Social studies", "Science")
"""In this order every second subject is of the humanities: two teachers can share the four."""

HOMEROOM_SPECIALS: Mapping[str, int] = {"Art": 1, "Music": 1, "PE": 2, "Library": 1}
SUBJECT_SPECIALS: Mapping[str, int] = {
    "Art": 2,
    "Music": 2,
    "PE": 2,
    "Library": 2,
    "World language": 2,
}


@dataclass(frozen=True)
class Section:
    """A class of students: its name, grade, students, and the largest that is allowed."""

    name: str
    grade: str
    students: int
    largest: int


@dataclass(frozen=True)
class Team:
    """Teachers who plan together, and the sections that are theirs.

    Attributes
    ----------
    name : str
        ``Grade 3``; ``Grades K-1`` where no grade has two teachers of its own.
    kind : {"homeroom", "subject"}
        One teacher for each section, or one for each subject (or pair of subjects).
    sections : tuple of Section
        The classes that the team teaches.
    vertical : bool
        Whether the team had to be made of more than one grade.
    """

    name: str
    kind: Kind
    sections: tuple[Section, ...]
    vertical: bool = False

    @property
    def teachers(self) -> tuple[str, ...]:
        """The core teachers, by name of their class or their subjects.

        A subject team has two teachers (humanities, math and science) for one or two sections,
        and four, one a subject, for three or four.
        """
        if self.kind == "homeroom":
            return tuple(f"Teacher {section.name}" for section in self.sections)
        if len(self.sections) <= 2:
            return tuple(f"{self.name} {field}" for field in ("humanities", "math and science"))
        return tuple(f"{self.name} {subject.lower()}" for subject in CORE_SUBJECTS)


@dataclass(frozen=True)
class Rules:
    """How a week is made where the record is silent: assumptions, each open to change.

    Attributes
    ----------
    periods, period_minutes : int
        Periods of a day, one of them lunch and recess. Eight of 45 minutes leave 945 hours of
        lessons a year of 180 days; Connecticut asks for 900 (General Statutes, section 10-16).
    planning_minutes, planning_times : int
        Consecutive minutes that a whole team is free together, and how often a week.
    specialist_load : int
        Lessons a day that a specialist teaches at most: the five that a subject teacher has.
    specials : mapping of str to mapping
        Least periods a week of each special, by kind of team.
    core_share : float
        Least share of lessons that a class spends with its core teachers: five in seven.
    """

    periods: int = 8
    period_minutes: int = 45
    planning_minutes: int = 90
    planning_times: int = 1
    specialist_load: int = 5
    specials: Mapping[str, Mapping[str, int]] = field(
        default_factory=lambda: {"homeroom": HOMEROOM_SPECIALS, "subject": SUBJECT_SPECIALS}
    )
    core_share: float = 5 / 7

    @property
    def block(self) -> int:
        """Consecutive periods that a shared planning block takes."""
        return -(-self.planning_minutes // self.period_minutes)

    @property
    def lunch_periods(self) -> tuple[int, ...]:
        """Periods, from 0, in which lunch may lie: the three in the middle of the day."""
        middle = self.periods // 2
        return (middle - 1, middle, middle + 1)

    @property
    def core_least(self) -> int:
        """Periods a week that a class spends with its core teachers at least."""
        return len(DAYS) * round((self.periods - 1) * self.core_share)

    @property
    def specials_most(self) -> int:
        """Periods a week of specials at most."""
        return len(DAYS) * (self.periods - 1) - self.core_least

    def specials_of(self, kind: Kind) -> int:
        """Return the periods a week of specials of a class.

        A class of a subject team has all that its core leaves. A homeroom class has as many as
        its minima and its teacher's planning take: one a day, and the rest of each block.
        """
        if kind == "subject":
            return self.specials_most
        blocks = self.planning_times * (self.block - 1) if self.block else 0
        return max(sum(self.specials[kind].values()), len(DAYS) + blocks)


@dataclass(frozen=True)
class Wish:
    """All that a week must satisfy.

    Attributes
    ----------
    school : str
        Its name.
    teams : tuple of Team
        Every section belongs to one.
    rules : Rules
        The day and its assumptions.
    rooms : mapping of str to int
        Classes of a special that can be taught at once.
    lunch : mapping of str to int
        The lunch period of each team.
    """

    school: str
    teams: tuple[Team, ...]
    rules: Rules
    rooms: Mapping[str, int]
    lunch: Mapping[str, int]

    @property
    def sections(self) -> tuple[Section, ...]:
        """Every section, by team."""
        return tuple(section for team in self.teams for section in team.sections)

    @property
    def subjects(self) -> tuple[str, ...]:
        """The specials that some team has."""
        kinds = {team.kind for team in self.teams}
        names = [name for kind in sorted(kinds) for name in self.rules.specials[kind]]
        return tuple(dict.fromkeys(names))


def wish(school: str, teams: tuple[Team, ...], rules: Rules) -> Wish:
    """Return a wish with rooms and lunch sittings that fit the number of classes.

    Rooms are an assumption: for every twelve classes, one room of each special and a gym that
    holds two. A team eats together, in three sittings of about equal size, the youngest first.
    """
    count = sum(len(team.sections) for team in teams)
    scale = max(1, -(-count // 12))
    kinds = {team.kind for team in teams}
    subjects = {name for kind in kinds for name in rules.specials[kind]}
    before = 0
    lunch: dict[str, int] = {}
    for team in teams:
        sitting = before * len(rules.lunch_periods) // count
        lunch[team.name] = rules.lunch_periods[sitting]
        before += len(team.sections)
    return Wish(
        school=school,
        teams=teams,
        rules=rules,
        rooms={name: scale * (2 if name == "PE" else 1) for name in sorted(subjects)},
        lunch=lunch,
    )

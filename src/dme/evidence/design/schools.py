"""Which schools are redesigned: their students, sections, teams, and the week they wish for."""

import math
from dataclasses import dataclass, field

import pandas as pd

from dme.evidence.place import Place
from dme.measures.estimates.estimate import Estimate
from dme.measures.plan import redesign
from dme.measures.plan.redesign import GradeCounts
from dme.measures.schedule.wish import HOMEROOM_SPECIALS, SUBJECT_SPECIALS, Rules, Team, Wish, wish
from dme.measures.staff.teams import largest_classes
from dme.study import Study

_WEEKDAYS = 5
NO_MAXIMA = "the tables hold no class-size maxima"
TABLES = ("school_enrollment_by_grade", "spending_schools", "class_size_maxima")


@dataclass(frozen=True)
class Rolls:
    """The tables that schools are designed from.

    Attributes
    ----------
    schools, enrollment, by_grade, spending, maxima : DataFrame
        ``schools``, ``school_enrollment``, ``school_enrollment_by_grade``,
        ``spending_schools``, ``class_size_maxima``.
    """

    schools: pd.DataFrame
    enrollment: pd.DataFrame
    by_grade: pd.DataFrame
    spending: pd.DataFrame
    maxima: pd.DataFrame


@dataclass(frozen=True)
class Design:
    """A school's students, its teams, and the week that it wishes for."""

    code: str
    name: str
    counts: GradeCounts
    teams: tuple[Team, ...]
    wish: Wish


@dataclass(frozen=True)
class Designs:
    """The schools of a study.

    Attributes
    ----------
    schools : tuple of Design
        Those that can be designed.
    rules : Rules
        The day and its assumptions.
    chosen : bool
        Whether they are the schools that the parameters name.
    lacking : str
        Why there are none, or fewer than were named; else blank.
    table : DataFrame
        A row for each team; see `dme.measures.plan.redesign.plan_table`.
    """

    schools: tuple[Design, ...]
    rules: Rules
    chosen: bool
    lacking: str
    table: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def names(self) -> str:
        """The schools in words."""
        return " and ".join(school.name for school in self.schools)

    @property
    def years(self) -> str:
        """The years that the counts stand for, in words."""
        return ", ".join(sorted({school.counts.year for school in self.schools}))

    @property
    def modelled(self) -> str:
        """How the students by grade were come by, in words."""
        words = dict.fromkeys(school.counts.words for school in self.schools)
        return "Students by grade: " + "; ".join(words) + "."

    @property
    def teams(self) -> int:
        """All teams."""
        return sum(len(school.teams) for school in self.schools)


def rules_of(study: Study) -> Rules:
    """Return the rules of a week by the study's parameters."""
    art, pe = (max(1, round(periods)) for periods in (study.arts_periods, study.pe_periods))
    homeroom = {**HOMEROOM_SPECIALS, "Art": art, "Music": art, "PE": pe}
    return Rules(
        periods=study.periods_per_day,
        period_minutes=study.period_minutes,
        planning_minutes=study.planning_minutes,
        planning_times=study.planning_times,
        specialist_load=max(1, int(study.specialist_load / _WEEKDAYS)),
        specials={"homeroom": homeroom, "subject": SUBJECT_SPECIALS},
    )


def designs(study: Study, place: Place, rolls: Rolls) -> Designs:
    """Return the schools of the study with their sections and teams.

    Parameters
    ----------
    study : Study
        The parameters.
    place : Place
        The district in words.
    rolls : Rolls
        The tables.
    """
    rules = rules_of(study)
    named = rolls.schools.set_index("school_code")
    own = named[named["district_code"] == study.district]["school"]
    codes = [code for code in study.design_schools if code in own.index]
    chosen = bool(codes)
    if not chosen:
        ours = rolls.enrollment[rolls.enrollment["district_code"] == study.district]
        codes = list(redesign.default_schools(rolls.by_grade, ours))
    largest = largest_classes(rolls.maxima, study.class_sizes)
    if largest.empty:
        return Designs((), rules, chosen, NO_MAXIMA)
    found = []
    for code in codes:
        counts = redesign.grade_counts(rolls.by_grade, rolls.spending, code, study.design_year)
        if counts is not None:
            found.append(_design(code, str(own.get(code, code)), counts, largest, rules))
    if not found:
        lacking = f"the tables hold no enrollment by grade of a school of {place.own}"
        return Designs((), rules, chosen, lacking)
    return Designs(tuple(found), rules, chosen, _left_out(study, codes, found), _table(found))


def _design(code: str, name: str, counts: GradeCounts, largest: pd.Series, rules: Rules) -> Design:
    made = redesign.teams(redesign.sections(counts.students, largest))
    short = name.removesuffix(" School")
    return Design(code, short, counts, made, wish(short, made, rules))


def _left_out(study: Study, codes: list[str], found: list[Design]) -> str:
    strangers = [code for code in study.design_schools if code not in codes]
    empty = [code for code in codes if code not in {school.code for school in found}]
    words = []
    if strangers:
        words.append(f"no school of the district: {', '.join(strangers)}")
    if empty:
        words.append(f"without students by grade in the tables: {', '.join(empty)}")
    return "; ".join(words)


def _table(found: list[Design]) -> pd.DataFrame:
    parts = [redesign.plan_table(one.teams).assign(school=one.name) for one in found]
    rows = pd.concat(parts, ignore_index=True)
    return (
        rows[["school", "team", "students", "sections", "classes", "allowed", "teachers"]]
        .rename(columns={"classes": "students in each", "allowed": "allowed in a class"})
        .rename(columns=str.capitalize)
    )


def bounded(value: float, low: float, high: float, interval: str) -> Estimate:
    """Return what a solver found between its bounds; without an interval where they meet."""
    if math.isclose(low, high):
        return Estimate(value, None, None, "none: proved, as the bounds of the solver meet")
    return Estimate(value, low, high, interval)


def evenly(school: Design, rules: Rules, largest: pd.Series) -> Design:
    """Return a school with its students spread evenly over its grades, to see what hangs on it."""
    students = redesign.shared(school.counts.total, dict.fromkeys(school.counts.students, 1.0))
    counts = GradeCounts(students, school.counts.year, True, "the total, evenly over the grades")
    return _design(school.code, school.name, counts, largest, rules)

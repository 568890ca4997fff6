"""Do the schools have a week in which every team plans together (S2)?"""

from dataclasses import dataclass

import pandas as pd

from dme.evidence.design.schools import TABLES, Design, Designs, Rolls, bounded, evenly
from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Picture, Result
from dme.findings import Alternative
from dme.measures.estimates.estimate import Estimate
from dme.measures.schedule.check import specialist_days, violations
from dme.measures.schedule.explain import explain
from dme.measures.schedule.week import Week, make
from dme.measures.schedule.wish import DAYS, LUNCH
from dme.measures.staff.teams import largest_classes
from dme.study import Study
from dme.text import plural, times

CLAIMED = ("0641711", "0641611")
"""Rawson Elementary and Martin Luther King Middle, which the claim names."""
CLAIMED_MINUTES = 90
_NAME, _TITLE, _UNIT = "shared-planning", "Teams that plan together", "teams"
_STAFF_NAME, _STAFF_TITLE = "specialists", "Specialists that the weeks take"
_FTE = "full-time equivalents"


@dataclass(frozen=True)
class SchoolWeek:
    """A school's week, or why it has none.

    Attributes
    ----------
    school : Design
        The school.
    week : Week or None
        The week.
    breaches : tuple of str
        What the independent checker found; nothing where every rule is kept.
    why : str
        Why there is no week; blank where there is one.
    """

    school: Design
    week: Week | None
    breaches: tuple[str, ...]
    why: str

    @property
    def sharing(self) -> int:
        """Teams with their planning blocks, by the checker."""
        if self.week is None:
            return 0
        failing = [t for t in self.school.teams
                   if any(b.startswith(f"{t.name} shares") for b in self.breaches)]  # fmt: skip
        return len(self.school.teams) - len(failing)

    @property
    def kept(self) -> bool:
        """Whether there is a week that keeps every rule."""
        return self.week is not None and not self.breaches


@dataclass(frozen=True)
class Weeks:
    """The weeks of the study's schools.

    Attributes
    ----------
    findings : tuple of Measured or Lacking
        Teams that plan together (S2), and specialists.
    schools : tuple of SchoolWeek
        One for each school.
    """

    findings: tuple[Result, ...]
    schools: tuple[SchoolWeek, ...]


def week_of(school: Design) -> SchoolWeek:
    """Return a school's week, checked; or why there is none."""
    try:
        week = make(school.wish)
    except TimeoutError as error:
        return SchoolWeek(school, None, (), str(error))
    if week is None:
        return SchoolWeek(school, None, (), explain(school.wish))
    breaches = violations(week.lessons, week.wish)
    if specialist_days(week.lessons) > week.specialist_days:
        breaches.append("More specialists are at school than the week says.")
    return SchoolWeek(school, week, tuple(breaches), "")


def weeks(study: Study, place: Place, found: Designs, rolls: Rolls) -> Weeks:
    """Return each school's week, with the findings.

    Parameters
    ----------
    study, place : Study, Place
        The parameters; the district in words.
    found : Designs
        The schools.
    rolls : Rolls
        The tables, for the schools with their students spread evenly.
    """
    if not found.schools:
        untested = "S2" if not found.chosen or set(study.design_schools) == set(CLAIMED) else None
        return Weeks((Lacking(_NAME, _TITLE, found.lacking, _UNIT, untested),), ())
    made = tuple(week_of(school) for school in found.schools)
    findings: list[Result] = [_shared(study, place, found, made, rolls)]
    placed = [one for one in made if one.week is not None]
    if len(placed) == len(made):
        findings.append(_staff(place, found, placed))
    else:
        why = " ".join(one.why for one in made if one.why).rstrip(".")
        findings.append(Lacking(_STAFF_NAME, _STAFF_TITLE, why, _FTE))
    return Weeks(tuple(findings), made)


def _population(place: Place, found: Designs) -> str:
    vertical = [team.name for school in found.schools for team in school.teams if team.vertical]
    joined = (
        f"; a grade with a single class has no team of its own and plans with its neighbor: "
        f"{', '.join(vertical)}"
        if vertical
        else ""
    )
    sections = sum(len(school.wish.sections) for school in found.schools)
    return (
        f"{plural(found.teams, 'team')} with {sections} classes in {found.names}, "
        f"{place.own}{joined}"
    )


def _shared(
    study: Study, place: Place, found: Designs, made: tuple[SchoolWeek, ...], rolls: Rolls
) -> Measured:
    claim = "S2" if {school.code for school in found.schools} == set(CLAIMED) else None
    sharing = sum(one.sharing for one in made)
    rules = found.rules
    kept = all(one.kept for one in made)
    wished = f"{rules.planning_minutes} consecutive minutes, {times(rules.planning_times)}"
    blocked = " ".join(one.why for one in made if one.why)
    return Measured(
        name=_NAME,
        title=_TITLE,
        sentence=f"{sharing} of {plural(found.teams, 'team')} are free together for {wished} a "
        f"week, with art, music and physical education covered and no class above its maximum."
        + (f" {blocked}" if blocked else ""),
        estimate=Estimate(float(sharing), None, None, "none: a count in one schedule"),
        unit=_UNIT,
        claim=claim,
        holds=(kept and rules.planning_minutes >= CLAIMED_MINUTES,) if claim else (),
        basis="modelled",
        caveat=f"{found.modelled} The day, the rooms and the specialists' load are assumptions.",
        population=_population(place, found),
        year=found.years,
        method="Sections by the class-size maxima; weeks by a constraint solver (CP-SAT), each "
        "checked by a program that shares no code with it.",
        alternatives=_even(study, found, rolls),
        tables=TABLES,
    )


def _even(study: Study, found: Designs, rolls: Rolls) -> tuple[Alternative, ...]:
    if not any(school.counts.modelled for school in found.schools):
        return ()
    largest = largest_classes(rolls.maxima, study.class_sizes)
    spread = [week_of(evenly(school, found.rules, largest)) for school in found.schools]
    teams = sum(len(one.school.teams) for one in spread)
    label = f"students spread evenly over the grades ({plural(teams, 'team')})"
    return (Alternative(label, float(sum(one.sharing for one in spread))),)


def _staff(place: Place, found: Designs, placed: list[SchoolWeek]) -> Measured:
    taken = [one.week for one in placed if one.week is not None]
    value = sum(week.specialists for week in taken)
    least = sum(week.least for week in taken) / len(DAYS)
    core = sum(len(team.teachers) for school in found.schools for team in school.teams)
    each = ", ".join(f"{one.school.name} {week.specialists:.1f}"
                     for one, week in zip(placed, taken, strict=True))  # fmt: skip
    return Measured(
        name=_STAFF_NAME,
        title=_STAFF_TITLE,
        sentence=f"Beside {core} core teachers the weeks take {value:.1f} full-time specialists "
        f"({each}).",
        estimate=bounded(value, least, value, "from the solver's bound to the best week found"),
        unit=_FTE,
        basis="modelled",
        caveat=f"{found.modelled} A specialist's day at a school counts as a fifth.",
        population=_population(place, found),
        year=found.years,
        method="Fewest specialists' days at school that the solver found.",
        tables=TABLES,
    )


def grid(one: SchoolWeek) -> pd.DataFrame:
    """Return the week by team, to draw: ``day``, ``team``, ``period``, ``kind``, ``text``.

    ``kind`` is ``block`` (the whole team plans together), ``together`` (all of its classes are in
    specials), ``some`` (some are), ``lunch`` or ``class``. ``text`` names the specials by their
    first letters.
    """
    if one.week is None:
        return pd.DataFrame()
    rows = []
    planned = {
        (block.team, block.day, block.period + more)
        for block in one.week.blocks.itertuples()
        for more in range(int(block.periods))
    }
    sizes = {team.name: len(team.sections) for team in one.school.teams}
    out = set(one.week.wish.subjects)
    cells = one.week.lessons.groupby(["team", "day", "period"], sort=False)["activity"].agg(list)
    for (team, day, period), activities in cells.items():
        specials = [activity for activity in activities if activity in out]
        lunch = set(activities) == {LUNCH}
        whole = len(specials) == sizes[team]
        kind = "lunch" if lunch else "together" if whole else "some" if specials else "class"
        if (team, day, period) in planned:
            kind = "block"
        text = " ".join(sorted(name[0] for name in specials))
        rows.append((day, team, period, kind, text))
    return pd.DataFrame(rows, columns=["day", "team", "period", "kind", "text"])


def class_table(one: SchoolWeek) -> pd.DataFrame:
    """Return each class's specials by day, such as ``2: Art 1, 6: PE 2``, period and specialist."""
    if one.week is None:
        return pd.DataFrame()
    lessons = one.week.lessons
    special = lessons[lessons["activity"].isin(one.week.wish.subjects)]
    said = special.assign(text=(special["period"] + 1).astype(str) + ": " + special["teacher"])
    cells = said.sort_values("period").groupby(["section", "day"])["text"].agg(", ".join)
    wide = cells.unstack("day").reindex(lessons["section"].drop_duplicates())
    wide = wide.reindex(columns=range(len(DAYS))).set_axis(DAYS, axis=1)
    lunch = lessons[lessons["activity"] == LUNCH].drop_duplicates("section")
    noon = lunch.set_index("section")["period"] + 1
    return wide.assign(Lunch=noon).rename_axis("Class").reset_index()


def staff_table(found: Weeks) -> pd.DataFrame:
    """Return who is at school when: ``School``, ``Specialist``, days, and lessons a week."""
    tables = []
    for one in found.schools:
        if one.week is None:
            continue
        lessons = one.week.lessons
        special = lessons[lessons["activity"].isin(one.week.wish.subjects)]
        by_day = special.groupby(["teacher", "day"]).size().unstack("day")
        by_day = by_day.reindex(columns=range(len(DAYS))).set_axis(DAYS, axis=1)
        whole = by_day.sum(axis=1).astype(int)
        text = by_day.astype("Int64").astype("string").fillna("–")
        text = text.assign(Week=whole, School=one.school.name)
        tables.append(text.rename_axis("Specialist").reset_index())
    if not tables:
        return pd.DataFrame()
    return pd.concat(tables, ignore_index=True)[["School", "Specialist", *DAYS, "Week"]]


def picture(one: SchoolWeek) -> Picture:
    """Return the words of a school's drawn week."""
    rules = one.school.wish.rules
    letters = ", ".join(f"{name[0]} {name.lower()}" if name != "PE" else "P physical education"
                        for name in one.school.wish.subjects)  # fmt: skip
    blocks = [] if one.week is None else list(one.week.blocks.itertuples())
    said = "; ".join(f"{b.team} {DAYS[int(b.day)]} periods {b.period + 1} to {b.period + b.periods}"
                     for b in blocks)  # fmt: skip
    return Picture(
        title=f"A week at {one.school.name}, {one.school.counts.year} (modelled)",
        note=f"A row is a team, a column a period of {rules.period_minutes} minutes. Dark: the "
        f"whole team plans together. Letters: the special of each class ({letters}); an empty "
        "cell: all classes are with their own teachers.",
        alt=f"Weekly schedule of {one.school.name}. Shared planning: {said}.",
    )

"""A school redesigned from its enrollment by grade: sections, teams, and core teachers.

Sections follow the class-size maxima of the teachers' contract. Prekindergarten to grade 5 have a
homeroom teacher for each section; from grade 6 on, in a school that has a grade above 6, a team of
subject teachers shares two to four sections.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dme.measures.schedule.wish import Kind, Section, Team
from dme.measures.staff.teams import GRADES, fewest_sections
from dme.text import first_year

LARGEST_HOMEROOM_TEAM = 5
LARGEST_SUBJECT_TEAM = 4
"""One teacher for each of four subjects serves four sections at most; see `wish.Rules`."""


@dataclass(frozen=True)
class GradeCounts:
    """Students by grade, and how they were come by.

    Attributes
    ----------
    students : dict of str to int
        Students by grade, from the lowest; grades without students are left out.
    year : str
        The school year that they stand for.
    modelled : bool
        Whether a count by grade of that year is lacking, so that shares of another one serve.
    words : str
        How they were come by.
    """

    students: dict[str, int]
    year: str
    modelled: bool
    words: str

    @property
    def total(self) -> int:
        """All students."""
        return sum(self.students.values())


def in_order(grades: Iterable[str]) -> list[str]:
    """Return grades from prekindergarten up."""
    return sorted(grades, key=GRADES.index)


def counts_of_year(by_grade: pd.DataFrame, school: str, year: str) -> dict[str, int]:
    """Return a school's printed students by grade in one year; suppressed grades are left out.

    Parameters
    ----------
    by_grade : DataFrame
        ``school_enrollment_by_grade``.
    school, year : str
        The school's code; school year.
    """
    rows = by_grade[(by_grade["school_code"] == school) & (by_grade["school_year"] == year)]
    rows = rows.dropna(subset=["students"])
    found = dict(zip(rows["grade"], rows["students"].astype(int), strict=True))
    return {grade: found[grade] for grade in in_order(found)}


def grade_counts(
    by_grade: pd.DataFrame, spending: pd.DataFrame, school: str, year: str
) -> GradeCounts | None:
    """Return a school's students by grade in a year, or as near to it as the tables allow.

    In turn: the count by grade of that year; the total and the grades that the spending report
    prints for it, divided as the school's last count by grade was (grades of the report that
    it had not are given the mean of the others); the last count by grade before it, or else the
    first after it.

    Parameters
    ----------
    by_grade, spending : DataFrame
        ``school_enrollment_by_grade`` and ``spending_schools``.
    school, year : str
        The school's code; school year.

    Returns
    -------
    GradeCounts or None
        None where the tables hold no count by grade of the school.
    """
    if counted := counts_of_year(by_grade, school, year):
        return GradeCounts(counted, year, False, f"counted by grade in {year}")
    mine = by_grade[by_grade["school_code"] == school].dropna(subset=["students"])
    if mine.empty:
        return None
    years = sorted(set(mine["school_year"]))
    before = [one for one in years if first_year(one) < first_year(year)]
    last = before[-1] if before else years[0]
    counted = counts_of_year(by_grade, school, last)
    told = spending[(spending["school_code"] == school) & (spending["school_year"] == year)]
    told = told.dropna(subset=["students"])
    if told.empty:
        return GradeCounts(counted, last, False, f"counted by grade in {last}, none in {year}")
    row = told.iloc[0]
    span = GRADES[GRADES.index(row["low_grade"]) : GRADES.index(row["high_grade"]) + 1]
    kept = [counted[grade] for grade in span if grade in counted]
    usual = float(np.mean(kept)) if kept else 1.0
    weights = {grade: float(counted.get(grade, usual)) for grade in span}
    words = f"the total of {year}, divided over the grades as counted in {last}"
    return GradeCounts(shared(int(row["students"]), weights), year, True, words)


def shared(total: int, weights: Mapping[str, float]) -> dict[str, int]:
    """Divide a total in proportion to weights, in whole students that add up to it.

    What rounding down leaves goes to the largest remainders (Hamilton's rule).
    """
    whole = sum(weights.values())
    exact = {grade: total * weight / whole for grade, weight in weights.items()}
    given = {grade: int(part) for grade, part in exact.items()}
    rest = sorted(exact, key=lambda grade: given[grade] - exact[grade])
    for grade in rest[: total - sum(given.values())]:
        given[grade] += 1
    return {grade: count for grade, count in given.items() if count}


def sections(students: Mapping[str, int], largest: pd.Series) -> tuple[Section, ...]:
    """Return as few sections of each grade as the class-size maxima allow, evenly filled.

    Parameters
    ----------
    students : mapping of str to int
        Students by grade.
    largest : Series
        See `dme.measures.staff.teams.largest_classes`.
    """
    found = []
    for grade in in_order(students):
        count = int(fewest_sections(students[grade], largest[grade]))
        small, more = divmod(students[grade], max(count, 1))
        found += [
            Section(_name(grade, number), grade, small + (number < more), int(largest[grade]))
            for number in range(count)
        ]
    return tuple(found)


def _name(grade: str, number: int) -> str:
    """Return ``3A``, ``PK-A``; after Z, ``3A2``."""
    turn, letter = divmod(number, 26)
    dash = "-" if grade in ("PK", "K") else ""
    return f"{grade}{dash}{chr(ord('A') + letter)}{turn + 1 if turn else ''}"


def teams(found: Sequence[Section]) -> tuple[Team, ...]:
    """Return the teams that can plan together.

    A grade is a team where it has two sections or more, and several where it has more than a
    team can hold. A grade of one section joins the next grade of its kind (the one before, at
    the end): a vertical team, the fallback where no grade team can be formed.
    """
    grades = in_order({section.grade for section in found})
    departmental = any(GRADES.index(grade) > GRADES.index("6") for grade in grades)
    line = GRADES.index("6" if departmental else "7")
    kinds: tuple[tuple[Kind, int], ...] = (
        ("homeroom", LARGEST_HOMEROOM_TEAM),
        ("subject", LARGEST_SUBJECT_TEAM),
    )
    made: list[Team] = []
    for kind, largest in kinds:
        own = [g for g in grades if (GRADES.index(g) >= line) == (kind == "subject")]
        for group in _groups(own, found):
            made += _split(group, [s for s in found if s.grade in group], kind, largest)
    return tuple(made)


def _groups(grades: Sequence[str], found: Sequence[Section]) -> list[list[str]]:
    """Join grades of one section until each group has two."""
    size = {grade: sum(section.grade == grade for section in found) for grade in grades}
    groups: list[list[str]] = []
    waiting: list[str] = []
    for grade in grades:
        waiting.append(grade)
        if sum(size[one] for one in waiting) > 1:
            groups.append(waiting)
            waiting = []
    if waiting and groups:
        groups[-1] += waiting
    elif waiting:
        groups.append(waiting)
    return groups


def _split(grades: Sequence[str], own: Sequence[Section], kind: Kind, largest: int) -> list[Team]:
    """Return one team, or as many of even size as keep to the largest."""
    parts = -(-len(own) // largest)
    name = f"Grade {grades[0]}" if len(grades) == 1 else f"Grades {grades[0]}-{grades[-1]}"
    named = [name] if parts == 1 else [f"{name}, team {n + 1}" for n in range(parts)]
    pieces = np.array_split(np.arange(len(own)), parts)
    return [
        Team(title, kind, tuple(own[at] for at in piece), vertical=len(grades) > 1)
        for title, piece in zip(named, pieces, strict=True)
    ]


def plan_table(made: Sequence[Team]) -> pd.DataFrame:
    """Return a row for each team: ``team``, ``students``, ``sections``, ``classes``, ``teachers``.

    ``classes`` tells the sizes, ``allowed`` the largest class allowed.
    """
    rows = [
        {
            "team": team.name,
            "students": sum(section.students for section in team.sections),
            "sections": len(team.sections),
            "classes": ", ".join(str(section.students) for section in team.sections),
            "allowed": min(section.largest for section in team.sections),
            "teachers": len(team.teachers),
        }
        for team in made
    ]
    return pd.DataFrame(rows)


def default_schools(by_grade: pd.DataFrame, schools: pd.DataFrame) -> tuple[str, ...]:
    """Return a district's largest elementary and largest middle school, by code.

    Elementary: it has grade 3 and none above 6. Middle: it has grade 7, none below 5 and none
    above 8. Of the last year with counts; where a district has neither, its largest school.

    Parameters
    ----------
    by_grade : DataFrame
        ``school_enrollment_by_grade``.
    schools : DataFrame
        The district's rows of ``school_enrollment``.
    """
    rows = by_grade[by_grade["school_code"].isin(schools["school_code"])]
    rows = rows.dropna(subset=["students"])
    if rows.empty:
        return ()
    rows = rows[rows["school_year"] == rows["school_year"].max()]
    place = rows["grade"].map(GRADES.index)
    told = (
        rows.assign(place=place)
        .groupby("school_code")
        .agg(students=("students", "sum"), low=("place", "min"), high=("place", "max"))
    )
    at = GRADES.index
    elementary = told[(told["low"] <= at("3")) & (told["high"].between(at("3"), at("6")))]
    middle = told[(told["low"] >= at("5")) & (told["high"].between(at("7"), at("8")))]
    chosen = [str(part["students"].idxmax()) for part in (elementary, middle) if len(part)]
    return tuple(chosen or [str(told["students"].idxmax())])

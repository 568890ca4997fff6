"""What the tables tell of every school of a district, a figure at a time, and what is usual."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from statistics import median
from typing import Any

import numpy as np
import pandas as pd

from dme.measures.access import student_growth
from dme.measures.climate.absence_and_suspension import of_all
from dme.measures.size import school_seats, school_sizes
from dme.measures.staff.categories import added
from dme.publish.schools.register import Register, table

_KEY = ["school_year", "school_code"]
_GROWTH = "target_achieved_percent"
SPENDING, ABSENT = "Spending per pupil", "Students who missed a tenth of the days or more"
GROWTH = {
    "ELA": "Growth in English: share of the target achieved",
    "Math": "Growth in mathematics: share of the target achieved",
}


@dataclass(frozen=True)
class Figure:
    """A figure of a district's schools in one year.

    Attributes
    ----------
    title, unit, year, table : str
        What it is; ``percent``, ``dollars`` or a noun; of which year, from which table.
    values : mapping of str to float
        By school code, of those too that closed before the study: not a number where the publisher
        withholds it, and no entry where the record has no row.
    levels : mapping of str to str
        The level of each school in that year that had the study's smallest number of students, ""
        where it is unknown: the usual is of these.
    level : mapping of str to str
        The level of each school of the record.
    basis : str
        ``measured`` or ``modelled``.
    words : mapping of str to str
        What is told of a school beside its number, or in its place.
    state : float or None
        The state's figure; None where the tables have none.
    standing : mapping of str to str
        How a school stands against the state, as far as chance lets one say; see
        `dme.measures.access.student_growth.against_state`.
    """

    title: str
    unit: str
    year: str
    table: str
    values: Mapping[str, float]
    levels: Mapping[str, str]
    level: Mapping[str, str]
    basis: str = "measured"
    words: Mapping[str, str] = field(default_factory=dict)
    state: float | None = None
    standing: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def usual(self) -> Mapping[str, tuple[float, int]]:
        """The median of the district's schools ("") and of each level, with how many these are."""
        by_level: dict[str, list[float]] = {}
        for code, level in self.levels.items():
            if self.tells(code):
                for group in {"", level}:
                    by_level.setdefault(group, []).append(self.values[code])
        return {level: (median(values), len(values)) for level, values in by_level.items()}

    def tells(self, code: str) -> bool:
        """Whether it tells a number of a school."""
        return not np.isnan(self.values.get(code, np.nan))

    def told(self, value: float) -> str:
        """Return a value in words."""
        if self.unit == "percent":
            return f"{value:.1f}%"
        return f"${value:,.0f}" if self.unit == "dollars" else f"{value:,.1f}".removesuffix(".0")


class _Years:
    """Makes figures of one year after another, with the levels of that year."""

    def __init__(self, register: Register) -> None:
        rows = register.rows
        self._schools = set(rows["school_code"])
        large = school_sizes.counted(rows, register.study.smallest_school)
        self._level, self._levels = (
            {year: dict(zip(of["school_code"], of["level"], strict=True)) for year, of in each}
            for each in (rows.groupby("school_year"), large.groupby("school_year"))
        )

    def __call__(
        self, title: str, unit: str, year: str, table: str, values: pd.Series, **more: Any
    ) -> Figure:
        numbers = zip(values.index, values.astype(float).fillna(np.nan), strict=True)
        ours = {code: value for code, value in numbers if code in self._schools}
        level, levels = self._level.get(year, {}), self._levels.get(year, {})
        return Figure(title, unit, year, table, ours, levels, level, **more)


def figures(register: Register) -> list[Figure]:
    """Return what the tables tell of the district's schools, in reading order."""
    made = _Years(register)
    of = (_students, _utilization, _spending, _needs, _teachers, _growth, _absence, _suspensions)
    return [one for each in of for one in each(register, made) if one.values]


def _both_ends(held: pd.Series, until: str) -> list[str]:
    """Return the last of the years up to one, and the last of all."""
    years = sorted(set(held))
    return sorted({*[year for year in years if year <= until][-1:], *years[-1:]})


def _students(register: Register, made: _Years) -> Iterator[Figure]:
    for year in dict.fromkeys([register.study.size_year, *register.years[-1:]]):
        rows = register.rows[register.rows["school_year"] == year].set_index("school_code")
        yield made("Students", "students", year, "school_enrollment", rows["students"])


def _utilization(register: Register, made: _Years) -> Iterator[Figure]:
    tables = {name: table(name, register.study) for name in school_seats.TABLES}
    capacity, zones = tables["zone_capacity"], tables["school_zones"]
    if capacity.empty or not zones["school_code"].isin(register.names).any():
        return
    year, study = str(capacity["school_year"].iloc[0]), register.study
    # All schools of that year share the seats, those too that have closed before the study.
    rows = school_sizes.schools(register.listed, year, study.smallest_school)
    seats = school_seats.by_school(
        rows, tables, since=study.trend_start, until=study.enrollment_year
    ).set_index("school_code")
    yield made(
        "Seats in use",
        "percent",
        year,
        "zone_capacity",
        100 * seats["students"].astype(float) / seats["seats"],
        basis="modelled",
        words={code: f"about {round(n, -1):.0f} seats" for code, n in seats["seats"].items()},
    )


def _spending(register: Register, made: _Years) -> Iterator[Figure]:
    rows = register.of_schools("spending_schools")
    for year in _both_ends(rows["school_year"], register.study.spending_year):
        then = rows[rows["school_year"] == year].set_index("school_code")
        for column, title, unit in (
            ("dollars_per_pupil", SPENDING, "dollars"),
            ("percent_high_needs", "Students with high needs", "percent"),
        ):
            if then[column].notna().any():
                yield made(title, unit, year, "spending_schools", then[column])


def _needs(register: Register, made: _Years) -> Iterator[Figure]:
    rows = register.of_schools("school_enrollment_by_group")
    for year in _both_ends(rows["school_year"], register.study.size_year)[:1]:
        then = (
            rows[rows["school_year"] == year]
            .set_index("school_code")
            .astype({name: float for name in rows.columns if name not in _KEY})
        )
        for title, column, rest in (
            ("English learners", "english_learners", "not_english_learners"),
            (
                "Students with disabilities",
                "students_with_disabilities",
                "students_without_disabilities",
            ),
        ):
            share = 100 * then[column] / (then[column] + then[rest])
            if share.notna().any():
                yield made(title, "percent", year, "school_enrollment_by_group", share)


def _teachers(register: Register, made: _Years) -> Iterator[Figure]:
    staff = table("school_staff", register.study)
    staff = staff.assign(teachers=added(staff))
    rows = staff.merge(register.rows[[*_KEY, "students"]], on=_KEY)
    for year in _both_ends(rows["school_year"], register.study.staff_year)[:1]:
        then = rows[rows["school_year"] == year].set_index("school_code")
        teachers = then["teachers"].where(then["teachers"] > 0)
        words = {code: f"{n:.1f} teachers" for code, n in teachers.dropna().items()}
        share = then["students"].astype(float) / teachers
        yield made(
            "Students for each teacher", "students", year, "school_staff", share, words=words
        )


def _growth(register: Register, made: _Years) -> Iterator[Figure]:
    growth, districts = (
        register.of_schools("school_growth"),
        table("district_growth", register.study),
    )
    for year in _both_ends(growth["school_year"], register.study.growth_year):
        schools, then = (
            student_growth.by_subject(each, year, _GROWTH) for each in (growth, districts)
        )
        state, standing = None, {}
        # Without a row of the state, the mean of its districts would be another figure.
        if student_growth.STATE in then.index:
            state = then.loc[student_growth.STATE]
            confidence = register.study.confidence
            found = student_growth.against_state(schools, state, _GROWTH, confidence)
            standing = found["standing"].to_dict()
        rows = growth[
            (growth["school_year"] == year) & growth["grade"].eq("all") & growth["group"].eq("all")
        ]
        for subject in student_growth.SUBJECTS:
            of_subject = rows[rows["subject"] == subject].set_index("school_code")
            told = of_subject["students"].dropna().items()
            yield made(
                GROWTH[subject],
                "percent",
                year,
                "school_growth",
                of_subject[_GROWTH],
                words={code: f"{n} students" for code, n in told},
                state=None if state is None else float(state[subject]),
                standing=standing,
            )


def _absence(register: Register, made: _Years) -> Iterator[Figure]:
    name = "school_chronic_absenteeism"
    rows = _first_of_all(register.of_schools(name))
    states = of_all(table("district_chronic_absenteeism", register.study))
    states = states[states["district_code"] == student_growth.STATE].set_index("school_year")
    for year in _both_ends(rows["school_year"], register.study.size_year):
        then = rows[rows["school_year"] == year].set_index("school_code")
        state = float(states["percent"][year]) if year in states.index else None
        yield made(ABSENT, "percent", year, name, then["percent"], state=state)


def _suspensions(register: Register, made: _Years) -> Iterator[Figure]:
    rows = _first_of_all(register.of_schools("school_suspensions"))
    for year in _both_ends(rows["school_year"], register.study.size_year):
        then = rows[rows["school_year"] == year].set_index("school_code")
        few = then.index[then["mark"].eq("few").fillna(value=False)]
        nobody = then["mark"].isin(["none", "none_small"])
        yield made(
            "Suspended at least once",
            "percent",
            year,
            "school_suspensions",
            then["percent"].mask(nobody, 0.0),
            words=dict.fromkeys(few, "1 to 5 students")
            | dict.fromkeys(then.index[nobody], "none on record"),
        )


def _first_of_all(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["group"].eq("all") & rows["part"].eq(1)]

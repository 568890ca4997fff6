"""Which schools a district has and had since a study's year of sizes, and what the plan names."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from dme.measures.plan import outcomes
from dme.measures.size import school_sizes
from dme.measures.size.levels import with_levels
from dme.study import Study
from dme.tables import empty, load

FOLDER = "school"
_LONGEST = 60
_OF_REPORT = "spending"


def table(name: str, study: Study) -> pd.DataFrame:
    """Return a table of the study; one without rows where its folder has none of that name."""
    there = (study.folder / f"{name}.csv").is_file()
    return load(name, study.folder) if there else empty(name)


@dataclass(frozen=True)
class Count:
    """A school in one year.

    Attributes
    ----------
    year, name : str
        The school year, and its name in that year's file.
    students : int or None
        None where withheld.
    low, high, level : str
        The grades that it teaches and their level; "" where unknown.
    of_report : bool
        Whether the report on spending counts it, and not the state in October.
    """

    year: str
    name: str
    students: int | None
    low: str
    high: str
    level: str
    of_report: bool

    @property
    def grades(self) -> str:
        """The grades in words; "" where unknown."""
        return f"{self.low} to {self.high}" if self.low != self.high else self.low


@dataclass(frozen=True)
class Register:
    """The schools of a study's district.

    Those count that had the study's smallest number of students in some year, and are on record in
    its year of sizes or later; what never had it is a program inside another school.
    """

    study: Study

    @cached_property
    def place(self) -> str:
        """The district's name, without the words for a district."""
        names = table("districts", self.study).set_index("district_code")["district"]
        return names.get(self.study.district, self.study.district).removesuffix(" School District")

    @cached_property
    def listed(self) -> pd.DataFrame:
        """The district's rows of ``school_enrollment``, in the order of years: programs too."""
        rows = table("school_enrollment", self.study)
        return rows[rows["district_code"] == self.study.district].sort_values("school_year")

    @cached_property
    def years(self) -> list[str]:
        """The years in which schools were counted."""
        return sorted(self.listed["school_year"].unique())

    @cached_property
    def _ever(self) -> set[str]:
        """The codes of all that ever were a school, also of those that closed before."""
        counted = self.listed.dropna(subset=["students"])
        return set(outcomes.ever_a_school(counted, self.study.smallest_school)["school_code"])

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The rows of all that ever were a school, with ``level`` and the span of their grades."""
        rows = self.listed[self.listed["school_code"].isin(self._ever)]
        names = ("school_enrollment_by_grade", "spending_schools")
        graded = with_levels(rows, *map(self.of_schools, names))
        key, found = ["school_year", "school_code"], ["low_grade", "high_grade", "level"]
        rows = rows.merge(graded[[*key, *found]], on=key, how="left")
        return rows.assign(**rows[found].astype(object).where(rows[found].notna(), ""))

    def of_schools(self, name: str) -> pd.DataFrame:
        """Return the rows of a table that are of what ever was a school."""
        rows = table(name, self.study)
        return rows[rows["school_code"].isin(self._ever)]

    @cached_property
    def counts(self) -> Mapping[str, Sequence[Count]]:
        """The years of each school by its code, as far as it is on record at the study's time."""
        found: dict[str, list[Count]] = {}
        for row in self.rows.itertuples():
            count = Count(
                row.school_year,
                row.school,
                None if pd.isna(row.students) else int(row.students),
                row.low_grade,
                row.high_grade,
                row.level,
                row.count_from == _OF_REPORT,
            )
            found.setdefault(row.school_code, []).append(count)
        return {code: of for code, of in found.items() if of[-1].year >= self.study.size_year}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The latest name of each school by its code, in the order of names."""
        latest = table("schools", self.study).set_index("school_code")["school"].to_dict()
        told = {code: latest.get(code, of[-1].name) for code, of in self.counts.items()}
        return dict(sorted(told.items(), key=lambda item: (item[1].lower(), item[0])))

    @cached_property
    def pages(self) -> Mapping[str, str]:
        """The page of each school by its code, as seen from the top of the study's site."""
        slugs = {code: _slug(name) for code, name in self.names.items()}
        shared = Counter(slugs.values())
        return {
            code: f"{FOLDER}/{slug if slug and shared[slug] == 1 else f'{slug}-{_slug(code)}'}.html"
            for code, slug in slugs.items()
        }

    @cached_property
    def programs(self) -> pd.DataFrame:
        """What the year of sizes lists beside the schools, which never had enough students."""
        then = self.listed[self.listed["school_year"] == self.study.size_year]
        return then[~then["school_code"].isin(self.names)].sort_values("school")

    @cached_property
    def has_plan(self) -> bool:
        """Whether the tables hold a plan of the district."""
        return bool(table("plan_actions", self.study)["school_code"].isin(self._codes).any())

    @cached_property
    def actions(self) -> Mapping[str, pd.DataFrame]:
        """What the plan in the tables names a school for, by the code of each that it names."""
        return dict(list(self.of_schools("plan_actions").groupby("school_code")))

    @cached_property
    def part_of_school(self) -> set[str]:
        """The places of the plan that are some grades of a school."""
        places = table("plan_places", self.study)
        return set(places.loc[places["kind"] == "part of a school", "place"])

    @cached_property
    def partners(self) -> Mapping[str, pd.DataFrame]:
        """The rows of ``school_partnerships`` of each school that has any, by its code."""
        return dict(list(self.of_schools("school_partnerships").groupby("school_code")))

    @cached_property
    def zones(self) -> Mapping[str, str]:
        """The zone of each school by its code, where the tables have zones."""
        return self.of_schools("school_zones").set_index("school_code")["zone"].to_dict()

    @cached_property
    def magnets(self) -> set[str]:
        """The codes of interdistrict magnet schools."""
        rows = self.of_schools("school_directory")
        return set(rows.loc[rows["interdistrict_magnet"] == "yes", "school_code"])

    @cached_property
    def moves(self) -> Mapping[str, Mapping[str, Any]]:
        """How far apart the places lie at which each school was listed; see `relocations`."""
        copies = [rows for _, rows in self.of_schools("school_directory").groupby("edition")]
        lists = [self.of_schools("school_zones"), *copies[-2:]]
        schools = pd.DataFrame({"school_code": list(self.names)})
        return outcomes.relocations(schools, lists).set_index("school_code").to_dict("index")

    @cached_property
    def mean(self) -> float:
        """The mean students of the schools in the year of sizes."""
        study = self.study
        rows = school_sizes.schools(self.listed, study.size_year, study.smallest_school)
        return float(rows["students"].mean())

    @property
    def _codes(self) -> set[str]:
        return set(self.listed["school_code"])

    def at(self, code: str, year: str) -> Count | None:
        """Return a school's count of a year; None where it has none."""
        return next((one for one in self.counts[code] if one.year == year), None)

    def then(self, code: str) -> Count | None:
        """Return a school's count in the year of sizes; None where it has none."""
        return self.at(code, self.study.size_year)

    def last(self, code: str) -> Count:
        """Return a school's last count."""
        return self.counts[code][-1]

    def grades(self, code: str) -> str:
        """Return the grades that a school teaches by the last year that tells; "" where none."""
        return next((one.grades for one in reversed(self.counts[code]) if one.grades), "")

    def gone(self, code: str) -> bool:
        """Whether the record goes on without the school."""
        return self.last(code).year < self.years[-1]

    def closed(self, code: str) -> bool:
        """Whether it goes on without a school that the plan names to close."""
        named = code in self.actions and self.actions[code]["action"].eq("close").any()
        return bool(named and self.gone(code))

    def small(self, students: int) -> bool:
        """Whether so many students are a small school."""
        return students < self.study.small_school


def zone_in_words(zone: str) -> str:
    """Return a zone of the tables in words; "" for none."""
    return "outside the zones" if zone == "outside" else zone


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:_LONGEST].strip("-")

"""Staff by school and by district, from EdSight's staffing reports."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from dme.tables.importers import edsight_qualifications, edsight_staff
from dme.tables.importers.edsight_names import Listed, Names
from dme.tables.importers.edsight_qualifications import School
from dme.tables.importers.edsight_staff import Name
from dme.tables.recipe import Frames, RawFolder, Recipe
from dme.tables.recipes.enrollment import YEARS
from dme.tables.refusal import refusal
from dme.text import school_years

Staff = Mapping[Name, Mapping[str, float]]

# Years of which the file of all categories is lost, and the categories that have a file.
_ONE_EACH: dict[str, tuple[str, ...]] = {
    "2003-04": ("administrators",),
    "2005-06": ("administrators", "counselors", "teachers", "special_education_teachers"),
    "2006-07": ("teachers",),
    "2011-12": ("counselors", "special_education_teachers"),
}


def _files(year: str) -> tuple[tuple[str, str | None], ...]:
    """Return a year's files by school: the source, and its one category or None for all."""
    if year not in _ONE_EACH:
        return ((f"edsight-school-staff-{year}", None),)
    return tuple(
        (f"edsight-school-staff-{category.replace('_', '-')}-{year}", category)
        for category in _ONE_EACH[year]
    )


SCHOOL_FILES = {year: _files(year) for year in school_years(2002, 2015)}

# More staff than this without a code, in percent of a year's, would bend what is worked out.
_MOST_LOST = 3.0


def _reported(raw: RawFolder) -> list[tuple[str, School]]:
    """Return every line of the reports of qualifications, with its year."""
    return [
        (year, school)
        for year, path in raw.series("edsight-educator-qualifications").items()
        for school in edsight_qualifications.schools(path, year)
    ]


def _qualifications(raw: RawFolder, made: Frames) -> Frames:
    listed = made["school_enrollment"]
    keys = zip(listed["school_year"], listed["school_code"], strict=True)
    named = zip(listed["school"], listed["district_code"], strict=True)
    enrolled = dict(zip(keys, named, strict=True))
    lines = []
    for year, one in _reported(raw):
        # The register of schools goes by the names of the enrollment files.
        name, district = enrolled.get((year, one.code), (one.name, one.district_code))
        lines.append((year, one.code, one.quartile, one.percent, district, name))
    columns = ["school_year", "school_code", "poverty_quartile", "percent_highly_qualified"]
    frame = pd.DataFrame(lines, columns=[*columns, "district_code", "school"])
    return {"educator_qualifications": frame}


def school_names(raw: RawFolder, made: Frames) -> Names:
    """Return the codes of schools by the names in EdSight's files of enrollment.

    What those files lack comes from the report of qualifications, which lists programs as well.
    """
    # The same district bears one name in all the years that list schools.
    districts = made["districts"].set_index("district_code")["district"]
    listed = made["school_enrollment"]
    names = Names()
    names.learn(
        Listed(year, (districts[district], school), code)
        for year, district, school, code in zip(
            listed["school_year"],
            listed["district_code"],
            listed["school"],
            listed["school_code"],
            strict=True,
        )
    )
    names.learn(Listed(year, (one.district, one.name), one.code) for year, one in _reported(raw))
    return names


def district_names(made: Frames) -> Names:
    """Return the codes of districts by the names in EdSight's files of enrollment."""
    counted = made["district_enrollment"]
    annual = counted[counted["edition"].eq("annual") & counted["school_year"].isin(YEARS)]
    listed = annual.merge(made["districts"], on="district_code")
    listed = listed[listed["level"] == "district"]
    names = Names()
    names.learn(
        Listed(year, (district,), code)
        for year, district, code in zip(
            listed["school_year"], listed["district"], listed["district_code"], strict=True
        )
    )
    return names


def read_schools(raw: RawFolder, year: str) -> dict[Name, dict[str, float]]:
    """Return a year's staff from its file of all categories, or from its files of one each."""
    found: dict[Name, dict[str, float]] = {}
    printed: set[str] = set()
    for source, only in SCHOOL_FILES[year]:
        for name, counts in edsight_staff.staff(
            raw.path(source), year, by_school=True, only=only
        ).items():
            found.setdefault(name, {}).update(counts)
            printed |= set(counts)
    edsight_staff.fill_certified(found.values(), printed)
    return found


def _coded(path: Path, year: str, staff: Staff, names: Names) -> pd.DataFrame:
    """Return staff by code, without what has none; refuse to leave out much."""
    coded, lost = [], []
    for name, counts in staff.items():
        match = names.code(name, year)
        if match is None:
            lost.append((name, sum(counts.values())))
        else:
            code, code_from = match
            line = {"school_year": year, "code": code, "code_from": code_from, "school": name[-1]}
            coded.append(line | dict(counts))
    everyone = sum(sum(counts.values()) for counts in staff.values())
    if 100 * sum(fte for _, fte in lost) > _MOST_LOST * everyone:
        largest, _ = max(lost, key=lambda one: one[1])
        raise refusal(
            problem="Too much of the staff stands under names that have no code.",
            file=path,
            found=f"{len(lost)} names without a code, the largest {' / '.join(largest)}",
            expected=f"at most {_MOST_LOST:g} percent of the staff",
            advice="Look whether EdSight spells its names in another way than in enrollment.",
        )
    return pd.DataFrame(coded)


def _school_staff(raw: RawFolder, made: Frames) -> Frames:
    names = school_names(raw, made)
    staff = pd.concat(
        _coded(raw.path(SCHOOL_FILES[year][0][0]), year, read_schools(raw, year), names)
        for year in SCHOOL_FILES
    ).rename(columns={"code": "school_code"})
    districts = {one.code: one.district_code for _, one in _reported(raw)}
    listed = made["school_enrollment"]
    districts |= dict(zip(listed["school_code"], listed["district_code"], strict=True))
    staff["district_code"] = staff["school_code"].map(districts)
    return {"school_staff": staff}


def _district_staff(raw: RawFolder, made: Frames) -> Frames:
    names = district_names(made)
    frames = []
    for year, path in raw.series("edsight-district-staff").items():
        staff = edsight_staff.staff(path, year, by_school=False)
        frames.append(_coded(path, year, staff, names))
    staff = pd.concat(frames).rename(columns={"code": "district_code"})
    return {"district_staff": staff.drop(columns="school")}


RECIPES = (
    Recipe(("educator_qualifications",), _qualifications),
    Recipe(("school_staff",), _school_staff),
    Recipe(("district_staff",), _district_staff),
)

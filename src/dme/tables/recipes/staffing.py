"""Staff by school and by district, from EdSight's staffing reports."""

from pathlib import Path

import pandas as pd

from dme.tables.importers import edsight_qualifications, edsight_staff
from dme.tables.importers.edsight_names import Names
from dme.tables.recipe import Frames, RawFolder, Recipe
from dme.tables.recipes.enrollment import YEARS, october
from dme.tables.refusal import refusal
from dme.text import school_years

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


def _reported(raw: RawFolder) -> pd.DataFrame:
    """Return every line of the reports of qualifications, with its year."""
    return pd.concat(
        [
            edsight_qualifications.schools(path, year).assign(school_year=year)
            for year, path in raw.series("edsight-educator-qualifications").items()
        ],
        ignore_index=True,
    )


def _qualifications(raw: RawFolder, made: Frames) -> Frames:
    told, key = _reported(raw), ["school_year", "school_code"]
    # The register of schools goes by the names of the enrollment files.
    named = ["school", "district_code"]
    enrolled = told[key].merge(october(made)[[*key, *named]], on=key, how="left")
    return {"educator_qualifications": told.assign(**enrolled[named].fillna(told[named]))}


def school_names(raw: RawFolder, made: Frames) -> Names:
    """Return the codes of schools by the names in EdSight's files of enrollment.

    What those files lack comes from the report of qualifications, which lists programs as well.
    """
    # The same district bears one name in all the years that list schools.
    districts = made["districts"].set_index("district_code")["district"]
    listed = october(made)
    columns = ["school_year", "district_code", "school", "school_code"]
    names = Names()
    names.learn(
        (year, (districts[district], school), code)
        for year, district, school, code in listed[columns].itertuples(index=False)
    )
    told = _reported(raw)[["school_year", "district", "school", "school_code"]]
    names.learn(
        (year, (district, school), code)
        for year, district, school, code in told.itertuples(index=False)
    )
    return names


def district_names(made: Frames) -> Names:
    """Return the codes of districts by the names in EdSight's files of enrollment."""
    counted = made["district_enrollment"]
    annual = counted[counted["edition"].eq("annual") & counted["school_year"].isin(YEARS)]
    listed = annual.merge(made["districts"], on="district_code")
    listed = listed[listed["level"] == "district"]
    names = Names()
    names.learn(
        (year, (district,), code)
        for year, district, code in listed[["school_year", "district", "district_code"]].itertuples(
            index=False
        )
    )
    return names


def read_schools(raw: RawFolder, year: str) -> pd.DataFrame:
    """Return a year's staff from its file of all categories, or from its files of one each."""
    found = [
        edsight_staff.staff(raw.path(source), year, by_school=True, only=only)
        for source, only in SCHOOL_FILES[year]
    ]
    return edsight_staff.fill_certified(pd.concat(found, axis=1))


def _coded(path: Path, year: str, staff: pd.DataFrame, names: Names) -> pd.DataFrame:
    """Return staff by code, without what has none; refuse to leave out much."""
    codes = {name: found for name in staff.index if (found := names.code(name, year))}
    known = staff.index.isin([*codes])
    lost = staff[~known].sum(axis=1)
    if 100 * lost.sum() > _MOST_LOST * staff.sum(axis=None):
        raise refusal(
            problem="Too much of the staff stands under names that have no code.",
            file=path,
            found=f"{len(lost)} names without a code, the largest {' / '.join(lost.idxmax())}",
            expected=f"at most {_MOST_LOST:g} percent of the staff",
            advice="Look whether EdSight spells its names in another way than in enrollment.",
        )
    return staff[known].assign(
        school_year=year,
        code=[code for code, _ in codes.values()],
        code_from=[origin for _, origin in codes.values()],
        school=[name[-1] for name in codes],
    )


def _school_staff(raw: RawFolder, made: Frames) -> Frames:
    names = school_names(raw, made)
    staff = pd.concat(
        _coded(raw.path(SCHOOL_FILES[year][0][0]), year, read_schools(raw, year), names)
        for year in SCHOOL_FILES
    ).rename(columns={"code": "school_code"})
    listed = pd.concat([_reported(raw), october(made)])
    districts = dict(zip(listed["school_code"], listed["district_code"], strict=True))
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

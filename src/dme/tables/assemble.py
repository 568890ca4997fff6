"""From raw files to tables: which reader makes which table of which source."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from dme.tables.crosswalk import crosswalk
from dme.tables.importers import (
    capacity,
    edsight,
    edsight_districts,
    geography,
    nces,
    spending,
)
from dme.tables.sources import Source
from dme.tables.spec_enrollment import YEARS

Frames = dict[str, pd.DataFrame]

_HARTFORD = "0640011"
_HARTFORD_NCES = "0901920"
# The state numbers a district's schools after the district.
_HARTFORD_SCHOOLS = "064"


@dataclass(frozen=True)
class RawFolder:
    """The raw files by the id of their source."""

    folder: Path
    sources: Mapping[str, Source]

    def path(self, source: str) -> Path:
        """Return the raw file of a source."""
        return self.folder / self.sources[source].file


def assemble(raw: RawFolder) -> Frames:
    """Read every raw file and return every table by name, its rows in no particular order.

    Raises
    ------
    TableError
        If a raw file is not as expected.
    """
    frames = {**_by_district(raw), **_by_school(raw), **_federal(raw), **_spending(raw)}
    frames["school_crosswalk"] = crosswalk(
        frames["nces_enrollment"], _of_hartford(frames["school_enrollment"])
    )
    frames["school_zones"] = _zones(raw, frames["school_crosswalk"], frames["school_enrollment"])
    frames["zone_capacity"] = capacity.zone_capacity(raw.path("hartford-zone-capacity-2015-16"))
    return frames


def _by_district(raw: RawFolder) -> Frames:
    annual = pd.concat(
        edsight_districts.districts(raw.path(f"edsight-district-totals-{year}"), year).assign(
            school_year=year
        )
        for year in YEARS
    )
    latest = annual.drop_duplicates("district_code", keep="last")
    revised = edsight_districts.revised(raw.path("edsight-district-enrollment-revised"))
    editions = pd.concat([annual.assign(edition="annual"), revised.assign(edition="revised")])
    return {
        "districts": latest[["district_code", "district"]],
        "district_enrollment": editions[["school_year", "district_code", "edition", "students"]],
    }


def _by_school(raw: RawFolder) -> Frames:
    schools, grades = [], []
    for year in YEARS:
        found = edsight.schools(raw.path(f"edsight-school-grades-{year}"), year)
        edsight.check_totals(raw.path(f"edsight-school-totals-{year}"), year, found)
        for school in found:
            schools.append(
                (year, school.district, school.code, school.name, school.total, school.suppressed)
            )
            # A printed 0 is a grade that the school does not teach.
            grades += [
                (year, school.code, grade, count)
                for grade, count in school.grades.items()
                if count != 0
            ]
    columns = ["school_year", "district_code", "school_code", "school", "students"]
    return {
        "school_enrollment": pd.DataFrame(schools, columns=[*columns, "grades_suppressed"]).astype(
            {"students": "Int64", "grades_suppressed": "Int64"}
        ),
        "school_enrollment_by_grade": pd.DataFrame(
            grades, columns=["school_year", "school_code", "grade", "students"]
        ).astype({"students": "Int64"}),
    }


def _federal(raw: RawFolder) -> Frames:
    schools, enrollment = nces.panel(raw.path("nces-hartford-panel"))
    return {"nces_schools": schools, "nces_enrollment": enrollment}


def _spending(raw: RawFolder) -> Frames:
    schools, functions = spending.school_spending(
        [
            (raw.path("edsight-school-spending-2017-18"), "2017-18"),
            (raw.path("edsight-school-spending-2018-19-peers"), "2018-19"),
            (raw.path("edsight-school-spending-2018-19-hartford"), "2018-19"),
        ]
    )
    return {"spending_schools": schools, "spending_by_function": functions}


def _zones(raw: RawFolder, matches: pd.DataFrame, enrollment: pd.DataFrame) -> pd.DataFrame:
    federal = geography.federal_places(raw.path("nces-school-points-2014-15"), _HARTFORD_NCES)
    directory = geography.directory_places(raw.path("state-directory-2015"), _HARTFORD_SCHOOLS)
    state_codes = dict(zip(matches["nces_id"], matches["school_code"], strict=True))
    schools = set(_of_hartford(enrollment)["school_code"])
    return geography.school_zones(
        {state_codes[key]: place for key, place in federal.items() if key in state_codes},
        # The directory lists the district's own office under a code of the same form.
        {code: place for code, place in directory.items() if code in schools},
        geography.zones(raw.path("hartford-zones-2010")),
    )


def _of_hartford(enrollment: pd.DataFrame) -> pd.DataFrame:
    return enrollment[enrollment["district_code"] == _HARTFORD]

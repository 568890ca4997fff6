"""The tables of school choice: magnet schools, the desegregation order, seats in other towns."""

from dme.tables.choice_codes import SHEFF_RULES
from dme.tables.columns import (
    Column,
    flag,
    one_of,
    percent,
    real,
    school_code,
    school_year,
    text,
    whole,
)
from dme.tables.importers.sheff import MARKS, RUNNERS
from dme.tables.spec import Reference, TableSpec
from dme.tables.specs.enrollment import GRADE_FILES
from dme.tables.specs.geography import DIRECTORY_FILES

SHEFF_YEARS = ("2014-15", "2015-16", "2016-17", "2017-18")
_SHEFF_FILES = tuple(f"sheff-schools-{year}" for year in SHEFF_YEARS)
_OF_A_SCHOOL = Reference(("school_code",), "schools")


def _longitude() -> Column:
    return real("Longitude", "As printed, WGS 84.", "degrees", low=-73.8, high=-71.7, nullable=True)


def _latitude() -> Column:
    return real("Latitude", "As printed, WGS 84.", "degrees", low=40.9, high=42.1, nullable=True)


def _students_apart() -> Column:
    return whole(
        "Students apart",
        "The state's count of the school in that year less the printed one; missing where one "
        "of them is.",
        low=-2000,
        nullable=True,
    )


def _meters_apart() -> Column:
    return whole(
        "Meters apart",
        "From the printed place to the nearest that a copy of the state's directory gives the "
        "school; missing where it gives none.",
        unit="meters",
        nullable=True,
    )


SHEFF_SCHOOLS = TableSpec(
    name="sheff_schools",
    title="Schools under the desegregation order of the Hartford region",
    description=(
        "How isolated the schools are that count towards the order of Sheff v. O'Neill, by the "
        "state's figures as compiled for news stories. 2014-15 has counts; later years have two "
        "shares. Below 75 percent black and Hispanic a school counted as integrated. Rows that "
        "print a name and no figure (20, 28, 1 and 0) are left out: most are Hartford's other "
        "schools, drawn on the same maps. Names and places are the compilers': places of "
        "2014-15 put six schools of the Capitol Region Education Council at one address, and "
        "from 2016-17 several are plainly wrong. One share of 2017-18, a half-day "
        "program's, is printed as 0. The court counts more students as black or Hispanic than "
        "EdSight's races do, by 3 points of 100 on average and up to 8, so a share here is no "
        "share there. Codes are not printed: see rule. Rows without a code: 5, 5, 20 and 19."
    ),
    columns={
        "school_year": school_year(),
        "school": text("School", "Name as printed."),
        "school_code": school_code(
            "The state's code; missing where nothing is enough to tell it.", nullable=True
        ),
        "rule": one_of(
            "Rule",
            "What the code rests on. Place and count: one school of who runs it is within 250 "
            "meters and within 2 students or 1 percent. Equal count: one magnet school of theirs "
            "not yet found has exactly as many students. Only count: one is left within 2 "
            "students or 1 percent. Place: in 2015-16, whose places are copied from the state's "
            "directory, one school not yet found stands there. Name: a row of another year with "
            "the same printed name has the code.",
            SHEFF_RULES,
            nullable=True,
        ),
        "students_apart": _students_apart(),
        "meters_apart": _meters_apart(),
        "doubtful": flag(
            "Doubtful",
            "A code whose count does not agree, or that rests on a count alone: no row of the "
            "same name in 2014-15 or 2015-16 is within 250 meters of the school.",
        ),
        "run_by": one_of(
            "Run by",
            "HPS: Hartford; CREC: Capitol Region Education Council; BPS: Bloomfield; EHPS: East "
            "Hartford; Goodwin College: with the service center Learn. Printed for 2014-15 only.",
            tuple(RUNNERS),
            nullable=True,
        ),
        "students": whole("Students", "All students; 2014-15 only.", nullable=True),
        "black_hispanic": whole(
            "Black and Hispanic", "By the court's count; 2014-15 only.", nullable=True
        ),
        "reduced_isolation": whole("Other students", "All others; 2014-15 only.", nullable=True),
        "hartford_residents": whole(
            "Hartford residents", "Students who live in Hartford; 2014-15 only.", nullable=True
        ),
        "hartford_minority": whole(
            "Minority residents", "Those of them who are minority; 2014-15 only.", nullable=True
        ),
        "black_hispanic_percent": percent(
            "Black and Hispanic", "As printed, from 2016-17 whole percents.", nullable=False
        ),
        "reduced_isolation_percent": percent(
            "Other students",
            "As printed; one of 2014-15 is 25.0 where its counts give 24.75.",
            nullable=False,
        ),
        "mark": one_of(
            "Mark",
            "waiver: excused from the standard for now; does_not_meet: marked so. 2014-15 only. "
            "A school without a mark need not meet the standard: several are above 90 percent.",
            MARKS,
            nullable=True,
        ),
        "longitude": _longitude(),
        "latitude": _latitude(),
    },
    key=("school_year", "school"),
    sources=(*_SHEFF_FILES, *DIRECTORY_FILES, *GRADE_FILES),
    computed=True,
    references=(_OF_A_SCHOOL,),
)

SHEFF_PROGRESS = TableSpec(
    name="sheff_progress",
    title="Hartford's minority students in desegregated schools",
    description=(
        "Minority students who live in Hartford, by whether the school that they attend, there "
        "or in another town, is desegregated under the order of Sheff v. O'Neill, 2004-05 to "
        "2019-20, from the state's reports as charted for a news story."
    ),
    columns={
        "school_year": school_year(),
        "segregated": whole("Segregated", "Students in segregated schools."),
        "desegregated": whole("Desegregated", "Students in desegregated schools."),
        "percent_desegregated": percent(
            "Desegregated", "As printed, a share of the two counts.", nullable=False
        ),
    },
    key=("school_year",),
    sources=("sheff-progress-2019-20",),
)

TABLES = (SHEFF_SCHOOLS, SHEFF_PROGRESS)

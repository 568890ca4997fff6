"""The tables of school choice: magnet schools, the desegregation order, seats in other towns."""

from dme.tables.choice_codes import MAGNET_RULES, SHEFF_RULES
from dme.tables.columns import (
    Column,
    district_code,
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


MAGNET_ENROLLMENT = TableSpec(
    name="magnet_enrollment",
    title="Magnet schools of the Hartford region since 1990",
    description=(
        "Students of interdistrict magnet schools by race in the autumns of 1990, 1995, 2000, "
        "2005, 2010 and 2013, compiled by Trinity College for a news story. The file prints the "
        "year of the autumn: 32 of its 39 counts of 2013 are the state's of 2013-14 to a student. "
        "Schools are those of the compilers' choice, and names are theirs. Until 2005 students "
        "of several races are not counted apart. In autumn 2010 five rows contradict "
        "themselves: races add up to 5 more than the total (Breakthrough), 40 more (Classical), "
        "4 more (Connecticut International Baccalaureate), 70 less (Medical Professions) and 3 "
        "more (University of Hartford); in all but the first it is the sum, not the total, that "
        "agrees with the state. Three rows print a school and no student. One code is printed "
        "wrong (043-37 for a school of Hartford) and one is of an earlier owner (241-63): both "
        "are found by place and count."
    ),
    columns={
        "school_year": school_year("School year that begins in the printed year."),
        "school": text("School", "Name as printed."),
        "printed_code": text(
            "Printed code",
            "District's number, school's number; missing where none is printed.",
            unit="code",
            pattern=r"^\d{3}-\d{2}$",
            nullable=True,
        ),
        "school_code": school_code(
            "The state's code; missing where nothing is enough to tell it. Of two rows of a year "
            "that print one code, half-day and full-day, the one whose count agrees has it.",
            nullable=True,
        ),
        "rule": one_of(
            "Rule",
            "code: the printed code, in the state's form (064-25 is 0642511), names a school of "
            "the state's count of that year (of any year, for the years before its first); place "
            "and count: it does not, and one school within 250 meters has as many students.",
            MAGNET_RULES,
            nullable=True,
        ),
        "students_apart": _students_apart(),
        "meters_apart": _meters_apart(),
        "doubtful": flag(
            "Doubtful",
            "A code whose count is more than 2 students and 1 percent from the state's, or has "
            "none to compare with (all rows before 2007), or that is not the printed one.",
        ),
        "students": whole("Students", "Total as printed.", nullable=True),
        "white": whole("White", "As printed.", nullable=True),
        "minority": whole(
            "Minority", "Neither white nor of several races, as printed.", nullable=True
        ),
        "multiracial": whole(
            "Several races",
            "As printed; missing where the file prints two stars, which stand for not counted "
            "apart: the other two then add up to the total.",
            nullable=True,
        ),
        "longitude": _longitude(),
        "latitude": _latitude(),
    },
    key=("school_year", "school"),
    sources=("magnet-enrollment-since-1990", *DIRECTORY_FILES, *GRADE_FILES),
    computed=True,
    references=(_OF_A_SCHOOL,),
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

OPEN_CHOICE = TableSpec(
    name="open_choice",
    title="Open Choice seats by district",
    description=(
        "Seats that the state asked districts of the region to offer to students of Hartford for "
        "2014-15, those they offered, and how many already attended, as compiled for a news "
        "story. The row of Hartford is the other way round: students of other towns in Hartford. "
        "The printed shortage is seats offered less seats requested and is left out. Some counts "
        "of students look too small to be right (Bristol and Simsbury 1, Rocky Hill and Windsor "
        "2); the page prints them so. A district's code is that of the printed name with School "
        "District after it (Region 10: Regional School District 10), found exactly in districts."
    ),
    columns={
        "school_year": school_year("Year of the seats."),
        "district_code": district_code(),
        "students": whole(
            "Students", "Students who attend under the program, when the table was compiled."
        ),
        "seats_requested": whole(
            "Seats requested",
            "More seats that the state asked for; missing where it is not printed.",
            unit="seats",
            nullable=True,
        ),
        "seats_offered": whole(
            "Seats offered", "More seats that the district declared.", unit="seats"
        ),
    },
    key=("school_year", "district_code"),
    sources=("open-choice-2014-15",),
    references=(Reference(("district_code",), "districts"),),
)

TABLES = (MAGNET_ENROLLMENT, SHEFF_SCHOOLS, SHEFF_PROGRESS, OPEN_CHOICE)

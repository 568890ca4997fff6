"""The tables of how many students there are, by district and by school, as the state prints it."""

from dme.tables.columns import (
    GRADES,
    district_code,
    one_of,
    school_code,
    school_year,
    text,
    whole,
)
from dme.tables.spec import Reference, TableSpec
from dme.text import school_year as year_of

YEARS = tuple(year_of(start) for start in range(2007, 2017))
LATER_YEARS = tuple(year_of(start) for start in range(2017, 2021))
# The last year whose totals are known by district, from the file by race alone.
YEAR_BY_RACE = year_of(2021)

DISTRICT_FILES = (
    *(f"edsight-district-totals-{year}" for year in YEARS),
    *(f"edsight-district-totals-later-{year}" for year in LATER_YEARS),
    f"edsight-district-race-later-{YEAR_BY_RACE}",
)
SCHOOL_FILES = tuple(f"edsight-school-totals-{year}" for year in YEARS)
GRADE_FILES = tuple(f"edsight-school-grades-{year}" for year in YEARS)

_OF_A_DISTRICT = Reference(("district_code",), "districts")

DISTRICTS = TableSpec(
    name="districts",
    title="Districts of Connecticut",
    description=(
        "Every district, charter and state agency that EdSight's yearly enrollment files list "
        "from 2007-08 to 2021-22, and the state as a whole, whose row is no district: leave out "
        "the level state before counting, adding up or comparing districts. The name is the "
        "latest that a district has in the files to 2016-17, which are those that list schools; "
        "of a district that is newer, the latest it has at all. Five changed their name later. "
        "A charter may change its code: Elm City College Preparatory School is 2810013 to "
        "2008-09 and 2890013 since."
    ),
    columns={
        "district_code": district_code("The state's code of the district; 0000000 is the state."),
        "district": text("District", "Latest name in EdSight's yearly files to 2016-17."),
        "level": one_of(
            "Level",
            "district: a district, charter or state agency; state: Connecticut as a whole.",
            ("district", "state"),
        ),
    },
    key=("district_code",),
    sources=DISTRICT_FILES,
)

DISTRICT_ENROLLMENT = TableSpec(
    name="district_enrollment",
    title="Enrollment by district",
    description=(
        "Students counted on 1 October, district by district and in the state. The edition "
        "annual is what EdSight's yearly files printed at the time (2007-08 to 2021-22, every "
        "district; 2021-22 is the total of the file by race); the edition revised is what "
        "EdSight printed later (2007-08 to 2025-26, Hartford, nine urban districts, the Capitol "
        "Region Education Council and the state), typed from paged text. The two differ by a "
        "student or two in a district and by up to six in the state. The state's printed total "
        "stands under the code 0000000: leave it out of any sum. The districts add up to it in "
        "every year in which none of them is suppressed. A district's count includes students "
        "who attend no school of its own, so it is larger than the sum of its schools. A "
        "suppressed count is missing."
    ),
    columns={
        "school_year": school_year(),
        "district_code": district_code("The state's code of the district; 0000000 is the state."),
        "edition": one_of(
            "Edition",
            "annual: EdSight's yearly file; revised: EdSight's later figure, typed.",
            ("annual", "revised"),
        ),
        "students": whole(
            "Students", "Students on 1 October; missing where suppressed.", nullable=True
        ),
    },
    key=("school_year", "district_code", "edition"),
    sources=(*DISTRICT_FILES, "edsight-district-enrollment-revised"),
    references=(_OF_A_DISTRICT,),
    typed_editions=("revised",),
)

SCHOOLS = TableSpec(
    name="schools",
    title="Schools of Connecticut",
    description=(
        "Every school, program and office that any table here names by its state code, with its "
        "latest district and name. The code is the one key that joins the tables; a school "
        "keeps it when its name changes, so names join nothing."
    ),
    columns={
        "school_code": school_code(),
        "district_code": district_code("Latest district of the school."),
        "school": text("School", "Latest name."),
        "first_year": school_year("First school year in which a table names it."),
        "last_year": school_year("Last school year in which a table names it."),
    },
    key=("school_code",),
    # Filled in by dme.tables.schemas: those of every table that refers to this one.
    sources=(),
    computed=True,
    references=(_OF_A_DISTRICT,),
)

SCHOOL_ENROLLMENT = TableSpec(
    name="school_enrollment",
    title="Enrollment by school",
    description=(
        "Students counted on 1 October in every school of Connecticut, 2007-08 to 2016-17. "
        "EdSight lists small programs inside a host school as rows of their own; which rows "
        "count as a school is left to the study. The totals agree with EdSight's separate file "
        "of totals for the same year, school by school. A suppressed total is missing."
    ),
    columns={
        "school_year": school_year(),
        "district_code": district_code(),
        "school_code": school_code(),
        "school": text("School", "Name in that year's file."),
        "students": whole(
            "Students", "The total as printed; missing where suppressed.", nullable=True
        ),
        "grades_suppressed": whole(
            "Grades suppressed", "Grades whose count is suppressed.", unit="grades", high=14
        ),
    },
    key=("school_year", "school_code"),
    sources=(*GRADE_FILES, *SCHOOL_FILES),
    references=(_OF_A_DISTRICT, Reference(("school_code",), "schools")),
)

SCHOOL_GRADES = TableSpec(
    name="school_enrollment_by_grade",
    title="Enrollment by school and grade",
    description=(
        "Students counted on 1 October by school and grade, 2007-08 to 2016-17. A grade that "
        "EdSight prints as 0 has no row; a suppressed grade has a row whose count is missing."
    ),
    columns={
        "school_year": school_year(),
        "school_code": school_code(),
        "grade": one_of("Grade", "PK, K or 1 to 12.", GRADES, unit="grade"),
        "students": whole(
            "Students", "Students in the grade; missing where suppressed.", low=1, nullable=True
        ),
    },
    key=("school_year", "school_code", "grade"),
    sources=GRADE_FILES,
    references=(Reference(("school_year", "school_code"), "school_enrollment"),),
)

TABLES = (DISTRICTS, SCHOOLS, DISTRICT_ENROLLMENT, SCHOOL_ENROLLMENT, SCHOOL_GRADES)

"""The tables of how many students there are, by district and by school, as the state prints it."""

from dme.tables.columns import GRADES, one_of, school_year, state_code, text, whole
from dme.tables.spec import Reference, TableSpec
from dme.text import school_year as year_of

YEARS = tuple(year_of(start) for start in range(2007, 2017))

DISTRICT_FILES = tuple(f"edsight-district-totals-{year}" for year in YEARS)
SCHOOL_FILES = tuple(f"edsight-school-totals-{year}" for year in YEARS)
GRADE_FILES = tuple(f"edsight-school-grades-{year}" for year in YEARS)

_DISTRICT = state_code("District code", "The state's code of the district.")
_SCHOOL = state_code("School code", "The state's code of the school.")
_OF_A_DISTRICT = Reference(("district_code",), "districts")

DISTRICTS = TableSpec(
    name="districts",
    title="Districts of Connecticut",
    description=(
        "Every district, charter and state agency that EdSight's yearly enrollment files list "
        "from 2007-08 to 2016-17, with the latest name it has there."
    ),
    columns={
        "district_code": _DISTRICT,
        "district": text("District", "Latest name in EdSight's yearly files."),
    },
    key=("district_code",),
    sources=DISTRICT_FILES,
)

DISTRICT_ENROLLMENT = TableSpec(
    name="district_enrollment",
    title="Enrollment by district",
    description=(
        "Students counted on 1 October, district by district. The edition annual is what "
        "EdSight's yearly files printed at the time (2007-08 to 2016-17, every district); the "
        "edition revised is what EdSight printed later (2007-08 to 2025-26, Hartford, nine "
        "urban districts and the Capitol Region Education Council), typed from paged text. The "
        "two differ by a student or two. The state's total is left out: it is no district. "
        "A district's count includes students who attend no school of its own, so it is larger "
        "than the sum of its schools. A suppressed count is missing."
    ),
    columns={
        "school_year": school_year(),
        "district_code": _DISTRICT,
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
        "district_code": _DISTRICT,
        "school_code": _SCHOOL,
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
    references=(_OF_A_DISTRICT,),
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
        "school_code": _SCHOOL,
        "grade": one_of("Grade", "PK, K or 1 to 12.", GRADES, unit="grade"),
        "students": whole(
            "Students", "Students in the grade; missing where suppressed.", low=1, nullable=True
        ),
    },
    key=("school_year", "school_code", "grade"),
    sources=GRADE_FILES,
    references=(Reference(("school_year", "school_code"), "school_enrollment"),),
)

TABLES = (DISTRICTS, DISTRICT_ENROLLMENT, SCHOOL_ENROLLMENT, SCHOOL_GRADES)

"""The tables of what a school spends on each pupil."""

from dme.tables.columns import (
    GRADES,
    district_code,
    one_of,
    real,
    school_code,
    school_year,
    text,
    whole,
)
from dme.tables.spec import Reference, TableSpec
from dme.text import school_year as year_of

FUNCTIONS = (
    "instruction",
    "support_services_students",
    "improvement_of_instruction",
    "library_media",
    "support_services_instruction",
    "school_administration",
    "plant_operation",
    "transport_other",
    "enterprise_operations",
    "minor_construction",
)
LATER_YEARS = tuple(year_of(start) for start in range(2019, 2025))
# Each source with the school year it is of.
SPENDING_FILES = {
    "edsight-school-spending-2017-18": "2017-18",
    "edsight-school-spending-2018-19-peers": "2018-19",
    "edsight-school-spending-2018-19-hartford": "2018-19",
    **{f"edsight-school-spending-{year}-hartford": year for year in LATER_YEARS},
}

# Two printed transport figures are below zero: -1 and -5.
LEAST_DOLLARS = -5

SPENDING_SCHOOLS = TableSpec(
    name="spending_schools",
    title="Spending per pupil by school",
    description=(
        "Per-pupil spending of each school of Hartford, 2017-18 to 2024-25, and of nine urban "
        "districts, 2017-18 and 2018-19, with its grades, enrollment and share of students with "
        "high needs, in dollars of the year. The report leaves out special programs and students "
        "placed elsewhere. In 2017-18 Hartford charged most plant operation to the district and "
        "in 2018-19 to its schools, so totals of the two years compare only without it. Two "
        "Bridgeport high schools print the same enrollment and need in 2017-18, as in the "
        "source. Names are those of the report, which gives a school the name that it had later. "
        "Kinsella's high school is part of its school to 2021-22 and has a row of its own from "
        "2022-23."
    ),
    columns={
        "school_year": school_year(),
        "district_code": district_code(),
        "school_code": school_code(),
        "school": text("School", "Name in the report."),
        "low_grade": one_of("Lowest grade", "PK, K or 1 to 12.", GRADES, unit="grade"),
        "high_grade": one_of("Highest grade", "PK, K or 1 to 12.", GRADES, unit="grade"),
        "students": whole("Students", "Enrollment as printed.", low=1, nullable=True),
        "percent_high_needs": real(
            "High needs",
            "Students with high needs; missing where the report prints none.",
            "percent",
            low=0,
            high=100,
            nullable=True,
        ),
        "dollars_per_pupil": whole(
            "Spending per pupil", "The printed total.", "dollars a pupil", nullable=True
        ),
    },
    key=("school_year", "school_code"),
    sources=tuple(SPENDING_FILES),
    references=(
        Reference(("district_code",), "districts"),
        Reference(("school_code",), "schools"),
    ),
)

SPENDING_BY_FUNCTION = TableSpec(
    name="spending_by_function",
    title="Spending per pupil by school and function",
    description=(
        "The parts of each school's spending per pupil. The ten functions add up to the printed "
        "total within 3 dollars. Some districts spread a function evenly over all pupils "
        "(Waterbury's plant operation, New Haven's construction), which dampens differences "
        "between their schools. Two printed figures are below zero, both of transport: -1 and "
        "-5. From 2019-20 the report prints N/A for minor construction, which is missing here; "
        "the total is then that of the other nine."
    ),
    columns={
        "school_year": school_year(),
        "school_code": school_code(),
        "function": one_of("Function", "What the money is spent on.", FUNCTIONS),
        "dollars_per_pupil": whole(
            "Spending per pupil",
            "Dollars a pupil as printed; missing where the report prints N/A.",
            "dollars a pupil",
            low=LEAST_DOLLARS,
            nullable=True,
        ),
    },
    key=("school_year", "school_code", "function"),
    sources=tuple(SPENDING_FILES),
    references=(Reference(("school_year", "school_code"), "spending_schools"),),
)

TABLES = (SPENDING_SCHOOLS, SPENDING_BY_FUNCTION)

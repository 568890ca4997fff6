"""The tables of what a school spends on each pupil."""

from dme.tables.columns import GRADES, one_of, real, school_year, state_code, text, whole
from dme.tables.spec import Reference, TableSpec

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
SPENDING_FILES = (
    "edsight-school-spending-2017-18",
    "edsight-school-spending-2018-19-peers",
    "edsight-school-spending-2018-19-hartford",
)

# EdSight rounds each function by itself: one printed transport figure is -1.
_LEAST_DOLLARS = -3

_SCHOOL = state_code("School code", "The state's code of the school.")

SPENDING_SCHOOLS = TableSpec(
    name="spending_schools",
    title="Spending per pupil by school",
    description=(
        "Per-pupil spending of each school of Hartford and nine urban districts, 2017-18 and "
        "2018-19, with its grades, enrollment and share of students with high needs. The report "
        "leaves out special programs and students placed elsewhere. In 2017-18 Hartford charged "
        "most plant operation to the district and in 2018-19 to its schools, so totals of the "
        "two years compare only without it. Two Bridgeport high schools print the same "
        "enrollment and need in 2017-18, as in the source. Names are those of the report."
    ),
    columns={
        "school_year": school_year(),
        "district_code": state_code("District code", "The state's code of the district."),
        "school_code": _SCHOOL,
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
    sources=SPENDING_FILES,
    references=(Reference(("district_code",), "districts"),),
)

SPENDING_BY_FUNCTION = TableSpec(
    name="spending_by_function",
    title="Spending per pupil by school and function",
    description=(
        "The parts of each school's spending per pupil. The ten functions add up to the printed "
        "total within 3 dollars. Some districts spread a function evenly over all pupils "
        "(Waterbury's plant operation, New Haven's construction), which dampens differences "
        "between their schools. One printed figure is -1, from the publisher's rounding."
    ),
    columns={
        "school_year": school_year(),
        "school_code": _SCHOOL,
        "function": one_of("Function", "What the money is spent on.", FUNCTIONS),
        "dollars_per_pupil": whole(
            "Spending per pupil",
            "Dollars a pupil as printed; missing where the report prints N/A.",
            "dollars a pupil",
            low=_LEAST_DOLLARS,
            nullable=True,
        ),
    },
    key=("school_year", "school_code", "function"),
    sources=SPENDING_FILES,
    references=(Reference(("school_year", "school_code"), "spending_schools"),),
)

TABLES = (SPENDING_SCHOOLS, SPENDING_BY_FUNCTION)

"""The tables that only federal files make, and what they say otherwise of the state's tables."""

from collections.abc import Mapping
from dataclasses import dataclass

from dme.tables.columns import (
    Column,
    district_code,
    flag,
    nces_id,
    real,
    school_code,
    school_year,
    text,
    whole,
)
from dme.tables.spec import Reference, TableSpec

LEAID = "The federal code of the district (LEAID, seven digits)."
NCESSCH = "The federal code of the school (NCESSCH, twelve digits)."

_DISTRICT = Reference(("district_code",), "districts")
_SCHOOL = Reference(("school_code",), "schools")
_PARTS = {
    "personnel": "Salaries of all personnel at the school.",
    "teachers": "Salaries of teachers, part of personnel.",
    "aides": "Salaries of instructional aides, part of personnel.",
    "support": "Salaries of support services staff, part of personnel.",
    "administration": "Salaries of school administration staff, part of personnel.",
    "non_personnel": "What is spent on other things than personnel.",
}
_FUNDS = {
    "state_local": "State and local funds.",
    "all_funds": "Federal, state and local funds together.",
}
_FINANCES = {
    "revenue": ("Revenue", "All sources."),
    "revenue_federal": ("Federal revenue", "From or through the federal government."),
    "revenue_state": ("State revenue", "From the state."),
    "revenue_local": ("Local revenue", "Local sources, a parent government's payments too."),
    "spending": ("Spending", "All expenditures, capital outlay and payments to others too."),
    "current_spending": ("Current spending", "Elementary and secondary current spending."),
    "instruction": ("Instruction", "Part of current spending."),
    "support_services": ("Support services", "Part of current spending; its parts follow."),
    "pupil_support": ("Pupil support", "Part of support services."),
    "staff_support": ("Instructional staff support", "Part of support services."),
    "general_administration": ("General administration", "Part of support services."),
    "school_administration": ("School administration", "Part of support services."),
    "plant_operation": ("Operation of plant", "Operation and maintenance; of support services."),
    "transportation": ("Student transportation", "Part of support services."),
    "other_support": ("Other support", "Business, central and other; of support services."),
    "other_current": ("Other current spending", "Food services, enterprises and others."),
    "food_services": ("Food services", "Part of other current spending."),
    "non_elementary_secondary": ("Other programs", "Community services, adult education, ..."),
    "capital_outlay": ("Capital outlay", "Construction, land, equipment."),
}


def _dollars(part: str, fund: str) -> Column:
    title = part.replace("_", " ").capitalize()
    told = f"{_PARTS[part]} {_FUNDS[fund]} Missing where the file has a reserve code."
    return real(title, told, "dollars a year", low=0, nullable=True)


SCHOOL_SPENDING = TableSpec(
    name="federal_school_spending",
    title="Spending by school in the Civil Rights Data Collection",
    description=(
        "Dollars that each school spent in a year, as districts told the Office for Civil Rights: "
        "personnel and other things, from state and local funds and from all funds. What is "
        "spent centrally is left out, and so are benefits of personnel where a district did not "
        "count them. All funds hold state and local funds, yet some districts told only the "
        "federal part there, so that it is the smaller of the two: such lines stand as told. "
        "Zeros stand as told, too. An amount that is missing has a reserve code in the file "
        "(skipped, not applicable, suppressed, ...), which reserve_codes tells."
    ),
    columns={
        "school_year": school_year(),
        "district_code": district_code(LEAID),
        "school_code": school_code(NCESSCH),
        **{f"{part}_{fund}": _dollars(part, fund) for fund in _FUNDS for part in _PARTS},
        "teachers_fte": real(
            "Teachers",
            "Full-time equivalents paid from state and local funds.",
            "full-time equivalents",
            low=0,
            nullable=True,
        ),
        "reserve_codes": text(
            "Reserve codes",
            "The negative codes of the line, such as -9; missing where every amount is told.",
            unit="code",
            pattern=r"^-\d+( -\d+)*$",
            nullable=True,
        ),
    },
    key=("school_year", "school_code"),
    sources=(),
    references=(_DISTRICT, _SCHOOL),
)

SCHOOL_PLACES = TableSpec(
    name="federal_school_places",
    title="Places of schools in the federal geocodes",
    description=(
        "Longitude, latitude and locale of each public school and year in the EDGE geocodes of "
        "the National Center for Education Statistics. A place is that of the street address; "
        "it may lag behind a move. Schools may stand here that have no students in another "
        "table. A coordinate of 0 is missing."
    ),
    columns={
        "school_year": school_year(),
        "nces_id": nces_id(),
        "longitude": real("Longitude", "WGS 84.", "degrees", low=-180, high=180, nullable=True),
        "latitude": real("Latitude", "WGS 84.", "degrees", low=-90, high=90, nullable=True),
        "locale": text(
            "Locale",
            "11 to 13 city (large, midsize, small), 21 to 23 suburb (the same), 31 to 33 town "
            "(fringe, distant, remote), 41 to 43 rural (the same).",
            unit="code",
            pattern=r"^[1-4][1-3]$",
            nullable=True,
        ),
    },
    key=("school_year", "nces_id"),
    sources=(),
)

DISTRICT_FINANCE = TableSpec(
    name="federal_district_finance",
    title="Finances of districts in the federal survey (F-33)",
    description=(
        "Revenue by source and spending by function of each district and fiscal year in the "
        "School District Finance Survey, in dollars; the school year is the one that ends in the "
        "fiscal year. Functions follow the federal definitions, which are not those of a "
        "state's own reports. Charter schools that are districts of their own, regional "
        "centers and state agencies are among the rows. Support services that a state does not "
        "break down, debt and assets are left out, so parts of support services can add up to "
        "less than the whole. An amount is missing where the survey has a mark: missing (-1), "
        "not applicable (-2), or taken out because of its quality (-3, -9)."
    ),
    columns={
        "school_year": school_year("School year that ends in the fiscal year."),
        "district_code": district_code(LEAID),
        "students": whole("Students", "Fall membership in the survey (V33).", nullable=True),
        **{
            name: whole(title, told, "dollars a year", nullable=True)
            for name, (title, told) in _FINANCES.items()
        },
    },
    key=("school_year", "district_code"),
    sources=(),
    references=(_DISTRICT,),
)

SCHOOL_STAFF = TableSpec(
    name="federal_school_staff",
    title="Teachers by school in the Common Core of Data",
    description=(
        "Teachers of each school and year, in full-time equivalents. Other staff are told by "
        "district only, in federal_district_staff. A missing count was not told."
    ),
    columns={
        "school_year": school_year(),
        "district_code": district_code(LEAID),
        "school_code": school_code(NCESSCH),
        "teachers_fte": real(
            "Teachers",
            "Full-time equivalents; missing where blank.",
            "full-time equivalents",
            low=0,
            nullable=True,
        ),
    },
    key=("school_year", "school_code"),
    sources=(),
    references=(_DISTRICT, _SCHOOL),
)

DISTRICT_STAFF = TableSpec(
    name="federal_district_staff",
    title="Staff by district in the Common Core of Data",
    description=(
        "Staff of each district and year by kind, in full-time equivalents. Kinds that the "
        "federal office added up from others (derived) and the total (All) are among the rows, "
        "so the rows of a district don't add up. A missing count was not told."
    ),
    columns={
        "school_year": school_year(),
        "district_code": district_code(LEAID),
        "staff": text("Staff", "Kind of staff as printed, or All.", unit="category"),
        "derived": flag("Derived", "Whether it is the sum of other kinds."),
        "staff_fte": real(
            "Staff",
            "Full-time equivalents; missing where blank.",
            "full-time equivalents",
            low=0,
            nullable=True,
        ),
    },
    key=("school_year", "district_code", "staff", "derived"),
    sources=(),
    references=(_DISTRICT,),
)

TABLES = (SCHOOL_SPENDING, SCHOOL_PLACES, DISTRICT_FINANCE, SCHOOL_STAFF, DISTRICT_STAFF)


@dataclass(frozen=True)
class Told:
    """What a table of the state's form is where federal files made it.

    Attributes
    ----------
    title, description : str
        In place of the state's.
    computed : bool
        Whether it is worked out here.
    columns : mapping of str to str
        Descriptions of columns that differ.
    """

    title: str
    description: str
    computed: bool
    columns: Mapping[str, str]


_NAME = {"school": "Name in that year's file."}
_NO_ADULTS = "Grade 13, ungraded students, adult education and grades not specified are left out"

TOLD: Mapping[str, Told] = {
    "districts": Told(
        "Districts in the federal files",
        "Every district, charter agency, regional center and state agency that a federal file "
        "of the folder names, with its latest name. A district that no file names in words has "
        "its code for a name.",
        False,
        {"district": "Latest name in the federal files."},
    ),
    "schools": Told(
        "Schools in the federal files",
        "Every school that a table here names by its federal code, with its latest district and "
        "name. A school that moves to another district gets another code.",
        True,
        {},
    ),
    "district_enrollment": Told(
        "Enrollment by district in the Common Core of Data",
        "Students counted around 1 October: the agency file's total where the folder holds "
        "that year's file, else the sum over the district's schools, which leaves out students "
        "who attend no school of the district's. Such a sum is missing where the count of one "
        "of its schools is. Adult education is counted. The edition is called annual.",
        True,
        {"edition": "annual: the only one that federal files have.", "students": "Students."},
    ),
    "school_enrollment": Told(
        "Enrollment by school in the Common Core of Data",
        "Students counted around 1 October: the education unit total of each school, which holds "
        "ungraded students and adult education too. A missing count was not told, was "
        "suppressed, or has nothing to count (a school that is closed or not yet open).",
        False,
        {
            **_NAME,
            "students": "The education unit total as printed; missing where it is blank.",
            "grades_suppressed": "Grades from PK to 12 whose count is not told.",
        },
    ),
    "school_enrollment_by_grade": Told(
        "Enrollment by school and grade in the Common Core of Data",
        f"Students by grade. {_NO_ADULTS}, so the grades of a school may add up to less than its "
        "total. A grade without students has no row; one whose count is not told has a row "
        "whose count is missing.",
        False,
        {"students": "Students in the grade; missing where the count is not told."},
    ),
    "spending_schools": Told(
        "Spending per pupil by school, from the Civil Rights Data Collection",
        "Salaries of all personnel and other spending at the school from federal, state and "
        "local funds, over the school's students of the same year (in 2015-16 those of the "
        "collection itself, in 2017-18 those of the Common Core of Data), rounded to the dollar. "
        "It is missing where an amount or the students are missing, where all amounts are "
        "0, or where all funds are told to be less than state and local funds alone. What is "
        "spent centrally is left out, so it compares within a district and not between them. "
        "The share of high needs is always missing: no federal file here tells it. A school "
        "that teaches none of PK to 12 is left out.",
        True,
        {
            "school": "Name in the collection.",
            "students": "Students of the same year.",
            "percent_high_needs": "Always missing here.",
            "dollars_per_pupil": "Worked out as the table's description says.",
        },
    ),
}
"""The state's tables that federal files can make, by name."""

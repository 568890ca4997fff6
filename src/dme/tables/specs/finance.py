"""The tables of what districts spend and where their money comes from."""

from dme.tables.columns import (
    Column,
    district_code,
    one_of,
    real,
    school_year,
    whole,
)
from dme.tables.spec import Reference, TableSpec
from dme.tables.specs.enrollment import DISTRICT_FILES
from dme.text import school_year as year_of

YEARS = tuple(year_of(start) for start in range(2005, 2015))
SELECTED_YEAR = "2016-17"
# The last school year for which the archived report gives a district's total.
LAST_ARCHIVED = "2016-17"

FUNCTIONS = {
    "instructional_staff": "Instructional staff and services",
    "instructional_supplies": "Instructional supplies and equipment",
    "instruction_and_media": "Improvement of instruction and educational media services",
    "student_support": "Student support services",
    "administration": "Administration and support services",
    "plant": "Operation and maintenance of plant",
    "transportation": "Transportation of students",
    "tuition": "Students whom the district sends elsewhere and pays for (tuitioned out)",
    "other": "Everything else",
    "total": "All functions",
}
# Nothing is printed per pupil for students tuitioned out.
PER_PUPIL = {f"{name}_per_pupil": name for name in FUNCTIONS if name != "tuition"}

# Charter schools that no enrollment file lists under these exact names, or at all.
UNLISTED = (
    "Cross Cultural Academy District",
    "Highville Mustard Seed Charter School District",
    "New Beginnings Inc., Family Academy District",
)
CODE_FROM = ("same year", "other year", "state")

SPENT_FILES = tuple(f"edsight-district-expenditures-{year}" for year in YEARS)
STATE_SPENT_FILES = tuple(f"edsight-state-expenditures-{year}" for year in YEARS)
PER_PUPIL_FILES = tuple(f"edsight-district-per-pupil-{year}" for year in YEARS)
STATE_PER_PUPIL_FILES = tuple(f"edsight-state-per-pupil-{year}" for year in YEARS)
SELECTED_FUNCTIONS = "edsight-district-per-pupil-2016-17-selected"
SELECTED_TOTALS = "edsight-district-spending-selected"
HARTFORD_TOTALS = "edsight-hartford-spending-and-prices"

_OF_A_DISTRICT = Reference(("district_code",), "districts")
_NO_HARTFORD = "Hartford has no figures for 2014-15. "
_NOR_IN_STATE = (
    "The state's dollars of that year are without Hartford's too, and its dollars per pupil of "
    "2014-15 (and, by less, of 2013-14) don't follow from its dollars: they are of another "
    "edition. "
)
_LEFT_OUT = (
    "Twelve district-years are left out because no enrollment file prints their exact name: New "
    "Beginnings Inc., Family Academy (2005-06 to 2013-14), Highville Mustard Seed (2005-06, "
    "2006-07) and Cross Cultural Academy (2006-07), all charter schools. "
)
_BY_NAME = (
    "The files print names and no codes: a code is that of the exact name in EdSight's "
    "enrollment files, which start in 2007-08. Elm City College Preparatory has two codes; its "
    "name of 2008-09 is found only in later years. "
)


def _code_from() -> Column:
    return one_of(
        "Code from",
        "same year: the enrollment file of that year prints the name; other year: the nearest "
        "year that prints it does; state: the state's own row.",
        CODE_FROM,
    )


def _dollars(title: str, *, low: int = 0) -> Column:
    return whole(title, f"{title}, as printed.", "dollars", low=low, nullable=True)


def _per_pupil(title: str) -> Column:
    told = f"{title}, as printed; see the table's description for whose pupils are counted."
    return whole(f"{title}, per pupil", told, "dollars a pupil", nullable=True)


DISTRICT_SPENDING = TableSpec(
    name="district_spending",
    title="Spending per pupil by district",
    description=(
        "What a district spent per pupil in all, in dollars of the year (2006-07 to 2024-25): "
        "Hartford, nine urban districts and, from 2017-18, the Capitol Region Education "
        "Council. To 2016-17 the figure comes from EdSight's archived report of spending per "
        "pupil, from 2017-18 from its current report by function: the definition may break "
        "between the two, so a change from 2016-17 to 2017-18 is not one of spending alone. "
        "Hartford has no figure for 2014-15 and 2015-16. To 2013-14, and in 2016-17, the "
        "figures equal those of district_spending_by_function."
    ),
    columns={
        "school_year": school_year("School year; fiscal year 2007 is 2006-07."),
        "district_code": district_code(),
        "dollars_per_pupil": whole(
            "Spending per pupil", "The printed total, in dollars of the year.", "dollars a pupil"
        ),
        "report": one_of(
            "Report",
            "archived: spending per pupil, to 2016-17; current: spending by function.",
            ("archived", "current"),
        ),
    },
    key=("school_year", "district_code"),
    sources=(SELECTED_TOTALS, HARTFORD_TOTALS),
    references=(_OF_A_DISTRICT,),
)

CONSUMER_PRICES = TableSpec(
    name="consumer_prices",
    title="Consumer prices",
    description=(
        "The consumer price index for all urban consumers (CPI-U, 1982-84 = 100; FRED's series "
        "CPIAUCSL), to turn dollars of different years into dollars of one. Each figure is the "
        "mean of the calendar year in which the school year ends, not of July to June: the "
        "compilers of the source pair fiscal year 2007 with calendar year 2007. The years "
        "2014-15 and 2015-16 have no row, because the file prints the index beside Hartford's "
        "spending, which those years lack."
    ),
    columns={
        "school_year": school_year("School year that ends in the calendar year of the index."),
        "cpi_u": real("CPI-U", "Mean of the calendar year.", "index", low=100, high=1000),
    },
    key=("school_year",),
    sources=(HARTFORD_TOTALS,),
)

DISTRICT_SPENDING_BY_FUNCTION = TableSpec(
    name="district_spending_by_function",
    title="Spending by district and function",
    description=(
        "What every district of Connecticut and the state (0000000) spent by function, "
        "2005-06 to 2014-15, in all and per pupil; and per pupil alone for 26 urban districts in "
        "2016-17, typed. The dollars add up to their total, and all districts to the state, to "
        "the dollar. The figures per pupil do NOT add up to theirs, by up to 3,500 dollars: "
        "each has a count of pupils of its own, which is not printed. All functions but "
        "transportation divide by one count (Hartford 2010-11: 20,943), transportation by a "
        "larger one (21,869), and the total by one that includes students tuitioned out "
        "(22,933). So shares of spending are to be taken of the dollars. Charter schools print "
        "N/A for students tuitioned out and for transportation per pupil, which do not apply to "
        "them; those cells are missing, while a district's 0 is a 0. "
        f"{_NO_HARTFORD}{_NOR_IN_STATE}{_BY_NAME}{_LEFT_OUT}They are counted in the state's row."
    ),
    columns={
        "school_year": school_year(),
        "district_code": district_code("The state's code of the district; 0000000: the state."),
        **{name: _dollars(title) for name, title in FUNCTIONS.items()},
        **{name: _per_pupil(FUNCTIONS[function]) for name, function in PER_PUPIL.items()},
        "code_from": _code_from(),
    },
    key=("school_year", "district_code"),
    sources=(
        *SPENT_FILES,
        *STATE_SPENT_FILES,
        *PER_PUPIL_FILES,
        *STATE_PER_PUPIL_FILES,
        SELECTED_FUNCTIONS,
        *DISTRICT_FILES,
    ),
    computed=True,
    references=(_OF_A_DISTRICT,),
)

TABLES = (
    DISTRICT_SPENDING,
    CONSUMER_PRICES,
    DISTRICT_SPENDING_BY_FUNCTION,
)

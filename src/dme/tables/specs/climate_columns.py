"""What the tables of attendance and discipline share: years, groups of students, columns."""

from dme.tables.columns import GRADES, Column, district_code, one_of, percent, whole
from dme.text import school_year as year_of


def _years(first: int, last: int) -> tuple[str, ...]:
    """Return the school years that begin from `first` to `last`."""
    return tuple(year_of(start) for start in range(first, last + 1))


# Which years each of EdSight's reports is at hand for.
SCHOOL_ABSENCE_YEARS = _years(2011, 2015)
DISTRICT_ABSENCE_YEARS = _years(2015, 2019)
SCHOOL_SUSPENSION_YEARS = _years(2009, 2015)
DISTRICT_SUSPENSION_YEARS = _years(2009, 2019)
DISTRICT_RACE_YEARS = _years(2015, 2019)

ALL, GRADE, LUNCH, RACE = KINDS = ("all", "grade", "lunch", "race")
UNKNOWN_GRADE = "unknown"
LUNCHES = ("free_lunch", "reduced_lunch", "not_eligible")
RACES = (
    "american_indian",
    "asian",
    "black",
    "hispanic",
    "pacific_islander",
    "two_or_more",
    "white",
)
ATTENDED = GRADES[1:]

# What a suspension count prints in place of a number.
FEW, NONE, NONE_SMALL = MARKS = ("few", "none", "none_small")
# How the district of a row was found.
PRINTED, SAME_YEAR, OTHER_YEAR, BY_FIGURES = CODES_FROM = (
    "printed",
    "same year",
    "other year",
    "figures",
)


def files(series: str, years: tuple[str, ...]) -> tuple[str, ...]:
    """Return the ids of one file a year."""
    return tuple(f"{series}-{year}" for year in years)


PART = whole(
    "Part",
    "1, save where the year's file has several lines for one school: they count up from 1, the "
    "line with the largest printed counts first, else in the order of the file.",
    "line",
    low=1,
)
STATE_OR_DISTRICT = district_code("The state's code of the district; 0000000 is the state.")


def group(groups: tuple[str, ...]) -> Column:
    """Return the column of the groups, told in words as far as they occur."""
    told = {
        "K": "K and 1 to 12: grades",
        UNKNOWN_GRADE: "unknown: the grade is printed as Not Available",
        LUNCHES[0]: "free_lunch, reduced_lunch, not_eligible: by eligibility for free or reduced "
        "price meals",
        RACES[0]: "american_indian to white: by race and ethnicity (american_indian with Alaska "
        "Native, black with African American, hispanic of any race, pacific_islander with Native "
        "Hawaiian)",
    }
    words = [text for first, text in told.items() if first in groups]
    return one_of("Group", f"{'; '.join(['all: every student', *words])}.", groups)


MARK = one_of(
    "Mark",
    "Missing where the count is printed. few: printed as *, 1 to 5 students; in a group also a "
    "larger count, hidden so that a small one can't be worked out. none: printed as N/A, no "
    "student recorded as suspended. none_small: the same in a group of about 20 or fewer, whose "
    "percentage is printed as *.",
    MARKS,
    nullable=True,
)
SUSPENDED = whole(
    "Students suspended",
    "Students suspended, in school or out of it, or expelled at least once in the year, as "
    "printed; missing where mark says why.",
    low=6,
    nullable=True,
)
SUSPENDED_PERCENT = percent(
    "Suspended",
    "Share of the students, as printed; missing where mark says why, or, beside a printed count, "
    "in a group of about 20 or fewer.",
)

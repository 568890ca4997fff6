"""The tables of who the students are, by school and by district, as the state prints it."""

from dme.tables.columns import (
    GRADES,
    Column,
    district_code,
    one_of,
    school_code,
    school_year,
    whole,
)
from dme.tables.spec import Reference, TableSpec
from dme.tables.specs.enrollment import YEARS

KINDS = ("lunch", "ell", "special-education", "race")

_SUPPRESSION = (
    "EdSight suppresses counts below 6, and one more where the total would tell them; a "
    "suppressed count is missing, 0 is nobody. "
)
_LUNCH = (
    "Lunch is eligibility as the district reported it, not need: where a school feeds everyone "
    "free of charge, EdSight may print every student as free. Bridgeport's lunch counts are "
    "unusable from 2012-13 to 2017-18 (nearly everyone free to 2015-16, then about half of them, "
    "and nobody at a reduced price), and Hartford's share of free lunch falls from 97% in 2007-08 "
    "to 70% in 2016-17, by six to eight points in each of 2008-09, 2014-15 and 2016-17. "
)
_RACES = (
    "The races follow the federal categories, which changed with 2010-11: two_or_more and "
    "pacific_islander are missing before it because they did not exist, race_not_reported after "
    "it; those years don't compare by race. "
)


def _students(title: str, who: str) -> Column:
    return whole(title, f"{who}; missing where suppressed.", nullable=True)


_GROUPS = {
    "free_lunch": _students("Free lunch", "Students eligible for free lunch"),
    "reduced_lunch": _students("Reduced-price lunch", "Students eligible for reduced-price lunch"),
    "unsubsidized_lunch": _students("No lunch subsidy", "Students eligible for neither"),
    "english_learners": _students("English learners", "Students who are English learners"),
    "not_english_learners": _students("Not English learners", "Students who are not"),
    "students_with_disabilities": _students("With disabilities", "Students in special education"),
    "students_without_disabilities": _students(
        "Without disabilities", "Students not in special education"
    ),
    "american_indian": _students("American Indian", "American Indians and Alaska Natives"),
    "asian": _students("Asian", "Asians"),
    "black": _students("Black", "Blacks and African Americans, to 2009-10 not Hispanic"),
    "hispanic": _students("Hispanic", "Hispanics and Latinos, since 2010-11 of any race"),
    "pacific_islander": _students(
        "Pacific Islander",
        "Native Hawaiians and other Pacific Islanders, a category since 2010-11",
    ),
    "two_or_more": _students("Two or more races", "Two or more races, a category since 2010-11"),
    "white": _students("White", "Whites, to 2009-10 not Hispanic"),
    "race_not_reported": _students("Race not reported", "Race not reported, printed to 2009-10"),
}


SCHOOL_GROUPS = TableSpec(
    name="school_enrollment_by_group",
    title="Enrollment by school and group of students",
    description=(
        "Students counted on 1 October by eligibility for free or reduced-price lunch, English "
        "learner status, special education and race, every school of Connecticut, 2007-08 to "
        "2016-17: the same schools as in school_enrollment, which holds the totals. "
        + _SUPPRESSION
        + "Each set of groups adds up to the school's total wherever none of it is suppressed, "
        "and to no more elsewhere; all four files of a year print the totals of the year's file "
        "of totals. Small groups are suppressed in most schools, so a mean over the printed "
        "counts alone is too high: bound it by the totals. " + _LUNCH + _RACES.strip()
    ),
    columns={"school_year": school_year(), "school_code": school_code(), **_GROUPS},
    key=("school_year", "school_code"),
    sources=tuple(f"edsight-school-{kind}-{year}" for kind in KINDS for year in YEARS),
    references=(Reference(("school_year", "school_code"), "school_enrollment"),),
)

DISTRICT_GRADES = TableSpec(
    name="district_enrollment_by_grade",
    title="Enrollment by district and grade",
    description=(
        "Students counted on 1 October by district and grade, and in the state (code 0000000: "
        "leave it out of sums), 2007-08 to 2016-17, as EdSight's yearly files printed it. The "
        "grades add up to the total of the edition annual in district_enrollment wherever none "
        "is suppressed. A grade that EdSight prints as 0 has no row; a suppressed grade has a "
        "row whose count is missing."
    ),
    columns={
        "school_year": school_year(),
        "district_code": district_code("The state's code of the district; 0000000 is the state."),
        "grade": one_of("Grade", "PK, K or 1 to 12.", GRADES, unit="grade"),
        "students": whole(
            "Students", "Students in the grade; missing where suppressed.", low=1, nullable=True
        ),
    },
    key=("school_year", "district_code", "grade"),
    sources=tuple(f"edsight-district-grades-{year}" for year in YEARS),
    references=(Reference(("district_code",), "districts"),),
)

TABLES = (SCHOOL_GROUPS, DISTRICT_GRADES)

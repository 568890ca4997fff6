"""The tables of results: tests, growth, graduation and the state's accountability ratings."""

from dme.tables.columns import (
    GRADES,
    district_code,
    one_of,
    school_code,
    school_year,
    whole,
)
from dme.tables.spec import Reference, TableSpec
from dme.tables.specs.performance_columns import (
    HIGH_NEEDS,
    KINDS,
    NEEDS,
    RACES,
    WITHHELD,
    accountability_columns,
    by_need,
    grade_or_all,
    growth_columns,
    subject,
    test_columns,
)
from dme.tables.specs.performance_files import (
    ACCOUNTABILITY_FILE,
    DISTRICT_GROWTH_FILES,
    DISTRICT_TEST_FILES,
    SCHOOL_GROWTH_FILES,
)

_OF_SCHOOL = (Reference(("school_code",), "schools"),)
_OF_DISTRICT = (Reference(("district_code",), "districts"),)
_KEY = ("grade", "subject", "group")

DISTRICT_TESTS = TableSpec(
    name="district_smarter_balanced",
    title="Smarter Balanced results by district",
    description=(
        "Results of the state's tests by district and grade, spring 2015 (2014-15) to spring "
        "2019 (2018-19), and of the state (0000000), all grades together, from 2015-16; no "
        "state file of 2014-15 and none by grade was found. Grade 11 took the test in 2014-15 "
        "only, and all grades together include it in that year. "
        f"{WITHHELD}. The rate of participation and the percentages at each level are left out: "
        "each was checked to be one count here over another. The districts were checked not to "
        "exceed the state; grades add up to all. From "
        "2016-17 the state counts up to 28 students more than the districts print."
    ),
    columns={
        "school_year": school_year(),
        "district_code": district_code("The state's code of the district; 0000000 is the state."),
        "grade": grade_or_all(("3", "4", "5", "6", "7", "8", "11")),
        "subject": subject(),
        **test_columns(),
    },
    key=("school_year", "district_code", "grade", "subject"),
    sources=DISTRICT_TEST_FILES,
    references=_OF_DISTRICT,
)

_GROWTH = (
    "Growth from spring 2015 to spring 2016 of the students matched, who took Smarter Balanced "
    "in both years, by {area}, grade of 2015-16 (4 to 8) and {groups}. The two measures differ: "
    "the growth rate counts students who reached their target, target achieved averages how "
    "much of it they achieved (indicator 2 of the state's accountability system is the "
    f"latter). {HIGH_NEEDS}{WITHHELD}; rates and scores are withheld for fewer than 20 students. "
)

SCHOOL_GROWTH = TableSpec(
    name="school_growth",
    title="Growth on Smarter Balanced by school",
    description=(
        _GROWTH.format(area="school", groups="need or race")
        + "By race there are rows for all grades together only: by grade three in four of them "
        "print no rate. A group that a school lacks has no row. Grades and groups were checked "
        "to add up to all where nothing is withheld."
    ),
    columns={
        "school_year": school_year("School year of the later test."),
        "school_code": school_code("The state's code of the school of the later test."),
        "grade": grade_or_all(("4", "5", "6", "7", "8")),
        "subject": subject(),
        "group_kind": one_of(
            "Kind of group", "What the group is one of; race for all grades together.", KINDS
        ),
        "group": one_of(
            "Group",
            "Whose results these are. Races as the state has them: black is Black or African "
            "American, hispanic Hispanic or Latino of any race.",
            (*NEEDS, *RACES),
        ),
        **growth_columns(),
    },
    key=("school_year", "school_code", "grade", "subject", "group_kind", "group"),
    sources=SCHOOL_GROWTH_FILES,
    references=_OF_SCHOOL,
)

DISTRICT_GROWTH = TableSpec(
    name="district_growth",
    title="Growth on Smarter Balanced by district",
    description=(
        _GROWTH.format(area="district and the state (0000000)", groups="need")
        + "The state counts about 2,100 students (1 percent) more than its districts together, "
        "though only three small districts are withheld, so its rates are no weighted averages "
        "of theirs, if near them. A district counts more students than its schools."
    ),
    columns={
        "school_year": school_year("School year of the later test."),
        "district_code": district_code("The state's code of the district; 0000000 is the state."),
        "grade": grade_or_all(("4", "5", "6", "7", "8")),
        "subject": subject(),
        "group": by_need(),
        **growth_columns(),
    },
    key=("school_year", "district_code", *_KEY),
    sources=DISTRICT_GROWTH_FILES,
    references=_OF_DISTRICT,
)

_RATED = (
    "One year, 2016-17, of the state's accountability system, as typed from its table: the "
    "overall index and some of its twelve indicators, those that were typed. Percentages are "
    "printed as shares of 1 and stand here times 100. The file does not tell "
    "which cohort its graduation rate is of; it is not that of 2014-15. It has one mark, an empty "
    "cell, for what is withheld and what does not apply. Points by indicator are not in it."
)

ACCOUNTABILITY = TableSpec(
    name="school_accountability",
    title="The state's ratings of Hartford's schools",
    description=(
        f"{_RATED} The 45 schools of Hartford that the state rated; programs inside a host "
        "school have none. The typed table carries later names of schools, so only codes join. "
        "Categories 4 and 5 are not by the index alone."
    ),
    columns={
        "school_year": school_year(),
        "school_code": school_code(),
        "low_grade": one_of("Lowest grade", "PK, K or 1 to 12.", GRADES, unit="grade"),
        "high_grade": one_of("Highest grade", "PK, K or 1 to 12.", GRADES, unit="grade"),
        "category": whole(
            "Category", "The state's rating, 1 the best.", "category", low=1, high=5, nullable=True
        ),
        **accountability_columns(),
    },
    key=("school_year", "school_code"),
    sources=(ACCOUNTABILITY_FILE,),
    references=_OF_SCHOOL,
)

DISTRICT_ACCOUNTABILITY = TableSpec(
    name="district_accountability",
    title="The state's ratings of Hartford and of the state",
    description=(
        f"{_RATED} The rows of Hartford's district and of the state (0000000); the state's are "
        "rounded to a tenth of a percent."
    ),
    columns={
        "school_year": school_year(),
        "district_code": district_code("The state's code of the district; 0000000 is the state."),
        **accountability_columns(),
    },
    key=("school_year", "district_code"),
    sources=(ACCOUNTABILITY_FILE,),
    references=_OF_DISTRICT,
)

TABLES = (
    DISTRICT_TESTS,
    SCHOOL_GROWTH,
    DISTRICT_GROWTH,
    ACCOUNTABILITY,
    DISTRICT_ACCOUNTABILITY,
)

"""The tables of results: tests, growth, graduation and the state's accountability ratings."""

from dme.tables.columns import (
    GRADES,
    district_code,
    one_of,
    percent,
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
    count,
    grade_or_all,
    growth_columns,
    levels,
    subject,
    test_columns,
)
from dme.tables.specs.performance_files import (
    ACCOUNTABILITY_FILE,
    DISTRICT_GROWTH_FILES,
    DISTRICT_TEST_FILES,
    GRADUATION,
    GRADUATION_YEARS,
    SAT_FILE,
    SCHOOL_GROWTH_FILES,
    SCHOOL_TEST_FILES,
)

_OF_SCHOOL = (Reference(("school_code",), "schools"),)
_OF_DISTRICT = (Reference(("district_code",), "districts"),)
_KEY = ("grade", "subject", "group")

SCHOOL_TESTS = TableSpec(
    name="school_smarter_balanced",
    title="Smarter Balanced results by school",
    description=(
        "Results of the state's tests in English language arts and mathematics by school, grade "
        "and need, spring 2015 (2014-15) and spring 2016 (2015-16). Grade 11 took the test in "
        "2014-15 only, and all grades together include it in that year: compare the years grade "
        "by grade. Of its students about 82 percent were tested, against 97 percent in grade 8. "
        f"{HIGH_NEEDS}{WITHHELD}. The rate of participation and the percentages at each level are "
        "left out: each was checked to be one count here over another. Grades and groups were "
        "checked to add up to all where nothing is withheld; a district counts more students "
        "than its schools. A school without students of one need has no row of that group."
    ),
    columns={
        "school_year": school_year(),
        "school_code": school_code(),
        "grade": grade_or_all(("3", "4", "5", "6", "7", "8", "11")),
        "subject": subject(),
        "group": by_need(),
        **test_columns(),
    },
    key=("school_year", "school_code", *_KEY),
    sources=SCHOOL_TEST_FILES,
    references=_OF_SCHOOL,
)

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
        "exceed the state, nor a district's schools the district; grades add up to all. From "
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

SAT = TableSpec(
    name="school_sat",
    title="SAT results by school",
    description=(
        "Results of the SAT that grade 11 takes in school, spring 2016, which replaced Smarter "
        "Balanced in that grade. Only students scored are told, not how many should have been "
        f"tested. {WITHHELD}: of about 100 schools in each subject nothing is printed, and at "
        "least 31 of these have more than 50 students in grade 11."
    ),
    columns={
        "school_year": school_year(),
        "school_code": school_code(),
        "subject": subject(),
        "scored": count("Scored", "Students with a scored test"),
        **levels(),
        "level_3_4_percent": percent(
            "Share at levels 3 and 4",
            "Of the students scored, as printed; missing where withheld.",
        ),
        "average_score": whole(
            "Average score",
            "On the SAT's own scale; printed for 20 or more scored.",
            "scale points",
            low=200,
            high=800,
            nullable=True,
        ),
    },
    key=("school_year", "school_code", "subject"),
    sources=(SAT_FILE,),
    references=_OF_SCHOOL,
)

GRADUATION_TABLE = TableSpec(
    name="school_graduation",
    title="Graduation within four years by school",
    description=(
        "Students of each four-year cohort, named by its last year, and how many graduated in "
        "time, all students: 2010-11, 2012-13, 2013-14 and 2014-15 (2011-12 was not found). "
        "EdSight withholds graduates (printed *) in small cohorts, and also in cohorts of "
        "hundreds, where others could be worked out; it is missing then, never zero, and not at "
        "random. Four rates are withheld whose counts are printed."
    ),
    columns={
        "school_year": school_year("School year in which the cohort should graduate."),
        "school_code": school_code(),
        "cohort": count("Cohort", "Students of the four-year cohort"),
        "graduates": count("Graduates", "Students of the cohort who graduated within four years"),
        "graduation_percent": percent(
            "Graduation rate", "Graduates over the cohort, as printed; missing where withheld."
        ),
    },
    key=("school_year", "school_code"),
    sources=tuple(f"{GRADUATION}-{year}" for year in GRADUATION_YEARS),
    references=_OF_SCHOOL,
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
    SCHOOL_TESTS,
    DISTRICT_TESTS,
    SCHOOL_GROWTH,
    DISTRICT_GROWTH,
    SAT,
    GRADUATION_TABLE,
    ACCOUNTABILITY,
    DISTRICT_ACCOUNTABILITY,
)

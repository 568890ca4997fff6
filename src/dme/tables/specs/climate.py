"""The tables of attendance, discipline and bullying, by school and by district."""

from dme.tables.columns import one_of, percent, school_code, school_year, whole
from dme.tables.spec import Reference, TableSpec
from dme.tables.specs.climate_columns import (
    ALL,
    ATTENDED,
    CODES_FROM,
    DISTRICT_ABSENCE_YEARS,
    DISTRICT_RACE_YEARS,
    DISTRICT_SUSPENSION_YEARS,
    GRADE,
    KINDS,
    LUNCHES,
    MARK,
    PART,
    RACE,
    RACES,
    SCHOOL_ABSENCE_YEARS,
    SCHOOL_SUSPENSION_YEARS,
    STATE_OR_DISTRICT,
    SUSPENDED,
    SUSPENDED_PERCENT,
    UNKNOWN_GRADE,
    files,
    group,
)

_SCHOOL_ABSENCE_FILES = tuple(
    file for by in KINDS for file in files(f"edsight-school-absence-{by}", SCHOOL_ABSENCE_YEARS)
)
_DISTRICT_ABSENCE_FILES = tuple(
    file
    for report in ("all", "grade", "state")
    for file in files(f"edsight-district-absence-{report}", DISTRICT_ABSENCE_YEARS)
)
_OF_A_SCHOOL = (Reference(("school_code",), "schools"),)
_OF_A_DISTRICT = (Reference(("district_code",), "districts"),)

_SUSPENDED_MEANS = (
    "Students with at least one suspension, in school or out of it, or expulsion (a bus "
    "suspension does not count)"
)
_NONE_MEANS = (
    "No 0 is ever printed: N/A stands where no student is on record as suspended (mark none). "
    "Read as 0 it makes the groups of every school that has no suppressed count add up to its "
    "total, by race always, by grade in all but ten, which fall short by a few; and a school "
    "with N/A has no suspension and no expulsion among its sanctions. A school that failed to "
    "report looks the same."
)
_SHORT_YEAR = "Schools closed in March 2020, so 2019-20 does not compare with other years."

SCHOOL_ABSENCE = TableSpec(
    name="school_chronic_absenteeism",
    title="Chronic absenteeism by school",
    description=(
        "Share of each school's students who missed at least a tenth of the days they were "
        "enrolled, 2011-12 to 2015-16, for all and by grade, lunch and race. Only percentages "
        "are printed, no counts. A suppressed percentage is missing and its row stays; a group "
        "without a row had no students there in October, but for a handful. Prekindergarten is "
        "not counted. From 2014-15 the files list about 200 more small programs, nearly all "
        "suppressed. Where no group is "
        "suppressed, the school's own percentage lies between those of its groups. In 2015-16 "
        "three detention programs have a line under each of several districts, all suppressed: "
        "part tells these lines apart. The state's rows are in district_chronic_absenteeism. "
        "Bridgeport prints nearly every student as eligible for free lunch from 2013-14 on, so its "
        "lunch groups tell nothing."
    ),
    columns={
        "school_year": school_year(),
        "school_code": school_code(),
        "part": PART,
        "group": group((ALL, *ATTENDED, *LUNCHES, *RACES)),
        "percent": percent("Chronically absent", "As printed; missing where suppressed."),
    },
    key=("school_year", "school_code", "part", "group"),
    sources=_SCHOOL_ABSENCE_FILES,
    references=_OF_A_SCHOOL,
)

DISTRICT_ABSENCE = TableSpec(
    name="district_chronic_absenteeism",
    title="Chronic absenteeism by district",
    description=(
        "Share of the students of each district, and of the state, who missed at least a tenth "
        "of the days they were enrolled: all students 2011-12 to 2019-20, by grade 2015-16 to "
        "2019-20; the state also by grade, lunch and race from 2011-12, from the files by "
        "school, which end in 2015-16. Before 2015-16 the districts' figures are those of the "
        "CT Data Collaborative, which names districts without codes: code_from tells how the "
        "code was found. Every name was found but one, that never has a figure (Charter School "
        "for Young Children on Asylum Hill). Its marks are -9999, EdSight's * "
        "(here missing), and -6666, no row in EdSight's file (here no row either); from 2015-16 "
        "on its figures are EdSight's to the digit. In the file by grade of 2017-18 the state is "
        f"named NOTSET; its counts are in line with the years around it. {_SHORT_YEAR} "
        "A district counts students placed outside its schools: where it has "
        "one school, the two percentages differ by up to 0.6 in 2015-16."
    ),
    columns={
        "school_year": school_year(),
        "district_code": STATE_OR_DISTRICT,
        "group": group((ALL, *ATTENDED, *LUNCHES, *RACES)),
        "students": whole(
            "Students chronically absent",
            "As printed: by grade from 2017-18, for all from 2018-19; missing in earlier years "
            "and where suppressed.",
            nullable=True,
        ),
        "percent": percent(
            "Chronically absent", "As printed; missing where suppressed, also beside a count."
        ),
        "code_from": one_of(
            "Code from",
            "printed: beside the figures; same year: the file prints only a name, which EdSight's "
            "report prints with this code in the same year; other year: in another year only; "
            "figures: under no such name, but the district whose percentages of 2015-16 to "
            "2019-20 are all those printed for the name (on the names that EdSight prints too, "
            "this rule finds the right district for all but four, all of whose percentages are "
            "suppressed, and never a wrong one).",
            CODES_FROM,
        ),
    },
    key=("school_year", "district_code", "group"),
    sources=(
        *_DISTRICT_ABSENCE_FILES,
        *_SCHOOL_ABSENCE_FILES,
        "ctdata-district-absence-2012-2020",
    ),
    computed=True,
    references=_OF_A_DISTRICT,
)

SCHOOL_SUSPENSIONS = TableSpec(
    name="school_suspensions",
    title="Students suspended, by school",
    description=(
        f"{_SUSPENDED_MEANS}, 2009-10 to 2015-16, for all and by grade and race. {_NONE_MEANS} "
        "A student "
        "suspended at two schools counts at both, so schools may add up to more than the "
        "district; it also counts students at no school of its own. Tolland High School "
        "in 2009-10, Lyman Hall High School in 2011-12 and three detention programs in 2015-16 "
        "have a line under more than one district: part tells these lines apart. The files bear "
        "no title and no year: that no school has more suspended students than its district in "
        "the same year is checked, and count over percentage gives the enrollment of that year. "
        "From 2014-15 they list about 200 more small programs, nearly all without a count."
    ),
    columns={
        "school_year": school_year(),
        "school_code": school_code(),
        "part": PART,
        "group": group((ALL, *ATTENDED, UNKNOWN_GRADE, *RACES)),
        "students": SUSPENDED,
        "percent": SUSPENDED_PERCENT,
        "mark": MARK,
    },
    key=("school_year", "school_code", "part", "group"),
    sources=tuple(
        file
        for by in (ALL, GRADE, RACE)
        for file in files(f"edsight-school-suspensions-{by}", SCHOOL_SUSPENSION_YEARS)
    )
    + files("edsight-district-suspensions-all", SCHOOL_SUSPENSION_YEARS),
    references=_OF_A_SCHOOL,
)

DISTRICT_SUSPENSIONS = TableSpec(
    name="district_suspensions",
    title="Students suspended, by district",
    description=(
        f"{_SUSPENDED_MEANS}, by district and for the state, 2009-10 to 2019-20, and by race "
        "(without the state) from 2015-16. "
        "Districts add up to more than the state: a student suspended in two districts counts in "
        f"both. {_SHORT_YEAR} By race the groups add up to the district where none is "
        f"suppressed. {_NONE_MEANS} The percentages are those that the "
        "CT Data Collaborative prints in a file of its own, which is compared and not kept."
    ),
    columns={
        "school_year": school_year(),
        "district_code": STATE_OR_DISTRICT,
        "group": group((ALL, *RACES)),
        "students": SUSPENDED,
        "percent": SUSPENDED_PERCENT,
        "mark": MARK,
    },
    key=("school_year", "district_code", "group"),
    sources=(
        *files("edsight-district-suspensions-all", DISTRICT_SUSPENSION_YEARS),
        *files("edsight-district-suspensions-state", DISTRICT_SUSPENSION_YEARS),
        *files("edsight-district-suspensions-race", DISTRICT_RACE_YEARS),
        "ctdata-district-suspensions-2010-2020",
    ),
    references=_OF_A_DISTRICT,
)


TABLES = (
    SCHOOL_ABSENCE,
    DISTRICT_ABSENCE,
    SCHOOL_SUSPENSIONS,
    DISTRICT_SUSPENSIONS,
)

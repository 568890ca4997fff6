"""What the sections of the teaching notebook assemble, on small made-up tables."""

from dataclasses import replace

import pandas as pd
import pytest

from dme.evidence import teaching
from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured
from dme.evidence.teaching.schools import unsettled
from dme.measures.estimates.bootstrap import Resampling
from dme.measures.estimates.estimate import Estimate
from dme.study import Study
from dme.tables import empty, load

STUDY = Study(district="0000001", peers=("0000002",), resamples=300, small_school=300)
PLACE = Place("Town", pd.Series({"0000001": "Town", "0000002": "Next"}), "EdSight",
              "rows that count", Resampling(resamples=300))  # fmt: skip
K_TO_8 = ["K", *map(str, range(1, 9))]


def rolls(schools, year="2016-17"):
    """Return the tables for schools given as code -> (district, grades, students a grade)."""
    rows, cells = [], []
    for code, (district, grades, each) in schools.items():
        rows.append((year, district, code, f"School {code}", each * len(grades), 0))
        cells += [(year, code, grade, each) for grade in grades]
    enrollment = pd.DataFrame(
        rows,
        columns=[
            "school_year", "district_code", "school_code", "school", "students",
            "grades_suppressed",
        ],
    ).astype({"students": "Int64"})  # fmt: skip
    by_grade = pd.DataFrame(
        cells, columns=["school_year", "school_code", "grade", "students"]
    ).astype({"students": "Int64"})
    return teaching.Rolls(enrollment, by_grade, load("class_size_maxima"))


# Four PK-8 schools with one section a grade, four with two, and a large one of a neighbor.
TOWN = rolls(
    {f"s{n}": ("0000001", K_TO_8, 20) for n in range(4)}
    | {f"l{n}": ("0000001", K_TO_8, 40) for n in range(4)}
    | {"n1": ("0000002", K_TO_8, 60)}
)
STAFF = pd.DataFrame(
    {
        "school_year": "2015-16",
        "school_code": [f"{kind}{n}" for kind in "sl" for n in range(4)],
        "teachers": [9.0, 10.0, 10.5, 11.0, 18.0, 20.0, 22.0, 23.0],
        "special_education_teachers": 1.0,
        "counselors": [1.0] * 8,
        "librarians": [0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0],
        "instructional_specialists": 1.0,
        "administrators": 1.0,
    }
)


@pytest.fixture
def counted():
    return teaching.schools(STUDY, TOWN)


@pytest.fixture
def per_grade(counted):
    return teaching.teachers_per_grade(STUDY, PLACE, counted, STAFF)


def test_the_schools_of_a_study(counted):
    ours = counted.of(STUDY.district)
    assert len(ours) == 8
    assert set(ours["span"]) == {"K-8"}
    assert list(ours["small"]) == [True] * 4 + [False] * 4
    assert len(counted.of(["0000002"])) == 1
    assert "yardstick" in counted.rule
    assert "yardstick" not in teaching.schools(Study(), TOWN).rule


def test_teachers_for_each_grade_by_hand(per_grade):
    found = per_grade.finding
    assert found.estimate.value == pytest.approx((40.5 - 83) / 4 / 9)
    assert per_grade.fewer


def test_the_share_with_two_sections(counted, per_grade):
    found = teaching.sections(STUDY, PLACE, counted, per_grade, TOWN)
    assert found.finding.estimate.value == -100
    assert found.finding.holds == (True, True)
    assert list(found.tiles.columns) == K_TO_8
    assert found.tiles.iloc[0].tolist() == [1] * 9
    assert found.tiles.iloc[-1].tolist() == [2] * 9
    assert found.one_class == (23, 28)
    within = {a.label: a.value for a in found.finding.alternatives}["within grade spans"]
    assert within == pytest.approx(-100)
    # All schools are PK-8, so the table repeats itself in its last rows.
    assert list(found.spans["Schools"]) == [4, 4, 4, 4]


def test_one_criterion_alone_is_not_all(counted, per_grade):
    same = replace(per_grade, every=Estimate(0, -1, 1, ""))
    found = teaching.sections(STUDY, PLACE, counted, same, TOWN)
    assert found.finding.holds == (True, False)


def test_size_alone_makes_no_team_where_grades_are_few(per_grade):
    """Small schools of two grades have teams; large ones of nine have none."""
    mixed = rolls(
        {f"a{n}": ("0000001", ["7", "8"], 60) for n in range(4)}
        | {f"b{n}": ("0000001", K_TO_8, 36 if n else 23) for n in range(4)}
    )
    study = STUDY.model_copy(update={"small_school": 200})
    found = teaching.sections(study, PLACE, teaching.schools(study, mixed), per_grade, mixed)
    assert found.finding.estimate.value > 0
    assert found.finding.holds[0] is False


def test_without_maxima_sections_lack(per_grade):
    blank = teaching.Rolls(TOWN.enrollment, TOWN.by_grade, empty("class_size_maxima"))
    counted = teaching.schools(STUDY, blank)
    found = teaching.sections(STUDY, PLACE, counted, per_grade, blank)
    assert isinstance(found.finding, Lacking)
    assert "no class-size maxima" in found.finding.lacking
    assert isinstance(teaching.specialists(STUDY, PLACE, counted).cost, Lacking)
    zones, directory = empty("school_zones"), empty("school_directory")
    assert isinstance(teaching.conversion(STUDY, PLACE, counted, zones, directory).teams, Lacking)


def test_the_conversion_by_hand(counted):
    small = {f"s{n}" for n in range(4)}
    directory = pd.DataFrame(
        {
            "edition": "2015",
            "school_code": [f"l{n}" for n in range(4)],
            "interdistrict_magnet": "yes",
        }
    )
    found = teaching.conversion(STUDY, PLACE, counted, empty("school_zones"), directory)
    # Two pairs of schools with 20 pupils a grade: 40 in each grade of half as many schools.
    assert found.teams.estimate.value == 100
    assert found.saved.estimate.value == 4 * 9 - 2 * 9 * 2
    assert f"{len(small)} schools" in found.teams.population
    every = {a.label: a.value for a in found.teams.alternatives}
    assert every["magnet schools too"] == pytest.approx(50)
    assert list(found.shares["one"]) == [100, 0]


def test_a_school_alone_in_its_zone_can_not_pair(counted):
    zones = pd.DataFrame(
        {
            "school_code": [f"{kind}{n}" for kind in "sl" for n in range(4)],
            "zone": [f"Zone {n}" for n in range(8)],
        }
    )
    found = teaching.conversion(STUDY, PLACE, counted, zones, empty("school_directory"))
    assert "no two PK-8 schools in one area" in found.teams.lacking
    assert found.picture is None


def test_specialists_by_hand(counted):
    found = teaching.specialists(STUDY, PLACE, counted)
    # Nine sections: one post in each; eighteen: one in art and music, two in PE (1.44).
    expected = 100 * ((3 / 180) / (4 / 360) - 1)
    assert found.cost.estimate.value == pytest.approx(expected)
    assert found.full.estimate.value == pytest.approx(25 * 20)
    assert "0 of 8 schools have enough for art and music, 4 for" in found.full.sentence
    assert found.loads["arts"].tolist() == pytest.approx([36] * 4 + [72] * 4)


def test_services_by_hand(counted):
    found = teaching.services(STUDY, PLACE, counted, STAFF)
    assert found.library.estimate.value == pytest.approx(25 - 100)
    # One counselor for 180 pupils against one for 360.
    assert found.per_pupil.estimate.value == pytest.approx(100)
    shares = found.shares.set_index("kind")
    assert shares.loc["Librarians"].tolist() == [25, 100]


def test_the_district_teachers_by_hand():
    staff = pd.DataFrame(
        {
            "school_year": ["2014-15", "2015-16"],
            "district_code": "0000001",
            "teachers": [90.0, 100.0],
            "special_education_teachers": [None, 20.0],
            "instructional_specialists": [5.0, 5.0],
        }
    )
    found = teaching.teachers(STUDY, PLACE, staff, STAFF, TOWN.enrollment)
    assert found.estimate.value == 120
    others = {a.label: a.value for a in found.alternatives}
    assert others["sum over its schools"] == pytest.approx(STAFF["teachers"].sum() + 8)
    assert "the year before, 2014-15" not in others
    gone = teaching.teachers(
        STUDY.model_copy(update={"staff_year": "2014-15"}), PLACE, staff, STAFF, TOWN.enrollment
    )
    assert isinstance(gone, Lacking)


def test_support_against_peers_by_hand():
    by_district = pd.DataFrame(
        {
            "school_year": "2016-17",
            "district_code": ["0000001", "0000002"],
            "instruction_and_media_per_pupil": pd.array([300, 400], dtype="Int64"),
        }
    )
    spending, by_function = empty("spending_schools"), empty("spending_by_function")
    found = teaching.improvement(STUDY, PLACE, by_district, spending, by_function)
    assert found.finding.estimate.value == pytest.approx(-25)
    assert list(found.districts["district"]) == ["Town", "Next"]
    lone = teaching.improvement(STUDY, PLACE, by_district.iloc[1:], spending, by_function)
    assert isinstance(lone.finding, Lacking)
    assert lone.districts.empty


def test_nothing_at_all_is_said_plainly(counted):
    none = counted.rows.iloc[:0]
    blank = replace(counted, rows=none, cells=counted.cells.iloc[:0])
    staff = empty("school_staff")
    per_grade = teaching.teachers_per_grade(STUDY, PLACE, blank, staff)
    sections = teaching.sections(STUDY, PLACE, blank, per_grade, TOWN)
    tables = (empty("district_spending_by_function"), empty("spending_schools"),
              empty("spending_by_function"))  # fmt: skip
    told = teaching.answer(
        PLACE,
        sections=sections,
        per_grade=per_grade,
        conversion=teaching.conversion(
            STUDY, PLACE, blank, empty("school_zones"), empty("school_directory")
        ),
        specialists=teaching.specialists(STUDY, PLACE, blank),
        support=teaching.improvement(STUDY, PLACE, *tables),
        coaches=teaching.coaches(STUDY, PLACE, empty("district_staff")),
    )
    assert told == "The tables hold too little of Town to answer."
    assert isinstance(teaching.services(STUDY, PLACE, blank, staff).library, Lacking)
    assert isinstance(
        teaching.qualified(
            STUDY, PLACE, empty("school_enrollment"), empty("educator_qualifications")
        ),
        Lacking,
    )


def test_choices_that_leave_zero_open_are_named():
    choices = {
        "one": Estimate(2, -1, 5, ""),
        "two": Estimate(2, 1, 5, ""),
        "three": Estimate(2, None, None, ""),
    }
    assert unsettled(choices) == " With these choices the interval holds zero: one."
    assert unsettled({"two": choices["two"]}) == ""


def test_what_is_not_public_names_its_claim():
    assert (teaching.SURVEY.claim, teaching.CURRICULA.claim) == ("T3", "T4")
    assert isinstance(teaching.SURVEY, Lacking)
    assert not isinstance(teaching.CURRICULA, Measured)


def test_a_school_of_prekindergarten_alone_stands_beside():
    town = rolls(
        {f"s{n}": ("0000001", K_TO_8, 20) for n in range(4)}
        | {f"l{n}": ("0000001", K_TO_8, 40) for n in range(4)}
        | {"p": ("0000001", ["PK"], 110)}
    )
    staff = pd.concat([STAFF, STAFF.iloc[:1].assign(school_code="p", teachers=7.0)])
    counted = teaching.schools(STUDY, town)
    assert list(counted.youngest["school_code"]) == ["p"]
    assert "p" not in set(counted.rows["school_code"])
    found = teaching.teachers_per_grade(STUDY, PLACE, counted, staff).finding
    per_grade = STAFF.set_index("school_code")["teachers"] / len(K_TO_8)
    small, rest = per_grade[["s0", "s1", "s2", "s3"]], per_grade[["l0", "l1", "l2", "l3"]]
    assert found.estimate.value == pytest.approx(small.mean() - rest.mean())
    others = {other.label: other.value for other in found.alternatives}
    with_it = (small.sum() + 7) / 5 - rest.mean()
    assert others["schools of prekindergarten alone too"] == pytest.approx(with_it)

"""Sections and teams from enrollment by grade, against values worked by hand."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dme.measures.plan import redesign
from dme.measures.staff.teams import GRADES, largest_classes
from dme.tables import load

LARGEST = pd.Series({grade: 25.0 for grade in GRADES})


def by_grade(rows):
    return pd.DataFrame(rows, columns=["school_year", "school_code", "grade", "students"])


def told(year="2018-19", students=100, low="K", high="2"):
    row = {"school_year": year, "school_code": "1", "students": students}
    return pd.DataFrame([row | {"low_grade": low, "high_grade": high}])


COUNTS = by_grade([("2016-17", "1", g, n) for g, n in (("2", 20), ("K", 10), ("1", 10), ("3", 40))])
NONE = told().iloc[:0]


def test_counted_grades_come_first():
    found = redesign.grade_counts(COUNTS, told("2016-17"), "1", "2016-17")
    assert found.students == {"K": 10, "1": 10, "2": 20, "3": 40}
    assert list(found.students) == ["K", "1", "2", "3"]
    assert (found.modelled, found.total) == (False, 80)


def test_a_total_is_divided_as_the_grades_were():
    found = redesign.grade_counts(COUNTS, told(), "1", "2018-19")
    # 100 over grades of 10, 10 and 20; the third grade is no longer the school's.
    assert found.students == {"K": 25, "1": 25, "2": 50}
    assert found.modelled
    assert "2016-17" in found.words


def test_a_grade_that_is_new_is_given_the_mean_of_the_others():
    found = redesign.grade_counts(COUNTS, told(low="2", high="4", students=90), "1", "2018-19")
    assert found.students == {"2": 20, "3": 40, "4": 30}


def test_without_a_total_the_last_count_stands():
    found = redesign.grade_counts(COUNTS, NONE, "1", "2018-19")
    assert (found.year, found.modelled) == ("2016-17", False)
    assert "none in 2018-19" in found.words
    assert redesign.grade_counts(COUNTS, NONE, "1", "2010-11").year == "2016-17"
    assert redesign.grade_counts(COUNTS, NONE, "2", "2018-19") is None


def test_rawson_and_king_in_the_year_of_their_design():
    """362 and 182 students, as both the spending report and the federal count print them."""
    grades, spending = load("school_enrollment_by_grade"), load("spending_schools")
    federal = load("nces_enrollment").merge(load("school_crosswalk"), on="nces_id")
    for code, total in (("0641711", 362), ("0641611", 182)):
        found = redesign.grade_counts(grades, spending, code, "2018-19")
        assert found.total == total
        mine = federal[(federal["school_code"] == code) & (federal["school_year"] == "2018-19")]
        assert mine["students"].tolist() == [total]
    assert set(found.students) == {"6", "7", "8"}


@given(
    st.integers(0, 2000),
    st.dictionaries(st.sampled_from(GRADES), st.floats(1, 200), min_size=1),
)
def test_parts_add_up_to_the_whole(total, weights):
    given_out = redesign.shared(total, weights)
    assert sum(given_out.values()) == total
    whole = sum(weights.values())
    for grade, part in given_out.items():
        assert abs(part - total * weights[grade] / whole) < 1


def test_sections_by_hand():
    found = redesign.sections({"K": 26, "1": 25, "2": 51}, LARGEST)
    assert [(s.name, s.students) for s in found] == [
        ("K-A", 13), ("K-B", 13), ("1A", 25), ("2A", 17), ("2B", 17), ("2C", 17),
    ]  # fmt: skip


def test_the_thirtieth_section_has_a_name_of_its_own():
    found = redesign.sections({"9": 25 * 30}, LARGEST)
    assert len({section.name for section in found}) == 30


@given(st.dictionaries(st.sampled_from(GRADES), st.integers(1, 400), min_size=1))
def test_maxima_are_kept_with_no_section_too_many(students):
    largest = largest_classes(load("class_size_maxima"), "contract 2017-2019")
    found = redesign.sections(students, largest)
    for grade, count in students.items():
        own = [s.students for s in found if s.grade == grade]
        assert sum(own) == count
        assert max(own) <= largest[grade]
        assert max(own) - min(own) <= 1
        assert (len(own) - 1) * largest[grade] < count


def names(students):
    return [(t.name, t.kind, len(t.sections)) for t in
            redesign.teams(redesign.sections(students, LARGEST))]  # fmt: skip


def test_a_grade_of_two_is_a_team():
    assert names({"1": 50, "2": 75}) == [("Grade 1", "homeroom", 2), ("Grade 2", "homeroom", 3)]


def test_a_grade_of_one_joins_the_next_and_the_last_the_one_before():
    found = redesign.teams(redesign.sections({"K": 20, "1": 20, "2": 50, "3": 20}, LARGEST))
    assert [(t.name, t.vertical) for t in found] == [("Grades K-1", True), ("Grades 2-3", True)]
    assert [t.name for t in redesign.teams(redesign.sections({"1": 20}, LARGEST))] == ["Grade 1"]


def test_large_grades_are_split_evenly():
    assert names({"1": 25 * 7}) == [("Grade 1, team 1", "homeroom", 4),
                                    ("Grade 1, team 2", "homeroom", 3)]  # fmt: skip
    assert [size for _, _, size in names({"7": 25 * 6})] == [3, 3]


def test_grade_six_has_subject_teams_only_where_a_higher_grade_is():
    assert names({"5": 50, "6": 50})[1] == ("Grade 6", "homeroom", 2)
    assert names({"6": 50, "7": 50})[0] == ("Grade 6", "subject", 2)


def test_teams_never_mix_homeroom_and_subject_grades():
    found = redesign.teams(redesign.sections({"5": 20, "6": 20, "7": 50}, LARGEST))
    assert [t.name for t in found] == ["Grade 5", "Grades 6-7"]


@given(st.dictionaries(st.sampled_from(GRADES), st.integers(1, 400), min_size=1))
def test_every_section_is_in_one_team(students):
    found = redesign.sections(students, LARGEST)
    made = redesign.teams(found)
    assert sorted(s.name for t in made for s in t.sections) == sorted(s.name for s in found)
    assert len({t.name for t in made}) == len(made)
    for team in made:
        limit = 5 if team.kind == "homeroom" else 4
        assert 1 <= len(team.sections) <= limit


def test_the_table_of_teams():
    table = redesign.plan_table(
        redesign.teams(redesign.sections({"1": 51, "6": 60, "7": 60}, LARGEST))
    )
    assert table["teachers"].tolist() == [3, 4, 4]
    assert table["classes"].tolist() == ["17, 17, 17", "20, 20, 20", "20, 20, 20"]


@pytest.mark.parametrize("district", ["0340011", "0930011", "1510011"])
def test_a_district_without_schools_of_its_own_choice(district):
    grades, schools = load("school_enrollment_by_grade"), load("school_enrollment")
    chosen = redesign.default_schools(grades, schools[schools["district_code"] == district])
    held = [list(redesign.counts_of_year(grades, code, "2016-17")) for code in chosen]
    assert "3" in held[0]
    assert "7" not in held[0]
    assert "7" in held[1]
    assert not {"3", "4", "9"} & set(held[1])


def test_a_district_of_one_school_has_that_one():
    grades, schools = load("school_enrollment_by_grade"), load("school_enrollment")
    odyssey = schools[schools["district_code"] == "2630013"]
    chosen = redesign.default_schools(grades, odyssey)
    assert set(chosen) <= set(odyssey["school_code"])
    assert chosen
    assert redesign.default_schools(grades, schools.iloc[:0]) == ()

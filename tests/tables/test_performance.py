"""Results of tests, growth and ratings: the readers, and their figures."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from dme.measures.grades import GRADES
from dme.tables import load
from dme.tables.importers import accountability as ratings
from dme.tables.importers import edsight_growth as later_growth
from dme.tables.importers import edsight_results as results
from dme.tables.importers.edsight_results import Part, check_parts
from dme.tables.refusal import TableError

HARTFORD, STATE = "0640011", "0000000"
MEASURES = (
    '"Total Numberof Students","Total NumberTested","Smarter BalancedParticipationRate",'
    '"Total Number with Scored Tests","Level 1 Not Met  Count","%","Level 2 Approaching  Count",'
    '"%","Level 3 Met  Count","%","Level 4 Exceeded  Count","%",'
    '"Level 3&4 Met or Exceeded Count","%"'
)
LEVELS = (
    '"Level 1Not Met",,"Level 2Approaching",,"Level 3Met",,"Level 4Exceeded",,'
    '"Level 3&4Met or Exceeded",'
)
DISTRICT = '"Hartford School District","=""0640011"""'
TESTS = (
    '"Smarter Balanced Assessments, 2015-16"\r\n'
    '"All Districts, ELA and Math, All Grades, All Students"\r\n\r\n'
    f'"",,,,,,,,{LEVELS},""\r\n'
    f'"District","District Code","Grade","Subject",{MEASURES},"AverageVSS"\r\n'
)
RESULT = f'{DISTRICT},03,"Math",50,48,96.0,48,12,25.0,12,25.0,18,37.5,6,12.5,24,50.0,2411\r\n'
BY_GRADE = Part("district", by_grade=True)

GROWTH = (
    '"Smarter Balanced Growth Report, 2015-16"\r\n"All Districts, All Students"\r\n\r\n'
    '"",,,,,,,"Average Vertical Scale Score (VSS)",,,"",\r\n'
    '"District Code","District","School Code","School","Grade","Subject",'
    '"Number ofMatched Students","2014-15","2015-16","Gain","Growth Rate",'
    '"Average Percentageof Target Achieved"\r\n'
)
GREW = (
    '"=""0640011""","Hartford School District","=""0640411""","Batchelder School",4,"Math",'
    '40,2407,2481,73,"56.3%","82.1%"\r\n'
)


def _file(folder: Path, text: str) -> Path:
    path = folder / "raw.csv"
    path.write_bytes(text.encode())
    return path


def _refused(read: Callable[[], object], *parts: str) -> None:
    with pytest.raises(TableError) as error:
        read()
    for part in ("raw.csv", "found:", "expected:", *parts):
        assert part in str(error.value)


def test_result_is_read(tmp_path: Path):
    path = _file(tmp_path, TESTS + RESULT)
    (row,) = results.smarter_balanced(path, "2015-16", BY_GRADE).to_dict("records")
    assert (row["district_code"], row["school_year"]) == (HARTFORD, "2015-16")
    assert (row["grade"], row["subject"], row["group"]) == ("3", "Math", "all")
    assert [row[name] for name in results.COUNTS] == [50, 48, 48, 12, 12, 18, 6, 24]
    assert row["average_score"] == 2411


def test_withheld_result_is_missing_and_its_row_stays(tmp_path: Path):
    marks = ",".join(['"*"'] * 15)
    path = _file(tmp_path, TESTS + f'{DISTRICT},11,"ELA",{marks}\r\n')
    found = results.smarter_balanced(path, "2015-16", BY_GRADE)
    assert found.loc[0, "grade"] == "11"
    assert found.loc[0, [*results.COUNTS, "average_score"]].isna().all()


def test_state_gets_its_code_though_its_second_line_is_cut_off(tmp_path: Path):
    text = (
        '"Smarter Balanced Assessments, 2015-16"\r\n'
        '"State of Connecticut, ELA and Math, All Grades Combined, All Stu"\r\n'
        f'"",,,,,,{LEVELS}\r\n"District","Subject",{MEASURES}\r\n'
        '"State of Connecticut","ELA",10,10,100.0,10,2,20.0,2,20.0,3,30.0,3,30.0,6,60.0\r\n'
    )
    found = results.smarter_balanced(_file(tmp_path, text), "2015-16", Part("state"))
    assert found["district_code"].tolist() == [STATE]
    assert found.loc[0, "scored"] == 10
    assert found.loc[0, "average_score"] is pd.NA


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("<none>", "<html></html>", ["web page", "line 1"]),
        ("Smarter Balanced Assess", "Smarter Balanced Grow", ["another report", "line 1"]),
        ("ments, 2015-16", "ments, 2014-15", ["another year", "line 1", "2014-15", "2015-16"]),
        ("All Grades,", "All Grades Combined,", ["another scope", "line 2", "All Grades, All"]),
        ('"AverageVSS"', '"AverageScore"', ["column is missing", "line 5", '"AverageVSS"']),
        ('"Level 2Approaching"', '""', ["column is missing", '"Level 2Approaching: %"']),
        ('"Grade","Subject"', '"Subject","Grade"', ["category is unknown", "line 6"]),
        (TESTS[TESTS.index('"District",') :] + RESULT, "", ["no heading"]),
        ("0640011", "640011", ["lost its leading zero", "line 6", '"District Code"']),
        (",03,", ",02,", ["category is unknown", "line 6", '"Grade"', "'02'"]),
        ('"Math",50', '"Science",50', ["category is unknown", '"Subject"', "ELA, Math"]),
        (",50,48,", ",-50,48,", ["negative", "'-50'"]),
        (",50,48,", ",47,48,", ["larger than what it is counted from", "'48'", "47 or fewer"]),
        (",96.0,48,", ",96.0,49,", ["larger than what it is counted from", "'49'"]),
        (",96.0,", ",96.3,", ["percentage differs from its counts", "'96.3'", "96.0, 48 of 50"]),
        (",96.0,", ",196.0,", ["not between 0 and 100", "'196.0'", "0 to 100"]),
        (",96.0,", ",-6.0,", ["not between 0 and 100", "'-6.0'"]),
        (",96.0,", ",96.0%,", ["no number", "'96.0%'"]),
        (",12,25.0,12,", ",13,27.1,12,", ["differs from the sum of its parts", "line 6", "49"]),
        (",12,25.0,12,", ',"*","*",49,', ["smaller than its printed parts", "73 or more"]),
        (",24,50.0,", ",25,52.1,", ["differs from the sum", '"Level 3&4 Met', "'25'", "24"]),
        (",6,12.5,", ",6,13.5,", ["differs from its counts", '"Level 4Exceeded: %"', "12.5"]),
        (",2411\r\n", "\r\n", ["not as many cells", "line 6", "18 cells", "19 cells"]),
        (RESULT, RESULT * 2, ["result stands twice", "line 7", "also in line 6"]),
    ],
)
def test_bad_results_are_refused(tmp_path: Path, old: str, new: str, parts: list[str]):
    good = TESTS + RESULT
    text = good.replace(old, new, 1) if old != "<none>" else new
    assert text != good
    path = _file(tmp_path, text)
    _refused(lambda: results.smarter_balanced(path, "2015-16", BY_GRADE), *parts)


def test_results_in_another_encoding_are_refused(tmp_path: Path):
    path = _file(tmp_path, "")
    path.write_bytes((TESTS + RESULT.replace("Hartford", "Härtford")).encode("latin-1"))
    _refused(lambda: results.smarter_balanced(path, "2015-16", BY_GRADE), "not UTF-8", "line 6")


def test_results_by_school_are_no_results_by_district(tmp_path: Path):
    path = _file(tmp_path, TESTS.replace('"",,', '"",,,,').replace('Code",', 'Code","School",'))
    _refused(
        lambda: results.smarter_balanced(path, "2015-16", BY_GRADE),
        "not those of the report",
        "line 5",
    )


SCHOOLS_BY_GRADE = Part("school", by_grade=True)


def _grew(path: Path, part: Part = SCHOOLS_BY_GRADE) -> pd.DataFrame:
    return results.growth(path, "2015-16", part)


def test_growth_is_read_as_printed(tmp_path: Path):
    (row,) = _grew(_file(tmp_path, GROWTH + GREW)).to_dict("records")
    assert (row["school_code"], row["grade"], row["group"]) == ("0640411", "4", "all")
    assert (row["students"], row["growth_rate_percent"]) == (40, 56.3)
    assert row["target_achieved_percent"] == 82.1
    # 2481 - 2407 is 74: each of the three is rounded by itself.
    assert (row["average_score_before"], row["average_score"]) == (2407, 2481)
    assert row["average_gain"] == 73


def test_growth_by_race_has_no_scores(tmp_path: Path):
    text = (
        '"Smarter Balanced Growth Report, 2015-16"\r\n"All Districts, Race"\r\n\r\n'
        '"District Code","District","School Code","School","Subject","Race/Ethnicity",'
        '"Number ofMatched Students","Growth Rate","Average Percentageof Target Achieved"\r\n'
        '"=""0640011""","Hartford","=""0640411""","Batchelder","ELA","Two or More Races",'
        '"*","*","*"\r\n'
        '"=""0640011""","Hartford","=""0640411""","Batchelder","ELA",'
        '"Hispanic/Latino of any race",108,"50.0%","100.0%"\r\n'
    )
    found = _grew(_file(tmp_path, text), Part("school", "race"))
    assert found["group"].tolist() == ["two_or_more", "hispanic"]
    assert found["grade"].tolist() == ["all", "all"]
    assert found["students"].tolist() == [pd.NA, 108]
    assert found["average_gain"].isna().all()


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("Growth Report,", "Assessments,", ["another report", "line 1"]),
        ("Report, 2015-16", "Report, 2016-17", ["another year", "line 1"]),
        ("All Students", "Race", ["another scope", "line 2", "Race"]),
        ('"2014-15"', '"2013-14"', ["column is missing", "line 5", '"2014-15"']),
        ('"=""0640411"""', '"=""640411"""', ["lost its leading zero", "line 6"]),
        (',"82.1%"', "", ["not as many cells", "line 6", "11 cells", "12 cells"]),
        ('Math",40', 'Math",-40', ["negative", "'-40'"]),
        ('"56.3%"', '"106.3%"', ["not between 0 and 100", "line 6", '"Growth Rate"', "'106.3%'"]),
        ('"56.3%"', '"56.3"', ["no number", "'56.3'", "43.9%"]),
        (",73,", ",72,", ["not the difference", "line 6", '"Gain"', "'72'", "74"]),
        (",4,", ",3,", ["category is unknown", '"Grade"', "'3'"]),
        (GREW, GREW * 2, ["result stands twice", "line 7"]),
    ],
)
def test_bad_growth_is_refused(tmp_path: Path, old: str, new: str, parts: list[str]):
    good = GROWTH + GREW
    text = good.replace(old, new, 1)
    assert text != good
    path = _file(tmp_path, text)
    _refused(lambda: _grew(path), *parts)


def test_growth_of_a_district_is_not_the_state(tmp_path: Path):
    text = (
        '"Smarter Balanced Growth Report, 2015-16"\r\n"State of Connecticut, All Students"\r\n\r\n'
        '"District Code","District","Subject","Number ofMatched Students","Growth Rate",'
        '"Average Percentageof Target Achieved"\r\n'
        '"=""0640011""","Hartford","ELA",185345,"43.1%","63.8%"\r\n'
    )
    path = _file(tmp_path, text)
    _refused(lambda: _grew(path, Part("state")), "not the state's", "line 5", STATE)


def _totals(folder: Path, *counts: tuple[str, str, int | None]) -> tuple[Path, pd.DataFrame]:
    frame = pd.DataFrame(counts, columns=["code", "grade", "n"]).astype({"n": "Int64"})
    return folder / "raw.csv", frame.assign(line=range(6, 6 + len(frame)))


@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        ([("a", "all", 30), ("b", "all", 9)], [("a", "3", 10), ("a", "4", 20), ("b", "3", 9)]),
        # A withheld part leaves room above the others; a withheld total is not checked.
        ([("a", "all", 30)], [("a", "3", 10), ("a", "4", None)]),
        ([("a", "all", None)], [("a", "3", 10)]),
    ],
)
def test_parts_that_fit_pass(tmp_path: Path, whole: list, parts: list):
    check_parts(_totals(tmp_path, *whole), _totals(tmp_path, *parts), ["code"], ["n"])


@pytest.mark.parametrize(
    ("whole", "parts", "complete", "words"),
    [
        ([("a", "all", 30)], [("a", "3", 29)], True, ["sum of its parts", "line 6", "30", "29"]),
        ([("a", "all", 30)], [("a", "3", 31)], False, ["its printed parts", "line 6", "31"]),
        (
            [("a", "all", 9)],
            [("a", "3", 10), ("a", "4", None)],
            True,
            ["its printed parts", "10 or more"],
        ),
        ([("a", "all", 9), ("b", "all", 9)], [("a", "3", 9)], True, ["no counterpart", "line 7"]),
        ([("a", "all", 9)], [("a", "3", 9), ("b", "3", 9)], False, ["no counterpart", "line 7"]),
    ],
)
def test_parts_that_contradict_are_refused(
    tmp_path: Path, whole: list, parts: list, complete: bool, words: list[str]
):
    both = _totals(tmp_path, *whole), _totals(tmp_path, *parts)
    _refused(lambda: check_parts(*both, ["code"], ["n"], complete=complete), *words)


def test_parts_may_fall_short_where_they_are_not_all(tmp_path: Path):
    both = _totals(tmp_path, ("a", "all", 30), ("b", "all", 9)), _totals(tmp_path, ("a", "3", 29))
    check_parts(*both, ["code"], ["n"], complete=False)


RATED = (
    "fall_of_year,district_code,school,school_code,low_grade,high_grade,accountability_index,"
    "final_category,ind1_ela_all_index,ind1_math_all_index,ind2_ela_growth_all_rate,"
    "ind2_math_growth_all_rate,ind2_ela_growth_highneeds_rate,ind2_math_growth_highneeds_rate,"
    "ind4_chronic_absent_all,ind4_chronic_absent_highneeds,ind7_ontrack_9th,ind8_grad_4yr_all,"
    "ind12_arts_access\n"
    "2016,0000000,State of Connecticut,0000000,PK,12,73.2,,67.1,62.2,0.554,0.617,0.498,0.537,"
    "0.099,0.158,0.878,0.874,0.505\n"
)
RATING = "2016,0640011,Sand,0640111,K,8,54.25,5,48.6,40.03,0.5271486416,0.57,0.5,0.6,0.2,0.2,1,,\n"


def test_rating_is_read(tmp_path: Path):
    schools, districts = ratings.accountability(
        _file(tmp_path, RATED + RATING), "2016-17", ratings.FIRST
    )
    assert schools["school_code"].tolist() == ["0640111"]
    assert schools.loc[0, ["low_grade", "high_grade", "category"]].tolist() == ["K", "8", 5]
    assert schools.loc[0, "ela_target_achieved_percent"] == 52.71486416
    assert schools.loc[0, "on_track_percent"] == 100
    assert schools.loc[0, ["graduation_percent", "arts_percent"]].isna().all()
    assert districts["district_code"].tolist() == [STATE]
    assert districts["graduation_percent"].tolist() == [87.4]


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("ind12_arts_access", "ind12", ["column is missing", "line 1"]),
        ("2016,0640011", "2017,0640011", ["another year", "line 3", "'2017'", "2016"]),
        (",0640111,", ",640111,", ["lost its leading zero", "line 3"]),
        (",K,8,", ",K,13,", ["grade is none", "line 3", '"high_grade"']),
        (",5,48.6", ",6,48.6", ["category is none", '"final_category"', "1 to 5"]),
        (",54.25,", ",-54.25,", ["number is negative", '"accountability_index"']),
        (",0.57,", ",57,", ["no share", '"ind2_math_growth_all_rate"', "0 to 1"]),
        (",0.57,", ",-0.57,", ["no share", "'-0.57'"]),
        (",1,,\n", ",1,\n", ["not as many cells", "line 3"]),
        (RATING, RATING * 2, ["stands twice", "line 4"]),
    ],
)
def test_bad_rating_is_refused(tmp_path: Path, old: str, new: str, parts: list[str]):
    path = _file(tmp_path, (RATED + RATING).replace(old, new, 1))
    _refused(lambda: ratings.accountability(path, "2016-17", ratings.FIRST), *parts)


PEERS = (
    "fall_of_year,district_code,school_code,school,ind2_ela_growth_all_rate,"
    "ind2_math_growth_all_rate,ind4_chronic_absent_all,accountability_index,total_points,"
    "total_possible_points\n2024,0150011,0150111,Barnum,0.528107,,0.399267,51.686977,516.869773,1000\n"
)


def test_rating_of_a_peers_school_is_read_as_far_as_it_was_typed(tmp_path: Path):
    schools, districts = ratings.accountability(_file(tmp_path, PEERS), "2024-25", ratings.OF_PEERS)
    (row,) = schools.to_dict("records")
    assert districts.empty
    assert row["ela_target_achieved_percent"] == 52.8107
    assert row["chronic_absence_percent"] == 39.9267
    unknown = ("category", "low_grade", "math_target_achieved_percent", "science_index")
    assert all(pd.isna(row[name]) for name in unknown)


@pytest.mark.tried("Bad input", "an index that its own points contradict")
def test_index_that_its_points_contradict_is_refused(tmp_path: Path):
    path = _file(tmp_path, PEERS.replace("516.869773", "526.869773"))
    _refused(
        lambda: ratings.accountability(path, "2024-25", ratings.OF_PEERS),
        "differs from its points",
        "'51.686977'",
        "52.686977",
        "line 2",
    )


REPORT = (
    "district_code,district,subject,matched_students,growth_rate_pct,avg_pct_target_achieved\n"
    "0640011,Hartford,ELA,5166,33.5,53.2\n"
)


def test_later_growth_of_a_district_is_read(tmp_path: Path):
    more = REPORT + "0640011,Hartford,Math,*,*,*\n9999911,Elsewhere,ELA,9,*,*\n"
    found = later_growth.district_growth(_file(tmp_path, more), "2024-25", ["0640011"])
    assert found["district_code"].tolist() == ["0640011"] * 2
    assert found.iloc[0][["subject", "students", "target_achieved_percent"]].tolist() == [
        "ELA",
        5166,
        53.2,
    ]
    assert found.iloc[1][["students", "target_achieved_percent"]].isna().all()


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("ELA", "Art", ["subject is none", "line 2"]),
        ("53.2", "153.2", ["not between 0 and 100"]),
        ("0640011,", "640011,", ["lost its leading zero"]),
    ],
)
def test_bad_later_growth_is_refused(tmp_path: Path, old: str, new: str, parts: list[str]):
    path = _file(tmp_path, REPORT.replace(old, new, 1))
    _refused(lambda: later_growth.district_growth(path, "2024-25", ["0640011"]), *parts)


# From here on, the publisher's own files.

_DISTRICTS = "smarter-balanced__{}_ela-and-math_all-students_all-grades-combined{}.csv"
_GROWTH = "smarter-balanced-growth-model"


def _school_growth(raw: Path, grades: str, part: Part) -> pd.DataFrame:
    name = f"{_GROWTH}__2015-16_all-schools_ela-and-math_all-students_{grades}.csv.gz"
    return _grew(raw / "performance" / f"{_GROWTH}-school" / name, part)


def _state_growth(raw: Path) -> pd.DataFrame:
    name = f"{_GROWTH}__2015-16_ela-and-math_all-students_all-grades-combined_ct.csv"
    return _grew(raw / "performance" / f"{_GROWTH}-district" / name, Part("state"))


def _growing(raw: Path) -> pd.DataFrame:
    """Return Hartford's schools with growth in both subjects, and whether both reach the state."""
    state = _state_growth(raw).set_index("subject")["growth_rate_percent"]
    rows = _school_growth(raw, "all-grades-combined", Part("school"))
    rates = rows[rows["district_code"] == HARTFORD].pivot(
        index="school_code", columns="subject", values="growth_rate_percent"
    )
    rates = rates.dropna()
    return pd.DataFrame({"reaches": rates.ge(state).all(axis=1)})


def _by_zone(schools: pd.DataFrame, column: str) -> list[tuple[int, int]]:
    zones = load("school_zones").set_index("school_code")[column]
    reaching = schools.join(zones).groupby(column)["reaches"]
    return list(zip(reaching.sum(), reaching.size(), strict=True))


@pytest.mark.raw
def test_schools_that_reach_the_state_by_zone(raw: Path):
    # README of the raw files: "zone 1: 1 of 9; zones 2, 3, 4: 0 of 7, 10, 8". It takes every
    # school that prints both rates, also those with grades above 8, by the zone of the address.
    schools = _growing(raw)
    assert len(schools) == 34
    assert _by_zone(schools, "zone") == [(1, 9), (0, 7), (0, 10), (0, 8)]
    # By the federal places one school changes zones 2 and 3.
    assert _by_zone(schools, "zone_by_nces") == [(1, 9), (0, 8), (0, 9), (0, 8)]
    # STEM Magnet at Fisher School.
    assert schools.index[schools["reaches"]].tolist() == ["0642511"]


@pytest.mark.raw
def test_growth_of_the_state_is_what_was_announced(raw: Path):
    # Hartford Courant, 28 February 2017: 43.1 and 43.9 percent of students met their targets;
    # on average they achieved 63.8 and 65 percent of them.
    rows = _state_growth(raw).set_index("subject")
    assert rows["growth_rate_percent"].to_dict() == {"ELA": 43.1, "Math": 43.9}
    assert rows["target_achieved_percent"].to_dict() == {"ELA": 63.8, "Math": 65.0}


@pytest.mark.raw
def test_growth_of_a_school_as_printed(raw: Path):
    # smarter-balanced-growth-model__2015-16_all-schools_ela-and-math_all-students_all-grades
    # line 6: "Achievement First Hartford Academy Inc.",4,"ELA",87,2407,2481,73,"56.3%","82.1%"
    rows = _school_growth(raw, "all-grades", SCHOOLS_BY_GRADE)
    first = rows[rows["line"] == 6].iloc[0]
    assert first[["school_code", "grade", "subject"]].tolist() == ["2880113", "4", "ELA"]
    columns = ["students", "average_score_before", "average_score", "average_gain"]
    assert first[columns].tolist() == [87, 2407, 2481, 73]
    rates = ["growth_rate_percent", "target_achieved_percent"]
    assert first[rates].tolist() == [56.3, 82.1]


@pytest.mark.raw
def test_tests_of_the_state_as_printed(raw: Path):
    # smarter-balanced__2015-16_..._ct.csv, line 6: 238020,234988,98.7,234884,53906,23.0,50297,
    # 21.4,71532,30.5,59149,25.2,130681,55.6
    path = raw / "performance" / "ctdata-district" / _DISTRICTS.format("2015-16", "_ct")
    found = results.smarter_balanced(path, "2015-16", Part("state")).set_index("subject")
    assert found.loc["ELA", list(results.COUNTS)].tolist() == [
        *(238020, 234988, 234884, 53906, 50297, 71532, 59149, 130681)
    ]


@pytest.mark.raw
def test_two_collections_hold_the_same_file(raw: Path):
    found = [
        results.smarter_balanced(raw / "performance" / name, "2015-16", Part("district"))
        for name in (
            f"ctdata-district/{_DISTRICTS.format('2015-16', '')}",
            f"smarter-balanced-district/{_DISTRICTS.format('2015-16', '')}.gz",
        )
    ]
    pd.testing.assert_frame_equal(*found)


# From here on, the committed tables.


def test_committed_results_of_hartford():
    rows = load("district_smarter_balanced").set_index(
        ["school_year", "district_code", "grade", "subject"]
    )
    state = rows.loc[("2018-19", STATE, "all", "Math")]
    # smarter-balanced__2018-19_..._ct.csv, line 7.
    assert state[["students", "tested", "scored", "level_3_4"]].tolist() == [
        *(233394, 230434, 230334, 110720)
    ]


def test_committed_grades_add_up_to_all():
    table = load("district_smarter_balanced")
    keys = ["school_year", "district_code", "subject"]
    grades = table[table["grade"] != "all"]
    complete = ~grades["scored"].isna().groupby([grades[key] for key in keys]).any()
    added = grades.groupby(keys)["scored"].sum()[complete]
    whole = table[table["grade"] == "all"].set_index(keys)["scored"].reindex(added.index)
    both = whole.notna()
    assert both.sum() > 1500
    assert added[both].eq(whole[both]).all()


def test_committed_grade_11_stands_in_one_year_only():
    table = load("district_smarter_balanced")
    assert table.loc[table["grade"] == "11", "school_year"].unique().tolist() == ["2014-15"]


def test_committed_ratings_are_hartfords():
    rows = load("school_accountability")
    rows = rows[rows["school_year"] == "2016-17"].set_index("school_code")
    assert len(rows) == 45
    register = load("schools").set_index("school_code")["district_code"]
    assert register[rows.index].eq(HARTFORD).all()
    # Hartford Courant, 9 February 2018: the state's index was 73.2 in 2016-17.
    districts = load("district_accountability").set_index("district_code")
    assert districts.loc[STATE, "accountability_index"] == 73.2
    assert rows.loc["0642511", "accountability_index"] == 72.431211


def test_ratings_of_2024_25_are_of_ten_districts():
    """Numbers of schools as the raw files' README has them: 39 and 199, 35 without growth."""
    rows = load("school_accountability")
    rows = rows[rows["school_year"] == "2024-25"]
    ours = rows["district_code"] == HARTFORD
    assert (ours.sum(), (~ours).sum(), rows["district_code"].nunique()) == (39, 199, 10)
    assert rows.loc[~ours, "ela_target_achieved_percent"].isna().sum() == 35
    assert rows[["accountability_index", "chronic_absence_percent"]].notna().all(axis=None)
    spent = load("spending_schools").query("school_year == '2024-25'")
    assert set(rows["school_code"]) <= set(spent["school_code"])
    alone = set(spent.loc[spent["district_code"] == HARTFORD, "school_code"])
    alone -= set(rows["school_code"])
    grades = spent[spent["school_code"].isin(alone)]["high_grade"]
    assert grades.tolist() == ["PK", "PK"]


def test_growth_by_school_is_that_of_the_report_by_district():
    """Schools' target achieved, weighted by their students in the grades that have growth (4 to
    8, taken to be as many in each grade), meets the district's in the other report."""
    growth = load("school_growth").query("school_year == '2024-25' and group == 'all'")
    spent = load("spending_schools").query("school_year == '2024-25'").set_index("school_code")
    at = {grade: n for n, grade in enumerate(GRADES)}
    low, high = spent["low_grade"].map(at), spent["high_grade"].map(at)
    tested = high.clip(upper=at["8"]) - low.clip(lower=at["4"]) + 1
    weight = spent["students"].astype(float) * tested / (high - low + 1)
    rows = growth.assign(
        weight=growth["school_code"].map(weight),
        district_code=growth["school_code"].map(spent["district_code"]),
    )
    rows["sum"] = rows["target_achieved_percent"] * rows["weight"]
    sums = rows.groupby(["district_code", "subject"])[["sum", "weight"]].sum()
    told = load("district_growth").query("school_year == '2024-25'")
    told = told.set_index(["district_code", "subject"])["target_achieved_percent"]
    apart = sums["sum"] / sums["weight"] - told.reindex(sums.index)
    assert len(apart) == 20
    assert apart.abs().max() < 0.7
    assert apart.abs().mean() < 0.25


def test_growth_over_districts_is_as_another_hand_added_it():
    rows = load("district_growth").query("school_year == '2024-25'")
    rows = rows.dropna(subset=["target_achieved_percent"])
    weighted = rows.assign(sum=rows["target_achieved_percent"] * rows["students"])
    sums = weighted.groupby("subject")[["sum", "students"]].sum()
    assert (sums["sum"] / sums["students"]).round(1).to_dict() == {"ELA": 60.6, "Math": 62.4}


def test_indicator_of_absence_is_what_the_reports_of_absence_print():
    """Of the one year that both have, 2016-17: Hartford and the state, to the printed tenth."""
    rated = load("district_accountability").set_index("district_code")["chronic_absence_percent"]
    told = load("district_chronic_absenteeism").query("school_year == '2016-17' and group == 'all'")
    told = told.set_index("district_code")["percent"].reindex(rated.index)
    assert len(rated) == 2
    assert rated.round(1).eq(told).all()
    later = load("school_chronic_absenteeism").query("school_year == '2024-25'")
    assert len(later) == 39 + 199


def test_committed_growth_by_race_is_for_all_grades():
    table = load("school_growth")
    assert table.loc[table["group_kind"] == "race", "grade"].unique().tolist() == ["all"]
    assert table.groupby("group_kind")["school_code"].nunique().gt(800).all()

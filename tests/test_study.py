"""What a parameters file may say, and how it is refused."""

import re
import time
from pathlib import Path

import pytest

from dme.errors import DmeError
from dme.study import ParameterError, Study, read, validate
from dme.study.check import YEARS


@pytest.fixture
def write(writing):
    def write_params(text, name="mine.yml"):
        path = writing / "params" / name
        path.write_text(text, encoding="utf-8")
        return path

    return write_params


def problems_of(path) -> dict[str, str]:
    with pytest.raises(ParameterError) as caught:
        read(path)
    assert "params/mine.yml" in str(caught.value)
    return dict(caught.value.problems)


@pytest.mark.tried("Bad input", "a file that a full disk left empty")
@pytest.mark.parametrize("text", ["", "\n\n", "# a comment\n", "null\n", "---\n", "{}\n", "\ufeff"])
def test_an_empty_file_is_not_taken_for_the_hartford_study(write, text):
    with pytest.raises(DmeError, match=r"params/mine\.yml is empty.*study: mine"):
        read(write(text))


def test_a_study_that_says_its_name_alone_is_hartfords(write):
    assert read(write("study: mine\n")) == Study(study="mine")


def test_the_hartford_file_says_what_the_defaults_say(project):
    assert read(project / "params" / "hartford-2017.yml") == Study()


def test_values_are_typed(write):
    study = read(write('study: mine\nsmall_school: 400\nplant_cost: false\npeers: ["0930011"]\n'))
    assert (study.small_school, study.plant_cost, study.peers) == (400, False, ("0930011",))


@pytest.mark.tried("Nothing stale", "a copied parameters file that names another's study")
def test_a_file_does_not_write_the_results_of_another(write):
    hartford = Path(__file__).parents[1] / "params" / "hartford-2017.yml"
    path = write(hartford.read_text(encoding="utf-8"))
    told = problems_of(path)["study"]
    assert '"hartford-2017" is the study of hartford-2017.yml' in told
    assert "Write study: mine" in told


@pytest.mark.tried("Nothing stale", "tables of a folder outside the project's data")
@pytest.mark.parametrize("folder", ["/tmp/x/tables", "own-tables/tables", "data/../x", "../x"])
def test_tables_lie_in_the_room_of_data(write, folder):
    told = problems_of(write(f"tables: {folder}\n"))["tables"]
    assert "must be a folder in the project's room data/" in told


def test_a_code_without_quotes_keeps_its_leading_zero(write):
    """YAML 1.1 reads 0640011 as an octal number."""
    assert read(write("district: 0640011\n")).district == "0640011"


@pytest.mark.tried("Bad input", "parameters that can't be, or contradict each other")
def test_a_misspelt_key_is_refused_with_its_line_and_the_nearest_key(write):
    path = write("study: mine\nenrolment_year: 2016-17\n")
    assert problems_of(path) == {"enrolment_year": 'unknown key. Did you mean "enrollment_year"?'}
    with pytest.raises(ParameterError, match=r"line 2, enrolment_year"):
        read(path)


def test_a_key_like_no_other_is_answered_with_all_keys(write):
    assert "smallest_school" in problems_of(write("zzzzzz: 1\n"))["zzzzzz"]


@pytest.mark.tried("Bad input", "parameters that can't be, or contradict each other")
def test_an_unknown_district_is_refused_with_the_nearest(write):
    text = problems_of(write('district: "0640012"\n'))["district"]
    assert text == (
        '"0640012" is no district in the tables. The nearest is "0640011" '
        "(Hartford School District)."
    )


def test_a_name_for_a_code_is_answered_with_the_code(write):
    text = problems_of(write("district: New Haven\n"))["district"]
    assert '"0930011" (New Haven School District)' in text


def test_an_unknown_peer_is_refused(write):
    assert '"0930012" is no district' in problems_of(write('peers: ["0930012"]\n'))["peers"]


@pytest.mark.parametrize(
    ("key", "year", "held", "nearest"),
    [
        ("enrollment_year", "2031-32", "2007-08 to 2024-25", "2024-25"),
        ("size_year", "2031-32", "2007-08 to 2024-25", "2024-25"),
        ("spending_year", "2012-13", "2017-18 to 2024-25", "2017-18"),
        ("trend_start", "1999-00", "2007-08 to", "2007-08"),
        ("staff_year", "2025-26", "2002-03 to 2015-16", "2015-16"),
        ("function_year", "2017-18", "2005-06 to 2014-15 and 2016-17", "2016-17"),
        ("growth_year", "2012-13", "hold 2015-16 and 2024-25.", "2015-16"),
        ("design_year", "1999-00", "2007-08 to 2024-25", "2007-08"),
        ("before_plan", "1999-00", "2007-08 to 2024-25", "2007-08"),
        ("plan_horizon", "2031-32", "2007-08 to 2024-25", "2024-25"),
    ],
)
@pytest.mark.tried("Bad input", "years that no table has")
def test_a_year_without_data_is_refused_with_the_nearest(write, key, year, held, nearest):
    text = problems_of(write(f'{key}: "{year}"\n'))[key]
    assert held in text
    assert text.endswith(f'The nearest is "{nearest}".')


@pytest.mark.tried("Bad input", "parameters out of range, or in another unit")
@pytest.mark.parametrize(
    ("line", "key", "words"),
    [
        ("full_utilization: 0.85", "full_utilization", "write 85 for 0.85"),
        ("confidence: 0.95", "confidence", "write 95 for 0.95"),
        ("plan_max_displaced: 0.22", "plan_max_displaced", "write 22 for 0.22"),
        ("reinvestment: 15", "reinvestment", "greater than or equal to 10000"),
        ("planning_minutes: 2", "planning_minutes", "greater than or equal to 10"),
        ("north: [Nowhere]", "north", "There are: Asylum Hill, Barry Square"),
        ("design_schools: [Rawson]", "design_schools", "no code of a school"),
        ("small_school: -350", "small_school", "greater than or equal to 1"),
        ("full_utilization: -85", "full_utilization", "greater than 0"),
        ("smallest_school: -1", "smallest_school", "greater than or equal to 0"),
        ("small_school: many", "small_school", "must be a whole number"),
        ("small_school: 350.5", "small_school", "must be a whole number"),
        ("plant_cost: perhaps", "plant_cost", "must be true or false"),
        ("weighting: pupils", "weighting", "'students' or 'schools'"),
        ("confidence: 100", "confidence", "less than 100"),
        ("resamples: 10", "resamples", "greater than or equal to 200"),
        ("study: Hartford 2017", "study", "such as my-study"),
        ("study: ../elsewhere", "study", "such as my-study"),
        ("peers: []", "peers", "at least 1"),
        ('peers: "0930011"', "peers", "must be a list of codes"),
        ('district: "64"', "district", "no district in the tables"),
        ("enrollment_year: 2016", "enrollment_year", "2016-17"),
        ("enrollment_year: 2016-18", "enrollment_year", "2016-17"),
        ("enrollment_year: ²⁰¹⁶-17", "enrollment_year", "no school year"),
        ("district: ²", "district", "no district in the tables"),
        ("district: null", "district", "has no value"),
        ("small_school:", "small_school", "has no value"),
        ("small_school: 99999999999999999999", "small_school", "less than or equal"),
        (f"small_school: 1{5000 * '0'}", "small_school", "0…"),
        ("seed: 9223372036854775808", "seed", "less than or equal"),
        ("full_utilization: .nan", "full_utilization", "must be a number"),
        ("full_utilization: nan", "full_utilization", "must be a"),
        ("reinvestment: inf", "reinvestment", "must be a"),
        ("north: [Blue Hills, Northeast, Blue Hills]", "north", "named twice: Blue Hills"),
        ('design_schools: ["0641711", "0641711"]', "design_schools", "named twice: 0641711"),
        ('design_schools: ["a\\tb"]', "design_schools", "can be seen"),
        (f"tables: data/{300 * 'x'}", "tables", "at most 200"),
        ("tables: data/\u202etables", "tables", "can be seen"),
    ],
)
@pytest.mark.tried("Bad input", "parameters that can't be, or contradict each other")
def test_a_value_out_of_range_is_refused(write, line, key, words):
    assert words in problems_of(write(f"{line}\n"))[key]


def test_a_percentage_is_never_a_share():
    """Each parameter whose description speaks of percent keeps the rule."""
    percent = {
        name for name, field in Study.model_fields.items() if "percent" in str(field.description)
    }
    # Half a percent is a value that these two take.
    for name in percent - {"plan_near_optimal", "plan_gap"}:
        with pytest.raises(ParameterError, match="in percent, not a share"):
            validate({name: 0.5}, "here", content=False)


def test_every_school_year_is_held_against_the_tables():
    years = {name for name, value in Study() if re.fullmatch(r"\d{4}-\d\d", str(value))}
    assert years == set(YEARS)


def test_another_citys_neighborhoods_are_not_looked_at():
    assert validate({"district": "0930011", "peers": ["0150011"], "north": ["Nowhere"]}, "here")


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ('peers: ["0640011"]', "peers", "can't be its own peer"),
        ('peers: ["0930011", "0930011"]', "peers", "named twice: 0930011"),
        ('trend_start: "2016-17"', "trend_start", 'before enrollment_year ("2016-17")'),
        ("small_school: 100", "smallest_school", "must be below small_school (100)"),
    ],
)
@pytest.mark.tried("Bad input", "parameters that can't be, or contradict each other")
def test_parameters_that_contradict_each_other_are_refused(write, text, key, words):
    assert words in problems_of(write(text))[key]


def test_contradictions_and_missing_years_are_told_together(write):
    path = write('trend_start: "2016-17"\nspending_year: "2009-10"\n')
    assert set(problems_of(path)) == {"trend_start", "spending_year"}


def test_all_problems_are_told_at_once(write):
    path = write("smal_school: 300\nconfidence: 20\nresamples: few\n")
    assert set(problems_of(path)) == {"smal_school", "confidence", "resamples"}
    with pytest.raises(ParameterError, match="3 problems"):
        read(path)


@pytest.mark.tried("Bad input", "parameters that can't be, or contradict each other")
def test_a_key_given_twice_is_refused(write):
    with pytest.raises(DmeError, match="line 2, resamples: given before, in line 1"):
        read(write("resamples: 300\nresamples: 400\n"))


@pytest.mark.parametrize("text", ["- a\n- b\n", "just words\n"])
@pytest.mark.tried("Bad input", "parameters that can't be, or contradict each other")
def test_a_file_of_another_form_is_refused(write, text):
    with pytest.raises(DmeError, match="key: value"):
        read(write(text))


def test_a_broken_file_is_refused(write):
    with pytest.raises(DmeError, match=r"params/mine\.yml is no YAML file"):
        read(write("study: [\n"))


def test_a_file_that_is_not_there_is_answered_with_those_that_are(project):
    with pytest.raises(DmeError, match=r"params/hartford-2017\.yml"):
        read(project / "params" / "absent.yml")


def test_a_number_for_a_code_is_refused_with_a_hint():
    with pytest.raises(ParameterError, match="in quotes"):
        validate({"district": 640011}, "here")


def test_a_code_like_none_is_answered_with_one_that_begins_alike(write):
    assert '"0640011"' in problems_of(write('district: "0640999"\n'))["district"]


def test_a_key_that_is_no_word_is_refused(write):
    with pytest.raises(DmeError, match="line 1, a key is a word"):
        read(write("? [a]\n: 1\n"))


def test_every_parameter_says_what_it_means():
    assert all(field.description for field in Study.model_fields.values())


def test_a_district_without_schools_that_are_counted_is_told():
    with pytest.raises(ParameterError) as caught:
        validate({"district": "3370015"}, "here")
    said = str(caught.value)
    assert "no enrollment by school of Department of Mental Health" in said
    assert "dme districts 3370015" in said


def test_an_own_file_that_is_not_there_is_refused_with_its_line(tmp_path):
    path = tmp_path / "mine.yml"
    path.write_text("study: mine\ncomments: data/own/absent.csv\n")
    with pytest.raises(ParameterError, match=r"line 2, comments: there is no file"):
        read(path)


@pytest.mark.parametrize("none", ["null", "~", "", '""', "Null"])
def test_an_own_file_that_is_null_is_none(write, none):
    assert read(write(f"study: mine\ncomments: {none}\nbuildings: {none}\n")) == Study(study="mine")


@pytest.mark.tried("Bad input", "parameters that can't be, or contradict each other")
def test_what_was_found_is_clipped(write):
    words = 100_000 * "x"
    path = write(f"{words[:1000]}: 1\ndistrict: {words}\nweighting: {words}\npeers: [{words}]\n")
    with pytest.raises(ParameterError) as caught:
        read(path)
    assert len(str(caught.value)) < 3_000


@pytest.mark.tried("Bad input", "parameters that can't be, or contradict each other")
def test_of_thousands_of_problems_some_are_told(write):
    began = time.process_time()
    with pytest.raises(ParameterError, match="and 19980 more") as caught:
        read(write("\n".join(f"key{n}: 1" for n in range(20_000))))
    assert str(caught.value).startswith("params/mine.yml: 20000 problems\n")
    assert time.process_time() - began < 5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dme.errors import DmeError
from dme.text import (
    compared,
    duration,
    fill,
    first_year,
    plural,
    quantity,
    school_year,
    span,
    times,
)


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (None, "percent", "–"),
        (28, "percent", "28%"),
        (24.09, "percent smaller", "24.1% smaller"),
        (20.96, "percent", "21.0%"),
        (-0.42, "percent a year", "-0.4% a year"),
        (20891, "students", "20,891 students"),
        (442.22, "students", "442.2 students"),
        (-0.02, "teachers a grade", "-0.02 teachers a grade"),
        (0.0, "percent", "0%"),
        (0.051, "percent", "0.1%"),
        (-0.0049, "percent", "-0.005%"),
        (-0.001, "percent", "0.0%"),
        (-30.7, "percent smaller", "30.7% larger"),
        (-4.2, "percent more schools per pupil", "4.2% fewer schools per pupil"),
        (-0.4, "percentage points more growth", "0.4 percentage points less growth"),
        (-0.25, "miles farther in the north", "0.25 miles nearer in the north"),
        (6_617_000, "dollars a year", "$6.6 million a year"),
        (4_000_000, "dollars a year", "$4 million a year"),
        (-1_200_000, "dollars", "-$1.2 million"),
        (12346.4, "dollars", "$12,346"),
    ],
)
def test_a_quantity_reads_as_people_write_it(value, unit, words):
    assert quantity(value, unit) == words


def test_dollars_beside_millions_are_millions():
    assert quantity(-903_612, "dollars a year", beside=21_600_000) == "-$0.9 million a year"
    assert quantity(-903_612, "dollars a year", beside=999_999) == "-$903,612 a year"


@pytest.mark.parametrize(
    ("low", "high", "unit", "words"),
    [
        (None, 3, "percent", "–"),
        (11.13, 34.02, "percent smaller", "11.1% to 34.0%"),
        (3_000_000, 4_000_000, "dollars a year", "$3 to $4 million"),
        (500_000, 2_000_000, "dollars a year", "$0.5 to $2 million"),
        (-1_500_000, 2_000_000, "dollars", "-$1.5 to $2 million"),
        (20891, 20893, "students", "20,891 to 20,893"),
    ],
)
def test_a_span_reads_as_people_write_it(low, high, unit, words):
    assert span(low, high, unit) == words


def test_plurals():
    assert (plural(1, "school"), plural(1500, "school")) == ("1 school", "1,500 schools")


@pytest.mark.parametrize("start", [1986, 1999, 2009, 2016])
def test_school_years_go_both_ways(start):
    assert first_year(school_year(start)) == start


def test_the_turn_of_the_century_is_written_with_two_digits():
    assert school_year(1999) == "1999-00"


@pytest.mark.parametrize("text", ["2016", "2016-18", "2016-2017", "16-17", "", "later"])
def test_what_is_no_school_year_is_refused(text):
    with pytest.raises(DmeError, match="2016-17"):
        first_year(text)


@pytest.mark.parametrize(("count", "words"), [(1, "once"), (2, "twice"), (3, "3 times")])
def test_times(count, words):
    assert times(count) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.381, "0.38 s"),
        (9.994, "9.99 s"),
        (9.996, "10.0 s"),
        (99.94, "99.9 s"),
        (99.96, "1 min 40 s"),
        (425, "7 min 05 s"),
        (3599.6, "1 h 00 min"),
        (7800, "2 h 10 min"),
    ],
)
def test_durations_are_read_in_fitting_units(seconds, words):
    assert duration(seconds) == words


def test_ratios_of_durations_are_read_as_faster_or_as_long():
    assert compared(0.25, "X") == "4.0 times faster than X"
    assert compared(0.97, "X") == "0.97 times as long as X"
    assert compared(1.307) == "1.31 times as long"


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{gap:=percent smaller|larger}", "24.1% smaller"),
        ("{other:=percent smaller|larger}", "10% larger"),
        ("{gap:=percent}{ends:(percent)}.", "24.1% (11.1% to 34%)."),
        ("{gap:=percent}{none:(percent)}.", "24.1%."),
    ],
)
def test_a_side_of_zero_and_an_interval_in_brackets(template, words):
    facts = {"gap": 24.1, "other": -10.0, "ends": (11.1, 34.0), "none": (None, None)}
    assert fill(template, facts) == words


@pytest.mark.parametrize(
    ("ends", "unit", "beside", "words"),
    [
        ((-78.5, -6.9), "percent smaller", -30.7, "6.9% to 78.5%"),
        ((-78.5, -6.9), "percent smaller", None, "6.9% to 78.5%"),
        ((-12.6, 19.8), "percent more per pupil", 2.3, "12.6% less to 19.8% more"),
        # A figure outside its interval, as other choices can have.
        ((5.0, 9.0), "percent smaller", -1.0, "5% smaller to 9% smaller"),
        ((-1e6, 2e6), "dollars more|less", 1.0, "$1 million less to $2 million more"),
        ((-3.0, 2.0), "points a year", -1.0, "-3 to 2"),
    ],
)
def test_an_interval_reads_by_the_side_of_its_figure(ends, unit, beside, words):
    assert span(*ends, unit, beside) == words


UNITS = st.sampled_from(["percent smaller", "percent more per pupil", "dollars more|less"])
NUMBERS = st.floats(-1e7, 1e7)


@pytest.mark.tried("Every district runs", "figures and intervals on either side of zero, in words")
@given(NUMBERS, NUMBERS, NUMBERS, UNITS)
def test_no_sign_stands_beside_the_word_for_a_side(value, one, other, unit):
    low, high = sorted((one, other))
    assert "-" not in quantity(value, unit) + span(low, high, unit, value)


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{hits} of the {n:# small school} could.", "The one small school could."),
        ("No. {hits} of the {n:# school} could.", "No. The one school could."),
        ("That {hits} of the {n:# school} could.", "That the one school could."),
        ("Over the {n:# row} of it.", "Over the one row of it."),
    ],
)
def test_one_of_one_is_told_as_one(template, words):
    assert fill(template, {"hits": 1, "n": 1}) == words
